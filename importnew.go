package extcontacts

// newKeys remembers, as a Bloom filter, the keys that an import into an empty
// workspace has written or is about to. Every batch claims its place in the log, so nobody
// else can have written any: a key that is not in the filter has no holder,
// and the store need not be asked. False positives only cost a look-up.
type newKeys struct {
	blocks [][8]uint64
}

// newKeysBlocks blocks of 512 bits are enough for three million keys at a false
// positive rate of three in a hundred, and cost 4 MiB.
const newKeysBlocks = 1 << 16

func makeNewKeys() *newKeys {
	return &newKeys{make([][8]uint64, newKeysBlocks)}
}

// place yields the block of a key by its hash, which is one line of the processor's cache,
// and four times the place of a bit in it, nine bits each.
func (n *newKeys) place(hash uint64) (block *[8]uint64, bits uint64) {
	return &n.blocks[hash%newKeysBlocks], hash >> 16
}

func (n *newKeys) add(hash uint64) {
	block, bits := n.place(hash)
	for range 4 {
		block[bits>>6&7] |= 1 << (bits & 63)
		bits >>= 9
	}
}

func (n *newKeys) mayHave(hash uint64) bool {
	block, bits := n.place(hash)
	for range 4 {
		if block[bits>>6&7]&(1<<(bits&63)) == 0 {
			return false
		}
		bits >>= 9
	}
	return true
}
