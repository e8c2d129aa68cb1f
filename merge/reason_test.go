package merge

import (
	"fmt"
	"iter"
	"strings"
	"testing"

	"github.com/extcontacts/extcontacts/contacts"
)

// The shares of the shipped model are told as assumptions; those of a model
// that was learnt as counted, as far as so many were counted.
func TestSharesCounted(t *testing.T) {
	people := func(n int) iter.Seq2[Record, error] {
		return func(yield func(Record, error) bool) {
			for i := range n {
				// Each name three times, each company in a tenth of the records.
				r := Record{ID: contacts.ID(fmt.Sprintf("%04d", i)), Values: map[Kind][]string{Given: {[]string{"Ann", "Bob", "Cyd", "Dee", "Eve"}[i/3%5]},
					Family: {"Fo" + strings.Repeat(string(rune('a'+i/3%26)), 1+i/78)}, Company: {[]string{"Acme", "Brown", "Cole", "Dune", "Elm"}[i/3%5]}}}
				if !yield(r, nil) {
					return
				}
			}
		}
	}
	says := func(p Pair) string {
		var all []string
		for _, r := range p.Reasons {
			all = append(all, r.Says)
		}
		return strings.Join(all, "; ")
	}
	a := &contacts.Contact{ID: "a", FirstName: "Ann", LastName: "Fox", Company: "Acme"}
	b := &contacts.Contact{ID: "b", FirstName: "Ann", LastName: "Fox", Company: "Acme", JobTitle: "CEO"}
	p, ok := Compare(a, b)
	if got := says(p); !ok || strings.Contains(got, "about 1 in") || strings.Count(got, "is assumed to") != 4 {
		t.Errorf("shipped: %v %s", ok, got)
	}
	found, err := FindRecords(people(600), FindOptions{})
	if err != nil {
		t.Fatal(err)
	}
	counted := 0
	for p := range found.Pairs() {
		got := says(p)
		if !strings.Contains(got, "of any two, about 1 in ") {
			t.Fatalf("of a file: %s", got)
		}
		if strings.Contains(got, "company, which about 1 in ") {
			counted++
		}
	}
	if counted == 0 {
		t.Error("no company of the file is told as counted")
	}
	if p, ok := Learn(found).Compare(a, b); ok && !strings.Contains(says(p), "of any two, about 1 in ") {
		t.Errorf("learnt: %s", says(p))
	}
	small, err := FindRecords(people(9), FindOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for p := range small.Pairs() {
		if got := says(p); strings.Contains(got, "last name, which about 1 in") {
			t.Errorf("nine records tell of hundreds: %s", got)
		}
	}
}
