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
	// Key is the kind of the identity key both have.
	Key contacts.KeyKind `json:"key,omitzero"`
	// Field is the field that was compared, where Key is empty: name,
	// birthdate, company, external_ids, or the kind of a record's value.
	Field string `json:"field,omitzero"`
	// How names what was found: equal, different, and for names swapped,
	// initial, part, partly_different. An identity key that is verified on
	// both sides is verified; one that many hold, or a mailbox of a role such
	// as info@, is shared.
	How string `json:"how"`
	// Weight is the evidence in bits: +1 makes it twice as likely, to one,
	// that both are the same person, -1 half as likely.
	Weight float64 `json:"weight"`
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

// Compare weighs the evidence on whether a and b are the same person. It
// reports false where there is too little to suspect it and the two share no
// identity key. Compare(a, b) and Compare(b, a) agree but for A and B.
func Compare(a, b *contacts.Contact) (Pair, bool) {
	return compare(profileOf(a), profileOf(b), nil)
}

// Suggest ranks the candidates that may be the same person as c, or are
// related to it: those that share a verified identifier first, then by score,
// then by id. A is c in each pair. Candidates that are not live, and c itself,
// are left out.
func Suggest(c *contacts.Contact, candidates []*contacts.Contact) []Pair {
	p := profileOf(c)
	var out []Pair
	for _, o := range candidates {
		if o == nil || o.ID == c.ID || o.State != contacts.Live {
			continue
		}
		if pair, ok := compare(p, profileOf(o), nil); ok {
			out = append(out, pair)
		}
	}
	slices.SortFunc(out, func(a, b Pair) int {
		verified := 0
		if a.Verified() != b.Verified() {
			verified = 1
			if a.Verified() {
				verified = -1
			}
		}
		return cmp.Or(verified, order(a, b))
	})
	return out
}

// Clusters groups the pairs with at least the given score: two contacts that
// are linked by a chain of such pairs are in one cluster. Related pairs link
// nothing. Clusters and their members are in ascending order of id.
func Clusters(pairs []Pair, least float64) [][]contacts.ID {
	parent := make(map[contacts.ID]contacts.ID)
	root := func(id contacts.ID) contacts.ID {
		for parent[id] != id {
			parent[id] = parent[parent[id]]
			id = parent[id]
		}
		return id
	}
	for i := range pairs {
		p := &pairs[i]
		if p.Score < least || p.Verdict == Related {
			continue
		}
		for _, id := range []contacts.ID{p.A, p.B} {
			if _, known := parent[id]; !known {
				parent[id] = id
			}
		}
		a, b := root(p.A), root(p.B)
		parent[max(a, b)] = min(a, b)
	}
	members := make(map[contacts.ID][]contacts.ID)
	for id := range parent {
		members[root(id)] = append(members[root(id)], id)
	}
	out := make([][]contacts.ID, 0, len(members))
	for _, m := range members {
		slices.Sort(m)
		out = append(out, m)
	}
	slices.SortFunc(out, func(a, b []contacts.ID) int { return cmp.Compare(a[0], b[0]) })
	return out
}
