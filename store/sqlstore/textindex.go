package sqlstore

import (
	"context"
	"iter"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
)

// TextIndex is an index of an engine over the search texts, by which
// [Store.Narrow] finds contacts instead of looking through all of them.
type TextIndex struct {
	// Present, where it is not empty, is a query with a row where the database
	// has the index: another process may make or drop it at any time. Empty
	// means that it is there, and that the engine itself keeps it up to date.
	Present string
	// Add and Remove, where Present is not empty, bring contacts into the index
	// and take them out. They have the workspace as parameter and end with the
	// beginning of a list of ids. Remove runs while the old rows are there.
	Add, Remove string
	// Rebuild, where Present is not empty, makes the index anew from the rows.
	Rebuild string
	// Find is a query for columns of the contacts c of a workspace that may
	// have what is needed; see [search.Query.Needs]. It ends in a LIMIT, of
	// which the parameter is to be added. ok is false where the index is of no
	// use for these needs.
	Find func(columns, workspace string, needs [][]string) (query string, args []any, ok bool)
}

// indexed reports whether the connection's database has the text index.
func (s *Store) indexed(ctx context.Context, c *session) (bool, error) {
	x := s.d.Text
	if x == nil || x.Present == "" {
		return x != nil, nil
	}
	one := 0
	return c.one(ctx, x.Present, nil, &one)
}

// maintains is indexed for an index that is kept up to date by the store.
func (t *transaction) maintains(ctx context.Context) (bool, error) {
	if t.s.d.Text == nil || t.s.d.Text.Present == "" {
		return false, nil
	}
	return t.s.indexed(ctx, t.c)
}

// reindex runs Add or Remove for the contacts of the batch.
func (t *transaction) reindex(ctx context.Context, statement string, ids []contacts.ID) error {
	args := make([]any, 0, 1+inList)
	return lists(len(ids), func(from, to, size int) error {
		args = append(args[:0], t.ws)
		for _, id := range ids[from:to] {
			args = append(args, string(id))
		}
		return t.exec(ctx, statement+marks(size)+")", fill(args, 1+size)...)
	})
}

// firstFound is the number of contacts that [Store.find] reads in one go. Of
// more it reads the ids, and then the contacts in lists, unless they are more
// than one in fewPart of the workspace: then to look through all costs less.
const (
	firstFound = scanPage
	fewPart    = 16
)

// find yields what the text index finds; ok is false where it cannot.
func (s *Store) find(ctx context.Context, workspace string, q *search.Query) (found iter.Seq2[*contacts.Contact, error], ok bool) {
	if s.d.Text == nil || store.CheckWorkspace(workspace) != nil {
		return nil, false
	}
	needs := q.Needs()
	query, args, ok := s.d.Text.Find("c.id, c.body", workspace, needs)
	if !ok {
		return nil, false
	}
	return func(yield func(*contacts.Contact, error) bool) {
		var list []*contacts.Contact
		var rest []contacts.ID
		scan := false
		err := s.reading(ctx, "search", func(ctx context.Context, c *session) error {
			list, rest = list[:0], rest[:0]
			present, err := s.indexed(ctx, c)
			if scan = !present; err != nil || scan {
				return err
			}
			err = c.query(ctx, query, append(args[:len(args):len(args)], firstFound+1), func(scan func(...any) error) error {
				one, err := scanContact(scan)
				list = append(list, one)
				return err
			})
			if err != nil || len(list) <= firstFound {
				return err
			}
			seen := make(map[contacts.ID]bool, len(list))
			for _, one := range list {
				seen[one.ID] = true
			}
			var size int64
			if _, err := c.one(ctx, "SELECT size FROM ec_head WHERE ws = ?", []any{workspace}, &size); err != nil {
				return err
			}
			size /= fewPart
			if scan = size <= firstFound; scan {
				return nil
			}
			all, args, _ := s.d.Text.Find("c.id", workspace, needs)
			err = c.query(ctx, all, append(args, size), func(scan func(...any) error) error {
				var id string
				err := scan(&id)
				if size--; !seen[contacts.ID(id)] {
					rest = append(rest, contacts.ID(id))
				}
				return err
			})
			scan = size <= 0
			return err
		})
		if err != nil {
			yield(nil, err)
			return
		}
		if scan {
			s.scanNarrowed(ctx, workspace, needs)(yield)
			return
		}
		for {
			for _, c := range list {
				if c != nil && !yield(c, nil) {
					return
				}
			}
			if len(rest) == 0 {
				return
			}
			n := min(len(rest), inList)
			if list, err = s.Contacts(ctx, workspace, rest[:n]...); err != nil {
				yield(nil, err)
				return
			}
			rest = rest[n:]
		}
	}, true
}
