package main

import (
	"context"
	"strings"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
)

func schemaCommand() *command {
	return &command{name: "schema", does: "Prints all fields, custom ones included, and the labels", needs: either, run: runSchema}
}

// fieldJSON is one field of the rule table in JSON.
type fieldJSON struct {
	Name     string   `json:"name"`
	Column   string   `json:"column"`
	Kind     string   `json:"kind"`
	Required bool     `json:"required,omitempty"`
	Unique   bool     `json:"unique,omitempty"`
	Options  []string `json:"options,omitempty"`
	MaxLen   int      `json:"max_len,omitempty"`
	Default  string   `json:"default,omitempty"`
	Guide    string   `json:"guide,omitempty"`
}

type schemaReport struct {
	Fields []fieldJSON      `json:"fields"`
	Labels []contacts.Label `json:"labels"`
}

func runSchema(ctx context.Context, c *call) error {
	schema, err := c.session.Schema(ctx)
	if err != nil {
		return err
	}
	rep := schemaReport{Labels: append([]contacts.Label{}, schema.Labels()...)}
	for f := range schema.Fields() {
		rep.Fields = append(rep.Fields, fieldJSON{f.Name, f.Column, f.Kind.String(), f.Required, f.Unique, f.Options, f.MaxLen, f.Default, f.Guide})
	}
	if c.json {
		return c.line(rep)
	}
	t := newTable(c.stdout, "FIELD", "COLUMN", "KIND", "RULES")
	for _, f := range rep.Fields {
		var rules []string
		if f.Required {
			rules = append(rules, "required")
		}
		if f.Unique {
			rules = append(rules, "unique")
		}
		if f.Default != "" {
			rules = append(rules, "default "+f.Default)
		}
		if len(f.Options) > 0 {
			rules = append(rules, "one of "+strings.Join(f.Options, "; "))
		}
		t.row(f.Name, f.Column, f.Kind, strings.Join(rules, ", "))
	}
	if err := t.end(); err != nil {
		return err
	}
	if len(rep.Labels) > 0 {
		c.printf("\n")
	}
	t = newTable(c.stdout, "LABEL", "COLOUR")
	for _, l := range rep.Labels {
		t.row(l.Name, l.Colour)
	}
	return t.end()
}

func labelCommand() *command {
	return &command{name: "label", operands: "NAME", does: "Adds a label, or changes its colour", min: 1, max: 1, needs: creating, rehearse: true,
		flags: []flagDef{
			{name: "colour", arg: "#rrggbb", help: "its colour"},
			{name: "rename", arg: "N", help: "give it another name, on every contact too; where there is a label of that name the two become one"},
			{name: "drop", help: "take it away, from every contact too"},
		}, run: runLabel}
}

func runLabel(ctx context.Context, c *call) error {
	label := contacts.Label{Name: strings.TrimSpace(c.args[0]), Colour: c.flags.text("colour")}
	if to := c.flags.text("rename"); to != "" || c.flags.has("drop") {
		change := func() (contacts.Act, error) { return c.session.RenameLabel(ctx, label.Name, to) }
		if c.flags.has("drop") {
			change = func() (contacts.Act, error) { return c.session.DropLabel(ctx, label.Name) }
		}
		act, err := change()
		if err != nil {
			return schemaError("label "+quote(label.Name), err)
		}
		return c.actDone(ctx, act, nil, "changed", act.Counts.Updated)
	}
	have, err := c.session.Schema(ctx)
	if err != nil {
		return err
	}
	if _, known := have.Label(label.Name); known && len(c.flags["colour"]) == 0 {
		label.Colour = colourOf(have, label.Name) // naming a label again takes nothing from it
	}
	schema, err := c.session.SetLabel(ctx, label)
	if err != nil {
		return schemaError("label "+quote(label.Name), err)
	}
	if name, ok := schema.Label(label.Name); ok {
		label.Name = name
	}
	if c.json {
		return c.line(label)
	}
	c.printf("Label %s is set.\n", plain(label.Name))
	return nil
}

func colourOf(s *contacts.Schema, name string) string {
	name, _ = s.Label(name)
	for _, l := range s.Labels() {
		if l.Name == name {
			return l.Colour
		}
	}
	return ""
}

func fieldCommand() *command {
	return &command{name: "field", operands: "KEY", does: "Adds a custom field, or changes one; what is not named stays", min: 1, max: 1, needs: creating, rehearse: true,
		flags: []flagDef{
			{name: "kind", arg: "KIND", help: "text, number, date, yes_no, choice, choices or url; needed for a new field"},
			{name: "name", arg: "N", help: "its name in forms and the header of its CSV column (default KEY)"},
			{name: "required", help: "no contact may be without it"},
			{name: "unique", help: "no two contacts may share a value"},
			{name: "options", arg: `"A;B"`, help: "the options of a choice"},
			{name: "max", arg: "N", help: "the longest text, in characters"},
			{name: "default", arg: "V", help: "the value of new contacts that leave it empty"},
			{name: "retired", help: "out of use: in no form or file; its values stay"},
			{name: "dry-run", help: "only say what it would do to the contacts"},
		}, run: runField}
}

func runField(ctx context.Context, c *call) error {
	key := c.args[0]
	have, err := c.session.Schema(ctx)
	if err != nil {
		return err
	}
	field := contacts.CustomField{Key: key, Name: key}
	isNew := true
	for _, f := range have.Custom() {
		if f.Key == key {
			field, isNew = f, false
		}
	}
	if kind := c.flags.text("kind"); kind != "" {
		if field.Kind, err = contacts.ParseFieldKind(strings.ReplaceAll(kind, "-", "_")); err != nil {
			return usagef("unknown kind of field %s: one of text, number, date, yes_no, choice, choices, url", quote(kind))
		}
	} else if isNew {
		return usagef("a new field needs its kind: field %s --kind text, number, date, yes_no, choice, choices or url", plain(key))
	}
	if len(c.flags["name"]) > 0 {
		field.Name = c.flags.text("name")
	}
	if len(c.flags["required"]) > 0 {
		field.Required = c.flags.has("required")
	}
	if len(c.flags["unique"]) > 0 {
		field.Unique = c.flags.has("unique")
	}
	if len(c.flags["default"]) > 0 {
		field.Default = c.flags.text("default")
	}
	if len(c.flags["options"]) > 0 {
		field.Options = nil
		for o := range strings.SplitSeq(c.flags.text("options"), ";") {
			if o = strings.TrimSpace(o); o != "" {
				field.Options = append(field.Options, o)
			}
		}
	}
	if len(c.flags["max"]) > 0 {
		if field.MaxLen, err = c.flags.number("max"); err != nil {
			return err
		}
	}
	if len(c.flags["retired"]) > 0 {
		field.Retired = c.flags.has("retired")
	}
	if c.flags.has("dry-run") {
		plan, err := c.session.PlanField(ctx, field)
		if err != nil {
			return schemaError("field "+quote(key), err)
		}
		return c.fieldPlan(plan)
	}
	if _, plan, err := c.session.ChangeField(ctx, field); err != nil {
		if plan != nil && len(plan.Conflicts) > 0 {
			if shown := c.fieldPlan(plan); shown != nil {
				return shown
			}
		}
		return schemaError("field "+quote(key), err)
	}
	if c.json {
		return c.line(field)
	}
	c.printf("Field %s (%s) is set.\n", plain(key), field.Kind)
	return nil
}

// schemaError names the field or label by what was typed rather than by its
// place in the schema.
func schemaError(what string, err error) error {
	if list, ok := err.(interface{ Unwrap() []error }); ok && len(list.Unwrap()) > 0 {
		err = list.Unwrap()[0]
	}
	if f, ok := err.(*contacts.FieldError); ok {
		return failf("%s: %s", what, words(f.Code, f.Hint))
	}
	return about(what, err)
}

// fieldPlan prints what a change of a field would do.
func (c *call) fieldPlan(p *extcontacts.FieldPlan) error {
	if c.json {
		return c.line(p)
	}
	c.printf("%s have a value: %s would be converted, %s lack one that is required.\n", counted(p.Values, "contact"), grouped(p.Converted), grouped(p.Missing))
	t := newTable(c.stdout, "STANDS AGAINST IT", "WHY", "WITH")
	for _, x := range p.Conflicts {
		t.row(string(x.ID), strings.ReplaceAll(x.Code, "_", " "), string(x.With))
	}
	return t.end()
}
