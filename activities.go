package extcontacts

import (
	"context"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// RecordActivity records an enquiry, call, message or page visit of a contact
// and returns it as recorded. Where the activity has a Ref that the contact's
// timeline knows, that activity is brought up to date instead: recording the
// same twice changes nothing.
func (s *Session) RecordActivity(ctx context.Context, id contacts.ID, a contacts.Activity) (contacts.Activity, error) {
	act := s.act(contacts.ActActivity, "")
	if a.At.IsZero() {
		a.At = act.At
	}
	a.At = contacts.Micros(a.At)
	a.Agents = slices.Clone(a.Agents)
	if err := a.Validate(); err != nil {
		return a, err
	}
	fresh := s.newID()
	commit := s.commit
	if a.Ref != "" { // two who record it at once must not both find it unknown
		commit = s.commitNext
	}
	_, err := commit(ctx, func(ctx context.Context) (*store.Batch, error) {
		c, err := s.resolve(ctx, id)
		if err != nil {
			return nil, err
		}
		if err := s.may(contacts.RightActivity, c); err != nil {
			return nil, err
		}
		if c.State == contacts.Erased {
			return nil, &CodeError{"contact_erased", "contact " + string(c.ID) + " was erased"}
		}
		a.ID, a.Contact = fresh, c.ID
		if a.Ref != "" {
			line, err := s.family(ctx, c.ID)
			if err != nil {
				return nil, err
			}
			known, err := s.st().Activities(ctx, s.ws(), store.ActivityQuery{Contacts: line, Ref: a.Ref, Limit: 1})
			if err != nil {
				return nil, err
			}
			if len(known) > 0 {
				a.ID, a.Contact = known[0].ID, known[0].Contact
				if equalActivity(a, known[0]) {
					return nil, nil
				}
			}
		}
		return &store.Batch{Act: act, Activities: []contacts.Activity{a}, Expect: []store.Expect{{ID: c.ID, Rev: c.Rev}}}, nil
	})
	return a, err
}

func equalActivity(a, b contacts.Activity) bool {
	same := slices.Equal(a.Agents, b.Agents)
	a.Agents, b.Agents = nil, nil
	return same && a.ID == b.ID && a.Contact == b.Contact && a.Kind == b.Kind && a.At.Equal(b.At) && a.Status == b.Status &&
		a.Ref == b.Ref && a.Channel == b.Channel && a.Destination == b.Destination && a.URL == b.URL && a.Text == b.Text
}

// TimelineOptions select a part of a contact's timeline.
type TimelineOptions struct {
	// Kinds selects kinds of activities; empty means all.
	Kinds []contacts.ActivityKind
	// After is the last activity of the page before; nil means the first page.
	After *contacts.Activity
	// Limit is the number at most; zero means [store.DefaultLimit].
	Limit int
}

// Activities returns what happened with a contact and with everybody who was
// merged into it, the newest first.
func (s *Session) Activities(ctx context.Context, id contacts.ID, o TimelineOptions) ([]contacts.Activity, error) {
	c, err := s.Get(ctx, id)
	if err != nil {
		return nil, err
	}
	line, err := s.family(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	q := store.ActivityQuery{Contacts: line, Kinds: o.Kinds, Limit: o.Limit}
	if o.After != nil {
		q.BeforeAt, q.BeforeID = o.After.At, o.After.ID
	}
	return s.st().Activities(ctx, s.ws(), q)
}

// family returns a contact and all that were merged into it, directly or
// through others.
func (s *Session) family(ctx context.Context, id contacts.ID) ([]contacts.ID, error) {
	all := []contacts.ID{id}
	for next := all; len(next) > 0; {
		keys := make([]contacts.Key, len(next))
		for i, id := range next {
			keys[i] = contacts.Key{Kind: contacts.MergedKey, Value: string(id)}
		}
		found, err := s.st().Lookup(ctx, s.ws(), keys...)
		if err != nil {
			return nil, err
		}
		next = slices.Concat(found...)
		all = append(all, next...)
	}
	return all, nil
}
