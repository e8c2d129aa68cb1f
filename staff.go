package extcontacts

import (
	"bytes"
	"context"
	"iter"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
)

// Directory is the host's own list of its staff. The book shows it beside the
// external contacts and never writes to it: nothing of it is stored, merged,
// exported or logged.
type Directory interface {
	// Staff yields the internal contacts of a workspace in any order. They need
	// an ID and no more; they must not change afterwards.
	Staff(ctx context.Context, workspace string) iter.Seq2[*contacts.Contact, error]
}

// Category is a kind of contacts that a list may be of.
type Category string

// The categories of contacts.
const (
	External Category = "external" // the people of the book
	Staff    Category = "staff"    // those of [Options.Staff]
)

// List yields the contacts of a category that match the query and that the
// actor may view, in the order of [Session.Search]; the query language is the
// same for both. Staff is empty where the host gives no directory, and needs
// the right to it (staff). The code of an unknown category is category_unknown.
func (s *Session) List(ctx context.Context, category Category, query string) iter.Seq2[*contacts.Contact, error] {
	switch category {
	case External:
		return s.Search(ctx, query)
	case Staff:
		return s.staff(ctx, query)
	}
	return func(yield func(*contacts.Contact, error) bool) {
		yield(nil, &contacts.FieldError{Path: "category", Code: "category_unknown", Value: string(category), Hint: "external or staff"})
	}
}

func (s *Session) staff(ctx context.Context, query string) iter.Seq2[*contacts.Contact, error] {
	return func(yield func(*contacts.Contact, error) bool) {
		if err := s.may(contacts.RightStaff, nil); err != nil {
			yield(nil, err)
			return
		}
		q, err := s.parse(ctx, query)
		if err != nil || s.book.o.Staff == nil {
			if err != nil {
				yield(nil, err)
			}
			return
		}
		type place struct {
			key []byte
			c   *contacts.Contact
		}
		var found []place
		for c, err := range s.book.o.Staff.Staff(ctx, s.ws()) {
			if err != nil {
				yield(nil, err)
				return
			}
			if c == nil || !s.visible(c) {
				continue
			}
			c = s.mask.Apply(c.Clone().Normalize())
			var m search.Match
			ok := false
			if m, ok = q.Match(c); ok {
				found = append(found, place{q.SortKey(nil, c, m), c})
			}
		}
		slices.SortStableFunc(found, func(a, b place) int { return bytes.Compare(a.key, b.key) })
		for _, p := range found {
			if !yield(p.c, nil) {
				return
			}
		}
	}
}
