package extcontacts

import (
	"context"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/merge"
	"github.com/extcontacts/extcontacts/store"
)

// Incoming is an enquiry that comes in: a call, a message, a visitor's form.
type Incoming struct {
	// Key is the number or address it comes from: a phone, email or WhatsApp
	// key, typed in any way. It is empty for other social channels, which are
	// a record only and find nobody.
	Key contacts.Key
	// Visitor is the contact as which the host knows the visitor, if any: the
	// enquiry is then of that contact, whoever shares the number.
	Visitor contacts.ID
	// Create is the contact to make where nobody is found and the visitor is
	// not known, nil for none. What it lacks of the key is added to it, and a
	// missing last name is filled in as imports do.
	Create *contacts.Contact
	// Enquiry is what is recorded; an empty Kind means an enquiry, an empty
	// Status that it is open. With a Ref, handling the same again changes
	// nothing.
	Enquiry contacts.Activity
}

// Handled is the answer to an incoming enquiry.
type Handled struct {
	// Contact is whom the enquiry is of, nil where nobody was found or made.
	Contact *contacts.Contact `json:"contact"`
	// Verified tells how sure that is: the identifier was proved to be the
	// contact's.
	Verified bool `json:"verified,omitzero"`
	// Created is set where the contact was made for this enquiry.
	Created bool `json:"created,omitzero"`
	// Found are all the contacts with the identifier, verified ones first.
	Found []Found `json:"found"`
	// Suggestions are the contacts that share the number or the address with
	// Contact, or another identifier, as pairs to be merged.
	Suggestions []merge.Pair `json:"suggestions,omitempty"`
	// Enquiry is the activity as recorded, zero where there is no contact.
	Enquiry contacts.Activity `json:"enquiry"`
}

// HandleEnquiry finds out who is calling or writing, makes the contact where
// there is none and it is asked to, and records the enquiry: all of that as
// one, so that two calls of one new number at once make one contact.
//
// Of several contacts with the identifier the enquiry goes to the verified one,
// else to the one with the smallest id; Suggestions has the others.
//
// Errors: *[contacts.FieldError] for a key that cannot be read or an activity
// that is not valid, those of [Session.Create], [ForbiddenError].
func (s *Session) HandleEnquiry(ctx context.Context, in Incoming) (Handled, error) {
	act := s.act(contacts.ActActivity, in.Enquiry.Channel)
	enquiry := in.Enquiry
	if enquiry.Kind == "" {
		enquiry.Kind = contacts.Enquiry
	}
	if enquiry.Kind == contacts.Enquiry && enquiry.Status == "" {
		enquiry.Status = contacts.EnquiryOpen
	}
	if enquiry.At.IsZero() {
		enquiry.At = act.At
	}
	enquiry.At, enquiry.Agents = contacts.Micros(enquiry.At), slices.Clone(enquiry.Agents)
	if err := enquiry.Validate(); err != nil {
		return Handled{}, err
	}
	if err := s.may(contacts.RightView, nil); err != nil {
		return Handled{}, err
	}
	id, visit := s.newID(), s.newID()
	var out Handled
	_, err := s.commitNext(ctx, func(ctx context.Context) (*store.Batch, error) {
		out = Handled{}
		if in.Key.Kind != "" {
			res, err := s.Lookup(ctx, in.Key)
			if err != nil {
				return nil, err
			}
			out.Found = res.Found
		}
		switch {
		case !in.Visitor.IsZero():
			c, err := s.resolve(ctx, in.Visitor)
			if err != nil {
				return nil, err
			}
			out.Contact = c
		case len(out.Found) > 0:
			c, err := s.raw(ctx, out.Found[0].Contact.ID)
			if err != nil {
				return nil, err
			}
			out.Contact = c
		case in.Create == nil:
			return nil, nil
		}
		for _, f := range out.Found {
			if out.Contact.ID == f.Contact.ID {
				out.Verified = f.Verified
			}
		}
		act.Kind, act.Counts = contacts.ActActivity, contacts.Counts{}
		if out.Contact != nil {
			list := []contacts.Activity{enquiry}
			list[0].Contact = out.Contact.ID
			b, err := s.placeActivities(ctx, slices.Clone(list), list, []contacts.ID{visit})
			if at, ok := err.(*ActivityError); ok {
				err = at.Err
			}
			out.Enquiry = list[0]
			if b != nil {
				b.Act = act
			}
			return b, err
		}
		given := in.Create.Clone()
		if err := s.identify(given, in.Key); err != nil {
			return nil, err
		}
		act.Kind, act.Counts = contacts.ActCreate, contacts.Counts{Created: 1}
		c, b, err := s.newContact(ctx, &act, id, given)
		if err != nil {
			return nil, err
		}
		if err := s.may(contacts.RightActivity, c); err != nil {
			return nil, err
		}
		out.Contact, out.Created = c, true
		a := enquiry
		a.ID, a.Contact = visit, id
		if a.Ref != "" {
			a.ID = activityID(id, a.Ref)
		}
		out.Enquiry = a
		b.Activities = []contacts.Activity{a}
		b.Records = append(b.Records, enquiryRecords(b.Activities)...)
		return b, nil
	})
	if err != nil {
		return Handled{}, err
	}
	if out.Contact == nil {
		return out, nil
	}
	out.Contact = s.mask.Apply(out.Contact.Clone())
	out.Enquiry = s.maskActivity(out.Enquiry)
	if out.Contact.State == contacts.Live {
		out.Suggestions, err = s.Suggest(ctx, out.Contact.ID)
	}
	return out, err
}

// identify gives a new contact the identifier it was found missing by.
func (s *Session) identify(c *contacts.Contact, key contacts.Key) error {
	if c.LastName == "" {
		c.LastName = "customer"
	}
	if key.Kind == "" {
		return nil
	}
	key, err := s.key(key)
	if err != nil {
		return err
	}
	for range identifiers(c, key) {
		return nil
	}
	switch key.Kind {
	case contacts.PhoneKey:
		p, err := contacts.ParsePhone(key.Value)
		if err != nil {
			return err
		}
		c.Phones = append(c.Phones, contacts.ContactPhone{Kind: contacts.MobilePhone, Phone: p})
	case contacts.WhatsAppKey:
		c.Socials = append(c.Socials, contacts.Social{Channel: contacts.WhatsApp, Handle: key.Value})
	case contacts.EmailKey:
		e, err := contacts.ParseEmail(key.Value)
		if err != nil {
			return err
		}
		c.Emails = append(c.Emails, contacts.ContactEmail{Kind: contacts.WorkEmail, Email: e})
	}
	return nil
}
