package merge

import (
	"cmp"
	"slices"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
)

// Pair says why two contacts, or two records, may be the same person.
type Pair struct {
	A contacts.ID `json:"a"`
	B contacts.ID `json:"b"`
	// Score is how sure it is that both are one person, 0 to 1.
	Score   float64 `json:"score"`
	Verdict Verdict `json:"verdict"`
	// Reasons are the evidence for and against, the strongest first.
	Reasons []Reason `json:"reasons"`
}

// Reason is one piece of evidence: an identity key both have, or a field.
type Reason struct {
	// Key is the kind of the identity key that was compared: phone or email.
	Key contacts.KeyKind `json:"key,omitzero"`
	// Field is the field that was compared, where Key is empty: first_name,
	// last_name, middle_name, name_suffix, name (of an organisation), birthdate,
	// company, job_title, street, city, region, postcode, country, identifier,
	// text, external_ids. Three more are no fields: household, workplace and mailbox take away
	// what people of one household, office or mailbox share anyhow; any_two is
	// the guess before anything was compared.
	Field string `json:"field,omitzero"`
	// How names what was found: equal, variant (a nickname, one of two last
	// names), typo, partly (an initial, a part of a date), alike, different,
	// swapped (first and last name). An identifier that is verified on both
	// sides is verified; one that many hold, or a mailbox of a role such as
	// info@, is shared.
	How string `json:"how"`
	// Weight is the evidence in bits: +1 makes it twice as likely, to one,
	// that both are the same person, -1 half as likely.
	Weight float64 `json:"weight"`
	// Says is the reason in plain English, without the values themselves.
	Says string `json:"says,omitzero"`
}

// Verdict sums a pair up.
type Verdict uint8

// The verdicts.
const (
	// Related: the two share an identifier but are probably two people, such as
	// colleagues behind one switchboard or a family on one line.
	Related Verdict = iota + 1
	// Possible: a person should look.
	Possible
	// Same: almost certainly one person.
	Same
)

var verdictNames = [...]string{"", "related", "possible", "same"}

// String is the verdict's name: related, possible or same.
func (v Verdict) String() string {
	if int(v) < len(verdictNames) {
		return verdictNames[v]
	}
	return ""
}

// MarshalText returns the verdict's name.
func (v Verdict) MarshalText() ([]byte, error) { return []byte(v.String()), nil }

// UnmarshalText reads what MarshalText writes; anything else is a
// *[contacts.ValueError] with the code verdict_unknown.
func (v *Verdict) UnmarshalText(b []byte) error {
	i := slices.Index(verdictNames[:], string(b))
	if i < 0 {
		return &contacts.ValueError{Code: "verdict_unknown", Hint: "one of " + strings.Join(verdictNames[1:], ", ")}
	}
	*v = Verdict(i)
	return nil
}

// Verified reports whether the two share an identifier that is verified on
// both sides.
func (p *Pair) Verified() bool {
	return slices.ContainsFunc(p.Reasons, func(r Reason) bool { return r.How == "verified" })
}

// order sorts pairs: the higher score first, then by ids.
func order(a, b Pair) int {
	return cmp.Or(cmp.Compare(b.Score, a.Score), cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B))
}
