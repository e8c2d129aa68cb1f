package search

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/crc32"
	"iter"
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
const storedVersion = 1

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
// where several free words rank the matches.
func (x *Stored) Top(ctx context.Context, q *Query, after []byte, k int) ([]Hit, bool, error) {
	w, _ := q.single()
	if k <= 0 || !q.rankable() || q.ranked && w == nil {
		return nil, false, nil
	}
	f := x.tail.finders.Get().(*finder)
	defer x.tail.finders.Put(f)
	f.q, f.k, f.at = q, k, math.MaxInt
	var order []byte
	if len(after) > 0 {
		f.at, order = q.place(after)
	}
	for stage := plainStage; ; stage++ {
		lists, known, err := x.hits(ctx, f, order, stage)
		if err != nil || !known {
			return nil, false, err
		}
		n := 0
		for _, l := range lists {
			n += len(l.hits)
		}
		if n < k && stage < lastStage && q.ranked {
			if stage == plainStage && !w.inside() { // it has no parts
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
func (x *Stored) hits(ctx context.Context, f *finder, order []byte, stage int) (lists []*ordered, known bool, err error) {
	a := x.ask()
	err = a.until(ctx, func() {
		lists, known = lists[:0], true
		drop := func(h found) bool { return f.q.ranked && h.score < stageEnds[stage] }
		x.tail.mu.RLock()
		tail := &ordered{}
		f.best = x.tail.best(f, order, f.best[:0])
		for i := range f.best {
			if h := &f.best[i]; !drop(h.found) {
				tail.hits, tail.places = append(tail.hits, h.found), append(tail.places, bytes.Clone(f.order(h)))
			}
		}
		clear(f.best)
		x.tail.mu.RUnlock()
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
			if f.q.ranked {
				f.top()
			} else if !f.first() {
				known = false
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
				list = appendBits(list, w&^v.s.dead[i], i)
			}
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

// Put takes contacts into the tail, in the place of what there is by their
// ids; those of gone are taken out.
func (x *Stored) Put(ctx context.Context, list []*contacts.Contact, gone ...contacts.ID) error {
	ids := slices.Clone(gone)
	for _, c := range list {
		ids = append(ids, c.ID)
	}
	docs, err := x.find(ctx, ids)
	if err != nil {
		return err
	}
	x.mu.Lock()
	defer x.mu.Unlock()
	for i, s := range x.segs {
		for _, doc := range docs[i] {
			if doc >= 0 {
				s.kill(uint32(doc))
			}
		}
	}
	x.tail.Remove(gone...)
	x.tail.Put(list...)
	return nil
}

// find is, for each segment and id, the document; dead or not, -1 for none.
func (x *Stored) find(ctx context.Context, ids []contacts.ID) ([][]int, error) {
	a := x.ask()
	docs := make([][]int, len(a.views))
	err := a.until(ctx, func() {
		for i, v := range a.views {
			docs[i] = docs[i][:0]
			for _, id := range ids {
				docs[i] = append(docs[i], v.find(id))
			}
		}
	})
	return docs, err
}

// Pending is the number of contacts in the tail.
func (x *Stored) Pending() int { return x.tail.Len() }

// Change is what makes another version of a [Stored]: segments to be written
// and to be dropped, and the manifest.
type Change struct {
	// Drop are the segments to be dropped: all blocks from the first number to
	// before the second.
	Drop [][2]int64
	// Numbers and Blocks are to be written.
	Numbers []int64
	Blocks  [][]byte
	// Manifest is that of the new version, for [OpenStored].
	Manifest []byte
}

// ReadContacts yields contacts by their ids, in any order, those that there
// are.
type ReadContacts func(ids []contacts.ID) iter.Seq2[*contacts.Contact, error]

// MaxSegment is the number of contacts that a stored segment has at most, more
// or less.
const MaxSegment = 1 << 17

// BuildStored makes the first version of an index: each change adds a segment,
// and the manifest is that of all so far. next is greater than the numbers of
// all segments that there may be.
func BuildStored(next int64, seq iter.Seq2[*contacts.Contact, error]) iter.Seq2[*Change, error] {
	return func(yield func(*Change, error) bool) {
		x := &Stored{next: next}
		b := newBuilder()
		flush := func() bool {
			c := &Change{}
			if len(b.ids) > 0 {
				x.add(c, b.segment())
				b = newBuilder()
			}
			c.Manifest = x.manifest(x.segs)
			return yield(c, nil)
		}
		for c, err := range seq {
			if err != nil {
				yield(nil, err)
				return
			}
			if b.add(c); len(b.ids) == MaxSegment && !flush() {
				return
			}
		}
		flush()
	}
}

// add makes the blocks of a segment.
func (x *Stored) add(c *Change, s *segment) {
	n := x.next
	x.next++
	blocks := s.blocks()
	for i, b := range blocks {
		c.Numbers = append(c.Numbers, n*segmentBlocks+int64(i))
		c.Blocks = append(c.Blocks, withSum(b))
	}
	x.segs = append(x.segs, &storedSegment{number: n, blocks: len(blocks), docs: s.docs})
}

func (x *Stored) manifest(segs []*storedSegment) []byte {
	b := binary.AppendUvarint(nil, storedVersion)
	for _, n := range []int64{TextVersion, x.next, int64(len(segs))} {
		b = binary.AppendUvarint(b, uint64(n))
	}
	for _, s := range segs {
		b = binary.AppendUvarint(binary.AppendUvarint(b, uint64(s.number)), uint64(s.blocks))
		var dead []uint32
		for i, w := range s.dead {
			dead = appendBits(dead, w, i)
		}
		list := appendDeltas(nil, dead)
		b = append(binary.AppendUvarint(b, uint64(len(list))), list...)
	}
	return withSum(b)
}

// Flush is the change by which what is in the tail becomes a segment. Small
// segments are merged with it, for which their contacts are read.
func (x *Stored) Flush(ctx context.Context, read ReadContacts) (*Change, error) {
	x.mu.RLock()
	size, from := x.tail.Len(), len(x.segs)
	for {
		n, sum := from, size
		for n > 0 {
			alive := x.segs[n-1].docs - x.segs[n-1].gone
			if alive > 2*size || sum+alive > MaxSegment {
				break
			}
			n, sum = n-1, sum+alive
		}
		if from-n < mergeStored && (n == from || sum < MaxSegment/2) {
			break
		}
		from, size = n, sum
	}
	x.mu.RUnlock()
	return x.rewrite(ctx, x.segs[from:], true, read)
}

// mergeStored is the number of segments of like size that are merged with the
// tail.
const mergeStored = 3

// Without is the change by which nothing of contacts is left in the segments
// but what read yields. The manifest is always another one, so that who has made
// a change of the one before sees it.
func (x *Stored) Without(ctx context.Context, ids []contacts.ID, read ReadContacts) (*Change, error) {
	docs, err := x.find(ctx, ids)
	if err != nil {
		return nil, err
	}
	var held []*storedSegment
	for i, s := range x.segs {
		if slices.ContainsFunc(docs[i], func(doc int) bool { return doc >= 0 }) {
			held = append(held, s)
		}
	}
	return x.rewrite(ctx, held, false, read)
}

// rewrite makes one segment of several, and of the tail with them if it is
// wanted.
func (x *Stored) rewrite(ctx context.Context, segs []*storedSegment, tail bool, read ReadContacts) (*Change, error) {
	y := &Stored{next: x.next + 1}
	var ids []contacts.ID
	a := x.ask()
	err := a.until(ctx, func() {
		ids, y.segs = ids[:0], y.segs[:0]
		for _, v := range a.views {
			if !slices.Contains(segs, v.s) {
				y.segs = append(y.segs, &storedSegment{number: v.s.number, blocks: v.s.blocks, docs: v.s.docs, dead: slices.Clone(v.s.dead)})
				continue
			}
			for doc := range uint32(v.s.docs) {
				if !v.s.dead.has(doc) {
					order, _ := v.doc(doc)
					ids = append(ids, orderID(order))
				}
			}
		}
		if tail && len(segs) > 0 {
			ids = append(ids, x.tail.alive()...)
		}
	})
	if err != nil {
		return nil, err
	}
	c := &Change{}
	for _, s := range segs {
		c.Drop = append(c.Drop, [2]int64{s.block(0), s.block(segmentBlocks)})
	}
	if tail && len(segs) == 0 {
		if s := x.tail.whole(); s != nil {
			y.add(c, s)
		}
	} else {
		b := newBuilder()
		for part := range slices.Chunk(ids, 1000) {
			for one, err := range read(part) {
				if err != nil {
					return nil, err
				}
				b.add(one)
			}
		}
		if len(b.ids) > 0 {
			y.add(c, b.segment())
		}
	}
	c.Manifest = y.manifest(y.segs)
	return c, nil
}

// whole is one segment of all that is in the index, nil for nothing.
func (x *Index) whole() *segment {
	x.Compact()
	x.mu.RLock()
	segs := x.segs
	x.mu.RUnlock()
	switch {
	case len(segs) > 1 || len(segs) == 1 && segs[0].gone > 0: // somebody wrote in between
		return mergeSegments(segs, x.graves(segs))
	case len(segs) == 1:
		return segs[0]
	}
	return nil
}

// alive are the ids of all that is in the index.
func (x *Index) alive() (ids []contacts.ID) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	for _, s := range x.segs {
		for doc := range uint32(s.docs) {
			if !s.dead.has(doc) {
				ids = append(ids, s.ids.id(doc))
			}
		}
	}
	return ids
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
