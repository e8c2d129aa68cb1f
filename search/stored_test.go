package search_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
	"pgregory.net/rapid"
)

// shelf keeps the blocks of a stored index, as a database would.
type shelf struct {
	blocks   map[int64][]byte
	manifest []byte
	all      map[contacts.ID]*contacts.Contact
	cache    *search.BlockCache
}

func newShelf(cache int) *shelf {
	return &shelf{blocks: map[int64][]byte{}, all: map[contacts.ID]*contacts.Contact{}, cache: search.NewBlockCache(cache)}
}

func (s *shelf) read(_ context.Context, numbers []int64) ([][]byte, error) {
	out := make([][]byte, len(numbers))
	for i, n := range numbers {
		out[i] = s.blocks[n]
	}
	return out, nil
}

func (s *shelf) contacts(ids []contacts.ID) iter.Seq2[*contacts.Contact, error] {
	return func(yield func(*contacts.Contact, error) bool) {
		for _, id := range ids {
			if c := s.all[id]; c != nil && !yield(c, nil) {
				return
			}
		}
	}
}

func (s *shelf) apply(c *search.Change) {
	maps.DeleteFunc(s.blocks, func(n int64, _ []byte) bool {
		return slices.ContainsFunc(c.Drop, func(d [2]int64) bool { return n >= d[0] && n < d[1] })
	})
	for i, n := range c.Numbers {
		s.blocks[n] = c.Blocks[i]
	}
	s.manifest = c.Manifest
}

func (s *shelf) build(t fataler) {
	for c, err := range search.BuildStored(1, s.contacts(slices.Sorted(maps.Keys(s.all)))) {
		if err != nil {
			t.Fatalf("%v", err)
		}
		s.apply(c)
	}
}

func (s *shelf) open(t fataler) *search.Stored {
	x, err := search.OpenStored(context.Background(), s.manifest, search.Blocks{Read: s.read, Cache: s.cache})
	if err != nil {
		t.Fatalf("%v", err)
	}
	return x
}

// A stored index answers as Match does, whatever of it is in segments and
// what in the tail; and its candidates include every match.
func TestStoredAgainstMatch(t *testing.T) {
	s := schema(t)
	ctx := context.Background()
	rapid.Check(t, func(t *rapid.T) {
		shelf := newShelf(rapid.SampledFrom([]int{0, 1 << 12, 1 << 22}).Draw(t, "cache"))
		space := rapid.SampledFrom([]int{5, 60, 3000}).Draw(t, "space")
		pool := make([]*contacts.Contact, 12)
		for i := range pool {
			pool[i] = drawContact(t, "pool")
		}
		made := func(i, p int) *contacts.Contact {
			c := pool[p%len(pool)].Clone()
			c.ID = contacts.ID(id(i))
			shelf.all[c.ID] = c
			return c
		}
		for i := range rapid.SampledFrom([]int{0, 5, 600, 4200}).Draw(t, "bulk") {
			made(i*7919%space, i*31)
		}
		shelf.build(t)
		x := shelf.open(t)
		put := func(c *contacts.Contact) {
			if err := x.Put(ctx, []*contacts.Contact{c}); err != nil {
				t.Fatalf("%v", err)
			}
		}
		for range rapid.IntRange(1, 20).Draw(t, "steps") {
			i := rapid.IntRange(0, space).Draw(t, "contact")
			switch rapid.IntRange(0, 5).Draw(t, "what") {
			case 0:
				delete(shelf.all, contacts.ID(id(i)))
				if err := x.Put(ctx, nil, contacts.ID(id(i))); err != nil {
					t.Fatalf("%v", err)
				}
			case 1:
				c, err := x.Flush(ctx, shelf.contacts)
				if err != nil {
					t.Fatalf("%v", err)
				}
				shelf.apply(c)
				if x = shelf.open(t); x.Pending() != 0 {
					t.Fatalf("%d are pending", x.Pending())
				}
			case 2:
				if x.Pending() > 0 {
					break // a manifest knows nothing of the tail
				}
				c, err := x.Without(ctx, []contacts.ID{contacts.ID(id(i))}, shelf.contacts)
				if err != nil {
					t.Fatalf("%v", err)
				}
				shelf.apply(c)
				x = shelf.open(t)
			default:
				put(made(i, rapid.IntRange(0, 11).Draw(t, "pool")))
			}
			checkStored(t, x, drawQuery(t, s), shelf.all)
		}
		for id, err := range x.Check(ctx, shelf.contacts(slices.Sorted(maps.Keys(shelf.all)))) {
			t.Fatalf("%s differs: %v", id, err)
		}
	})
}

func checkStored(t fataler, x *search.Stored, q *search.Query, all map[contacts.ID]*contacts.Contact) {
	t.Helper()
	ctx := context.Background()
	want, keys := expect(q, all)
	for _, k := range []int{1, 20, 5000} {
		for from := 0; from <= len(want); from += max(1, len(want)/3) {
			var after []byte
			if from > 0 {
				after = keys[from-1]
			}
			got, ok, err := x.Top(ctx, q, after, k)
			if err != nil {
				t.Fatalf("%s: %v", q, err)
			}
			if !ok {
				break
			}
			if len(got) > k {
				t.Fatalf("%s: %d of %d", q, len(got), k)
			}
			rest := want[from:]
			if len(got) == k { // what does not match may stand between
				if last := slices.Index(rest, got[k-1]); last >= 0 {
					rest = rest[:last+1]
				} else if k < 5000 {
					continue
				}
			}
			kept := slices.DeleteFunc(slices.Clone(got), func(h search.Hit) bool { return all[h.ID] == nil || !slices.Contains(rest, h) })
			if !slices.Equal(kept, rest) {
				t.Fatalf("%s, %d behind %d of %d: %v, want %v", q, k, from, len(want), kept, rest)
			}
		}
	}
	found, ok, err := x.Candidates(ctx, q, 1<<30)
	if err != nil {
		t.Fatalf("%s: %v", q, err)
	}
	if !ok {
		return
	}
	seen := map[contacts.ID]bool{}
	for _, id := range found {
		if seen[id] || all[id] == nil {
			t.Fatalf("%s: %s comes twice or is gone", q, id)
		}
		seen[id] = true
	}
	for _, h := range want {
		if !seen[h.ID] {
			t.Fatalf("%s: %s matches and is no candidate", q, h.ID)
		}
	}
}

// What was damaged, or is another's, is never used.
func TestStoredDamage(t *testing.T) {
	ctx := context.Background()
	shelf := newShelf(0)
	for i := range 300 {
		c := &contacts.Contact{ID: contacts.ID(id(i)), LastName: "name" + id(i)}
		shelf.all[c.ID] = c
	}
	shelf.build(t)
	sound := maps.Clone(shelf.blocks)
	r := rand.New(rand.NewPCG(3, 4))
	ask := func() error {
		x, err := search.OpenStored(ctx, shelf.manifest, search.Blocks{Read: shelf.read, Cache: search.NewBlockCache(0)})
		if err != nil {
			return err
		}
		hits, ok, err := x.Top(ctx, parse(t, "na*"), nil, 300)
		if err == nil && (!ok || len(hits) != 300) {
			t.Errorf("%d hits", len(hits))
		}
		return err
	}
	if err := ask(); err != nil {
		t.Fatal(err)
	}
	refused := 0
	for n, b := range sound {
		shelf.blocks = maps.Clone(sound)
		damaged := slices.Clone(b)
		damaged[r.IntN(len(b))] ^= 1 << r.IntN(8)
		shelf.blocks[n] = damaged
		if err := ask(); errors.Is(err, search.ErrStored) {
			refused++
		} else if err != nil {
			t.Error(err)
		}
	}
	if refused < 3 {
		t.Errorf("%d of %d damaged blocks were refused", refused, len(sound))
	}
	shelf.blocks = sound
	check := func(list iter.Seq2[*contacts.Contact, error]) (ids []contacts.ID) {
		for id, err := range shelf.open(t).Check(ctx, list) {
			if err != nil {
				t.Fatal(err)
			}
			ids = append(ids, id)
		}
		return ids
	}
	all := slices.Sorted(maps.Keys(shelf.all))
	if ids := check(shelf.contacts(all)); len(ids) > 0 {
		t.Errorf("%s differ", ids)
	}
	if ids := check(shelf.contacts(all[1:])); !slices.Equal(ids, all[:1]) {
		t.Errorf("%s differ, want %s, which is gone", ids, all[:1])
	}
	for _, alter := range []func(c *contacts.Contact){
		func(c *contacts.Contact) { c.LastName += "x" },
		func(c *contacts.Contact) { c.Company = c.LastName },
		func(c *contacts.Contact) { c.State = contacts.Deleted },
		func(c *contacts.Contact) {
			c.Phones = []contacts.ContactPhone{{Phone: contacts.MustParsePhone("+85291234567")}}
		},
	} {
		c := shelf.all[all[7]]
		other := c.Clone()
		alter(other)
		shelf.all[c.ID] = other
		if ids := check(shelf.contacts(all)); !slices.Equal(ids, []contacts.ID{c.ID}) {
			t.Errorf("%s differ, want %s", ids, c.ID)
		}
		shelf.all[c.ID] = c
	}
	for i := range shelf.manifest {
		cut := shelf.manifest[:i]
		if _, err := search.OpenStored(ctx, cut, search.Blocks{Read: shelf.read, Cache: shelf.cache}); !errors.Is(err, search.ErrStored) {
			t.Errorf("%d bytes of a manifest: %v", i, err)
		}
	}
}

// What is erased leaves all blocks of a large segment, and few of them are
// written.
func TestStoredWithout(t *testing.T) {
	ctx := context.Background()
	shelf := newShelf(1 << 20)
	named := func(i int, name string) *contacts.Contact {
		return &contacts.Contact{ID: contacts.ID(id(i)), LastName: name, Company: "Steady " + name, Labels: []string{"vip"},
			Emails: []contacts.ContactEmail{{Email: contacts.MustParseEmail(name + "@example.com")}},
			Phones: []contacts.ContactPhone{{Phone: contacts.MustParsePhone(fmt.Sprintf("+8529%07d", 1000000+i))}}}
	}
	for i := range 3000 {
		shelf.all[contacts.ID(id(i))] = named(i, fmt.Sprintf("plain%d", i%900))
	}
	secrets := []string{"aaxqzw", "mmxqzw", "zzxqzw"} // the first and the last in the order are among them
	for i, name := range secrets {
		shelf.all[contacts.ID(id(i*1300))] = named(i*1300, name)
	}
	shelf.build(t)
	holding := func(text string) (n int) {
		for _, b := range shelf.blocks {
			if bytes.Contains(b, []byte(text)) {
				n++
			}
		}
		return n
	}
	all := len(shelf.blocks)
	x := shelf.open(t)
	for i, name := range secrets {
		if holding(name[2:]) == 0 {
			t.Fatalf("%s is not to be seen before", name)
		}
		c := &contacts.Contact{ID: contacts.ID(id(i * 1300)), State: contacts.Erased}
		shelf.all[c.ID] = c
		change, err := x.Without(ctx, []contacts.ID{c.ID}, shelf.contacts)
		if err != nil {
			t.Fatal(err)
		}
		if n := len(change.Blocks); n > all/2 {
			t.Errorf("%d of %d blocks are written", n, all)
		}
		shelf.apply(change)
		x = shelf.open(t)
		for _, q := range []string{name, "steady", "*" + name[1:] + "*", fmt.Sprintf("9%07d", 1000000+i*1300), "vip plain1", "is:erased"} {
			checkStored(t, x, parse(t, q), shelf.all)
		}
	}
	for _, text := range []string{"xqzw", "xqz", "qzw"} {
		if n := holding(text); n > 0 {
			t.Errorf("%d blocks hold %s still", n, text)
		}
	}
	for id, err := range x.Check(ctx, shelf.contacts(slices.Sorted(maps.Keys(shelf.all)))) {
		t.Errorf("%s differs: %v", id, err)
	}
}

// A segment of which a whole block would be left without keys is made anew.
func TestStoredWithoutMuch(t *testing.T) {
	ctx := context.Background()
	shelf := newShelf(1 << 20)
	for i := range 1000 {
		shelf.all[contacts.ID(id(i))] = &contacts.Contact{ID: contacts.ID(id(i)), LastName: fmt.Sprintf("plain%d", i)}
	}
	c := &contacts.Contact{ID: contacts.ID(id(2000)), LastName: "x"}
	for end := 'a'; end < 'k'; end++ {
		c.LastName += " " + strings.Repeat("z", 62) + string(end)
	}
	shelf.all[c.ID] = c
	shelf.build(t)
	delete(shelf.all, c.ID)
	change, err := shelf.open(t).Without(ctx, []contacts.ID{c.ID}, shelf.contacts)
	if err != nil {
		t.Fatal(err)
	}
	shelf.apply(change)
	for n, b := range shelf.blocks {
		if bytes.Contains(b, []byte("zzzz")) {
			t.Errorf("block %d holds it still", n)
		}
	}
	for id, err := range shelf.open(t).Check(ctx, shelf.contacts(slices.Sorted(maps.Keys(shelf.all)))) {
		t.Errorf("%s differs: %v", id, err)
	}
}
