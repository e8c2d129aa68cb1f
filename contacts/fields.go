package contacts

import "strings"

// builtin is the rule table of the built-in fields, in the order of the CSV
// template and the contact format guidelines.
var builtin = []Field{
	text("first_name", "First name", 255, "The first name.", firstNameText,
		"Given Name", "Forename"),
	required(text("last_name", "Last name", 255, "The last name. It is mandatory; an import fills in \"customer\" where it is missing.",
		lastNameText, "Family Name", "Surname", "Last name (Mandatory)")),
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
	text("company", "Company", 255, "The company's name.", companyText,
		"Company Name", "Organization", "Organisation", "Organization Name"),
	text("job_title", "Job Title", 255, "The job title. Put it in double quotes where it holds a comma.",
		jobTitleText, "Title", "Position", "Role"),
	text("team", "Team", 255, "The team or department.", teamText, "Department"),
	{Name: "birthdate", Column: "Birthdate", Kind: DateField, Aliases: []string{"Birthday", "Birth date", "Date of Birth", "DOB"},
		Guide: "The date of birth as MM/DD/YYYY (e.g. 12/14/1980), unless the import declares another format.",
		get: func(c *Contact, _ *Field, dst []string, dates DateFormat) []string {
			if c.Birthdate.IsZero() {
				return dst
			}
			return append(dst, dates.Format(c.Birthdate))
		}},
	{Name: "language", Column: "Language", Kind: LanguageField, Aliases: []string{"Preferred Language"},
		Guide: "The ISO 639-1 code: two lower-case letters such as en or zh.",
		get: func(c *Contact, _ *Field, dst []string, _ DateFormat) []string {
			return appendText(dst, c.Language.Code())
		}},
	text("address.street", "Address", 1000, "Street, house number and further lines of the address.",
		streetText, "Street", "Street Address", "Mailing Address"),
	text("address.city", "City", 255, "The city.", cityText, "Town"),
	text("address.state", "State", 255, "The state, province or region.", stateText,
		"Province", "Region", "State/Province"),
	text("address.zip_code", "ZipCode", 32, "The postal code.", zipCodeText,
		"Zip Code", "Zip", "Postal Code", "Postcode"),
	{Name: "address.country", Column: "Country", Kind: CountryField, Aliases: []string{"Country/Region", "Country Code"},
		Guide: "The country's English name, or its ISO 3166 code of two or three letters.",
		get: func(c *Contact, _ *Field, dst []string, _ DateFormat) []string {
			return appendText(dst, c.Address.Country.Code())
		}},
	{Name: "type", Column: "Type", Kind: TypeField, Aliases: []string{"Contact Type", "Customer Type"}, Default: Lead.String(), Options: typeNames,
		Guide: "Lead, Customer, Prospect or Others. Where it is left empty, Lead is set.",
		get: func(c *Contact, _ *Field, dst []string, _ DateFormat) []string {
			return appendText(dst, c.Type.String())
		}},
	text("group", "Group", 255, "The group.", groupText, "Contact Group"),
	{Name: "level", Column: "Level", Kind: LevelField, Aliases: []string{"Contact Level"}, Default: Primary.String(), Options: levelNames,
		Guide: "Primary, Secondary or Tertiary. Where it is left empty, Primary is set.",
		get: func(c *Contact, _ *Field, dst []string, _ DateFormat) []string {
			return appendText(dst, c.Level.String())
		}},
	{Name: "labels", Column: "Contact Label", Kind: LabelsField, MaxLen: MaxLabel, Aliases: []string{"Labels", "Label", "Contact Labels", "Tags"},
		Guide: "Labels that help to organise the contacts, separated by a semicolon or a comma.",
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

func text(name, column string, maxLen int, guide string, slot textSlot, aliases ...string) Field {
	return Field{Name: name, Column: column, Kind: TextField, MaxLen: maxLen, Guide: guide, Aliases: aliases, slot: slot,
		get: func(c *Contact, f *Field, dst []string, _ DateFormat) []string {
			return appendText(dst, *c.text(f.slot))
		}}
}

func required(f Field) Field {
	f.Required = true
	return f
}

func phone(kind PhoneKind, column string, aliases ...string) Field {
	return Field{Name: "phones." + kind.String(), Column: column, Kind: PhoneField, Aliases: aliases, sub: uint8(kind),
		Guide: "A phone number as +[country code][area code][number], without spaces, brackets or hyphens (e.g. +85212345678), 8 to 20 digits.",
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
		get: func(c *Contact, f *Field, dst []string, _ DateFormat) []string {
			for i := range c.Socials {
				if uint8(c.Socials[i].Channel) == f.sub {
					dst = append(dst, c.Socials[i].Handle)
				}
			}
			return dst
		}}
}
