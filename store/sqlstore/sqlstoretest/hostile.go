package sqlstoretest

import (
	"errors"
	"fmt"
	"math/rand/v2"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// hostile runs the conformance suite on places with odd defaults: all of it
// on each where the tests are long, else the random walk, and all of it on
// the place "everything".
func (d Database) hostile(t *testing.T) {
	for name, place := range d.Hostile {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			if h := d.Harness(place); Long() || name == "everything" {
				h.Run(t)
			} else {
				h.Model(t)
			}
			d.counter(t, place(t))
		})
	}
}

// counter has many writers add to one number: none loses an update.
func (d Database) counter(t *testing.T, dsn string) {
	st := d.must(t, dsn, Options{})
	defer st.Close()
	const workers, rounds = 6, 10
	var wg sync.WaitGroup
	for i := range workers {
		wg.Go(func() {
			for n := 0; n < rounds; {
				b, err := increment(t, st, "w", "counter", fmt.Sprintf("%d-%d", i, n))
				if err == nil {
					_, err = st.Apply(t.Context(), "w", b)
				}
				switch {
				case err == nil:
					n++
				case !errors.Is(err, store.ErrConflict):
					t.Error(unwrapped(err))
					return
				}
			}
		})
	}
	wg.Wait()
	Chained(t, st, "w", workers*rounds)
	list, err := st.Contacts(t.Context(), "w", "counter")
	if err != nil || list[0].LastName != fmt.Sprint(workers*rounds) {
		t.Errorf("counted to %+v, %v", list, err)
	}
}

// increment is the batch that adds one to the number which a contact holds as
// its name.
func increment(t testing.TB, st store.Store, ws string, id contacts.ID, act string) (*store.Batch, error) {
	list, err := st.Contacts(t.Context(), ws, id)
	if err != nil {
		return nil, err
	}
	c := list[0]
	if c == nil {
		c = Made(rand.New(rand.NewPCG(1, 1)), 0, 1)[0]
		c.ID, c.Rev, c.LastName = id, 0, "0"
	}
	old := c.LastName
	n, _ := strconv.Atoi(old)
	c.LastName = strconv.Itoa(n + 1)
	c.Rev++
	b := Creation(act, 1, nil)
	b.Put = []store.Put{{Contact: c, Base: c.Rev - 1}}
	b.Changes = []contacts.Change{{Contact: id, Path: "last_name", Old: old, New: c.LastName}}
	if c.Rev == 1 {
		b.Changes = []contacts.Change{{Contact: id}}
	}
	return b, nil
}

// largeBatch applies a batch of many megabytes.
func (d Database) largeBatch(t *testing.T) {
	t.Parallel()
	st := d.must(t, d.Place(t), Options{})
	defer st.Close()
	list := Made(rand.New(rand.NewPCG(1, 1)), 0, 700)
	var ids []contacts.ID
	for i, c := range list {
		c.Address.Street = strings.Repeat("é", 1<<(i%17)) // to 128 KiB
		ids = append(ids, c.ID)
	}
	if _, err := st.Apply(t.Context(), "w", Creation("act", 1, list)); err != nil {
		t.Fatal(err)
	}
	got, err := st.Contacts(t.Context(), "w", ids...)
	if err != nil {
		t.Fatal(err)
	}
	for i := range list {
		if !got[i].Equal(list[i]) {
			t.Fatalf("contact %d came back changed", i)
		}
	}
	Chained(t, st, "w", 1)
}
