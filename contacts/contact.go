package contacts

import (
	"maps"
	"slices"
	"time"
)

// ID names a contact, an act or an activity inside a workspace. It is opaque
// to the library and compared byte by byte; the empty ID means absent.
type ID string

// IsZero reports whether id is absent.
func (id ID) IsZero() bool { return id == "" }

// Contact is one person outside the organisation.
//
// It is a plain struct: change a [Contact.Clone] freely, then call
// [Contact.Normalize] to bring the lists into their canonical order. Stores
// and sessions never share memory with their callers.
//
// The lists are sets in canonical order (see Normalize): the order in which
// values were typed is not kept, the primary value always comes first.
type Contact struct {
	ID ID `json:"id"`
	// Rev counts the writes to this contact, from 1. Zero means not stored.
	Rev int64 `json:"rev"`
	// State says whether the contact is live; see [State].
	State State `json:"state,omitzero"`
	// MergedInto is the contact this one was merged into, when State is Merged.
	MergedInto ID `json:"merged_into,omitzero"`

	FirstName string   `json:"first_name,omitzero"`
	LastName  string   `json:"last_name,omitzero"`
	Group     string   `json:"group,omitzero"`
	Team      string   `json:"team,omitzero"`
	Company   string   `json:"company,omitzero"`
	JobTitle  string   `json:"job_title,omitzero"`
	Level     Level    `json:"level,omitzero"`
	Type      Type     `json:"type,omitzero"`
	Birthdate Date     `json:"birthdate,omitzero"`
	Language  Language `json:"language,omitzero"`
	Address   Address  `json:"address,omitzero"`

	Phones  []ContactPhone `json:"phones,omitempty"`
	Emails  []ContactEmail `json:"emails,omitempty"`
	Socials []Social       `json:"socials,omitempty"`
	Labels  []string       `json:"labels,omitempty"`

	// Custom holds the values of the custom fields by field key.
	Custom map[string]Value `json:"custom,omitempty"`
	// ExternalIDs holds the contact's id in other systems, by source.
	ExternalIDs map[string]string `json:"external_ids,omitempty"`

	// Owner is who the contact belongs to, and SharedWith are the others who
	// work with it, in ascending order; policies read both. They are no values
	// of the person: only a change of ownership alters them.
	Owner      ID   `json:"owner,omitzero"`
	SharedWith []ID `json:"shared_with,omitempty"`

	// CreatedAt and UpdatedAt are UTC, to the microsecond.
	CreatedAt time.Time `json:"created_at,omitzero"`
	UpdatedAt time.Time `json:"updated_at,omitzero"`
}

// State is where a contact stands in its life. The zero value is Live.
type State uint8

// The states of a contact.
const (
	Live    State = iota
	Deleted       // deleted, can be restored
	Merged        // merged into another contact, which answers for it
	Erased        // its personal data is gone for good
)

// Address is a postal address.
type Address struct {
	Street  string  `json:"street,omitzero"`
	City    string  `json:"city,omitzero"`
	State   string  `json:"state,omitzero"`
	ZipCode string  `json:"zip_code,omitzero"`
	Country Country `json:"country,omitzero"`
}

// IsZero reports whether the address is empty.
func (a Address) IsZero() bool { return a == Address{} }

// ContactPhone is one phone number of a contact.
type ContactPhone struct {
	Kind     PhoneKind
	Primary  bool
	Phone    Phone
	Verified Verification
}

// ContactEmail is one email address of a contact.
type ContactEmail struct {
	Kind     EmailKind
	Primary  bool
	Email    Email
	Verified Verification
}

// Social is one identifier of a contact in a social channel. Apart from
// WhatsApp, whose handle is a phone number, handles are record only.
type Social struct {
	Channel  Channel
	Handle   string
	Verified Verification
}

// FullName is first and last name joined by a space.
func (c *Contact) FullName() string {
	switch {
	case c.FirstName == "":
		return c.LastName
	case c.LastName == "":
		return c.FirstName
	}
	return c.FirstName + " " + c.LastName
}

// Clone returns a copy that shares no memory with c.
func (c *Contact) Clone() *Contact {
	if c == nil {
		return nil
	}
	d := *c
	d.Phones = slices.Clone(c.Phones)
	d.Emails = slices.Clone(c.Emails)
	d.Socials = slices.Clone(c.Socials)
	d.Labels = slices.Clone(c.Labels)
	d.Custom = maps.Clone(c.Custom)
	d.ExternalIDs = maps.Clone(c.ExternalIDs)
	d.SharedWith = slices.Clone(c.SharedWith)
	return &d
}

// Equal reports whether c and d hold the same values. Identity and
// bookkeeping (ID, Rev, State, MergedInto, Owner, SharedWith, CreatedAt,
// UpdatedAt) do not count.
// Both must be normalised.
func (c *Contact) Equal(d *Contact) bool {
	return c.FirstName == d.FirstName && c.LastName == d.LastName &&
		c.Level == d.Level && c.Type == d.Type && c.Group == d.Group &&
		c.Team == d.Team && c.Company == d.Company && c.JobTitle == d.JobTitle &&
		c.Birthdate == d.Birthdate && c.Language == d.Language && c.Address == d.Address &&
		slices.Equal(c.Phones, d.Phones) && slices.Equal(c.Emails, d.Emails) &&
		slices.Equal(c.Socials, d.Socials) && slices.Equal(c.Labels, d.Labels) &&
		maps.Equal(c.Custom, d.Custom) && maps.Equal(c.ExternalIDs, d.ExternalIDs)
}

// Micros brings a time into the form the library stores: UTC, cut to the
// microsecond, without a monotonic reading, so that == compares instants.
func Micros(t time.Time) time.Time {
	if t.IsZero() {
		return time.Time{}
	}
	return time.UnixMicro(t.UnixMicro()).UTC()
}
