package policy

import (
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
)

// Owned says that a contact belongs to its owner: who is neither the owner nor
// among those it is shared with does not see it. A contact without an owner
// belongs to everybody. With extcontacts.Options.Owned new contacts belong to
// who creates or imports them.
//
// The zero value is the strictest: no managers, and those a contact is shared
// with may view it, read its history and its activities, and record activities.
type Owned struct {
	// Managers are the roles to which every contact belongs as if they owned it.
	Managers []string
	// Shared are the rights of those a contact is shared with; nil means view,
	// log, timeline and activity.
	Shared []contacts.Right
	// Others are the rights of everybody else, such as to view; nil means
	// none: the contact does not exist for them.
	Others []contacts.Right
}

// Decide implements [contacts.Policy]. It allows what concerns the whole
// workspace: put it into an [All] with [Roles]. The rules are not_owner,
// shared_lacks_RIGHT and owner_other, for a new contact that would belong to
// somebody else.
func (o Owned) Decide(a contacts.Actor, r contacts.Right, c *contacts.Contact) contacts.Decision {
	switch {
	case c == nil || c.Owner.IsZero() || c.Owner == a.ID || hasRole(a, o.Managers):
		return contacts.Allow()
	case r == contacts.RightCreate:
		return contacts.Refuse("owner_other")
	case slices.Contains(o.Others, r):
		return contacts.Allow()
	case !slices.Contains(c.SharedWith, a.ID):
		return contacts.Refuse("not_owner")
	}
	shared := o.Shared
	if shared == nil {
		shared = []contacts.Right{contacts.RightView, contacts.RightLog, contacts.RightTimeline, contacts.RightActivity}
	}
	if slices.Contains(shared, r) {
		return contacts.Allow()
	}
	return contacts.Refuse("shared_lacks_" + string(r))
}
