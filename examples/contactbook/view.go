package main

import (
	"cmp"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
)

// showContact prints one contact: JSON, or a sheet for people.
func (c *call) showContact(d *contacts.Contact, schema *contacts.Schema) error {
	if c.json {
		return c.line(d)
	}
	c.printf("%s", contactSheet(d, schema))
	return nil
}

// contactSheet is a contact as a person reads it.
func contactSheet(c *contacts.Contact, schema *contacts.Schema) string {
	s := sheet{wide: 14}
	name := c.FullName()
	if name == "" {
		name = "(no name)"
	}
	s.b.WriteString(plain(name) + "\n")
	s.line("  id", string(c.ID))
	if c.State != contacts.Live {
		s.line("  state", c.State.String())
	}
	s.line("  company", c.Company)
	s.line("  job title", c.JobTitle)
	s.line("  team", c.Team)
	for i := range c.Phones {
		p := &c.Phones[i]
		s.line("  phone", cmp.Or(p.Phone.Number(), p.Phone.Raw())+notes(p.Kind.String(), typedAs(p), p.Primary && len(c.Phones) > 1, p.Verified))
	}
	for i := range c.Emails {
		e := &c.Emails[i]
		s.line("  email", e.Email.Address()+notes(e.Kind.String(), "", e.Primary && len(c.Emails) > 1, e.Verified))
	}
	for i := range c.Socials {
		o := &c.Socials[i]
		s.line("  "+o.Channel.String(), o.Handle+notes("", "", false, o.Verified))
	}
	s.line("  labels", strings.Join(c.Labels, "; "))
	s.line("  type", c.Type.String())
	s.line("  level", c.Level.String())
	s.line("  group", c.Group)
	s.line("  birthdate", c.Birthdate.String())
	s.line("  language", c.Language.Name())
	s.line("  address", addressLine(c.Address))
	for _, key := range slices.Sorted(maps.Keys(c.Custom)) {
		name := key
		if f, ok := schema.Field("custom." + key); ok {
			name = f.Column
		}
		s.line("  "+plain(name), c.Custom[key].Text())
	}
	for _, source := range slices.Sorted(maps.Keys(c.ExternalIDs)) {
		s.line("  id in "+plain(source), c.ExternalIDs[source])
	}
	s.line("  created", moment(c.CreatedAt))
	if c.UpdatedAt != c.CreatedAt {
		s.line("  updated", moment(c.UpdatedAt))
	}
	s.line("  revision", grouped(int(c.Rev)))
	return s.b.String()
}

// typedAs is what was typed, where it says more than the number. A masked
// phone has no number.
func typedAs(p *contacts.ContactPhone) string {
	if p.Phone.Number() == "" || p.Phone.Raw() == p.Phone.Number() {
		return ""
	}
	return `typed "` + p.Phone.Raw() + `"`
}

// notes are the remarks behind a value, in brackets.
func notes(kind, typed string, primary bool, v contacts.Verification) string {
	var parts []string
	if kind != "" {
		parts = append(parts, strings.ToLower(kind))
	}
	if primary {
		parts = append(parts, "primary")
	}
	if !v.IsZero() {
		parts = append(parts, "verified by "+v.Method())
	}
	if typed != "" {
		parts = append(parts, typed)
	}
	if len(parts) == 0 {
		return ""
	}
	return " (" + strings.Join(parts, ", ") + ")"
}

func addressLine(a contacts.Address) string {
	var parts []string
	for _, p := range []string{a.Street, a.ZipCode, a.City, a.State, a.Country.Name()} {
		if p != "" {
			parts = append(parts, p)
		}
	}
	return strings.Join(parts, ", ")
}

func moment(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.UTC().Format("2006-01-02 15:04:05")
}

// contactTable is a table for lists of contacts.
func (c *call) contactTable(extra ...string) *table {
	return newTable(c.stdout, append([]string{"ID", "NAME", "COMPANY", "PHONE", "EMAIL", "LABELS"}, extra...)...)
}

// contactCells are the cells of a contact in it.
func contactCells(c *contacts.Contact, extra ...string) []string {
	var phone, email string
	if len(c.Phones) > 0 {
		phone = c.Phones[0].Phone.Number()
	}
	if len(c.Emails) > 0 {
		email = c.Emails[0].Email.Address()
	}
	return append([]string{string(c.ID), c.FullName(), c.Company, phone, email, strings.Join(c.Labels, "; ")}, extra...)
}
