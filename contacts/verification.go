package contacts

import (
	"encoding/json"
	"time"
)

// Verification is the fact that an identifier was proved to be the
// contact's: how, when and by whom. It cannot be altered; the zero value means
// not verified. No edit, import or merge changes or drops a verification.
// Verifications are == when they say the same.
type Verification struct {
	fact string // method, instant and author, as appendString and appendTime write them
}

// NewVerification makes a verification. The time is kept as [Micros] of it.
// Without a method, a time and an author it is the zero Verification.
func NewVerification(method string, at time.Time, by string) Verification {
	if at = Micros(at); method == "" && at.IsZero() && by == "" {
		return Verification{}
	}
	b := make([]byte, 0, len(method)+len(by)+14)
	return Verification{string(appendString(appendTime(appendString(b, method), at), by))}
}

// parts takes the fact apart.
func (v Verification) parts() (method string, at time.Time, by string) {
	if v.fact == "" {
		return "", time.Time{}, ""
	}
	d := decoder{s: v.fact}
	return d.string(), d.time(), d.string()
}

// IsZero reports whether the identifier is not verified.
func (v Verification) IsZero() bool { return v.fact == "" }

// Method says how the identifier was proved, such as "sms" or "call".
func (v Verification) Method() string { method, _, _ := v.parts(); return method }

// At is when it was proved, in UTC to the microsecond.
func (v Verification) At() time.Time { _, at, _ := v.parts(); return at }

// By is the actor who saw the proof.
func (v Verification) By() string { _, _, by := v.parts(); return by }

// verificationJSON is the JSON form.
type verificationJSON struct {
	Method string    `json:"method"`
	At     time.Time `json:"at,omitzero"`
	By     string    `json:"by,omitzero"`
}

// MarshalJSON writes {method, at, by}, the time in RFC 3339; what is empty is
// left out.
func (v Verification) MarshalJSON() ([]byte, error) {
	method, at, by := v.parts()
	return json.Marshal(verificationJSON{method, at, by})
}

// UnmarshalJSON reads what MarshalJSON writes.
func (v *Verification) UnmarshalJSON(b []byte) error {
	var j verificationJSON
	err := json.Unmarshal(b, &j)
	*v = NewVerification(j.Method, j.At, j.By)
	return err
}
