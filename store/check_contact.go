package store

import "github.com/extcontacts/extcontacts/contacts"

// checkContact checks what every store must be able to keep of a contact: its
// id and that its texts are valid UTF-8 without NUL. Whether the values make
// sense is the business of contacts.Validate.
func checkContact(c *contacts.Contact) error {
	if err := checkName("contact id", string(c.ID), MaxID); err != nil {
		return err
	}
	if err := checkOptional("contact merged into", string(c.MergedInto), MaxID); err != nil {
		return err
	}
	if err := checkOptional("contact owner", string(c.Owner), MaxID); err != nil {
		return err
	}
	if err := checkShared(c.SharedWith); err != nil {
		return err
	}
	if err := checkOwnTexts(c); err != nil {
		return err
	}
	for i := range c.Phones {
		p := &c.Phones[i]
		number, raw := p.Phone.Number(), p.Phone.Raw()
		if raw == number { // most often the same text
			raw = ""
		}
		if err := checkTexts("phones", &p.Verified, number, raw); err != nil {
			return err
		}
	}
	for i := range c.Emails {
		e := &c.Emails[i]
		address, key := e.Email.Address(), e.Email.Key()
		if key == address {
			key = ""
		}
		if err := checkTexts("emails", &e.Verified, address, key); err != nil {
			return err
		}
	}
	for i := range c.Socials {
		s := &c.Socials[i]
		if err := checkTexts("socials", &s.Verified, s.Handle); err != nil {
			return err
		}
	}
	if err := checkTexts("labels", nil, c.Labels...); err != nil {
		return err
	}
	for k, v := range c.Custom {
		if err := checkTexts("custom", nil, k, v.Text()); err != nil {
			return err
		}
	}
	for k, v := range c.ExternalIDs {
		if err := checkTexts("external_ids", nil, k, v); err != nil {
			return err
		}
	}
	return nil
}

// checkOwnTexts checks the texts that each contact has once.
func checkOwnTexts(c *contacts.Contact) error {
	a := &c.Address
	for i, text := range [...]*string{&c.FirstName, &c.LastName, &c.Group, &c.Team, &c.Company, &c.JobTitle, &a.Street, &a.City, &a.State, &a.ZipCode} {
		if !isText(*text) {
			path := [...]string{"first_name", "last_name", "group", "team", "company", "job_title",
				"address.street", "address.city", "address.state", "address.zip_code"}[i]
			return checkOptional(path, *text, 0)
		}
	}
	return nil
}

func checkShared(ids []contacts.ID) error {
	for _, id := range ids {
		if err := checkName("contact shared with", string(id), MaxID); err != nil {
			return err
		}
	}
	return nil
}

func checkTexts(what string, v *contacts.Verification, texts ...string) error {
	for _, s := range texts {
		if err := checkOptional(what, s, 0); err != nil {
			return err
		}
	}
	if v == nil || v.IsZero() {
		return nil
	}
	if err := checkOptional(what, v.Method(), 0); err != nil {
		return err
	}
	return checkOptional(what, v.By(), 0)
}
