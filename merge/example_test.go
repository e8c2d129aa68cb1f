package merge_test

import (
	"fmt"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/merge"
)

func ExampleNewPlan() {
	survivor := &contacts.Contact{ID: "c1", FirstName: "Ann", LastName: "Lee", Labels: []string{"VIP"}}
	other := &contacts.Contact{ID: "c2", FirstName: "Anne", LastName: "Lee", Company: "Acme", Labels: []string{"Newsletter"}}

	plan, err := merge.NewPlan(survivor, []*contacts.Contact{other}, merge.Take("first_name", "c2"))
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, f := range plan.Fields {
		fmt.Println(f.Path, "=", f.Value, "from", f.From, "not", f.Left)
	}
	fmt.Println(plan.Result.FullName(), plan.Result.Company, plan.Result.Labels)
	// Output:
	// first_name = Anne from c2 not [{c1 Ann}]
	// company = Acme from c2 not []
	// labels = Newsletter from c2 not []
	// Anne Lee Acme [Newsletter VIP]
}

func ExamplePlanUndo() {
	ann := &contacts.Contact{ID: "c1", LastName: "Lee", Company: "Acme Ltd", JobTitle: "Buyer"}
	h := merge.History{Acts: map[contacts.ID]contacts.Act{
		"import": {ID: "import", Kind: contacts.ActImport},
		"edit":   {ID: "edit", Kind: contacts.ActEdit},
	}}
	h.Add(contacts.Entry{Seq: 1, Act: "import", Changes: []contacts.Change{
		{Contact: "c1", Path: "company", Old: "Acne", New: "Acme"},
		{Contact: "c1", Path: "job_title", New: "Buyer"},
	}})
	h.Add(contacts.Entry{Seq: 2, Act: "edit", Changes: []contacts.Change{
		{Contact: "c1", Path: "company", Old: "Acme", New: "Acme Ltd"},
	}})

	plan, err := merge.PlanUndo("import", []*contacts.Contact{ann}, h)
	if err != nil {
		fmt.Println(err)
		return
	}
	for _, ch := range plan.Restored {
		fmt.Printf("restored: %s from %q to %q\n", ch.Path, ch.Old, ch.New)
	}
	for _, k := range plan.Kept {
		fmt.Printf("kept: %s, %s by %s\n", k.Path, k.Why, k.By)
	}
	// Output:
	// restored: job_title from "Buyer" to ""
	// kept: company, edited_later by edit
}

func ExampleAsOf() {
	now := &contacts.Contact{ID: "c1", LastName: "Lee", Company: "Acme Ltd"}
	steps := []merge.Step{
		{Seq: 1, Act: "import", Change: contacts.Change{Contact: "c1", Path: contacts.PathCreated}},
		{Seq: 5, Act: "edit", Change: contacts.Change{Contact: "c1", Path: "company", Old: "Acme", New: "Acme Ltd"}},
	}
	for _, seq := range []int64{5, 4, 0} {
		c, err := merge.AsOf(now, steps, seq)
		if err != nil || c == nil {
			fmt.Println(seq, "not there yet", err)
			continue
		}
		fmt.Println(seq, c.Company)
	}
	// Output:
	// 5 Acme Ltd
	// 4 Acme
	// 0 not there yet <nil>
}

func ExampleCompare() {
	phone := []contacts.ContactPhone{{Kind: contacts.MobilePhone, Phone: contacts.MustParsePhone("+852 9123 4567")}}
	a := &contacts.Contact{ID: "c1", FirstName: "Ann", LastName: "Lee", Company: "Acme", Phones: phone}
	b := &contacts.Contact{ID: "c2", FirstName: "A.", LastName: "LEE", Company: "ACME", Phones: phone}

	pair, _ := merge.Compare(a, b)
	fmt.Println(pair.Verdict, pair.Score)
	for _, r := range pair.Reasons {
		fmt.Printf("%+.0f %s\n", r.Weight, r.Says)
	}
	// Output:
	// same 0.9921
	// +21 the same phone number, which 1 in 3.3 million is assumed to have
	// +10 the same company, which 1 in 2000 is assumed to have
	// +6 the same last name, which 1 in 270 is assumed to have
	// +3 the initial of the first name is the same
	// -16 people of one office share a company, a phone and an address: what they share counts for little
	// -17 of any two, 1 in 100000 is assumed to be one and the same
}

func ExampleFindRecords() {
	records := func(yield func(merge.Record, error) bool) {
		_ = yield(merge.Record{ID: "row 1", Values: map[merge.Kind][]string{
			merge.Name: {"Ann Lee"}, merge.Email: {"ann@example.com"}}}, nil) &&
			yield(merge.Record{ID: "row 2", Values: map[merge.Kind][]string{
				merge.Given: {"Ann"}, merge.Family: {"Lee"}, merge.Email: {"ANN@example.com"}}}, nil)
	}
	found, err := merge.FindRecords(records, merge.FindOptions{})
	if err != nil {
		fmt.Println(err)
		return
	}
	for p := range found.Pairs() {
		fmt.Println(p.A, "and", p.B, "are", p.Verdict)
	}
	fmt.Println(found.Clusters())
	// Output:
	// row 1 and row 2 are same
	// [[row 1 row 2]]
}
