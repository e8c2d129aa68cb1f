package contacts

import (
	"strings"
)

// Field is one row of the rule table: everything the library knows about a
// field. Validation, the CSV template, header mapping, the guideline text and
// the messages are all made from these rows, custom fields included.
type Field struct {
	// Name is the path of the field: "first_name", "address.city",
	// "phones.mobile", "socials.line", "custom.KEY".
	Name string
	// Column is the header of the field in the CSV template.
	Column string
	// Aliases are further headers that mean this field.
	Aliases []string
	Kind    FieldKind
	// MaxLen is the longest text, in code points.
	MaxLen int
	// Required fields must not be empty.
	Required bool
	// Unique custom fields hold a value at most once in the book.
	Unique bool
	// Default fills the field of a new contact where it was left empty.
	Default string
	// Options are the choices of a choice field.
	Options []string
	// Guide tells a person how to fill the field in.
	Guide string

	set     func(c *Contact, f *Field, s string, o *ParseOptions) error // of custom fields and external ids
	get     func(c *Contact, f *Field, dst []string, dates DateFormat) []string
	sub     uint8 // the kind or channel of a list field
	retired bool
	key     string   // of a custom field or the source of an external id
	slot    textSlot // of a built-in text field, noText for any other field
}

// ParseOptions says how typed text is to be read.
type ParseOptions struct {
	// Dates is the declared format of dates, never guessed.
	Dates DateFormat
	// Plan and Region give national phone numbers a meaning: a number without
	// a country code is read as one of Region (alpha-2). Without a Plan such
	// numbers are refused with the code phone_no_country_code.
	Plan   PhonePlan
	Region string
	// StrictPhones refuses numbers that the Plan calls impossible or invalid.
	StrictPhones bool
}

// IsList reports whether the field can hold several values, so that a CSV
// file may have numbered columns for it ("Mobile", "Mobile 2").
func (f *Field) IsList() bool {
	switch f.Kind {
	case PhoneField, EmailField, SocialField:
		return true
	}
	return false
}

// Get appends the field's values to dst as a CSV cell shows them: what was
// typed, or the normal form where both mean the same. A field that is not a
// list gives at most one text.
func (f *Field) Get(dst []string, c *Contact, dates DateFormat) []string {
	return f.get(c, f, dst, dates)
}

// First is Get for a field of which one value is wanted: the first one, and how many there are.
func (f *Field) First(c *Contact, dates DateFormat) (value string, n int) {
	switch {
	case f.slot != noText:
		value = *c.text(f.slot)
	case f.Kind == PhoneField:
		for i := range c.Phones {
			if uint8(c.Phones[i].Kind) == f.sub {
				if n++; n == 1 {
					value = c.Phones[i].Phone.Portable()
				}
			}
		}
		return value, n
	case f.Kind == EmailField:
		for i := range c.Emails {
			if uint8(c.Emails[i].Kind) == f.sub {
				if n++; n == 1 {
					value = c.Emails[i].Email.Address()
				}
			}
		}
		return value, n
	case f.Kind == SocialField:
		for i := range c.Socials {
			if uint8(c.Socials[i].Channel) == f.sub {
				if n++; n == 1 {
					value = c.Socials[i].Handle
				}
			}
		}
		return value, n
	case f.Kind == CountryField:
		value = c.Address.Country.Code()
	case f.Kind == LanguageField:
		value = c.Language.Code()
	case f.Kind == TypeField:
		value = c.Type.String()
	case f.Kind == LevelField:
		value = c.Level.String()
	case f.Kind == LabelsField && len(c.Labels) < 2:
		if len(c.Labels) == 1 {
			value = c.Labels[0]
		}
	default:
		var buf [1]string
		for _, v := range f.get(c, f, buf[:0], dates) {
			value = v
		}
	}
	if value != "" {
		n = 1
	}
	return value, n
}

// Key is the key of a custom field, the source of an external id, empty for
// other fields.
func (f *Field) Key() string {
	if f.key != "" {
		return f.key
	}
	for _, prefix := range []string{"custom.", "external_ids."} {
		if k, ok := strings.CutPrefix(f.Name, prefix); ok {
			return k
		}
	}
	return ""
}

// Clear empties the field in c. A verified identifier is a fact: it stays.
func (f *Field) Clear(c *Contact) {
	switch f.Kind {
	case PhoneField:
		c.Phones = filtered(c.Phones, func(p *ContactPhone) bool { return uint8(p.Kind) != f.sub || !p.Verified.IsZero() })
	case EmailField:
		c.Emails = filtered(c.Emails, func(e *ContactEmail) bool { return uint8(e.Kind) != f.sub || !e.Verified.IsZero() })
	case SocialField:
		c.Socials = filtered(c.Socials, func(s *Social) bool { return uint8(s.Channel) != f.sub || !s.Verified.IsZero() })
	case CountryField:
		c.Address.Country = Country{}
	case LanguageField:
		c.Language = Language{}
	case TypeField:
		c.Type = 0
	case LevelField:
		c.Level = 0
	case LabelsField:
		c.Labels = nil
	case ExternalIDField:
		delete(c.ExternalIDs, f.Key())
	default:
		switch {
		case strings.HasPrefix(f.Name, "custom."):
			delete(c.Custom, f.Key())
		case f.Name == "birthdate":
			c.Birthdate = Date{}
		default:
			*c.text(f.slot) = ""
		}
	}
}

func filtered[T any](list []T, keep func(*T) bool) []T {
	out := make([]T, 0, len(list))
	for i := range list {
		if keep(&list[i]) {
			out = append(out, list[i])
		}
	}
	return out
}

// ParsePhone reads a phone number with the plan where one is given.
func (o *ParseOptions) ParsePhone(s string) (Phone, error) {
	p, err := ParsePhone(s)
	if err != nil && o.Plan != nil && o.Region != "" {
		if e, ok := err.(*ValueError); ok && e.Code == "phone_no_country_code" {
			p, err = o.Plan.Parse(s, o.Region)
		}
	}
	if err == nil && o.StrictPhones && o.Plan != nil {
		if code := o.Plan.Check(p); code != "" {
			return Phone{}, &ValueError{Code: code, Hint: "the numbering plan of the country does not have this number"}
		}
	}
	return p, err
}

// Portable is the text that reads back as this phone anywhere: what was typed
// where that needs no default region, else the E.164 number.
func (p Phone) Portable() string {
	raw := p.Raw()
	if raw == p.Number() {
		return raw
	}
	if isSpacedForm(raw, p.Number()) {
		return raw
	}
	if q, err := ParsePhone(raw); err == nil && q.Number() == p.Number() {
		return raw
	}
	return p.Number()
}
