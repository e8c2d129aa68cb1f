package contacts

import (
	"cmp"
	"maps"
	"slices"
	"strings"
)

// Normalize brings c into its canonical form and returns it: texts are without
// the white space around them, lists are sorted
// and hold each value once, each non-empty list of phones and emails has
// exactly one primary value, empty lists and maps are nil, and times are UTC
// microseconds. It never drops a value that differs from another; of two
// entries for the same kind and number the verified one stays.
//
// Phones, emails: the primary one first, then by kind, then by number or
// address. Socials: by channel, then handle. Labels: byte order.
func (c *Contact) Normalize() *Contact {
	c.trim()
	c.SortLists()
	if len(c.SharedWith) > 0 {
		slices.Sort(c.SharedWith)
		c.SharedWith = slices.DeleteFunc(slices.Compact(c.SharedWith), ID.IsZero)
	}
	if len(c.SharedWith) == 0 {
		c.SharedWith = nil
	}
	c.Custom = withoutZero(c.Custom)
	c.ExternalIDs = withoutZero(c.ExternalIDs)
	c.CreatedAt, c.UpdatedAt = Micros(c.CreatedAt), Micros(c.UpdatedAt)
	return c
}

// SortLists is the part of [Contact.Normalize] that brings phones, emails, socials and labels into their order: all that is to be
// done where a contact was made by [Field.Set] alone, which leaves no white space.
func (c *Contact) SortLists() {
	if !phonesInOrder(c.Phones) {
		c.Phones = canonical(c.Phones, func(a, b ContactPhone) int {
			return cmp.Or(cmp.Compare(a.Kind, b.Kind), strings.Compare(a.Phone.Number(), b.Phone.Number()))
		}, func(p *ContactPhone) (*bool, *Verification) { return &p.Primary, &p.Verified })
	}
	if !emailsInOrder(c.Emails) {
		c.Emails = canonical(c.Emails, func(a, b ContactEmail) int {
			return cmp.Or(cmp.Compare(a.Kind, b.Kind), strings.Compare(a.Email.Key(), b.Email.Key()))
		}, func(e *ContactEmail) (*bool, *Verification) { return &e.Primary, &e.Verified })
	}
	if !socialsInOrder(c.Socials) {
		c.Socials = canonical(c.Socials, func(a, b Social) int {
			return cmp.Or(cmp.Compare(a.Channel, b.Channel), strings.Compare(a.Key(), b.Key()))
		}, func(s *Social) (*bool, *Verification) { return nil, &s.Verified })
	}
	c.emptyToNil()
	if len(c.Labels) > 1 {
		slices.Sort(c.Labels)
		c.Labels = slices.Compact(c.Labels)
	}
}

// phonesInOrder reports whether the list is canonical already; it marks the primary one where none is.
func phonesInOrder(list []ContactPhone) bool {
	if len(list) == 0 {
		return true
	}
	for i := 1; i < len(list); i++ {
		if list[i].Primary || list[i].Kind == list[0].Kind || i > 1 && list[i].Kind <= list[i-1].Kind {
			return false
		}
	}
	if !list[0].Primary && len(list) > 1 && list[1].Kind < list[0].Kind {
		return false
	}
	list[0].Primary = true
	return true
}

// emailsInOrder is phonesInOrder for email addresses.
func emailsInOrder(list []ContactEmail) bool {
	if len(list) == 0 {
		return true
	}
	for i := 1; i < len(list); i++ {
		if list[i].Primary || list[i].Kind == list[0].Kind || i > 1 && list[i].Kind <= list[i-1].Kind {
			return false
		}
	}
	if !list[0].Primary && len(list) > 1 && list[1].Kind < list[0].Kind {
		return false
	}
	list[0].Primary = true
	return true
}

// socialsInOrder is phonesInOrder for social ids, of which none is primary.
func socialsInOrder(list []Social) bool {
	for i := 1; i < len(list); i++ {
		if list[i].Channel <= list[i-1].Channel {
			return false
		}
	}
	return true
}

// emptyToNil makes empty lists nil.
func (c *Contact) emptyToNil() {
	if c.Phones != nil && len(c.Phones) == 0 {
		c.Phones = nil
	}
	if c.Emails != nil && len(c.Emails) == 0 {
		c.Emails = nil
	}
	if c.Socials != nil && len(c.Socials) == 0 {
		c.Socials = nil
	}
	if c.Labels != nil && len(c.Labels) == 0 {
		c.Labels = nil
	}
}

// withoutZero takes the zero values out of a map; an empty one is nil.
func withoutZero[V comparable](m map[string]V) map[string]V {
	if len(m) > 0 { // even to begin a range costs
		var zero V
		maps.DeleteFunc(m, func(_ string, v V) bool { return v == zero })
	}
	if len(m) == 0 {
		return nil
	}
	return m
}

// trim takes the white space around texts away, which no cell or form keeps.
func (c *Contact) trim() {
	trimField(&c.FirstName)
	trimField(&c.LastName)
	trimField(&c.Group)
	trimField(&c.Team)
	trimField(&c.Company)
	trimField(&c.JobTitle)
	trimField(&c.Address.Street)
	trimField(&c.Address.City)
	trimField(&c.Address.State)
	trimField(&c.Address.ZipCode)
	for i := range c.Phones {
		p := &c.Phones[i].Phone
		if raw := p.Raw(); raw != "" && !isTrim(raw) {
			if t := trimUnicode(raw); t != raw {
				*p = MakePhone(p.Number(), t)
			}
		}
	}
	for i := range c.Socials {
		c.Socials[i].Handle = trimText(c.Socials[i].Handle)
	}
	if len(c.Custom) > 0 {
		for k, v := range c.Custom {
			if t := trimText(v.text); t != v.text {
				c.Custom[k] = MakeValue(v.kind, t)
			}
		}
	}
	if len(c.ExternalIDs) > 0 {
		for k, v := range c.ExternalIDs {
			if t := trimText(v); t != v {
				c.ExternalIDs[k] = t
			}
		}
	}
}

// trimField trims a text; most need no write.
func trimField(s *string) {
	if t := *s; t != "" && !isTrim(t) {
		if u := trimUnicode(t); len(u) != len(t) {
			*s = u
		}
	}
}

// canonical sorts a list, drops repeated entries (keeping a verification) and
// sees to one primary value, which comes first. Where none is marked, the
// first in order is.
func canonical[T any](list []T, order func(a, b T) int, flags func(*T) (*bool, *Verification)) []T {
	slices.SortStableFunc(list, order)
	n := 1
	for i := 1; i < len(list); i++ {
		if order(list[n-1], list[i]) != 0 {
			list[n] = list[i]
			n++
			continue
		}
		keepPrimary, kept := flags(&list[n-1])
		addPrimary, added := flags(&list[i])
		primary := keepPrimary != nil && (*keepPrimary || *addPrimary)
		if kept.IsZero() && !added.IsZero() {
			list[n-1] = list[i]
		}
		if keepPrimary != nil {
			*keepPrimary = primary
		}
	}
	list = list[:n]
	if p, _ := flags(&list[0]); p == nil {
		return list
	}
	first := -1
	for i := range list {
		p, _ := flags(&list[i])
		if first < 0 && *p {
			first = i
		}
		*p = i == first
	}
	if first < 0 {
		first = 0
		p, _ := flags(&list[0])
		*p = true
	}
	if first > 0 {
		t := list[first]
		copy(list[1:first+1], list[:first])
		list[0] = t
	}
	return list
}
