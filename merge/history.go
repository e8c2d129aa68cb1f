package merge

import (
	"iter"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
)

// Step is one change in a contact's history with the act that made it.
type Step struct {
	// Seq is the place in the workspace's log of the entry that holds it.
	Seq    int64
	Act    contacts.ID
	Change contacts.Change
}

// History is what undo reads: the steps of contacts and the acts that made
// them.
type History struct {
	// Acts are the acts by id, with Undoes and UndoneBy as they are now.
	Acts map[contacts.ID]contacts.Act
	// Steps are all steps of each contact, oldest first.
	Steps map[contacts.ID][]Step
}

// Add appends the changes of a log entry. Entries must come in ascending order
// of Seq for each contact, and each contact's changes once.
func (h *History) Add(e contacts.Entry) {
	if h.Steps == nil {
		h.Steps = make(map[contacts.ID][]Step)
	}
	for _, ch := range e.Changes {
		h.Steps[ch.Contact] = append(h.Steps[ch.Contact], Step{Seq: e.Seq, Act: e.Act, Change: ch})
	}
}

// stands reports whether the changes of an act count: it is not undone and is
// not itself an undo, whose changes only follow from other acts' standing.
func (h History) stands(id contacts.ID) bool {
	a := h.Acts[id]
	return a.UndoneBy == "" && a.Undoes == ""
}

// check makes sure that every step has its act and its place in the order.
func (h History) check() error {
	for _, steps := range h.Steps {
		for i, s := range steps {
			if _, ok := h.Acts[s.Act]; !ok {
				return refused("steps", "act_unknown", "every step's act is needed")
			}
			if i > 0 && s.Seq < steps[i-1].Seq {
				return refused("steps", "steps_unordered", "oldest first")
			}
		}
	}
	return nil
}

// AsOf returns the contact as it was when the entry with the given Seq had
// just been written: it unwinds the later steps, of undos too, from the
// contact as it is now. It returns nil where the contact was created later.
// Rev, CreatedAt and UpdatedAt stay those of current. steps must be all steps
// of the contact after seq at least, oldest first. The error is that of
// [contacts.Patch], for a log that holds no canonical texts.
func AsOf(current *contacts.Contact, steps []Step, seq int64) (*contacts.Contact, error) {
	from := len(steps)
	for from > 0 && steps[from-1].Seq > seq {
		from--
		if steps[from].Change.Path == contacts.PathCreated {
			return nil, nil
		}
	}
	return unwind(current, steps[from:])
}

// place is where a value stands in a contact. State and merged_into are one
// place: the one says nothing without the other.
type place struct{ path, elem string }

var statePlace = place{path: "state"}

func placeOf(ch *contacts.Change) place {
	switch ch.Path {
	case contacts.PathCreated, "merged_into":
		return statePlace
	}
	return place{ch.Path, ch.Elem()}
}

// unwind takes back all the steps, newest first.
func unwind(c *contacts.Contact, steps []Step) (*contacts.Contact, error) {
	c = c.Clone()
	var back []contacts.Change
	for end := len(steps); end > 0; {
		start := end - 1
		for start > 0 && steps[start-1].Seq == steps[end-1].Seq {
			start--
		}
		back = back[:0]
		for i := end - 1; i >= start; i-- {
			ch := steps[i].Change
			ch.Old, ch.New = ch.New, ch.Old
			back = append(back, ch)
		}
		if err := contacts.Patch(c, back...); err != nil {
			return nil, err
		}
		end = start
	}
	return c, nil
}

// replay applies the steps of the acts that stand to the contact as it was at
// first.
func replay(base *contacts.Contact, steps []Step, stands func(contacts.ID) bool) (*contacts.Contact, error) {
	c := base.Clone()
	touched := false
	var changes []contacts.Change
	for entry := range entries(steps) {
		if !stands(entry[0].Act) {
			continue
		}
		touched = true
		changes = changes[:0]
		for _, s := range entry {
			changes = append(changes, s.Change)
		}
		if err := contacts.Patch(c, changes...); err != nil {
			return nil, err
		}
		settle(c)
	}
	if creator, ok := creation(steps, stands); creator != "" && !ok && !touched {
		c.State = contacts.Deleted
		settle(c)
	}
	return c, nil
}

// entries yields the runs of steps that were written together.
func entries(steps []Step) iter.Seq[[]Step] {
	return func(yield func([]Step) bool) {
		for len(steps) > 0 {
			n := slices.IndexFunc(steps, func(s Step) bool { return s.Seq != steps[0].Seq })
			if n < 0 {
				n = len(steps)
			}
			if !yield(steps[:n]) {
				return
			}
			steps = steps[n:]
		}
	}
}

// creation finds the act that created the contact and whether it stands.
func creation(steps []Step, stands func(contacts.ID) bool) (contacts.ID, bool) {
	for _, s := range steps {
		if s.Change.Path == contacts.PathCreated {
			return s.Act, stands(s.Act)
		}
	}
	return "", false
}

// settle keeps the pointer of a merged contact to merged contacts.
func settle(c *contacts.Contact) {
	if c.State != contacts.Merged {
		c.MergedInto = ""
	}
}
