package extcontacts

import (
	"context"
	"iter"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
)

// ruleMasked is the rule that refuses what would read, match or write values
// that the actor sees masked.
const ruleMasked = "masked_fields"

// mayUnmasked refuses the rights that cannot be had without the values of every
// field: who merges or undoes decides by them, who verifies an identifier
// learns whether the contact has it, and a person's file is about nothing else.
func (s *Session) mayUnmasked(r contacts.Right) error {
	if s.mask == 0 {
		return nil
	}
	switch r {
	case contacts.RightMerge, contacts.RightUndo, contacts.RightVerify, contacts.RightPerson:
		return &ForbiddenError{r, ruleMasked}
	}
	return nil
}

// mayMatch refuses to look for anybody by a masked identifier.
func (s *Session) mayMatch(r contacts.Right, keys ...contacts.Key) error {
	for _, k := range keys {
		if s.mask.HidesKey(k.Kind) {
			return &ForbiddenError{r, ruleMasked}
		}
	}
	return nil
}

// mayName refuses a query that names a masked field in a condition or as a key
// of the order. Free words do not search masked fields.
func (s *Session) mayName(q *search.Query) error {
	if s.mask == 0 {
		return nil
	}
	for _, name := range q.Named() {
		if s.mask.HidesField(name) {
			return &ForbiddenError{contacts.RightView, ruleMasked}
		}
	}
	return nil
}

// reader returns what queries of this session read, and the filter that goes
// with it. A query is answered from the contacts as the actor sees them, so
// that no search, order, page or explanation can tell a masked value.
func (s *Session) reader(also ...contacts.Right) (store.Store, func(*contacts.Contact) bool) {
	return s.readerOf(s.st(), also...)
}

// readerOf is reader for a view of the store.
func (s *Session) readerOf(st store.Store, also ...contacts.Right) (store.Store, func(*contacts.Contact) bool) {
	readable := func(c *contacts.Contact) bool {
		for _, r := range also {
			if s.may(r, c) != nil {
				return false
			}
		}
		return s.visible(c)
	}
	if s.mask == 0 {
		return st, readable
	}
	return maskedStore{st, s.mask, readable}, nil
}

// maskedStore is a store as queries of somebody see it from whom something is
// masked. The policy decides on the contacts as they are.
type maskedStore struct {
	store.Store
	mask     contacts.Mask
	readable func(*contacts.Contact) bool
}

// Contacts implements [store.Store].
func (m maskedStore) Contacts(ctx context.Context, workspace string, ids ...contacts.ID) ([]*contacts.Contact, error) {
	list, err := m.Store.Contacts(ctx, workspace, ids...)
	for i, c := range list {
		list[i] = nil
		if c != nil && m.readable(c) {
			list[i] = m.mask.Apply(c)
		}
	}
	return list, err
}

// Scan implements [store.Store].
func (m maskedStore) Scan(ctx context.Context, workspace string, after contacts.ID) iter.Seq2[*contacts.Contact, error] {
	return m.masked(m.Store.Scan(ctx, workspace, after))
}

// Narrow implements [store.Narrower]. What matches with its values masked is
// among what the store narrows to: masking only takes words away.
func (m maskedStore) Narrow(ctx context.Context, workspace string, q *search.Query) iter.Seq2[*contacts.Contact, error] {
	if n, ok := m.Store.(store.Narrower); ok {
		return m.masked(n.Narrow(ctx, workspace, q))
	}
	return m.Scan(ctx, workspace, "")
}

func (m maskedStore) masked(all iter.Seq2[*contacts.Contact, error]) iter.Seq2[*contacts.Contact, error] {
	return func(yield func(*contacts.Contact, error) bool) {
		for c, err := range all {
			if err == nil && !m.readable(c) {
				continue
			}
			if !yield(m.mask.Apply(c), err) || err != nil {
				return
			}
		}
	}
}

// maskChange masks the values of a change that is shown.
func (s *Session) maskChange(ch contacts.Change) contacts.Change {
	if s.mask == 0 || !s.mask.Hides(ch.Path, ch.Old+ch.New) {
		return ch
	}
	if ch.Old != "" {
		ch.Old = contacts.MaskText
	}
	if ch.New != "" {
		ch.New = contacts.MaskText
	}
	return ch
}

// maskActivity masks what looks like a masked value in the texts of an activity.
func (s *Session) maskActivity(a contacts.Activity) contacts.Activity {
	if s.mask != 0 {
		for _, text := range []*string{&a.Ref, &a.Channel, &a.Destination, &a.URL, &a.Text} {
			*text = s.mask.Text(*text)
		}
	}
	return a
}
