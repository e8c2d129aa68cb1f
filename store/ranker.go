package store

import (
	"bytes"
	"context"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
)

// Ranker is an optional capability of a [Store]: to know the best matches of a
// query without looking at all of them. Who has a [search.Index] gets it by
// [search.Index.Top].
type Ranker interface {
	// Rank returns the first k contacts in the order of the query, behind the
	// position after where it is not empty; see [search.Query.SortKey]. More
	// may be among them, which do not match; none may be missing. It returns
	// false where it cannot answer the query so.
	Rank(ctx context.Context, workspace string, q *search.Query, after []byte, k int) ([]search.Hit, bool, error)
}

// RankReader is an optional capability of a [Ranker]: to read the contacts of
// the hits together with what makes sure that these are current, where that saves
// a question to a database.
type RankReader interface {
	Ranker
	// RankContacts is Rank with the contacts of the first hits, as many as were
	// read, maybe none: nil for each that is not there.
	RankContacts(ctx context.Context, workspace string, q *search.Query, after []byte, k int) ([]search.Hit, []*contacts.Contact, bool, error)
}

// rank asks for the first k hits, with the contacts of some where they are to
// be had.
func rank(ctx context.Context, r Ranker, workspace string, q *search.Query, after []byte, k int) ([]search.Hit, []*contacts.Contact, bool, error) {
	if both, ok := r.(RankReader); ok {
		return both.RankContacts(ctx, workspace, q, after, k)
	}
	hits, ok, err := r.Rank(ctx, workspace, q, after, k)
	return hits, nil, ok, err
}

// rankFactor is how many times more hits are asked for where the last ones
// were not enough, because they may not be seen or do not match.
const rankFactor = 4

// searchRanked answers a page by the order of the store; false where it has
// none for the query.
func searchRanked(ctx context.Context, st Store, r Ranker, workspace string, q *search.Query, o SearchOptions, after []byte) (Page, bool, error) {
	want := o.Limit + 1 // one more tells that there is more
	page := Page{Hits: make([]Hit, 0, min(o.Limit, 1000))}
	seen := map[contacts.ID]struct{}{}
	var last, key []byte
	for k := want; ; k *= rankFactor {
		var hits []search.Hit
		var read []*contacts.Contact
		var ok bool
		var err error
		if k == want {
			hits, read, ok, err = rank(ctx, r, workspace, q, after, k)
		} else {
			hits, ok, err = r.Rank(ctx, workspace, q, after, k)
		}
		if err != nil || !ok {
			return Page{}, false, err
		}
		all := len(hits) < k
		hits = slices.DeleteFunc(hits, func(h search.Hit) bool { _, twice := seen[h.ID]; return twice })
		for len(hits) > 0 {
			part := hits[:min(max(want-len(page.Hits), 16), len(hits), allChunk)]
			if len(read) > 0 {
				part = hits[:len(read)]
			}
			hits = hits[len(part):]
			ids := make([]contacts.ID, len(part))
			for i, h := range part {
				ids[i] = h.ID
				seen[h.ID] = struct{}{}
			}
			list := read
			if read = nil; list == nil {
				if list, err = st.Contacts(ctx, workspace, ids...); err != nil {
					return Page{}, false, err
				}
			}
			for i, c := range list {
				if c == nil {
					continue
				}
				m, ok := q.Match(c)
				if !ok || m.Score != part[i].Score { // it does not match, or is being written
					continue
				}
				if o.Visible != nil && !o.Visible(c) {
					continue
				}
				if key = q.SortKey(key[:0], c, m); bytes.Compare(key, last) <= 0 || bytes.Compare(key, after) <= 0 {
					return Page{}, false, nil // somebody got another name meanwhile: look at the contacts alone
				}
				if len(page.Hits) == o.Limit {
					page.Next = encodeCursor(workspace, q, last)
					return page, true, nil
				}
				if o.Explain {
					m, _ = q.Explain(c)
				}
				page.Hits = append(page.Hits, Hit{c, m})
				last = append(last[:0], key...)
			}
		}
		if all {
			return page, true, nil
		}
	}
}
