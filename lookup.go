package extcontacts

import (
	"context"
	"iter"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/merge"
)

// Found is a contact that answers to an identifier.
type Found struct {
	Contact *contacts.Contact `json:"contact"`
	// Key is the identity key by which it was found.
	Key contacts.Key `json:"key"`
	// Verified tells whether the identifier was proved to be the contact's.
	Verified bool `json:"verified,omitzero"`
}

// LookupResult is the answer to "who is this?".
type LookupResult struct {
	// Found are the contacts with the identifier: verified ones first, then by
	// id.
	Found []Found `json:"found"`
	// Suggestions are the pairs among them, and with others that share
	// something with the first, that are suspected to be one person.
	Suggestions []merge.Pair `json:"suggestions,omitempty"`
}

// Lookup finds the contact behind an incoming call, message or email. A phone
// number is also looked for among the WhatsApp numbers, and the other way
// round. Other social channels are a record only and find nobody. The value of
// the key is read as [contacts.ParseKey] does, however it is typed.
func (s *Session) Lookup(ctx context.Context, key contacts.Key) (LookupResult, error) {
	var res LookupResult
	if err := s.may(contacts.RightView, nil); err != nil {
		return res, err
	}
	key, err := s.key(key)
	if err != nil {
		return res, err
	}
	if err := s.mayMatch(contacts.RightView, key); err != nil {
		return res, err
	}
	keys := []contacts.Key{key}
	switch key.Kind {
	case contacts.PhoneKey:
		keys = append(keys, contacts.Key{Kind: contacts.WhatsAppKey, Value: key.Value})
	case contacts.WhatsAppKey:
		keys = append(keys, contacts.Key{Kind: contacts.PhoneKey, Value: key.Value})
	}
	cs, err := s.holders(ctx, keys...)
	if err != nil {
		return res, err
	}
	for _, verified := range []bool{true, false} {
		for _, c := range cs {
			held, v := heldKey(c, keys)
			if v == verified && held.Kind != "" { // not edited since it was looked up
				res.Found = append(res.Found, Found{Contact: c, Key: held, Verified: v})
			}
		}
	}
	if len(res.Found) > 0 {
		res.Suggestions, err = s.suggest(ctx, res.Found[0].Contact)
	}
	return res, err
}

// key brings the value of a key into its normal form.
func (s *Session) key(k contacts.Key) (contacts.Key, error) {
	n, err := contacts.ParseKey(k.Kind, k.Value, &s.book.o.Parse)
	if v, ok := err.(*contacts.ValueError); ok {
		return n, &contacts.FieldError{Path: string(k.Kind), Code: v.Code, Value: k.Value, Hint: v.Hint}
	}
	return n, err
}

// heldKey says which of the keys the contact holds, the verified one first.
func heldKey(c *contacts.Contact, keys []contacts.Key) (held contacts.Key, verified bool) {
	for _, k := range keys {
		for _, have := range contacts.Keys(nil, c, k.Kind.Source()) {
			if have != k {
				continue
			}
			if v := isVerified(c, k); v || held.Kind == "" {
				held, verified = k, v
			}
		}
	}
	return held, verified
}

// isVerified reports whether the identifier is a proved one of the contact.
func isVerified(c *contacts.Contact, k contacts.Key) bool {
	for v := range identifiers(c, k) {
		if !v.IsZero() {
			return true
		}
	}
	return false
}

// identifiers yields the verification of every place where the identifier
// stands in c.
func identifiers(c *contacts.Contact, k contacts.Key) iter.Seq[*contacts.Verification] {
	return func(yield func(*contacts.Verification) bool) {
		for i := range c.Phones {
			if k.Kind == contacts.PhoneKey && c.Phones[i].Phone.Number() == k.Value && !yield(&c.Phones[i].Verified) {
				return
			}
		}
		for i := range c.Emails {
			if k.Kind == contacts.EmailKey && c.Emails[i].Email.Key() == k.Value && !yield(&c.Emails[i].Verified) {
				return
			}
		}
		for i := range c.Socials {
			if k.Kind == contacts.WhatsAppKey && c.Socials[i].Channel == contacts.WhatsApp && c.Socials[i].Key() == k.Value && !yield(&c.Socials[i].Verified) {
				return
			}
		}
	}
}
