package sqlstoretest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// writers has 100 goroutines edit the same few contacts of one workspace, and
// of ten, through books: no update is lost, and nobody sees an error. It
// reports the time that an edit took and how many there were.
func (d Database) writers(t *testing.T) {
	for _, workspaces := range []int{1, 10} {
		t.Run(fmt.Sprint("workspaces ", workspaces), func(t *testing.T) {
			st := d.must(t, d.Place(t), Options{})
			defer st.Close()
			Hammer(t, []store.Store{st}, "ws", workspaces, 100, duration())
		})
	}
}

// counters is how many contacts of a workspace the writers edit.
const counters = 5

// Hammer has writers add to numbers in contacts for a while, spread over
// stores on the same data and over workspaces whose names begin with prefix,
// each by a read and an edit of
// the book; every tenth edit is decided on the whole state of the book. At the
// end the numbers must add up to the edits that succeeded.
func Hammer(t testing.TB, stores []store.Store, prefix string, workspaces, writers int, d time.Duration) {
	type place struct {
		session *extcontacts.Session
		ids     []contacts.ID
	}
	places := make([][]place, len(stores))
	name := func(w int) string { return fmt.Sprint(prefix, w) }
	ids := make([][]contacts.ID, workspaces)
	for i, st := range stores {
		for w := range workspaces {
			b, err := extcontacts.Open(t.Context(), st, extcontacts.Options{Workspace: name(w)})
			if err != nil {
				t.Fatal(err)
			}
			s := b.As(contacts.Actor{ID: "writer"})
			for range counters {
				if i > 0 {
					break
				}
				c, err := s.Create(t.Context(), &contacts.Contact{LastName: "0"})
				if err != nil {
					t.Fatal(err)
				}
				ids[w] = append(ids[w], c.ID)
			}
			places[i] = append(places[i], place{s, ids[w]})
		}
	}
	ctx, cancel := context.WithTimeout(t.Context(), d)
	defer cancel()
	done := make([]atomic.Int64, workspaces)
	var mu sync.Mutex
	var took []time.Duration
	var wg sync.WaitGroup
	for i := range writers {
		wg.Go(func() {
			r := rand.New(rand.NewPCG(uint64(i), 1))
			w := i % workspaces
			p := places[i%len(stores)][w]
			var own []time.Duration
			for n := 0; ctx.Err() == nil; n++ {
				start := time.Now()
				// The edit itself is not cut off at the end of the time.
				_, err := p.session.Edit(t.Context(), p.ids[r.IntN(counters)], 0, func(c *contacts.Contact) error {
					v, err := strconv.Atoi(c.LastName)
					c.LastName = strconv.Itoa(v + 1)
					return err
				})
				own = append(own, time.Since(start))
				if err == nil {
					done[w].Add(1)
				} else {
					t.Errorf("writer %d, edit %d: %s", i, n, unwrapped(err))
					return
				}
				if n%10 == 9 { // decided on all that is in the book
					ref := fmt.Sprintf("call %d/%d", i, n)
					if _, err := p.session.RecordActivity(t.Context(), p.ids[0], contacts.Activity{Kind: contacts.Call, Ref: ref}); err != nil {
						t.Errorf("writer %d, activity %d: %s", i, n, unwrapped(err))
						return
					}
				}
			}
			mu.Lock()
			took = append(took, own...)
			mu.Unlock()
		})
	}
	start := time.Now()
	wg.Wait()
	elapsed := time.Since(start)
	total := int64(0)
	for w := range workspaces {
		sum := 0
		for _, id := range ids[w] {
			c, err := places[0][w].session.Get(t.Context(), id)
			if err != nil {
				t.Fatal(err)
			}
			n, _ := strconv.Atoi(c.LastName)
			sum += n
		}
		total += done[w].Load()
		if int64(sum) != done[w].Load() {
			t.Errorf("workspace %d: %d edits succeeded, the numbers add up to %d", w, done[w].Load(), sum)
		}
		if rep, err := places[0][w].session.Verify(t.Context()); err != nil || len(rep.Differences) > 0 {
			t.Errorf("workspace %d: %+v, %v", w, rep.Differences, err)
		}
	}
	if len(took) == 0 || total == 0 {
		t.Fatal("nobody wrote")
	}
	slices.Sort(took)
	at := func(p float64) time.Duration { return took[int(p*float64(len(took)-1))].Round(100 * time.Microsecond) }
	t.Logf("%d writers, %d workspaces, %v: %d edits, %.0f a second, p50 %v, p99 %v, longest %v",
		writers, workspaces, elapsed.Round(time.Millisecond), total, float64(total)/elapsed.Seconds(), at(0.5), at(0.99), at(1))
}
