package memstore

import (
	"context"
	"iter"
	"sort"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

var _ store.Snapshotter = (*Store)(nil)

// Snapshot implements [store.Snapshotter]. It copies the places of the
// contacts, 56 bytes each, and shares their data, which is never altered.
func (s *Store) Snapshot(ctx context.Context, workspace string, f func(view store.Store) error) error {
	sp, err := s.begin(ctx, workspace)
	if err != nil {
		return err
	}
	v := &snapshot{Store: s}
	if sp != nil {
		sp.mu.RLock()
		v.rows = sp.contacts.order.next(make([]row, 0, len(sp.contacts.byID)), "", len(sp.contacts.byID), &sp.contacts)
		sp.mu.RUnlock()
	}
	return f(v)
}

// snapshot is the contacts of a workspace at one moment, in the order of their
// ids.
type snapshot struct {
	store.Store
	rows []row
}

func (v *snapshot) after(id contacts.ID) int {
	return sort.Search(len(v.rows), func(i int) bool { return v.rows[i].id > id })
}

// Contacts implements [store.Store].
func (v *snapshot) Contacts(ctx context.Context, workspace string, ids ...contacts.ID) ([]*contacts.Contact, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := store.CheckIDs(ids...); err != nil {
		return nil, err
	}
	out := make([]*contacts.Contact, len(ids))
	for i, id := range ids {
		n := v.after(id) - 1
		if n < 0 || v.rows[n].id != id {
			continue
		}
		c, err := decode(id, v.rows[n].data)
		if err != nil {
			return nil, err
		}
		out[i] = c
	}
	return out, nil
}

// Scan implements [store.Store].
func (v *snapshot) Scan(ctx context.Context, workspace string, after contacts.ID) iter.Seq2[*contacts.Contact, error] {
	return func(yield func(*contacts.Contact, error) bool) {
		if after != "" {
			if err := store.CheckIDs(after); err != nil {
				yield(nil, err)
				return
			}
		}
		for i := v.after(after); i < len(v.rows); i++ {
			c, err := decode(v.rows[i].id, v.rows[i].data)
			if err == nil {
				err = ctx.Err()
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if !yield(c, nil) {
				return
			}
		}
	}
}
