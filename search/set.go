package search

import (
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
)

// Set is many queries at once: which of them does a contact match? It folds
// the contact once and asks only those queries of which the contact's text has
// what they need. A Set is immutable and safe for concurrent use.
type Set struct {
	names   []string
	queries []*Query
	always  []int32            // queries that need nothing of the text
	grams   map[uint32][]int32 // queries by three bytes of what they need
}

// NewSet compiles queries under their names.
func NewSet(queries map[string]*Query) *Set {
	s := &Set{grams: map[uint32][]int32{}}
	for name := range queries {
		s.names = append(s.names, name)
	}
	slices.Sort(s.names)
	for i, name := range s.names {
		q := queries[name]
		s.queries = append(s.queries, q)
		need := narrowest(q.Needs())
		if need == nil || slices.ContainsFunc(need, func(t string) bool { return len(t) < 3 }) {
			s.always = append(s.always, int32(i))
			continue
		}
		for _, text := range need {
			g := rarest(text)
			if list := s.grams[g]; !slices.Contains(list, int32(i)) {
				s.grams[g] = append(list, int32(i))
			}
		}
	}
	return s
}

// rarest is three bytes of a text: those at its end, where words differ more
// than at their beginning, or in the middle of a long one.
func rarest(text string) uint32 {
	at := min(len(text)-3, 3)
	return threeBytes([]byte(text[at : at+3]))
}

// Len is the number of queries.
func (s *Set) Len() int { return len(s.names) }

// Match returns the names of the queries that the contact matches, in
// ascending order. The contact must be normalised.
func (s *Set) Match(c *contacts.Contact) []string {
	if s.Len() == 0 {
		return nil
	}
	d := new(document)
	d.reset(c)
	asked := make([]bool, len(s.queries))
	for _, i := range s.always {
		asked[i] = true
	}
	if len(s.grams) > 0 {
		d.prepare()
		for i := 0; i+3 <= len(d.text); i++ {
			for _, q := range s.grams[threeBytes(d.text[i:])] {
				asked[q] = true
			}
		}
	}
	var names []string
	for i, q := range s.queries {
		if !asked[i] || !q.anyState && c.State != contacts.Live {
			continue
		}
		if q.root != nil {
			if _, ok := q.root.match(d); !ok {
				continue
			}
		}
		names = append(names, s.names[i])
	}
	return names
}
