package extcontacts

import (
	"context"
	"errors"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/internal/fold"
	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
)

// Page is one page of an answer.
type Page = store.Page

// PageOptions say which page of an answer is wanted.
type PageOptions struct {
	// Limit is the number of contacts at most; zero means [store.DefaultLimit].
	Limit int
	// Cursor is the Next of the page before; empty means the first page.
	Cursor string
	// Explain adds to each hit why it matched.
	Explain bool
	// Exact takes free words as they are typed, see [search.Options]: typing
	// errors are not forgiven.
	Exact bool
	// Nicknames lets free words find other forms of a given name too.
	Nicknames bool
}

// Search yields the contacts that match the query and that the actor may view,
// best first. The query language is that of package search; an empty query
// matches every live contact. The sequence may be ranged over again.
//
// Errors: *[search.SyntaxError] for a query that cannot be understood,
// *[ForbiddenError] for one that names a field that the actor sees masked.
func (s *Session) Search(ctx context.Context, query string) iter.Seq2[*contacts.Contact, error] {
	return func(yield func(*contacts.Contact, error) bool) {
		q, err := s.parse(ctx, query)
		if err != nil {
			yield(nil, err)
			return
		}
		st, visible := s.searcher()
		for c, err := range store.All(ctx, st, s.ws(), q, visible) {
			if !yield(c, err) || err != nil {
				return
			}
		}
	}
}

// SearchPage returns one page of what Search yields.
func (s *Session) SearchPage(ctx context.Context, query string, o PageOptions) (Page, error) {
	q, err := s.parseAs(ctx, query, search.Options{Exact: o.Exact, Nicknames: o.Nicknames})
	if err != nil {
		return Page{}, err
	}
	st, visible := s.searcher()
	return store.Search(ctx, st, s.ws(), q, store.SearchOptions{Limit: o.Limit, Cursor: o.Cursor, Visible: visible, Explain: o.Explain})
}

// Count returns how many contacts Search would yield.
func (s *Session) Count(ctx context.Context, query string) (int, error) {
	q, err := s.parse(ctx, query)
	if err != nil {
		return 0, err
	}
	st, visible := s.searcher()
	return store.Count(ctx, st, s.ws(), q, visible)
}

// Facets counts what Search would yield, and how often each value of the
// fields is among it, as far as the actor may see. Fields are named as in
// queries; the error for an unknown one is a *[search.SyntaxError] with a
// suggestion.
func (s *Session) Facets(ctx context.Context, query string, fields ...string) (total int, facets []store.Facet, err error) {
	q, err := s.parse(ctx, query)
	if err != nil {
		return 0, nil, err
	}
	schema, err := s.Schema(ctx)
	if err != nil {
		return 0, nil, err
	}
	list := make([]search.Field, len(fields))
	for i, name := range fields {
		if list[i], err = search.LookupField(name, schema); err != nil {
			return 0, nil, err
		}
		if s.mask != 0 && s.mask.HidesField(list[i].Name()) {
			return 0, nil, &ForbiddenError{contacts.RightView, ruleMasked}
		}
	}
	st, visible := s.searcher()
	return store.Facets(ctx, st, s.ws(), q, visible, list...)
}

// searcher is reader with the index of the book, where it has one. What
// somebody sees masked is searched without: the index has the values.
func (s *Session) searcher() (store.Store, func(*contacts.Contact) bool) {
	st, visible := s.reader()
	if x := s.book.o.Index; x != nil && s.mask == 0 {
		st = x.View()
	}
	return st, visible
}

// parse reads a query under the schema, clock and time zone of the book.
func (s *Session) parse(ctx context.Context, query string) (*search.Query, error) {
	return s.parseAs(ctx, query, search.Options{})
}

// parseAs is parse with further options.
func (s *Session) parseAs(ctx context.Context, query string, o search.Options) (*search.Query, error) {
	if err := s.may(contacts.RightView, nil); err != nil {
		return nil, err
	}
	if err := s.followEnquiry(ctx); err != nil {
		return nil, err
	}
	cached, err := s.book.loadSchema(ctx)
	if err != nil {
		return nil, err
	}
	var last map[contacts.ID]time.Time
	o.Schema, o.Now, o.Location = cached.schema, s.book.o.Now(), s.book.o.Location
	o.Contacts = func(field, value string) ([]contacts.ID, error) { return s.contactsOf(ctx, field, value) }
	o.LastActivity = func(id contacts.ID) time.Time { return last[id] }
	q, err := search.Parse(query, o)
	if err != nil {
		return nil, err
	}
	if slices.Contains(q.Named(), "last_activity") {
		if last, err = s.lastActivities(ctx); err != nil {
			return nil, err
		}
	}
	return q, s.mayName(q)
}

// contactsOf are the contacts that an act changed, or all acts of a source.
func (s *Session) contactsOf(ctx context.Context, field, value string) ([]contacts.ID, error) {
	if err := s.may(contacts.RightLog, nil); err != nil {
		if field == "source" {
			return nil, nil // then it is about external ids alone
		}
		return nil, err
	}
	acts := []contacts.ID{contacts.ID(value)}
	if field == "source" {
		acts = nil
		for before := int64(0); ; {
			page, err := s.st().Acts(ctx, s.ws(), store.ActQuery{Before: before})
			if err != nil {
				return nil, err
			}
			for _, a := range page {
				if strings.Join(strings.Fields(fold.String(a.Source)), " ") == value {
					acts = append(acts, a.ID)
				}
				before = a.Seq
			}
			if len(page) < store.DefaultLimit {
				break
			}
		}
	}
	seen := map[contacts.ID]struct{}{}
	var ids []contacts.ID
	for _, act := range acts {
		for after := int64(0); ; {
			entries, err := s.st().Log(ctx, s.ws(), store.LogQuery{Act: act, After: after})
			if errors.Is(err, ErrInvalid) {
				break // an id no act can have
			}
			if err != nil {
				return nil, err
			}
			for _, e := range entries {
				after = e.Seq
				for _, ch := range e.Changes {
					if _, twice := seen[ch.Contact]; !twice && ch.Contact != "" {
						seen[ch.Contact] = struct{}{}
						ids = append(ids, ch.Contact)
					}
				}
			}
			if len(entries) < store.DefaultLimit {
				break
			}
		}
	}
	return ids, nil
}
