package extcontacts

import (
	"fmt"
	"hash/maphash"
	"slices"
	"testing"

	"github.com/extcontacts/extcontacts/contacts"
)

// SetManyKeys is for tests of what becomes of many keys, with few.
func SetManyKeys(n int) (undo func()) {
	old := manyKeys
	manyKeys = n
	return func() { manyKeys = old }
}

// TestNewKeys notes keys, some held by several, beside a map; then so many that
// only a filter of them is left.
func TestNewKeys(t *testing.T) {
	seed := maphash.MakeSeed()
	hash := func(i int) uint64 { return maphash.Comparable(seed, i) }
	n := makeNewKeys()
	want := map[int][]contacts.ID{}
	for i := range 30_000 {
		id := contacts.ID(fmt.Sprint("contact ", i))
		place := n.place(id)
		for _, k := range []int{i, i / 2 * 7, i % 5} {
			n.hold(hash(k), place)
			n.hold(hash(k), place) // once more changes nothing
			if !slices.Contains(want[k], id) && k >= 5 {
				want[k] = append(want[k], id)
			}
		}
	}
	for k, ids := range want {
		slices.Sort(ids)
		if got := n.holders(hash(k)); !slices.Equal(got, ids) {
			t.Fatalf("key %d: %q, not %q", k, got, ids)
		}
	}
	if got := len(n.holders(hash(0))); got != 6_001 {
		t.Errorf("the key of many has %d holders", got)
	}
	if n.limit() || !n.knowsHolders() {
		t.Error("few keys are too many")
	}
	for i := 1_000_000; n.used <= manyKeys; i++ {
		n.hold(hash(i), 1)
	}
	if !n.limit() || n.knowsHolders() {
		t.Error("many keys are not too many")
	}
	for k := range want {
		if !n.mayHave(hash(k)) {
			t.Fatalf("key %d is not in the filter", k)
		}
	}
	n.add(hash(-1))
	if !n.mayHave(hash(-1)) {
		t.Error("a key that was added is not in the filter")
	}
	wrong := 0
	for i := range 100_000 {
		if n.mayHave(hash(-2 - i)) {
			wrong++
		}
	}
	if wrong > 1000 {
		t.Errorf("%d of 100,000 keys are in the filter", wrong)
	}
}
