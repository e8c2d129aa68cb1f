package merge

import (
	"fmt"
	"iter"
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
	// Source is the file it comes from; see [LinkOptions.Across].
	Source string
	// Values are the texts by kind, as they were written.
	Values map[Kind][]string
}

// LinkOptions are the settings of [Link]; the zero value has the defaults.
type LinkOptions struct {
	// Min and MaxFanOut are as in [PairOptions].
	Min       float64
	MaxFanOut int
	// Across compares records of different sources only.
	Across bool
}

// Link finds the pairs of records that may be the same person, as [Pairs] does
// for contacts. Values that their kind cannot read, such as a phone number
// without a country code, are compared as the text they are.
func Link(records iter.Seq2[Record, error], o LinkOptions) iter.Seq2[Pair, error] {
	return func(yield func(Pair, error) bool) {
		var all []*profile
		for r, err := range records {
			if err != nil {
				yield(Pair{}, err)
				return
			}
			all = append(all, r.profile())
		}
		eligible := func(a, b *profile) bool { return !o.Across || a.source != b.source }
		for _, p := range link(all, PairOptions{Min: o.Min, MaxFanOut: o.MaxFanOut}, eligible) {
			if !yield(p, nil) {
				return
			}
		}
	}
}

// identifierKey is the kind of key made from an identifier of a record.
const identifierKey contacts.KeyKind = "identifier"

func (r *Record) profile() *profile {
	p := &profile{id: r.ID, source: r.Source, values: make(map[Kind][]string)}
	join := func(dst *string, text string) {
		if w := words(text); w != "" && *dst != "" {
			*dst += " " + w
		} else if w != "" {
			*dst = w
		}
	}
	key := func(kind contacts.KeyKind, value string) { p.addKey(identifier{kind: kind, value: value}) }
	for _, kind := range kinds {
		for _, text := range r.Values[kind] {
			switch kind {
			case Given:
				join(&p.given, text)
			case Family, Name:
				join(&p.family, text)
			case Company:
				join(&p.company, text)
			case Email:
				if e, err := contacts.ParseEmail(text); err == nil {
					key(contacts.EmailKey, e.Key())
				} else {
					key(contacts.EmailKey, words(text))
				}
			case Phone:
				if n, err := contacts.ParsePhone(text); err == nil {
					key(contacts.PhoneKey, n.Number())
				} else {
					key(contacts.PhoneKey, digits(text))
				}
			case Date:
				if d, err := contacts.ParseDate(text); err == nil && p.born.IsZero() {
					p.born = d
				} else if w := words(text); err != nil && w != "" {
					p.values[Date] = append(p.values[Date], w)
				}
			case Identifier:
				key(identifierKey, words(text))
			default:
				if w := words(text); w != "" {
					p.values[kind] = append(p.values[kind], w)
				}
			}
		}
	}
	p.joinName()
	return p
}

// digits are the digits of a number that has no country code, if they are many
// enough to say something.
func digits(s string) string {
	var out []byte
	for i := range len(s) {
		if s[i] >= '0' && s[i] <= '9' {
			out = append(out, s[i])
		}
	}
	if len(out) < 6 {
		return ""
	}
	return string(out)
}

// valueWeights are the weights of further values, equal and different.
var valueWeights = []struct {
	kind             Kind
	equal, different float64
}{
	{Date, 9, -4}, {Street, 4, -1}, {City, 1, -1}, {Region, 0.5, -0.5},
	{Postcode, 3, -1}, {Country, 0.25, -1}, {Title, 1, 0}, {Text, 3, -0.5},
}

func valueReasons(a, b map[Kind][]string) []Reason {
	if len(a) == 0 || len(b) == 0 {
		return nil
	}
	var out []Reason
	for _, w := range valueWeights {
		if len(a[w.kind]) == 0 || len(b[w.kind]) == 0 {
			continue
		}
		if slices.ContainsFunc(a[w.kind], func(v string) bool { return slices.Contains(b[w.kind], v) }) {
			out = append(out, Reason{Field: string(w.kind), How: "equal", Weight: w.equal})
		} else {
			out = append(out, Reason{Field: string(w.kind), How: "different", Weight: w.different})
		}
	}
	return out
}
