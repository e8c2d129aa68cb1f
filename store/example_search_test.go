package store_test

import (
	"context"
	"fmt"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
)

// Pages of an answer, one cursor after another.
func ExampleSearch() {
	ctx, st := context.Background(), newShelf(0)
	for id, name := range map[contacts.ID]string{"1": "Leeds", "2": "Lee", "3": "Smith", "4": "Leeson"} {
		st.put(&contacts.Contact{ID: id, LastName: name})
	}
	q, err := search.Parse("lee", search.Options{})
	if err != nil {
		panic(err)
	}
	o := store.SearchOptions{Limit: 2}
	for {
		page, err := store.Search(ctx, st, "acme", q, o)
		if err != nil {
			panic(err)
		}
		for _, hit := range page.Hits {
			fmt.Println(hit.Contact.LastName)
		}
		if page.Next == "" {
			break
		}
		fmt.Println("-- next page")
		o.Cursor = page.Next
	}
	// Output:
	// Lee
	// Leeds
	// -- next page
	// Leeson
}
