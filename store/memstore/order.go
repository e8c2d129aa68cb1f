package memstore

import (
	"slices"
	"sort"

	"github.com/extcontacts/extcontacts/contacts"
)

// order is the places of a table in ascending order of id: a list of sorted
// blocks. Ids mostly ascend, so that an insertion is an append to the last
// block; any other moves half a block at most, or splits one.
type order struct {
	blocks [][]uint32
}

const blockSize = 512

func (o *order) insert(place uint32, t *table) {
	id := t.at(place).id
	if len(o.blocks) == 0 {
		o.blocks = append(o.blocks, []uint32{place})
		return
	}
	b := len(o.blocks) - 1
	last := o.blocks[b]
	if id > t.at(last[len(last)-1]).id {
		if len(last) < blockSize {
			o.blocks[b] = append(last, place)
		} else {
			o.blocks = append(o.blocks, append(make([]uint32, 0, blockSize), place))
		}
		return
	}
	b, i := o.after(id, t)
	block := slices.Insert(o.blocks[b], i, place)
	o.blocks[b] = block
	if len(block) > blockSize {
		half := len(block) / 2
		right := append(make([]uint32, 0, blockSize), block[half:]...)
		o.blocks[b] = block[:half]
		o.blocks = slices.Insert(o.blocks, b+1, right)
	}
}

// after finds the block and the place in it of the first id greater than the
// given one: where one that is not in the table yet would stand.
func (o *order) after(id contacts.ID, t *table) (b, i int) {
	// The last block whose first id is not greater, else the first block.
	b = max(0, sort.Search(len(o.blocks), func(b int) bool { return t.at(o.blocks[b][0]).id > id })-1)
	if len(o.blocks) == 0 {
		return 0, 0
	}
	block := o.blocks[b]
	i = sort.Search(len(block), func(i int) bool { return t.at(block[i]).id > id })
	return b, i
}

// item is a contact that a scan met.
type item struct {
	id   contacts.ID
	data string
}

// next appends to dst up to n contacts with an id greater than after, in
// order, as they were after the entry seq.
func (o *order) next(dst []item, after contacts.ID, n int, t *table, seq int64) []item {
	b, i := o.after(after, t)
	for ; b < len(o.blocks); b, i = b+1, 0 {
		for _, place := range o.blocks[b][i:] {
			if n == 0 {
				return dst
			}
			r := t.at(place)
			if v, _ := r.at(seq); v != nil {
				dst = append(dst, item{r.id, v.data})
				n--
			}
		}
	}
	return dst
}
