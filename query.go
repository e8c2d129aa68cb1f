package extcontacts

import (
	"context"
	"iter"

	"github.com/extcontacts/extcontacts/contacts"
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
		st, visible := s.reader()
		for c, err := range store.All(ctx, st, s.ws(), q, visible) {
			if !yield(c, err) || err != nil {
				return
			}
		}
	}
}

// SearchPage returns one page of what Search yields.
func (s *Session) SearchPage(ctx context.Context, query string, o PageOptions) (Page, error) {
	q, err := s.parse(ctx, query)
	if err != nil {
		return Page{}, err
	}
	st, visible := s.reader()
	return store.Search(ctx, st, s.ws(), q, store.SearchOptions{Limit: o.Limit, Cursor: o.Cursor, Visible: visible, Explain: o.Explain})
}

// Count returns how many contacts Search would yield.
func (s *Session) Count(ctx context.Context, query string) (int, error) {
	q, err := s.parse(ctx, query)
	if err != nil {
		return 0, err
	}
	st, visible := s.reader()
	return store.Count(ctx, st, s.ws(), q, visible)
}

// parse reads a query under the schema, clock and time zone of the book.
func (s *Session) parse(ctx context.Context, query string) (*search.Query, error) {
	if err := s.may(contacts.RightView, nil); err != nil {
		return nil, err
	}
	cached, err := s.book.loadSchema(ctx)
	if err != nil {
		return nil, err
	}
	q, err := search.Parse(query, search.Options{Schema: cached.schema, Now: s.book.o.Now(), Location: s.book.o.Location})
	if err != nil {
		return nil, err
	}
	return q, s.mayName(q)
}
