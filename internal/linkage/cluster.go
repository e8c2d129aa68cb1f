package linkage

import (
	"container/heap"
	"slices"
)

// What one pair may say about two groups is bounded: that two records have
// little in common says less about their groups than that two have much.
const (
	clipLow  = -6
	clipHigh = 8
	never    = -1e6 // known to be two
)

// average is the weight of the average pair of two groups against their best.
const average = 0.75

// link is the sum of the scores between two groups.
type link struct {
	a, b uint32
	mean float32
	gen  uint32
}

type linkHeap []link

func (h linkHeap) Len() int { return len(h) }
func (h linkHeap) Less(i, j int) bool {
	if h[i].mean != h[j].mean {
		return h[i].mean > h[j].mean
	}
	if h[i].a != h[j].a {
		return h[i].a < h[j].a
	}
	return h[i].b < h[j].b
}
func (h linkHeap) Swap(i, j int) { h[i], h[j] = h[j], h[i] }
func (h *linkHeap) Push(x any)   { *h = append(*h, x.(link)) }
func (h *linkHeap) Pop() any {
	old := *h
	x := old[len(old)-1]
	*h = old[:len(old)-1]
	return x
}

// bond is what stands between two groups: the sum of the scores of their pairs,
// and the best of them.
type bond struct{ sum, best float32 }

func (b bond) and(c bond) bond { return bond{b.sum + c.sum, max(b.best, c.best)} }

// strength is how much speaks for one group instead of two.
func (b bond) strength(pairs uint32) float32 {
	return average*b.sum/float32(pairs) + (1-average)*b.best
}

// Clusters groups the records: two groups become one as long as their pairs,
// those that share no key included, speak for it on average. The answer is the
// group of each record, named by its first one.
func (r *Result) Clusters(least float32) []uint32 {
	n := r.t.Len()
	group := make([]uint32, n)
	size := make([]uint32, n)
	gen := make([]uint32, n)
	members := make([][]uint32, n)
	next := make([]map[uint32]bond, n) // to neighbouring groups
	for i := range group {
		group[i] = uint32(i)
		size[i] = 1
	}
	known := func(a, b uint32, s float32) {
		if next[a] == nil {
			next[a] = map[uint32]bond{}
		}
		next[a][b] = bond{s, s}
	}
	var h linkHeap
	for _, e := range r.Edges {
		s := max(clipLow, min(clipHigh, e.Bits))
		known(e.A, e.B, s)
		known(e.B, e.A, s)
		if s >= least {
			h = append(h, link{e.A, e.B, s, 0})
		}
	}
	heap.Init(&h)
	c := newComparer(r.t, r.stats)
	var e Evidence
	var w [Fields]float32
	pair := func(a, b uint32) float32 {
		if r.apart != nil && r.apart(min(a, b), max(a, b)) {
			return never
		}
		c.compare(int(min(a, b)), int(max(a, b)), &e)
		r.Model.bits(&e, &w)
		return max(clipLow, min(clipHigh, r.Model.score(&e, &w, r.Prior)))
	}
	of := func(g uint32) []uint32 {
		if members[g] == nil {
			return []uint32{g}
		}
		return members[g]
	}
	between := func(a, b uint32) bond {
		s := bond{0, clipLow}
		for _, x := range of(a) {
			for _, y := range of(b) {
				s = s.and(bond{pair(x, y), clipLow})
			}
		}
		return s
	}
	for len(h) > 0 {
		l := heap.Pop(&h).(link)
		if size[l.a] == 0 || size[l.b] == 0 || gen[l.a]+gen[l.b] != l.gen {
			continue
		}
		a, b := l.a, l.b
		// b goes into a
		ma := slices.Concat(of(a), of(b))
		sums := map[uint32]bond{}
		for k, s := range next[a] {
			if k == b || size[k] == 0 {
				continue
			}
			if t, ok := next[b][k]; ok {
				s = s.and(t)
			} else {
				s = s.and(between(b, k))
			}
			sums[k] = s
		}
		for k, s := range next[b] {
			if k == a || size[k] == 0 {
				continue
			}
			if _, ok := next[a][k]; !ok {
				sums[k] = s.and(between(a, k))
			}
		}
		members[a] = ma
		size[a] += size[b]
		size[b] = 0
		gen[a]++
		next[a], next[b], members[b] = sums, nil, nil
		for k, s := range sums {
			delete(next[k], b)
			next[k][a] = s
			mean := s.strength(size[a] * size[k])
			if mean >= least {
				heap.Push(&h, link{min(a, k), max(a, k), mean, gen[a] + gen[k]})
			}
		}
	}
	for i := range group {
		if size[i] == 0 {
			continue
		}
		ms := of(uint32(i))
		lo := slices.Min(ms)
		for _, m := range ms {
			group[m] = lo
		}
	}
	return group
}
