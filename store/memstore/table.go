package memstore

import (
	"hash/maphash"
	"strings"
	"sync/atomic"

	"github.com/extcontacts/extcontacts/contacts"
)

// table holds the contacts. A contact never leaves it, so its place, once
// given, is its for ever. One writer at a time puts contacts in; any number of
// readers read them meanwhile without a lock: what they follow, from the index
// to the page to the version, is published by atomic stores and never altered
// afterwards.
type table struct {
	seed  maphash.Seed
	index atomic.Pointer[[]atomic.Uint64] // open addressing: the upper half of the id's hash, and place + 1; or 0
	pages list[*page]
	size  uint32 // of the writer

	order order
}

const pageSize = 1024

type page [pageSize]row

// row is one contact: a [cell], with the last entry beside it, so that most
// reads look no further. What they look at stands together.
type row struct {
	id    contacts.ID
	last  atomic.Pointer[version[stored]]
	seq   atomic.Int64 // that of the last version, stored before it
	first atomic.Int64 // the first log entry with changes of the contact, 0 if none
	later list[int64]  // the others, ascending
}

// stored is a contact as a batch wrote it.
type stored struct {
	data string // as contacts.AppendEncoded writes it; never altered
	rev  int64
}

func (t *table) init() {
	t.seed = maphash.MakeSeed()
	index := make([]atomic.Uint64, 16)
	t.index.Store(&index)
}

func (t *table) at(place uint32) *row { return &t.pages.all()[place/pageSize][place%pageSize] }

func (t *table) hash(id contacts.ID) uint64 { return maphash.String(t.seed, string(id)) }

func (t *table) find(id contacts.ID) *row {
	index := *t.index.Load()
	mask := uint64(len(index) - 1)
	h := t.hash(id)
	for i := h & mask; ; i = (i + 1) & mask {
		slot := index[i].Load()
		if slot == 0 {
			return nil
		}
		if (slot^h)>>32 == 0 {
			if r := t.at(uint32(slot) - 1); r.id == id {
				return r
			}
		}
	}
}

// at returns the contact as it was after an entry, nil where there was none.
func (r *row) at(seq int64) *version[stored] {
	v := r.last.Load()
	if r.seq.Load() <= seq { // so the last version is, and was when it was loaded
		return v
	}
	for v != nil && v.seq > seq {
		v = v.before.Load()
	}
	return v
}

func (r *row) trim() { r.last.Load().before.Store(nil) }

// rev is the revision of a contact, 0 where there is none.
func (t *table) rev(id contacts.ID) int64 {
	if r := t.find(id); r != nil {
		return r.last.Load().value.rev
	}
	return 0
}

// put writes a contact and returns its place. Readers see it when head is seq.
func (t *table) put(id contacts.ID, rev int64, data string, seq int64, e *epoch) uint32 {
	v := &version[stored]{value: stored{data, rev}, seq: seq}
	index := *t.index.Load()
	mask := uint64(len(index) - 1)
	h := t.hash(id)
	i := h & mask
	for ; ; i = (i + 1) & mask {
		slot := index[i].Load()
		if slot == 0 {
			break
		}
		if (slot^h)>>32 != 0 {
			continue
		}
		place := uint32(slot) - 1
		if r := t.at(place); r.id == id {
			v.before.Store(r.last.Load())
			r.seq.Store(seq)
			r.last.Store(v)
			e.trail = append(e.trail, r)
			return place
		}
	}
	place := t.size
	if place%pageSize == 0 {
		t.pages.push(new(page))
	}
	t.size++
	r := t.at(place)
	r.id = contacts.ID(strings.Clone(string(id))) // it may be a part of a large text
	r.seq.Store(seq)
	r.last.Store(v)
	index[i].Store(h>>32<<32 | uint64(place+1))
	if uint64(t.size)*4 > uint64(len(index))*3 {
		t.grow(2 * len(index))
	}
	t.order.insert(place, t)
	return place
}

// grow makes an index of n slots.
func (t *table) grow(n int) {
	index := make([]atomic.Uint64, n)
	mask := uint64(n - 1)
	for place := range t.size {
		h := t.hash(t.at(place).id)
		i := h & mask
		for ; index[i].Load() != 0; i = (i + 1) & mask {
		}
		index[i].Store(h>>32<<32 | uint64(place+1))
	}
	t.index.Store(&index)
}

// all yields the last version of every contact; nobody may write meanwhile.
func (t *table) all(yield func(place uint32, r *row) bool) {
	for place := range t.size {
		if !yield(place, t.at(place)) {
			return
		}
	}
}
