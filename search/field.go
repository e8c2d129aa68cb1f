package search

import (
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
)

// fieldKind decides which operators a field has and how its values compare.
type fieldKind uint8

const (
	textKind   fieldKind = iota // words, folded
	exactKind                   // ids, byte by byte
	phoneKind                   // digits
	emailKind                   // words, and domains
	codeKind                    // one of a closed list
	dateKind                    // days
	timeKind                    // instants
	numberKind                  // decimals
)

// field is one name that a query can ask about.
type field struct {
	name string
	kind fieldKind
	// get appends the field's values in c: the shown text, for the other kinds
	// the canonical one.
	get func(dst []string, c *contacts.Contact) []string
	// code brings a value of a closed list into its canonical form.
	code func(s string) (string, error)
	// stamp is the value of a timeKind field.
	stamp func(c *contacts.Contact) time.Time
	// narrow fields have all their words, or their digits, in Text.
	narrow bool
}

// aliases are the further names of built-in fields.
var aliases = map[string]string{
	"labels": "label", "tag": "label", "tags": "label", "created": "created_at", "updated": "updated_at",
	"phones": "phone", "emails": "email", "socials": "social", "messenger": "facebook", "x": "twitter",
	"zip": "zip_code", "title": "job_title", "department": "team", "birthday": "birthdate",
	"address.street": "street", "address.city": "city", "address.state": "state",
	"address.zip_code": "zip_code", "address.country": "country",
}

// plainFields are the fields that hold one text.
var plainFields = []struct {
	name   string
	narrow bool
	of     func(c *contacts.Contact) string
}{
	{"first_name", true, func(c *contacts.Contact) string { return c.FirstName }},
	{"last_name", true, func(c *contacts.Contact) string { return c.LastName }},
	{"company", true, func(c *contacts.Contact) string { return c.Company }},
	{"group", false, func(c *contacts.Contact) string { return c.Group }},
	{"team", false, func(c *contacts.Contact) string { return c.Team }},
	{"job_title", false, func(c *contacts.Contact) string { return c.JobTitle }},
	{"street", false, func(c *contacts.Contact) string { return c.Address.Street }},
	{"city", false, func(c *contacts.Contact) string { return c.Address.City }},
	{"state", false, func(c *contacts.Contact) string { return c.Address.State }},
	{"zip_code", false, func(c *contacts.Contact) string { return c.Address.ZipCode }},
}

// otherFields are the remaining built-in names, for suggestions.
var otherFields = []string{"id", "name", "level", "type", "birthdate", "language", "address", "country", "phone", "email", "social",
	"label", "verified", "created_at", "updated_at", "is", "source", "act"}

// findField resolves a name: built-in fields and their aliases first, then
// phones.KIND and the like, then custom fields.
func findField(name string, s *contacts.Schema) (field, bool) {
	if len(name) > 300 {
		return field{}, false
	}
	if source, ok := strings.CutPrefix(name, "external_ids."); ok && source != "" {
		return one(name, exactKind, false, func(c *contacts.Contact) string { return c.ExternalIDs[source] }), true
	}
	if source, ok := strings.CutPrefix(name, "external."); ok && source != "" {
		return findField("external_ids."+source, s)
	}
	lower := strings.ToLower(name)
	if full, ok := aliases[lower]; ok {
		lower = full
	}
	for _, p := range plainFields {
		if p.name == lower {
			return one(lower, textKind, p.narrow, p.of), true
		}
	}
	if f, ok := builtinField(lower); ok {
		return f, true
	}
	if kind, ok := strings.CutPrefix(lower, "phones."); ok {
		k, err := contacts.ParsePhoneKind(kind)
		return phonesField("phones."+k.String(), k), err == nil && k != 0
	}
	if kind, ok := strings.CutPrefix(lower, "emails."); ok {
		k, err := contacts.ParseEmailKind(kind)
		return emailsField("emails."+k.String(), k), err == nil && k != 0
	}
	if ch, err := contacts.ParseChannel(strings.TrimPrefix(lower, "socials.")); err == nil && ch != 0 {
		return socialField(ch.String(), ch), true
	}
	return customField(strings.TrimPrefix(lower, "custom."), s)
}

func one(name string, kind fieldKind, narrow bool, of func(c *contacts.Contact) string) field {
	return field{name: name, kind: kind, narrow: narrow, get: func(dst []string, c *contacts.Contact) []string {
		if s := of(c); s != "" {
			dst = append(dst, s)
		}
		return dst
	}}
}

func coded(name string, of func(c *contacts.Contact) string, code func(string) (string, error)) field {
	f := one(name, codeKind, false, of)
	f.code = code
	return f
}

func codeOf[T interface{ String() string }](parse func(string) (T, error)) func(string) (string, error) {
	return func(s string) (string, error) {
		v, err := parse(s)
		return v.String(), err
	}
}

func builtinField(name string) (field, bool) {
	switch name {
	case "id":
		return one(name, exactKind, false, func(c *contacts.Contact) string { return string(c.ID) }), true
	case "name":
		return field{name: name, kind: textKind, narrow: true, get: fullNames}, true
	case "level":
		return coded(name, func(c *contacts.Contact) string { return c.Level.String() }, codeOf(contacts.ParseLevel)), true
	case "type":
		return coded(name, func(c *contacts.Contact) string { return c.Type.String() }, codeOf(contacts.ParseType)), true
	case "language":
		return coded(name, func(c *contacts.Contact) string { return c.Language.Code() }, codeOf(contacts.ParseLanguage)), true
	case "country":
		return coded(name, func(c *contacts.Contact) string { return c.Address.Country.Code() }, codeOf(contacts.ParseCountry)), true
	case "is":
		return coded(name, func(c *contacts.Contact) string { return c.State.String() }, codeOf(contacts.ParseState)), true
	case "verified":
		return coded(name, verified, parseYesNo), true
	case "birthdate":
		return one(name, dateKind, false, func(c *contacts.Contact) string { return c.Birthdate.String() }), true
	case "address":
		return field{name: name, kind: textKind, get: addressParts}, true
	case "phone":
		return phonesField(name, 0), true
	case "email":
		return emailsField(name, 0), true
	case "social":
		return socialField(name, 0), true
	case "label":
		return field{name: name, kind: textKind, narrow: true,
			get: func(dst []string, c *contacts.Contact) []string { return append(dst, c.Labels...) }}, true
	case "source":
		return field{name: name, kind: textKind, get: func(dst []string, c *contacts.Contact) []string {
			return append(dst, slices.Sorted(maps.Keys(c.ExternalIDs))...)
		}}, true
	case "act":
		return field{name: name, kind: exactKind, get: func(dst []string, c *contacts.Contact) []string { return dst }}, true
	case "created_at":
		return stamped(name, func(c *contacts.Contact) time.Time { return c.CreatedAt }), true
	case "updated_at":
		return stamped(name, func(c *contacts.Contact) time.Time { return c.UpdatedAt }), true
	}
	return field{}, false
}

func stamped(name string, of func(c *contacts.Contact) time.Time) field {
	return field{name: name, kind: timeKind, stamp: of, get: func(dst []string, c *contacts.Contact) []string {
		if t := of(c); !t.IsZero() {
			dst = append(dst, t.UTC().Format("2006-01-02T15:04:05.000000Z"))
		}
		return dst
	}}
}

// fullNames appends the name in both orders.
func fullNames(dst []string, c *contacts.Contact) []string {
	switch {
	case c.FirstName == "" && c.LastName == "":
		return dst
	case c.FirstName == "" || c.LastName == "":
		return append(dst, c.FirstName+c.LastName)
	}
	return append(dst, c.FirstName+" "+c.LastName, c.LastName+" "+c.FirstName)
}

func addressParts(dst []string, c *contacts.Contact) []string {
	a := &c.Address
	for _, s := range []string{a.Street, a.City, a.State, a.ZipCode, a.Country.Name(), a.Country.Code()} {
		if s != "" {
			dst = append(dst, s)
		}
	}
	return dst
}

func verified(c *contacts.Contact) string {
	for i := range c.Phones {
		if !c.Phones[i].Verified.IsZero() {
			return "yes"
		}
	}
	for i := range c.Emails {
		if !c.Emails[i].Verified.IsZero() {
			return "yes"
		}
	}
	for i := range c.Socials {
		if !c.Socials[i].Verified.IsZero() {
			return "yes"
		}
	}
	return "no"
}

func parseYesNo(s string) (string, error) {
	switch strings.ToLower(s) {
	case "yes", "y", "true", "1", "on":
		return "yes", nil
	case "no", "n", "false", "0", "off":
		return "no", nil
	}
	return "", &contacts.ValueError{Code: "yes_no_unknown", Hint: "yes or no"}
}

func phonesField(name string, kind contacts.PhoneKind) field {
	return field{name: name, kind: phoneKind, narrow: true, get: func(dst []string, c *contacts.Contact) []string {
		for i := range c.Phones {
			if kind == 0 || c.Phones[i].Kind == kind {
				dst = append(dst, c.Phones[i].Phone.Number())
			}
		}
		return dst
	}}
}

func emailsField(name string, kind contacts.EmailKind) field {
	return field{name: name, kind: emailKind, narrow: true, get: func(dst []string, c *contacts.Contact) []string {
		for i := range c.Emails {
			if kind == 0 || c.Emails[i].Kind == kind {
				dst = append(dst, c.Emails[i].Email.Address())
				if key := c.Emails[i].Email.Key(); !sameFolded(key, c.Emails[i].Email.Address()) {
					dst = append(dst, key)
				}
			}
		}
		return dst
	}}
}

func socialField(name string, ch contacts.Channel) field {
	f := field{name: name, kind: textKind, get: func(dst []string, c *contacts.Contact) []string {
		for i := range c.Socials {
			if ch == 0 || c.Socials[i].Channel == ch {
				dst = append(dst, c.Socials[i].Key())
			}
		}
		return dst
	}}
	if ch == contacts.WhatsApp {
		f.kind, f.narrow = phoneKind, true
	}
	return f
}

func customField(key string, s *contacts.Schema) (field, bool) {
	def, ok := s.Field("custom." + key)
	if !ok {
		return field{}, false
	}
	of := func(c *contacts.Contact) string { return c.Custom[key].Text() }
	switch def.Kind {
	case contacts.NumberField:
		return one(def.Name, numberKind, false, of), true
	case contacts.DateField:
		return one(def.Name, dateKind, false, of), true
	case contacts.YesNoField:
		return coded(def.Name, of, parseYesNo), true
	}
	return field{name: def.Name, kind: textKind, get: func(dst []string, c *contacts.Contact) []string {
		return append(dst, c.Custom[key].Options()...)
	}}, true
}

// fieldNames lists all names for suggestions.
func fieldNames(s *contacts.Schema) []string {
	names := slices.Clone(otherFields)
	for _, p := range plainFields {
		names = append(names, p.name)
	}
	for ch := range contacts.Channels() {
		names = append(names, ch.String())
	}
	for _, cf := range s.Custom() {
		names = append(names, cf.Key)
	}
	return append(names, "sort")
}
