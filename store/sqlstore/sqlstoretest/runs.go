package sqlstoretest

import (
	"fmt"
	"math/rand/v2"
	"reflect"
	"slices"
	"strconv"
	"sync"
	"testing"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/memstore"
)

// runs writes batches of some thousands of keys, which are kept as runs until
// others take them into the tree, together with edits that take keys away, and
// looks for every key after each of them, all at once and one by one. Beside it
// somebody looks for keys that nobody changes.
func (d Database) runs(t *testing.T) {
	t.Parallel()
	const batches, size, steady = 11, 800, 150
	dsn := d.Place(t)
	st, mem := d.must(t, dsn, Options{}), memstore.New()
	defer st.Close()
	defer mem.Close()
	r := rand.New(rand.NewPCG(3, 1))
	var all []*contacts.Contact
	seen := map[contacts.Key]bool{}
	var keys []contacts.Key
	apply := func(b *store.Batch) {
		t.Helper()
		for _, s := range []store.Store{mem, st} {
			if _, err := s.Apply(t.Context(), "w", b); err != nil {
				t.Fatal(err)
			}
		}
		for i := range b.Put {
			for _, k := range b.Put[i].Add {
				if !seen[k] {
					seen[k], keys = true, append(keys, k)
				}
			}
		}
	}
	// edit gives a contact another phone and no email.
	edited := map[int]string{} // by which act
	edit := func(b *store.Batch, i int) {
		if edited[i] == string(b.Act.ID) {
			return
		}
		edited[i] = string(b.Act.ID)
		old := all[i]
		c := old.Clone()
		c.Rev++
		phone := fmt.Sprintf("+852%08d", r.IntN(1e8))
		c.Phones, c.Emails = []contacts.ContactPhone{{Phone: contacts.MakePhone(phone, phone)}}, nil
		c.Normalize()
		add, drop := store.KeyDiff(old, c)
		b.Put = append(b.Put, store.Put{Contact: c, Base: old.Rev, Add: add, Drop: drop})
		b.Changes = append(b.Changes, contacts.Diff(old, c)...)
		all[i] = c
	}
	compare := func(when string) {
		t.Helper()
		asked := [][]contacts.Key{keys}
		for range 20 {
			at := r.IntN(len(keys) - 5)
			asked = append(asked, keys[at:at+5])
		}
		for _, some := range asked {
			want, err := mem.Lookup(t.Context(), "w", some...)
			if err != nil {
				t.Fatal(err)
			}
			got, err := st.Lookup(t.Context(), "w", some...)
			if err != nil {
				t.Fatal(err)
			}
			if !reflect.DeepEqual(got, want) {
				t.Fatalf("%s: the holders of %d keys differ", when, len(some))
			}
		}
		for range 20 {
			k := keys[r.IntN(len(keys))]
			want, err := store.Holders(t.Context(), mem, "w", k)
			if err != nil {
				t.Fatal(err)
			}
			got, err := store.Holders(t.Context(), st, "w", k)
			if err != nil || !slices.EqualFunc(got[0], want[0], (*contacts.Contact).Equal) {
				t.Fatalf("%s: the holders of %v differ, %v", when, k, err)
			}
		}
	}
	var wg sync.WaitGroup
	done := make(chan struct{})
	// nodes counts those of runs: of 32 in a part all are there or none.
	nodes := func(when string) int {
		t.Helper()
		text := d.Scalar(t, dsn, fmt.Sprint("SELECT COUNT(*) FROM ec_keys WHERE node >= ", int64(1)<<40))
		n, err := strconv.Atoi(text)
		if err != nil || n%32 != 0 || !d.Runs && n > 0 {
			t.Fatalf("%s: %s nodes of runs", when, text)
		}
		return n
	}
	most := 0
	for i := range batches {
		list := Made(r, size*i, size)
		b := Creation(fmt.Sprint("act", i), 1, list)
		if i%3 == 2 {
			for range 20 {
				edit(b, steady+r.IntN(len(all)-steady))
			}
		}
		all = append(all, list...)
		apply(b)
		compare(fmt.Sprint("after batch ", i))
		most = max(most, nodes("after a batch"))
		if i > 0 {
			continue
		}
		fixed := slices.Clone(keys[:steady]) // of contacts that are not edited
		wg.Go(func() {
			for ended := false; !ended; {
				select {
				case <-done:
					ended = true
				default:
				}
				found, err := st.Lookup(t.Context(), "w", fixed...)
				if err != nil || slices.ContainsFunc(found, func(ids []contacts.ID) bool { return len(ids) == 0 }) {
					t.Errorf("a key was not found while others were written: %v", err)
					return
				}
			}
		})
	}
	for i, which := range []int{1000, len(all) - steady, 1} {
		b := Creation(fmt.Sprint("edit", i), 1, nil)
		b.Act.Kind = contacts.ActEdit
		for n := range which {
			if n%100 != 7 { // so that some nodes of a run have no key any more, and others have
				edit(b, steady+n)
			}
		}
		apply(b)
		compare(fmt.Sprintf("after %d edits", which))
		nodes("after edits")
	}
	close(done)
	wg.Wait()
	if d.Runs && most < 300 {
		t.Errorf("never more than %d nodes of runs", most)
	}
	keysOf := func(c *contacts.Contact) []contacts.Key { return contacts.Keys(nil, c) }
	for damage, err := range st.Check(t.Context(), "w", keysOf) {
		t.Fatalf("damage %v, %v", damage, err)
	}
	if err := st.Rebuild(t.Context(), "w", keysOf); err != nil {
		t.Fatal(err)
	}
	compare("after all keys were written anew")
}
