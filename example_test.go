package extcontacts_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"strings"
	"time"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/contacts/phoneplan"
	"github.com/extcontacts/extcontacts/store/memstore"
)

// Open a book, create a contact and find it again.
func Example() {
	ctx := context.Background()
	st := memstore.New() // or sqlite.Open(ctx, "contacts.db")
	defer st.Close()

	book, err := extcontacts.Open(ctx, st, extcontacts.Options{Workspace: "acme"})
	if err != nil {
		log.Fatal(err)
	}
	s := book.As(contacts.Actor{ID: "agent-7"})

	phone, err := contacts.ParsePhone("+852 9123 4567")
	if err != nil {
		log.Fatal(err)
	}
	_, err = s.Create(ctx, &contacts.Contact{
		FirstName: "Ann",
		LastName:  "Lee",
		Company:   "Acme",
		Phones:    []contacts.ContactPhone{{Kind: contacts.MobilePhone, Phone: phone}},
		Labels:    []string{"VIP"},
	})
	if err != nil {
		log.Fatal(err)
	}

	for c, err := range s.Search(ctx, `acme label:VIP`) {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(c.FullName(), c.Type, c.Phones[0].Phone.Number())
	}
	// Output: Ann Lee Lead +85291234567
}

func exampleSession() (context.Context, *extcontacts.Session) {
	ctx := context.Background()
	n := 0
	book, err := extcontacts.Open(ctx, memstore.New(), extcontacts.Options{
		Workspace: "acme",
		Now:       func() time.Time { return time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC) },
		NewID:     func() contacts.ID { n++; return contacts.ID(fmt.Sprintf("id-%d", n)) },
	})
	if err != nil {
		log.Fatal(err)
	}
	return ctx, book.As(contacts.Actor{ID: "agent-7"})
}

// Rows that are right go in; the others come back in a file that can be mended
// and imported.
func ExampleSession_Import() {
	ctx, s := exampleSession()
	file := `First name,Last name,Mobile,Job Title
Ann,Lee,+85291234567,"Head of Marketing, Asia Division"
Bob,Ray,+8521,CEO
,,+85291234569,
`
	var rejected strings.Builder
	report, err := s.Import(ctx, strings.NewReader(file), extcontacts.ImportOptions{ErrorLog: &rejected})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d rows: %d created, %d rejected\n", report.Rows, report.Created, report.Rejected)
	fmt.Print(rejected.String())

	mended := strings.Replace(rejected.String(), "+8521,", "+85291234568,", 1)
	report, err = s.Import(ctx, strings.NewReader(mended), extcontacts.ImportOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%d rows: %d created, %d rejected\n", report.Rows, report.Created, report.Rejected)
	// Output:
	// 3 rows: 2 created, 1 rejected
	// First name,Last name,Mobile,Job Title,_row,_code,_column,_reason
	// Bob,Ray,+8521,CEO,2,phone_too_short,Mobile,"Mobile: the phone number is too short (a number has 8 to 20 digits, the country code included)"
	// 1 rows: 1 created, 0 rejected
}

// An export imports back; formulas are guarded and phone numbers survive.
func ExampleSession_Export() {
	ctx, s := exampleSession()
	_, err := s.Import(ctx, strings.NewReader("Last name,Email,Company\nLee,ann@example.com,=1+1\nRay,bob@example.com,Beta\n"), extcontacts.ImportOptions{})
	if err != nil {
		log.Fatal(err)
	}
	_, err = s.Export(ctx, os.Stdout, extcontacts.ExportOptions{Query: "ann", Columns: []string{"last_name", "emails.work", "company"}})
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// Last name,Email,Company
	// Lee,ann@example.com,'=1+1
}

// A merge is planned, carried out and taken back.
func ExampleSession_Merge() {
	ctx, s := exampleSession()
	_, err := s.Import(ctx, strings.NewReader("First name,Last name,Mobile,Email,Company\n"+
		"Ann,Lee,+85291234567,,\n"+
		"Anne,Lee,+85291234567,anne@example.com,Acme\n"), extcontacts.ImportOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for pair, err := range s.Duplicates(ctx, "", extcontacts.DuplicateOptions{}) {
		if err != nil {
			log.Fatal(err)
		}
		plan, err := s.PlanMerge(ctx, pair.A, []contacts.ID{pair.B})
		if err != nil {
			log.Fatal(err)
		}
		for _, f := range plan.Fields {
			fmt.Println(f.Path, "=", f.Value)
		}
		act, err := s.Merge(ctx, plan)
		if err != nil {
			log.Fatal(err)
		}
		survivor, err := s.Get(ctx, pair.B) // the old id answers
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(survivor.FullName(), survivor.Company, len(survivor.Emails))

		back, err := s.PlanUndo(ctx, act.ID)
		if err != nil {
			log.Fatal(err)
		}
		if _, err := s.Undo(ctx, back); err != nil {
			log.Fatal(err)
		}
	}
	n, err := s.Count(ctx, "lee")
	fmt.Println(n, err)
	// Output:
	// first_name = Ann
	// company = Acme
	// emails = work anne@example.com
	// primary_email = work anne@example.com
	// Ann Lee Acme 1
	// 2 <nil>
}

// Who is calling?
func ExampleSession_Lookup() {
	ctx, s := exampleSession()
	_, err := s.Import(ctx, strings.NewReader("Last name,Mobile\nLee,+85291234567\n"), extcontacts.ImportOptions{})
	if err != nil {
		log.Fatal(err)
	}
	caller := contacts.MustParsePhone("+852-9123-4567")
	res, err := s.Lookup(ctx, contacts.Key{Kind: contacts.PhoneKey, Value: caller.Number()})
	if err != nil {
		log.Fatal(err)
	}
	for _, f := range res.Found {
		fmt.Println(f.Contact.LastName, f.Verified)
	}
	// Output: Lee false
}

// An edit based on an old revision is refused, naming who changed what.
func ExampleSession_Edit() {
	ctx, s := exampleSession()
	c, err := s.Create(ctx, &contacts.Contact{LastName: "Lee"})
	if err != nil {
		log.Fatal(err)
	}
	set := func(company string) func(*contacts.Contact) error {
		return func(c *contacts.Contact) error { c.Company = company; return nil }
	}
	_, err = s.Edit(ctx, c.ID, c.Rev, set("Acme"))
	fmt.Println(err)
	_, err = s.Edit(ctx, c.ID, c.Rev, set("Beta"))
	fmt.Println(err)
	// Output:
	// <nil>
	// extcontacts: contact id-2 is at revision 2, not 1: company changed by agent-7
}

// The change log, and the contact as it was.
func ExampleSession_Log() {
	ctx, s := exampleSession()
	c, err := s.Create(ctx, &contacts.Contact{LastName: "Lee"})
	if err != nil {
		log.Fatal(err)
	}
	_, err = s.Edit(ctx, c.ID, 0, func(c *contacts.Contact) error { c.Company = "Acme"; return nil })
	if err != nil {
		log.Fatal(err)
	}
	page, err := s.Log(ctx, c.ID, extcontacts.LogOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, l := range page.Entries {
		fmt.Printf("%s by %s: %s %s %q -> %q\n", l.Kind, l.Actor, l.Change.Op(), l.Change.Path, l.Change.Old, l.Change.New)
	}
	// Output:
	// edit by agent-7: add company "" -> "Acme"
	// create by agent-7: create  "" -> ""
}

// National phone numbers are read with a default region and a numbering plan.
func ExampleOpen_nationalNumbers() {
	ctx, st := context.Background(), memstore.New()
	book, err := extcontacts.Open(ctx, st, extcontacts.Options{
		Workspace: "acme",
		Parse:     contacts.ParseOptions{Plan: phoneplan.New(), Region: "HK"},
	})
	if err != nil {
		log.Fatal(err)
	}
	s := book.As(contacts.Actor{ID: "agent-7"})
	_, err = s.Import(ctx, strings.NewReader("Last name,Mobile\nLee,9123 4567\n"), extcontacts.ImportOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for c, err := range s.Search(ctx, "lee") {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(c.Phones[0].Phone.Number(), "typed as", c.Phones[0].Phone.Raw())
	}
	// Output: +85291234567 typed as 9123 4567
}

// Custom fields and labels belong to the workspace; template, header mapping
// and validation know them at once.
func ExampleSession_SetField() {
	ctx, s := exampleSession()
	_, err := s.SetField(ctx, contacts.CustomField{Key: "tier", Name: "Tier", Kind: contacts.ChoiceField, Options: []string{"Gold", "Silver"}})
	if err != nil {
		log.Fatal(err)
	}
	report, err := s.Import(ctx, strings.NewReader("Last name,Tier\nLee,gold\nRay,bronze\n"), extcontacts.ImportOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for _, r := range report.Rejections {
		fmt.Println(r.Row, r.Faults[0].Code, r.Faults[0].Message())
	}
	n, err := s.Count(ctx, "tier=Gold")
	fmt.Println(n, err)
	// Output:
	// 2 choice_unknown Tier: this is none of the choices (one of Gold, Silver)
	// 1 <nil>
}

// Inside an enquiry its status decides what may be done to its contact.
func ExampleBook_As_enquiry() {
	ctx, s := exampleSession()
	c, err := s.Create(ctx, &contacts.Contact{LastName: "Lee"})
	if err != nil {
		log.Fatal(err)
	}
	agent := contacts.Actor{ID: "agent-8"}
	agent.Enquiry = &contacts.EnquiryContext{Contact: c.ID, Status: contacts.EnquiryMissed}
	may := contacts.DefaultPolicy{}.Decide(agent, contacts.RightEdit, c)
	fmt.Println(may.Allowed, may.Rule)
	agent.Enquiry.Status = contacts.EnquiryHandling
	may = contacts.DefaultPolicy{}.Decide(agent, contacts.RightEdit, c)
	fmt.Println(may.Allowed)
	// Output:
	// false enquiry_missed
	// true
}
