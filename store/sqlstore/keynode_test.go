package sqlstore

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/extcontacts/extcontacts/contacts"
)

func testEntries(r *rand.Rand, n int) []keyEntry {
	return new(room).keyEntries(n, func(yield func(contacts.Key, contacts.ID)) {
		for range n {
			id := contacts.ID(fmt.Sprintf("%08x-0000-7000-8000-%012x", r.Uint32(), r.Uint64()>>16))
			if r.IntN(3) == 0 {
				id = contacts.ID(bytes.Repeat([]byte("é"), 1+r.IntN(127)))
			}
			yield(contacts.Key{Kind: contacts.PhoneKey, Value: fmt.Sprint(r.Uint64())}, id)
		}
	})
}

// TestKeyEntry checks that every id comes back out of an entry.
func TestKeyEntry(t *testing.T) {
	d := digestOf(contacts.Key{Kind: contacts.PhoneKey, Value: "+1"})
	for _, id := range []contacts.ID{"a", "018f3c2a-9d7b-7abc-8def-0123456789ab", "018F3C2A-9D7B-7ABC-8DEF-0123456789AB",
		"018f3c2a-9d7b-7abc-8def-0123456789ag", "018f3c2a-9d7b-7abc-8def--123456789ab", contacts.ID(bytes.Repeat([]byte{0}, 255)), "\x00"} {
		body := appendKeyEntry(nil, d, id)
		text, rest := cutKeyEntry(append(body, "rest"...))
		if holder(text) != id || digest(text) != d || string(rest) != "rest" {
			t.Errorf("%q came back as %q", id, holder(text))
		}
		for n := range body { // one that is cut off is none
			if text, _ := cutKeyEntry(body[:n]); text != nil {
				t.Errorf("%q: %d of %d bytes are an entry", id, n, len(body))
			}
		}
	}
}

// TestNodeNames checks that nodes of a path lie under each other.
func TestNodeNames(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	for range 1000 {
		prefix := r.Uint64()
		if nodeOf(prefix, 0) != 1 {
			t.Fatal("the root is not 1")
		}
		for level := 1; level < keyLevels; level++ {
			node := nodeOf(prefix, level)
			if node>>keyBits != nodeOf(prefix, level-1) || levelOf(node) != level {
				t.Fatalf("node %d of level %d", node, level)
			}
		}
	}
}

// TestMergeEntries checks that nothing is lost or doubled in a node.
func TestMergeEntries(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for n := range 100 {
		a, b := testEntries(r, n), testEntries(r, 1+r.IntN(50))
		body := appendTexts(nil, a)
		merged := mergeEntries(body, slices.Concat(b, nil))
		if !slices.IsSortedFunc(merged, keyEntry.compare) || len(merged) != len(a)+len(b) {
			t.Fatalf("%d and %d entries became %d", len(a), len(b), len(merged))
		}
		if again := mergeEntries(appendTexts(nil, merged), b); len(again) != len(merged) {
			t.Fatalf("adding entries again: %d of %d", len(again), len(merged))
		}
		if runs := mergeEntries(appendTexts(bytes.Clone(body), b), b); !bytes.Equal(appendTexts(nil, runs), appendTexts(nil, merged)) {
			t.Fatal("a node of two runs is another one")
		}
		left, found := withoutEntries(appendTexts(nil, merged), b)
		if !found || !bytes.Equal(left, body) {
			t.Fatal("taking out what was added does not give what was there")
		}
		for place := range keyLevels + maxRuns {
			node := placeOf(merged[n].prefix, place)
			var want []keyEntry
			for _, e := range merged {
				if placeOf(e.prefix, place) == node {
					want = append(want, e)
				}
			}
			if got := under(merged, node); !slices.EqualFunc(got, want, func(a, b keyEntry) bool { return a.compare(b) == 0 }) {
				t.Fatalf("%d entries under node %d, want %d", len(got), node, len(want))
			}
		}
	}
}

// TestSortEntries checks the order of few and many entries, and of many that
// are alike.
func TestSortEntries(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 3))
	for _, n := range []int{0, 1, sortedAtOnce, sortedAtOnce + 1, 1000, 4095, 4096} {
		list := testEntries(r, n)
		list = append(list, list[:n/3]...)
		r.Shuffle(len(list), func(i, j int) { list[i], list[j] = list[j], list[i] })
		want := slices.Clone(list)
		slices.SortFunc(want, keyEntry.compare)
		if got := sortEntries(nil, list); !slices.EqualFunc(got, want, func(a, b keyEntry) bool { return a.compare(b) == 0 }) {
			t.Fatalf("%d entries are not in order", n)
		}
	}
}
