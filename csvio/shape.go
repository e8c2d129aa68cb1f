package csvio

import (
	"cmp"
	"slices"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
)

// Shape is what a set of contacts needs of the columns of a file: how many for each list, whether one for the primary
// phone number or email address, one for typed texts, and for which sources of external ids. It is found by a first
// pass over the contacts. The zero value is the shape of no contact.
type Shape struct {
	lists        map[string]int    // the most values of a list field
	typed        map[string][]bool // of a phone field: which columns need the typed text beside the number
	sources      map[string]bool
	custom       map[string]bool
	primaryPhone bool
	primaryEmail bool
}

// Add takes a contact into account. It must be normalised.
func (sh *Shape) Add(c *contacts.Contact) {
	if sh.lists == nil {
		*sh = Shape{lists: map[string]int{}, typed: map[string][]bool{}, sources: map[string]bool{}, custom: map[string]bool{}}
	}
	var phones, emails, socials [256]uint8
	for i := range c.Phones {
		p := &c.Phones[i]
		n := int(phones[p.Kind])
		phones[p.Kind]++
		if needsTyped(p.Phone) {
			name := "phones." + p.Kind.String()
			list := sh.typed[name]
			for len(list) <= n {
				list = append(list, false)
			}
			list[n] = true
			sh.typed[name] = list
		}
	}
	for i := range c.Emails {
		emails[c.Emails[i].Kind]++
	}
	for i := range c.Socials {
		socials[c.Socials[i].Channel]++
	}
	for k := range contacts.PhoneKinds() {
		sh.most("phones.", k.String(), phones[k])
	}
	for k := range contacts.EmailKinds() {
		sh.most("emails.", k.String(), emails[k])
	}
	for k := range contacts.Channels() {
		sh.most("socials.", k.String(), socials[k])
	}
	sh.primaryPhone = sh.primaryPhone || phoneMarked(c)
	sh.primaryEmail = sh.primaryEmail || emailMarked(c)
	for source := range c.ExternalIDs {
		sh.sources[source] = true
	}
	for key := range c.Custom {
		sh.custom[key] = true
	}
}

func (sh *Shape) most(prefix, kind string, n uint8) {
	if n > 1 {
		if name := prefix + kind; int(n) > sh.lists[name] {
			sh.lists[name] = int(n)
		}
	}
}

// columns is how many columns a list field has: one at least.
func (sh *Shape) columns(name string) int {
	if sh == nil {
		return 1
	}
	return max(1, sh.lists[name])
}

func (sh *Shape) needsTyped(name string, n int) bool {
	return sh != nil && n < len(sh.typed[name]) && sh.typed[name][n]
}

// sourceList returns the sources of external ids, sorted.
func (sh *Shape) sourceList() []string {
	if sh == nil {
		return nil
	}
	list := make([]string, 0, len(sh.sources))
	for s := range sh.sources {
		list = append(list, s)
	}
	slices.Sort(list)
	return list
}

// needsTyped reports whether the typed text of a number must stand beside it because it means nothing by itself.
func needsTyped(p contacts.Phone) bool {
	return p.Raw() != p.Number() && p.Portable() != p.Raw() && typedFits(p.Number(), p.Raw())
}

// phoneMarked reports whether the primary number is not the one that reading without a mark would choose.
func phoneMarked(c *contacts.Contact) bool {
	if len(c.Phones) < 2 {
		return false
	}
	first := slices.MinFunc(c.Phones, func(a, b contacts.ContactPhone) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), strings.Compare(a.Phone.Number(), b.Phone.Number()))
	})
	return !first.Primary
}

// emailMarked is phoneMarked for email addresses.
func emailMarked(c *contacts.Contact) bool {
	if len(c.Emails) < 2 {
		return false
	}
	first := slices.MinFunc(c.Emails, func(a, b contacts.ContactEmail) int {
		return cmp.Or(cmp.Compare(a.Kind, b.Kind), strings.Compare(a.Email.Key(), b.Email.Key()))
	})
	return !first.Primary
}
