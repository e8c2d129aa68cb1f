package extcontacts

import (
	"context"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// PersonFile is everything the book holds about one person, to be handed out as
// JSON: what privacy laws call the right of access.
type PersonFile struct {
	// Contact answers for the person; Merged are the contacts that were merged
	// into it, as they are kept.
	Contact *contacts.Contact   `json:"contact"`
	Merged  []*contacts.Contact `json:"merged,omitempty"`
	// Origins tell where each value of Contact comes from.
	Origins []Origin `json:"origins"`
	// History is the whole change log of all of them, oldest first.
	History []HistoryLine `json:"history"`
	// Activities are all that happened with them, oldest first.
	Activities []contacts.Activity `json:"activities"`
	// OptOuts are the identifiers by which nobody may write or call.
	OptOuts []contacts.Key `json:"opt_outs,omitempty"`
}

// HistoryLine is a line of the change log in a person's file. Its author is
// told, its values are those of the person.
type HistoryLine struct {
	Seq    int64            `json:"seq"`
	Act    contacts.ID      `json:"act"`
	Kind   contacts.ActKind `json:"kind"`
	At     string           `json:"at"` // RFC 3339
	Actor  contacts.ID      `json:"actor"`
	Source string           `json:"source,omitzero"`
	ID     contacts.ID      `json:"id"`
	Op     string           `json:"op"`
	Path   string           `json:"path,omitzero"`
	Old    string           `json:"old,omitzero"`
	New    string           `json:"new,omitzero"`
	From   contacts.ID      `json:"from,omitzero"`
}

// Person returns the whole file about one person: values, their sources, the
// history, activities and merges. It needs the right to it (person), which is
// apart from that to view.
func (s *Session) Person(ctx context.Context, id contacts.ID) (*PersonFile, error) {
	c, err := s.resolve(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := s.may(contacts.RightPerson, c); err != nil {
		return nil, err
	}
	f := &PersonFile{Contact: c, Origins: []Origin{}, History: []HistoryLine{}, Activities: []contacts.Activity{}}
	line, err := s.family(ctx, c.ID)
	if err != nil {
		return nil, err
	}
	for _, id := range line[1:] {
		m, err := s.raw(ctx, id)
		if err != nil {
			return nil, err
		}
		f.Merged = append(f.Merged, m)
	}
	if f.Origins, err = s.origins(ctx, c); err != nil {
		return nil, err
	}
	for o := (LogOptions{Limit: 1000}); ; {
		entries, err := s.familyLog(ctx, line, o)
		if err != nil {
			return nil, err
		}
		lines, err := s.logEntries(ctx, entries, false)
		if err != nil {
			return nil, err
		}
		for _, l := range lines {
			f.History = append(f.History, HistoryLine{l.Seq, l.Act, l.Kind, l.At.UTC().Format("2006-01-02T15:04:05.999999Z07:00"), l.Actor, l.Source,
				l.Change.Contact, l.Change.Op(), l.Change.Path, l.Change.Old, l.Change.New, l.Change.From})
		}
		if len(entries) < o.Limit {
			break
		}
		o.Before = entries[len(entries)-1].Seq
	}
	slices.Reverse(f.History)
	for q := (store.ActivityQuery{Contacts: line, Limit: 1000, Oldest: true}); ; {
		list, err := s.st().Activities(ctx, s.ws(), q)
		if err != nil {
			return nil, err
		}
		f.Activities = append(f.Activities, list...)
		if len(list) < q.Limit {
			break
		}
		q.BeforeAt, q.BeforeID = list[len(list)-1].At, list[len(list)-1].ID
	}
	f.OptOuts, err = s.OptOuts(ctx, c.ID)
	return f, err
}
