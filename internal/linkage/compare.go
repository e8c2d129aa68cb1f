package linkage

import (
	"math/bits"
	"strings"
)

// Evidence is what comparing two records found: for each field how well they
// agree, and how much that says.
type Evidence struct {
	Level [Fields]Level
	// Info is how surprising the agreement would be by chance, in bits: the
	// rarer a value, the more. Of a difference it is next to nothing.
	Info [Fields]float32
	// Swapped: given and family name stand in each other's place.
	Swapped bool
	// Shared: the email or phone is one that several people hold.
	Shared [Fields]bool
	// Implied: the mailboxes are made of the name, so that they agree as soon
	// as the names do.
	Implied bool
	// Bonds are how much closer the values that agree go together than those of
	// their fields do at large, in bits; see [ties].
	Bonds [tieCount]float32
}

// comparer compares the records of a table. It is not safe for concurrent use.
type comparer struct {
	t *Table
	*stats
	near    []uint64 // how words of names compare, two numbers and the level in three bits; none where that does not pay
	known   []uint64 // the same of places, with the field
	like    Similarity
	touched uint32 // what touch read, so that it does
}

const (
	nearBits  = 15
	knownBits = 13
)

func newComparer(t *Table, s *stats) *comparer {
	return &comparer{t: t, stats: s, near: make([]uint64, 1<<nearBits), known: make([]uint64, 1<<knownBits)}
}

// ahead is how many rows are brought near at once.
const ahead = 16

// touch reads the beginnings of rows, all at once, so that each need not wait
// for the one before when they are compared.
func (c *comparer) touch(recs []uint32) {
	var rows [ahead]row
	for i, r := range recs {
		rows[i] = c.t.row(int(r))
	}
	for _, r := range rows[:len(recs)] {
		c.touched += r[0] + r[min(16, len(r)-1)] + r[min(32, len(r)-1)]
	}
}

// compare fills in the evidence.
func (c *comparer) compare(a, b int, e *Evidence) {
	ra, rb := c.t.row(a), c.t.row(b)
	c.names(a, b, e)
	for both := ra.fields() & rb.fields() &^ (1<<Given | 1<<Family | 1<<Middle); both != 0; both &= both - 1 {
		c.field(Field(bits.TrailingZeros32(both)), ra, rb, e)
	}
	c.bonds(ra, rb, e)
}

// score is what the model says of two records; below least, it is any value
// below least, unless they share a key and such pairs are kept.
func (c *comparer) score(a, b int, prior, least float32, keep bool, e *Evidence) float32 {
	ra, rb := c.t.row(a), c.t.row(b)
	c.names(a, b, e)
	enough := least - prior - rounding
	if keep && mayShareKey(ra, rb) {
		enough = never
	}
	if !c.promising(ra, rb, e, enough) {
		return never
	}
	var w [Fields]float32
	c.model.bits(e, &w)
	bits := c.model.score(e, &w, prior)
	if c.couples == nil || bits+c.slack < least {
		return bits
	}
	c.bonds(ra, rb, e)
	c.model.bits(e, &w)
	return c.model.score(e, &w, prior)
}

// rounding is by how much two sums of the same bits may differ.
const rounding = 1e-3

// names begins the evidence with the names.
func (c *comparer) names(a, b int, e *Evidence) {
	*e = Evidence{}
	c.person(c.t.row(a), c.t.row(b), e)
	c.pair(a, b, e)
}

// field compares one field that both records have, names apart.
func (c *comparer) field(f Field, ra, rb row, e *Evidence) {
	x, y := ra.get(f), rb.get(f)
	switch f {
	case Email:
		c.email(x, y, ra.marks(f), rb.marks(f), e)
	case Phone:
		c.phone(x, y, ra.marks(f), rb.marks(f), e)
	case Date:
		c.date(x, y, e)
	case Org, Street, Company, Title, Text:
		c.words(f, x, y, ra.marks(f), rb.marks(f), e)
	case Proof:
		c.proof(x, y, e)
	case Suffix:
		e.Level[f] = Differ
		if x[0] == y[0] {
			e.Level[f] = Equal
		}
	default:
		c.plain(f, x, y, e)
	}
}

// common reports whether two records have a value in common.
func common(x, y []uint32) bool {
	for _, p := range x {
		for _, q := range y {
			if p == q {
				return true
			}
		}
	}
	return false
}

// pair has a second first name say what it adds to the first.
func (c *comparer) pair(a, b int, e *Evidence) {
	if e.Level[Given] != Equal || e.Level[Middle] != Equal {
		return
	}
	if c.pairs == nil {
		e.Info[Middle] = min(e.Info[Middle], 3)
	} else if p := c.t.pair[a]; p != 0 && p == c.t.pair[b] {
		e.Info[Middle] = min(e.Info[Middle], max(0, c.pairs[p]-e.Info[Given]))
	}
}

// proof compares what was proved or given out.
func (c *comparer) proof(x, y []uint32, e *Evidence) {
	v := c.t.vals[Proof]
	for _, p := range x {
		from, _, _ := strings.Cut(v.text(p), "\x00")
		for _, q := range y {
			if p == q {
				if e.Level[Proof] = Variant; !strings.HasSuffix(v.text(p), "\x00") {
					e.Level[Proof] = Equal
					return
				}
			}
			if other, _, _ := strings.Cut(v.text(q), "\x00"); other == from && e.Level[Proof] == Missing {
				e.Level[Proof] = Differ
			}
		}
	}
}
