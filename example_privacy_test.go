package extcontacts_test

import (
	"context"
	"fmt"
	"log"
	"strings"
	"time"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store/memstore"
)

// An erasure says what it touched. A later import knows the identifiers again
// by their keyed hashes and refuses them.
func ExampleSession_EraseReport() {
	ctx := context.Background()
	st := memstore.New()
	defer st.Close()
	book, err := extcontacts.Open(ctx, st, extcontacts.Options{Workspace: "acme", Secret: []byte("kept elsewhere")})
	if err != nil {
		log.Fatal(err)
	}
	s := book.As(contacts.Actor{ID: "dpo"})

	const file = "First name,Last name,Email\nAnn,Lee,ann@example.com\n"
	if _, err := s.Import(ctx, strings.NewReader(file), extcontacts.ImportOptions{}); err != nil {
		log.Fatal(err)
	}
	var ann contacts.ID
	for c, err := range s.Search(ctx, "ann") {
		if err != nil {
			log.Fatal(err)
		}
		ann = c.ID
	}
	_, touched, err := s.EraseReport(ctx, ann)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(len(touched.Contacts), "contact,", touched.Suppressed, "identifier suppressed")

	c, err := s.Get(ctx, ann)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s %q\n", c.State, c.FullName())

	rep, err := s.Import(ctx, strings.NewReader(file), extcontacts.ImportOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(rep.Rejected, "rejected:", rep.Rejections[0].Faults[0].Code)

	// Output:
	// 1 contact, 1 identifier suppressed
	// erased ""
	// 1 rejected: identifier_erased
}

// Retention deletes contacts with which nothing happened for long; a dry run
// tells first how many. Deleting can be undone, erasing cannot.
func ExampleSession_Retain() {
	ctx := context.Background()
	st := memstore.New()
	defer st.Close()
	now := time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	book, err := extcontacts.Open(ctx, st, extcontacts.Options{Workspace: "acme", Now: func() time.Time { return now }})
	if err != nil {
		log.Fatal(err)
	}
	s := book.As(contacts.Actor{ID: "nightly"})
	for _, first := range []string{"Ann", "Bob"} {
		if _, err := s.Create(ctx, &contacts.Contact{FirstName: first, LastName: "Lee"}); err != nil {
			log.Fatal(err)
		}
		now = now.AddDate(2, 0, 0)
	}
	rule := extcontacts.RetentionRule{Inactive: 3 * 365 * 24 * time.Hour, DryRun: true}
	rep, err := s.Retain(ctx, rule)
	fmt.Println("would delete", rep.Changed, err)
	rule.DryRun = false
	rep, err = s.Retain(ctx, rule)
	fmt.Println("deleted", rep.Changed, err)
	n, err := s.Count(ctx, "")
	fmt.Println(n, "left", err)

	// Output:
	// would delete 1 <nil>
	// deleted 1 <nil>
	// 1 left <nil>
}
