package store

import (
	"cmp"
	"context"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
)

// Facet is how often each value of a field is among the matches of a query.
type Facet struct {
	Field string
	// Values are the values, the most frequent first, among equals in byte
	// order. A contact counts for each of its values.
	Values []FacetValue
	// Without is the number of matches without a value.
	Without int
}

// FacetValue is one value of a facet.
type FacetValue struct {
	Value string
	Count int
}

// MaxFacets is the number of fields that one [Facets] counts: each costs memory
// for every different value.
const MaxFacets = 16

// Facets counts the matches that may be seen, and the values of fields among
// them, in one pass. Errors are those of [Store.Scan]; more than [MaxFacets]
// fields are a *[contacts.FieldError].
func Facets(ctx context.Context, st Store, workspace string, q *search.Query, visible func(*contacts.Contact) bool, fields ...search.Field) (total int, facets []Facet, err error) {
	if len(fields) > MaxFacets {
		return 0, nil, &contacts.FieldError{Path: "facets", Code: "too_many", Hint: "at most 16 fields"}
	}
	counts := make([]map[string]int, len(fields))
	facets = make([]Facet, len(fields))
	for i, f := range fields {
		counts[i], facets[i].Field = map[string]int{}, f.Name()
	}
	for hit, err := range matches(ctx, st, workspace, q, visible) {
		if err != nil {
			return 0, nil, err
		}
		total++
		for i, f := range fields {
			values := f.Values(hit.Contact)
			if len(values) == 0 {
				facets[i].Without++
			}
			for _, v := range values {
				counts[i][v]++
			}
		}
	}
	for i, of := range counts {
		for v, n := range of {
			facets[i].Values = append(facets[i].Values, FacetValue{v, n})
		}
		slices.SortFunc(facets[i].Values, func(a, b FacetValue) int {
			return cmp.Or(b.Count-a.Count, cmp.Compare(a.Value, b.Value))
		})
	}
	return total, facets, nil
}
