package extcontacts

import (
	"context"
	"maps"
	"slices"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
)

// name adds the full name of somebody erased, in the orders it is written in.
func (v *vanished) name(c *contacts.Contact) {
	if c.FirstName == "" || c.LastName == "" {
		return // one word alone is many people
	}
	for _, parts := range [][2]string{{c.FirstName, c.LastName}, {c.LastName, c.FirstName}} {
		v.names[bare(parts[0]+parts[1])] = true
	}
}

// bare is a text in lower case without anything that stands between words, as
// names of files and queries write them.
func bare(text string) string {
	return strings.Map(func(r rune) rune {
		if strings.ContainsRune(" _-.,:;+()\"'/", r) {
			return -1
		}
		return r
	}, strings.ToLower(text))
}

// in reports whether a text names somebody erased.
func (v *vanished) in(text string) bool {
	text = bare(text)
	for name := range v.names {
		if strings.Contains(text, name) {
			return true
		}
	}
	for k := range v.keys {
		if value := bare(k.Value); len(value) >= 6 && strings.Contains(text, value) {
			return true
		}
	}
	return false
}

// mentions notes where the book names who is erased outside of contacts: in
// saved queries and in the sources of acts.
func (s *Session) mentions(ctx context.Context, gone *vanished, rep *ErasedReport) error {
	queries, err := s.savedQueries(ctx)
	if err != nil {
		return err
	}
	for _, q := range queries {
		if gone.in(q.Query) || gone.in(q.Name) {
			rep.Queries = append(rep.Queries, q.Name)
		}
	}
	entries := make([]contacts.Entry, 0, len(gone.acts))
	for id := range gone.acts {
		entries = append(entries, contacts.Entry{Act: id})
	}
	acts := map[contacts.ID]contacts.Act{}
	if err := s.loadActs(ctx, acts, entries); err != nil {
		return err
	}
	for _, id := range slices.Sorted(maps.Keys(acts)) {
		if source := acts[id].Source; gone.in(source) && !slices.Contains(rep.Sources, source) {
			rep.Sources = append(rep.Sources, source)
		}
	}
	return nil
}
