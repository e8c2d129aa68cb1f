package search_test

import (
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
)

func ann() *contacts.Contact {
	return &contacts.Contact{
		ID: "c-7", FirstName: "Ann", LastName: "Müller", Company: "Acme Trading", Labels: []string{"VIP"},
		Address:   contacts.Address{Country: contacts.MustParseCountry("HK")},
		Phones:    []contacts.ContactPhone{{Kind: contacts.MobilePhone, Phone: contacts.MustParsePhone("+852 9123 4567"), Primary: true}},
		CreatedAt: time.Date(2026, 3, 1, 0, 0, 0, 0, time.UTC),
	}
}

func Example() {
	q, err := search.Parse(`muller label:vip country:"Hong Kong"`, search.Options{})
	if err != nil {
		panic(err)
	}
	_, ok := q.Match(ann())
	fmt.Println(ok)
	fmt.Println(q)
	// Output:
	// true
	// muller label:vip country=HK
}

// Free words look at names, companies, emails, phones and labels, in any order
// and whatever the spelling.
func ExampleParse_freeText() {
	for _, text := range []string{"MÜLL ann", "acm mull", `"acme trading"`, "9123-4567", "(0)9123 4567", "smith"} {
		q, _ := search.Parse(text, search.Options{})
		_, ok := q.Match(ann())
		fmt.Println(text, ok)
	}
	// Output:
	// MÜLL ann true
	// acm mull true
	// "acme trading" true
	// 9123-4567 true
	// (0)9123 4567 true
	// smith false
}

// Relative dates need a clock; days end in the given time zone.
func ExampleParse_dates() {
	o := search.Options{Now: time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC), Location: time.FixedZone("HKT", 8*3600)}
	for _, text := range []string{"created >= -14d", "created:2026-03", "created:yesterday", "created < 2026"} {
		q, _ := search.Parse(text, o)
		_, ok := q.Match(ann())
		fmt.Println(q, ok)
	}
	// Output:
	// created_at>=-14d true
	// created_at=2026-03 true
	// created_at=yesterday false
	// created_at<2026 false
}

func ExampleSyntaxError() {
	text := "acme compnay:trading"
	_, err := search.Parse(text, search.Options{})
	var e *search.SyntaxError
	if errors.As(err, &e) {
		fmt.Println(e.Code, "at", text[e.Offset:e.End])
		fmt.Println(e.Hint)
	}
	// Output:
	// unknown_field at compnay:trading
	// did you mean company?
}

// What a user chose in a form becomes a query without any quoting.
func ExampleNew() {
	q, err := search.New(search.And(
		search.Word(`acme "trading`),
		search.Or(search.In("label", "VIP", "trade fair"), search.Where("company", search.Equal, "A (B)")),
		search.Not(search.IsSet("email")),
	), search.Options{}, search.Sort{Field: "created_at", Desc: true})
	fmt.Println(q, err)
	// Output:
	// acme trading (label in (vip, "trade fair") OR company="a (b)") NOT email:* sort:-created_at <nil>
}

func ExampleQuery_Explain() {
	q, _ := search.Parse("mull 9123 label:vip", search.Options{})
	m, _ := q.Explain(ann())
	for _, r := range m.Reasons {
		fmt.Println(r.Field, r.Rule, r.Text[r.Start:r.End])
	}
	// Output:
	// last_name prefix Müll
	// phone digits 9123
	// label filter VIP
}

func ExampleQuery_Fields() {
	q, _ := search.Parse("type:lead birthdate:* sort:city", search.Options{})
	fmt.Println(q.Fields())
	// Output: [birthdate city type]
}

// A store keeps Text beside a contact and asks for what a query needs in it.
func ExampleQuery_Needs() {
	fmt.Printf("%q\n", search.Text(nil, ann()))
	q, _ := search.Parse("mull 9123 city:x", search.Options{})
	fmt.Printf("%q\n", q.Needs())
	// Output:
	// " ann muller ann  acme trading  vip \x02am\x02ma\x02\x0185291234567\x01"
	// [[" mu" "ll " " mlul " "\x02mull\x02"] [" 9123" "9123"]]
}

func ExampleIndex() {
	x := search.NewIndex()
	x.Put(ann())
	x.Put(&contacts.Contact{ID: "c-8", LastName: "Smith"})
	q, _ := search.Parse("acme*", search.Options{})
	if ids, ok := x.Candidates(q); ok { // then ask Match
		fmt.Println(slices.Collect(ids))
	}
	// Output: [c-7]
}
