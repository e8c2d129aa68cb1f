package merge

import (
	"fmt"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
)

// Kind says what a value of a [Record] is.
type Kind string

// The kinds of values. Several columns of a file may have one kind.
const (
	Given      Kind = "given"  // first names
	Family     Kind = "family" // last names
	Name       Kind = "name"   // a whole name
	Email      Kind = "email"
	Phone      Kind = "phone"
	Date       Kind = "date" // of birth, YYYY-MM-DD
	Street     Kind = "street"
	City       Kind = "city"
	Region     Kind = "region"
	Postcode   Kind = "postcode"
	Country    Kind = "country"
	Company    Kind = "company"
	Title      Kind = "title"
	Identifier Kind = "identifier" // a number that only one person has
	Text       Kind = "text"       // anything else
)

var kinds = []Kind{Given, Family, Name, Email, Phone, Date, Street, City, Region, Postcode, Country, Company, Title, Identifier, Text}

// Kinds returns all kinds.
func Kinds() []Kind { return slices.Clone(kinds) }

// ParseKind reads the name of a kind. The error is a *[contacts.ValueError]
// with the code kind_unknown.
func ParseKind(s string) (Kind, error) {
	if slices.Contains(kinds, Kind(s)) {
		return Kind(s), nil
	}
	return "", &contacts.ValueError{Code: "kind_unknown", Hint: fmt.Sprintf("one of %v", kinds)}
}

// Record is a row of a file with typed values, for finding duplicates before
// anything is imported.
type Record struct {
	// ID names the record among all that are compared.
	ID contacts.ID
	// Source is the file it comes from; see [FindOptions.Across].
	Source string
	// Values are the texts by kind, as they were written.
	Values map[Kind][]string
}
