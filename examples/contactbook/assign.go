package main

import (
	"errors"
	"slices"
	"strings"
	"unicode"

	"github.com/extcontacts/extcontacts/contacts"
)

// assignment is one FIELD=VALUE, FIELD+=VALUE or FIELD-=VALUE.
type assignment struct {
	field *contacts.Field // nil for primary
	name  string          // as it was typed
	// primary is "phone" or "email" for the two fields that say which value of
	// a list comes first.
	primary string
	op      byte // '=', '+' or '-'
	value   string
}

// assignments reads the operands of add and set. Where some are wrong the error
// tells all that are, those whose value cannot be right among them.
func (c *call) assignments(args []string, schema *contacts.Schema) ([]assignment, error) {
	var all []assignment
	var wrong []string
	for _, arg := range args {
		a, err := parseAssignment(arg, all, schema)
		if err != nil {
			wrong = append(wrong, err.Error())
			continue
		}
		all = append(all, a)
	}
	if len(wrong) == 0 {
		return all, nil
	}
	for _, a := range all {
		if err := assign(&contacts.Contact{}, []assignment{a}, c.parse); err != nil && !isValueMissing(err) {
			wrong = append(wrong, sentence(err))
		}
	}
	return nil, usagef("%s", strings.Join(wrong, "; "))
}

// parseAssignment reads one operand; before are those in front of it.
func parseAssignment(arg string, before []assignment, schema *contacts.Schema) (assignment, error) {
	name, value, ok := strings.Cut(arg, "=")
	if !ok {
		return assignment{}, usagef("%s is no assignment: write FIELD=VALUE, FIELD+=VALUE or FIELD-=VALUE", excerpt(arg))
	}
	a := assignment{op: '=', value: value}
	if n := len(name); n > 0 && (name[n-1] == '+' || name[n-1] == '-') {
		a.op, name = name[n-1], name[:n-1]
	}
	a.name = strings.TrimSpace(name)
	var err error
	if a.field, a.primary, err = findField(schema, a.name, "set"); err != nil {
		return a, err
	}
	if a.op != '=' && (a.field == nil || !manyValued(a.field)) {
		return a, usagef("%s holds one value: write %s=VALUE", a.name, a.name)
	}
	if a.op != '=' && strings.TrimSpace(value) == "" {
		return a, usagef("%s%c= needs a value", a.name, a.op)
	}
	twice := func(b assignment) bool {
		return b.op == '=' && b.primary == a.primary && (a.field == nil || b.field != nil && b.field.Name == a.field.Name)
	}
	if a.op == '=' && slices.ContainsFunc(before, twice) {
		return a, usagef("%s is given twice%s", a.name, appendHint(a))
	}
	return a, nil
}

func appendHint(a assignment) string {
	if a.field != nil && manyValued(a.field) {
		return "; " + a.name + "+=VALUE adds another value"
	}
	return ""
}

func manyValued(f *contacts.Field) bool {
	return f.IsList() || f.Kind == contacts.LabelsField || f.Kind == contacts.ChoicesField
}

// findField finds a field by its name in JSON, its CSV header, an alias or the
// key of a custom field, whatever the case and the punctuation. What is to be
// done with it is for the message.
func findField(schema *contacts.Schema, name, done string) (field *contacts.Field, primary string, err error) {
	if f, ok := schema.Field(name); ok {
		return f, "", nil
	}
	for _, prefix := range []string{"external_ids.", "external."} {
		if source, ok := strings.CutPrefix(name, prefix); ok && source != "" {
			return contacts.NewExternalIDField(source), "", nil
		}
	}
	key := squash(name)
	switch key {
	case "primaryphone":
		return nil, "phone", nil
	case "primaryemail":
		return nil, "email", nil
	}
	var known []string
	var byAlias, byColumn *contacts.Field
	for f := range schema.Fields() {
		known = append(known, f.Name, squash(f.Column))
		if k := f.Key(); k != "" {
			known = append(known, k)
		}
		_, last, dotted := strings.Cut(f.Name, ".")
		switch {
		case byColumn == nil && (key == squash(f.Column) || f.Key() != "" && key == squash(f.Key()) || key == squash(f.Name)):
			byColumn = f
		case byAlias == nil && (slices.ContainsFunc(f.Aliases, func(s string) bool { return squash(s) == key }) ||
			dotted && !f.IsList() && squash(last) == key):
			byAlias = f
		}
	}
	if key != "" && byColumn != nil {
		return byColumn, "", nil
	}
	if key != "" && byAlias != nil {
		return byAlias, "", nil
	}
	switch key {
	case "phones", "phone", "emails", "socials", "social":
		return nil, "", usagef("%s needs a kind, such as mobile, phones.work, emails.other or socials.line", name)
	case "id", "rev", "createdat", "updatedat", "state", "mergedinto", "verified":
		return nil, "", usagef("%s cannot be %s", name, done)
	}
	best := nearest(name, known)
	if best == "" {
		best = nearest(key, known)
	}
	if best != "" {
		return nil, "", usagef("unknown field %s; did you mean %s?", excerpt(name), best)
	}
	return nil, "", usagef("unknown field %s; contactbook schema lists all", excerpt(name))
}

// squash takes a name down to its letters and digits, in lower case.
func squash(s string) string {
	return strings.Map(func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) {
			return unicode.ToLower(r)
		}
		return -1
	}, s)
}

// assign carries out the assignments on c. Dates are typed as in JSON,
// YYYY-MM-DD. The error is a [contacts.FieldErrors] of all that are wrong, by
// the names that were typed.
func assign(c *contacts.Contact, all []assignment, parse contacts.ParseOptions) error {
	o := &parse
	o.Dates = contacts.DateYMD
	var wrong contacts.FieldErrors
	try := func(a assignment, do func(*contacts.Contact, *contacts.ParseOptions) error) error {
		err := a.named(do(c, o))
		if f, ok := err.(*contacts.FieldError); ok {
			wrong, err = append(wrong, f), nil
		}
		return err
	}
	for _, a := range all {
		if a.primary == "" {
			if err := try(a, a.apply); err != nil {
				return err
			}
		}
	}
	faulty := len(wrong) > 0 // the lists are not what they should be
	for _, a := range all {  // at the end, when the lists are what they will be
		if a.primary == "" || faulty && isValueMissing(a.named(a.makePrimary(c, o))) {
			continue
		}
		if err := try(a, a.makePrimary); err != nil {
			return err
		}
	}
	if len(wrong) > 0 {
		return wrong
	}
	return nil
}

// named gives a refused value the name that was typed.
func (a *assignment) named(err error) error {
	v, ok := err.(*contacts.ValueError)
	if !ok {
		return err
	}
	hint := v.Hint
	if a.field != nil && a.field.Kind == contacts.DateField && v.Code != "date_impossible" {
		hint = "write it as YYYY-MM-DD, such as 1990-02-03"
	}
	return &contacts.FieldError{Path: a.name, Code: v.Code, Hint: hint}
}

// isValueMissing reports whether the contact lacks what was to be its primary
// phone or email.
func isValueMissing(err error) bool {
	var f *contacts.FieldError
	return errors.As(err, &f) && f.Code == "value_missing"
}

func (a *assignment) apply(c *contacts.Contact, o *contacts.ParseOptions) error {
	f := a.field
	switch {
	case a.op == '=':
		f.Clear(c)
		return f.Set(c, a.value, o)
	case f.Kind == contacts.ChoicesField:
		return a.choices(c, o)
	case a.op == '+':
		return f.Set(c, a.value, o)
	}
	var gone contacts.Contact
	if err := f.Set(&gone, a.value, o); err != nil {
		return err
	}
	c.Phones = slices.DeleteFunc(c.Phones, func(p contacts.ContactPhone) bool {
		return slices.ContainsFunc(gone.Phones, func(q contacts.ContactPhone) bool { return p.Elem() == q.Elem() })
	})
	c.Emails = slices.DeleteFunc(c.Emails, func(p contacts.ContactEmail) bool {
		return slices.ContainsFunc(gone.Emails, func(q contacts.ContactEmail) bool { return p.Elem() == q.Elem() })
	})
	c.Socials = slices.DeleteFunc(c.Socials, func(p contacts.Social) bool {
		return slices.ContainsFunc(gone.Socials, func(q contacts.Social) bool { return p.Elem() == q.Elem() })
	})
	c.Labels = slices.DeleteFunc(c.Labels, func(l string) bool {
		return slices.ContainsFunc(gone.Labels, func(m string) bool { return strings.EqualFold(l, m) })
	})
	return nil
}

// choices adds options to a multiple-choice field or takes them away.
func (a *assignment) choices(c *contacts.Contact, o *contacts.ParseOptions) error {
	v, err := a.field.ParseValue(a.value, o.Dates)
	if err != nil {
		return err
	}
	have := c.Custom[a.field.Key()].Options()
	if a.op == '+' {
		have = append(have, v.Options()...)
	} else {
		have = slices.DeleteFunc(have, func(s string) bool { return slices.Contains(v.Options(), s) })
	}
	a.field.Clear(c)
	return a.field.Set(c, strings.Join(have, "; "), o)
}

// makePrimary marks the number or address, which the contact must have.
func (a *assignment) makePrimary(c *contacts.Contact, o *contacts.ParseOptions) error {
	if strings.TrimSpace(a.value) == "" {
		return &contacts.FieldError{Path: a.name, Code: "required", Hint: "one value of the list always comes first"}
	}
	found := false
	switch a.primary {
	case "phone":
		p, err := o.ParsePhone(a.value)
		if err != nil {
			return err
		}
		for i := range c.Phones {
			hit := !found && c.Phones[i].Phone.Number() == p.Number()
			c.Phones[i].Primary = hit
			found = found || hit
		}
	case "email":
		e, err := contacts.ParseEmail(a.value)
		if err != nil {
			return err
		}
		for i := range c.Emails {
			hit := !found && c.Emails[i].Email.Key() == e.Key()
			c.Emails[i].Primary = hit
			found = found || hit
		}
	}
	if !found {
		return &contacts.FieldError{Path: a.name, Code: "value_missing", Hint: "the contact has no such " + a.primary}
	}
	return nil
}
