package memstore

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"sync"
	"sync/atomic"

	"github.com/extcontacts/extcontacts/contacts"
)

// keySum stands for an identity key: half of the SHA-256 over the store's
// random seed and the key. Two keys with one sum cannot be found by searching
// nor met by chance.
type keySum [16]byte

func (s *Store) sum(k contacts.Key) (sum keySum) {
	var buf [256]byte
	b := append(buf[:0], s.seed[:]...)
	b = binary.AppendUvarint(b, uint64(len(k.Kind)))
	b = append(append(b, k.Kind...), k.Value...)
	d := sha256.Sum256(b)
	copy(sum[:], d[:])
	return sum
}

// keyTable holds which contacts, by their place, hold which key. Readers follow
// it as they do [table].
type keyTable struct {
	index atomic.Pointer[[]atomic.Uint32] // open addressing by the sum: row + 1, or 0
	pages list[*keyPage]
	size  uint32   // of the writer, as is
	bare  uint32   // the number of rows that nobody holds
	many  sync.Map // row -> *cell[[]uint32], where the word of the row is manyHold
}

type keyPage [pageSize]keyRow

// keyRow is one key. Most have had one holder and nobody before: its place + 1
// stands in the word, or 0 for nobody, above it the entry since which that is
// so, of which there are less than 1<<31 in any memory. All others have a cell
// with the places, ascending; a row that need not have one gives it up again.
type keyRow struct {
	sum  keySum
	word atomic.Uint64
}

const manyHold = 1 << 63

func newKeyTable() *keyTable {
	t := &keyTable{}
	t.resize(16)
	return t
}

// resize makes an index of n slots.
func (t *keyTable) resize(n int) {
	index := make([]atomic.Uint32, n)
	t.index.Store(&index)
	for n := range t.size {
		slot, _ := t.slot(t.row(n).sum)
		slot.Store(n + 1)
	}
}

func (t *keyTable) row(n uint32) *keyRow { return &t.pages.all()[n/pageSize][n%pageSize] }

// slot finds the place of a key in the index, and its row + 1 or 0.
func (t *keyTable) slot(k keySum) (slot *atomic.Uint32, row uint32) {
	index := *t.index.Load()
	mask := uint64(len(index) - 1)
	for i := binary.LittleEndian.Uint64(k[:]) & mask; ; i = (i + 1) & mask {
		slot = &index[i]
		if row = slot.Load(); row == 0 || t.row(row-1).sum == k {
			return slot, row
		}
	}
}

// holders returns the places of the holders after an entry. The list must not
// be altered.
func (t *keyTable) holders(k keySum, seq int64) []uint32 {
	_, n := t.slot(k)
	if n == 0 {
		return nil
	}
	for r := t.row(n - 1); ; {
		word := r.word.Load()
		if word&manyHold != 0 {
			if c, ok := t.many.Load(n - 1); ok {
				return c.(*cell[[]uint32]).at(seq)
			}
			continue // it was given up just now
		}
		if place := uint32(word); place != 0 && int64(word>>32) <= seq {
			return []uint32{place - 1}
		}
		return nil
	}
}

// change gives a key the holders that f makes of those it has, if it says so;
// f must not alter them. Readers see them when the head is seq.
func (t *keyTable) change(k keySum, seq int64, e *epoch, f func(places []uint32) ([]uint32, bool)) {
	slot, n := t.slot(k)
	if n == 0 {
		if places, ok := f(nil); ok {
			t.push(slot, k, uint64(seq)<<32|uint64(places[0]+1))
		}
		return
	}
	n--
	word := t.row(n).word.Load()
	if word&manyHold != 0 {
		have, _ := t.many.Load(n)
		c := have.(*cell[[]uint32])
		if places, ok := f(c.now()); ok {
			c.put(places, seq, e)
			e.trail = append(e.trail, &manyHeld{t, n, c})
		}
		return
	}
	var before []uint32
	if place := uint32(word); place != 0 {
		before = []uint32{place - 1}
	}
	places, ok := f(before)
	if !ok {
		return
	}
	if len(before) == 0 {
		t.bare--
	}
	c := &cell[[]uint32]{}
	c.put(before, int64(word>>32), e)
	c.put(places, seq, e)
	t.many.Store(n, c)
	t.row(n).word.Store(manyHold)
	e.trail = append(e.trail, &manyHeld{t, n, c})
}

// push adds the row of a key that has none.
func (t *keyTable) push(slot *atomic.Uint32, k keySum, word uint64) {
	if t.size%pageSize == 0 {
		t.pages.push(new(keyPage))
	}
	r := t.row(t.size)
	t.size++
	r.sum = k
	r.word.Store(word)
	slot.Store(t.size)
	if n := len(*t.index.Load()); uint64(t.size)*4 > uint64(n)*3 {
		t.resize(2 * n)
	}
}

// manyHeld is a row with a cell, which it gives up where one word will do.
type manyHeld struct {
	t   *keyTable
	row uint32
	c   *cell[[]uint32]
}

func (m *manyHeld) trim() {
	m.c.trim()
	last := m.c.last.Load()
	if has, ok := m.t.many.Load(m.row); !ok || has != m.c || len(last.value) > 1 {
		return
	}
	word := uint64(last.seq) << 32
	if len(last.value) == 1 {
		word |= uint64(last.value[0] + 1)
	} else {
		m.t.bare++
	}
	m.t.row(m.row).word.Store(word)
	m.t.many.Delete(m.row)
}

func (t *keyTable) add(k keySum, place uint32, seq int64, e *epoch) {
	t.change(k, seq, e, func(places []uint32) ([]uint32, bool) {
		i, found := slices.BinarySearch(places, place)
		switch {
		case found:
			return nil, false
		case i == len(places):
			return append(places, place), true // behind what readers have
		}
		return slices.Concat(places[:i], []uint32{place}, places[i:]), true
	})
}

func (t *keyTable) drop(k keySum, place uint32, seq int64, e *epoch) {
	t.change(k, seq, e, func(places []uint32) ([]uint32, bool) {
		i, found := slices.BinarySearch(places, place)
		if !found {
			return nil, false
		}
		return slices.Concat(places[:i], places[i+1:]), true
	})
}

// compact returns a table without the rows that nobody holds, where they are
// most; otherwise this one.
func (t *keyTable) compact(e *epoch) *keyTable {
	if t.size < pageSize || t.bare <= t.size/2 {
		return t
	}
	fresh := newKeyTable()
	for n := range t.size {
		r := t.row(n)
		word := r.word.Load()
		if word&manyHold == 0 && uint32(word) == 0 {
			continue
		}
		if c, ok := t.many.Load(n); ok {
			fresh.many.Store(fresh.size, c)
			e.trail = append(e.trail, &manyHeld{fresh, fresh.size, c.(*cell[[]uint32])})
		}
		slot, _ := fresh.slot(r.sum)
		fresh.push(slot, r.sum, word)
	}
	return fresh
}
