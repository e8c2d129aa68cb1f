package contacts

// textSlot tells which text of a contact a built-in text field is.
type textSlot uint8

const (
	noText textSlot = iota
	firstNameText
	lastNameText
	groupText
	teamText
	companyText
	jobTitleText
	streetText
	cityText
	stateText
	zipCodeText
)

// text points at the text of the slot; nil for noText.
func (c *Contact) text(s textSlot) *string {
	switch s {
	case firstNameText:
		return &c.FirstName
	case lastNameText:
		return &c.LastName
	case groupText:
		return &c.Group
	case teamText:
		return &c.Team
	case companyText:
		return &c.Company
	case jobTitleText:
		return &c.JobTitle
	case streetText:
		return &c.Address.Street
	case cityText:
		return &c.Address.City
	case stateText:
		return &c.Address.State
	case zipCodeText:
		return &c.Address.ZipCode
	}
	return nil
}

// textOf points at the plain text field of the given path, nil for any other.
func textOf(c *Contact, path string) *string {
	for i := range builtin {
		if builtin[i].Name == path {
			return c.text(builtin[i].slot)
		}
	}
	return nil
}
