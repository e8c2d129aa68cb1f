package store_test

import (
	"context"
	"fmt"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/memstore"
)

// Who has these numbers and addresses? A store that can answers by one
// statement; any other is asked for the ids and then for the contacts.
func ExampleHolders() {
	ctx, st := context.Background(), memstore.New()
	defer st.Close()
	book, err := extcontacts.Open(ctx, st, extcontacts.Options{Workspace: "acme"})
	if err != nil {
		panic(err)
	}
	s := book.As(contacts.Actor{ID: "agent-7"})
	shared := contacts.MustParseEmail("info@acme.example")
	for _, c := range []*contacts.Contact{
		{LastName: "Lee", Phones: []contacts.ContactPhone{{Kind: contacts.MobilePhone, Phone: contacts.MustParsePhone("+852 9123 4567")}}},
		{LastName: "Ray", Emails: []contacts.ContactEmail{{Kind: contacts.WorkEmail, Email: shared}}},
		{LastName: "Fox", Emails: []contacts.ContactEmail{{Kind: contacts.WorkEmail, Email: shared}}},
	} {
		if _, err := s.Create(ctx, c); err != nil {
			panic(err)
		}
	}

	var keys []contacts.Key
	for _, typed := range []contacts.Key{
		{Kind: contacts.PhoneKey, Value: "+852 9123-4567"},
		{Kind: contacts.EmailKey, Value: "Info@ACME.example"},
		{Kind: contacts.PhoneKey, Value: "+852 5555 5555"},
	} {
		k, err := contacts.ParseKey(typed.Kind, typed.Value, &contacts.ParseOptions{}) // keys are in their normal form
		if err != nil {
			panic(err)
		}
		keys = append(keys, k)
	}
	holders, err := store.Holders(ctx, st, "acme", keys...)
	if err != nil {
		panic(err)
	}
	for i, list := range holders {
		fmt.Print(keys[i].Value, ":")
		for _, c := range list {
			fmt.Print(" ", c.LastName)
		}
		fmt.Println()
	}
	// Output:
	// +85291234567: Lee
	// info@acme.example: Ray Fox
	// +85255555555:
}
