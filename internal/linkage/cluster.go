package linkage

import (
	"container/heap"
	"slices"
)

// What one pair may say about two groups is bounded: that two records have
// little in common says less about their groups than that two have much.
const (
	clipLow  = -4
	clipHigh = 8
	never    = -1e6 // known to be two
)

// average is the weight of the average pair of two groups against their best.
const average = 0.7

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
	group := make([]uint32, r.t.Len())
	for i := range group {
		group[i] = uint32(i)
	}
	parts := r.components(least)
	workers(len(parts), func() func(int) {
		c := newComparer(r.t, r.stats)
		return func(k int) { r.gather(c, parts[k], least, group) }
	})
	return group
}

// component are records that strong edges connect, in their order, and all
// edges between them; an edge's ends are places in records.
type component struct {
	records []uint32
	edges   []Edge
}

// components takes the edges apart, the greatest ones first: groups that no
// edge connects which says enough by itself stay apart.
func (r *Result) components(least float32) []component {
	above := make([]uint32, r.t.Len()) // leads to the first record of a component
	for i := range above {
		above[i] = uint32(i)
	}
	first := func(x uint32) uint32 {
		for above[x] != x {
			above[x] = above[above[x]]
			x = above[x]
		}
		return x
	}
	for _, e := range r.Edges {
		if e.Bits < least {
			break // those behind say less
		}
		a, b := first(e.A), first(e.B)
		above[max(a, b)] = min(a, b)
	}
	var parts []component
	number := map[uint32]int{} // of the part of the component that a record is the first of
	for _, e := range r.Edges {
		f := first(e.A)
		if f != first(e.B) {
			continue
		}
		k, ok := number[f]
		if !ok {
			k = len(parts)
			number[f] = k
			parts = append(parts, component{})
		}
		parts[k].edges = append(parts[k].edges, e)
	}
	for k := range parts {
		p := &parts[k]
		for _, e := range p.edges {
			p.records = append(p.records, e.A, e.B)
		}
		slices.Sort(p.records)
		p.records = slices.Compact(p.records)
		for i, e := range p.edges {
			a, _ := slices.BinarySearch(p.records, e.A)
			b, _ := slices.BinarySearch(p.records, e.B)
			p.edges[i].A, p.edges[i].B = uint32(a), uint32(b)
		}
	}
	slices.SortStableFunc(parts, func(a, b component) int { return len(b.edges) - len(a.edges) })
	return parts
}

// gather groups the records of a component.
func (r *Result) gather(c *comparer, p component, least float32, group []uint32) {
	n := len(p.records)
	size := make([]uint32, n)
	gen := make([]uint32, n)
	members := make([][]uint32, n)
	next := make([]map[uint32]bond, n) // to neighbouring groups
	for i := range size {
		size[i] = 1
		members[i] = []uint32{uint32(i)}
		next[i] = map[uint32]bond{}
	}
	var h linkHeap
	for _, e := range p.edges {
		s := max(clipLow, min(clipHigh, e.Bits))
		next[e.A][e.B] = bond{s, s}
		next[e.B][e.A] = bond{s, s}
		if s >= least {
			h = append(h, link{e.A, e.B, s, 0})
		}
	}
	heap.Init(&h)
	var e Evidence
	pair := func(x, y uint32) float32 {
		x, y = p.records[x], p.records[y]
		if r.apart != nil && r.apart(min(x, y), max(x, y)) {
			return never
		}
		return max(clipLow, min(clipHigh, c.score(int(min(x, y)), int(max(x, y)), r.Prior, clipLow, false, &e)))
	}
	between := func(a, b uint32) bond {
		s := bond{0, clipLow}
		for _, x := range members[a] {
			for _, y := range members[b] {
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
		members[a] = append(members[a], members[b]...)
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
	for _, list := range members {
		for _, m := range list {
			group[p.records[m]] = p.records[slices.Min(list)]
		}
	}
}
