package search

import (
	"context"
	"encoding/binary"
	"iter"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
)

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
		list := appendDeltas(nil, s.dead.all())
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
	return x.rewrite(ctx, &rewriting{segs: x.segs[from:], tail: true, read: read})
}

// mergeStored is the number of segments of like size that are merged with the
// tail.
const mergeStored = 3

// rewriting is what makes another version.
type rewriting struct {
	segs   []*storedSegment // to be made anew, as one
	ids    []contacts.ID    // contacts that join them
	tail   bool             // so does the tail
	dead   map[*storedSegment][]uint32
	change Change // of the blocks of the others
	read   ReadContacts
}

// rewrite makes one segment of several, and of what joins them.
func (x *Stored) rewrite(ctx context.Context, w *rewriting) (*Change, error) {
	y := &Stored{next: x.next + 1}
	var ids []contacts.ID
	a := x.ask()
	err := a.until(ctx, func() {
		ids, y.segs = append(ids[:0], w.ids...), y.segs[:0]
		for _, v := range a.views {
			if !slices.Contains(w.segs, v.s) {
				s := &storedSegment{number: v.s.number, blocks: v.s.blocks, docs: v.s.docs, dead: v.s.dead.with(w.dead[v.s])}
				y.segs = append(y.segs, s)
				continue
			}
			for doc := range uint32(v.s.docs) {
				if !v.s.dead.has(doc) {
					order, _ := v.doc(doc)
					ids = append(ids, orderID(order))
				}
			}
		}
		if w.tail && len(w.segs) > 0 {
			ids = append(ids, x.tail.alive()...)
		}
	})
	if err != nil {
		return nil, err
	}
	c := &w.change
	for _, s := range w.segs {
		c.Drop = append(c.Drop, [2]int64{s.block(0), s.block(segmentBlocks)})
	}
	if w.tail && len(w.segs) == 0 {
		if s := x.tail.whole(); s != nil {
			y.add(c, s)
		}
	} else {
		b := newBuilder()
		for part := range slices.Chunk(ids, 1000) {
			for one, err := range w.read(part) {
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
	segs := x.state.Load().segs
	switch {
	case len(segs) > 1 || len(segs) == 1 && segs[0].gone > 0: // somebody wrote in between
		return mergeSegments(segs)
	case len(segs) == 1:
		return segs[0]
	}
	return nil
}

// alive are the ids of all that is in the index.
func (x *Index) alive() (ids []contacts.ID) {
	for _, s := range x.state.Load().segs {
		for doc := range uint32(s.docs) {
			if !s.dead.has(doc) {
				ids = append(ids, s.ids.id(doc))
			}
		}
	}
	return ids
}
