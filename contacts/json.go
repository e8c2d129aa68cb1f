package contacts

import "encoding/json"

// The JSON forms of the list elements. A contact in JSON has the shape that
// README.md documents; decoding accepts what encoding writes.

type phoneJSON struct {
	Kind     PhoneKind    `json:"kind,omitzero"`
	Number   string       `json:"number"`
	Raw      string       `json:"raw,omitzero"`
	Primary  bool         `json:"primary,omitzero"`
	Verified Verification `json:"verified,omitzero"`
}

// MarshalJSON writes {kind, number, raw, primary, verified}: number is E.164,
// raw what was typed.
func (p ContactPhone) MarshalJSON() ([]byte, error) {
	return json.Marshal(phoneJSON{p.Kind, p.Phone.Number(), p.Phone.Raw(), p.Primary, p.Verified})
}

// UnmarshalJSON reads what MarshalJSON writes; number or raw alone will do.
func (p *ContactPhone) UnmarshalJSON(b []byte) error {
	var j phoneJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	*p = ContactPhone{Kind: j.Kind, Primary: j.Primary, Verified: j.Verified}
	typed := j.Raw
	if typed == "" {
		typed = j.Number
	}
	phone, err := ParsePhone(typed)
	if j.Number != "" && (err != nil || phone.Number() != j.Number) {
		if phone, err = ParsePhone(j.Number); err == nil { // typed under a default region
			phone = MakePhone(phone.Number(), typed)
		}
	}
	p.Phone = phone
	return err
}

type emailJSON struct {
	Kind     EmailKind    `json:"kind,omitzero"`
	Address  string       `json:"address"`
	Raw      string       `json:"raw,omitzero"`
	Primary  bool         `json:"primary,omitzero"`
	Verified Verification `json:"verified,omitzero"`
}

// MarshalJSON writes {kind, address, raw, primary, verified}: address is the
// folded identity key, raw what was typed.
func (e ContactEmail) MarshalJSON() ([]byte, error) {
	return json.Marshal(emailJSON{e.Kind, e.Email.Key(), e.Email.Address(), e.Primary, e.Verified})
}

// UnmarshalJSON reads what MarshalJSON writes; address or raw alone will do.
func (e *ContactEmail) UnmarshalJSON(b []byte) (err error) {
	var j emailJSON
	if err := json.Unmarshal(b, &j); err != nil {
		return err
	}
	*e = ContactEmail{Kind: j.Kind, Primary: j.Primary, Verified: j.Verified}
	typed := j.Raw
	if typed == "" {
		typed = j.Address
	}
	e.Email, err = ParseEmail(typed)
	return err
}

type socialJSON struct {
	Channel  Channel      `json:"channel"`
	Handle   string       `json:"handle"`
	Verified Verification `json:"verified,omitzero"`
}

// MarshalJSON writes {channel, handle, verified}.
func (s Social) MarshalJSON() ([]byte, error) {
	return json.Marshal(socialJSON(s))
}

// UnmarshalJSON reads what MarshalJSON writes.
func (s *Social) UnmarshalJSON(b []byte) error {
	var j socialJSON
	err := json.Unmarshal(b, &j)
	*s = Social(j)
	return err
}

// UnmarshalJSON reads a value: a string, a number, a boolean or an array of
// strings. The kind is the one whose JSON form it has; a string is read as
// text, and [Schema.Retype] brings it to the kind of its field.
func (v *Value) UnmarshalJSON(b []byte) error {
	if len(b) > 0 && (b[0] == '-' || b[0] >= '0' && b[0] <= '9') { // its digits, not the nearest float
		n, err := canonicalNumber(string(b))
		if err != nil {
			return err
		}
		*v = Value{NumberField, n}
		return nil
	}
	var raw any
	if err := json.Unmarshal(b, &raw); err != nil {
		return err
	}
	switch t := raw.(type) {
	case nil:
		*v = Value{}
	case bool:
		*v = Value{YesNoField, "no"}
		if t {
			v.text = "yes"
		}
	case string:
		*v = MakeValue(TextField, t)
	case []any:
		text := ""
		for i, o := range t {
			s, ok := o.(string)
			if !ok {
				return &ValueError{Code: "value_invalid", Hint: "an array of texts"}
			}
			if i > 0 {
				text += optionSep
			}
			text += s
		}
		*v = MakeValue(ChoicesField, text)
	default:
		return &ValueError{Code: "value_invalid", Hint: "a text, a number, true or false, or an array of texts"}
	}
	return nil
}

// Retype brings custom values that were read from JSON to the kinds of their
// fields. Values that do not fit are left for [Validate] to report.
func (s *Schema) Retype(c *Contact) {
	for k, v := range c.Custom {
		f, ok := s.Field("custom." + k)
		if !ok || v.Kind() == f.Kind {
			continue
		}
		if w, err := f.ParseValue(v.Text(), DateYMD); err == nil {
			c.Custom[k] = w
		}
	}
}
