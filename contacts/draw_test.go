package contacts_test

import (
	"time"

	"pgregory.net/rapid"

	"github.com/extcontacts/extcontacts/contacts"
)

// drawText draws a text that Validate accepts, empty now and then.
func drawText(t *rapid.T, label string) string {
	return rapid.SampledFrom([]string{"", "a", "Ann", "O'Brien", "陳大文", "Müller", "x: y; z", `"quoted" <b>&`, "two\nlines\ttab", "e\u0301", "\u2028", "👩‍💻"}).Draw(t, label)
}

func drawVerification(t *rapid.T) contacts.Verification {
	if rapid.IntRange(0, 3).Draw(t, "verified") > 0 {
		return contacts.Verification{}
	}
	at := rapid.SampledFrom([]time.Time{{}, time.UnixMicro(0).UTC(), time.UnixMicro(-1).UTC(), time.Date(2026, 3, 1, 9, 0, 0, 123456000, time.UTC)}).Draw(t, "at")
	return contacts.NewVerification(rapid.SampledFrom([]string{"sms", "call"}).Draw(t, "method"), at, drawText(t, "by"))
}

// drawContact draws a normalised contact with values of every kind. Small
// ranges make two contacts share values.
func drawContact(t *rapid.T) *contacts.Contact {
	c := &contacts.Contact{
		ID:        "c1",
		Rev:       rapid.Int64Min(0).Draw(t, "rev"),
		State:     contacts.State(rapid.IntRange(0, 3).Draw(t, "state")),
		FirstName: drawText(t, "first"), LastName: drawText(t, "last"),
		Level: contacts.Level(rapid.IntRange(0, 3).Draw(t, "level")), Type: contacts.Type(rapid.IntRange(0, 4).Draw(t, "type")),
		Group: drawText(t, "group"), Team: drawText(t, "team"), Company: drawText(t, "company"), JobTitle: drawText(t, "job"),
		Address: contacts.Address{Street: drawText(t, "street"), City: drawText(t, "city"), State: drawText(t, "region"), ZipCode: drawText(t, "zip")},
	}
	if c.State == contacts.Merged {
		c.MergedInto = "c2"
	}
	dates := []contacts.Date{{}, contacts.MustParseDate("1980-02-29"), contacts.MustParseDate("--02-29"), contacts.MustParseDate("0001-01-01"), contacts.MustParseDate("9999-12-31")}
	c.Birthdate = rapid.SampledFrom(dates).Draw(t, "born")
	c.Language = rapid.SampledFrom([]contacts.Language{{}, contacts.MustParseLanguage("en"), contacts.MustParseLanguage("zh")}).Draw(t, "language")
	c.Address.Country = rapid.SampledFrom([]contacts.Country{{}, contacts.MustParseCountry("HK"), contacts.MustParseCountry("KP")}).Draw(t, "country")
	for range rapid.IntRange(0, 4).Draw(t, "phones") {
		c.Phones = append(c.Phones, drawPhone(t))
	}
	for range rapid.IntRange(0, 3).Draw(t, "emails") {
		c.Emails = append(c.Emails, contacts.ContactEmail{
			Kind:    contacts.EmailKind(rapid.IntRange(1, 3).Draw(t, "kind")),
			Email:   contacts.MustParseEmail(rapid.SampledFrom([]string{"ann@x.example", "Ann@X.example", "a@münchen.example", `"a b"@x.example`}).Draw(t, "email")),
			Primary: rapid.Bool().Draw(t, "primary"), Verified: drawVerification(t)})
	}
	for range rapid.IntRange(0, 3).Draw(t, "socials") {
		s := contacts.Social{Channel: contacts.Channel(rapid.IntRange(1, 9).Draw(t, "channel")), Verified: drawVerification(t)}
		s.Handle = rapid.SampledFrom([]string{"ann", "Ann", "@ann <x>"}).Draw(t, "handle")
		if s.Channel == contacts.WhatsApp {
			s.Handle = rapid.SampledFrom([]string{"+85291234567", "+852 9123 4567", "+85298765432"}).Draw(t, "number")
		}
		c.Socials = append(c.Socials, s)
	}
	c.Labels = rapid.SliceOfN(rapid.SampledFrom([]string{"VIP", "vip", "陳", "a b"}), 0, 4).Draw(t, "labels")
	c.Custom = map[string]contacts.Value{
		"note":  contacts.MakeValue(contacts.TextField, drawText(t, "note")),
		"size":  contacts.MakeValue(contacts.NumberField, rapid.SampledFrom([]string{"", "0", "-12.5", "123456789012345678901234567890"}).Draw(t, "number")),
		"since": contacts.MakeValue(contacts.DateField, rapid.SampledFrom([]string{"", "2020-02-29", "--12-31"}).Draw(t, "date")),
		"ok":    contacts.MakeValue(contacts.YesNoField, rapid.SampledFrom([]string{"", "yes", "no"}).Draw(t, "yes")),
		"tier":  contacts.MakeValue(contacts.ChoiceField, rapid.SampledFrom([]string{"", "gold", "silver"}).Draw(t, "choice")),
		"tags":  contacts.MakeValue(contacts.ChoicesField, rapid.SampledFrom([]string{"", "red", "red; blue"}).Draw(t, "choices")),
		"site":  contacts.MakeValue(contacts.URLField, rapid.SampledFrom([]string{"", "https://x.example/?a=b&c"}).Draw(t, "url")),
	}
	c.ExternalIDs = map[string]string{"crm": drawText(t, "crm"), "a.b c": drawText(t, "erp")}
	c.Owner = contacts.ID(rapid.SampledFrom([]string{"", "agent-1", "agent-2"}).Draw(t, "owner"))
	c.SharedWith = rapid.SliceOfN(rapid.SampledFrom([]contacts.ID{"agent-3", "agent \"4\""}), 0, 3).Draw(t, "shared")
	c.CreatedAt = rapid.SampledFrom([]time.Time{{}, time.Unix(0, 0), time.Unix(1, 999), time.Now()}).Draw(t, "created")
	return c.Normalize()
}

func drawPhone(t *rapid.T) contacts.ContactPhone {
	return contacts.ContactPhone{
		Kind:    contacts.PhoneKind(rapid.IntRange(1, 4).Draw(t, "kind")),
		Phone:   contacts.MustParsePhone(rapid.SampledFrom([]string{"+85291234567", "+852 9123 4567", "+85298765432", "0085298765432", "+44 (0)20 7946 0018"}).Draw(t, "phone")),
		Primary: rapid.Bool().Draw(t, "primary"), Verified: drawVerification(t)}
}

// drawnSchema defines the custom fields that drawContact fills in.
func drawnSchema() *contacts.Schema {
	s, err := contacts.NewSchema([]contacts.CustomField{
		{Key: "note", Name: "Note", Kind: contacts.TextField},
		{Key: "size", Name: "Size", Kind: contacts.NumberField},
		{Key: "since", Name: "Since", Kind: contacts.DateField},
		{Key: "ok", Name: "OK", Kind: contacts.YesNoField},
		{Key: "tier", Name: "Tier", Kind: contacts.ChoiceField, Options: []string{"gold", "silver"}},
		{Key: "tags", Name: "Tags", Kind: contacts.ChoicesField, Options: []string{"red", "blue"}},
		{Key: "site", Name: "Site", Kind: contacts.URLField},
	}, nil)
	if err != nil {
		panic(err)
	}
	return s
}
