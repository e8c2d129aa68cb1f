package merge

import (
	"fmt"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/internal/linkage"
)

// contactTexts are the values by which a contact is compared.
func contactTexts(c *contacts.Contact) linkage.Texts {
	var m linkage.Texts
	add := func(k linkage.Kind, text string) {
		if text != "" {
			m[k] = append(m[k], text)
		}
	}
	last := c.LastName
	if strings.EqualFold(last, noName) {
		last = ""
	}
	if c.FirstName == "" || last == "" { // one field may hold the whole name
		add(linkage.KindName, c.FirstName+last)
	} else {
		add(linkage.KindGiven, c.FirstName)
		add(linkage.KindFamily, last)
	}
	add(linkage.KindCompany, c.Company)
	add(linkage.KindTitle, c.JobTitle)
	if d := c.Birthdate; !d.IsZero() {
		text := d.String()
		if !d.HasYear() {
			text = fmt.Sprintf("0000-%02d-%02d", int(d.Month()), d.Day())
		}
		add(linkage.KindDate, text)
	}
	for i := range c.Phones {
		n := c.Phones[i].Phone.Number()
		add(linkage.KindPhone, n)
		proved(add, "phone", n, c.Phones[i].Verified)
	}
	for i := range c.Emails {
		k := c.Emails[i].Email.Key()
		add(linkage.KindEmail, k)
		proved(add, "email", k, c.Emails[i].Verified)
	}
	for i := range c.Socials {
		s := &c.Socials[i]
		if s.Channel == contacts.WhatsApp {
			add(linkage.KindPhone, s.Key())
			proved(add, "phone", s.Key(), s.Verified)
		} else {
			proved(add, "social "+s.Channel.String(), s.Key(), s.Verified)
		}
	}
	for source, id := range c.ExternalIDs {
		add(linkage.KindProof, source+"\x00"+id)
	}
	add(linkage.KindStreet, c.Address.Street)
	add(linkage.KindCity, c.Address.City)
	add(linkage.KindRegion, c.Address.State)
	add(linkage.KindPostcode, c.Address.ZipCode)
	add(linkage.KindCountry, c.Address.Country.Code())
	return m
}

// noName is the last name that an import fills in where there is none.
const noName = "customer"

// proved adds a verified identifier. A person may have several, so that two
// that differ speak against nothing.
func proved(add func(linkage.Kind, string), what, key string, v contacts.Verification) {
	if !v.IsZero() && key != "" {
		add(linkage.KindProof, what+" "+key+"\x00")
	}
}

// kindsOf maps the kinds of records to those that are compared.
var kindsOf = map[Kind]linkage.Kind{
	Given: linkage.KindGiven, Family: linkage.KindFamily, Name: linkage.KindName, Email: linkage.KindEmail, Phone: linkage.KindPhone,
	Date: linkage.KindDate, Street: linkage.KindStreet, City: linkage.KindCity, Region: linkage.KindRegion, Postcode: linkage.KindPostcode,
	Country: linkage.KindCountry, Company: linkage.KindCompany, Title: linkage.KindTitle, Identifier: linkage.KindIdentifier, Text: linkage.KindText,
}

func (r *Record) texts() linkage.Texts {
	var m linkage.Texts
	for k, v := range r.Values {
		if k == Country {
			v = countryCodes(v)
		}
		if to, ok := kindsOf[k]; ok {
			m[to] = v
		}
	}
	return m
}

// countryCodes are the codes of the countries that are known by a name or
// another code; other texts stay.
func countryCodes(texts []string) []string {
	out := make([]string, len(texts))
	for i, s := range texts {
		if c, err := contacts.ParseCountry(s); err == nil && !c.IsZero() {
			s = c.Code()
		}
		out[i] = s
	}
	return out
}
