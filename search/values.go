package search

import (
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
)

// Field is a field of a contact by one of the names that queries know.
type Field struct{ f field }

// LookupField finds a field by its name or an alias of it; s may be nil. The
// error is a *[SyntaxError] with the code unknown_field and a suggestion.
func LookupField(name string, s *contacts.Schema) (Field, error) {
	r := resolver{o: &Options{Schema: s}}
	f, ok := r.find(name)
	if !ok || f.name == "act" {
		return Field{}, &SyntaxError{Code: "unknown_field", Hint: suggest(name, fieldNames(s))}
	}
	return Field{f}, nil
}

// Name is the name that canonical queries use.
func (f Field) Name() string { return f.f.name }

// Values are the different values of the field in a contact, as they are
// shown, in the order of the contact; codes for fields with a closed list.
func (f Field) Values(c *contacts.Contact) []string {
	if f.f.name == "name" {
		return fullNames(nil, c)[:min(1, len(fullNames(nil, c)))]
	}
	list := f.f.get(nil, c)
	kept := list[:0]
	for _, v := range list {
		if !slices.Contains(kept, v) {
			kept = append(kept, v)
		}
	}
	return kept
}
