package contacts

import (
	"fmt"
	"strings"
)

// Validate checks c against the rule table of the schema and returns all its
// faults at once, in field order; the same contact always gives the same
// faults. It is a pure function and does not alter c. A nil schema means the
// built-in fields alone.
//
// Codes: required, text_too_long, text_control_character, text_invalid_utf8,
// text_damaged, too_many_values, phone_kind_missing, email_kind_missing,
// channel_missing, value_missing, label_invalid, source_invalid, custom_unknown,
// custom_kind_mismatch, custom_not_canonical, choice_unknown and those of the Parse functions.
func Validate(c *Contact, s *Schema) FieldErrors {
	var es FieldErrors
	report := func(path, value string, err error) {
		if err != nil {
			es = append(es, fault(path, value, err))
		}
	}
	lists := false
	table := s.table()
	for i := range table {
		f := &table[i]
		switch {
		case f.IsList():
			if !lists {
				lists = true
				es = validateLists(es, c)
			}
		case f.Kind == LabelsField:
			if len(c.Labels) > MaxValues {
				report("labels", "", &ValueError{Code: "too_many_values", Hint: fmt.Sprintf("at most %d", MaxValues)})
			}
			for j, l := range c.Labels {
				if err := (&Label{Name: l}).check(); err != nil {
					report(fmt.Sprintf("labels[%d]", j), l, err)
				}
			}
		case f.key != "":
			v := c.Custom[f.Key()]
			if v.IsZero() {
				if f.Required {
					report(f.Name, "", &ValueError{Code: "required"})
				}
				continue
			}
			if v.Kind() != f.Kind {
				report(f.Name, v.Text(), &ValueError{Code: "custom_kind_mismatch", Hint: "the field holds values of kind " + f.Kind.String()})
				continue
			}
			w, err := f.ParseValue(v.Text(), DateYMD)
			if err == nil && w != v {
				err = &ValueError{Code: "custom_not_canonical", Hint: "make values with ParseValue"}
			}
			report(f.Name, v.Text(), err)
		default:
			if f.slot == noText { // a value object is valid whatever it holds, a number may be beyond its names
				if f.Kind == LevelField && int(c.Level) > len(levelNames) {
					report(f.Name, "", &ValueError{Code: "level_unknown"})
				}
				if f.Kind == TypeField && int(c.Type) > len(typeNames) {
					report(f.Name, "", &ValueError{Code: "type_unknown"})
				}
				continue
			}
			p := c.text(f.slot)
			if f.Required && trimText(*p) == "" {
				report(f.Name, *p, &ValueError{Code: "required"})
			} else if *p != "" {
				report(f.Name, *p, checkText(*p, f.MaxLen))
			}
		}
	}
	for _, k := range sortedKeys(c.Custom) {
		if _, ok := s.Field("custom." + k); !ok {
			report("custom."+k, c.Custom[k].Text(), &ValueError{Code: "custom_unknown", Hint: "the workspace has no such custom field"})
		}
	}
	for _, source := range sortedKeys(c.ExternalIDs) {
		path := "external_ids." + source
		report(path, source, checkSource(source))
		report(path, c.ExternalIDs[source], checkText(c.ExternalIDs[source], 255))
	}
	return es
}

// maxSourceBytes leaves room for what an identity key has before the source:
// stores keep no longer kinds of keys than 255 bytes.
const maxSourceBytes = 240

// checkSource keeps the names of source systems fit for a path and a column.
func checkSource(source string) error {
	if source == "" || source != strings.TrimSpace(source) || strings.ContainsAny(source, "\r\n\t") {
		return &ValueError{Code: "source_invalid", Hint: "the name of a source system: up to 64 characters, no white space around it"}
	}
	if len(source) > maxSourceBytes {
		return &ValueError{Code: "text_too_long", Hint: fmt.Sprintf("at most 64 characters and %d bytes", maxSourceBytes)}
	}
	return checkText(source, 64)
}

func validateLists(es FieldErrors, c *Contact) FieldErrors {
	report := func(list string, i int, value string, err error) {
		if err != nil {
			es = append(es, fault(fmt.Sprintf("%s[%d]", list, i), value, err))
		}
	}
	limit := func(list string, n int) {
		if n > MaxValues {
			es = append(es, &FieldError{Path: list, Code: "too_many_values", Hint: fmt.Sprintf("at most %d", MaxValues)})
		}
	}
	limit("phones", len(c.Phones))
	limit("emails", len(c.Emails))
	limit("socials", len(c.Socials))
	for i, p := range c.Phones {
		switch {
		case p.Kind.IsZero():
			report("phones", i, p.Phone.Raw(), &ValueError{Code: "phone_kind_missing", Hint: "mobile, work, home or other"})
		case int(p.Kind) > len(phoneKindNames):
			report("phones", i, p.Phone.Raw(), &ValueError{Code: "phone_kind_unknown"})
		case p.Phone.IsZero():
			report("phones", i, "", &ValueError{Code: "value_missing"})
		}
	}
	for i, e := range c.Emails {
		switch {
		case e.Kind.IsZero():
			report("emails", i, e.Email.Address(), &ValueError{Code: "email_kind_missing", Hint: "work, personal or other"})
		case int(e.Kind) > len(emailKindNames):
			report("emails", i, e.Email.Address(), &ValueError{Code: "email_kind_unknown"})
		case e.Email.IsZero():
			report("emails", i, "", &ValueError{Code: "value_missing"})
		}
	}
	for i, s := range c.Socials {
		switch {
		case s.Channel.IsZero():
			report("socials", i, s.Handle, &ValueError{Code: "channel_missing"})
		case int(s.Channel) > len(channelNames):
			report("socials", i, s.Handle, &ValueError{Code: "channel_unknown"})
		case s.Handle == "":
			report("socials", i, "", &ValueError{Code: "value_missing"})
		case s.Channel == WhatsApp:
			_, err := ParsePhone(s.Handle)
			report("socials", i, s.Handle, err)
		default:
			report("socials", i, s.Handle, checkText(s.Handle, 255))
		}
	}
	return es
}

// ApplyDefaults fills the empty fields of a new contact that have a default:
// Type is Lead, Level is Primary, custom fields as the schema says.
func ApplyDefaults(c *Contact, s *Schema) {
	if c.Type.IsZero() {
		c.Type = Lead
	}
	if c.Level.IsZero() {
		c.Level = Primary
	}
	table := s.table()
	for i := len(builtin); i < len(table); i++ {
		f := &table[i]
		if f.Default != "" && c.Custom[f.Key()].IsZero() {
			_ = f.set(c, f, f.Default, &ParseOptions{Dates: DateYMD}) // checked by NewSchema
		}
	}
}
