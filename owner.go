package extcontacts

import (
	"context"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// SetOwner moves contacts to another owner; with an empty one they belong to
// nobody. All of them are moved or none. It needs the right to own each of
// them, and undoing the act moves them back.
func (s *Session) SetOwner(ctx context.Context, owner contacts.ID, ids ...contacts.ID) (contacts.Act, error) {
	return s.alter(ctx, contacts.ActOwn, contacts.RightOwn, ids, func(act *contacts.Act, c *contacts.Contact) error {
		c.Owner = owner
		act.Counts.Updated++
		return live(c)
	})
}

// Share says who else works with contacts, in place of those it said before.
// All of the contacts are shared or none. It needs the right to own each.
func (s *Session) Share(ctx context.Context, with []contacts.ID, ids ...contacts.ID) (contacts.Act, error) {
	if len(with) > contacts.MaxValues {
		return contacts.Act{}, &contacts.FieldError{Path: "shared_with", Code: "too_many_values"}
	}
	return s.alter(ctx, contacts.ActOwn, contacts.RightOwn, ids, func(act *contacts.Act, c *contacts.Contact) error {
		c.SharedWith = slices.Clone(with)
		act.Counts.Updated++
		return live(c)
	})
}

// alter changes contacts, all or none, as one act. change gets a copy of each,
// once, in the order of ids; what stays equal is not written.
func (s *Session) alter(ctx context.Context, kind contacts.ActKind, right contacts.Right, ids []contacts.ID, change func(*contacts.Act, *contacts.Contact) error) (contacts.Act, error) {
	act := s.act(kind, "")
	res, err := s.commit(ctx, func(ctx context.Context) (*store.Batch, error) {
		act.Counts = contacts.Counts{}
		cached, err := s.book.loadSchema(ctx)
		if err != nil {
			return nil, err
		}
		b := &store.Batch{}
		seen := make(map[contacts.ID]bool, len(ids))
		for _, id := range ids {
			old, err := s.resolve(ctx, id)
			if err != nil {
				return nil, err
			}
			if seen[old.ID] {
				continue
			}
			seen[old.ID] = true
			if err := s.may(right, old); err != nil {
				return nil, err
			}
			if old.State == contacts.Erased {
				return nil, &CodeError{"contact_erased", "contact " + string(old.ID) + " was erased"}
			}
			c := old.Clone()
			counts := act.Counts
			if err := change(&act, c); err != nil {
				return nil, err
			}
			changes := contacts.Diff(old, c.Normalize())
			if len(changes) == 0 {
				act.Counts = counts
				continue
			}
			b.Changes = append(b.Changes, changes...)
			p := put(&act, old, c, cached.schema.UniqueFields())
			b.Put = append(b.Put, p)
			for _, k := range s.book.uniqueKinds(cached.schema, p.Add) {
				if !slices.Contains(b.Unique, k) {
					b.Unique = append(b.Unique, k)
				}
			}
		}
		if len(b.Put) == 0 {
			return nil, nil
		}
		b.Act = act
		return b, nil
	})
	return written(act, res, err)
}

// keepOwner makes sure that a merge gives its result to nobody to whom none of
// the merged contacts belonged.
func keepOwner(result, to *contacts.Contact, from []*contacts.Contact) {
	all := append([]*contacts.Contact{to}, from...)
	if !slices.ContainsFunc(all, func(c *contacts.Contact) bool { return c.Owner == result.Owner }) {
		result.Owner = to.Owner
	}
	if !slices.ContainsFunc(all, func(c *contacts.Contact) bool { return slices.Equal(c.SharedWith, result.SharedWith) }) {
		result.SharedWith = slices.Clone(to.SharedWith)
	}
}
