package extcontacts_test

import (
	"encoding/json"
	"errors"
	"fmt"
	"log"
	"strings"
	"time"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/policy"
	"github.com/extcontacts/extcontacts/store/memstore"
)

func must[T any](v T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return v
}

// A call comes in: who is it?
func ExampleSession_HandleEnquiry() {
	ctx, s := exampleSession()
	call := extcontacts.Incoming{
		Key:     contacts.Key{Kind: contacts.PhoneKey, Value: "+852 9123 4567"},
		Create:  &contacts.Contact{FirstName: "Ann"}, // where nobody has the number
		Enquiry: contacts.Activity{Channel: "phone", Ref: "call-1"},
	}
	h := must(s.HandleEnquiry(ctx, call))
	fmt.Println(h.Contact.FullName(), h.Created, h.Verified, h.Enquiry.Status)

	must(s.VerifyIdentifier(ctx, h.Contact.ID, call.Key, "sms"))
	call.Enquiry.Ref = "call-2"
	h = must(s.HandleEnquiry(ctx, call))
	fmt.Println(h.Contact.FullName(), h.Created, h.Verified)
	// Output:
	// Ann customer true false open
	// Ann customer false true
}

// One timeline per contact, by pages.
func ExampleSession_Activities() {
	ctx, s := exampleSession()
	c := must(s.Create(ctx, &contacts.Contact{LastName: "Lee"}))
	noon := time.Date(2026, 3, 4, 12, 0, 0, 0, time.UTC)
	must(s.RecordActivities(ctx, []contacts.Activity{
		{Contact: c.ID, Kind: contacts.PageVisit, At: noon, URL: "https://example.com/prices", Ref: "visit-9"},
		{Contact: c.ID, Kind: contacts.Call, At: noon.Add(time.Hour), Agents: []contacts.ID{"agent-7"}, Ref: "call-3"},
		{Contact: c.ID, Kind: contacts.Call, At: noon.Add(2 * time.Hour), Ref: "call-4"},
	}))
	o := extcontacts.TimelineOptions{Kinds: []contacts.ActivityKind{contacts.Call}, Limit: 1}
	for {
		page := must(s.Activities(ctx, c.ID, o))
		for _, a := range page.Activities {
			fmt.Println(a.At.Format(time.TimeOnly), a.Kind, a.Ref)
		}
		if o.Cursor = page.Next; o.Cursor == "" {
			break
		}
	}
	n := must(s.Count(ctx, "last_activity>=2026-03-04"))
	fmt.Println(n)
	// Output:
	// 14:00:00 call call-4
	// 13:00:00 call call-3
	// 1
}

// Rights by role, contacts that belong to somebody, and numbers that trainees
// do not see.
func ExampleOpen_policy() {
	ctx, _ := exampleSession()
	book := must(extcontacts.Open(ctx, memstore.New(), extcontacts.Options{
		Workspace: "acme",
		Owned:     true,
		Policy: policy.All{
			contacts.DefaultPolicy{}, // inside an enquiry its status decides
			policy.Roles{"agent": policy.Agent(), "trainee": policy.Viewer(), "admin": policy.Admin()},
			policy.Owned{Managers: []string{"admin"}, Others: []contacts.Right{contacts.RightView}},
			policy.Masks{"trainee": contacts.MaskPhones},
		},
	}))
	agent := book.As(contacts.Actor{ID: "agent-7", Roles: []string{"agent"}})
	trainee := book.As(contacts.Actor{ID: "agent-8", Roles: []string{"trainee"}})
	c := must(agent.Create(ctx, &contacts.Contact{LastName: "Lee",
		Phones: []contacts.ContactPhone{{Kind: contacts.MobilePhone, Phone: contacts.MustParsePhone("+85291234567")}}}))

	seen := must(trainee.Get(ctx, c.ID))
	fmt.Println(seen.Phones[0].Phone.Raw())
	_, err := trainee.Count(ctx, "phone:91234567")
	fmt.Println(err)
	_, err = trainee.Delete(ctx, c.ID)
	fmt.Println(err)
	// Output:
	// ***
	// extcontacts: view refused by rule masked_fields
	// extcontacts: delete refused by rule role_lacks_delete
}

// Events are read page by page, each with the token to go on from; here they go
// into a channel.
func ExampleSession_Events() {
	ctx, s := exampleSession()
	c := must(s.Create(ctx, &contacts.Contact{LastName: "Lee"}))
	must(s.Edit(ctx, c.ID, 0, func(c *contacts.Contact) error { c.Company = "Acme"; return nil }))
	must(s.Delete(ctx, c.ID))

	events := make(chan extcontacts.Event)
	go func() {
		defer close(events)
		for token := ""; ; {
			page := must(s.Events(ctx, token, 0))
			for _, e := range page.Events {
				events <- e
			}
			if token = page.Next; !page.More { // keep it: the next run goes on here
				return
			}
		}
	}()
	for e := range events {
		fmt.Println(e.Kind, e.Fields, "by", e.Actor)
	}
	// Output:
	// created [] by agent-7
	// edited [company] by agent-7
	// deleted [] by agent-7
}

// Many contacts are changed as one act, after a look at what it would do.
func ExampleSession_EditMatching() {
	ctx, s := exampleSession()
	must(s.Import(ctx, strings.NewReader("Last name,Company\nLee,Acme\nRay,Acme\nPoe,Beta\n"), extcontacts.ImportOptions{}))
	move := func(c *contacts.Contact) error { c.Company = "Acme Group"; return nil }
	rep := must(s.EditMatching(ctx, "company=Acme", move, extcontacts.BulkOptions{DryRun: true}))
	fmt.Println(rep.Changed, "of", rep.Matched)
	rep = must(s.EditMatching(ctx, "company=Acme", move, extcontacts.BulkOptions{Max: rep.Matched}))
	must(s.Undo(ctx, must(s.PlanUndo(ctx, rep.Act))))
	fmt.Println(must(s.Count(ctx, "company=Acme")))
	// Output:
	// 2 of 2
	// 2
}

// A person asks for the file, and then to be forgotten.
func ExampleSession_Person() {
	ctx, s := exampleSession()
	must(s.Import(ctx, strings.NewReader("First name,Last name,Mobile\nAnn,Lee,+85291234567\n"), extcontacts.ImportOptions{Source: "people.csv"}))
	id := must(s.SearchPage(ctx, "ann", extcontacts.PageOptions{})).Hits[0].Contact.ID
	file := must(s.Person(ctx, id))
	fmt.Println(len(must(json.Marshal(file))) > 0, file.Origins[0].Kind, file.Origins[0].Source)

	_, rep, err := s.EraseReport(ctx, id)
	fmt.Println(len(rep.Contacts), rep.Suppressed, err)
	again := must(s.Import(ctx, strings.NewReader("Last name,Mobile\nLee,+85291234567\n"), extcontacts.ImportOptions{}))
	fmt.Println(again.Rejections[0].Faults[0].Code)
	// Output:
	// true import people.csv
	// 1 1 <nil>
	// identifier_erased
}

// The log's head, kept elsewhere, proves later that nothing was cut off.
func ExampleSession_Head() {
	ctx, s := exampleSession()
	c := must(s.Create(ctx, &contacts.Contact{LastName: "Lee"}))
	kept := must(s.Head(ctx)).String() // on paper, in another database, …

	must(s.Edit(ctx, c.ID, 0, func(c *contacts.Contact) error { c.Company = "Acme"; return nil }))
	head := must(extcontacts.ParseLogHead(kept))
	rep := must(s.Verify(ctx, head))
	fmt.Println(head.Seq, rep.Entries, len(rep.Differences))
	then := must(s.AsOfSeq(ctx, c.ID, head.Seq))
	fmt.Printf("%q\n", then.Company)
	// Output:
	// 1 2 0
	// ""
}

// A field changes its kind where every value converts.
func ExampleSession_ChangeField() {
	ctx, s := exampleSession()
	field := contacts.CustomField{Key: "size", Name: "Size", Kind: contacts.TextField}
	_, _, err := s.ChangeField(ctx, field)
	fmt.Println(err)
	must(s.Import(ctx, strings.NewReader("Last name,Size\nLee,012\nRay,large\n"), extcontacts.ImportOptions{}))
	field.Kind = contacts.NumberField
	_, plan, err := s.ChangeField(ctx, field)
	fmt.Println(plan.Values, "values,", len(plan.Conflicts), "against it:", plan.Conflicts[0].Code)
	fmt.Println(errors.Is(err, extcontacts.ErrInvalid))
	// Output:
	// <nil>
	// 2 values, 1 against it: number_invalid
	// true
}
