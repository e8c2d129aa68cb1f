package merge

import (
	"maps"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
)

// UndoPlan says what taking back an act will do: exactly that and nothing else.
type UndoPlan struct {
	// Undoes is the act to name in [contacts.Act.Undoes]. It is the act that was
	// asked for; only where that was itself the redoing of another act, it is
	// that other act.
	Undoes contacts.ID `json:"undoes"`
	// Root is the act whose changes are taken back or, with Redo, made again.
	Root contacts.ID `json:"root"`
	// Redo is set where Act is an undo: what it took back stands again.
	Redo bool `json:"redo,omitzero"`
	// Restored are the changes from the contacts as they are to Results.
	Restored []contacts.Change `json:"restored"`
	// Kept are the changes of Root that later acts have built upon. Their
	// places keep the value they have.
	Kept []Kept `json:"kept"`
	// Clashes are contacts that cannot be brought back; the rest can.
	Clashes []Clash `json:"clashes"`
	// Results are the contacts that change, as they will be (Rev not yet
	// raised), in ascending order of id.
	Results []*contacts.Contact `json:"-"`

	override []Kept
}

// Kept is one place that an undo leaves as it is.
type Kept struct {
	ID   contacts.ID `json:"id"`
	Path string      `json:"path"`
	// Elem identifies the element of a list path, as [contacts.PathValue] does.
	Elem string `json:"elem,omitzero"`
	// Why is one of the Kept codes.
	Why string `json:"why"`
	// By is the act that the place owes its value to.
	By contacts.ID `json:"by"`
}

// The reasons for which an undo leaves a place as it is.
const (
	// KeptEditedLater: a later act, which stands, set or confirmed the value.
	// At the path "state" of a contact that the act created: a later act
	// touched the contact, so it is not deleted.
	KeptEditedLater = "edited_later"
	// KeptMergedFurther: the contact has since been merged into another, and
	// what it had gained from this act was passed on there.
	KeptMergedFurther = "merged_further"
	// KeptCreationUndone: the act that created the contact is undone and no
	// act that stands touches it any more, so that it stays deleted.
	KeptCreationUndone = "creation_undone"
)

// PlanUndo plans to take back an act of any kind, whatever happened since.
//
// The law is a replay. An act stands when it is neither undone nor itself an
// undo. The value at a place (a contact, a path and, in a list, an element) is
// the New of the last change there that stands; where none does, it is the Old
// of the first change ever made there. To undo an act is to recompute the
// places it touched as if it did not stand; to undo an undo is to let the act
// it took back stand again. So acts can be undone in any order, and undoing
// all of them, in whatever order, leads back to the beginning.
//
// Three things follow their own nature: a contact whose creating act does not
// stand is deleted as soon as no other standing act touches it; merged_into is
// empty unless state is merged; and where the primary phone or email of a
// replay does not exist any more, the list keeps the primary it has or gets
// the first one.
//
// current must hold the contacts that the root act touched, and h all steps of
// each of them and all the acts of these steps. The contacts are not altered.
// Where a later act built upon what the root act did, the later value is kept.
// The caller decides otherwise by passing the entries of Kept of an earlier
// plan: these places get back the value they had before the root act, or with
// Redo the value it gave them. An entry that no place answers to, or that names
// a state, is refused with the code kept_unknown.
//
// An error is a *[contacts.FieldError] with one of the codes act_unknown,
// act_already_undone, act_not_undoable (an erasure), steps_unordered, or the
// error of [contacts.Patch] for a log that holds no canonical texts.
func PlanUndo(act contacts.ID, current []*contacts.Contact, h History, override ...Kept) (*UndoPlan, error) {
	plan, err := h.target(act)
	if err != nil {
		return nil, err
	}
	plan.override = slices.Clone(override)
	if err := h.check(); err != nil {
		return nil, err
	}
	now := make(map[contacts.ID]*contacts.Contact, len(current))
	for _, c := range current {
		if c != nil {
			now[c.ID] = c
		}
	}
	for _, id := range slices.Sorted(maps.Keys(h.Steps)) {
		steps := h.Steps[id]
		if !slices.ContainsFunc(steps, func(s Step) bool { return s.Act == plan.Root }) {
			continue
		}
		switch c := now[id]; {
		case c == nil:
			plan.Clashes = append(plan.Clashes, Clash{ID: id, Why: ClashMissing})
		case c.State == contacts.Erased:
			plan.Clashes = append(plan.Clashes, Clash{ID: id, Why: ClashErased})
		default:
			if err := plan.undo(c, steps, h); err != nil {
				return nil, err
			}
		}
	}
	if len(plan.override) > 0 {
		return nil, refused(plan.override[0].Path, "kept_unknown", "the entries of Kept of a plan for the same act, but no states")
	}
	return plan, nil
}

// target finds out which act is to stand or to fall.
func (h History) target(id contacts.ID) (*UndoPlan, error) {
	act, ok := h.Acts[id]
	if !ok {
		return nil, refused("act", "act_unknown", "")
	}
	plan := &UndoPlan{Undoes: id}
	for hops := 0; act.Undoes != ""; hops++ { // an undo flips what the act it names did
		plan.Redo = !plan.Redo
		if act, ok = h.Acts[act.Undoes]; !ok || hops > len(h.Acts) {
			return nil, refused("act", "act_unknown", "the act it undoes is needed, too")
		}
	}
	plan.Root = act.ID
	if !plan.Redo {
		plan.Undoes = plan.Root
	}
	switch {
	case act.Kind == contacts.ActErase:
		return nil, refused("act", "act_not_undoable", "what was erased is gone for good")
	case h.Acts[plan.Undoes].UndoneBy != "" || (act.UndoneBy == "") == plan.Redo:
		return nil, refused("act", "act_already_undone", "")
	}
	return plan, nil
}

// undo plans for one contact.
func (p *UndoPlan) undo(c *contacts.Contact, steps []Step, h History) error {
	if !p.Redo && len(steps) == 1 && steps[0].Change.Path == contacts.PathCreated && c.State == contacts.Live {
		// The replay of a contact that was only ever created, as most of an
		// import are: it goes.
		result := c.Clone()
		result.State = contacts.Deleted
		p.Restored = append(p.Restored, contacts.Change{Contact: c.ID, Path: "state", Old: c.State.String(), New: result.State.String()})
		p.Results = append(p.Results, result)
		return nil
	}
	base, err := unwind(c, steps)
	if err != nil {
		return err
	}
	standsThen := func(id contacts.ID) bool {
		if id == p.Root {
			return p.Redo
		}
		return h.stands(id)
	}
	before, err := replay(base, steps, h.stands)
	if err != nil {
		return err
	}
	after, err := replay(base, steps, standsThen)
	if err != nil {
		return err
	}
	result := after // before is c, as far as the log is the truth
	if !before.Equal(c) || before.State != c.State || before.MergedInto != c.MergedInto {
		// Where it is not, only what the replay alters is altered.
		result = c.Clone()
		if err := contacts.Patch(result, contacts.Diff(before, after)...); err != nil {
			return err
		}
		settle(result)
	}
	kept := p.kept(nil, c, result, steps, standsThen)
	kept, err = p.overrule(kept, result, steps)
	if err != nil {
		return err
	}
	p.Kept = append(p.Kept, kept...)
	if changes := contacts.Diff(c, result); len(changes) > 0 {
		p.Restored = append(p.Restored, changes...)
		p.Results = append(p.Results, result)
	}
	return nil
}

// kept appends the places where the root act's change is not what decides.
func (p *UndoPlan) kept(dst []Kept, c, result *contacts.Contact, steps []Step, stands func(contacts.ID) bool) []Kept {
	last := make(map[place]int) // the last standing change of another act at each place
	lastAny := -1
	creator, creatorStands := creation(steps, stands)
	for i, s := range steps {
		if s.Act != p.Root && stands(s.Act) {
			last[placeOf(&s.Change)] = i
			lastAny = i
		}
	}
	name := func(at place, why string, by contacts.ID) {
		dst = append(dst, Kept{ID: c.ID, Path: at.path, Elem: at.elem, Why: why, By: by})
	}
	own := make(map[place]int) // the root act's last change at each place
	var order []place
	passedOn := false
	for i, s := range steps {
		if s.Act != p.Root || s.Change.IsProvenance() {
			continue
		}
		at := placeOf(&s.Change)
		if _, seen := own[at]; !seen {
			order = append(order, at)
		}
		own[at] = i
		passedOn = passedOn || at != statePlace
	}
	for _, at := range order {
		later, ok := last[at]
		switch {
		case at == statePlace && creator == p.Root && !p.Redo:
			if lastAny >= 0 {
				name(at, KeptEditedLater, steps[lastAny].Act)
			}
		case ok && later > own[at]:
			name(at, KeptEditedLater, steps[later].Act)
		case at == statePlace && creator != "" && !creatorStands && lastAny < 0 && !p.Redo:
			name(at, KeptCreationUndone, creator)
		}
	}
	if at, ok := last[statePlace]; ok && passedOn && result.State == contacts.Merged {
		name(place{path: "merged_into"}, KeptMergedFurther, steps[at].Act)
	}
	return dst
}

// overrule gives the places that the caller chose the value that the root act
// found there, or gave them, and returns what is still kept.
func (p *UndoPlan) overrule(kept []Kept, result *contacts.Contact, steps []Step) ([]Kept, error) {
	var left []Kept
	for _, k := range kept {
		at := place{k.Path, k.Elem}
		i := slices.IndexFunc(p.override, func(o Kept) bool { return o.ID == k.ID && o.Path == k.Path && o.Elem == k.Elem })
		if i < 0 || k.Why != KeptEditedLater || at == statePlace {
			left = append(left, k)
			continue
		}
		p.override = slices.Delete(p.override, i, i+1)
		var want string
		found := false
		for _, s := range steps {
			if s.Act != p.Root || placeOf(&s.Change) != at || s.Change.IsProvenance() {
				continue
			}
			if p.Redo {
				want = s.Change.New
			} else if !found {
				want = s.Change.Old
			}
			found = true
		}
		have := ""
		for v := range result.Values() {
			if v.Path == at.path && v.Elem == at.elem {
				have = v.Text
			}
		}
		if have == want {
			continue
		}
		if err := contacts.Patch(result, contacts.Change{Contact: result.ID, Path: at.path, Old: have, New: want}); err != nil {
			return nil, err
		}
	}
	return left, nil
}
