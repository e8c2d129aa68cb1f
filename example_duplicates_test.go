package extcontacts_test

import (
	"context"
	"errors"
	"fmt"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store/memstore"
)

func ExampleSession_PlanAutoMerge() {
	ctx := context.Background()
	book, err := extcontacts.Open(ctx, memstore.New(), extcontacts.Options{Workspace: "acme"})
	if err != nil {
		fmt.Println(err)
		return
	}
	s := book.As(contacts.Actor{ID: "agent-7"})
	ann := &contacts.Contact{FirstName: "Ann", LastName: "Lindqvist",
		Phones: []contacts.ContactPhone{{Kind: contacts.MobilePhone, Phone: contacts.MustParsePhone("+852 9123 4567")}}}
	for range 2 {
		if _, err := s.Create(ctx, ann); err != nil {
			fmt.Println(err)
			return
		}
	}
	// Who types her in once more is told.
	var there *extcontacts.DuplicateError
	_, err = s.Duplicating(extcontacts.BlockDuplicates).Create(ctx, ann)
	fmt.Println(errors.As(err, &there), len(there.Pairs))

	auto, err := s.PlanAutoMerge(ctx, "", extcontacts.AutoMergeOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(auto.Plans), "to merge,", len(auto.Stopped), "left to people")
	act, err := s.MergeAll(ctx, auto.Plans)
	fmt.Println(act.Counts.Merged, "merged", err)
	// Output:
	// true 2
	// 1 to merge, 0 left to people
	// 1 merged <nil>
}
