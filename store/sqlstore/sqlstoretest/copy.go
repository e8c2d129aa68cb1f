package sqlstoretest

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/internal/booktest"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/faultsql"
	"github.com/extcontacts/extcontacts/store/memstore"
)

// copies moves a book from memory into the database, and back.
func (d Database) copies(t *testing.T) {
	t.Run("from memory", func(t *testing.T) {
		t.Parallel()
		dsn := d.Place(t)
		from, to := memstore.New(), d.must(t, dsn, Options{})
		defer from.Close()
		defer to.Close()
		booktest.Copy(t, from, to)
		// by its size the engine's planner is told when it grows
		if n := d.Scalar(t, dsn, "SELECT h.size - (SELECT COUNT(*) FROM ec_contacts) FROM ec_head h"); n != "0" {
			t.Errorf("the size of the copy is off by %s", n)
		}
	})
	t.Run("to memory", func(t *testing.T) {
		t.Parallel()
		from, to := d.must(t, d.Place(t), Options{}), memstore.New()
		defer from.Close()
		defer to.Close()
		booktest.Copy(t, from, to)
	})
	// The connection of the copy goes now and then, before or after a call.
	t.Run("cut off", func(t *testing.T) {
		t.Parallel()
		if d.Gone == nil {
			t.Skip("no connection to lose; TestKill ends the process")
		}
		from := memstore.New()
		defer from.Close()
		for i, n := range []int{300, 200, 1} {
			b := Creation(fmt.Sprint("act", i), 1, Made(rand.New(rand.NewPCG(uint64(i), 1)), 1000*i, n))
			b.Records = []store.RecordPut{{Kind: "k", Key: fmt.Sprint(i), Body: []byte("x")}}
			for _, p := range b.Put {
				b.Activities = append(b.Activities, contacts.Activity{ID: p.Contact.ID, Contact: p.Contact.ID, Kind: contacts.Call, At: b.Act.At})
			}
			if _, err := from.Apply(t.Context(), "w", b); err != nil {
				t.Fatal(err)
			}
		}
		for calls, n := 200, 1; n <= calls; n += d.stride(calls) {
			for _, fault := range []faultsql.Fault{faultsql.Drop(d.Gone), faultsql.DropAfter(d.Gone)} {
				f := faultsql.New()
				to := d.must(t, d.Place(t), Options{Wrap: f.Connector, Writers: 1})
				f.Arm(faultsql.At(n, fault))
				rep, err := store.Copy(t.Context(), to, from, "w", store.CopyOptions{})
				calls = f.Total()
				if fired := f.Fired(); len(fired) > 0 && (err != nil || !rep.Complete) {
					t.Errorf("%s %q: %+v, %s", fired[0].Op, fired[0].Query, rep, unwrapped(err))
				}
				booktest.Same(t, from, to, "w")
				to.Close()
			}
		}
	})
}
