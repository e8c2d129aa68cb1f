package merge

import (
	"cmp"
	"encoding/json"
	"slices"
	"sync"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/internal/linkage"
)

// Model weighs what two contacts have in common. Under one model, two contacts
// are judged alike wherever they are compared: in a search of all and in a
// suggestion for one. It is data; its JSON form can be kept. The zero Model is
// [Shipped].
type Model struct{ m *linkage.Model }

// weights are those of the model.
func (m *Model) weights() *linkage.Model {
	if m.m == nil {
		return linkage.Shipped()
	}
	return m.m
}

// Shipped is the model for contacts that are compared as they come: what is
// known of contacts anywhere, nothing about those at hand.
var Shipped = sync.OnceValue(func() *Model { return &Model{linkage.Shipped()} })

// Learn makes a model of what a search with [FindOptions].Learn, or one of
// records, found out: how often two of one person agree in each field, which
// values are common, how many duplicates there are.
func Learn(m *Matches) *Model { return &Model{m.found.Fixed()} }

// MarshalJSON writes the model.
func (m *Model) MarshalJSON() ([]byte, error) { return json.Marshal(m.weights()) }

// UnmarshalJSON reads what MarshalJSON writes.
func (m *Model) UnmarshalJSON(b []byte) error {
	read := &linkage.Model{}
	if err := json.Unmarshal(b, read); err != nil || !read.Ready() {
		return &contacts.ValueError{Code: "model_invalid", Hint: "what a model wrote"}
	}
	m.m = read
	return nil
}

// Compare weighs the evidence on whether a and b are the same person, by the
// shipped model. It reports false where there is too little to suspect it and
// the two share no identity key. Compare(a, b) and Compare(b, a) agree but for
// A and B.
func Compare(a, b *contacts.Contact) (Pair, bool) { return Shipped().Compare(a, b) }

// Compare is [Compare] by this model.
func (m *Model) Compare(a, b *contacts.Contact) (Pair, bool) {
	p := m.judge(a, []*contacts.Contact{b})
	if len(p) == 0 {
		return Pair{}, false
	}
	return p[0], true
}

// Suggest ranks the candidates that may be the same person as c, or are
// related to it: those that share a verified identifier first, then by score,
// then by id. A is c in each pair. Candidates that are not live, and c itself,
// are left out. It judges as [Find] does by the same model, as long as the
// candidates hold all contacts that share an identity key with c.
func Suggest(c *contacts.Contact, candidates []*contacts.Contact) []Pair {
	return Shipped().Suggest(c, candidates)
}

// Suggest is [Suggest] by this model.
func (m *Model) Suggest(c *contacts.Contact, candidates []*contacts.Contact) []Pair {
	live := slices.DeleteFunc(slices.Clone(candidates), func(o *contacts.Contact) bool {
		return o == nil || o.ID == c.ID || o.State != contacts.Live
	})
	out := m.judge(c, live)
	slices.SortFunc(out, func(a, b Pair) int {
		if x, y := a.Verified(), b.Verified(); x != y {
			if x {
				return -1
			}
			return 1
		}
		return order(a, b)
	})
	return out
}

// judge compares c with each of the others.
func (m *Model) judge(c *contacts.Contact, others []*contacts.Contact) []Pair {
	// In the order of ids, as a search of all has them.
	all := append([]*contacts.Contact{c}, others...)
	slices.SortStableFunc(all, func(a, b *contacts.Contact) int { return cmp.Compare(a.ID, b.ID) })
	t := linkage.NewTable()
	var found Matches
	self := uint32(0)
	for i, o := range all {
		t.Add(0, contactTexts(o), false)
		found.ids = append(found.ids, o.ID)
		if o == c {
			self = uint32(i)
		}
	}
	found.found = t.With(m.weights())
	var out []Pair
	for i := range all {
		if uint32(i) == self {
			continue
		}
		if p := found.pair(linkage.Edge{A: self, B: uint32(i)}); p.Verdict != 0 {
			out = append(out, p)
		}
	}
	return out
}
