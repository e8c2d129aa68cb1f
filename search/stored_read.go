package search

import (
	"bytes"
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"sort"
	"sync"

	"github.com/extcontacts/extcontacts/contacts"
)

// ErrStored is what errors of a [Stored] wrap where its blocks are not there,
// of another version or damaged: make it anew.
var ErrStored = errors.New("search: blocks are missing or damaged")

func damaged(what string) error { return fmt.Errorf("%w: %s", ErrStored, what) }

// storedSegment is the index of a stored segment.
type storedSegment struct {
	number   int64 // the upper part of the numbers of its blocks
	blocks   int
	docs     int
	shortest int
	firsts   []string // the first key of each block of keys
	orders   []string // the first place in the order of each block of documents
	hidden   marks    // dead or not live
	dead     marks
	gone     int
}

// segmentBlocks is the number of blocks that a segment may have.
const segmentBlocks = 1 << 24

func (s *storedSegment) block(i int) int64 { return s.number*segmentBlocks + int64(i) }

// docBlock is the number of the block of a document.
func (s *storedSegment) docBlock(doc uint32) int64 {
	return s.block(1 + len(s.firsts) + int(doc/blockDocs))
}

func (s *storedSegment) kill(doc uint32) {
	if !s.dead.has(doc) {
		s.dead.set(doc)
		s.hidden.set(doc)
		s.gone++
	}
}

// eater eats varints and texts from the front of bytes.
type eater struct {
	b   []byte
	bad bool
}

func (e *eater) number() int {
	n, size := binary.Uvarint(e.b)
	if size <= 0 || n > 1<<40 {
		e.b, e.bad = nil, true
		return 0
	}
	e.b = e.b[size:]
	return int(n)
}

func (e *eater) take(n int) []byte {
	if n < 0 || n > len(e.b) {
		e.b, e.bad = nil, true
		return nil
	}
	t := e.b[:n:n]
	e.b = e.b[n:]
	return t
}

func (e *eater) text() []byte { return e.take(e.number()) }

// parseIndexBlock reads the first block of a segment.
func parseIndexBlock(number int64, blocks int, b []byte) (*storedSegment, error) {
	e := eater{b: b}
	s := &storedSegment{number: number, blocks: blocks, docs: e.number(), shortest: e.number()}
	hidden := e.text()
	for _, list := range []*[]string{&s.firsts, &s.orders} {
		n := e.number()
		if n > len(e.b) {
			return nil, damaged("an index block")
		}
		for range n {
			*list = append(*list, string(e.text()))
		}
	}
	if e.bad || len(e.b) > 0 || s.docs > blocks*blockDocs || 1+len(s.firsts)+len(s.orders) != blocks || len(s.orders) != (s.docs+blockDocs-1)/blockDocs {
		return nil, damaged("an index block")
	}
	s.dead, s.hidden = newMarks(s.docs), newMarks(s.docs)
	for doc := uint64(0); len(hidden) > 0; {
		d, n := binary.Uvarint(hidden)
		if doc += d; n <= 0 || doc >= uint64(s.docs) {
			return nil, damaged("an index block")
		}
		hidden = hidden[n:]
		s.hidden.set(uint32(doc))
	}
	return s, nil
}

// keyBlock is a block of keys as it is read: the keys and the values, and where
// each ends. Of a block of documents it has the bytes alone.
type keyBlock struct {
	data []byte // as it is stored, where the values are
	keys []byte
	ends []keyEnd
}

type keyEnd struct{ key, from, to uint32 }

func (b *keyBlock) size() int { return len(b.data) + len(b.keys) + 12*len(b.ends) }

func (b *keyBlock) key(i int) []byte {
	if i == 0 {
		return b.keys[:b.ends[0].key]
	}
	return b.keys[b.ends[i-1].key:b.ends[i].key]
}

func (b *keyBlock) value(i int) []byte {
	e := b.ends[i]
	return b.data[e.from:e.to:e.to]
}

// first is the place of the first key that is not less.
func (b *keyBlock) first(key []byte) int {
	return sort.Search(len(b.ends), func(i int) bool { return bytes.Compare(b.key(i), key) >= 0 })
}

func parseKeyBlock(data []byte) (*keyBlock, error) {
	b := &keyBlock{data: data, keys: make([]byte, 0, 2*len(data))}
	last := 0 // where the key before begins
	for e := (eater{b: data}); len(e.b) > 0; {
		shared, more, size := e.number(), e.number(), e.number()
		key := e.take(more)
		at := len(data) - len(e.b)
		e.take(size)
		if e.bad || shared > len(b.keys)-last {
			return nil, damaged("a block of keys")
		}
		from := len(b.keys)
		b.keys = append(append(b.keys, b.keys[last:last+shared]...), key...)
		last = from
		b.ends = append(b.ends, keyEnd{uint32(len(b.keys)), uint32(at), uint32(at + size)})
	}
	b.keys, b.ends = tight(b.keys), tight(b.ends)
	return b, nil
}

// doc is the place of a document in the order, and its digits.
func (b *keyBlock) doc(doc uint32) (order, digits []byte, ok bool) {
	i := int(doc % blockDocs)
	if len(b.data) < 4*i+8 {
		return nil, nil, false
	}
	from, to := binary.LittleEndian.Uint32(b.data[4*i:]), binary.LittleEndian.Uint32(b.data[4*i+4:])
	if from > to || int(to) > len(b.data) {
		return nil, nil, false
	}
	e := eater{b: b.data[from:to]}
	order = e.text()
	return order, e.b, !e.bad
}

// orderID is the id at the end of a place in the order.
func orderID(order []byte) contacts.ID {
	i := bytes.IndexByte(order, 1)
	if j := bytes.IndexByte(order[i+1:], 1); i >= 0 && j >= 0 {
		return contacts.ID(order[i+1+j+1:])
	}
	return ""
}

// Blocks is where the blocks of a [Stored] are kept.
type Blocks struct {
	// Read reads blocks by their numbers, nil for each that is not there.
	Read func(ctx context.Context, numbers []int64) ([][]byte, error)
	// Cache keeps what was read last. It may be shared by many indexes, which
	// Space tells from each other, and by the versions of one: a block never
	// changes but by [Stored.Without], and one from before that will do.
	Cache *BlockCache
	Space int64
}

func (b *Blocks) get(number int64) *keyBlock    { return b.Cache.get(blockKey{b.Space, number}) }
func (b *Blocks) put(number int64, k *keyBlock) { b.Cache.put(blockKey{b.Space, number}, k) }

type blockKey struct{ space, number int64 }

// BlockCache keeps the blocks that were used last.
type BlockCache struct {
	mu         sync.Mutex
	limit      int
	young, old map[blockKey]*keyBlock // what was used in this half of the cache, and in the one before
	size       int                    // of young
}

// NewBlockCache returns a cache of so many bytes, more or less.
func NewBlockCache(bytes int) *BlockCache {
	return &BlockCache{limit: bytes / 2, young: map[blockKey]*keyBlock{}}
}

func (c *BlockCache) get(key blockKey) *keyBlock {
	c.mu.Lock()
	defer c.mu.Unlock()
	if b := c.young[key]; b != nil {
		return b
	}
	b := c.old[key]
	if b != nil {
		c.add(key, b)
	}
	return b
}

func (c *BlockCache) put(key blockKey, b *keyBlock) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.add(key, b)
}

func (c *BlockCache) add(key blockKey, b *keyBlock) {
	if c.size += b.size(); c.size > c.limit {
		c.old, c.young, c.size = c.young, map[blockKey]*keyBlock{}, b.size()
	}
	c.young[key] = b
}

// view looks at the blocks of a segment that are at hand and notes those that
// are missing.
type view struct {
	s       *storedSegment
	blocks  *Blocks
	missing []int64
	pinned  map[int64]*keyBlock // read for the query at hand
}

func (v *view) block(number int64) *keyBlock {
	if b := v.pinned[number]; b != nil {
		return b
	}
	if b := v.blocks.get(number); b != nil {
		return b
	}
	v.missing = append(v.missing, number)
	return nil
}

// at is the block of keys where a key is, or would be.
func (s *storedSegment) at(key []byte) int {
	from, to := 0, len(s.firsts)
	for from < to {
		if mid := (from + to) / 2; s.firsts[mid] <= string(key) {
			from = mid + 1
		} else {
			to = mid
		}
	}
	return max(from-1, 0)
}

// get is the value of a key; nil for none, or where the block is missing.
func (v *view) get(key []byte) []byte {
	if len(v.s.firsts) == 0 {
		return nil
	}
	b := v.block(v.s.block(1 + v.s.at(key)))
	if b == nil {
		return nil
	}
	if i := b.first(key); i < len(b.ends) && bytes.Equal(b.key(i), key) {
		return b.value(i)
	}
	return nil
}

// each calls f with the keys that are not less than from and less than to, as
// far as their blocks are at hand.
func (v *view) each(from, to []byte, f func(key, value []byte)) {
	for i := v.s.at(from); i < len(v.s.firsts) && v.s.firsts[i] < string(to); i++ {
		b := v.block(v.s.block(1 + i))
		if b == nil {
			continue
		}
		for k := b.first(from); k < len(b.ends); k++ {
			key := b.key(k)
			if bytes.Compare(key, to) >= 0 {
				return
			}
			f(key, b.value(k))
		}
	}
}

// prefixed is each for the keys that begin so. Keys are texts in UTF-8: none
// has the byte 255.
func (v *view) prefixed(prefix []byte, f func(key, value []byte)) {
	v.each(prefix, append(bytes.Clone(prefix), 0xff), f)
}

// doc is the place of a document in the order and its digits, nil where the
// block is missing.
func (v *view) doc(doc uint32) (order, digits []byte) {
	if b := v.block(v.s.docBlock(doc)); b != nil {
		order, digits, _ = b.doc(doc)
	}
	return order, digits
}

// find is the document of an id, -1 for none.
func (v *view) find(id contacts.ID) int {
	value := v.get(append([]byte{idKey}, id...))
	if value == nil {
		return -1
	}
	if n, size := binary.Uvarint(value); size > 0 && n < uint64(v.s.docs) {
		return int(n)
	}
	return -1
}
