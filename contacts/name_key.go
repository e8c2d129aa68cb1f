package contacts

import "github.com/extcontacts/extcontacts/internal/tables"

// nameKey is a folded name and the row it stands for.
type nameKey struct {
	key string
	row uint8
}

// foldBuffer holds the key of any name of usual length without an allocation.
type foldBuffer [tables.MaxName + 64]byte

// findName looks a folded name up in one of the generated tables; -1 when it is not there.
func findName(keys []nameKey, slots []uint16, folded []byte) int {
	if len(folded) == 0 {
		return -1
	}
	mask := uint32(len(slots) - 1) // the size is a power of two, and half of the slots are free
	for h := tables.Hash(folded) & mask; slots[h] != 0; h = (h + 1) & mask {
		if k := keys[slots[h]-1]; k.key == string(folded) {
			return int(k.row)
		}
	}
	return -1
}

// letterPair returns the place of two letters, of any case, in a table of 26 by 26; ok is false for other bytes.
func letterPair(s string) (int, bool) {
	a, b := s[0]|0x20-'a', s[1]|0x20-'a'
	return int(a)*26 + int(b), a < 26 && b < 26
}
