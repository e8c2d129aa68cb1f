package search

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"maps"
	"math"
	"slices"
	"sync"

	"github.com/extcontacts/extcontacts/contacts"
)

// Stored is an index whose segments are kept as blocks somewhere else, such as
// in a table of a database: a query reads a few blocks, of which a cache keeps
// those that were used last, and little else is in memory. [Query.Match] is
// the definition; a Stored gives the same contacts in the same order.
//
// Its segments never change. What was written since they were made is in a
// tail in memory, see [Stored.Put]; [Stored.Flush] makes a segment of it. So a
// Stored is one version of the index: the manifest, which lists the segments,
// and the tail. It is safe for concurrent use.
type Stored struct {
	blocks Blocks
	next   int64 // the number of the next segment

	mu   sync.RWMutex // held for writing while the tail and the dead change
	segs []*storedSegment
	tail *Index
}

// storedVersion is that of the form of blocks and manifests; [TextVersion]
// stands beside it.
const storedVersion = 2

// OpenStored opens the index that a manifest describes; see [Change]. The
// error wraps [ErrStored] where the manifest, or one of the first blocks, is of
// another version, damaged or not there, or is that of reading.
func OpenStored(ctx context.Context, manifest []byte, blocks Blocks) (*Stored, error) {
	x := &Stored{blocks: blocks, tail: NewIndex()}
	manifest, ok := summed(manifest)
	if !ok {
		return nil, damaged("the manifest")
	}
	e := eater{b: manifest}
	if e.number() != storedVersion || e.number() != TextVersion {
		return nil, damaged("another version")
	}
	x.next = int64(e.number())
	n := e.number()
	var numbers []int64
	var sizes []int
	var dead [][]byte
	for range min(n, len(e.b)) {
		numbers, sizes = append(numbers, int64(e.number())*segmentBlocks), append(sizes, e.number())
		dead = append(dead, e.text())
	}
	if e.bad || len(e.b) > 0 || len(numbers) != n {
		return nil, damaged("the manifest")
	}
	first, err := x.fetch(ctx, numbers)
	if err != nil {
		return nil, err
	}
	for i, b := range first {
		s, err := parseIndexBlock(numbers[i]/segmentBlocks, sizes[i], b)
		if err != nil {
			return nil, err
		}
		for doc := uint64(0); len(dead[i]) > 0; {
			d, size := binary.Uvarint(dead[i])
			if doc += d; size <= 0 || doc >= uint64(s.docs) {
				return nil, damaged("the manifest")
			}
			dead[i] = dead[i][size:]
			s.kill(uint32(doc))
		}
		x.segs = append(x.segs, s)
	}
	return x, nil
}

// fetch reads blocks and checks their sums.
func (x *Stored) fetch(ctx context.Context, numbers []int64) ([][]byte, error) {
	if len(numbers) == 0 {
		return nil, nil
	}
	list, err := x.blocks.Read(ctx, numbers)
	if err != nil {
		return nil, err
	}
	for i, b := range list {
		ok := false
		if list[i], ok = summed(b); !ok {
			return nil, damaged("a block")
		}
	}
	return list, nil
}

// withSum appends a check sum, summed checks and removes it.
func withSum(b []byte) []byte {
	return binary.LittleEndian.AppendUint32(b, crc32.Checksum(b, castagnoli()))
}

func summed(b []byte) ([]byte, bool) {
	n := len(b) - 4
	if n < 0 || binary.LittleEndian.Uint32(b[n:]) != crc32.Checksum(b[:n], castagnoli()) {
		return nil, false
	}
	return b[:n:n], true
}

// asking is one question: the views of the segments, and what was read for it.
type asking struct {
	x      *Stored
	views  []*view
	pinned map[int64]*keyBlock
}

func (x *Stored) ask() *asking {
	a := &asking{x: x, pinned: map[int64]*keyBlock{}}
	views := make([]view, len(x.segs))
	for i, s := range x.segs {
		views[i] = view{s: s, blocks: &x.blocks, pinned: a.pinned}
		a.views = append(a.views, &views[i])
	}
	return a
}

// until runs f, which looks at views, and again while blocks were missing. f
// runs under the lock, blocks are read without it.
func (a *asking) until(ctx context.Context, f func()) error {
	for {
		a.x.mu.RLock()
		f()
		a.x.mu.RUnlock()
		if more, err := a.fill(ctx); err != nil || !more {
			return err
		}
	}
}

// fill reads the blocks that are missing.
func (a *asking) fill(ctx context.Context) (more bool, err error) {
	var numbers []int64
	for _, v := range a.views {
		numbers = append(numbers, v.missing...)
		v.missing = v.missing[:0]
	}
	if len(numbers) == 0 {
		return false, nil
	}
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	list, err := a.x.fetch(ctx, numbers)
	if err != nil {
		return false, err
	}
	for i, data := range list {
		b := &keyBlock{data: data}
		if s := a.x.holder(numbers[i]); numbers[i] < s.docBlock(0) {
			if b, err = parseKeyBlock(data); err != nil {
				return false, err
			}
		}
		a.pinned[numbers[i]] = b
		a.x.blocks.put(numbers[i], b)
	}
	return true, nil
}

func (x *Stored) holder(block int64) *storedSegment {
	for _, s := range x.segs {
		if s.number == block/segmentBlocks {
			return s
		}
	}
	return nil
}

// Top is [Index.Top]. What does not match may be among the hits, whatever
// [Query.Exact] says. It returns false for more queries than an Index does:
// where the matches are not ranked by free words alone, but by phrases, by
// numbers typed in several words, or by words in a choice.
func (x *Stored) Top(ctx context.Context, q *Query, after []byte, k int) ([]Hit, bool, error) {
	words := q.words()
	if k <= 0 || !q.rankable() || q.ranked && words == nil {
		return nil, false, nil
	}
	inside := slices.ContainsFunc(words, (*wordMatch).inside)
	f := x.tail.finders.Get().(*finder)
	defer x.tail.finders.Put(f)
	f.q, f.k, f.at = q, k, math.MaxInt
	var order []byte
	if len(after) > 0 {
		f.at, order = q.place(after)
	}
	for stage := plainStage; ; stage++ {
		lists, known, err := x.hits(ctx, f, words, order, stage)
		if err != nil || !known {
			return nil, false, err
		}
		n := 0
		for _, l := range lists {
			n += len(l.hits)
		}
		if n < k && stage < lastStage && q.ranked {
			if stage == plainStage && !inside { // there are no parts to look for
				stage = nameStage
			}
			continue
		}
		hits, err := x.merge(ctx, lists, k)
		return hits, err == nil, err
	}
}

// ordered are the hits of one stored segment or of the tail, the best first.
type ordered struct {
	hits   []found
	far    *view    // of a stored segment
	places [][]byte // in the order, of the tail
}

// place is the place of the n-th hit in the order, nil where it has to be read.
func (l *ordered) place(n int) []byte {
	if l.far == nil {
		return l.places[n]
	}
	order, _ := l.far.doc(l.hits[n].doc)
	return order
}

// hits are the best of each segment in the ways of a stage and those before.
func (x *Stored) hits(ctx context.Context, f *finder, words []*wordMatch, order []byte, stage int) (lists []*ordered, known bool, err error) {
	a := x.ask()
	err = a.until(ctx, func() {
		lists, known = lists[:0], true
		drop := func(h found) bool { return f.q.ranked && h.score < enough(stage, len(words)) }
		tail := &ordered{}
		f.best = x.tail.state.Load().best(f, order, f.best[:0])
		for i := range f.best {
			if h := &f.best[i]; !drop(h.found) {
				tail.hits, tail.places = append(tail.hits, h.found), append(tail.places, bytes.Clone(f.order(h)))
			}
		}
		clear(f.best)
		lists = append(lists, tail)
		for _, v := range a.views {
			p := &part{view: v, stage: stage}
			p.node(f.q.root)
			from := uint32(0)
			if order != nil {
				from = v.after(order)
			}
			if len(v.missing) > 0 {
				continue
			}
			f.s, f.from = p.segment(), from
			switch {
			case len(words) == 1:
				f.top()
			case len(words) > 1:
				f.sum(words)
			default:
				known = f.first() && known
			}
			lists = append(lists, &ordered{far: v, hits: slices.DeleteFunc(slices.Clone(f.hits), drop)})
		}
		f.s = nil
	})
	return lists, known, err
}

// after is the first document behind a place, see [segment.after].
func (v *view) after(order []byte) uint32 {
	i, _ := slices.BinarySearchFunc(v.s.orders, string(order), func(a, b string) int { return compareBytes([]byte(a), []byte(b)) })
	if i < len(v.s.orders) && v.s.orders[i] == string(order) {
		return uint32(i*blockDocs + 1)
	}
	if i == 0 {
		return 0
	}
	doc, end := uint32((i-1)*blockDocs), uint32(min(i*blockDocs, v.s.docs))
	for ; doc < end; doc++ {
		if o, _ := v.doc(doc); bytes.Compare(o, order) > 0 {
			break
		}
	}
	return doc
}

// first finds the first k documents that can match, for a query that ranks
// none; false where it could do no better than list everybody.
func (f *finder) first() bool {
	f.hits, f.filters = f.hits[:0], f.filters[:0]
	var b bitset
	if f.q.root != nil {
		if b = f.candidates(f.q.root); b == nil {
			return false
		}
	}
	for doc := f.from; doc < uint32(f.s.docs) && len(f.hits) < f.k; doc++ {
		if (b == nil || b.has(doc)) && f.counts(doc) {
			f.hits = append(f.hits, found{doc, 0})
		}
	}
	f.free(b)
	return true
}

// ahead is the number of hits of each segment whose places are read at once.
const ahead = 4

// merge is the best k of the lists.
func (x *Stored) merge(ctx context.Context, lists []*ordered, k int) ([]Hit, error) {
	a := x.ask()
	for _, l := range lists {
		if l.far != nil {
			l.far = a.views[slices.IndexFunc(a.views, func(v *view) bool { return v.s == l.far.s })]
		}
	}
	at, places := make([]int, len(lists)), make([][]byte, len(lists))
	var out []Hit
	for len(out) < k {
		best := -1
		for i, l := range lists {
			if at[i] == len(l.hits) {
				continue
			}
			for places[i] == nil {
				if places[i] = l.place(at[i]); places[i] != nil {
					break
				}
				for _, o := range lists {
					for n := at[slices.Index(lists, o)]; o.far != nil && n < min(len(o.hits), at[slices.Index(lists, o)]+ahead); n++ {
						o.far.doc(o.hits[n].doc)
					}
				}
				if more, err := a.fill(ctx); err != nil {
					return nil, err
				} else if !more {
					return nil, damaged("a block of documents")
				}
			}
			if best < 0 || l.hits[at[i]].score > lists[best].hits[at[best]].score ||
				l.hits[at[i]].score == lists[best].hits[at[best]].score && bytes.Compare(places[i], places[best]) < 0 {
				best = i
			}
		}
		if best < 0 {
			break
		}
		out = append(out, Hit{orderID(places[best]), lists[best].hits[at[best]].score})
		at[best]++
		places[best] = nil
	}
	return out, nil
}

// Candidates yields the ids of contacts among which are all that match the
// query, each once, in no stated order; see [Index.Candidates]. It returns
// false where it cannot narrow the query, or to no fewer than most.
func (x *Stored) Candidates(ctx context.Context, q *Query, most int) ([]contacts.ID, bool, error) {
	if q.root == nil {
		return nil, false, nil
	}
	f := x.tail.finders.Get().(*finder)
	defer x.tail.finders.Put(f)
	f.q = q
	a := x.ask()
	var docs [][]uint32
	known, n := true, 0
	err := a.until(ctx, func() {
		docs, known, n = docs[:0], true, 0
		for _, v := range a.views {
			p := &part{view: v, stage: lastStage}
			if p.node(q.root); len(v.missing) > 0 {
				continue
			}
			f.s = p.segment()
			b := f.candidates(q.root)
			if known = known && b != nil; b == nil {
				return
			}
			var list []uint32
			for i, w := range b {
				list = appendBits(list, w, i)
			}
			list = slices.DeleteFunc(list, v.s.dead.has)
			docs = append(docs, list)
			n += len(list)
			f.free(b)
		}
		f.s = nil
	})
	if err != nil || !known || n > most {
		return nil, false, err
	}
	seq, ok := x.tail.Candidates(q)
	if !ok {
		return nil, false, nil
	}
	tail := map[contacts.ID]bool{} // somebody may have come there meanwhile
	for id := range seq {
		tail[id] = true
	}
	ids := slices.Collect(maps.Keys(tail))
	for i, v := range a.views {
		for part := range slices.Chunk(docs[i], 1024) {
			for {
				from := len(ids)
				for _, doc := range part {
					order, _ := v.doc(doc)
					if id := orderID(order); !tail[id] {
						ids = append(ids, id)
					}
				}
				more, err := a.fill(ctx)
				if err != nil {
					return nil, false, err
				}
				if !more {
					break
				}
				ids = ids[:from]
			}
		}
	}
	return ids, true, nil
}

// Len is the number of contacts in the index.
func (x *Stored) Len() int {
	x.mu.RLock()
	defer x.mu.RUnlock()
	n := x.tail.Len()
	for _, s := range x.segs {
		n += s.docs - s.gone
	}
	return n
}

// Blocks is the number of blocks that belong to the index.
func (x *Stored) Blocks() int {
	n := 0
	for _, s := range x.segs {
		n += s.blocks
	}
	return n
}
