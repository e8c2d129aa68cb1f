package extcontacts_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/csvio"
)

// A dry run tells, row by row and cell by cell, what an import would do.
func ExampleSession_Import_dryRun() {
	ctx, s := exampleSession()
	_, err := s.Import(ctx, strings.NewReader("First name,Last name,Mobile\nAnn,Lee,+85291234567\n"), extcontacts.ImportOptions{})
	if err != nil {
		log.Fatal(err)
	}
	file := "First name,Last name,Mobile,Company\nAnn,Lee,+85291234567,Acme\nBob,Ray,12,Beta\n"
	_, err = s.Import(ctx, strings.NewReader(file), extcontacts.ImportOptions{
		DryRun: true,
		Each: func(r extcontacts.RowResult) error {
			fmt.Printf("row %d would be %s\n", r.Row, r.Outcome)
			for _, c := range r.Cells {
				fmt.Printf("  %s: %q -> %q\n", c.Field, c.Old, c.New)
			}
			for _, f := range r.Faults {
				fmt.Printf("  %s: %s\n", f.Column, f.Code)
			}
			return nil
		},
	})
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// row 1 would be updated
	//   company: "" -> "Acme"
	// row 2 would be rejected
	//   Mobile: phone_no_country_code
}

// Lists of a contact are united with those of the row, unless a rule says
// that they are replaced.
func ExampleSession_Import_lists() {
	ctx, s := exampleSession()
	for _, file := range []string{
		"External ID: crm,Last name,Mobile,Contact Label\n1,Lee,+85291234561,VIP\n",
		"External ID: crm,Mobile,Contact Label\n1,+85291234562,Partner\n",
	} {
		_, err := s.Import(ctx, strings.NewReader(file), extcontacts.ImportOptions{Lists: extcontacts.ListRules{Phones: extcontacts.ReplaceList}})
		if err != nil {
			log.Fatal(err)
		}
	}
	for c, err := range s.Search(ctx, "lee") {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(len(c.Phones), c.Phones[0].Phone.Number(), c.Labels)
	}
	// Output: 1 +85291234562 [Partner VIP]
}

// What the columns of a file mean can be kept for the next file of the same
// make.
func ExampleSession_Import_savedMapping() {
	ctx, s := exampleSession()
	first, err := s.Check(ctx, strings.NewReader("Nachname,Handy\nLee,+85291234567\n"), extcontacts.ImportOptions{
		Mapping: map[string]string{"Nachname": "last_name", "Handy": "phones.mobile"},
	})
	if err != nil {
		log.Fatal(err)
	}
	profile := first.Mapping.Profile() // a map of texts: keep it wherever you like
	report, err := s.Import(ctx, strings.NewReader("Handy,Nachname\n+85291234568,Ray\n"), extcontacts.ImportOptions{Mapping: profile})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.Created, "created;", profile["Handy"])
	// Output: 1 created; phones.mobile
}

// An observer learns how far an import is, and the context ends it; resumed it
// goes on with the row after the last that is in the book.
func ExampleSession_Import_resume() {
	ctx, s := exampleSession()
	file := "Last name,Mobile\nLee,+85291234561\nRay,+85291234562\nPoe,+85291234563\nKay,+85291234564\n"
	stopping, stop := context.WithCancel(ctx)
	o := extcontacts.ImportOptions{Source: "people.csv", BatchRows: 2, Size: int64(len(file))}
	o.Observer = extcontacts.ObserverFunc(func(p extcontacts.Progress) {
		fmt.Println(p.Rows, "rows are in")
		stop() // somebody had enough
	})
	report, err := s.Import(stopping, strings.NewReader(file), o)
	fmt.Println(errors.Is(err, context.Canceled), report.Created, "created")

	o.Observer, o.Resume = nil, true
	report, err = s.Import(ctx, strings.NewReader(file), o)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.Created, "created,", report.Resumed, "of them before")
	// Output:
	// 2 rows are in
	// true 2 created
	// 4 created, 2 of them before
}

// A whole import is one act, and can be taken back; what was edited since
// stays and is named.
func ExampleSession_Import_undo() {
	ctx, s := exampleSession()
	report, err := s.Import(ctx, strings.NewReader("First name,Mobile\nAnn,+85291234561\nBob,+85291234562\n"), extcontacts.ImportOptions{})
	if err != nil {
		log.Fatal(err)
	}
	for c, err := range s.Search(ctx, "ann") {
		if err != nil {
			log.Fatal(err)
		}
		if _, err := s.Edit(ctx, c.ID, 0, func(c *contacts.Contact) error { c.LastName = "Lee"; return nil }); err != nil {
			log.Fatal(err)
		}
	}
	plan, err := s.PlanUndo(ctx, report.Act)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println("kept:", len(plan.Kept))
	if _, err := s.Undo(ctx, plan); err != nil {
		log.Fatal(err)
	}
	for c, err := range s.Search(ctx, "") {
		if err != nil {
			log.Fatal(err)
		}
		fmt.Println(c.FullName())
	}
	// Output:
	// kept: 1
	// Ann Lee
}

// A damaged row comes back with a repair and how sure it is; Repair makes it.
func ExampleSession_Check() {
	ctx, s := exampleSession()
	file := "First name,Last name,Mobile,Job Title,Team,Country\nAnn,Lee,+85291234567,Head of Marketing, Asia Division,Sales,HK\n"
	check, err := s.Check(ctx, strings.NewReader(file), extcontacts.ImportOptions{})
	if err != nil {
		log.Fatal(err)
	}
	best := check.Rejections[0].Proposals[0]
	fmt.Printf("%q\n", best.Cells)
	report, err := s.Import(ctx, strings.NewReader(file), extcontacts.ImportOptions{Repair: best.Confidence})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.Created, "created,", len(report.Repaired), "repaired")
	// Output:
	// ["Ann" "Lee" "+85291234567" "Head of Marketing, Asia Division" "Sales" "HK"]
	// 1 created, 1 repaired
}

// A file that is not in Unicode is read by its declared encoding. Undeclared,
// rows that are no UTF-8 are rejected, and the report suggests the encoding.
func ExampleSession_Import_encoding() {
	ctx, s := exampleSession()
	file := "First name,Last name\n\xd6zil,M\xfcller\nAnn,Lee\n"
	report, err := s.Check(ctx, strings.NewReader(file), extcontacts.ImportOptions{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.Rejected, report.Rejections[0].Faults[0].Code, report.Evidence.Suggest)
	report, err = s.Import(ctx, strings.NewReader(file), extcontacts.ImportOptions{Dialect: csvio.Dialect{Encoding: csvio.Windows1252}})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.Created)
	// Output:
	// 1 invalid_utf8 windows-1252
	// 2
}

// An export of a selection, as a spreadsheet wants it.
func ExampleSession_Export_selection() {
	ctx, s := exampleSession()
	_, err := s.Import(ctx, strings.NewReader("Last name,Mobile\nLee,+85291234561\nRay,+85291234562\n"), extcontacts.ImportOptions{})
	if err != nil {
		log.Fatal(err)
	}
	var chosen []contacts.ID
	for c, err := range s.Search(ctx, "ray") {
		if err != nil {
			log.Fatal(err)
		}
		chosen = append(chosen, c.ID)
	}
	_, err = s.Export(ctx, os.Stdout, extcontacts.ExportOptions{IDs: chosen, Columns: []string{"last_name", "phones.mobile"}, Comma: ';'})
	if err != nil {
		log.Fatal(err)
	}
	// Output:
	// Last name;Mobile
	// Ray;'+85291234562
}
