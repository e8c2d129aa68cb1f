// Package policy has ready-made rules about who may do what with the contacts
// of a book, for hosts to which [contacts.DefaultPolicy] (every agent may work
// with every contact) says too little:
//
//   - [Roles]: what an actor may do follows from its roles, right by right.
//   - [Owned]: a contact belongs to its owner and those it is shared with.
//   - [Masks]: some roles do not see phones, emails or social ids.
//   - [All]: several policies at once, each of which must allow.
//
// All of them are pure values: they keep nothing and may be shared. A host's
// own rule is any type with the one method of [contacts.Policy].
//
//	book, err := extcontacts.Open(ctx, st, extcontacts.Options{
//		Workspace: "acme",
//		Owned:     true,
//		Policy: policy.All{
//			contacts.DefaultPolicy{}, // inside an enquiry its status decides
//			policy.Roles{"agent": policy.Agent(), "admin": policy.Admin()},
//			policy.Owned{Managers: []string{"admin"}},
//			policy.Masks{"trainee": contacts.MaskPhones | contacts.MaskEmails},
//		},
//	})
package policy

import (
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
)

// All allows what every one of its policies allows, and hides what any of them
// hides. The first that refuses names the rule. An empty All allows nothing.
type All []contacts.Policy

// Decide implements [contacts.Policy]. The rule of an empty All is no_policy.
func (all All) Decide(a contacts.Actor, r contacts.Right, c *contacts.Contact) contacts.Decision {
	if len(all) == 0 {
		return contacts.Refuse("no_policy")
	}
	for _, p := range all {
		if d := p.Decide(a, r, c); !d.Allowed {
			return d
		}
	}
	return contacts.Allow()
}

// Mask implements [contacts.Masker].
func (all All) Mask(a contacts.Actor) (m contacts.Mask) {
	for _, p := range all {
		if p, ok := p.(contacts.Masker); ok {
			m |= p.Mask(a)
		}
	}
	return m
}

// Masks hides fields from the actors with a role. Of an actor with several
// roles all that any of them hides is hidden. It allows everything else: put it
// into an [All].
type Masks map[string]contacts.Mask

// Decide implements [contacts.Policy] and allows.
func (Masks) Decide(contacts.Actor, contacts.Right, *contacts.Contact) contacts.Decision {
	return contacts.Allow()
}

// Mask implements [contacts.Masker].
func (m Masks) Mask(a contacts.Actor) (mask contacts.Mask) {
	for _, role := range a.Roles {
		mask |= m[role]
	}
	return mask
}

func hasRole(a contacts.Actor, roles []string) bool {
	return slices.ContainsFunc(a.Roles, func(r string) bool { return slices.Contains(roles, r) })
}
