package merge_test

import (
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/merge"
)

func person(id contacts.ID, first string, phones ...string) *contacts.Contact {
	c := &contacts.Contact{ID: id, FirstName: first, LastName: "Lee"}
	for _, n := range phones {
		c.Phones = append(c.Phones, phone(contacts.MobilePhone, n))
	}
	return c.Normalize()
}

const (
	phone1 = "+85290000001"
	phone2 = "+85290000002"
	phone3 = "+85290000003"
)

func TestUndoMergeKeepsLaterEdits(t *testing.T) {
	w := newWorld(person("a", "Ann", phone1), person("b", "", phone2))
	w.edit("b", func(c *contacts.Contact) { c.Company, c.JobTitle = "Acme", "Buyer" })
	act, _ := w.merge("a", "b")
	edit := w.edit("a", func(c *contacts.Contact) { c.Company = "Acme Ltd" })
	_, plan := w.undo(act)
	want := []merge.Kept{{ID: "a", Path: "company", Why: merge.KeptEditedLater, By: edit}}
	if d := cmp.Diff(want, plan.Kept); d != "" {
		t.Errorf("kept (-want +got):\n%s", d)
	}
	a, b := w.now["a"], w.now["b"]
	if a.Company != "Acme Ltd" || a.JobTitle != "" || len(a.Phones) != 1 || b.State != contacts.Live || b.Company != "Acme" {
		t.Errorf("after the undo:\n%+v\n%+v", a, b)
	}
	if len(plan.Results) != 2 || plan.Root != act || plan.Undoes != act || plan.Redo {
		t.Errorf("plan is %+v", plan)
	}
}

// A merged into B, B into C, and the first merge undone first: A lives again
// with its own values; what B had gained goes from B. C keeps what it was
// given by a merge that stands, and the plan says so.
func TestUndoChainInAnyOrder(t *testing.T) {
	for _, firstFirst := range []bool{true, false} {
		w := newWorld(person("a", "Ann", phone1), person("b", "Bob", phone2), person("c", "Cyd", phone3))
		before := w.values()
		ab, _ := w.merge("b", "a")
		bc, _ := w.merge("c", "b")
		if n := len(w.now["c"].Phones); n != 3 {
			t.Fatalf("c has %d phones", n)
		}
		if firstFirst {
			_, plan := w.undo(ab)
			want := []merge.Kept{{ID: "b", Path: "merged_into", Why: merge.KeptMergedFurther, By: bc}}
			if d := cmp.Diff(want, plan.Kept); d != "" {
				t.Errorf("kept (-want +got):\n%s", d)
			}
			if w.now["a"].State != contacts.Live || w.now["b"].MergedInto != "c" || len(w.now["c"].Phones) != 3 {
				t.Error("wrong state between the undos")
			}
			w.undo(bc)
		} else {
			w.undo(bc)
			w.undo(ab)
		}
		if d := cmp.Diff(before, w.values()); d != "" {
			t.Errorf("(-before +after both undos):\n%s", d)
		}
	}
}

// What another contact held when it was merged is not taken away by undoing
// the edit that had brought it to the survivor, too.
func TestUndoKeepsWhatMergedContactsHold(t *testing.T) {
	w := newWorld(person("a", "Ann"), person("b", "Ann", "+852 9000 0001"))
	edit := w.edit("a", func(c *contacts.Contact) {
		c.Phones = []contacts.ContactPhone{phone(contacts.MobilePhone, phone1)}
	})
	act, _ := w.merge("a", "b")
	_, plan := w.undo(edit)
	if len(w.now["a"].Phones) != 1 || len(plan.Restored) != 0 || len(plan.Kept) != 2 || plan.Kept[0].By != act {
		t.Errorf("kept %v, restored %v", plan.Kept, plan.Restored)
	}
	w.undo(act)
	if len(w.now["a"].Phones) != 0 {
		t.Error("the undone edit's phone is still there after the merge was undone, too")
	}
}

func TestUndoImportOfMergedContact(t *testing.T) {
	w := newWorld(person("a", "Ann", phone1))
	imported := w.create(person("b", "Bob", phone2))
	act, _ := w.merge("a", "b")
	_, plan := w.undo(imported)
	want := []merge.Kept{{ID: "b", Path: "state", Why: merge.KeptEditedLater, By: act}}
	if d := cmp.Diff(want, plan.Kept); d != "" || len(plan.Results) > 0 {
		t.Errorf("kept (-want +got):\n%s", d)
	}
	_, plan = w.undo(act) // now nothing that stands touches b: its creation is undone
	if w.now["b"].State != contacts.Deleted || len(w.now["a"].Phones) != 1 {
		t.Errorf("b is %s", w.now["b"].State)
	}
	if last := plan.Restored[len(plan.Restored)-1]; last.Path != "merged_into" || last.Old != "a" || last.New != "" {
		t.Errorf("restored %v", plan.Restored)
	}
}

func TestUndoOfDeletionAfterItsCreation(t *testing.T) {
	w := newWorld()
	imported := w.create(person("b", "Bob"))
	deleted := w.edit("b", func(c *contacts.Contact) { c.State = contacts.Deleted })
	w.undo(imported)
	_, plan := w.undo(deleted)
	want := []merge.Kept{{ID: "b", Path: "state", Why: merge.KeptCreationUndone, By: imported}}
	if d := cmp.Diff(want, plan.Kept); d != "" || w.now["b"].State != contacts.Deleted {
		t.Errorf("kept (-want +got):\n%s", d)
	}
}

// A merge that is done again does not tear a contact out of a later one.
func TestRedoOfMergeAfterTheOtherWay(t *testing.T) {
	w := newWorld(person("a", "Ann", phone1), person("b", "Bob", phone2))
	ba, _ := w.merge("a", "b")
	undo, _ := w.undo(ba)
	ab, _ := w.merge("b", "a")
	_, plan := w.undo(undo)
	if !plan.Redo || plan.Root != ba || plan.Undoes != undo {
		t.Errorf("plan is %+v", plan)
	}
	a, b := w.now["a"], w.now["b"]
	if a.MergedInto != "b" || b.State != contacts.Live || b.MergedInto != "" {
		t.Errorf("a is %s into %q, b is %s into %q", a.State, a.MergedInto, b.State, b.MergedInto)
	}
	want := merge.Kept{ID: "b", Path: "state", Why: merge.KeptEditedLater, By: ab}
	if len(plan.Kept) == 0 || plan.Kept[len(plan.Kept)-1] != want {
		t.Errorf("kept %v", plan.Kept)
	}
}

// Undoing the redoing of an act is undoing the act.
func TestUndoOfRedo(t *testing.T) {
	w := newWorld(person("a", "Ann"))
	edit := w.edit("a", func(c *contacts.Contact) { c.FirstName = "Anne" })
	undo, _ := w.undo(edit)
	redo, _ := w.undo(undo)
	if w.now["a"].FirstName != "Anne" {
		t.Fatal("not redone")
	}
	plan, err := w.plan(redo)
	if err != nil || plan.Undoes != edit || plan.Root != edit || plan.Redo {
		t.Fatalf("plan is %+v, %v", plan, err)
	}
	w.undo(redo)
	if w.now["a"].FirstName != "Ann" {
		t.Error("not undone")
	}
	if _, err := w.plan(redo); code(err) != "act_already_undone" {
		t.Errorf("undone twice: %v", err)
	}
}

func TestUndoOfPrimary(t *testing.T) {
	w := newWorld(person("a", "Ann", phone2))
	add := w.edit("a", func(c *contacts.Contact) { c.Phones = append(c.Phones, phone(contacts.MobilePhone, phone3)) })
	w.edit("a", func(c *contacts.Contact) { c.Phones[0].Primary, c.Phones[1].Primary = false, true })
	w.edit("a", func(c *contacts.Contact) { c.Phones = append(c.Phones, phone(contacts.MobilePhone, phone1)) })
	was := w.now["a"]
	undo, plan := w.undo(add) // takes the primary phone away; the one before it is primary again
	if got := w.now["a"].Phones[0].Phone.Number(); got != phone2 {
		t.Errorf("primary is %s", got)
	}
	if d := cmp.Diff(contacts.Diff(was, w.now["a"]), plan.Restored); d != "" {
		t.Errorf("restored (-want +got):\n%s", d)
	}
	w.undo(undo)
	if got := w.now["a"].Phones[0].Phone.Number(); got != phone3 {
		t.Errorf("primary is %s after the undo of the undo", got)
	}
}

func TestPlanUndoRefuses(t *testing.T) {
	w := newWorld(person("a", "Ann"))
	edit := w.edit("a", func(c *contacts.Contact) { c.FirstName = "Anne" })
	undo, _ := w.undo(edit)
	erase := w.commit(contacts.ActErase, "", nil)
	lost := w.commit(contacts.ActUndo, "", nil)
	w.acts[lost] = contacts.Act{ID: lost, Kind: contacts.ActUndo, Undoes: "unknown"}
	loop := w.commit(contacts.ActUndo, "", nil)
	w.acts[loop] = contacts.Act{ID: loop, Kind: contacts.ActUndo, Undoes: loop}
	for act, want := range map[contacts.ID]string{
		"nope": "act_unknown", edit: "act_already_undone", erase: "act_not_undoable", lost: "act_unknown", loop: "act_unknown",
	} {
		if _, err := w.plan(act); code(err) != want {
			t.Errorf("%s: %v, want %s", act, err, want)
		}
	}
	h := w.history()
	h.Steps["a"] = append(h.Steps["a"], merge.Step{Seq: 1, Act: edit})
	if _, err := merge.PlanUndo(undo, nil, h); code(err) != "steps_unordered" {
		t.Errorf("unordered: %v", err)
	}
	h.Steps["a"] = []merge.Step{{Seq: 1, Act: "stranger"}}
	if _, err := merge.PlanUndo(undo, nil, h); code(err) != "act_unknown" {
		t.Errorf("a step of an unknown act: %v", err)
	}
	h.Steps["a"] = []merge.Step{{Seq: 1, Act: edit, Change: contacts.Change{Contact: "a", Path: "level", Old: "No Such", New: "Primary"}}}
	if _, err := merge.PlanUndo(undo, []*contacts.Contact{w.now["a"]}, h); !errors.Is(err, contacts.ErrInvalid) {
		t.Errorf("a broken log: %v", err)
	}
	if _, err := merge.AsOf(w.now["a"], h.Steps["a"], 0); !errors.Is(err, contacts.ErrInvalid) {
		t.Errorf("a broken log: %v", err)
	}
}

func code(err error) string {
	var fe *contacts.FieldError
	if errors.As(err, &fe) {
		return fe.Code
	}
	return ""
}

func TestUndoNamesWhatItCannotBringBack(t *testing.T) {
	w := newWorld(person("a", "Ann"), person("b", "Bob"), person("c", "Cyd"))
	act, _ := w.merge("a", "b", "c")
	delete(w.now, "b")
	w.now["c"] = &contacts.Contact{ID: "c", State: contacts.Erased}
	plan, err := w.plan(act)
	if err != nil {
		t.Fatal(err)
	}
	want := []merge.Clash{{ID: "b", Why: merge.ClashMissing}, {ID: "c", Why: merge.ClashErased}}
	if d := cmp.Diff(want, plan.Clashes); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

// One act may touch a contact in several entries, and several times in one.
func TestUndoOfActInSeveralEntries(t *testing.T) {
	w := newWorld(person("a", "Ann"))
	before := w.values()
	act := w.edit("a", func(c *contacts.Contact) { c.FirstName = "B" })
	for _, name := range []string{"C", "D"} {
		c := w.now["a"].Clone()
		c.FirstName, c.Company = name, name
		second := c.Clone()
		second.FirstName = name + name
		w.log = append(w.log, contacts.Entry{Seq: int64(len(w.log) + 1), Act: act,
			Changes: append(contacts.Diff(w.now["a"], c), contacts.Diff(c, second)...)})
		w.now["a"] = second
	}
	if w.now["a"].FirstName != "DD" {
		t.Fatal("set-up")
	}
	undo, plan := w.undo(act)
	if d := cmp.Diff(before, w.values()); d != "" || len(plan.Kept) > 0 {
		t.Errorf("kept %v (-before +after):\n%s", plan.Kept, d)
	}
	w.undo(undo)
	if c := w.now["a"]; c.FirstName != "DD" || c.Company != "D" {
		t.Errorf("redone to %q %q", c.FirstName, c.Company)
	}
}

// Where a contact is not what its log says, an undo alters only what the act
// did.
func TestUndoUnderALogWithAGap(t *testing.T) {
	w := newWorld(person("a", "Ann"))
	w.edit("a", func(c *contacts.Contact) { c.Company = "Acme" })
	act := w.edit("a", func(c *contacts.Contact) { c.JobTitle = "Buyer" })
	w.now["a"].Company = "Beta"
	_, plan := w.undo(act)
	want := []contacts.Change{{Contact: "a", Path: "job_title", Old: "Buyer"}}
	if d := cmp.Diff(want, plan.Restored); d != "" || w.now["a"].Company != "Beta" {
		t.Errorf("restored (-want +got):\n%s", d)
	}
}
