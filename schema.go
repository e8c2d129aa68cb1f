package extcontacts

import (
	"context"
	"encoding/json"
	"slices"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// SetField adds a custom field to the workspace, or changes the one with its
// key. Of a field that exists it changes neither the kind nor whether values are
// unique, since contacts may have values: that is what [Session.ChangeField] is
// for.
func (s *Session) SetField(ctx context.Context, field contacts.CustomField) (*contacts.Schema, error) {
	return s.editSchema(ctx, func(doc *schemaDoc) error {
		i := slices.IndexFunc(doc.Fields, func(f contacts.CustomField) bool { return f.Key == field.Key })
		if i < 0 {
			doc.Fields = append(doc.Fields, field)
			return nil
		}
		if doc.Fields[i].Kind != field.Kind {
			return &contacts.FieldError{Path: "custom." + field.Key, Code: "field_kind_fixed", Hint: "the kind of a field that exists changes with its values: ChangeField"}
		}
		if doc.Fields[i].Unique != field.Unique {
			return &contacts.FieldError{Path: "custom." + field.Key, Code: "field_unique_fixed", Hint: "whether values are unique changes with the contacts: ChangeField"}
		}
		doc.Fields[i] = field
		return nil
	})
}

// SetLabel adds a label to the workspace, or changes the colour of the one
// with its name.
func (s *Session) SetLabel(ctx context.Context, label contacts.Label) (*contacts.Schema, error) {
	return s.editSchema(ctx, func(doc *schemaDoc) error {
		i := slices.IndexFunc(doc.Labels, func(l contacts.Label) bool { return labelKey(l.Name) == labelKey(label.Name) })
		if i < 0 {
			doc.Labels = append(doc.Labels, label)
		} else {
			doc.Labels[i].Colour = label.Colour
		}
		return nil
	})
}

func (s *Session) editSchema(ctx context.Context, edit func(*schemaDoc) error) (*contacts.Schema, error) {
	act := s.act(contacts.ActSchema, "")
	var schema *contacts.Schema
	_, err := s.commit(ctx, func(ctx context.Context) (*store.Batch, error) {
		if err := s.may(contacts.RightSchema, nil); err != nil {
			return nil, err
		}
		cached, err := s.book.loadSchema(ctx)
		if err != nil {
			return nil, err
		}
		old := schemaDoc{cached.schema.Custom(), cached.schema.Labels()}
		doc := schemaDoc{slices.Clone(old.Fields), slices.Clone(old.Labels)}
		if err := edit(&doc); err != nil {
			return nil, err
		}
		if schema, err = contacts.NewSchema(doc.Fields, doc.Labels); err != nil {
			return nil, err
		}
		if err := checkNames(old, doc); err != nil {
			return nil, err
		}
		changes := schemaChanges(old, doc)
		if len(changes) == 0 {
			return nil, nil
		}
		return &store.Batch{Act: act, Changes: changes, Records: []store.RecordPut{schemaRecord(cached.rev, doc)}}, nil
	})
	return schema, err
}

func schemaRecord(base int64, doc schemaDoc) store.RecordPut {
	body, err := json.Marshal(doc)
	if err != nil { // texts and numbers only
		panic("extcontacts: " + err.Error())
	}
	return store.RecordPut{Kind: recordSchema, Key: recordSchema, Base: base, Body: body}
}

// schemaChanges are the changes of the workspace, at the paths field.KEY and
// label.NAME.
func schemaChanges(old, new schemaDoc) []contacts.Change {
	was, is := map[string]string{}, map[string]string{}
	order := []string{}
	flatten := func(doc schemaDoc, into map[string]string) {
		add := func(path string, v any) {
			b, err := json.Marshal(v)
			if err != nil {
				panic("extcontacts: " + err.Error())
			}
			into[path] = string(b)
			if !slices.Contains(order, path) {
				order = append(order, path)
			}
		}
		for _, f := range doc.Fields {
			add("field."+f.Key, f)
		}
		for _, l := range doc.Labels {
			add("label."+l.Name, l)
		}
	}
	flatten(old, was)
	flatten(new, is)
	var out []contacts.Change
	for _, path := range order {
		if was[path] != is[path] {
			out = append(out, contacts.Change{Path: path, Old: was[path], New: is[path]})
		}
	}
	return out
}

// patchSchema carries out changes of the workspace, each of which must find
// the schema as it left it: the code is schema_changed_since where one does
// not.
func patchSchema(doc schemaDoc, changes []contacts.Change) (schemaDoc, error) {
	for _, ch := range changes {
		var err error
		if key, ok := strings.CutPrefix(ch.Path, "field."); ok {
			doc.Fields, err = patchDocs(doc.Fields, ch, func(f contacts.CustomField) bool { return f.Key == key })
		} else if name, ok := strings.CutPrefix(ch.Path, "label."); ok {
			doc.Labels, err = patchDocs(doc.Labels, ch, func(l contacts.Label) bool { return l.Name == name })
		}
		if err != nil {
			return doc, err
		}
	}
	_, err := contacts.NewSchema(doc.Fields, doc.Labels)
	return doc, err
}

func patchDocs[T any](docs []T, ch contacts.Change, is func(T) bool) ([]T, error) {
	i := slices.IndexFunc(docs, is)
	have := ""
	if i >= 0 {
		b, err := json.Marshal(docs[i])
		if err != nil {
			return docs, err
		}
		have = string(b)
	}
	if have != ch.Old {
		return docs, &CodeError{"schema_changed_since", ch.Path + " was changed again since; change it back by hand"}
	}
	if ch.New == "" {
		return slices.Delete(slices.Clone(docs), i, i+1), nil
	}
	var d T
	if err := json.Unmarshal([]byte(ch.New), &d); err != nil {
		return docs, err
	}
	if i < 0 {
		return append(slices.Clone(docs), d), nil
	}
	docs = slices.Clone(docs)
	docs[i] = d
	return docs, nil
}

// labelKey is what two spellings of one label have in common.
func labelKey(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// spellLabels writes the labels of c the way the workspace does.
func spellLabels(c *contacts.Contact, schema *contacts.Schema) {
	c.Labels = spelledLabels(c.Labels, schema, nil)
}

// spelledLabels returns labels the way the workspace writes them; those it does
// not have as in fresh, by [labelKey], and otherwise as they come first.
func spelledLabels(labels []string, schema *contacts.Schema, fresh map[string]string) []string {
	if len(labels) == 0 {
		return nil
	}
	out := make([]string, len(labels))
	for i, l := range labels {
		out[i] = l
		if name, ok := schema.Label(l); ok {
			out[i] = name
		} else if name, ok := fresh[labelKey(l)]; ok {
			out[i] = name
		} else if j := slices.IndexFunc(out[:i], func(m string) bool { return labelKey(m) == labelKey(l) }); j >= 0 {
			out[i] = out[j]
		}
	}
	return out
}

// addedLabels are the labels of c that none of the contacts it was made from
// has: who may not make labels can still edit a contact that has one which the
// workspace lost.
func addedLabels(c *contacts.Contact, of ...*contacts.Contact) []string {
	return slices.DeleteFunc(slices.Clone(c.Labels), func(l string) bool {
		return slices.ContainsFunc(of, func(o *contacts.Contact) bool { return slices.Contains(o.Labels, l) })
	})
}

// addLabels makes the labels that the workspace does not have yet part of the
// batch: using a label creates it, for who may change the schema.
func (s *Session) addLabels(b *store.Batch, cached *cachedSchema, used []string) error {
	var fresh []contacts.Label
	for _, l := range used {
		if _, ok := cached.schema.Label(l); ok {
			continue
		}
		if slices.ContainsFunc(fresh, func(f contacts.Label) bool { return labelKey(f.Name) == labelKey(l) }) {
			continue
		}
		fresh = append(fresh, contacts.Label{Name: l})
	}
	if len(fresh) == 0 {
		return nil
	}
	if s.may(contacts.RightSchema, nil) != nil {
		return &contacts.FieldError{Path: "labels", Code: "label_unknown", Hint: "the workspace has no such label"}
	}
	old := schemaDoc{cached.schema.Custom(), cached.schema.Labels()}
	doc := schemaDoc{old.Fields, append(slices.Clone(old.Labels), fresh...)}
	if _, err := contacts.NewSchema(doc.Fields, doc.Labels); err != nil {
		return err
	}
	b.Changes = append(b.Changes, schemaChanges(old, doc)...)
	b.Records = append(b.Records, schemaRecord(cached.rev, doc))
	return nil
}
