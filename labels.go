package extcontacts

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
)

// RenameLabel gives a label another name, on every contact that has it. Where
// there is a label by the new name the two become one, with the colour of that
// one. Undoing the act takes both back.
func (s *Session) RenameLabel(ctx context.Context, name, to string) (contacts.Act, error) {
	return s.relabel(ctx, []string{name}, to)
}

// MergeLabels makes labels one: contacts that have any of them have into
// instead, which must exist.
func (s *Session) MergeLabels(ctx context.Context, into string, from ...string) (contacts.Act, error) {
	return s.relabel(ctx, from, into)
}

// DropLabel takes a label away, from the workspace and from every contact.
func (s *Session) DropLabel(ctx context.Context, name string) (contacts.Act, error) {
	return s.relabel(ctx, []string{name}, "")
}

// relabel replaces labels; an empty name takes them away.
func (s *Session) relabel(ctx context.Context, from []string, to string) (contacts.Act, error) {
	act := s.act(contacts.ActSchema, "")
	res, err := s.commitNext(ctx, func(ctx context.Context) (*store.Batch, error) {
		if err := s.may(contacts.RightSchema, nil); err != nil {
			return nil, err
		}
		cached, err := s.book.loadSchema(ctx)
		if err != nil {
			return nil, err
		}
		old := schemaDoc{cached.schema.Custom(), cached.schema.Labels()}
		doc := schemaDoc{old.Fields, slices.Clone(old.Labels)}
		place := func(name string) int {
			return slices.IndexFunc(doc.Labels, func(l contacts.Label) bool { return labelKey(l.Name) == labelKey(name) })
		}
		target := to
		if i := place(to); to != "" && i >= 0 && !(len(from) == 1 && labelKey(from[0]) == labelKey(to)) {
			target = doc.Labels[i].Name
		}
		gone := map[string]bool{}
		for _, name := range from {
			i := place(name)
			if i < 0 {
				return nil, &contacts.FieldError{Path: "labels", Code: "label_unknown", Hint: "the workspace has no such label"}
			}
			l := doc.Labels[i]
			if l.Name == target {
				continue
			}
			gone[l.Name] = true
			doc.Labels = slices.Delete(doc.Labels, i, i+1)
			if target != "" && place(target) < 0 {
				l.Name = target
				doc.Labels = slices.Insert(doc.Labels, min(i, len(doc.Labels)), l)
			}
		}
		if len(gone) == 0 {
			return nil, nil
		}
		if _, err := contacts.NewSchema(doc.Fields, doc.Labels); err != nil {
			return nil, err
		}
		act.Counts = contacts.Counts{}
		b := &store.Batch{Changes: schemaChanges(old, doc), Records: []store.RecordPut{schemaRecord(cached.rev, doc)}}
		for c, err := range s.st().Scan(ctx, s.ws(), "") {
			if err != nil {
				return nil, err
			}
			if c.State == contacts.Erased || !slices.ContainsFunc(c.Labels, func(l string) bool { return gone[l] }) {
				continue
			}
			d := c.Clone()
			d.Labels = slices.DeleteFunc(d.Labels, func(l string) bool { return gone[l] })
			if target != "" {
				d.Labels = append(d.Labels, target)
			}
			b.Changes = append(b.Changes, contacts.Diff(c, d.Normalize())...)
			b.Put = append(b.Put, stamp(&act, c, d))
			if act.Counts.Updated++; act.Counts.Updated > MaxFieldContacts {
				return nil, &CodeError{"too_many_contacts", fmt.Sprintf("more than %d contacts have the label; take it from some first", MaxFieldContacts)}
			}
		}
		b.Act = act
		return b, nil
	})
	return written(act, res, err)
}

// RenameGroup gives every contact of a group, whatever its case, another one;
// an empty name takes them out of it. The rights of each contact count, as in
// [Session.EditMatching].
func (s *Session) RenameGroup(ctx context.Context, name, to string, o BulkOptions) (BulkReport, error) {
	if strings.TrimSpace(name) == "" {
		return BulkReport{}, &contacts.FieldError{Path: "group", Code: "required"}
	}
	q, err := search.New(search.Where("group", search.Equal, name), search.Options{})
	if err != nil {
		return BulkReport{}, err
	}
	return s.EditMatching(ctx, q.String(), func(c *contacts.Contact) error { c.Group = to; return nil }, o)
}
