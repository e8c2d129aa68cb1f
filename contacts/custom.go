package contacts

import (
	"encoding/json"
	"net/url"
	"slices"
	"strings"
)

// Value is the value of one custom field: its kind and its canonical text.
// Values are comparable with ==; the zero Value means absent.
//
// Canonical texts: number is a plain decimal ("-12.5"), date is YYYY-MM-DD,
// yes/no is "yes" or "no", multiple choice is the options joined by "; " in
// the field's order, everything else is the text itself.
type Value struct {
	kind FieldKind
	text string
}

// MakeValue rebuilds a value from its canonical text without checking it, as
// stores do. To read what a person typed use [Field.ParseValue].
func MakeValue(kind FieldKind, text string) Value {
	if text == "" {
		return Value{}
	}
	return Value{kind, text}
}

// IsZero reports whether the value is absent.
func (v Value) IsZero() bool { return v.text == "" }

// Kind is the kind of field the value belongs to.
func (v Value) Kind() FieldKind { return v.kind }

// Text is the canonical text.
func (v Value) Text() string { return v.text }

// String is the canonical text.
func (v Value) String() string { return v.text }

// Bool is the value of a yes/no field; false for every other kind.
func (v Value) Bool() bool { return v.kind == YesNoField && v.text == "yes" }

// Date is the value of a date field; the zero Date for every other kind.
func (v Value) Date() Date {
	if v.kind != DateField {
		return Date{}
	}
	d, _ := ParseDate(v.text)
	return d
}

// Options are the chosen options of a multiple-choice field; for every other
// kind the one text.
func (v Value) Options() []string {
	if v.text == "" {
		return nil
	}
	if v.kind != ChoicesField {
		return []string{v.text}
	}
	return strings.Split(v.text, optionSep)
}

const optionSep = "; "

// MarshalJSON writes a number as a JSON number, yes/no as a boolean, multiple
// choice as an array and every other kind as a string.
func (v Value) MarshalJSON() ([]byte, error) {
	switch {
	case v.text == "":
		return []byte("null"), nil
	case v.kind == NumberField:
		return []byte(v.text), nil
	case v.kind == YesNoField:
		return json.Marshal(v.Bool())
	case v.kind == ChoicesField:
		return json.Marshal(v.Options())
	}
	return json.Marshal(v.text)
}

// ParseValue reads what a person typed into a custom field of this kind and
// returns the canonical value; blank text is the zero Value. Dates are read
// with the given format. The error is a *[ValueError]; its codes are
// number_invalid, number_too_long, yes_no_unknown, choice_unknown,
// url_invalid, text_too_long and those of [DateFormat.Parse].
func (f *Field) ParseValue(s string, dates DateFormat) (Value, error) {
	t := strings.TrimSpace(s)
	if t == "" {
		return Value{}, nil
	}
	if f.Kind != TextField && f.Kind != ChoicesField {
		s = t
	}
	switch f.Kind {
	case NumberField:
		n, err := canonicalNumber(t)
		return MakeValue(NumberField, n), err
	case DateField:
		d, err := dates.Parse(t)
		if err != nil {
			return Value{}, err
		}
		return Value{DateField, d.String()}, nil
	case YesNoField:
		switch strings.ToLower(t) {
		case "yes", "y", "true", "1", "on":
			return Value{YesNoField, "yes"}, nil
		case "no", "n", "false", "0", "off":
			return Value{YesNoField, "no"}, nil
		}
		return Value{}, &ValueError{Code: "yes_no_unknown", Hint: "yes or no"}
	case ChoiceField:
		o, ok := f.option(t)
		if !ok {
			return Value{}, f.unknownOption()
		}
		return Value{ChoiceField, o}, nil
	case ChoicesField:
		return f.parseChoices(t)
	case URLField:
		u, err := url.Parse(t)
		if err != nil || u.Host == "" || (u.Scheme != "http" && u.Scheme != "https") {
			return Value{}, &ValueError{Code: "url_invalid", Hint: "an address such as https://example.com/page"}
		}
	}
	if err := checkText(s, f.MaxLen); err != nil {
		return Value{}, err
	}
	return Value{f.Kind, s}, nil
}

func (f *Field) option(t string) (string, bool) {
	for _, o := range f.Options {
		if strings.EqualFold(o, t) {
			return o, true
		}
	}
	return "", false
}

func (f *Field) unknownOption() error {
	return &ValueError{Code: "choice_unknown", Hint: "one of " + strings.Join(f.Options, ", ")}
}

func (f *Field) parseChoices(t string) (Value, error) {
	chosen := make([]bool, len(f.Options))
	for part := range strings.SplitSeq(t, ";") {
		if part = strings.TrimSpace(part); part == "" {
			continue
		}
		o, ok := f.option(part)
		if !ok {
			return Value{}, f.unknownOption()
		}
		chosen[slices.Index(f.Options, o)] = true
	}
	var all []string
	for i, o := range f.Options {
		if chosen[i] {
			all = append(all, o)
		}
	}
	return MakeValue(ChoicesField, strings.Join(all, optionSep)), nil
}

// maxNumber bounds the digits of a number field: more than any quantity needs
// and few enough to compare as text in every store.
const maxNumber = 40

// canonicalNumber brings a plain decimal number into its shortest form. It
// takes no exponent and no digit grouping: both are ambiguous in files.
func canonicalNumber(t string) (string, error) {
	if len(t) > maxNumber {
		return "", &ValueError{Code: "number_too_long", Hint: "at most 40 characters"}
	}
	bad := &ValueError{Code: "number_invalid", Hint: "a plain decimal number such as -12.5"}
	neg := false
	switch t[0] {
	case '-':
		neg, t = true, t[1:]
	case '+':
		t = t[1:]
	}
	whole, frac, dot := strings.Cut(t, ".")
	if whole == "" && frac == "" || dot && frac == "" {
		return "", bad
	}
	for _, part := range []string{whole, frac} {
		for i := range len(part) {
			if part[i] < '0' || part[i] > '9' {
				return "", bad
			}
		}
	}
	whole, frac = strings.TrimLeft(whole, "0"), strings.TrimRight(frac, "0")
	if whole == "" {
		whole = "0"
	}
	if frac != "" {
		whole += "." + frac
	}
	if neg && whole != "0" {
		whole = "-" + whole
	}
	return whole, nil
}
