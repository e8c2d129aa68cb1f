package linkage

import (
	"math"
	"slices"
)

// Names go with places, and names with names: in a table of people of many
// countries, who is called Ngozi is likelier to be called Okafor and to live in
// Lagos. A tie is how much more often two people agree in both of two fields
// than they would if one had nothing to do with the other, in bits: so much
// less the second says where the first agrees.
type tie struct{ a, b Field }

// ties are the fields that are tied.
var ties = [...]tie{
	{Given, Family},
	{Given, City}, {Given, Region}, {Given, Postcode}, {Given, Country},
	{Family, City}, {Family, Region}, {Family, Postcode}, {Family, Country},
}

const tieCount = len(ties)

// tied takes from what each field says what follows from the others.
func (m *Model) tied(e *Evidence, w *[Fields]float32) {
	if w[Given] > 0 && w[Family] > 0 {
		w[Family] = max(0, w[Family]-m.bond(0, e))
	}
	for k, t := range ties[1:5] {
		if w[t.b] > 0 && e.Level[t.b] == Equal { // for likenesses, see there
			w[t.b] = max(0, w[t.b]-m.namePlace(k, e, w))
		}
	}
}

// namePlace is how far the k-th place follows from the names that agree.
func (m *Model) namePlace(k int, e *Evidence, w *[Fields]float32) float32 {
	by := float32(0)
	if w[Given] > 0 {
		by = m.bond(1+k, e)
	}
	if w[Family] > 0 {
		by = max(by, m.bond(5+k, e))
	}
	return by
}

// bond is a tie, as it is between the values at hand.
func (m *Model) bond(k int, e *Evidence) float32 { return max(0, m.Ties[k]+e.Bonds[k]) }

// homely is how much less the names say between people of one household or
// office, who are of one place, and so of one country.
func (m *Model) homely(e *Evidence, w *[Fields]float32) (given, family float32) {
	near := func(f Field) bool { return e.Level[f] != Missing && e.Level[f] < Loose }
	place := w[Company] > 0
	for _, t := range ties[1:5] {
		place = place || near(t.b)
	}
	if place {
		given, family = slices.Max(m.Ties[1:5]), slices.Max(m.Ties[5:])
	}
	if near(Family) {
		given = max(given, m.Ties[0])
	}
	if w[Given] > 0 {
		family -= m.bond(0, e) // which it lost already
	}
	return min(max(w[Given], 0), given), min(max(w[Family], 0), max(family, 0))
}

// bonds fills in how much closer the values in which two records agree go
// together than any others of their fields.
func (c *comparer) bonds(ra, rb row, e *Evidence) {
	if c.couples == nil || e.Swapped {
		return
	}
	for k, t := range ties {
		if c.couples[k].often == nil || e.Level[t.a] != Equal || e.Level[t.b] != Equal {
			continue
		}
		if a, b := shared(ra.get(t.a), rb.get(t.a)), shared(ra.get(t.b), rb.get(t.b)); a != 0 && b != 0 {
			e.Bonds[k] = c.closer(k, a, b)
		}
	}
}

// shared is the first value that two lists have in common, or 0.
func shared(x, y []uint32) uint32 {
	for _, p := range x {
		if slices.Contains(y, p) {
			return p
		}
	}
	return 0
}

// closer is how much closer two values go together than any others. Two
// records of those that hold both are the ones that are compared.
func (c *comparer) closer(k int, a, b uint32) float32 {
	const believed = 2
	n := &c.couples[k]
	seen := max(float64(n.often[coupleKey(a, b)])-2*n.share, 0) * (1 - n.same) / n.share
	others := float64(c.t.counts(ties[k].a)[a]) * float64(c.t.counts(ties[k].b)[b]) / c.n * (1 - n.same)
	base := math.Exp2(float64(n.base))
	return float32(math.Log2((seen + believed) / (others*base + believed)))
}
