package contacts

import "strings"

// FieldError says what is wrong with one value: where, by which rule, and how
// it could be mended. Code is part of the API; Hint is for people and may
// change. Error never contains the value, which is personal data: who may see
// it reads Value.
type FieldError struct {
	// Path names the field, as [Change.Path] does; for an element of a list
	// the list's name and the element's index, such as "phones[1]".
	Path string
	// Code names the rule that was broken, such as "phone_too_short".
	Code string
	// Value is the offending text, as far as there is one.
	Value string
	// Hint says what would be accepted.
	Hint string
}

// Error names the path and the code.
func (e *FieldError) Error() string {
	s := "contacts: " + e.Path + ": " + e.Code
	if e.Hint != "" {
		s += " (" + e.Hint + ")"
	}
	return s
}

// Is makes errors.Is(err, ErrInvalid) true.
func (e *FieldError) Is(target error) bool { return target == ErrInvalid }

// FieldErrors are all the faults of one contact, in field order. It is an
// error that errors.Is(err, ErrInvalid) recognises; errors.As finds the first
// *FieldError in it.
type FieldErrors []*FieldError

// Error names every path and code.
func (es FieldErrors) Error() string {
	parts := make([]string, len(es))
	for i, e := range es {
		parts[i] = e.Path + ": " + e.Code
	}
	return "contacts: " + strings.Join(parts, "; ")
}

// Unwrap returns the single faults.
func (es FieldErrors) Unwrap() []error {
	out := make([]error, len(es))
	for i, e := range es {
		out[i] = e
	}
	return out
}

// Err returns es as an error, nil where there is no fault.
func (es FieldErrors) Err() error {
	if len(es) == 0 {
		return nil
	}
	return es
}

// fault makes a FieldError of the error of a Parse function.
func fault(path, value string, err error) *FieldError {
	if v, ok := err.(*ValueError); ok {
		return &FieldError{Path: path, Code: v.Code, Value: value, Hint: v.Hint}
	}
	return &FieldError{Path: path, Code: "invalid", Value: value}
}
