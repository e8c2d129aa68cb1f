package linkage

import (
	"cmp"
	"math"
	"slices"
)

// What goes together is learnt from so many records, and so many pairs of them.
const (
	sampleRecords = 250_000
	samplePairs   = 3000
)

// couple is what the table shows of a tie.
type couple struct {
	joint   float64          // pairs of records that agree in both fields
	a, b    float64          // in either
	records float64          // that were looked at
	share   float64          // of the table
	pairs   []Evidence       // some of the pairs that agree in both
	often   map[uint64]int32 // how many records hold two values, where they are several

	bits []([Fields]float32) // what the other fields of each pair say
	odds []float32           // together
	same float64             // the share of pairs of one entity
	base float32             // the tie, as it was learnt first
}

// couples looks at the ties.
func (t *Table) couples(s *stats) []couple {
	out := make([]couple, tieCount)
	parallel(tieCount, func(k int) { out[k] = t.couple(ties[k], newComparer(t, s)) })
	return out
}

func (t *Table) couple(tie tie, c *comparer) (b couple) {
	type holder struct {
		key uint64
		rec uint32
	}
	step := max(1, (len(t.at)+sampleRecords-1)/sampleRecords)
	var list []holder
	countA, countB := map[uint32]int{}, map[uint32]int{}
	for r := 0; r < len(t.at); r += step {
		row := t.row(r)
		x, y := some(row.get(tie.a)), some(row.get(tie.b))
		b.records++
		for _, v := range x {
			countA[v]++
		}
		for _, v := range y {
			countB[v]++
		}
		for _, v := range x {
			for _, w := range y {
				list = append(list, holder{coupleKey(v, w), uint32(r)})
			}
		}
	}
	if len(list) == 0 {
		return b
	}
	b.share = b.records / float64(len(t.at))
	b.often = map[uint64]int32{}
	pairs := func(n int) float64 { return float64(n) * float64(n-1) / 2 }
	for _, n := range countA {
		b.a += pairs(n)
	}
	for _, n := range countB {
		b.b += pairs(n)
	}
	slices.SortFunc(list, func(x, y holder) int { return cmp.Or(cmp.Compare(x.key, y.key), cmp.Compare(x.rec, y.rec)) })
	for i, j := 0, 0; i < len(list); i = j {
		for j = i; j < len(list) && list[j].key == list[i].key; j++ {
		}
		b.joint += pairs(j - i)
		if float64(j-i) > max(1, 3*b.share) {
			b.often[list[i].key] = int32(j - i)
		}
	}
	every, at := max(1, b.joint/samplePairs), 0.0
	for i, j := 0, 0; i < len(list); i = j {
		for j = i; j < len(list) && list[j].key == list[i].key; j++ {
		}
		for n := pairs(j - i); at < n; at += every {
			x := int((1 + math.Sqrt(1+8*math.Floor(at))) / 2)
			y := int(at) - x*(x-1)/2
			var e Evidence
			c.compare(int(list[i+y].rec), int(list[i+x].rec), &e)
			b.pairs = append(b.pairs, e)
		}
		at -= pairs(j - i)
	}
	return b
}

func coupleKey(a, b uint32) uint64 { return uint64(a)<<32 | uint64(b) }

// some are the values of a record that are looked at: more than two say
// nothing more about where somebody comes from.
func some(v []uint32) []uint32 { return v[:min(2, len(v))] }

// learn estimates, of the pairs of a tie, which are of one entity. That is told
// by their other fields, those apart that follow from the two.
func (b *couple) learn(k int, m *Model) {
	b.bits, b.odds = b.bits[:0], b.odds[:0]
	for i := range b.pairs {
		e := &b.pairs[i]
		var w [Fields]float32
		m.bits(e, &w)
		for f := range w {
			switch Field(f) {
			case ties[k].a, ties[k].b, Middle:
				w[f] = 0
			case Given, Family, City, Region, Country:
				w[f] = min(w[f], 0)
			case Postcode:
				if k > 0 {
					w[f] = min(w[f], 0)
				}
			case Email:
				if e.Implied {
					w[f] = min(w[f], 0)
				}
			}
		}
		total := float32(0)
		for _, bits := range w {
			total += bits
		}
		b.bits = append(b.bits, w)
		b.odds = append(b.odds, total)
	}
	b.same = 0.5
	for range 20 {
		sum := 0.0
		for _, bits := range b.odds {
			sum += b.posterior(bits)
		}
		b.same = (sum + 1) / float64(len(b.odds)+2)
	}
}

// posterior is how likely a pair is of one entity, of which other fields say so
// much.
func (b *couple) posterior(bits float32) float64 {
	o := b.same * math.Exp2(float64(min(max(bits, -12), 12)))
	return o / (o + 1 - b.same)
}

// tie is how far two fields go together: what agrees in both and is not of one
// entity is held against chance.
func (m *Model) tie(k int, b *couple) float32 {
	if len(b.pairs) == 0 {
		return 0
	}
	t := ties[k]
	others := func(pairs float64, f Field) float64 {
		return max(pairs-m.Pairs*b.records*b.share*m.Match[f][Equal], 0.05*pairs) / (b.records * b.records / 2)
	}
	byChance := others(b.a, t.a) * others(b.b, t.b) * b.records * b.records / 2
	believed := 50 + 0.1*b.joint // how many are of one entity is known no better
	return float32(min(max(math.Log2((b.joint*(1-b.same)+believed)/(byChance+believed)), 0), 8))
}

// likenesses learns how often values are alike that are of two entities which
// agree in names or places: no likeness says more than that allows. A pair
// counts as two entities where all but the field at hand says so.
func (m *Model) likenesses(couples []couple) {
	const believed, beyond = 200, 0.0005
	var seen [Fields][Levels]float64
	for k := range couples {
		b := &couples[k]
		for i := range b.pairs {
			for f := Org; f < Fields; f++ {
				l := b.pairs[i].Level[f]
				if l == Missing || f == ties[k].b || k > 0 && (f == City || f == Region || f == Postcode || f == Country) {
					continue
				}
				if b.posterior(b.odds[i]-b.bits[i][f]) < beyond {
					seen[f][l]++
				}
			}
		}
	}
	for f := Org; f < Fields; f++ { // likenesses of names are those of whole families
		all := 0.0
		for _, n := range seen[f] {
			all += n
		}
		for l := Variant; l < Differ; l++ {
			m.Alike[f][l] = float32(-math.Log2((seen[f][l] + believed*1e-6) / (all + believed)))
		}
	}
}
