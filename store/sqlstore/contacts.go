package sqlstore

import (
	"context"
	"database/sql"
	"iter"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// scanPage is the number of contacts that [Store.Scan] reads at a time.
const scanPage = 500

// contactsSQL ends in a list of ids; see [byIDs].
const contactsSQL = "SELECT id, body FROM ec_contacts WHERE ws = ? AND id IN ("

// Contacts returns contacts by id; see [store.Store].
func (s *Store) Contacts(ctx context.Context, workspace string, ids ...contacts.ID) ([]*contacts.Contact, error) {
	if err := store.CheckWorkspace(workspace); err != nil {
		return nil, err
	}
	if err := store.CheckIDs(ids...); err != nil {
		return nil, err
	}
	out := make([]*contacts.Contact, len(ids))
	if len(ids) == 0 {
		return out, nil
	}
	places := make(map[contacts.ID]int, len(ids)) // first place of each id
	for i, id := range ids {
		if _, twice := places[id]; !twice {
			places[id] = i
		}
	}
	wanted := sortedIDs(ids)
	err := s.reading(ctx, "read contacts", func(ctx context.Context, c *session) error {
		return byIDs(s.inner(ctx), c, workspace, contactsSQL, wanted,
			func(scan func(...any) error) error {
				c, err := scanContact(scan)
				if err == nil {
					out[places[c.ID]] = c
				}
				return err
			})
	})
	if err != nil {
		return nil, err
	}
	for i, id := range ids {
		if first := places[id]; first != i {
			out[i] = out[first].Clone()
		}
	}
	return out, nil
}

// byIDs runs a query that ends in an IN list of ids, in as many statements as
// the list needs.
func byIDs(ctx context.Context, c *session, ws, query string, ids []contacts.ID, row func(scan func(...any) error) error) error {
	args := make([]any, 0, 1+inList)
	return lists(len(ids), func(from, to, size int) error {
		args = append(args[:0], ws)
		for _, id := range ids[from:to] {
			args = append(args, string(id))
		}
		args = fill(args, 1+size)
		return c.query(ctx, query+marks(size)+")", args, row)
	})
}

func sortedIDs(ids []contacts.ID) []contacts.ID {
	out := slices.Clone(ids)
	slices.Sort(out)
	return slices.Compact(out)
}

func scanContact(scan func(...any) error) (*contacts.Contact, error) {
	var id string
	var body sql.RawBytes
	if err := scan(&id, &body); err != nil {
		return nil, err
	}
	return decodeContact(contacts.ID(id), body)
}

func decodeContact(id contacts.ID, body []byte) (*contacts.Contact, error) {
	c, err := contacts.Decode(id, body)
	if err != nil {
		return nil, &store.Error{Op: "decode contact", Err: err}
	}
	return c, nil
}

const scanSQL = "SELECT id, body FROM ec_contacts WHERE ws = ? AND id > ? ORDER BY id LIMIT ?"

// Scan yields all contacts in the order of their ids; see [store.Store]. It
// reads page by page: no transaction stays open while the caller's loop runs.
func (s *Store) Scan(ctx context.Context, workspace string, after contacts.ID) iter.Seq2[*contacts.Contact, error] {
	return s.pages(ctx, workspace, after, "scan", scanSQL, nil)
}

// pages yields the rows of a query whose parameters are the workspace, the id
// to begin after, further args and the size of a page.
func (s *Store) pages(ctx context.Context, workspace string, after contacts.ID, op, query string, args []any) iter.Seq2[*contacts.Contact, error] {
	return func(yield func(*contacts.Contact, error) bool) {
		if err := store.CheckWorkspace(workspace); err != nil {
			yield(nil, err)
			return
		}
		if after != "" {
			if err := store.CheckIDs(after); err != nil {
				yield(nil, err)
				return
			}
		}
		page := make([]*contacts.Contact, 0, scanPage)
		last := after
		for {
			page = page[:0]
			err := s.reading(ctx, op, func(ctx context.Context, c *session) error {
				page = page[:0]
				all := append(append([]any{workspace, string(last)}, args...), scanPage)
				return c.query(ctx, query, all, func(scan func(...any) error) error {
					c, err := scanContact(scan)
					if err == nil {
						page = append(page, c)
					}
					return err
				})
			})
			if err != nil {
				yield(nil, err)
				return
			}
			if len(page) > 0 {
				last = page[len(page)-1].ID
			}
			for _, c := range page {
				if !yield(c, nil) {
					return
				}
			}
			if len(page) < scanPage {
				return
			}
		}
	}
}

// checkRevs checks the revisions that the batch expects and learns which
// entry created the contacts it rewrites. That the contacts to be created do not
// exist is left to the unique key, unless all is set.
func (t *transaction) checkRevs(ctx context.Context, all bool) error {
	var ids []contacts.ID
	for i := range t.b.Put {
		if all || t.b.Put[i].Base > 0 {
			ids = append(ids, t.b.Put[i].Contact.ID)
		}
	}
	for _, e := range t.b.Expect {
		ids = append(ids, e.ID)
	}
	t.created = make([]int64, len(t.b.Put))
	if len(ids) == 0 {
		return nil
	}
	type row struct{ rev, created int64 }
	have := make(map[contacts.ID]row, len(ids))
	err := byIDs(ctx, t.c, t.ws, "SELECT id, rev, created_seq FROM ec_contacts WHERE ws = ? AND id IN (", sortedIDs(ids),
		func(scan func(...any) error) error {
			var id string
			var r row
			err := scan(&id, &r.rev, &r.created)
			have[contacts.ID(id)] = r
			return err
		})
	if err != nil {
		return err
	}
	for i := range t.b.Put {
		p := &t.b.Put[i]
		if p.Base == 0 && !all {
			continue
		}
		r := have[p.Contact.ID]
		t.created[i] = r.created
		if r.rev != p.Base {
			t.conflict.IDs = append(t.conflict.IDs, p.Contact.ID)
		}
	}
	for _, e := range t.b.Expect {
		if have[e.ID].rev != e.Rev {
			t.conflict.IDs = append(t.conflict.IDs, e.ID)
		}
	}
	return nil
}

// writeContacts writes the rows of the contacts: an old one is replaced.
func (t *transaction) writeContacts(ctx context.Context) error {
	if len(t.b.Put) == 0 {
		return nil
	}
	for i := range t.b.Put {
		if t.b.Put[i].Base == 0 {
			t.created[i] = t.seq
			if t.born != nil {
				t.created[i] = t.born[i]
			}
		}
	}
	if t.p.updates > 0 {
		old := make([]any, 0, 1+inList)
		var ids []contacts.ID
		for i := range t.b.Put {
			if t.b.Put[i].Base > 0 {
				ids = append(ids, t.b.Put[i].Contact.ID)
			}
		}
		err := lists(len(ids), func(from, to, size int) error {
			old = append(old[:0], t.ws)
			for _, id := range ids[from:to] {
				old = append(old, string(id))
			}
			old = fill(old, 1+size)
			return t.exec(ctx, "DELETE FROM ec_contacts WHERE ws = ? AND id IN ("+marks(size)+")", old...)
		})
		if err != nil {
			return err
		}
	}
	var ws any = t.ws // boxed once
	return t.insert(ctx, contactRows, len(t.b.Put), func(args []any, i int) []any {
		c, p := t.b.Put[i].Contact, &t.p.puts[i]
		return append(args, ws, string(c.ID), c.Rev, int64(c.State), t.created[i], p.text, p.body)
	})
}
