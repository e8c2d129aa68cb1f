package contacts_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/extcontacts/extcontacts/contacts"
)

// faults are the paths and codes of the faults of a contact.
func faults(c *contacts.Contact, s *contacts.Schema) []string {
	var out []string
	for _, e := range contacts.Validate(c, s) {
		out = append(out, e.Path+" "+e.Code)
	}
	return out
}

// TestTextLimits: at the limit, one below and one above, in code points, for
// every text field of the rule table.
func TestTextLimits(t *testing.T) {
	var none *contacts.Schema
	n := 0
	for f := range none.Fields() {
		if f.Kind != contacts.TextField {
			continue
		}
		n++
		for _, letter := range []string{"a", "é", "陳", "👩"} {
			for _, d := range []int{-1, 0, 1} {
				text := strings.Repeat(letter, f.MaxLen+d)
				c := &contacts.Contact{LastName: "x"}
				set := f.Set(c, text, &contacts.ParseOptions{})
				if err := contacts.Patch(c, contacts.Change{Path: f.Name, New: text}); err != nil {
					t.Fatal(err)
				}
				var want []string
				if d > 0 {
					want = []string{f.Name + " text_too_long"}
				}
				if diff := cmp.Diff(want, faults(c, nil)); diff != "" {
					t.Errorf("%s of %d %s (-want +got):\n%s", f.Name, f.MaxLen+d, letter, diff)
				}
				if (set != nil) != (d > 0) {
					t.Errorf("%s of %d %s: Set says %v", f.Name, f.MaxLen+d, letter, set)
				}
			}
		}
	}
	if n < 9 {
		t.Errorf("only %d text fields", n)
	}
}

func TestValidate(t *testing.T) {
	phones := func(n int) func(c *contacts.Contact) {
		return func(c *contacts.Contact) {
			for i := range n {
				c.Phones = append(c.Phones, contacts.ContactPhone{Kind: contacts.WorkPhone, Phone: contacts.MustParsePhone(fmt.Sprintf("+8529%07d", i))})
			}
		}
	}
	emails := func(n int) func(c *contacts.Contact) {
		return func(c *contacts.Contact) {
			for i := range n {
				c.Emails = append(c.Emails, contacts.ContactEmail{Kind: contacts.WorkEmail, Email: contacts.MustParseEmail(fmt.Sprintf("a%d@x.example", i))})
			}
		}
	}
	socials := func(n int) func(c *contacts.Contact) {
		return func(c *contacts.Contact) {
			for i := range n {
				c.Socials = append(c.Socials, contacts.Social{Channel: contacts.LINE, Handle: fmt.Sprint("a", i)})
			}
		}
	}
	labels := func(n int) func(c *contacts.Contact) {
		return func(c *contacts.Contact) {
			for i := range n {
				c.Labels = append(c.Labels, fmt.Sprintf("label %03d", i))
			}
		}
	}
	social := func(ch contacts.Channel, handle string) func(c *contacts.Contact) {
		return func(c *contacts.Contact) { c.Socials = []contacts.Social{{Channel: ch, Handle: handle}} }
	}
	custom := func(key string, v contacts.Value) func(c *contacts.Contact) {
		return func(c *contacts.Contact) { c.Custom = map[string]contacts.Value{key: v} }
	}
	external := func(source, id string) func(c *contacts.Contact) {
		return func(c *contacts.Contact) { c.ExternalIDs = map[string]string{source: id} }
	}
	for _, tt := range []struct {
		name string
		edit func(c *contacts.Contact)
		want string
	}{
		{"good", func(*contacts.Contact) {}, ""},
		{"no last name", func(c *contacts.Contact) { c.LastName = "" }, "last_name required"},
		{"blank last name", func(c *contacts.Contact) { c.LastName = " \t" }, "last_name required"},
		{"control character", func(c *contacts.Contact) { c.Company = "a\x00b" }, "company text_control_character"},
		{"delete character", func(c *contacts.Contact) { c.Company = "a\x7fb" }, "company text_control_character"},
		{"lines and tabs", func(c *contacts.Contact) { c.Company = "a\tb\r\nc" }, ""},
		{"bad UTF-8", func(c *contacts.Contact) { c.Team = "a\xc3" }, "team text_invalid_utf8"},
		{"damaged text", func(c *contacts.Contact) { c.Address.City = "Z\ufffdrich" }, "address.city text_damaged"},
		{"unknown level", func(c *contacts.Contact) { c.Level = 4 }, "level level_unknown"},
		{"unknown type", func(c *contacts.Contact) { c.Type = 5 }, "type type_unknown"},
		{"phones below the limit", phones(contacts.MaxValues - 1), ""},
		{"phones at the limit", phones(contacts.MaxValues), ""},
		{"phones over it", phones(contacts.MaxValues + 1), "phones too_many_values"},
		{"emails at the limit", emails(contacts.MaxValues), ""},
		{"emails over it", emails(contacts.MaxValues + 1), "emails too_many_values"},
		{"socials at the limit", socials(contacts.MaxValues), ""},
		{"socials over it", socials(contacts.MaxValues + 1), "socials too_many_values"},
		{"labels at the limit", labels(contacts.MaxValues), ""},
		{"labels over it", labels(contacts.MaxValues + 1), "labels too_many_values"},
		{"phone without kind", func(c *contacts.Contact) {
			c.Phones = []contacts.ContactPhone{{Phone: contacts.MustParsePhone("+85291234567")}}
		}, "phones[0] phone_kind_missing"},
		{"phone of unknown kind", func(c *contacts.Contact) {
			c.Phones = []contacts.ContactPhone{{Kind: 5, Phone: contacts.MustParsePhone("+85291234567")}}
		}, "phones[0] phone_kind_unknown"},
		{"kind without phone", func(c *contacts.Contact) { c.Phones = []contacts.ContactPhone{{Kind: contacts.WorkPhone}} }, "phones[0] value_missing"},
		{"email without kind", func(c *contacts.Contact) {
			c.Emails = []contacts.ContactEmail{{Email: contacts.MustParseEmail("a@x.example")}}
		}, "emails[0] email_kind_missing"},
		{"email of unknown kind", func(c *contacts.Contact) {
			c.Emails = []contacts.ContactEmail{{Kind: 4, Email: contacts.MustParseEmail("a@x.example")}}
		}, "emails[0] email_kind_unknown"},
		{"kind without email", func(c *contacts.Contact) { c.Emails = []contacts.ContactEmail{{Kind: contacts.WorkEmail}} }, "emails[0] value_missing"},
		{"no channel", social(0, "ann"), "socials[0] channel_missing"},
		{"unknown channel", social(10, "ann"), "socials[0] channel_unknown"},
		{"no handle", social(contacts.LINE, ""), "socials[0] value_missing"},
		{"handle at the limit", social(contacts.LINE, strings.Repeat("é", 255)), ""},
		{"handle over it", social(contacts.LINE, strings.Repeat("é", 256)), "socials[0] text_too_long"},
		{"WhatsApp number", social(contacts.WhatsApp, "+852 9123 4567"), ""},
		{"WhatsApp name", social(contacts.WhatsApp, "ann"), "socials[0] phone_bad_character"},
		{"label at the limit", func(c *contacts.Contact) { c.Labels = []string{strings.Repeat("é", contacts.MaxLabel)} }, ""},
		{"label over it", func(c *contacts.Contact) { c.Labels = []string{strings.Repeat("é", contacts.MaxLabel+1)} }, "labels[0] text_too_long"},
		{"empty label", func(c *contacts.Contact) { c.Labels = []string{""} }, "labels[0] label_invalid"},
		{"label with comma", func(c *contacts.Contact) { c.Labels = []string{"ok", "a,b"} }, "labels[1] label_invalid"},
		{"custom value", custom("tier", contacts.MakeValue(contacts.ChoiceField, "gold")), ""},
		{"unknown field", custom("none", contacts.MakeValue(contacts.TextField, "x")), "custom.none custom_unknown"},
		{"other kind", custom("tier", contacts.MakeValue(contacts.TextField, "gold")), "custom.tier custom_kind_mismatch"},
		{"unknown option", custom("tier", contacts.MakeValue(contacts.ChoiceField, "bronze")), "custom.tier choice_unknown"},
		{"option in another case", custom("tier", contacts.MakeValue(contacts.ChoiceField, "GOLD")), "custom.tier custom_not_canonical"},
		{"number that is none", custom("size", contacts.MakeValue(contacts.NumberField, "x")), "custom.size number_invalid"},
		{"date that is none", custom("since", contacts.MakeValue(contacts.DateField, "2021-02-29")), "custom.since date_impossible"},
		{"source", external(strings.Repeat("é", 64), strings.Repeat("é", 255)), ""},
		{"long source", external(strings.Repeat("s", 65), "1"), "external_ids." + strings.Repeat("s", 65) + " text_too_long"},
		{"blank source", external("", "1"), "external_ids. source_invalid"},
		{"source with a line end", external("a\nb", "1"), "external_ids.a\nb source_invalid"},
		{"long external id", external("crm", strings.Repeat("é", 256)), "external_ids.crm text_too_long"},
	} {
		c := &contacts.Contact{LastName: "Lee"}
		tt.edit(c)
		want := []string{tt.want}
		if tt.want == "" {
			want = nil
		}
		if d := cmp.Diff(want, faults(c, drawnSchema())); d != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, d)
		}
	}
}

// All faults come at once, in field order, and every time the same.
func TestValidateAllFaults(t *testing.T) {
	schema, err := contacts.NewSchema([]contacts.CustomField{
		{Key: "b", Name: "B", Kind: contacts.NumberField, Required: true},
		{Key: "a", Name: "A", Kind: contacts.TextField, Required: true, MaxLen: 3},
	}, nil)
	if err != nil {
		t.Fatal(err)
	}
	c := &contacts.Contact{
		FirstName: "\x00", Company: strings.Repeat("x", 256), Address: contacts.Address{City: "\xff"},
		Phones: []contacts.ContactPhone{{}}, Emails: []contacts.ContactEmail{{}}, Socials: []contacts.Social{{}},
		Labels: []string{";"}, Custom: map[string]contacts.Value{"a": contacts.MakeValue(contacts.TextField, "four")},
		ExternalIDs: map[string]string{"": "x", "z": "\x01", "y": "\x01"},
	}
	for i := range 5 {
		c.Custom[fmt.Sprint("u", i)] = contacts.MakeValue(contacts.TextField, "secret value")
	}
	want := []string{
		"first_name text_control_character", "last_name required",
		"phones[0] phone_kind_missing", "emails[0] email_kind_missing", "socials[0] channel_missing",
		"company text_too_long", "address.city text_invalid_utf8", "labels[0] label_invalid",
		"custom.b required", "custom.a text_too_long",
		"custom.u0 custom_unknown", "custom.u1 custom_unknown", "custom.u2 custom_unknown", "custom.u3 custom_unknown", "custom.u4 custom_unknown",
		"external_ids. source_invalid", "external_ids.y text_control_character", "external_ids.z text_control_character",
	}
	before := c.Clone()
	for range 20 {
		if d := cmp.Diff(want, faults(c, schema)); d != "" {
			t.Fatalf("(-want +got):\n%s", d)
		}
	}
	if !c.Equal(before) {
		t.Error("Validate altered the contact")
	}
	errs := contacts.Validate(c, schema)
	var fe *contacts.FieldError
	if !errors.Is(errs.Err(), contacts.ErrInvalid) || !errors.As(errs.Err(), &fe) || fe.Path != "first_name" {
		t.Errorf("as an error: %v", errs.Err())
	}
	if s := errs.Error(); strings.Contains(s, "secret") || !strings.Contains(s, "custom.a: text_too_long") {
		t.Errorf("message: %s", s)
	}
	if contacts.FieldErrors(nil).Err() != nil {
		t.Error("no faults are an error")
	}
	if s := fe.Error(); !strings.HasPrefix(s, "contacts: first_name: text_control_character (") {
		t.Errorf("message: %s", s)
	}
}

// What the library itself makes is valid but for what is missing.
func TestValidateDrawn(t *testing.T) {
	schema := drawnSchema()
	rapid.Check(t, func(t *rapid.T) {
		c := drawContact(t)
		c.LastName = "Lee"
		if got := faults(c, schema); len(got) > 0 {
			t.Fatalf("faults %v of %+v", got, c)
		}
	})
}

func ExampleValidate() {
	c := &contacts.Contact{FirstName: "Ann", Labels: []string{"a;b"}}
	for _, fault := range contacts.Validate(c, nil) {
		fmt.Println(fault.Path, fault.Code)
	}
	// Output:
	// last_name required
	// labels[0] label_invalid
}
