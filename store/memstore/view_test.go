package memstore_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/memstore"
)

// pairs is a batch that writes n pairs of contacts at a revision, each pair
// with one name.
func pairs(n int, rev int64) *store.Batch {
	b := &store.Batch{Act: contacts.Act{ID: contacts.ID(fmt.Sprint("act", rev)), Kind: contacts.ActEdit, At: time.Unix(1, 0)}, Part: 1}
	for i := range n {
		for _, side := range "ab" {
			c := &contacts.Contact{ID: contacts.ID(fmt.Sprintf("%d%c", i, side)), Rev: rev, LastName: fmt.Sprint("name", rev)}
			b.Put = append(b.Put, store.Put{Contact: c, Base: rev - 1})
		}
	}
	return b
}

// TestReadersAndWriters has a thousand goroutines read while one writes: each
// reads whole batches, never older than what it has seen, and a view stays as
// it was.
func TestReadersAndWriters(t *testing.T) {
	const n, readers, reads, batches = 50, 1000, 30, 60
	s, ctx := memstore.New(), t.Context()
	if _, err := s.Apply(ctx, "w", pairs(n, 1)); err != nil {
		t.Fatal(err)
	}
	var wg sync.WaitGroup
	for r := range readers {
		wg.Go(func() {
			rnd := rand.New(rand.NewPCG(1, uint64(r)))
			last := int64(0)
			for range reads {
				i := rnd.IntN(n)
				a, b := contacts.ID(fmt.Sprint(i, "a")), contacts.ID(fmt.Sprint(i, "b"))
				list, err := s.Contacts(ctx, "w", a, b)
				if err != nil || list[0].Rev != list[1].Rev || list[0].LastName != list[1].LastName || list[0].Rev < last {
					t.Errorf("after %d: %+v, %+v, %v", last, list[0], list[1], err)
					return
				}
				last = list[0].Rev
				if r%50 == 0 {
					err := s.View(ctx, "w", func(v memstore.View) error {
						for range 3 {
							x, _ := v.Get(a)
							time.Sleep(time.Millisecond)
							y, _ := v.Get(b)
							cx, err := x.Contact()
							if err != nil {
								return err
							}
							cy, err := y.Contact()
							if err != nil || cx.Rev != cy.Rev || cx.Rev < last {
								t.Errorf("a view shows %d and %d after %d, %v", cx.Rev, cy.Rev, last, err)
							}
							last = cx.Rev
						}
						return nil
					})
					if err != nil {
						t.Error(err)
						return
					}
				}
			}
		})
	}
	for rev := range int64(batches) {
		b := pairs(n, rev+2)
		c := &contacts.Contact{ID: contacts.ID(fmt.Sprint("new", rev)), Rev: 1, LastName: "New"} // pages and index grow
		b.Put = append(b.Put, store.Put{Contact: c})
		if _, err := s.Apply(ctx, "w", b); err != nil {
			t.Fatal(err)
		}
	}
	wg.Wait()
}

// TestFailedBatch checks that a refused batch leaves no trace for views, either.
func TestFailedBatch(t *testing.T) {
	s, ctx := memstore.New(), t.Context()
	if _, err := s.Apply(ctx, "w", pairs(2, 1)); err != nil {
		t.Fatal(err)
	}
	err := s.View(ctx, "w", func(v memstore.View) error {
		if _, err := s.Apply(ctx, "w", pairs(2, 9)); err == nil {
			t.Error("a stale batch was taken")
		}
		if _, err := s.Apply(ctx, "w", pairs(2, 2)); err != nil {
			return err
		}
		return s.View(ctx, "w", func(later memstore.View) error {
			for view, rev := range map[memstore.View]int64{v: 1, later: 2} {
				stored, ok := view.Get("1b")
				c, err := stored.Contact()
				if !ok || err != nil || c.Rev != rev || stored.ID() != "1b" {
					t.Errorf("%v, %v, want revision %d", c, err, rev)
				}
			}
			if _, ok := v.Get("nobody"); ok {
				t.Error("nobody is there")
			}
			return nil
		})
	})
	if err != nil {
		t.Error(err)
	}
	if err := s.View(ctx, "empty", func(v memstore.View) error { _, ok := v.Get("a"); return fmt.Errorf("%v", ok) }); err.Error() != "false" {
		t.Error(err)
	}
}

// A view shows all contacts as they are at one moment, without a copy.
func ExampleStore_View() {
	ctx, st := context.Background(), memstore.New()
	write(ctx, st, "act-1", &contacts.Contact{ID: "1", Rev: 1, LastName: "Lee"})
	err := st.View(ctx, "acme", func(v memstore.View) error {
		write(ctx, st, "act-2", &contacts.Contact{ID: "1", Rev: 2, LastName: "Leeson"}) // waits for nobody
		stored, _ := v.Get("1")
		c, err := stored.Contact()
		fmt.Println(c.LastName)
		return err
	})
	if err != nil {
		panic(err)
	}
	list, err := st.Contacts(ctx, "acme", "1")
	fmt.Println(list[0].LastName, err)
	// Output:
	// Lee
	// Leeson <nil>
}

// BenchmarkView compares reading of a view with the anchor: a map behind a
// RWMutex that returns a pointer. One goroutine, and all of the machine.
func BenchmarkView(b *testing.B) {
	const n = 100_000
	s := memstore.New()
	ids := fill(b, s, n)
	var mu sync.RWMutex
	anchor := make(map[contacts.ID]*contacts.Contact, n)
	for i, id := range ids {
		anchor[id] = &contacts.Contact{ID: id}
		ids[i] = contacts.ID(strings.Clone(string(id))) // as if it came from outside
	}
	missed := 0
	byMap := func(id contacts.ID) {
		mu.RLock()
		c := anchor[id]
		mu.RUnlock()
		if c == nil {
			missed++
		}
	}
	err := s.View(b.Context(), "w", func(v memstore.View) error {
		byView := func(id contacts.ID) {
			if _, ok := v.Get(id); !ok {
				missed++
			}
		}
		for name, read := range map[string]func(contacts.ID){"map": byMap, "view": byView} {
			b.Run(name, func(b *testing.B) {
				i := 0
				for b.Loop() {
					i = (i + 7919) % n
					read(ids[i])
				}
			})
			b.Run(name+" parallel", func(b *testing.B) {
				b.RunParallel(func(pb *testing.PB) {
					for i := rand.IntN(n); pb.Next(); i = (i + 7919) % n {
						read(ids[i])
					}
				})
			})
		}
		return nil
	})
	if err != nil || missed > 0 {
		b.Fatal(missed, err)
	}
}
