package contacts

import "slices"

// Set reads what a person typed into c. Surrounding white space does not
// count and blank text changes nothing. List fields add a value. The error is
// a *[ValueError].
func (f *Field) Set(c *Contact, s string, o *ParseOptions) error {
	if s == "" {
		return nil
	}
	if !isTrim(s) {
		if s = trimUnicode(s); s == "" {
			return nil
		}
	}
	if f.slot != noText {
		if err := checkText(s, f.MaxLen); err != nil {
			return err
		}
		*c.text(f.slot) = s
		return nil
	}
	if f.set != nil {
		return f.set(c, f, s, o)
	}
	switch f.Kind {
	case PhoneField:
		return setPhone(c, f, s, o)
	case EmailField:
		return setEmail(c, f, s)
	case SocialField:
		return setSocial(c, f, s, o)
	case LabelsField:
		return setLabels(c, f, s)
	}
	return setOne(c, f, s, o)
}

// setOne sets a value object of which a contact has one.
func setOne(c *Contact, f *Field, s string, o *ParseOptions) (err error) {
	switch f.Kind {
	case CountryField:
		c.Address.Country, err = ParseCountry(s)
	case LanguageField:
		c.Language, err = ParseLanguage(s)
	case DateField:
		c.Birthdate, err = o.Dates.Parse(s)
	case TypeField:
		c.Type, err = ParseType(s)
	case LevelField:
		c.Level, err = ParseLevel(s)
	}
	return err
}

func setPhone(c *Contact, f *Field, s string, o *ParseOptions) error {
	p, err := o.ParsePhone(s)
	if err != nil {
		return err
	}
	c.Phones = append(c.Phones, ContactPhone{Kind: PhoneKind(f.sub), Phone: p})
	return nil
}

func setEmail(c *Contact, f *Field, s string) error {
	e, err := ParseEmail(s)
	if err != nil {
		return err
	}
	c.Emails = append(c.Emails, ContactEmail{Kind: EmailKind(f.sub), Email: e})
	return nil
}

func setSocial(c *Contact, f *Field, s string, o *ParseOptions) error {
	ch := Channel(f.sub)
	if ch == WhatsApp {
		p, err := o.ParsePhone(s)
		if err != nil {
			return err
		}
		s = p.Portable()
	} else if err := checkText(s, f.MaxLen); err != nil {
		return err
	}
	c.Socials = append(c.Socials, Social{Channel: ch, Handle: s})
	return nil
}

func setLabels(c *Contact, f *Field, s string) error {
	for s != "" {
		end := 0
		for end < len(s) && s[end] != ';' && s[end] != ',' {
			end++
		}
		part := trimText(s[:end])
		s = s[min(end+1, len(s)):]
		if part == "" {
			continue
		}
		if err := checkText(part, f.MaxLen); err != nil {
			return err
		}
		if !slices.Contains(c.Labels, part) {
			c.Labels = append(c.Labels, part)
		}
	}
	return nil
}
