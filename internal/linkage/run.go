package linkage

import (
	"cmp"
	"math"
	"slices"
	"sync/atomic"
)

// Edge is a pair of records and its score in bits.
type Edge struct {
	A, B uint32
	Bits float32
}

// Options are the settings of a run; the zero value has the defaults.
type Options struct {
	// Budget is how many pairs may be compared. Zero means a million and 22
	// for each record, or 33 for each where that is more.
	Budget int
	// Across compares records of different sources only.
	Across bool
	// Model is the model to use; nil learns one from the records.
	Model *Model
	// Least is the least score of an edge, in bits.
	Least float32
	// Keep adds the edges, whatever their score, of records that share an email
	// address, a phone number or a proof.
	Keep bool
	// Apart reports records that are known to be two entities. It may be nil;
	// it is called from several goroutines.
	Apart func(a, b uint32) bool
}

func (o *Options) budget(n int) int {
	if o.Budget > 0 {
		return o.Budget
	}
	return max(1_000_000+22*n, 33*n)
}

// Result is what a run found.
type Result struct {
	Edges    []Edge
	Compared int64
	Model    *Model
	Prior    float32
	t        *Table
	stats    *stats
	apart    func(a, b uint32) bool
}

func (e *Evidence) keyed() bool {
	return e.Level[Email] == Equal || e.Level[Phone] == Equal || (e.Level[Proof] == Equal || e.Level[Proof] == Variant)
}

// Run finds the pairs that are probably one entity.
func (t *Table) Run(o Options) *Result {
	t.flush()
	t.forget()
	m := o.Model
	b := t.block(o.budget(t.Len()))
	res := &Result{t: t, apart: o.Apart}
	if m == nil {
		var couples []couple
		m, couples = t.learn(b, o)
		res.stats = newStats(t, m)
		res.stats.couples = couples
		res.stats.slack = m.Ties[0] + 2*slices.Max(m.Ties[1:]) // of places the best counts, the next by half
	} else {
		res.stats = newStats(t, m)
	}
	res.Model = m
	res.Prior = m.prior(t.Len())
	if m.Records > 0 {
		res.Prior = m.prior(m.Records)
	}
	const size = 256
	chunks := make([][]Edge, (t.Len()+size-1)/size)
	var compared atomic.Int64
	workers(len(chunks), func() func(int) {
		c := newComparer(t, res.stats)
		seen := make([]uint32, t.Len())
		var near []uint32
		var e Evidence
		return func(k int) {
			n := int64(0)
			for r := k * size; r < min((k+1)*size, t.Len()); r++ {
				near = b.later(near[:0], uint32(r), seen)
				for i, s := range near {
					if i%ahead == 0 {
						c.touch(near[i:min(i+ahead, len(near))])
					}
					if o.Across && t.src[r] == t.src[s] || o.Apart != nil && o.Apart(uint32(r), s) {
						continue
					}
					n++
					if bits := c.score(r, int(s), res.Prior, o.Least, o.Keep, &e); bits >= o.Least || o.Keep && e.keyed() {
						chunks[k] = append(chunks[k], Edge{uint32(r), s, bits})
					}
				}
			}
			compared.Add(n)
		}
	})
	res.Edges = sorted(chunks)
	res.Compared = compared.Load()
	return res
}

// sorted are the edges of all chunks, the best ones first, then by records.
func sorted(chunks [][]Edge) []Edge {
	order := func(x, y Edge) int {
		return cmp.Or(cmp.Compare(y.Bits, x.Bits), cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B))
	}
	half := len(chunks) / 2
	halves := [2][]Edge{slices.Concat(chunks[:half]...), slices.Concat(chunks[half:]...)}
	parallel(2, func(k int) { slices.SortFunc(halves[k], order) })
	a, b := halves[0], halves[1]
	all := make([]Edge, 0, len(a)+len(b))
	for len(a) > 0 && len(b) > 0 {
		if order(a[0], b[0]) < 0 {
			all, a = append(all, a[0]), a[1:]
		} else {
			all, b = append(all, b[0]), b[1:]
		}
	}
	return append(append(all, a...), b...)
}

// Probability turns bits into a probability.
func Probability(bits float32) float64 { return 1 / (1 + math.Exp2(-float64(bits))) }

// Bits is the score of a probability, as far as [Result.Clusters] can tell.
func Bits(probability float64) float32 {
	return float32(min(max(math.Log2(probability/(1-probability)), clipLow), clipHigh-0.1))
}
