package contacts

import (
	"slices"
	"strings"

	"github.com/extcontacts/extcontacts/internal/fold"
)

// Key is an identity key: a normalised identifier under which a contact can
// be found. Look-up of an incoming enquiry, import matching, duplicate
// suggestions and uniqueness all use these keys, on every store.
type Key struct {
	Kind  KeyKind `json:"kind"`
	Value string  `json:"value"`
}

// KeyKind says what a [Key] is made of.
type KeyKind string

// The kinds of identity keys. Two further families carry a name after the
// colon: see [ExternalKey] and [CustomKey].
const (
	PhoneKey    KeyKind = "phone"    // E.164 number
	EmailKey    KeyKind = "email"    // folded address, [Email.Key]
	WhatsAppKey KeyKind = "whatsapp" // E.164 number
	// MergedKey is the key of a contact that was merged away: its value is the
	// id of the contact it was merged into.
	MergedKey KeyKind = "merged"
	// NameKey is the key of a contact without any identifier: its folded full
	// name and company. It lets an import find the person it created before.
	NameKey KeyKind = "name"
)

// ExternalKey is the kind of key made from the contact's id in the source.
func ExternalKey(source string) KeyKind { return KeyKind("external:" + source) }

// CustomKey is the kind of key made from a custom field that is unique.
func CustomKey(field string) KeyKind { return KeyKind("custom:" + field) }

// Source returns the name after the colon in an external or custom kind.
func (k KeyKind) Source() string {
	_, name, _ := strings.Cut(string(k), ":")
	return name
}

// ParseKey reads an identifier that somebody typed into the key of that kind:
// a phone or WhatsApp number with o (nil for the zero options), an email
// address; ids of other systems and values of custom fields are taken as they
// are. The error is a
// *[ValueError] of the identifier's own Parse function, or has the code
// key_kind_unknown.
func ParseKey(kind KeyKind, text string, o *ParseOptions) (Key, error) {
	if o == nil {
		o = new(ParseOptions)
	}
	switch {
	case kind == PhoneKey || kind == WhatsAppKey:
		p, err := o.ParsePhone(text)
		return Key{kind, p.Number()}, err
	case kind == EmailKey:
		e, err := ParseEmail(text)
		return Key{kind, e.Key()}, err
	case (Key{Kind: kind}).IsExternal() || (Key{Kind: kind}).IsCustom():
		if text == "" {
			return Key{}, &ValueError{Code: "key_empty", Hint: "an identifier"}
		}
		return Key{kind, text}, nil
	}
	return Key{}, &ValueError{Code: "key_kind_unknown", Hint: "phone, email, whatsapp, external:SOURCE or custom:KEY"}
}

// IsExternal reports whether the key is an id in another system.
func (k Key) IsExternal() bool { return strings.HasPrefix(string(k.Kind), "external:") }

// IsCustom reports whether the key is the value of a unique custom field.
func (k Key) IsCustom() bool { return strings.HasPrefix(string(k.Kind), "custom:") }

// Keys appends the identity keys of c to dst and returns it: each key once, in
// a fixed order. Only a live contact answers to its identifiers; a merged one
// has just the key that points at its survivor; a deleted or erased one has
// none. Custom fields count when uniqueFields names them. A contact with no
// identifier at all answers to its name and company.
func Keys(dst []Key, c *Contact, uniqueFields ...string) []Key {
	switch c.State {
	case Merged:
		return append(dst, Key{MergedKey, string(c.MergedInto)})
	case Deleted, Erased:
		return dst
	}
	if n := len(c.Phones) + len(c.Emails) + len(c.ExternalIDs); n > 0 {
		dst = slices.Grow(dst, n)
	}
	start := len(dst)
	add := func(kind KeyKind, value string) {
		if value == "" {
			return
		}
		k := Key{kind, value}
		for _, have := range dst[start:] {
			if have == k {
				return
			}
		}
		dst = append(dst, k)
	}
	for i := range c.Phones {
		add(PhoneKey, c.Phones[i].Phone.Number())
	}
	for i := range c.Emails {
		add(EmailKey, c.Emails[i].Email.Key())
	}
	for i := range c.Socials {
		if c.Socials[i].Channel == WhatsApp {
			add(WhatsAppKey, c.Socials[i].Key())
		}
	}
	for _, source := range sortedKeys(c.ExternalIDs) {
		add(ExternalKey(source), c.ExternalIDs[source])
	}
	if len(dst) == start {
		add(NameKey, personKey(c))
	}
	for _, field := range uniqueFields {
		if v, ok := c.Custom[field]; ok {
			add(CustomKey(field), v.Text())
		}
	}
	return dst
}

// personKey folds first and last name and company into one text.
func personKey(c *Contact) string {
	if c.FirstName == "" && c.LastName == "" && c.Company == "" {
		return ""
	}
	return fold.String(c.FirstName+" "+c.LastName) + "\n" + fold.String(c.Company)
}

// Key is what identifies the handle inside its channel: the E.164 number for
// WhatsApp, the handle itself elsewhere.
func (s Social) Key() string {
	if s.Channel == WhatsApp {
		if p, err := ParsePhone(s.Handle); err == nil {
			return p.Number()
		}
	}
	return s.Handle
}
