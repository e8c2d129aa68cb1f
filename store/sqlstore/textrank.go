package sqlstore

import (
	"context"
	"database/sql"
	"errors"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
)

// Rank answers by the text index of the workspace, where there is one; see
// [store.Ranker].
func (s *Store) Rank(ctx context.Context, workspace string, q *search.Query, after []byte, k int) (hits []search.Hit, ok bool, err error) {
	if err := store.CheckWorkspace(workspace); err != nil {
		return nil, false, err
	}
	err = s.asking(ctx, workspace, func(x *search.Stored) (err error) {
		hits, ok, err = x.Top(ctx, q, after, k)
		return err
	})
	return hits, ok, err
}

// RankContacts implements [store.RankReader]. It asks the text index as this
// process knows it, and the statement that reads the contacts says whether
// anything was written since: mostly nothing was, and it is the only one.
func (s *Store) RankContacts(ctx context.Context, workspace string, q *search.Query, after []byte, k int) ([]search.Hit, []*contacts.Contact, bool, error) {
	if err := store.CheckWorkspace(workspace); err != nil {
		return nil, nil, false, err
	}
	if s.texts != nil {
		t := s.texts.of(workspace)
		t.mu.Lock()
		x, at, noted := t.x, t.at, t.noted
		t.mu.Unlock()
		if x != nil {
			hits, ok, err := x.Top(ctx, q, after, k)
			if err == nil && !ok {
				return nil, nil, false, nil
			}
			if err == nil && len(hits) > 0 {
				list, current, err := s.currentContacts(ctx, workspace, hits[:min(len(hits), inList)], at, noted)
				if current || err != nil {
					return hits, list, err == nil, err
				}
			} else if err != nil && !errors.Is(err, search.ErrStored) {
				return nil, nil, false, err
			}
		}
	}
	hits, ok, err := s.Rank(ctx, workspace, q, after, k)
	return hits, nil, ok, err
}

// currentSQL reads contacts, and with each what followSQL does. It ends in a
// list of ids.
const currentSQL = "SELECT h.seq, h.hash, (SELECT MIN(block) FROM ec_index WHERE ws = ?), c.id, c.body" +
	" FROM ec_head h LEFT JOIN ec_contacts c ON c.ws = ? AND c.id IN ("

// currentContacts reads the contacts of hits, nil for each that is not there; false where
// something was written behind a place in the log, or another note or version of the index.
func (s *Store) currentContacts(ctx context.Context, ws string, hits []search.Hit, at place, noted int64) (list []*contacts.Contact, current bool, err error) {
	places := make(map[contacts.ID]int, len(hits))
	ids := make([]contacts.ID, len(hits))
	for i, h := range hits {
		ids[i], places[h.ID] = h.ID, i
	}
	ids = sortedIDs(ids)
	err = s.reading(ctx, "search", func(ctx context.Context, c *session) error {
		list, current = make([]*contacts.Contact, len(hits)), false
		return lists(len(ids), func(from, to, size int) error {
			args := []any{ws, ws}
			for _, id := range ids[from:to] {
				args = append(args, string(id))
			}
			args = append(fill(args, 2+size), ws)
			return c.query(s.inner(ctx), currentSQL+marks(size)+") WHERE h.ws = ?", args, func(scan func(...any) error) error {
				var head place
				var least sql.NullInt64
				var hash, id, body sql.RawBytes
				if err := scan(&head.seq, &hash, &least, &id, &body); err != nil {
					return err
				}
				copy(head.hash[:], hash)
				if current = head == at && least.Valid && least.Int64 == noted; !current || len(id) == 0 {
					return nil
				}
				one, err := decodeContact(contacts.ID(id), body)
				if err == nil {
					list[places[one.ID]] = one
				}
				return err
			})
		})
	})
	return list, current, err
}
