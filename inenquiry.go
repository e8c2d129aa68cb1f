package extcontacts

import (
	"context"
	"sync/atomic"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// inEnquiry knows who answers for the contact of the enquiry that the actor
// works in. A merge goes on with the enquiry: its status decides about the
// survivor as it does about the contact it was opened for.
type inEnquiry struct {
	answers atomic.Pointer[contacts.ID]
}

// decide asks the policy.
func (s *Session) decide(r contacts.Right, c *contacts.Contact) contacts.Decision {
	a := s.actor
	if s.enquiry != nil && c != nil && c.ID != a.Enquiry.Contact {
		if now := s.enquiry.answers.Load(); now != nil && *now == c.ID {
			a.Enquiry = &contacts.EnquiryContext{Contact: c.ID, Status: a.Enquiry.Status}
		}
	}
	return s.book.o.Policy.Decide(a, r, c)
}

// fetch reads contacts, and then who answers for that of the enquiry: a
// merge raises the revision of the survivor, so that whoever decides on one
// that was read before it is made to decide anew.
func (s *Session) fetch(ctx context.Context, ids ...contacts.ID) ([]*contacts.Contact, error) {
	list, err := s.st().Contacts(ctx, s.ws(), ids...)
	if err != nil {
		return nil, err
	}
	return list, s.followEnquiry(ctx)
}

// followEnquiry reads who answers for the contact of the enquiry.
func (s *Session) followEnquiry(ctx context.Context) error {
	if s.enquiry == nil || s.actor.Enquiry.Contact.IsZero() || store.CheckIDs(s.actor.Enquiry.Contact) != nil {
		return nil
	}
	now, err := s.survivors(ctx, []contacts.ID{s.actor.Enquiry.Contact})
	if err != nil {
		return err
	}
	id := now[s.actor.Enquiry.Contact]
	s.enquiry.answers.Store(&id)
	return nil
}
