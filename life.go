package extcontacts

import (
	"context"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// Delete deletes contacts: they are found no more, and [Session.Restore] or
// the undo of the act brings them back whole. All of them are deleted or none.
// Their activities stay. Deleting what is deleted already changes nothing.
func (s *Session) Delete(ctx context.Context, ids ...contacts.ID) (contacts.Act, error) {
	return s.setState(ctx, contacts.ActDelete, contacts.RightDelete, contacts.Deleted, ids)
}

// Restore brings deleted contacts back. Where a unique value of one was taken
// meanwhile the error is a *[TakenError] and none is restored.
func (s *Session) Restore(ctx context.Context, ids ...contacts.ID) (contacts.Act, error) {
	return s.setState(ctx, contacts.ActRestore, contacts.RightRestore, contacts.Live, ids)
}

func (s *Session) setState(ctx context.Context, kind contacts.ActKind, right contacts.Right, to contacts.State, ids []contacts.ID) (contacts.Act, error) {
	return s.alter(ctx, kind, right, ids, func(act *contacts.Act, c *contacts.Contact) error {
		c.State = to
		if to == contacts.Live {
			act.Counts.Restored++
		} else {
			act.Counts.Deleted++
		}
		return nil
	})
}

// VerifyIdentifier records that an identifier was proved to be the contact's:
// key names a phone, email or WhatsApp number the contact has. From then on
// the identifier is a fact that no edit, import or merge changes or drops.
func (s *Session) VerifyIdentifier(ctx context.Context, id contacts.ID, key contacts.Key, method string) (*contacts.Contact, error) {
	act := s.act(contacts.ActVerify, method)
	act.Counts.Updated = 1
	if method == "" {
		return nil, &contacts.FieldError{Path: "method", Code: "required", Hint: "how the identifier was verified"}
	}
	key, err := s.key(key)
	if err != nil {
		return nil, err
	}
	var stored *contacts.Contact
	_, err = s.commit(ctx, func(ctx context.Context) (*store.Batch, error) {
		cached, err := s.book.loadSchema(ctx)
		if err != nil {
			return nil, err
		}
		old, err := s.resolve(ctx, id)
		if err != nil {
			return nil, err
		}
		if err := s.may(contacts.RightVerify, old); err != nil {
			return nil, err
		}
		if err := live(old); err != nil {
			return nil, err
		}
		c := old.Clone()
		fact := contacts.NewVerification(method, act.At, string(s.actor.ID))
		found := false
		for v := range identifiers(c, key) {
			found = true
			if v.IsZero() {
				*v = fact
			}
		}
		if !found {
			return nil, &contacts.FieldError{Path: string(key.Kind), Code: "identifier_unknown", Hint: "the contact has no such identifier"}
		}
		stored = c
		changes := contacts.Diff(old, c)
		if len(changes) == 0 {
			return nil, nil
		}
		return &store.Batch{Act: act, Changes: changes, Put: []store.Put{put(&act, old, c, cached.schema.UniqueFields())}}, nil
	})
	if err != nil {
		return nil, err
	}
	return stored.Clone(), nil
}
