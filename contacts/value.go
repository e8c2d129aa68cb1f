package contacts

import "errors"

// ErrInvalid is what every refusal of a value or of a contact is, in the sense of errors.Is.
var ErrInvalid = errors.New("contacts: invalid")

// ValueError says why a text is not a value of the type that was asked for.
//
// It never holds the text: what somebody typed into a phone or e-mail cell is personal data,
// and errors end up in logs. Who has the row can show the cell beside the error.
type ValueError struct {
	// Code names the reason: snake_case, stable, part of the API, such as "phone_too_short".
	Code string
	// Hint tells a person how to repair the cell, in English. It is not part of the API.
	Hint string
}

// Error returns the code and the hint.
func (e *ValueError) Error() string {
	if e.Hint == "" {
		return "contacts: " + e.Code
	}
	return "contacts: " + e.Code + ": " + e.Hint
}

// Unwrap returns ErrInvalid, so that errors.Is(err, ErrInvalid) holds for every ValueError.
func (e *ValueError) Unwrap() error { return ErrInvalid }

// invalid returns a fresh ValueError; nobody can change the one somebody else got.
func invalid(code, hint string) error { return &ValueError{Code: code, Hint: hint} }

// must is the body of every MustParse: for constants and tests.
func must[T any](v T, err error) T {
	if err != nil {
		panic(err)
	}
	return v
}

// unmarshalText is the body of every UnmarshalText: an empty text is the zero value.
func unmarshalText[T any](v *T, text []byte, parse func(string) (T, error)) error {
	if len(text) == 0 {
		var zero T
		*v = zero
		return nil
	}
	parsed, err := parse(string(text))
	if err != nil {
		return err
	}
	*v = parsed
	return nil
}
