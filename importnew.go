package extcontacts

import (
	"hash/maphash"

	"github.com/extcontacts/extcontacts/contacts"
)

// newKeys remembers, as a Bloom filter, the keys that an import into an empty
// workspace has written. Every batch claims its place in the log, so nobody
// else can have written any: a key that is not in the filter has no holder,
// and the store need not be asked. False positives only cost a look-up.
type newKeys struct {
	seed maphash.Seed
	bits []uint64
}

// newKeysBits is enough for three million keys at a false positive rate of two
// in a hundred, and costs 4 MiB.
const newKeysBits = 1 << 25

func makeNewKeys() *newKeys {
	return &newKeys{maphash.MakeSeed(), make([]uint64, newKeysBits/64)}
}

// places yields four bits for a key.
func (n *newKeys) places(k contacts.Key) [4]uint64 {
	h := maphash.Comparable(n.seed, k)
	g := h>>32 | 1
	return [4]uint64{h % newKeysBits, (h + g) % newKeysBits, (h + 2*g) % newKeysBits, (h + 3*g) % newKeysBits}
}

func (n *newKeys) add(k contacts.Key) {
	for _, p := range n.places(k) {
		n.bits[p/64] |= 1 << (p % 64)
	}
}

func (n *newKeys) mayHave(k contacts.Key) bool {
	for _, p := range n.places(k) {
		if n.bits[p/64]&(1<<(p%64)) == 0 {
			return false
		}
	}
	return true
}
