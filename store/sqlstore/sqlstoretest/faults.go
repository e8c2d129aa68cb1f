package sqlstoretest

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/faultsql"
	"github.com/extcontacts/extcontacts/store/sqlstore"
)

// faults puts one fault in the place of each driver call of an Apply, one
// after the other, on stores of their own workspaces: the batch is applied
// exactly once, and the caller sees no error.
func (d Database) faults(t *testing.T) {
	kinds := map[string]faultsql.Fault{}
	for i, err := range d.GivenUp(t) {
		kinds[fmt.Sprint("given up ", i+1)] = faultsql.Before(err)
	}
	// The answer to a COMMIT may be that the transaction was given up, or
	// nothing at all, although it took place.
	if d.Gone != nil {
		kinds["cut before"], kinds["cut after"] = faultsql.Drop(d.Gone), faultsql.DropAfter(d.Gone)
	}
	for name, fault := range kinds {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f := faultsql.New()
			st := d.must(t, d.Place(t), Options{Wrap: f.Connector, Writers: 1})
			defer st.Close()
			list := Made(rand.New(rand.NewPCG(1, 1)), 0, 100)
			applied := 0
			apply := func() (store.Result, error) {
				b := Creation(fmt.Sprint("act", applied), 1, list[applied:applied+1])
				b.Activities = []contacts.Activity{{ID: list[applied].ID, Contact: list[applied].ID, Kind: contacts.Call, At: b.Act.At}}
				b.Records = []store.RecordPut{{Kind: "k", Key: "rows", Base: store.AnyRev, Body: fmt.Append(nil, applied)}}
				b.Unique = []contacts.KeyKind{contacts.PhoneKey}
				return st.Apply(t.Context(), "w", b)
			}
			for range 2 { // statements are prepared
				if _, err := apply(); err != nil {
					t.Fatal(err)
				}
				applied++
			}
			f.Arm(nil)
			if _, err := apply(); err != nil {
				t.Fatal(err)
			}
			applied++
			calls := f.Total()
			if f.Count(faultsql.Commit) != 1 || f.Count(faultsql.Begin) != 1 || calls < 10 || calls > len(list)-applied {
				t.Fatalf("%d calls, %d times BEGIN, %d times COMMIT", calls, f.Count(faultsql.Begin), f.Count(faultsql.Commit))
			}
			for n := 1; n <= calls; n++ {
				f.Arm(faultsql.Once(faultsql.At(n, fault)))
				res, err := apply()
				fired := f.Fired()
				f.Arm(nil)
				if len(fired) == 0 {
					t.Fatalf("call %d of %d never came", n, calls)
				}
				if closing := fired[0].Op; closing == faultsql.CloseRows || closing == faultsql.CloseStmt {
					// what comes after the last row tells nothing of the work
					if err != nil {
						continue
					}
				}
				if err != nil || res.Replayed || res.Seq != int64(applied+1) {
					t.Fatalf("%s at %s %q: %+v, %v", name, fired[0].Op, fired[0].Query, res, unwrapped(err))
				}
				applied++
			}
			Chained(t, st, "w", applied)
			d.whole(t, st, "w", applied)
		})
	}
}

// whole checks that a workspace has n contacts, and an activity and its keys
// for each.
func (d Database) whole(t *testing.T, st *sqlstore.Store, ws string, n int) {
	t.Helper()
	found := 0
	for c, err := range st.Scan(t.Context(), ws, "") {
		if err != nil {
			t.Fatal(err)
		}
		found++
		holders, err := st.Lookup(t.Context(), ws, contacts.Keys(nil, c)...)
		if err != nil {
			t.Fatal(err)
		}
		for _, ids := range holders {
			if len(ids) != 1 || ids[0] != c.ID {
				t.Errorf("a key of %s is held by %v", c.ID, ids)
			}
		}
		list, err := st.Activities(t.Context(), ws, store.ActivityQuery{Contacts: []contacts.ID{c.ID}})
		if err != nil || len(list) != 1 {
			t.Errorf("%d activities of %s, %v", len(list), c.ID, err)
		}
	}
	if found != n {
		t.Errorf("%d contacts, want %d", found, n)
	}
}

// unwrapped shows what is behind an error whose text hides it.
func unwrapped(err error) string {
	var parts []string
	for err != nil {
		parts = append(parts, err.Error())
		u, ok := err.(interface{ Unwrap() error })
		if !ok {
			break
		}
		err = u.Unwrap()
	}
	return strings.Join(parts, ": ")
}
