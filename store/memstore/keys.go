package memstore

import (
	"crypto/sha256"
	"encoding/binary"
	"slices"

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

// keyTable holds which contacts, by their place, hold which key. Most keys
// have one holder; the few with more are in many alone, in ascending order.
type keyTable struct {
	one  map[keySum]uint32
	many map[keySum][]uint32
}

// holders returns the places of the holders. The list must not be altered.
func (t *keyTable) holders(k keySum) []uint32 {
	if place, ok := t.one[k]; ok {
		return []uint32{place}
	}
	return t.many[k]
}

func (t *keyTable) add(k keySum, place uint32) {
	if list, ok := t.many[k]; ok {
		if i, found := slices.BinarySearch(list, place); !found {
			t.many[k] = slices.Insert(list, i, place)
		}
		return
	}
	other, ok := t.one[k]
	switch {
	case !ok:
		t.one[k] = place
	case other != place:
		delete(t.one, k)
		t.many[k] = []uint32{min(other, place), max(other, place)}
	}
}

func (t *keyTable) drop(k keySum, place uint32) {
	if other, ok := t.one[k]; ok {
		if other == place {
			delete(t.one, k)
		}
		return
	}
	list := t.many[k]
	i, found := slices.BinarySearch(list, place)
	if !found {
		return
	}
	if list = slices.Delete(list, i, i+1); len(list) > 1 {
		t.many[k] = list
		return
	}
	delete(t.many, k)
	t.one[k] = list[0]
}

func newKeyTable() keyTable {
	return keyTable{one: make(map[keySum]uint32), many: make(map[keySum][]uint32)}
}
