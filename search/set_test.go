package search_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
	"pgregory.net/rapid"
)

// A set answers for each query as Match does.
func TestSet(t *testing.T) {
	s := schema(t)
	rapid.Check(t, func(t *rapid.T) {
		queries := map[string]*search.Query{}
		for i := range rapid.IntRange(0, 30).Draw(t, "queries") {
			queries[fmt.Sprint("q", i)] = drawQuery(t, s)
		}
		set := search.NewSet(queries)
		for range 5 {
			c := drawContact(t, "c")
			var want []string
			for name, q := range queries {
				if _, ok := q.Match(c); ok {
					want = append(want, name)
				}
			}
			slices.Sort(want)
			if got := set.Match(c); !slices.Equal(got, want) {
				t.Fatalf("%v, want %v", got, want)
			}
		}
	})
}

func TestFieldValues(t *testing.T) {
	for name, want := range map[string][]string{"label": {"VIP", "trade fair"}, "tags": {"VIP", "trade fair"}, "country": {"HK"}, "tier": {"Gold"}, "state": nil, "name": {"John O’Brien-Müller"}, "verified": {"yes"}} {
		f, err := search.LookupField(name, schema(t))
		if err != nil {
			t.Fatal(err)
		}
		if got := f.Values(john()); !slices.Equal(got, want) {
			t.Errorf("%s: %q, want %q", name, got, want)
		}
	}
	var e *search.SyntaxError
	if _, err := search.LookupField("lable", nil); !errors.As(err, &e) || e.Hint != "did you mean label?" {
		t.Error(err)
	}
}

// Smart groups: which of the saved queries does a contact match?
func ExampleSet() {
	queries := map[string]*search.Query{}
	for name, text := range map[string]string{"key accounts": "label:vip", "Hong Kong": "country:HK", "Smiths": "last_name:smith"} {
		queries[name], _ = search.Parse(text, search.Options{})
	}
	fmt.Println(search.NewSet(queries).Match(ann()))
	// Output: [Hong Kong key accounts]
}

func BenchmarkSet(b *testing.B) {
	queries := map[string]*search.Query{}
	for i := range 1000 {
		c := corpus(i)
		q, err := search.New(search.And(search.Where("last_name", search.Equal, c.LastName), search.Where("country", search.Equal, "HK")), search.Options{})
		if err == nil {
			queries[fmt.Sprint(i)] = q
		}
	}
	set := search.NewSet(queries)
	list := make([]*contacts.Contact, 1000)
	for i := range list {
		list[i] = corpus(i + 5000)
	}
	b.ReportAllocs()
	i := 0
	for b.Loop() {
		set.Match(list[i%1000])
		i++
	}
}
