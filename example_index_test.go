package extcontacts_test

import (
	"context"
	"fmt"
	"log"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/memstore"
)

// An index in memory follows the store by its change feed: what another book,
// or another process, writes is found at once.
func ExampleOpen_index() {
	ctx := context.Background()
	st := memstore.New() // on a database it is worth more
	defer st.Close()

	index, err := store.OpenIndex(ctx, st, "acme", store.IndexOptions{})
	if err != nil {
		log.Fatal(err)
	}
	indexed, err := extcontacts.Open(ctx, st, extcontacts.Options{Workspace: "acme", Index: index})
	if err != nil {
		log.Fatal(err)
	}
	other, err := extcontacts.Open(ctx, st, extcontacts.Options{Workspace: "acme"})
	if err != nil {
		log.Fatal(err)
	}
	_, err = other.As(contacts.Actor{ID: "somebody"}).Create(ctx, &contacts.Contact{FirstName: "Ann", LastName: "Lee"})
	if err != nil {
		log.Fatal(err)
	}
	n, err := indexed.As(contacts.Actor{ID: "me"}).Count(ctx, "ann")
	fmt.Println(n, err)

	// An index of one workspace serves no other.
	_, err = extcontacts.Open(ctx, st, extcontacts.Options{Workspace: "other", Index: index})
	fmt.Println(err)

	// Output:
	// 1 <nil>
	// contacts: index: index_foreign (the index must be of the same workspace of the same store)
}
