package extcontacts

import "github.com/extcontacts/extcontacts/contacts"

// ListRule says how the values of a row join those that the contact it is
// about has in a list. A blank cell leaves the list as it is, whatever the
// rule, and a verified identifier stays.
type ListRule uint8

// The rules for lists.
const (
	// UnionList adds what the contact does not have: a number or address that
	// it has under another kind stays as it is.
	UnionList ListRule = iota
	// AppendList adds every value under the kind of its column, a number that
	// the contact has under another kind included.
	AppendList
	// ReplaceList makes the values of a row the only ones of their kind: a row
	// with a mobile number replaces the mobile numbers and leaves those of
	// work alone. Labels have one kind.
	ReplaceList
)

// ParseListRule reads union, append or replace; empty text is [UnionList].
// Anything else is a *[CodeError] with the code list_rule_unknown.
func ParseListRule(s string) (ListRule, error) {
	switch s {
	case "union", "":
		return UnionList, nil
	case "append":
		return AppendList, nil
	case "replace":
		return ReplaceList, nil
	}
	return 0, &CodeError{"list_rule_unknown", "the rule of a list is union, append or replace"}
}

// String is the rule's name.
func (r ListRule) String() string {
	return [...]string{"union", "append", "replace"}[min(r, ReplaceList)]
}

// ListRules are the rules of the lists of a contact.
type ListRules struct {
	Phones, Emails, Socials, Labels ListRule
}

// joinLists puts the values of the row into the lists of the contact.
func (b *batch) joinLists(now *contacts.Contact, r *importRow) {
	rules := &b.im.o.Lists
	now.Phones = join(rules.Phones, now.Phones, r.contact.Phones, samePhone,
		func(p *contacts.ContactPhone) (uint8, bool) { return uint8(p.Kind), !p.Verified.IsZero() },
		func(p *contacts.ContactPhone) *bool { return &p.Primary })
	now.Emails = join(rules.Emails, now.Emails, r.contact.Emails, sameEmail,
		func(e *contacts.ContactEmail) (uint8, bool) { return uint8(e.Kind), !e.Verified.IsZero() },
		func(e *contacts.ContactEmail) *bool { return &e.Primary })
	now.Socials = join(rules.Socials, now.Socials, r.contact.Socials,
		func(a, b *contacts.Social) bool { return a.Channel == b.Channel && a.Key() == b.Key() },
		func(s *contacts.Social) (uint8, bool) { return uint8(s.Channel), !s.Verified.IsZero() },
		func(*contacts.Social) *bool { return nil })
	now.Labels = join(rules.Labels, now.Labels, r.labels,
		func(a, b *string) bool { return labelKey(*a) == labelKey(*b) },
		func(*string) (uint8, bool) { return 0, false },
		func(*string) *bool { return nil })
	if r.primaryPhone { // it is the first, as in every contact that was decoded
		markPrimary(now.Phones, &r.contact.Phones[0], samePhone,
			func(a, b *contacts.ContactPhone) bool { return a.Kind == b.Kind }, func(p *contacts.ContactPhone) *bool { return &p.Primary })
	}
	if r.primaryEmail {
		markPrimary(now.Emails, &r.contact.Emails[0], sameEmail,
			func(a, b *contacts.ContactEmail) bool { return a.Kind == b.Kind }, func(e *contacts.ContactEmail) *bool { return &e.Primary })
	}
}

func samePhone(a, b *contacts.ContactPhone) bool { return a.Phone.Number() == b.Phone.Number() }
func sameEmail(a, b *contacts.ContactEmail) bool { return a.Email.Key() == b.Email.Key() }

// join puts the values of a row into a list by a rule. of tells the kind of a
// value and whether it is verified.
func join[T any](rule ListRule, have, row []T, same func(a, b *T) bool, of func(*T) (kind uint8, verified bool), primary func(*T) *bool) []T {
	if len(row) == 0 {
		return have
	}
	alike := func(a, b *T) bool {
		kindA, _ := of(a)
		kindB, _ := of(b)
		return kindA == kindB && same(a, b)
	}
	if rule == UnionList {
		alike = same
	}
	if rule == ReplaceList {
		kept := have[:0]
		for i := range have {
			kind, stays := of(&have[i])
			stated := false
			for j := range row {
				k, _ := of(&row[j])
				stated = stated || k == kind
				stays = stays || alike(&have[i], &row[j])
			}
			if !stated || stays {
				kept = append(kept, have[i])
			}
		}
		have = kept
	}
	n := len(have)
next:
	for i := range row {
		for j := range n {
			if alike(&have[j], &row[i]) {
				continue next
			}
		}
		have = append(have, row[i])
		if p := primary(&have[len(have)-1]); p != nil && n > 0 {
			*p = false
		}
	}
	return have
}

// markPrimary makes the value that the row marks the primary one: the one of
// its kind, or else, since a union keeps the kind that a number has, any.
func markPrimary[T any](list []T, mark *T, same, kind func(a, b *T) bool, primary func(*T) *bool) {
	best := -1
	for i := range list {
		if same(&list[i], mark) && (best < 0 || kind(&list[i], mark)) {
			best = i
		}
	}
	if best < 0 {
		return
	}
	for i := range list {
		*primary(&list[i]) = i == best
	}
}
