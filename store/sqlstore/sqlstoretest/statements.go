package sqlstoretest

import (
	"errors"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/faultsql"
	"github.com/extcontacts/extcontacts/store/sqlstore"
)

// Watch counts the statements that reach a driver, by their text.
type Watch struct {
	Faults *faultsql.Faults
	mu     sync.Mutex
	count  map[string]int
}

// NewWatch returns a Watch; its Faults.Connector is what wraps the driver.
func NewWatch() *Watch {
	w := &Watch{Faults: faultsql.New(), count: map[string]int{}}
	w.Faults.Arm(func(c faultsql.Call) faultsql.Fault {
		switch c.Op {
		case faultsql.Exec, faultsql.Query, faultsql.Begin, faultsql.Commit, faultsql.Rollback, faultsql.Raw:
			w.mu.Lock()
			w.count[c.Query]++
			w.mu.Unlock()
		}
		return nil
	})
	return w
}

// Queries returns the texts seen so far.
func (w *Watch) Queries() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	return slices.Sorted(maps.Keys(w.count))
}

func (w *Watch) total() (n int) {
	w.mu.Lock()
	defer w.mu.Unlock()
	for _, c := range w.count {
		n += c
	}
	return n
}

// EveryCall makes every kind of call on n contacts and returns the number of
// statements of each.
func EveryCall(t testing.TB, st *sqlstore.Store, w *Watch, ws string, n int) map[string]int {
	ctx := t.Context()
	out := map[string]int{}
	call := func(name string, f func() error) {
		before := w.total()
		if err := f(); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		out[name] = w.total() - before
	}
	apply := func(b *store.Batch) func() error {
		return func() error { _, err := st.Apply(ctx, ws, b); return err }
	}
	list := Made(rand.New(rand.NewPCG(1, 1)), 0, n)
	create := Creation("create", 1, list)
	create.Unique = []contacts.KeyKind{contacts.PhoneKey}
	edit := &store.Batch{Part: 1, Act: contacts.Act{ID: "edit", Kind: contacts.ActEdit, At: time.Unix(1, 0)}}
	var ids []contacts.ID
	var keys, kept []contacts.Key
	var names []string
	for i, c := range list {
		d := c.Clone()
		d.Rev, d.Phones = 2, nil
		add, drop := store.KeyDiff(c, d)
		edit.Put = append(edit.Put, store.Put{Contact: d, Base: 1, Add: add, Drop: drop})
		edit.Changes = append(edit.Changes, contacts.Change{Contact: c.ID, Path: "company", Old: "a", New: "b"})
		edit.Activities = append(edit.Activities, contacts.Activity{ID: contacts.ID(fmt.Sprint("x", i)), Contact: c.ID, Kind: contacts.Call, At: time.Unix(int64(i+1), 0), Ref: "r"})
		edit.Records = append(edit.Records, store.RecordPut{Kind: "k", Key: fmt.Sprint(i), Body: []byte("1")})
		kept = append(kept, contacts.Key{Kind: contacts.EmailKey, Value: c.Emails[0].Email.Key()})
		ids, keys, names = append(ids, c.ID), append(keys, contacts.Keys(nil, c)[0]), append(names, fmt.Sprint(i))
	}
	call("Apply creating", apply(create))
	call("Apply editing", apply(edit))
	again := *edit
	again.Part, again.Put, again.Records = 2, nil, slices.Clone(edit.Records)
	for i := range again.Records {
		again.Records[i].Base = 1
	}
	again.Expect = []store.Expect{{ID: ids[0], Rev: 2}}
	call("Apply again", apply(&again))
	call("Apply undo", apply(&store.Batch{Part: 1, Act: contacts.Act{ID: "undo", Kind: contacts.ActUndo, Undoes: "edit", At: time.Unix(2, 0)}}))
	call("Contacts", func() error { _, err := st.Contacts(ctx, ws, ids...); return err })
	call("Lookup", func() error { _, err := st.Lookup(ctx, ws, keys...); return err })
	call("Holders", func() error {
		lists, err := st.Holders(ctx, ws, kept...)
		if err == nil && len(lists[n-1]) == 0 {
			err = errors.New("nobody is found")
		}
		return err
	})
	scan := func(seq func(func(*contacts.Contact, error) bool)) func() error {
		return func() (err error) {
			for _, e := range seq {
				err = e
			}
			return err
		}
	}
	call("Scan", scan(st.Scan(ctx, ws, "")))
	query, err := search.Parse("max company:acme", search.Options{})
	if err != nil {
		t.Fatal(err)
	}
	call("Narrow", scan(st.Narrow(ctx, ws, query)))
	for name, q := range map[string]store.LogQuery{"Log": {}, "Log newest": {Newest: true, Before: 3}, "Log act": {Act: "create"},
		"Log contact": {Contact: ids[0]}, "Log contact newest": {Contact: ids[0], Newest: true}, "Log both": {Contact: ids[0], Act: "edit"}} {
		call(name, func() error { _, err := st.Log(ctx, ws, q); return err })
	}
	call("Acts", func() error { _, err := st.Acts(ctx, ws, store.ActQuery{}); return err })
	call("Acts by id", func() error {
		_, err := st.Acts(ctx, ws, store.ActQuery{IDs: []contacts.ID{"edit", "undo"}})
		return err
	})
	for name, q := range map[string]store.ActivityQuery{"Activities": {Contacts: ids[:min(n, 30)]}, "Activities by id": {IDs: []contacts.ID{"x0"}},
		"Activities by ref": {Contacts: ids[:1], Ref: "r", Kinds: []contacts.ActivityKind{contacts.Call}, BeforeAt: time.Unix(9, 0), BeforeID: "z"}} {
		call(name, func() error { _, err := st.Activities(ctx, ws, q); return err })
	}
	call("Records", func() error { _, err := st.Records(ctx, ws, "k"); return err })
	call("Records by key", func() error { _, err := st.Records(ctx, ws, "k", names...); return err })
	return out
}

// statements checks that no call sends a statement for each thing it works
// on.
func (d Database) statements(t *testing.T) {
	t.Parallel()
	w := NewWatch()
	st := d.must(t, d.Place(t), Options{Wrap: w.Faults.Connector})
	defer st.Close()
	one := EveryCall(t, st, w, "one", 1)
	many := EveryCall(t, st, w, "many", 256)
	for _, name := range slices.Sorted(maps.Keys(one)) {
		more := 0
		switch {
		case strings.HasPrefix(name, "Apply"):
			more = d.More
		case name == "Holders":
			more = 5 // those of Lookup, and one for the contacts
		case name == "Lookup":
			more = 4 // how deep the keys stand and in which runs, and whether somebody wrote meanwhile
		}
		if one[name] == 0 || one[name] > 30 || many[name] > one[name]+more {
			t.Errorf("%s: %d statements for one, %d for 256", name, one[name], many[name])
		}
	}
	if one["Holders"] != 1 {
		t.Errorf("%d statements for the holder of a key", one["Holders"])
	}
	t.Log(one)
	t.Log(many)
}
