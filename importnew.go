package extcontacts

import (
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
)

// newKeys remembers the keys that an import into an empty workspace has written
// or is about to. Every batch claims its place in the log, so nobody else can
// have written any, and the store need not be asked: a key that is not here has
// no holder. As long as the keys are not too many it is known who may hold
// them, too; later they are a Bloom filter, and the store is asked for those
// that it has: false positives only cost a look-up.
type newKeys struct {
	// slots are a hash table with open addressing: the tag of a key and, in the
	// low bits, the place of its first holder. Who looks there asks whether the
	// contact has the key: it may have lost it, or another key have the same
	// tag.
	slots []uint64
	used  int
	more  map[uint64][]int32 // further holders, by the tag
	// ids has the ids of the holders, one behind the other, and ends where each
	// of them ends: that of a place behind that of the place before.
	ids  []byte
	ends []uint32

	blocks [][8]uint64 // the filter, once there are no slots
}

// manyKeys are as many as the table may have, which has 8 MiB then.
var manyKeys = 1 << 19

const (
	placeBits = 24
	// newKeysBlocks blocks of 512 bits are enough for three million keys at a
	// false positive rate of three in a hundred, and cost 4 MiB.
	newKeysBlocks = 1 << 16
)

func makeNewKeys() *newKeys {
	return &newKeys{slots: make([]uint64, 1<<10), more: map[uint64][]int32{}, ends: []uint32{0}}
}

// knowsHolders reports whether it is known who may hold the keys.
func (n *newKeys) knowsHolders() bool { return n != nil && n.slots != nil }

// limit turns the table into a filter where the keys are too many by now, and
// reports whether it did.
func (n *newKeys) limit() bool {
	if !n.knowsHolders() || n.used <= manyKeys {
		return false
	}
	slots := n.slots
	*n = newKeys{blocks: make([][8]uint64, newKeysBlocks)}
	for _, s := range slots {
		if s != 0 {
			n.mark(s >> placeBits)
		}
	}
	return true
}

// place makes a place for a holder.
func (n *newKeys) place(id contacts.ID) int32 {
	n.ids = append(doubled(n.ids, len(id)), id...)
	n.ends = append(doubled(n.ends, 1), uint32(len(n.ids)))
	return int32(len(n.ends) - 1)
}

// doubled makes room for n more values; a list that has no more is copied fewer
// times than append would.
func doubled[T any](list []T, n int) []T {
	if cap(list)-len(list) < n {
		return slices.Grow(list, max(n, len(list), 1024))
	}
	return list
}

func (n *newKeys) idAt(place int32) contacts.ID {
	return contacts.ID(n.ids[n.ends[place-1]:n.ends[place]])
}

// slot is the one of a tag, or the empty one where it belongs.
func (n *newKeys) slot(tag uint64) *uint64 {
	last := uint64(len(n.slots) - 1)
	for at := tag & last; ; at = (at + 1) & last {
		if s := &n.slots[at]; *s == 0 || *s>>placeBits == tag {
			return s
		}
	}
}

// hold notes a key by its hash, and the place of who holds it.
func (n *newKeys) hold(hash uint64, place int32) {
	tag := hash >> placeBits
	s := n.slot(tag)
	switch {
	case *s == 0:
		*s = tag<<placeBits | uint64(place)
		if n.used++; n.used > len(n.slots)/4*3 {
			n.grow()
		}
	case int32(*s&(1<<placeBits-1)) != place && !slices.Contains(n.more[tag], place):
		n.more[tag] = append(n.more[tag], place)
	}
}

func (n *newKeys) grow() {
	old := n.slots
	n.slots = make([]uint64, 2*len(old))
	for _, s := range old {
		if s != 0 {
			*n.slot(s >> placeBits) = s
		}
	}
}

// holders are the contacts that may hold a key, by ascending id.
func (n *newKeys) holders(hash uint64) []contacts.ID {
	tag := hash >> placeBits
	s := *n.slot(tag)
	if s == 0 {
		return nil
	}
	ids := []contacts.ID{n.idAt(int32(s & (1<<placeBits - 1)))}
	for _, place := range n.more[tag] {
		ids = append(ids, n.idAt(place))
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// many reports whether a crowd may hold a key.
func (n *newKeys) many(hash uint64) bool {
	tag := hash >> placeBits
	return *n.slot(tag) != 0 && len(n.more[tag]) >= manyHolders
}

// bits yields the block of a key in the filter by its tag, which is one line of
// the processor's cache, and four times the place of a bit in it, nine bits
// each.
func (n *newKeys) bits(tag uint64) (block *[8]uint64, bits uint64) {
	const odd = 0x9e3779b97f4a7c15
	bits = tag * odd
	return &n.blocks[bits>>48], bits >> 8
}

func (n *newKeys) mark(tag uint64) {
	block, bits := n.bits(tag)
	for range 4 {
		block[bits>>6&7] |= 1 << (bits & 63)
		bits >>= 9
	}
}

// add notes a key by its hash in the filter.
func (n *newKeys) add(hash uint64) { n.mark(hash >> placeBits) }

func (n *newKeys) mayHave(hash uint64) bool {
	block, bits := n.bits(hash >> placeBits)
	for range 4 {
		if block[bits>>6&7]&(1<<(bits&63)) == 0 {
			return false
		}
		bits >>= 9
	}
	return true
}
