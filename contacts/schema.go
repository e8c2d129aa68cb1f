package contacts

import (
	"errors"
	"fmt"
	"iter"
	"slices"
	"strings"
)

// Limits of a schema and of a contact. Each is far above what people need and
// low enough that a single contact stays a small row in every store.
const (
	// MaxCustomFields is the number of custom fields a workspace can have.
	MaxCustomFields = 200
	// MaxLabels is the number of labels a workspace can have.
	MaxLabels = 10_000
	// MaxValues is the number of values each list of a contact can hold.
	MaxValues = 100
	// MaxLabel is the length of a label or field name in code points.
	MaxLabel = 100
	// MaxOptions is the number of options of a choice field.
	MaxOptions = 200
	// MaxText is the default and greatest length of a custom text in code points.
	MaxText = 10_000
)

// CustomField defines one custom field of a workspace.
type CustomField struct {
	// Key identifies the field for ever: lower-case letters, digits and "_",
	// starting with a letter, at most 64 bytes.
	Key string `json:"key"`
	// Name is the header of the field's CSV column and its label in forms.
	Name string    `json:"name"`
	Kind FieldKind `json:"kind"`
	// Required contacts must have a value.
	Required bool `json:"required,omitzero"`
	// Unique values occur once in the workspace.
	Unique bool `json:"unique,omitzero"`
	// Options are the choices, for the kinds choice and choices.
	Options []string `json:"options,omitempty"`
	// MaxLen is the longest text in code points; zero means [MaxText].
	MaxLen int `json:"max_len,omitzero"`
	// Default is set on new contacts that leave the field empty.
	Default string `json:"default,omitzero"`
	// Aliases are further CSV headers that mean this field.
	Aliases []string `json:"aliases,omitempty"`
	// Retired fields are in no form, template or file any more and nobody must
	// fill them in. Their values stay on the contacts.
	Retired bool `json:"retired,omitzero"`
}

// Label organises contacts. Names are unique, whatever their case.
type Label struct {
	Name string `json:"name"`
	// Colour is "#rrggbb", or empty.
	Colour string `json:"colour,omitzero"`
}

// Schema is what a workspace adds to the built-in fields: its custom fields
// and labels. A Schema is immutable; the zero value has neither.
type Schema struct {
	custom []CustomField
	labels []Label
	fields []Field
	byName map[string]int
	label  map[string]string // folded name -> name
	unique []string
}

// NewSchema checks the definitions and builds a schema. Errors wrap
// [ErrInvalid] and name the field or label by its place, such as
// "custom[2]".
func NewSchema(custom []CustomField, labels []Label) (*Schema, error) {
	if len(custom) > MaxCustomFields {
		return nil, &FieldError{Path: "custom", Code: "too_many_fields", Hint: fmt.Sprintf("at most %d", MaxCustomFields)}
	}
	if len(labels) > MaxLabels {
		return nil, &FieldError{Path: "labels", Code: "too_many_labels", Hint: fmt.Sprintf("at most %d", MaxLabels)}
	}
	s := &Schema{
		fields: slices.Clone(builtin),
		byName: make(map[string]int, len(builtin)+len(custom)),
		label:  make(map[string]string, len(labels)),
	}
	for i := range s.fields {
		s.byName[s.fields[i].Name] = i
	}
	var errs []error
	for i, cf := range custom {
		f, err := cf.field()
		if err == nil {
			if _, taken := s.byName[f.Name]; taken {
				err = &ValueError{Code: "field_key_taken", Hint: "another custom field has this key"}
			}
		}
		if err != nil {
			errs = append(errs, fault(fmt.Sprintf("custom[%d]", i), cf.Key, err))
			continue
		}
		s.byName[f.Name] = len(s.fields)
		s.fields = append(s.fields, f)
		cf.Options, cf.Aliases = slices.Clone(cf.Options), slices.Clone(cf.Aliases)
		s.custom = append(s.custom, cf)
		if cf.Unique {
			s.unique = append(s.unique, cf.Key)
		}
	}
	slices.Sort(s.unique)
	for i, l := range labels {
		err := l.check()
		if err == nil {
			if _, taken := s.label[strings.ToLower(l.Name)]; taken {
				err = &ValueError{Code: "label_taken", Hint: "another label has this name"}
			}
		}
		if err != nil {
			errs = append(errs, fault(fmt.Sprintf("labels[%d]", i), l.Name, err))
			continue
		}
		s.label[strings.ToLower(l.Name)] = l.Name
		s.labels = append(s.labels, l)
	}
	return s, errors.Join(errs...)
}

// CheckColumns refuses a custom field of which the name or an alias is the
// header of another column already, that of a built-in field or of another
// field in all: a file could not tell the two apart. A further name of a
// built-in field may be taken. The code is field_name_taken. A
// schema that has such a field is valid nevertheless.
func (cf *CustomField) CheckColumns(all []CustomField) error {
	taken := map[string]bool{}
	claim := func(names ...string) {
		for _, name := range names {
			taken[foldColumn(name)] = true
		}
	}
	for i := range builtin {
		claim(builtin[i].Name, builtin[i].Column)
	}
	for i := range all {
		if all[i].Key != cf.Key && !all[i].Retired {
			claim(all[i].Name)
			claim(all[i].Aliases...)
		}
	}
	for _, name := range append([]string{cf.Name}, cf.Aliases...) {
		if taken[foldColumn(name)] && !cf.Retired {
			return &FieldError{Path: "custom." + cf.Key, Code: "field_name_taken", Value: name, Hint: "another field has this name as the header of its column"}
		}
	}
	return nil
}

// foldColumn is what two spellings of a header have in common.
func foldColumn(name string) string { return strings.ToLower(strings.Join(strings.Fields(name), " ")) }

// Fields yields the rule table: the built-in fields in template order, then
// the custom ones that are not retired. What it yields is the caller's.
func (s *Schema) Fields() iter.Seq[*Field] {
	return func(yield func(*Field) bool) {
		table := s.table()
		for i := range table {
			if table[i].retired {
				continue
			}
			if !yield(table[i].clone()) {
				return
			}
		}
	}
}

// clone returns a copy that shares no memory with f.
func (f *Field) clone() *Field {
	c := *f
	c.Options, c.Aliases = slices.Clone(f.Options), slices.Clone(f.Aliases)
	return &c
}

func (s *Schema) table() []Field {
	if s == nil || s.fields == nil {
		return builtin
	}
	return s.fields
}

// Field finds a field by its name, retired ones too. What it returns is the
// caller's.
func (s *Schema) Field(name string) (*Field, bool) {
	table := s.table()
	if s != nil && s.byName != nil {
		i, ok := s.byName[name]
		if !ok {
			return nil, false
		}
		return table[i].clone(), true
	}
	for i := range table {
		if table[i].Name == name {
			return table[i].clone(), true
		}
	}
	return nil, false
}

// Custom returns the definitions of the custom fields.
func (s *Schema) Custom() []CustomField {
	if s == nil {
		return nil
	}
	list := slices.Clone(s.custom)
	for i := range list {
		list[i].Options, list[i].Aliases = slices.Clone(list[i].Options), slices.Clone(list[i].Aliases)
	}
	return list
}

// Labels returns the labels.
func (s *Schema) Labels() []Label {
	if s == nil {
		return nil
	}
	return slices.Clone(s.labels)
}

// Label finds a label by its name in any case and returns the name as it was
// defined.
func (s *Schema) Label(name string) (string, bool) {
	if s == nil {
		return "", false
	}
	n, ok := s.label[strings.ToLower(strings.TrimSpace(name))]
	return n, ok
}

// UniqueFields are the keys of the unique custom fields, sorted.
func (s *Schema) UniqueFields() []string {
	if s == nil {
		return nil
	}
	return slices.Clone(s.unique)
}

// NewExternalIDField is the rule for the ids of one source system: its CSV
// column is "External ID: SOURCE".
func NewExternalIDField(source string) *Field {
	f := externalIDField(source)
	return &f
}

func externalIDField(source string) Field {
	return Field{Name: "external_ids." + source, key: source, Column: "External ID: " + source, Kind: ExternalIDField, MaxLen: 255,
		Guide: "The contact's id in " + source + ".",
		set: func(c *Contact, f *Field, v string, _ *ParseOptions) error {
			if err := checkText(v, f.MaxLen); err != nil {
				return err
			}
			if c.ExternalIDs == nil {
				c.ExternalIDs = map[string]string{}
			}
			c.ExternalIDs[f.Key()] = v
			return nil
		},
		get: func(c *Contact, f *Field, dst []string, _ DateFormat) []string {
			return appendText(dst, c.ExternalIDs[f.Key()])
		}}
}

// field checks the definition and makes its row of the rule table.
func (cf *CustomField) field() (Field, error) {
	switch {
	case !validKey(cf.Key):
		return Field{}, &ValueError{Code: "field_key_invalid", Hint: "lower-case letters, digits and _, starting with a letter, at most 64"}
	case strings.TrimSpace(cf.Name) == "":
		return Field{}, &ValueError{Code: "field_name_missing", Hint: "every custom field has a name"}
	case cf.Kind < TextField || cf.Kind > URLField:
		return Field{}, &ValueError{Code: "field_kind_unknown"}
	case cf.MaxLen < 0 || cf.MaxLen > MaxText:
		return Field{}, &ValueError{Code: "field_limit_invalid", Hint: fmt.Sprintf("0 to %d", MaxText)}
	}
	if err := checkText(cf.Name, MaxLabel); err != nil {
		return Field{}, err
	}
	choice := cf.Kind == ChoiceField || cf.Kind == ChoicesField
	switch {
	case choice && len(cf.Options) == 0:
		return Field{}, &ValueError{Code: "field_options_missing", Hint: "a choice field has at least one option"}
	case !choice && len(cf.Options) > 0:
		return Field{}, &ValueError{Code: "field_options_misplaced", Hint: "only choice fields have options"}
	case len(cf.Options) > MaxOptions:
		return Field{}, &ValueError{Code: "field_options_too_many", Hint: fmt.Sprintf("at most %d", MaxOptions)}
	}
	for i, o := range cf.Options {
		if o == "" || o != strings.TrimSpace(o) || strings.Contains(o, ";") || checkText(o, MaxLabel) != nil {
			return Field{}, &ValueError{Code: "field_option_invalid", Hint: "options are texts of up to 100 characters without a semicolon"}
		}
		if slices.ContainsFunc(cf.Options[:i], func(p string) bool { return strings.EqualFold(o, p) }) {
			return Field{}, &ValueError{Code: "field_option_twice", Hint: "options differ in more than their case"}
		}
	}
	f := Field{Name: "custom." + cf.Key, key: cf.Key, Column: cf.Name, Aliases: slices.Clone(cf.Aliases), Kind: cf.Kind, MaxLen: cf.MaxLen,
		Required: cf.Required && !cf.Retired, retired: cf.Retired, Unique: cf.Unique, Default: cf.Default, Options: slices.Clone(cf.Options),
		Guide: cf.guide(),
		set: func(c *Contact, f *Field, s string, o *ParseOptions) error {
			v, err := f.ParseValue(s, o.Dates)
			if err != nil {
				return err
			}
			if c.Custom == nil {
				c.Custom = map[string]Value{}
			}
			c.Custom[f.Key()] = v
			return nil
		},
		get: func(c *Contact, f *Field, dst []string, dates DateFormat) []string {
			v := c.Custom[f.Key()]
			if d := v.Date(); !d.IsZero() {
				return append(dst, dates.Format(d))
			}
			return appendText(dst, v.Text())
		}}
	if f.MaxLen == 0 {
		f.MaxLen = MaxText
	}
	if cf.Retired {
		f.Default = ""
	}
	if cf.Default != "" {
		if _, err := f.ParseValue(cf.Default, DateYMD); err != nil {
			return Field{}, &ValueError{Code: "field_default_invalid", Hint: "the default must be a value of the field"}
		}
	}
	return f, nil
}

func (cf *CustomField) guide() string {
	g := "Custom field of kind " + cf.Kind.String() + "."
	if len(cf.Options) > 0 {
		g += " One of: " + strings.Join(cf.Options, ", ") + "."
	}
	if cf.Kind == ChoicesField {
		g = "Custom field. Any of, separated by a semicolon: " + strings.Join(cf.Options, ", ") + "."
	}
	if cf.Required {
		g += " It is mandatory."
	}
	if cf.Unique {
		g += " No two contacts may share a value."
	}
	return g
}

func (l *Label) check() error {
	switch {
	case strings.TrimSpace(l.Name) == "" || l.Name != strings.TrimSpace(l.Name):
		return &ValueError{Code: "label_invalid", Hint: "a label has a name without white space around it"}
	case strings.ContainsAny(l.Name, ";,"):
		return &ValueError{Code: "label_invalid", Hint: "a label has no comma or semicolon in its name"}
	case l.Colour != "" && !validColour(l.Colour):
		return &ValueError{Code: "label_colour_invalid", Hint: "#rrggbb"}
	}
	return checkText(l.Name, MaxLabel)
}

func validColour(s string) bool {
	if len(s) != 7 || s[0] != '#' {
		return false
	}
	return strings.Trim(s[1:], "0123456789abcdefABCDEF") == ""
}

func validKey(k string) bool {
	if k == "" || len(k) > 64 || k[0] < 'a' || k[0] > 'z' {
		return false
	}
	return strings.Trim(k, "abcdefghijklmnopqrstuvwxyz0123456789_") == ""
}
