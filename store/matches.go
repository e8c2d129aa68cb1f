package store

import (
	"context"
	"iter"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
)

// Matches yields every contact that matches and may be seen in ascending order
// of id, as exports want it. A query that cannot be narrowed is answered by one
// scan in constant memory; for others the ids of the matches are kept. An
// error comes once, last. The sequence may be ranged over again.
func Matches(ctx context.Context, st Store, workspace string, q *search.Query, visible func(*contacts.Contact) bool) iter.Seq2[*contacts.Contact, error] {
	wanted := func(c *contacts.Contact) bool {
		if c == nil {
			return false
		}
		_, ok := q.Match(c)
		return ok && (visible == nil || visible(c))
	}
	return func(yield func(*contacts.Contact, error) bool) {
		if _, ok := st.(Narrower); !ok || len(q.Needs()) == 0 {
			for c, err := range st.Scan(ctx, workspace, "") {
				if err != nil {
					yield(nil, err)
					return
				}
				if wanted(c) && !yield(c, nil) {
					return
				}
			}
			return
		}
		var ids []contacts.ID
		for hit, err := range matches(ctx, st, workspace, q, visible) {
			if err != nil {
				yield(nil, err)
				return
			}
			ids = append(ids, hit.Contact.ID)
		}
		slices.Sort(ids)
		for part := range slices.Chunk(ids, allChunk) {
			list, err := st.Contacts(ctx, workspace, part...)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, c := range list {
				if wanted(c) && !yield(c, nil) {
					return
				}
			}
		}
	}
}
