package extcontacts

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// MaxFieldContacts is the number of contacts that one change of a custom field
// or a label may have to alter: it is one transaction.
const MaxFieldContacts = 100_000

// FieldPlan says what a change of a custom field would do to the contacts.
type FieldPlan struct {
	// Field is the field as it would be, New whether there is none by its key.
	Field contacts.CustomField `json:"field"`
	New   bool                 `json:"new,omitzero"`
	// Values is the number of contacts, in every state, that have a value, and
	// Converted that of the values which would be written otherwise.
	Values    int `json:"values"`
	Converted int `json:"converted"`
	// Missing is the number of live contacts that lack a value which would be
	// required: they stay as they are, and must get one when they are edited.
	Missing int `json:"missing"`
	// Conflicts stand against the change: values that the field would not
	// accept, and values that several contacts share of a field that would be
	// unique. There are [MaxRejections] at most.
	Conflicts []FieldConflict `json:"conflicts"`

	rev int64 // of the schema it was made from
}

// FieldConflict is a contact that stands against a change of a custom field.
type FieldConflict struct {
	ID contacts.ID `json:"id"`
	// Code is that of the fault, or value_taken, where With has the same value.
	Code string      `json:"code"`
	With contacts.ID `json:"with,omitzero"`
}

// PlanField finds out what adding a custom field or changing the one with its
// key would do; nothing is written. Everything but the key can change: name,
// options and limits, whether it is required, unique or retired, and its kind,
// where every value converts.
func (s *Session) PlanField(ctx context.Context, field contacts.CustomField) (*FieldPlan, error) {
	if err := s.may(contacts.RightSchema, nil); err != nil {
		return nil, err
	}
	plan, _, err := s.planField(ctx, field)
	return plan, err
}

// ChangeField adds a custom field or changes the one with its key, and with it
// the values of the contacts, as one act. Where a contact stands against it the
// code is field_conflicts, nothing is written, and the plan tells which. A
// change that alters whether the field is unique is taken back by another
// ChangeField, not by an undo.
func (s *Session) ChangeField(ctx context.Context, field contacts.CustomField) (contacts.Act, *FieldPlan, error) {
	act := s.act(contacts.ActSchema, "")
	var plan *FieldPlan
	res, err := s.commitNext(ctx, func(ctx context.Context) (*store.Batch, error) {
		if err := s.may(contacts.RightSchema, nil); err != nil {
			return nil, err
		}
		var b *store.Batch
		var err error
		if plan, b, err = s.planField(ctx, field); err != nil {
			return nil, err
		}
		if len(plan.Conflicts) > 0 {
			return nil, &contacts.FieldError{Path: "custom." + field.Key, Code: "field_conflicts", Hint: fmt.Sprintf("%d contacts stand against it", len(plan.Conflicts))}
		}
		if len(b.Changes) == 0 {
			return nil, nil
		}
		act.Counts = contacts.Counts{Updated: plan.Converted}
		b.Act = act
		for i := range b.Put {
			b.Put[i].Contact.UpdatedAt = act.At
		}
		return b, nil
	})
	act, err = written(act, res, err)
	return act, plan, err
}

func (s *Session) planField(ctx context.Context, field contacts.CustomField) (*FieldPlan, *store.Batch, error) {
	cached, err := s.book.loadSchema(ctx)
	if err != nil {
		return nil, nil, err
	}
	field.Options, field.Aliases = slices.Clone(field.Options), slices.Clone(field.Aliases)
	plan := &FieldPlan{Field: field, New: true, Conflicts: []FieldConflict{}, rev: cached.rev}
	old := schemaDoc{cached.schema.Custom(), cached.schema.Labels()}
	doc := schemaDoc{slices.Clone(old.Fields), old.Labels}
	was := contacts.CustomField{}
	if i := slices.IndexFunc(doc.Fields, func(f contacts.CustomField) bool { return f.Key == field.Key }); i >= 0 {
		plan.New, was = false, doc.Fields[i]
		doc.Fields[i] = field
	} else {
		doc.Fields = append(doc.Fields, field)
	}
	schema, err := contacts.NewSchema(doc.Fields, doc.Labels)
	if err != nil {
		return nil, nil, err
	}
	if err := checkNames(old, doc); err != nil {
		return nil, nil, err
	}
	b := &store.Batch{Changes: schemaChanges(old, doc)}
	if len(b.Changes) > 0 {
		b.Records = []store.RecordPut{schemaRecord(cached.rev, doc)}
	}
	if plan.New && !field.Required {
		return plan, b, nil
	}
	rule, _ := schema.Field("custom." + field.Key)
	holder := map[string]contacts.ID{}
	conflict := func(c FieldConflict) {
		if len(plan.Conflicts) < MaxRejections {
			plan.Conflicts = append(plan.Conflicts, c)
		}
	}
	act := contacts.Act{At: s.now()}
	for c, err := range s.st().Scan(ctx, s.ws(), "") {
		if err != nil {
			return nil, nil, err
		}
		v, has := c.Custom[field.Key]
		if !has {
			if rule.Required && c.State == contacts.Live {
				plan.Missing++
			}
			continue
		}
		plan.Values++
		w, err := rule.ParseValue(v.Text(), contacts.DateYMD)
		if err != nil {
			code := "value_invalid"
			if fault, ok := errors.AsType[*contacts.ValueError](err); ok {
				code = fault.Code
			}
			conflict(FieldConflict{ID: c.ID, Code: code})
			continue
		}
		if field.Unique && c.State == contacts.Live {
			if other, taken := holder[w.Text()]; taken {
				conflict(FieldConflict{ID: c.ID, Code: "value_taken", With: other})
			}
			holder[w.Text()] = c.ID
		}
		if w == v && field.Unique == was.Unique {
			continue
		}
		d := c.Clone()
		d.Custom[field.Key] = w
		changes := contacts.Diff(c, d)
		if len(changes) > 0 {
			plan.Converted++
		} else { // the keys alone change: the log says that the contact was written
			changes = []contacts.Change{{Contact: c.ID, Path: "custom." + field.Key, Old: changeText(c, field.Key), New: changeText(c, field.Key), From: c.ID}}
		}
		b.Changes = append(b.Changes, changes...)
		p := stamp(&act, c, d)
		p.Add, p.Drop = keyChange(c, d, cached.schema.UniqueFields(), schema.UniqueFields())
		if b.Put = append(b.Put, p); len(b.Put) > MaxFieldContacts {
			return nil, nil, &CodeError{"too_many_contacts", fmt.Sprintf("more than %d contacts would have to be altered at once", MaxFieldContacts)}
		}
	}
	if field.Unique {
		b.Unique = []contacts.KeyKind{contacts.CustomKey(field.Key)}
	}
	return plan, b, nil
}

// checkNames refuses names of fields, new or changed, that the header of another
// column has.
func checkNames(old, new schemaDoc) error {
	for i := range new.Fields {
		f := &new.Fields[i]
		same := slices.ContainsFunc(old.Fields, func(o contacts.CustomField) bool {
			return o.Key == f.Key && o.Name == f.Name && slices.Equal(o.Aliases, f.Aliases) && o.Retired == f.Retired
		})
		if !same {
			if err := f.CheckColumns(new.Fields); err != nil {
				return err
			}
		}
	}
	return nil
}

// changeText is the value of a custom field as the change log writes it.
func changeText(c *contacts.Contact, key string) string {
	for v := range c.Values() {
		if v.Path == "custom."+key {
			return v.Text
		}
	}
	return ""
}

// keyChange are the keys that a contact gains and loses where the unique fields
// change, too.
func keyChange(old, new *contacts.Contact, before, after []string) (add, drop []contacts.Key) {
	had, has := contacts.Keys(nil, old, before...), contacts.Keys(nil, new, after...)
	for _, k := range has {
		if !slices.Contains(had, k) {
			add = append(add, k)
		}
	}
	for _, k := range had {
		if !slices.Contains(has, k) {
			drop = append(drop, k)
		}
	}
	return add, drop
}

// SchemaLog returns what was changed in the schema by itself, the newest first:
// custom fields, labels and saved queries, n changes at most. A label that came
// into being by being used stands in the log of the act that used it.
func (s *Session) SchemaLog(ctx context.Context, n int) ([]LogEntry, error) {
	if err := s.may(contacts.RightLog, nil); err != nil {
		return nil, err
	}
	var out []LogEntry
	for before := int64(0); ; {
		acts, err := s.st().Acts(ctx, s.ws(), store.ActQuery{Before: before, Limit: chunk})
		if err != nil {
			return nil, err
		}
		for _, a := range acts {
			before = a.Seq
			if a.Kind != contacts.ActSchema && a.Kind != contacts.ActUndo {
				continue
			}
			entries, err := s.actEntries(ctx, a.ID)
			if err != nil {
				return nil, err
			}
			for _, e := range slices.Backward(entries) {
				for _, ch := range e.Changes {
					if !ch.Contact.IsZero() || ch.Path == recordDistinct {
						continue
					}
					if out = append(out, LogEntry{Seq: e.Seq, Act: e.Act, Kind: a.Kind, At: e.At, Actor: a.Actor, Source: a.Source, Change: ch}); len(out) >= n {
						return out, nil
					}
				}
			}
		}
		if len(acts) < chunk {
			return out, nil
		}
	}
}

func jsonText(v any) string {
	b, err := json.Marshal(v)
	if err != nil { // texts
		panic("extcontacts: " + err.Error())
	}
	return string(b)
}

// checkSchemaUndo makes sure that after an undo no contact has a label that is
// to go or a value that its field would not hold.
func (s *Session) checkSchemaUndo(ctx context.Context, plan *UndoPlan) error {
	labels, kinds := map[string]bool{}, map[string]contacts.FieldKind{}
	for _, ch := range plan.Records {
		if name, ok := strings.CutPrefix(ch.Path, "label."); ok && ch.New == "" {
			labels[name] = true
		}
		key, ok := strings.CutPrefix(ch.Path, "field.")
		if !ok || ch.New == "" || ch.Old == "" {
			continue
		}
		var was, is contacts.CustomField
		if err := errors.Join(json.Unmarshal([]byte(ch.Old), &was), json.Unmarshal([]byte(ch.New), &is)); err != nil {
			return err
		}
		if was.Unique != is.Unique {
			return &contacts.FieldError{Path: "custom." + key, Code: "field_unique_fixed", Hint: "change back by ChangeField whether values are unique"}
		}
		if was.Kind != is.Kind {
			kinds[key] = is.Kind
		}
	}
	if len(labels)+len(kinds) == 0 {
		return nil
	}
	after := make(map[contacts.ID]*contacts.Contact, len(plan.Results))
	for _, c := range plan.Results {
		after[c.ID] = c
	}
	for c, err := range s.st().Scan(ctx, s.ws(), "") {
		if err != nil {
			return err
		}
		if d := after[c.ID]; d != nil {
			c = d
		}
		for _, l := range c.Labels {
			if labels[l] {
				return &contacts.FieldError{Path: "labels", Code: "label_in_use", Hint: "contacts have this label; DropLabel takes it from them"}
			}
		}
		for key, kind := range kinds {
			if v, has := c.Custom[key]; has && v.Kind() != kind {
				return &contacts.FieldError{Path: "custom." + key, Code: "field_in_use", Hint: "contacts have values that were written since"}
			}
		}
	}
	return nil
}
