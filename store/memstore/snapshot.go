package memstore

import (
	"context"
	"iter"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

var _ store.Snapshotter = (*Store)(nil)

// Snapshot implements [store.Snapshotter]. It copies nothing: while f runs,
// batches keep the versions before them.
func (s *Store) Snapshot(ctx context.Context, workspace string, f func(view store.Store) error) error {
	return s.View(ctx, workspace, func(v View) error { return f(&snapshot{s, v}) })
}

// View is the contacts of a workspace at one moment, in the form in which the
// store keeps them. Reading it copies nothing and waits for nobody. It may be
// used by many goroutines, until the function that it was given to returns.
type View struct {
	sp  *space // nil for an empty workspace
	seq int64
}

// Stored is a contact as the store keeps it: an immutable text of bytes, shared
// with the store and with all who read it. The zero value is no contact.
type Stored struct {
	row *row
	v   *version[stored]
}

// View calls f with the contacts of a workspace as they are at one moment
// between the call of View and that of f. Writers do not wait for f; what they
// replace stays in memory until f returns.
func (s *Store) View(ctx context.Context, workspace string, f func(View) error) error {
	sp, err := s.begin(ctx, workspace)
	if err != nil {
		return err
	}
	v := View{sp: sp}
	if sp != nil {
		v.seq = sp.epoch.pin()
		defer sp.epoch.unpin()
	}
	return f(v)
}

// Get returns a contact and whether there is one.
func (v View) Get(id contacts.ID) (Stored, bool) {
	if v.sp == nil {
		return Stored{}, false
	}
	r := v.sp.contacts.find(id)
	if r == nil {
		return Stored{}, false
	}
	at := r.at(v.seq)
	if at == nil {
		return Stored{}, false
	}
	return Stored{r, at}, true
}

// ID is the contact's id, empty of no contact.
func (s Stored) ID() contacts.ID {
	if s.row == nil {
		return ""
	}
	return s.row.id
}

// Contact decodes the contact: a copy that is the caller's, nil of no contact.
func (s Stored) Contact() (*contacts.Contact, error) {
	if s.row == nil {
		return nil, nil
	}
	return decode(s.row.id, s.v.value.data)
}

// snapshot is a view as a store.
type snapshot struct {
	store.Store // without its Narrow, which is of the present
	v           View
}

// Contacts implements [store.Store].
func (s *snapshot) Contacts(ctx context.Context, workspace string, ids ...contacts.ID) ([]*contacts.Contact, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := store.CheckIDs(ids...); err != nil {
		return nil, err
	}
	out := make([]*contacts.Contact, len(ids))
	for i, id := range ids {
		if c, ok := s.v.Get(id); ok {
			var err error
			if out[i], err = c.Contact(); err != nil {
				return nil, err
			}
		}
	}
	return out, nil
}

// Scan implements [store.Store].
func (s *snapshot) Scan(ctx context.Context, workspace string, after contacts.ID) iter.Seq2[*contacts.Contact, error] {
	return func(yield func(*contacts.Contact, error) bool) {
		if s.v.sp != nil {
			s.v.sp.scan(ctx, after, s.v.seq, func() error { return nil }, yield)
		} else if after != "" {
			if err := store.CheckIDs(after); err != nil {
				yield(nil, err)
			}
		}
	}
}
