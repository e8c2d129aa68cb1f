package merge_test

import (
	"fmt"
	"maps"
	"slices"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/merge"
)

// world is a contact book in a few lines: contacts, log and acts, written the
// way a session writes them.
type world struct {
	now   map[contacts.ID]*contacts.Contact
	acts  map[contacts.ID]contacts.Act
	log   []contacts.Entry
	first map[contacts.ID]*contacts.Contact // as each contact was at first
}

func newWorld(cs ...*contacts.Contact) *world {
	w := &world{now: map[contacts.ID]*contacts.Contact{}, acts: map[contacts.ID]contacts.Act{}, first: map[contacts.ID]*contacts.Contact{}}
	for _, c := range cs {
		w.put(c.Clone().Normalize())
	}
	return w
}

func (w *world) put(c *contacts.Contact) {
	if w.first[c.ID] == nil {
		w.first[c.ID] = c.Clone()
	}
	w.now[c.ID] = c
}

// commit writes an act with its changes and contacts.
func (w *world) commit(kind contacts.ActKind, undoes contacts.ID, changes []contacts.Change, cs ...*contacts.Contact) contacts.ID {
	id := contacts.ID(fmt.Sprintf("act%03d", len(w.acts)+1))
	w.acts[id] = contacts.Act{ID: id, Kind: kind, Undoes: undoes}
	if undoes != "" {
		was := w.acts[undoes]
		was.UndoneBy = id
		w.acts[undoes] = was
		if stands := w.acts[was.Undoes]; was.Undoes != "" {
			stands.UndoneBy = ""
			w.acts[was.Undoes] = stands
		}
	}
	w.log = append(w.log, contacts.Entry{Seq: int64(len(w.log) + 1), Act: id, Part: 1, Changes: changes})
	for _, c := range cs {
		w.put(c)
	}
	return id
}

func (w *world) create(c *contacts.Contact) contacts.ID {
	c = c.Clone().Normalize()
	return w.commit(contacts.ActImport, "", []contacts.Change{{Contact: c.ID, Path: contacts.PathCreated}}, c)
}

func (w *world) edit(id contacts.ID, f func(c *contacts.Contact)) contacts.ID {
	c := w.now[id].Clone()
	f(c)
	c.Normalize()
	return w.commit(contacts.ActEdit, "", contacts.Diff(w.now[id], c), c)
}

func (w *world) merge(survivor contacts.ID, others ...contacts.ID) (contacts.ID, *merge.Plan) {
	var cs []*contacts.Contact
	for _, id := range others {
		cs = append(cs, w.now[id])
	}
	p, err := merge.NewPlan(w.now[survivor], cs)
	if err != nil {
		panic(err)
	}
	return w.commit(contacts.ActMerge, "", p.Changes(), append(p.Merged(), p.Result)...), p
}

func (w *world) history() merge.History {
	h := merge.History{Acts: maps.Clone(w.acts)}
	for _, e := range w.log {
		h.Add(e)
	}
	return h
}

func (w *world) plan(act contacts.ID) (*merge.UndoPlan, error) {
	return merge.PlanUndo(act, slices.Collect(maps.Values(w.now)), w.history())
}

func (w *world) undo(act contacts.ID) (contacts.ID, *merge.UndoPlan) {
	p, err := w.plan(act)
	if err != nil {
		panic(err)
	}
	return w.commit(contacts.ActUndo, p.Undoes, p.Restored, p.Results...), p
}

// values are all values of all contacts, state included.
func (w *world) values() map[string]string {
	m := map[string]string{}
	for id, c := range w.now {
		for v := range c.Values() {
			m[fmt.Sprint(id, " ", v.Path, " ", v.Elem)] = v.Text
		}
	}
	return m
}

// law computes by brute force what the replay law says about a place.
func (w *world) law(id contacts.ID, path, elem string) (value string, touched bool, by contacts.ID) {
	base, known := "", false
	for _, e := range w.log {
		for _, ch := range e.Changes {
			if ch.Contact != id || ch.Path != path || ch.Path == contacts.PathCreated || ch.Elem() != elem {
				continue
			}
			if !known {
				base, known = ch.Old, true
			}
			if a := w.acts[e.Act]; a.UndoneBy == "" && a.Undoes == "" {
				value, touched, by = ch.New, true, e.Act
			}
		}
	}
	if !touched {
		return base, known, ""
	}
	return value, true, by
}

var verifiedAt = time.Date(2026, 3, 1, 9, 0, 0, 0, time.UTC)

func verified(by contacts.ID) contacts.Verification {
	return contacts.NewVerification("call", verifiedAt, string(by))
}

func phone(kind contacts.PhoneKind, number string) contacts.ContactPhone {
	return contacts.ContactPhone{Kind: kind, Phone: contacts.MustParsePhone(number)}
}

func email(kind contacts.EmailKind, address string) contacts.ContactEmail {
	return contacts.ContactEmail{Kind: kind, Email: contacts.MustParseEmail(address)}
}
