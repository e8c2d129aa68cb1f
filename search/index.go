package search

import (
	"bytes"
	"iter"
	"math"
	"slices"
	"sort"
	"sync"
	"sync/atomic"

	"github.com/extcontacts/extcontacts/contacts"
)

// Index holds the words and digits of contacts in memory and answers queries
// in their order, in microseconds. [Query.Match] is the definition; an Index
// gives the same contacts in the same order.
//
// An Index is current after each Put and Remove and safe for concurrent use:
// readers wait for nobody, and nobody for them. It keeps copies of what it needs, about 200 bytes a
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
	write   sync.Mutex // held by who changes the state
	state   atomic.Pointer[state]
	merging *merging // the background merge under way, nil for none; guarded by write
	finders sync.Pool
}

// state is an index at one moment. Who reads takes it as it is and waits for
// nobody; who writes puts another one in its place.
type state struct {
	segs []*segment
	live int
}

type merging struct {
	segs []*segment
	done chan struct{}
}

// NewIndex returns an empty index.
func NewIndex() *Index {
	x := &Index{}
	x.state.Store(&state{})
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
func (x *Index) Len() int { return x.state.Load().live }

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
	next := x.state.Load().without(s.docs, s.ids.id)
	next.segs = append(next.segs, s)
	next.live += s.docs
	x.state.Store(next)
	x.merge()
}

// Remove takes contacts out. An unknown id is no fault.
func (x *Index) Remove(ids ...contacts.ID) {
	x.write.Lock()
	defer x.write.Unlock()
	x.state.Store(x.state.Load().without(len(ids), func(i uint32) contacts.ID { return ids[i] }))
	x.merge()
}

// without is the state in which the documents of n ids are dead.
func (st *state) without(n int, id func(i uint32) contacts.ID) *state {
	next := &state{make([]*segment, len(st.segs), len(st.segs)+1), st.live}
	var docs []uint32
	for k, s := range st.segs {
		docs = docs[:0]
		for i := range uint32(n) {
			if doc := s.ids.find(id(i)); doc >= 0 && !s.dead.has(uint32(doc)) {
				docs = append(docs, uint32(doc))
			}
		}
		if len(docs) > 0 {
			slices.Sort(docs)
			docs = slices.Compact(docs)
			s = s.without(docs)
		}
		next.segs[k] = s
		next.live -= len(docs)
	}
	return next
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
			x.replace(list, mergeSegments(list))
			continue
		}
		if x.merging != nil {
			return
		}
		m := &merging{segs: list, done: make(chan struct{})}
		x.merging = m
		go func() {
			defer close(m.done)
			s := mergeSegments(list)
			x.write.Lock()
			defer x.write.Unlock()
			x.replace(list, s)
			x.merging = nil
			x.merge()
		}()
		return
	}
}

// due is the next segments to be merged; none that are being merged.
func (x *Index) due() []*segment {
	busy := func(s *segment) bool {
		return x.merging != nil && slices.ContainsFunc(x.merging.segs, func(m *segment) bool { return m.body == s.body })
	}
	segs := x.state.Load().segs
	for end := len(segs); end > 0; end-- {
		if busy(segs[end-1]) {
			continue
		}
		last := segs[end-1]
		if last.gone > last.docs/2 && last.docs > 1 {
			return segs[end-1 : end]
		}
		from := end - 1
		size := max(last.docs, 1)
		for from > 0 && !busy(segs[from-1]) && segs[from-1].docs < size*2+8 {
			from--
			size = max(size, segs[from].docs)
		}
		if end-from >= mergeWidth {
			return segs[from:end]
		}
	}
	return nil
}

// replace puts a segment in the place of others, some documents of which may
// have died since it was made of them.
func (x *Index) replace(list []*segment, s *segment) {
	now := x.state.Load()
	at := slices.IndexFunc(now.segs, func(o *segment) bool { return o.body == list[0].body })
	if s != nil {
		var docs []uint32
		for i, old := range list {
			if now.segs[at+i].gone == old.gone {
				continue
			}
			for _, doc := range now.segs[at+i].dead.all() {
				if !old.dead.has(doc) {
					docs = append(docs, uint32(s.ids.find(old.ids.id(doc))))
				}
			}
		}
		if len(docs) > 0 {
			slices.Sort(docs)
			s = s.without(docs)
		}
	}
	next := &state{slices.Clone(now.segs[:at]), now.live}
	if s != nil {
		next.segs = append(next.segs, s)
	}
	next.segs = append(next.segs, now.segs[at+len(list):]...)
	x.state.Store(next)
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
	if list := x.state.Load().segs; len(list) > 1 || len(list) == 1 && list[0].gone > 0 {
		x.replace(list, mergeSegments(list))
	}
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
	now := x.state.Load()
	if len(now.segs) == 1 && order == nil {
		f.s = now.segs[0]
		f.top()
		for _, h := range f.hits {
			dst = append(dst, Hit{f.s.ids.id(h.doc), h.score})
		}
		f.s = nil
		return dst, true
	}
	f.best = now.best(f, order, f.best[:0])
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
func (st *state) best(f *finder, order []byte, dst []segHit) []segHit {
	f.orders = f.orders[:0]
	for _, s := range st.segs {
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
	var ids []contacts.ID
	for _, s := range x.state.Load().segs {
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
	n := 0
	for _, s := range x.state.Load().segs {
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
