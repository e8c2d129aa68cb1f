package memstore_test

import (
	"context"
	"fmt"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/memstore"
)

// A book moves from one store to another. Quick runs follow what is written
// while everybody works; the last one, after those who write were stopped,
// compares both sides.
func ExampleStore_Replicate() {
	ctx := context.Background()
	from, to := memstore.New(), memstore.New() // or sqlite.Open, postgres.Open, mysql.Open
	book, err := extcontacts.Open(ctx, from, extcontacts.Options{Workspace: "acme"})
	if err != nil {
		panic(err)
	}
	agent := book.As(contacts.Actor{ID: "agent-7"})
	if _, err := agent.Create(ctx, &contacts.Contact{LastName: "Lee"}); err != nil {
		panic(err)
	}
	rep, err := store.Copy(ctx, to, from, "acme", store.CopyOptions{Quick: true})
	fmt.Println(rep.Contacts, "contact,", rep.Entries, "entry,", "complete:", rep.Complete, err)

	if _, err := agent.Create(ctx, &contacts.Contact{LastName: "Wong"}); err != nil {
		panic(err)
	}
	rep, err = store.Copy(ctx, to, from, "acme", store.CopyOptions{})
	fmt.Println(rep.Contacts, "contact,", rep.Entries, "entry,", "complete:", rep.Complete, err)
	// Output:
	// 1 contact, 1 entry, complete: false <nil>
	// 1 contact, 1 entry, complete: true <nil>
}
