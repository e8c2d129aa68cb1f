package contacts

import (
	"slices"
	"strings"
)

// builtin is the rule table of the built-in fields, in the order of the CSV
// template and the contact format guidelines.
var builtin = []Field{
	text("first_name", "First name", 255, "The first name.", func(c *Contact) *string { return &c.FirstName },
		"Given Name", "Forename"),
	required(text("last_name", "Last name", 255, "The last name. It is mandatory; an import fills in \"customer\" where it is missing.",
		func(c *Contact) *string { return &c.LastName }, "Family Name", "Surname", "Last name (Mandatory)")),
	phone(MobilePhone, "Mobile", "Mobile Phone", "Mobile Number", "Cell", "Cell Phone", "Cellphone", "Phone", "Phone Number", "Telephone"),
	phone(WorkPhone, "Work", "Work Phone", "Business Phone", "Office Phone"),
	phone(HomePhone, "Home", "Home Phone"),
	phone(OtherPhone, "Other Phone", "Others Phone", "Other Number"),
	email(WorkEmail, "Email", "Work Email", "E-mail", "Email Address", "E-mail Address", "Business Email", "Mail"),
	email(PersonalEmail, "Personal Email", "Home Email", "Private Email"),
	email(OtherEmail, "Other Email", "Others Email"),
	social(Facebook, "Facebook", "Messenger", "Facebook Messenger"),
	social(WhatsApp, "WhatsApp"),
	social(WeChat, "WeChat"),
	social(LINE, "LINE"),
	social(Twitter, "Twitter", "X (Twitter)"),
	social(LinkedIn, "LinkedIn"),
	social(WoztellWhatsApp, "WOZTELL (WhatsApp)", "WOZTELL (Whatsapp Cloud)"),
	social(WoztellFacebook, "WOZTELL (Facebook)"),
	social(WoztellInstagram, "WOZTELL (Instagram)"),
	text("company", "Company", 255, "The company's name.", func(c *Contact) *string { return &c.Company },
		"Company Name", "Organization", "Organisation", "Organization Name"),
	text("job_title", "Job Title", 255, "The job title. Put it in double quotes where it holds a comma.",
		func(c *Contact) *string { return &c.JobTitle }, "Title", "Position", "Role"),
	text("team", "Team", 255, "The team or department.", func(c *Contact) *string { return &c.Team }, "Department"),
	{Name: "birthdate", Column: "Birthdate", Kind: DateField, Aliases: []string{"Birthday", "Birth date", "Date of Birth", "DOB"},
		Guide: "The date of birth as MM/DD/YYYY (e.g. 12/14/1980), unless the import declares another format.",
		set: func(c *Contact, f *Field, s string, o *ParseOptions) (err error) {
			c.Birthdate, err = o.Dates.Parse(s)
			return err
		},
		get: func(c *Contact, _ *Field, dst []string, dates DateFormat) []string {
			if c.Birthdate.IsZero() {
				return dst
			}
			return append(dst, dates.Format(c.Birthdate))
		}},
	{Name: "language", Column: "Language", Kind: LanguageField, Aliases: []string{"Preferred Language"},
		Guide: "The ISO 639-1 code: two lower-case letters such as en or zh.",
		set: func(c *Contact, _ *Field, s string, _ *ParseOptions) (err error) {
			c.Language, err = ParseLanguage(s)
			return err
		},
		get: func(c *Contact, _ *Field, dst []string, _ DateFormat) []string {
			return appendText(dst, c.Language.Code())
		}},
	text("address.street", "Address", 1000, "Street, house number and further lines of the address.",
		func(c *Contact) *string { return &c.Address.Street }, "Street", "Street Address", "Mailing Address"),
	text("address.city", "City", 255, "The city.", func(c *Contact) *string { return &c.Address.City }, "Town"),
	text("address.state", "State", 255, "The state, province or region.", func(c *Contact) *string { return &c.Address.State },
		"Province", "Region", "State/Province"),
	text("address.zip_code", "ZipCode", 32, "The postal code.", func(c *Contact) *string { return &c.Address.ZipCode },
		"Zip Code", "Zip", "Postal Code", "Postcode"),
	{Name: "address.country", Column: "Country", Kind: CountryField, Aliases: []string{"Country/Region", "Country Code"},
		Guide: "The country's English name, or its ISO 3166 code of two or three letters.",
		set: func(c *Contact, _ *Field, s string, _ *ParseOptions) (err error) {
			c.Address.Country, err = ParseCountry(s)
			return err
		},
		get: func(c *Contact, _ *Field, dst []string, _ DateFormat) []string {
			return appendText(dst, c.Address.Country.Code())
		}},
	{Name: "type", Column: "Type", Kind: TypeField, Aliases: []string{"Contact Type", "Customer Type"}, Default: Lead.String(), Options: typeNames,
		Guide: "Lead, Customer, Prospect or Others. Where it is left empty, Lead is set.",
		set: func(c *Contact, _ *Field, s string, _ *ParseOptions) (err error) {
			c.Type, err = ParseType(s)
			return err
		},
		get: func(c *Contact, _ *Field, dst []string, _ DateFormat) []string {
			return appendText(dst, c.Type.String())
		}},
	text("group", "Group", 255, "The group.", func(c *Contact) *string { return &c.Group }, "Contact Group"),
	{Name: "level", Column: "Level", Kind: LevelField, Aliases: []string{"Contact Level"}, Default: Primary.String(), Options: levelNames,
		Guide: "Primary, Secondary or Tertiary. Where it is left empty, Primary is set.",
		set: func(c *Contact, _ *Field, s string, _ *ParseOptions) (err error) {
			c.Level, err = ParseLevel(s)
			return err
		},
		get: func(c *Contact, _ *Field, dst []string, _ DateFormat) []string {
			return appendText(dst, c.Level.String())
		}},
	{Name: "labels", Column: "Contact Label", Kind: LabelsField, MaxLen: MaxLabel, Aliases: []string{"Labels", "Label", "Contact Labels", "Tags"},
		Guide: "Labels that help to organise the contacts, separated by a semicolon or a comma.",
		set:   setLabels,
		get: func(c *Contact, _ *Field, dst []string, _ DateFormat) []string {
			return appendText(dst, strings.Join(c.Labels, optionSep))
		}},
}

func appendText(dst []string, s string) []string {
	if s == "" {
		return dst
	}
	return append(dst, s)
}

func text(name, column string, maxLen int, guide string, target func(*Contact) *string, aliases ...string) Field {
	return Field{Name: name, Column: column, Kind: TextField, MaxLen: maxLen, Guide: guide, Aliases: aliases,
		set: setText(target), get: getText(target), target: target}
}

func required(f Field) Field {
	f.Required = true
	return f
}

func phone(kind PhoneKind, column string, aliases ...string) Field {
	return Field{Name: "phones." + kind.String(), Column: column, Kind: PhoneField, Aliases: aliases, sub: uint8(kind),
		Guide: "A phone number as +[country code][area code][number], without spaces, brackets or hyphens (e.g. +85212345678), 8 to 20 digits.",
		set: func(c *Contact, f *Field, s string, o *ParseOptions) error {
			p, err := o.ParsePhone(s)
			if err != nil {
				return err
			}
			c.Phones = append(c.Phones, ContactPhone{Kind: PhoneKind(f.sub), Phone: p})
			return nil
		},
		get: func(c *Contact, f *Field, dst []string, _ DateFormat) []string {
			for i := range c.Phones {
				if uint8(c.Phones[i].Kind) == f.sub {
					dst = append(dst, c.Phones[i].Phone.Portable())
				}
			}
			return dst
		}}
}

func email(kind EmailKind, column string, aliases ...string) Field {
	return Field{Name: "emails." + kind.String(), Column: column, Kind: EmailField, Aliases: aliases, sub: uint8(kind),
		Guide: "An email address: a prefix, the @ symbol and a domain.",
		set: func(c *Contact, f *Field, s string, _ *ParseOptions) error {
			e, err := ParseEmail(s)
			if err != nil {
				return err
			}
			c.Emails = append(c.Emails, ContactEmail{Kind: EmailKind(f.sub), Email: e})
			return nil
		},
		get: func(c *Contact, f *Field, dst []string, _ DateFormat) []string {
			for i := range c.Emails {
				if uint8(c.Emails[i].Kind) == f.sub {
					dst = append(dst, c.Emails[i].Email.Address())
				}
			}
			return dst
		}}
}

func social(ch Channel, column string, aliases ...string) Field {
	guide := "The user name or id; it is kept as a record only."
	if ch == WhatsApp {
		guide = "The WhatsApp number, in the format of phone numbers."
	}
	return Field{Name: "socials." + ch.String(), Column: column, Kind: SocialField, Aliases: aliases, sub: uint8(ch), MaxLen: 255, Guide: guide,
		set: func(c *Contact, f *Field, s string, o *ParseOptions) error {
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
		},
		get: func(c *Contact, f *Field, dst []string, _ DateFormat) []string {
			for i := range c.Socials {
				if uint8(c.Socials[i].Channel) == f.sub {
					dst = append(dst, c.Socials[i].Handle)
				}
			}
			return dst
		}}
}

func setLabels(c *Contact, f *Field, s string, _ *ParseOptions) error {
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
