package store

import (
	"bytes"
	"container/heap"
	"context"
	"iter"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
)

// MaxSearchLimit is the greatest size of a page: its contacts are in memory
// at once. For more use cursors, or [All].
const MaxSearchLimit = 10_000

// SearchOptions say how [Search] answers. The zero value is the first
// [DefaultLimit] matches.
type SearchOptions struct {
	// Limit is the number of hits at most; zero means [DefaultLimit], more
	// than [MaxSearchLimit] is refused.
	Limit int
	// Cursor is the Next of the page before; empty begins.
	Cursor string
	// Visible decides who may be seen; nil means everybody. A contact for
	// which it is false is as if absent. It must not keep the contact.
	Visible func(*contacts.Contact) bool
	// Explain asks for the reasons of each match.
	Explain bool
}

// Hit is one contact of an answer.
type Hit struct {
	Contact *contacts.Contact `json:"contact"`
	Match   search.Match      `json:"match"`
}

// Page is a part of an answer, in the order of [search.Query.SortKey].
type Page struct {
	Hits []Hit `json:"hits"`
	// Next is the cursor of the next page, empty at the end. It holds the
	// place of the last hit in the order, names included: treat it as
	// personal data.
	Next string `json:"next,omitzero"`
}

// Narrower is an optional capability of a [Store]: to look at fewer contacts
// than all of them.
type Narrower interface {
	// Narrow yields contacts that include every match of the query, each at
	// most once, in any order; see [search.Query.Needs]. Errors and ranging
	// again are as those of [Store.Scan].
	Narrow(ctx context.Context, workspace string, q *search.Query) iter.Seq2[*contacts.Contact, error]
}

// candidates yields contacts that include every match.
func candidates(ctx context.Context, st Store, workspace string, q *search.Query) iter.Seq2[*contacts.Contact, error] {
	if n, ok := st.(Narrower); ok {
		return n.Narrow(ctx, workspace, q)
	}
	return st.Scan(ctx, workspace, "")
}

// matches yields the contacts that match and may be seen, in any order.
func matches(ctx context.Context, st Store, workspace string, q *search.Query, visible func(*contacts.Contact) bool) iter.Seq2[Hit, error] {
	return func(yield func(Hit, error) bool) {
		for c, err := range candidates(ctx, st, workspace, q) {
			if err != nil {
				yield(Hit{}, err)
				return
			}
			m, ok := q.Match(c)
			if !ok || visible != nil && !visible(c) {
				continue
			}
			if !yield(Hit{c, m}, nil) {
				return
			}
		}
	}
}

// Search answers a query with one page. It gives the same answer on every
// store: it reads the contacts that the store ranks first (see [Ranker]), else
// those that it narrows the query to (see [Narrower]), else all of them, and
// decides by [search.Query.Match]. It keeps no more than a page of contacts in
// memory.
//
// Paging is by position: a contact that is not written between two pages
// comes exactly once, whatever happens to others.
//
// Errors: those of [Store.Scan]; a cursor that is not one of this query in
// this workspace is a *[contacts.FieldError] with the code cursor_invalid, a
// limit out of range one with the code limit_invalid; both wrap [ErrInvalid].
func Search(ctx context.Context, st Store, workspace string, q *search.Query, o SearchOptions) (Page, error) {
	if o.Limit == 0 {
		o.Limit = DefaultLimit
	}
	if o.Limit < 0 || o.Limit > MaxSearchLimit {
		return Page{}, &contacts.FieldError{Path: "limit", Code: "limit_invalid", Hint: "1 to 10000"}
	}
	after, err := decodeCursor(workspace, q, o.Cursor)
	if err != nil {
		return Page{}, err
	}
	if r, ok := st.(Ranker); ok {
		if page, ok, err := searchRanked(ctx, st, r, workspace, q, o, after); ok || err != nil {
			return page, err
		}
	}
	var top topHits
	var key []byte
	more := false
	for hit, err := range matches(ctx, st, workspace, q, o.Visible) {
		if err != nil {
			return Page{}, err
		}
		key = q.SortKey(key[:0], hit.Contact, hit.Match)
		if after != nil && bytes.Compare(key, after) <= 0 {
			continue
		}
		if len(top) < o.Limit {
			heap.Push(&top, placed{hit, slices.Clone(key)})
			continue
		}
		more = true
		if bytes.Compare(key, top[0].key) < 0 {
			top[0] = placed{hit, append(top[0].key[:0], key...)}
			heap.Fix(&top, 0)
		}
	}
	slices.SortFunc(top, func(a, b placed) int { return bytes.Compare(a.key, b.key) })
	page := Page{Hits: make([]Hit, len(top))}
	for i, p := range top {
		page.Hits[i] = p.hit
		if o.Explain {
			page.Hits[i].Match, _ = q.Explain(p.hit.Contact)
		}
	}
	if more {
		page.Next = encodeCursor(workspace, q, top[len(top)-1].key)
	}
	return page, nil
}

// placed is a hit with its place in the order.
type placed struct {
	hit Hit
	key []byte
}

// topHits is a heap with the last of the kept hits on top.
type topHits []placed

func (h topHits) Len() int           { return len(h) }
func (h topHits) Less(i, j int) bool { return bytes.Compare(h[i].key, h[j].key) > 0 }
func (h topHits) Swap(i, j int)      { h[i], h[j] = h[j], h[i] }
func (h *topHits) Push(x any)        { *h = append(*h, x.(placed)) }
func (h *topHits) Pop() any {
	old := *h
	last := old[len(old)-1]
	*h = old[:len(old)-1]
	return last
}

// Count is the number of contacts that match and may be seen. Errors are
// those of [Store.Scan].
func Count(ctx context.Context, st Store, workspace string, q *search.Query, visible func(*contacts.Contact) bool) (int, error) {
	n := 0
	for _, err := range matches(ctx, st, workspace, q, visible) {
		if err != nil {
			return 0, err
		}
		n++
	}
	return n, nil
}

// allChunk is the number of contacts that All reads at once.
const allChunk = 256

// All yields every contact that matches and may be seen, in the order of
// [search.Query.SortKey]. It reads the contacts twice: the first time it keeps
// their places in the order (about 100 bytes a match), the second time it
// reads them in portions. A contact that no longer matches by then is left
// out; one that was edited comes as it is, at its old place. An error comes
// once, last. The sequence may be ranged over again.
func All(ctx context.Context, st Store, workspace string, q *search.Query, visible func(*contacts.Contact) bool) iter.Seq2[*contacts.Contact, error] {
	return func(yield func(*contacts.Contact, error) bool) {
		type place struct {
			key string
			id  contacts.ID
		}
		var places []place
		var key []byte
		for hit, err := range matches(ctx, st, workspace, q, visible) {
			if err != nil {
				yield(nil, err)
				return
			}
			key = q.SortKey(key[:0], hit.Contact, hit.Match)
			places = append(places, place{string(key), hit.Contact.ID})
		}
		slices.SortFunc(places, func(a, b place) int {
			if a.key < b.key {
				return -1
			}
			return 1 // no two places are equal
		})
		for chunk := range slices.Chunk(places, allChunk) {
			ids := make([]contacts.ID, len(chunk))
			for i, p := range chunk {
				ids[i] = p.id
			}
			list, err := st.Contacts(ctx, workspace, ids...)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, c := range list {
				if c == nil {
					continue
				}
				if _, ok := q.Match(c); !ok || visible != nil && !visible(c) {
					continue
				}
				if !yield(c, nil) {
					return
				}
			}
		}
	}
}
