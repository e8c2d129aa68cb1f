package memstore

import (
	"slices"
	"sort"
	"sync/atomic"

	"github.com/extcontacts/extcontacts/contacts"
)

// order is the places of a table in ascending order of id: a list of sorted
// blocks. Ids mostly ascend, so that an insertion is an append to the last
// block; any other copies a block, and with the first of a batch the list.
// Readers follow the list that was published last.
type order struct {
	shown  atomic.Pointer[[]*block]
	blocks []*block        // as they will be shown
	own    map[*block]bool // blocks that nobody has seen; not nil: nor the list
	grown  bool            // the list is to be shown
}

// block is places in order. What stands in it is never altered once it is
// shown; more may be appended.
type block struct {
	n      atomic.Int32
	places [blockSize]uint32
}

const blockSize = 512

func newBlock(places ...uint32) *block {
	b := &block{}
	b.n.Store(int32(copy(b.places[:], places)))
	return b
}

func (b *block) all() []uint32 { return b.places[:b.n.Load()] }

func (b *block) push(place uint32) {
	n := b.n.Load()
	b.places[n] = place
	b.n.Store(n + 1)
}

func (o *order) insert(place uint32, t *table) {
	id := t.at(place).id
	if len(o.blocks) == 0 {
		o.blocks, o.grown = append(o.blocks, newBlock(place)), true
		return
	}
	last := o.blocks[len(o.blocks)-1]
	if all := last.all(); id > t.at(all[len(all)-1]).id {
		if len(all) < blockSize {
			last.push(place)
		} else {
			o.blocks, o.grown = append(o.blocks, newBlock(place)), true // behind what readers have
		}
		return
	}
	if o.own == nil {
		o.own, o.blocks, o.grown = map[*block]bool{}, slices.Clone(o.blocks), true
	}
	n, i := after(o.blocks, id, t)
	all := o.blocks[n].all()
	if len(all) == blockSize {
		half := blockSize / 2
		left, right := newBlock(all[:half]...), newBlock(all[half:]...)
		o.own[left], o.own[right] = true, true
		o.blocks[n] = left
		o.blocks = slices.Insert(o.blocks, n+1, right)
		if i > half {
			n, i = n+1, i-half
		}
	} else if !o.own[o.blocks[n]] {
		o.blocks[n] = newBlock(all...)
		o.own[o.blocks[n]] = true
	}
	b := o.blocks[n]
	b.push(0)
	all = b.all()
	copy(all[i+1:], all[i:])
	all[i] = place
}

// show shows readers what was inserted.
func (o *order) show() {
	if o.grown {
		blocks := o.blocks
		o.shown.Store(&blocks)
	}
	o.own, o.grown = nil, false
}

// after finds the block and the place in it of the first id greater than the
// given one: where one that is not in the table yet would stand.
func after(blocks []*block, id contacts.ID, t *table) (b, i int) {
	if len(blocks) == 0 {
		return 0, 0
	}
	// The last block whose first id is not greater, else the first block.
	b = max(0, sort.Search(len(blocks), func(b int) bool { return t.at(blocks[b].places[0]).id > id })-1)
	all := blocks[b].all()
	i = sort.Search(len(all), func(i int) bool { return t.at(all[i]).id > id })
	return b, i
}

// item is a contact that a scan met.
type item struct {
	id   contacts.ID
	data string
}

// next appends to dst up to n contacts with an id greater than from, in order,
// as they were after the entry seq.
func (o *order) next(dst []item, from contacts.ID, n int, t *table, seq int64) []item {
	shown := o.shown.Load()
	if shown == nil {
		return dst
	}
	blocks := *shown
	b, i := after(blocks, from, t)
	for ; b < len(blocks); b, i = b+1, 0 {
		for _, place := range blocks[b].all()[i:] {
			if n == 0 {
				return dst
			}
			r := t.at(place)
			if v := r.at(seq); v != nil {
				dst = append(dst, item{r.id, v.value.data})
				n--
			}
		}
	}
	return dst
}
