package search

import (
	"bytes"
	"iter"
	"math"
	"slices"
	"sort"
	"sync"

	"github.com/extcontacts/extcontacts/contacts"
)

// Index holds the words and digits of contacts in memory and answers queries
// in their order, in microseconds. [Query.Match] is the definition; an Index
// gives the same contacts in the same order.
//
// An Index is current after each Put and Remove and safe for concurrent use:
// what is written waits for no reader longer than one query takes, and readers
// wait for no merge. It keeps copies of what it needs, about 200 bytes a
// contact, and no contact itself. The zero Index is not ready: use [NewIndex]
// or [BuildIndex].
//
// Inside, each Put makes a segment: a sorted dictionary with lists of the
// documents that have each word, by field, of the phone numbers that hold five
// digits in a row, and of each document what words it has. Documents are
// numbered in the order in which equal matches stand, so that a list is read
// only until there are enough. Segments of like size are merged, large ones in
// the background. Old versions of a contact and removed ones are marked, and
// left out when segments merge.
type Index struct {
	write sync.Mutex // held by who changes the list of segments
	mu    sync.RWMutex
	segs  []*segment // guarded by mu; changed under write too
	live  int        // guarded by mu
	// merging is the background merge under way, nil for none; guarded by write.
	merging *merging
	finders sync.Pool
}

type merging struct {
	segs []*segment
	done chan struct{}
}

// NewIndex returns an empty index.
func NewIndex() *Index {
	x := &Index{}
	x.finders.New = func() any { return new(finder) }
	return x
}

// BuildIndex makes an index of many contacts at once, which is faster than a
// Put of each. Where an id comes twice the last one counts. The error is the
// first one of the sequence.
func BuildIndex(seq iter.Seq2[*contacts.Contact, error]) (*Index, error) {
	x := NewIndex()
	b := newBuilder()
	flush := func() {
		if len(b.ids) > 0 {
			x.enter(b.segment())
			b = newBuilder()
		}
	}
	for c, err := range seq {
		if err != nil {
			return nil, err
		}
		if len(b.ids) == maxBuild {
			flush()
		}
		b.add(c)
	}
	flush()
	return x, nil
}

// maxBuild is the number of documents of a segment that is built at once.
const maxBuild = 1 << 22

// Len is the number of contacts in the index.
func (x *Index) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	return x.live
}

// Put adds contacts, or replaces those with their ids; all of them at once.
// The contacts must be normalised. Their state does not matter: a query
// decides by it. Where an id comes twice the last one counts.
func (x *Index) Put(list ...*contacts.Contact) {
	if len(list) == 0 {
		return
	}
	b := newBuilder()
	for _, c := range list {
		b.add(c)
	}
	x.enter(b.segment())
}

// enter adds a segment and hides what it replaces.
func (x *Index) enter(s *segment) {
	x.write.Lock()
	defer x.write.Unlock()
	x.mu.Lock()
	for doc := range uint32(s.docs) {
		x.bury(s.ids.id(doc))
	}
	x.segs = append(slices.Clip(x.segs), s)
	x.live += s.docs - s.gone
	x.mu.Unlock()
	x.merge()
}

// Remove takes contacts out. An unknown id is no fault.
func (x *Index) Remove(ids ...contacts.ID) {
	x.write.Lock()
	defer x.write.Unlock()
	x.mu.Lock()
	for _, id := range ids {
		x.bury(id)
	}
	x.mu.Unlock()
	x.merge()
}

// bury marks the document of an id as dead.
func (x *Index) bury(id contacts.ID) {
	for _, s := range x.segs {
		if doc := s.ids.find(id); doc >= 0 && !s.dead.has(uint32(doc)) {
			s.kill(uint32(doc))
			x.live--
		}
	}
}

func (s *segment) kill(doc uint32) {
	s.dead.set(doc)
	s.hidden.set(doc)
	s.gone++
}

const (
	mergeWidth = 6     // segments of like size that become one
	mergeHere  = 8_000 // documents that are merged at once; more in the background
)

// merge merges segments until each is much larger than the next.
func (x *Index) merge() {
	for {
		list := x.due()
		if list == nil {
			return
		}
		docs := 0
		for _, s := range list {
			docs += s.docs - s.gone
		}
		if docs <= mergeHere {
			x.replace(list, mergeSegments(list, x.graves(list)), nil)
			continue
		}
		if x.merging != nil {
			return
		}
		m := &merging{segs: list, done: make(chan struct{})}
		x.merging = m
		graves := x.graves(list)
		go func() {
			defer close(m.done)
			s := mergeSegments(list, graves)
			x.write.Lock()
			defer x.write.Unlock()
			x.replace(list, s, graves)
			x.merging = nil
			x.merge()
		}()
		return
	}
}

// due is the next segments to be merged; none that are being merged.
func (x *Index) due() []*segment {
	busy := func(s *segment) bool { return x.merging != nil && slices.Contains(x.merging.segs, s) }
	n := len(x.segs)
	for end := n; end > 0; end-- {
		if busy(x.segs[end-1]) {
			continue
		}
		last := x.segs[end-1]
		if last.gone > last.docs/2 && last.docs > 1 {
			return x.segs[end-1 : end]
		}
		from := end - 1
		size := max(last.docs, 1)
		for from > 0 && !busy(x.segs[from-1]) && x.segs[from-1].docs < size*2+8 {
			from--
			size = max(size, x.segs[from].docs)
		}
		if end-from >= mergeWidth {
			return x.segs[from:end]
		}
	}
	return nil
}

// graves are copies of the dead of segments.
func (x *Index) graves(list []*segment) []bitset {
	x.mu.RLock()
	defer x.mu.RUnlock()
	out := make([]bitset, len(list))
	for i, s := range list {
		out[i] = slices.Clone(s.dead)
	}
	return out
}

// replace puts a segment in the place of others; graves are the dead that it
// was made without, where some may have died since.
func (x *Index) replace(list []*segment, s *segment, graves []bitset) {
	x.mu.Lock()
	defer x.mu.Unlock()
	at := slices.Index(x.segs, list[0])
	if graves != nil && s != nil {
		for i, old := range list {
			for k, w := range old.dead {
				if w &^= graves[i][k]; w == 0 {
					continue
				}
				for _, doc := range appendBits(nil, w, k) {
					if n := s.ids.find(old.ids.id(doc)); n >= 0 {
						s.kill(uint32(n))
					}
				}
			}
		}
	}
	segs := slices.Clone(x.segs[:at])
	if s != nil {
		segs = append(segs, s)
	}
	x.segs = append(segs, x.segs[at+len(list):]...)
}

// Compact waits for merges in the background and makes one segment of all, so
// that nothing of what was replaced or removed is kept. Saving does it.
func (x *Index) Compact() {
	for {
		x.write.Lock()
		m := x.merging
		if m == nil {
			break
		}
		x.write.Unlock()
		<-m.done
	}
	defer x.write.Unlock()
	if len(x.segs) == 0 || len(x.segs) == 1 && x.segs[0].gone == 0 {
		return
	}
	list := x.segs
	x.replace(list, mergeSegments(list, x.graves(list)), nil)
}

// Hit is a contact of the answer of an [Index].
type Hit struct {
	ID    contacts.ID
	Score int
}

// Top appends to dst the best k contacts that match the query, behind a
// position if after is not empty (see [Query.SortKey]). Where the query has
// conditions that an index knows nothing about, such as on a city, the
// contacts that do not meet them are among the hits: the caller asks
// [Query.Match]. Exact reports whether there are none of these.
//
// It returns false where the index cannot give the order, because the query
// names sort keys, or free words stand together with such a condition behind
// OR or NOT; and where it could do no better than list everybody.
func (x *Index) Top(dst []Hit, q *Query, after []byte, k int) ([]Hit, bool) {
	if k <= 0 || !q.rankable() || q.root != nil && !q.root.known && !q.root.free && len(q.Needs()) == 0 {
		return dst, false
	}
	f := x.finders.Get().(*finder)
	defer x.finders.Put(f)
	f.q, f.k, f.at, f.from = q, k, math.MaxInt, 0
	var order []byte
	if len(after) > 0 {
		f.at, order = q.place(after)
	}
	x.mu.RLock()
	defer x.mu.RUnlock()
	if len(x.segs) == 1 && order == nil {
		f.s = x.segs[0]
		f.top()
		for _, h := range f.hits {
			dst = append(dst, Hit{f.s.ids.id(h.doc), h.score})
		}
		f.s = nil
		return dst, true
	}
	f.best = x.best(f, order, f.best[:0])
	for _, h := range f.best {
		dst = append(dst, Hit{h.s.ids.id(h.doc), h.score})
	}
	clear(f.best)
	return dst, true
}

// segHit is a hit of one of several segments.
type segHit struct {
	s *segment
	found
	from, to int // its place in the order, in finder.orders; the same where it was not asked for
}

// best appends the best hits of all segments behind a place in the order, k at
// most. From the second segment on little is looked for: only what can stand
// before the last of k hits.
func (x *Index) best(f *finder, order []byte, dst []segHit) []segHit {
	f.orders = f.orders[:0]
	for _, s := range x.segs {
		f.s, f.from, f.least = s, 0, 0
		if order != nil {
			f.from = s.after(order)
		}
		if len(dst) == f.k {
			f.least = dst[f.k-1].score
		}
		f.top()
		if n := len(dst); n == 0 || len(f.hits) > fewHits {
			for _, h := range f.hits {
				dst = append(dst, segHit{s: s, found: h})
			}
			if n > 0 {
				sort.Slice(dst, func(i, j int) bool { return f.before(&dst[i], &dst[j]) })
				dst = dst[:min(len(dst), f.k)]
			}
			continue
		}
		at := 0
		for _, h := range f.hits {
			hit := segHit{s: s, found: h}
			if len(dst) == f.k && !f.before(&hit, &dst[f.k-1]) {
				break
			}
			at += sort.Search(len(dst)-at, func(i int) bool { return f.before(&hit, &dst[at+i]) })
			if len(dst) == f.k {
				dst = dst[:f.k-1]
			}
			dst = slices.Insert(dst, at, hit)
		}
	}
	f.s, f.least = nil, 0
	return dst
}

// fewHits are put into their places one by one.
const fewHits = 64

// before reports whether a hit stands before another one.
func (f *finder) before(a, b *segHit) bool {
	if a.score != b.score {
		return a.score > b.score
	}
	return bytes.Compare(f.order(a), f.order(b)) < 0
}

func (f *finder) order(h *segHit) []byte {
	if h.from == h.to {
		h.from = len(f.orders)
		f.orders = h.s.appendOrder(f.orders, h.doc)
		h.to = len(f.orders)
	}
	return f.orders[h.from:h.to]
}

// Exact reports whether an index alone decides the query: each hit of
// [Index.Top] matches with the score it has.
func (q *Query) Exact() bool { return q.root == nil || q.root.known }

// Candidates yields the ids of contacts among which are all that match the
// query, each once, in no stated order. It returns false where the index
// cannot narrow the query: then the caller looks at all contacts.
func (x *Index) Candidates(q *Query) (iter.Seq[contacts.ID], bool) {
	if q.root == nil {
		return nil, false
	}
	f := x.finders.Get().(*finder)
	defer x.finders.Put(f)
	f.q = q
	x.mu.RLock()
	defer x.mu.RUnlock()
	var ids []contacts.ID
	for _, s := range x.segs {
		f.s = s
		b := f.candidates(q.root)
		if b == nil {
			f.s = nil
			return nil, false
		}
		for i, w := range b {
			for _, doc := range appendBits(f.class[:0], w, i) {
				if !s.dead.has(doc) {
					ids = append(ids, s.ids.id(doc))
				}
			}
		}
		f.free(b)
	}
	f.s = nil
	return slices.Values(ids), true
}

// Count is the number of contacts that match a query which the index alone
// decides; see [Query.Exact]. For others it returns false.
func (x *Index) Count(q *Query) (int, bool) {
	if !q.Exact() {
		return 0, false
	}
	f := x.finders.Get().(*finder)
	defer x.finders.Put(f)
	f.q = q
	x.mu.RLock()
	defer x.mu.RUnlock()
	n := 0
	for _, s := range x.segs {
		f.s = s
		var b bitset
		if q.root != nil {
			b = f.candidates(q.root)
		}
		for doc := range uint32(s.docs) {
			if b != nil && b[doc/64] == 0 || b != nil && !b.has(doc) || !f.counts(doc) {
				continue
			}
			if f.score(doc) >= 0 {
				n++
			}
		}
		f.free(b)
	}
	f.s = nil
	return n, true
}
