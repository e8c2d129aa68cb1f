package contacts

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Mask is a set of fields whose values somebody may not read.
type Mask uint8

// The fields that can be masked. Phones include the WhatsApp numbers among the
// social ids.
const (
	MaskPhones Mask = 1 << iota
	MaskEmails
	MaskSocials
)

// MaskText stands where a masked value is.
const MaskText = "***"

// Masker is a [Policy] that hides the values of some fields from some actors.
// What an actor may not read it can neither search, sort by, match, look up,
// export nor write: a masked field is no oracle. Like Decide, Mask must be a
// pure function.
type Masker interface {
	Policy
	Mask(a Actor) Mask
}

// Fields are the names of the masked fields: phones, emails, socials.
func (m Mask) Fields() []string {
	var out []string
	for i, name := range [...]string{"phones", "emails", "socials"} {
		if m&(1<<i) != 0 {
			out = append(out, name)
		}
	}
	return out
}

// Hides reports whether the values at a path of the change log are masked.
// text is one of them: among the socials WhatsApp numbers count as phones.
func (m Mask) Hides(path, text string) bool {
	switch path {
	case "phones", "primary_phone":
		return m&MaskPhones != 0
	case "emails", "primary_email":
		return m&MaskEmails != 0
	case "socials":
		if m&MaskPhones != 0 && strings.Contains(strings.ToLower(text), "whatsapp") {
			return true
		}
		return m&MaskSocials != 0
	}
	return false
}

// HidesKey reports whether identity keys of a kind are made of masked values.
func (m Mask) HidesKey(k KeyKind) bool {
	switch k {
	case PhoneKey, WhatsAppKey:
		return m&MaskPhones != 0
	case EmailKey:
		return m&MaskEmails != 0
	}
	return false
}

// HidesField reports whether a field is masked: one of the rule table, such as
// "phones.work" or "primary_email", or as queries name it, such as "phone".
func (m Mask) HidesField(name string) bool {
	family, kind, _ := strings.Cut(name, ".")
	switch family {
	case "phone", "phones", "primary_phone":
		return m&MaskPhones != 0
	case "email", "emails", "primary_email":
		return m&MaskEmails != 0
	case "social", "socials":
		if kind == "" {
			return m&(MaskSocials|MaskPhones) != 0
		}
		return m.HidesField(kind)
	}
	ch, err := ParseChannel(family)
	if err != nil || ch == 0 {
		return false
	}
	return m.hidesChannel(ch)
}

func (m Mask) hidesChannel(ch Channel) bool {
	if ch == WhatsApp || ch == WoztellWhatsApp {
		return m&(MaskPhones|MaskSocials) != 0
	}
	return m&MaskSocials != 0
}

// Apply returns the contact as somebody sees it from whom m hides something: a
// copy in which [MaskText] stands for each masked value. Kind, primary mark and
// verification stay. A contact without masked values is returned as it is.
func (m Mask) Apply(c *Contact) *Contact {
	if c == nil || m == 0 {
		return c
	}
	d := c
	own := func() {
		if d == c {
			d = c.Clone()
		}
	}
	if m&MaskPhones != 0 && len(c.Phones) > 0 {
		own()
		for i := range d.Phones {
			d.Phones[i].Phone = MakePhone("", MaskText)
		}
	}
	if m&MaskEmails != 0 && len(c.Emails) > 0 {
		own()
		for i := range d.Emails {
			d.Emails[i].Email = MakeEmail(MaskText, "")
		}
	}
	for i := range c.Socials {
		if m.hidesChannel(c.Socials[i].Channel) {
			own()
			d.Socials[i].Handle = MaskText
		}
	}
	return d
}

// Restore brings the masked values of old back into c, which somebody edited
// who saw them masked. It is false where c has anything else in place of a
// masked value: what may not be read may not be written.
func (m Mask) Restore(c, old *Contact) bool {
	if m == 0 {
		return true
	}
	shown := m.Apply(old)
	if m&MaskPhones != 0 {
		if !slices.Equal(c.Phones, shown.Phones) {
			return false
		}
		c.Phones = slices.Clone(old.Phones)
	}
	if m&MaskEmails != 0 {
		if !slices.Equal(c.Emails, shown.Emails) {
			return false
		}
		c.Emails = slices.Clone(old.Emails)
	}
	hidden := func(s Social) bool { return m.hidesChannel(s.Channel) }
	only := func(list []Social, keep func(Social) bool) []Social {
		return slices.DeleteFunc(slices.Clone(list), func(s Social) bool { return !keep(s) })
	}
	if !slices.Equal(only(c.Socials, hidden), only(shown.Socials, hidden)) {
		return false
	}
	c.Socials = append(only(c.Socials, func(s Social) bool { return !hidden(s) }), only(old.Socials, hidden)...)
	return true
}

// Writes reports whether the contact has values of masked fields.
func (m Mask) Writes(c *Contact) bool {
	return m&MaskPhones != 0 && len(c.Phones) > 0 || m&MaskEmails != 0 && len(c.Emails) > 0 ||
		m != 0 && slices.ContainsFunc(c.Socials, func(s Social) bool { return m.hidesChannel(s.Channel) })
}

// Strip returns the contact without its masked values, as what compares
// contacts must see it: a copy, or c where nothing is masked.
func (m Mask) Strip(c *Contact) *Contact {
	if c == nil || !m.Writes(c) {
		return c
	}
	d := c.Clone()
	if m&MaskPhones != 0 {
		d.Phones = nil
	}
	if m&MaskEmails != 0 {
		d.Emails = nil
	}
	d.Socials = slices.DeleteFunc(d.Socials, func(s Social) bool { return m.hidesChannel(s.Channel) })
	return d
}

// Text masks what looks like a masked value in a free text, such as a note: for
// phones runs of seven digits or more, whatever stands between them of space,
// hyphen, dot, slash and brackets; for emails words with an @.
func (m Mask) Text(s string) string {
	if m&MaskPhones != 0 {
		s = maskNumbers(s)
	}
	if m&MaskEmails != 0 && strings.Contains(s, "@") {
		words := strings.Split(s, " ")
		for i, w := range words {
			if strings.Contains(w, "@") {
				words[i] = MaskText
			}
		}
		s = strings.Join(words, " ")
	}
	return s
}

// fewestDigits is how many digits make a number that is masked.
const fewestDigits = 7

func maskNumbers(s string) string {
	var b strings.Builder
	digits, start, end := 0, 0, 0 // of the run, which ends behind its last digit
	flush := func(to int) {
		if digits >= fewestDigits {
			b.WriteString(MaskText)
		} else {
			b.WriteString(s[start:end])
		}
		b.WriteString(s[end:to])
		digits, start, end = 0, to, to
	}
	for i, n := 0, 0; i < len(s); i += n {
		var r rune
		r, n = utf8.DecodeRuneInString(s[i:])
		switch {
		case unicode.IsDigit(r):
			digits++
			end = i + n
		case digits > 0 && (strings.ContainsRune(" -.()/+", r) || r == '\u00a0'):
		default:
			flush(i)
			b.WriteString(s[i : i+n])
			start, end = i+n, i+n
		}
	}
	flush(len(s))
	return b.String()
}
