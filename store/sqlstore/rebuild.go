package sqlstore

import (
	"bytes"
	"context"
	"errors"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
)

var _ store.Rebuilder = (*Store)(nil)

// rebuildKeys is how many keys are gathered before they are written.
const rebuildKeys = 20_000

// Rebuild derives anew what can be derived; see [store.Rebuilder]. To do it
// twice changes nothing, so that a COMMIT whose answer was lost is repeated.
func (s *Store) Rebuild(ctx context.Context, workspace string, keys store.KeysOf) error {
	if err := store.CheckWorkspace(workspace); err != nil {
		return err
	}
	if err := s.enter(ctx); err != nil {
		return err
	}
	defer s.leave()
	for try := 0; ; try++ {
		err := s.rebuild(ctx, workspace, keys)
		if err == nil || try >= s.retries || !s.d.Retryable(err) && !s.broken(err) {
			return mapError(ctx, "rebuild", err)
		}
		if err := pause(ctx, try); err != nil {
			return err
		}
	}
}

func (s *Store) rebuild(ctx context.Context, ws string, keys store.KeysOf) (err error) {
	c, err := s.write.get(ctx)
	if err != nil {
		return err
	}
	defer func() { s.write.put(c, err != nil && !s.d.Local) }()
	if c.open {
		c.open = false
		_ = c.control(context.WithoutCancel(ctx), "ROLLBACK") // most often there is none
	}
	defer func() {
		if err != nil {
			c.open = c.control(context.WithoutCancel(ctx), "ROLLBACK") != nil
		}
	}()
	if err := c.control(ctx, s.d.Begin); err != nil {
		return err
	}
	inner := s.inner(ctx)
	var seq int64
	locked, err := c.one(inner, "SELECT seq FROM ec_head WHERE ws = ?"+s.d.ForUpdate, []any{ws}, &seq)
	if err != nil {
		return err
	}
	if locked { // else there is nothing in the workspace
		t := &transaction{s: s, c: c, outer: ctx, ws: ws, b: &store.Batch{}, p: &prepared{}}
		if err := t.rebuild(inner, keys); err != nil {
			return err
		}
	}
	return c.control(context.WithoutCancel(ctx), "COMMIT")
}

func (t *transaction) rebuild(ctx context.Context, keys store.KeysOf) error {
	if err := t.exec(ctx, "DELETE FROM ec_keys WHERE ws = ?", t.ws); err != nil {
		return err
	}
	type held struct {
		key contacts.Key
		id  contacts.ID
	}
	var all []held
	write := func() error {
		t.p.add = new(room).keyEntries(len(all), func(yield func(contacts.Key, contacts.ID)) {
			for _, h := range all {
				yield(h.key, h.id)
			}
		})
		all = all[:0]
		return t.writeKeys(ctx)
	}
	for last := contacts.ID(""); ; {
		page, err := derivedRows(ctx, t.c, t.ws, last)
		if err != nil {
			return err
		}
		for _, r := range page {
			last = r.id
			c, err := contacts.Decode(r.id, r.body)
			if err != nil {
				continue // it is lost, and Check says so
			}
			text := search.Text(nil, c)
			if c.Rev != r.rev || int64(c.State) != r.state || !bytes.Equal(text, r.text) {
				err := t.exec(ctx, "UPDATE ec_contacts SET rev = ?, state = ?, search_text = ? WHERE ws = ? AND id = ?",
					c.Rev, int64(c.State), text, t.ws, string(c.ID))
				if err != nil {
					return err
				}
			}
			for _, k := range keys(c) {
				all = append(all, held{k, c.ID})
			}
		}
		if len(all) >= rebuildKeys || len(page) < scanPage {
			if err := write(); err != nil {
				return err
			}
		}
		if len(page) < scanPage {
			break
		}
	}
	if err := t.rebuildText(ctx); err != nil {
		return err
	}
	return t.rebuildTouched(ctx)
}

// rebuildTouched writes the index of the log by contact anew, where all of the
// log can be read.
func (t *transaction) rebuildTouched(ctx context.Context) error {
	readable := true
	each := func(f func(e *contacts.Entry) error) error {
		for q := (store.LogQuery{Limit: 100}); ; {
			entries, err := readLog(ctx, t.c, t.ws, q)
			if readable = !errors.Is(err, contacts.ErrEncoding); !readable {
				return nil
			}
			if err != nil || len(entries) == 0 {
				return err
			}
			for i := range entries {
				if err := f(&entries[i]); err != nil {
					return err
				}
				q.After = entries[i].Seq
			}
		}
	}
	err := each(func(*contacts.Entry) error { return t.outer.Err() })
	if err != nil || !readable {
		return err
	}
	if err := t.exec(ctx, "DELETE FROM ec_touched WHERE ws = ?", t.ws); err != nil {
		return err
	}
	return each(func(e *contacts.Entry) error {
		var ids []contacts.ID
		for i := range e.Changes {
			if id := e.Changes[i].Contact; store.CheckIDs(id) == nil {
				ids = append(ids, id)
			}
		}
		ids = sortedIDs(ids)
		created := map[contacts.ID]bool{} // by this entry: their rows say so
		err := byIDs(ctx, t.c, t.ws, "SELECT id, created_seq FROM ec_contacts WHERE ws = ? AND id IN (", ids, func(scan func(...any) error) error {
			var id string
			var seq int64
			err := scan(&id, &seq)
			created[contacts.ID(id)] = seq == e.Seq
			return err
		})
		if err != nil {
			return err
		}
		ids = slices.DeleteFunc(ids, func(id contacts.ID) bool { return created[id] })
		return t.insert(ctx, touchedRows, len(ids), func(args []any, i int) []any { return append(args, t.ws, string(ids[i]), e.Seq) })
	})
}
