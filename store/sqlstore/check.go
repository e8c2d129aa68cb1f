package sqlstore

import (
	"bytes"
	"context"
	"database/sql"
	"errors"
	"iter"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
)

var _ store.Checker = (*Store)(nil)

// Check compares the rows that are derived with the contacts and the log; see
// [store.Checker]. It reads page by page, each page at its own moment: batches
// that are applied meanwhile may show as differences.
func (s *Store) Check(ctx context.Context, workspace string, keys store.KeysOf) iter.Seq2[store.Damage, error] {
	return func(yield func(store.Damage, error) bool) {
		err := store.CheckWorkspace(workspace)
		for _, part := range []func(context.Context, string, store.KeysOf, func(store.Damage) bool) (bool, error){
			s.checkHead, s.checkRows, s.checkKeys, s.checkTouched, s.checkText,
		} {
			if err != nil {
				yield(store.Damage{}, err)
				return
			}
			more := false
			if more, err = part(ctx, workspace, keys, func(d store.Damage) bool { return yield(d, nil) }); !more && err == nil {
				return
			}
		}
		if err != nil {
			yield(store.Damage{}, err)
		}
	}
}

// checkHead compares the head of the log with its last entry.
func (s *Store) checkHead(ctx context.Context, ws string, _ store.KeysOf, found func(store.Damage) bool) (bool, error) {
	var head, last int64
	var headHash, lastHash []byte
	err := s.reading(ctx, "check log", func(ctx context.Context, c *session) error {
		const headSQL, lastSQL = "SELECT seq, hash FROM ec_head WHERE ws = ?", "SELECT seq, hash FROM ec_log WHERE ws = ? ORDER BY seq DESC LIMIT 1"
		for { // until nobody wrote between the two
			var again int64
			head, last, headHash, lastHash = 0, 0, nil, nil
			if _, err := c.one(ctx, headSQL, []any{ws}, &head, &headHash); err != nil {
				return err
			}
			if _, err := c.one(ctx, lastSQL, []any{ws}, &last, &lastHash); err != nil {
				return err
			}
			if _, err := c.one(ctx, headSQL, []any{ws}, &again, new([]byte)); err != nil || again == head {
				return err
			}
		}
	})
	if err != nil || head == last && (head == 0 || bytes.Equal(headHash, lastHash)) {
		return true, err
	}
	return found(store.Damage{Code: "log_head", Seq: last}), nil
}

// derivedRow is a row of ec_contacts with all that is derived.
type derivedRow struct {
	id         contacts.ID
	rev, state int64
	text, body []byte
}

const derivedSQL = "SELECT id, rev, state, search_text, body FROM ec_contacts WHERE ws = ? AND id > ? ORDER BY id LIMIT ?"

// derivedRows reads a page.
func derivedRows(ctx context.Context, c *session, ws string, after contacts.ID) (page []derivedRow, err error) {
	err = c.query(ctx, derivedSQL, []any{ws, string(after), scanPage}, func(scan func(...any) error) error {
		var r derivedRow
		var id string
		var text, body sql.RawBytes
		err := scan(&id, &r.rev, &r.state, &text, &body)
		r.id, r.text, r.body = contacts.ID(id), bytes.Clone(text), bytes.Clone(body)
		page = append(page, r)
		return err
	})
	return page, err
}

// checkRows compares the columns of contacts with their bodies.
func (s *Store) checkRows(ctx context.Context, ws string, _ store.KeysOf, found func(store.Damage) bool) (bool, error) {
	var text []byte
	for last := contacts.ID(""); ; {
		var page []derivedRow
		err := s.reading(ctx, "check contacts", func(ctx context.Context, c *session) (err error) {
			page, err = derivedRows(ctx, c, ws, last)
			return err
		})
		if err != nil {
			return false, err
		}
		for _, r := range page {
			last = r.id
			c, err := contacts.Decode(r.id, r.body)
			if err != nil {
				if !found(store.Damage{Code: "contact_damaged", ID: r.id}) {
					return false, nil
				}
				continue
			}
			text = search.Text(text[:0], c)
			if (c.Rev != r.rev || int64(c.State) != r.state) && !found(store.Damage{Code: "contact_row", ID: r.id}) ||
				!bytes.Equal(text, r.text) && !found(store.Damage{Code: "search_text", ID: r.id}) {
				return false, nil
			}
		}
		if len(page) < scanPage {
			return true, nil
		}
	}
}

// checkPage is the number of nodes that checkKeys reads at a time, some fifty
// keys each, in those of runs up to two hundred.
const checkPage = 64

// checkKeys compares the keys in the index with those of their holders.
func (s *Store) checkKeys(ctx context.Context, ws string, keys store.KeysOf, found func(store.Damage) bool) (bool, error) {
	for last, n := int64(0), checkPage; n == checkPage; {
		held := map[contacts.ID][]digest{}
		damaged := false
		err := s.reading(ctx, "check keys", func(ctx context.Context, c *session) error {
			n, damaged = 0, false
			clear(held)
			return c.query(ctx, "SELECT node, body FROM ec_keys WHERE ws = ? AND node > ? ORDER BY node LIMIT ?", []any{ws, last, checkPage},
				func(scan func(...any) error) error {
					var body sql.RawBytes
					if err := scan(&last, &body); err != nil {
						return err
					}
					n++
					for rest := []byte(body); len(rest) > 0; {
						var text []byte
						if text, rest = cutKeyEntry(rest); text == nil {
							damaged = true
							break
						}
						id := holder(text)
						held[id] = append(held[id], digest(text))
					}
					return nil
				})
		})
		if err != nil {
			return false, err
		}
		if damaged && !found(store.Damage{Code: "keys_damaged"}) {
			return false, nil
		}
		ids := make([]contacts.ID, 0, len(held))
		for id := range held {
			ids = append(ids, id)
		}
		slices.Sort(ids)
		if store.CheckIDs(ids...) != nil { // no contact can have such an id
			damaged = true
			ids = slices.DeleteFunc(ids, func(id contacts.ID) bool { return store.CheckIDs(id) != nil })
			if !found(store.Damage{Code: "keys_damaged"}) {
				return false, nil
			}
		}
		list, err := s.readable(ctx, ws, ids)
		if err != nil {
			return false, err
		}
		for i, c := range list {
			var own []digest
			if c != nil {
				for _, k := range keys(c) {
					own = append(own, digestOf(k))
				}
			}
			for _, d := range held[ids[i]] {
				if !slices.Contains(own, d) && !found(store.Damage{Code: "key_foreign", ID: ids[i]}) {
					return false, nil
				}
			}
		}
	}
	return true, nil
}

// readable reads contacts, nil for those that cannot be read.
func (s *Store) readable(ctx context.Context, ws string, ids []contacts.ID) ([]*contacts.Contact, error) {
	out := make([]*contacts.Contact, len(ids))
	err := s.reading(ctx, "check keys", func(ctx context.Context, c *session) error {
		return byIDs(ctx, c, ws, "SELECT id, body FROM ec_contacts WHERE ws = ? AND id IN (", ids, func(scan func(...any) error) error {
			var id string
			var body sql.RawBytes
			if err := scan(&id, &body); err != nil {
				return err
			}
			if i, ok := slices.BinarySearch(ids, contacts.ID(id)); ok {
				out[i], _ = contacts.Decode(contacts.ID(id), body) // checkRows names it
			}
			return nil
		})
	})
	return out, err
}

// checkTouched compares the index of the log by contact with the log.
func (s *Store) checkTouched(ctx context.Context, ws string, _ store.KeysOf, found func(store.Damage) bool) (bool, error) {
	type touch struct {
		id  contacts.ID
		seq int64
	}
	for q := (store.LogQuery{Limit: 16}); ; { // each may be of thousands of contacts
		entries, err := s.Log(ctx, ws, q)
		if err != nil {
			if errors.Is(err, contacts.ErrEncoding) { // Verify names the entry
				return true, nil
			}
			return false, err
		}
		if len(entries) == 0 {
			return true, nil
		}
		low := entries[0].Seq
		q.After = entries[len(entries)-1].Seq
		missing := map[touch]bool{}
		var ids []contacts.ID
		for _, e := range entries {
			for _, ch := range e.Changes {
				if store.CheckIDs(ch.Contact) == nil { // others are damaged, and the chain says so
					missing[touch{ch.Contact, e.Seq}] = true
					ids = append(ids, ch.Contact)
				}
			}
		}
		ids = sortedIDs(ids)
		err = s.reading(ctx, "check log", func(ctx context.Context, c *session) error {
			known := func(scan func(...any) error) error {
				var id string
				var seq int64
				err := scan(&id, &seq)
				delete(missing, touch{contacts.ID(id), seq})
				return err
			}
			if err := byIDs(ctx, c, ws, "SELECT id, created_seq FROM ec_contacts WHERE ws = ? AND id IN (", ids, known); err != nil {
				return err
			}
			return lists(len(ids), func(from, to, size int) error {
				args := []any{ws, low, q.After}
				for _, id := range ids[from:to] {
					args = append(args, string(id))
				}
				return c.query(ctx, "SELECT id, seq FROM ec_touched WHERE ws = ? AND seq >= ? AND seq <= ? AND id IN ("+marks(size)+")", fill(args, 3+size), known)
			})
		})
		if err != nil {
			return false, err
		}
		for m := range missing {
			if !found(store.Damage{Code: "log_touched", ID: m.id, Seq: m.seq}) {
				return false, nil
			}
		}
	}
}
