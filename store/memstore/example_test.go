package memstore_test

import (
	"context"
	"fmt"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/memstore"
)

// write puts one contact at its next revision, with its state in the log.
func write(ctx context.Context, st store.Store, act contacts.ID, c *contacts.Contact) {
	_, err := st.Apply(ctx, "acme", &store.Batch{
		Act: contacts.Act{ID: act, Kind: contacts.ActEdit, At: time.Unix(1, 0)}, Part: 1,
		Put:     []store.Put{{Contact: c, Base: c.Rev - 1}},
		Changes: []contacts.Change{{Contact: c.ID, Path: "state", New: c.State.String()}},
	})
	if err != nil {
		panic(err)
	}
}

// A copy of the live contacts is kept current from the change feed, on any
// store. The token can be kept on disk, so that the copy goes on after a
// restart.
func Example_changes() {
	ctx, st := context.Background(), memstore.New()
	write(ctx, st, "act-1", &contacts.Contact{ID: "1", Rev: 1, LastName: "Lee"})
	write(ctx, st, "act-2", &contacts.Contact{ID: "2", Rev: 1, LastName: "Smith"})

	live, token := map[contacts.ID]string{}, ""
	catchUp := func() {
		for {
			page, err := store.Changes(ctx, st, "acme", token, 0)
			if err != nil {
				panic(err)
			}
			for _, c := range page.Contacts {
				if c.Contact != nil && c.Contact.State == contacts.Live {
					live[c.ID] = c.Contact.LastName
				} else { // a tombstone
					delete(live, c.ID)
				}
			}
			if token = page.Next; !page.More {
				return
			}
		}
	}
	catchUp()
	fmt.Println(live)
	write(ctx, st, "act-3", &contacts.Contact{ID: "1", Rev: 2, LastName: "Leeson"})
	write(ctx, st, "act-4", &contacts.Contact{ID: "2", Rev: 2, LastName: "Smith", State: contacts.Deleted})
	catchUp()
	fmt.Println(live)
	// Output:
	// map[1:Lee 2:Smith]
	// map[1:Leeson]
}
