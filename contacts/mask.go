package contacts

import "strings"

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
