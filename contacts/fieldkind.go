package contacts

// FieldKind is the kind of values a field holds.
type FieldKind uint8

// The kinds of custom fields.
const (
	TextField FieldKind = iota + 1
	NumberField
	DateField
	YesNoField
	ChoiceField  // one of the field's options
	ChoicesField // any of the field's options
	URLField
)

// The kinds that only built-in fields have.
const (
	PhoneField FieldKind = iota + 32
	EmailField
	SocialField
	CountryField
	LanguageField
	TypeField
	LevelField
	LabelsField
	ExternalIDField
)

// String is the kind's name, as the schema writes it: text, number, date,
// yes_no, choice, choices, url, phone, email and so on.
func (k FieldKind) String() string {
	switch k {
	case TextField:
		return "text"
	case NumberField:
		return "number"
	case DateField:
		return "date"
	case YesNoField:
		return "yes_no"
	case ChoiceField:
		return "choice"
	case ChoicesField:
		return "choices"
	case URLField:
		return "url"
	case PhoneField:
		return "phone"
	case EmailField:
		return "email"
	case SocialField:
		return "social"
	case CountryField:
		return "country"
	case LanguageField:
		return "language"
	case TypeField:
		return "type"
	case LevelField:
		return "level"
	case LabelsField:
		return "labels"
	case ExternalIDField:
		return "external_id"
	}
	return ""
}

// IsZero reports whether the kind is absent.
func (k FieldKind) IsZero() bool { return k == 0 }

// ParseFieldKind reads the name of a kind that a custom field can have. An
// unknown one is a *[ValueError] with the code field_kind_unknown.
func ParseFieldKind(s string) (FieldKind, error) {
	for k := TextField; k <= URLField; k++ {
		if k.String() == s {
			return k, nil
		}
	}
	return 0, &ValueError{Code: "field_kind_unknown", Hint: "one of text, number, date, yes_no, choice, choices, url"}
}

// MarshalText returns the kind's name.
func (k FieldKind) MarshalText() ([]byte, error) { return []byte(k.String()), nil }

// UnmarshalText reads what [ParseFieldKind] reads.
func (k *FieldKind) UnmarshalText(b []byte) (err error) {
	*k, err = ParseFieldKind(string(b))
	return err
}
