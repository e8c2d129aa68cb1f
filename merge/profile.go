package merge

import (
	"maps"
	"slices"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/internal/fold"
)

// profile is what comparing reads of a contact or a record, folded once.
type profile struct {
	id            contacts.ID
	source        string
	keys          []identifier
	given, family string // folded words, joined by a space
	name, sorted  string // all words, and in alphabetical order
	company       string
	born          contacts.Date
	external      map[string]string
	values        map[Kind][]string // of a record: the further kinds, folded
}

// identifier is one identity key with what is known about it. Phone and
// WhatsApp numbers are compared with each other.
type identifier struct {
	kind     contacts.KeyKind
	value    string
	verified bool
}

func (k identifier) same(l identifier) bool { return k.value == l.value && k.class() == l.class() }

func (k identifier) class() contacts.KeyKind {
	if k.kind == contacts.WhatsAppKey {
		return contacts.PhoneKey
	}
	return k.kind
}

// noName is the last name that an import fills in where there is none.
const noName = "customer"

func profileOf(c *contacts.Contact) *profile {
	p := &profile{
		id:       c.ID,
		given:    words(c.FirstName),
		family:   words(c.LastName),
		company:  words(c.Company),
		born:     c.Birthdate,
		external: maps.Clone(c.ExternalIDs),
	}
	if p.family == noName {
		p.family = ""
	}
	for _, k := range contacts.Keys(nil, c) {
		if k.Kind != contacts.NameKey { // names are compared, not looked up
			p.addKey(identifier{k.Kind, k.Value, isVerified(c, k)})
		}
	}
	p.joinName()
	return p
}

// joinName derives the whole name from its parts.
func (p *profile) joinName() {
	p.name = strings.TrimSpace(p.given + " " + p.family)
	w := strings.Fields(p.name)
	slices.Sort(w)
	p.sorted = strings.Join(w, " ")
}

// addKey adds an identity key once; a number that is phone and WhatsApp
// number is one.
func (p *profile) addKey(k identifier) {
	if k.value == "" {
		return
	}
	if i := slices.IndexFunc(p.keys, k.same); i >= 0 {
		p.keys[i].verified = p.keys[i].verified || k.verified
		return
	}
	p.keys = append(p.keys, k)
}

// isVerified reports whether an identity key of c was proved to be c's.
func isVerified(c *contacts.Contact, k contacts.Key) bool {
	switch k.Kind {
	case contacts.PhoneKey:
		return slices.ContainsFunc(c.Phones, func(p contacts.ContactPhone) bool {
			return p.Phone.Number() == k.Value && !p.Verified.IsZero()
		})
	case contacts.EmailKey:
		return slices.ContainsFunc(c.Emails, func(e contacts.ContactEmail) bool {
			return e.Email.Key() == k.Value && !e.Verified.IsZero()
		})
	case contacts.WhatsAppKey:
		return slices.ContainsFunc(c.Socials, func(s contacts.Social) bool {
			return s.Channel == contacts.WhatsApp && s.Key() == k.Value && !s.Verified.IsZero()
		})
	}
	return false
}

// words folds a text to its words, joined by single spaces.
func words(s string) string {
	if s == "" {
		return ""
	}
	var buf [64]byte
	return strings.TrimSuffix(string(fold.Words(buf[:0], s)), " ")
}

// roles are the local parts of mailboxes that belong to an office, not to a
// person.
var roles = []string{"accounts", "admin", "billing", "careers", "contact", "customerservice", "enquiries", "enquiry", "hello",
	"help", "helpdesk", "hr", "info", "inquiries", "inquiry", "jobs", "kontakt", "mail", "marketing", "noreply", "office",
	"orders", "postmaster", "press", "reception", "sales", "service", "support", "team", "webmaster"}

// isRole reports whether an email key is that of an office.
func isRole(key string) bool {
	local, _, _ := strings.Cut(key, "@")
	_, found := slices.BinarySearch(roles, strings.ReplaceAll(local, "-", ""))
	return found
}
