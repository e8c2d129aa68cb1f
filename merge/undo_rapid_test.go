package merge_test

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/merge"
)

func drawContact(t *rapid.T, id contacts.ID) *contacts.Contact {
	c := &contacts.Contact{ID: id}
	for range rapid.IntRange(0, 5).Draw(t, "values") {
		scribble(t, c)
	}
	return c.Normalize()
}

// scribble makes one random edit.
func scribble(t *rapid.T, c *contacts.Contact) {
	word := func() string { return rapid.SampledFrom([]string{"", "x", "y", "z"}).Draw(t, "word") }
	n := rapid.IntRange(0, 2).Draw(t, "n")
	switch rapid.IntRange(0, 15).Draw(t, "field") {
	case 0:
		c.FirstName = word()
	case 1:
		c.LastName = word()
	case 2:
		c.Company = word()
	case 3:
		c.Birthdate = contacts.Date{}
		if n > 0 {
			c.Birthdate = contacts.MustParseDate(fmt.Sprintf("1980-01-%02d", n))
		}
	case 4:
		c.Address = contacts.Address{Street: word(), City: word()}
	case 5:
		c.Type = contacts.Type(n)
	case 6, 7:
		p := phone(contacts.MobilePhone, fmt.Sprintf("+8521234567%d", n))
		if rapid.Bool().Draw(t, "raw") {
			p.Phone = contacts.MustParsePhone(fmt.Sprintf("+852 1234 567%d", n))
		}
		c.Phones = append(c.Phones, p)
	case 8:
		if len(c.Phones) > 0 {
			c.Phones = slices.Delete(c.Phones, n%len(c.Phones), n%len(c.Phones)+1)
		}
	case 9:
		if len(c.Phones) > 0 {
			for i := range c.Phones {
				c.Phones[i].Primary = i == n%len(c.Phones)
			}
		}
	case 10:
		c.Emails = append(c.Emails, email(contacts.WorkEmail, fmt.Sprintf("a%d@example.com", n)))
	case 11:
		if len(c.Emails) > 0 {
			c.Emails = slices.Delete(c.Emails, n%len(c.Emails), n%len(c.Emails)+1)
		}
	case 12:
		c.Labels = append(c.Labels, fmt.Sprintf("label%d", n))
	case 13:
		if len(c.Labels) > 0 {
			c.Labels = slices.Delete(c.Labels, n%len(c.Labels), n%len(c.Labels)+1)
		}
	case 14:
		if len(c.Phones) > 0 {
			c.Phones[n%len(c.Phones)].Verified = verified("agent")
		} else if len(c.Socials) == 0 {
			c.Socials = append(c.Socials, contacts.Social{Channel: contacts.LINE, Handle: "h" + word()})
		}
	case 15:
		c.Custom = maps.Clone(c.Custom)
		if c.Custom == nil {
			c.Custom = map[string]contacts.Value{}
		}
		c.Custom["tier"] = contacts.MakeValue(contacts.TextField, word())
		c.ExternalIDs = map[string]string{"crm": word()}
	}
	c.Normalize()
}

// TestUndoLaws runs random lives of a small book against the law.
func TestUndoLaws(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := newWorld(drawContact(t, "c0"), drawContact(t, "c1"))
		var snapshots []map[contacts.ID]*contacts.Contact
		for range rapid.IntRange(1, 14).Draw(t, "acts") {
			before := w.values()
			act := step(t, w)
			if act == "" {
				continue
			}
			checkUndoRightAfter(t, w, act, before)
			checkLaw(t, w)
			snapshots = append(snapshots, maps.Clone(w.now))
			if len(snapshots) != len(w.log) {
				t.Fatal("one entry an act")
			}
		}
		checkAsOf(t, w, snapshots)
		undoAll(t, w)
		for id, c := range w.now {
			want := w.first[id].Clone()
			if created(w, id) {
				want.State = contacts.Deleted
			}
			if d := contacts.Diff(want, c); len(d) > 0 {
				t.Fatalf("%s is not as it was at first: %v", id, d)
			}
		}
	})
}

func created(w *world, id contacts.ID) bool {
	return slices.ContainsFunc(w.log, func(e contacts.Entry) bool {
		return slices.ContainsFunc(e.Changes, func(ch contacts.Change) bool {
			return ch.Contact == id && ch.Path == contacts.PathCreated
		})
	})
}

// step does one random act; it returns the empty ID where none was possible.
func step(t *rapid.T, w *world) contacts.ID {
	var live []contacts.ID
	for _, id := range slices.Sorted(maps.Keys(w.now)) {
		if w.now[id].State == contacts.Live {
			live = append(live, id)
		}
	}
	kind := rapid.SampledFrom([]string{"create", "edit", "edit", "merge", "merge", "delete", "restore", "undo", "undo", "undo"}).Draw(t, "act")
	switch {
	case kind == "create" && len(w.now) < 6:
		return w.create(drawContact(t, contacts.ID(fmt.Sprintf("c%d", len(w.now)))))
	case kind == "edit" && len(live) > 0:
		return w.edit(rapid.SampledFrom(live).Draw(t, "id"), func(c *contacts.Contact) { scribble(t, c) })
	case kind == "merge" && len(live) > 1:
		ids := rapid.Permutation(live).Draw(t, "ids")
		ids = ids[:rapid.IntRange(2, min(4, len(ids))).Draw(t, "many")]
		was := maps.Clone(w.now)
		act, _ := w.merge(ids[0], ids[1:]...)
		checkNothingLost(t, w, was, ids)
		return act
	case kind == "delete" && len(live) > 0:
		return w.edit(rapid.SampledFrom(live).Draw(t, "id"), func(c *contacts.Contact) { c.State = contacts.Deleted })
	case kind == "restore":
		for _, id := range slices.Sorted(maps.Keys(w.now)) {
			if w.now[id].State == contacts.Deleted {
				return w.edit(id, func(c *contacts.Contact) { c.State = contacts.Live })
			}
		}
	case kind == "undo":
		if acts := undoable(w); len(acts) > 0 {
			act := rapid.SampledFrom(acts).Draw(t, "undo")
			was := w.values()
			id, plan := w.undo(act)
			checkKept(t, w, was, plan)
			return id
		}
	}
	return ""
}

func undoable(w *world) []contacts.ID {
	var out []contacts.ID
	for _, id := range slices.Sorted(maps.Keys(w.acts)) {
		if _, err := w.plan(id); err == nil {
			out = append(out, id)
		} else if !errors.Is(err, contacts.ErrInvalid) {
			panic(err)
		}
	}
	return out
}

// checkUndoRightAfter: undo is the identity on all values, and so is its undo.
func checkUndoRightAfter(t *rapid.T, w *world, act contacts.ID, before map[string]string) {
	after := w.values()
	v := &world{now: maps.Clone(w.now), acts: maps.Clone(w.acts), log: slices.Clone(w.log), first: maps.Clone(w.first)}
	undo, plan := v.undo(act)
	if len(plan.Clashes) > 0 {
		t.Fatalf("clashes right after %s: %v", act, plan.Clashes)
	}
	if changes := w.log[len(w.log)-1].Changes; len(changes) > 0 && changes[0].Path == contacts.PathCreated {
		c := w.now[changes[0].Contact].Clone()
		c.State = contacts.Deleted
		for val := range c.Values() {
			before[fmt.Sprint(c.ID, " ", val.Path, " ", val.Elem)] = val.Text
		}
	}
	if d := cmp.Diff(before, v.values()); d != "" {
		t.Fatalf("undo of %s right after is not the identity (-before +after):\n%s", act, d)
	}
	v.undo(undo)
	if d := cmp.Diff(after, v.values()); d != "" {
		t.Fatalf("undo of the undo of %s is not the identity (-before +after):\n%s", act, d)
	}
}

// checkLaw: every place holds what the law says; redirects are a forest.
func checkLaw(t *rapid.T, w *world) {
	for id, c := range w.now {
		have := map[[2]string]string{}
		for v := range c.Values() {
			have[[2]string{v.Path, v.Elem}] = v.Text
		}
		places := maps.Clone(have)
		for _, e := range w.log {
			for _, ch := range e.Changes {
				if ch.Contact == id && ch.Path != contacts.PathCreated {
					places[[2]string{ch.Path, ch.Elem()}] = ""
				}
			}
		}
		for p := range places {
			if p[0] == "state" || p[0] == "merged_into" || strings.HasPrefix(p[0], "primary_") {
				continue
			}
			if want, touched, _ := w.law(id, p[0], p[1]); touched && have[p] != want {
				t.Fatalf("%s %v is %q, by the law %q", id, p, have[p], want)
			}
		}
		if (c.State == contacts.Merged) != (c.MergedInto != "") {
			t.Fatalf("%s is %s and points at %q", id, c.State, c.MergedInto)
		}
		hops := 0
		for d := c; d.State == contacts.Merged; d = w.now[d.MergedInto] {
			if hops++; hops > len(w.now) {
				t.Fatalf("merges form a cycle at %s", id)
			}
		}
	}
}

// checkKept: a place that a later standing act set is kept, and named.
func checkKept(t *rapid.T, w *world, was map[string]string, plan *merge.UndoPlan) {
	now := w.values()
	for _, e := range w.log {
		if e.Act != plan.Root {
			continue
		}
		for _, ch := range e.Changes {
			if ch.IsProvenance() || ch.Path == contacts.PathCreated || ch.Path == "state" || ch.Path == "merged_into" {
				continue
			}
			_, _, by := w.law(ch.Contact, ch.Path, ch.Elem())
			if by == "" || by <= plan.Root {
				continue
			}
			name := fmt.Sprint(ch.Contact, " ", ch.Path, " ", ch.Elem())
			if !strings.HasPrefix(ch.Path, "primary_") && was[name] != now[name] {
				t.Fatalf("%s was edited later by %s and is not kept", name, by)
			}
			want := merge.Kept{ID: ch.Contact, Path: ch.Path, Elem: ch.Elem(), Why: merge.KeptEditedLater, By: by}
			if !slices.Contains(plan.Kept, want) {
				t.Fatalf("%v is not named in %v", want, plan.Kept)
			}
		}
	}
}

// checkNothingLost: a merge unites the lists and drops no value of anybody.
func checkNothingLost(t *rapid.T, w *world, was map[contacts.ID]*contacts.Contact, ids []contacts.ID) {
	have := map[[2]string]bool{}
	paths := map[string]bool{}
	for v := range w.now[ids[0]].Values() {
		have[[2]string{v.Path, v.Elem}] = true
		paths[v.Path] = true
	}
	for _, id := range ids {
		for v := range was[id].Values() {
			if v.Elem != "" && !have[[2]string{v.Path, v.Elem}] {
				t.Fatalf("%s of %s is lost: %s", v.Path, id, v.Elem)
			}
			if !strings.HasPrefix(v.Path, "address.") && !paths[v.Path] {
				t.Fatalf("%s of %s is blank after the merge", v.Path, id)
			}
		}
		if id != ids[0] && !w.now[id].Equal(was[id]) {
			t.Fatalf("%s lost its own values", id)
		}
		for _, p := range was[id].Phones {
			if !p.Verified.IsZero() && !slices.ContainsFunc(w.now[ids[0]].Phones, func(q contacts.ContactPhone) bool {
				return q.Kind == p.Kind && q.Phone.Number() == p.Phone.Number() && !q.Verified.IsZero()
			}) {
				t.Fatalf("the verified phone of %s is not verified after the merge", id)
			}
		}
	}
}

func checkAsOf(t *rapid.T, w *world, snapshots []map[contacts.ID]*contacts.Contact) {
	h := w.history()
	for id, c := range w.now {
		for i, snapshot := range snapshots {
			got, err := merge.AsOf(c, h.Steps[id], int64(i+1))
			if err != nil {
				t.Fatal(err)
			}
			want := snapshot[id]
			if (got == nil) != (want == nil) {
				t.Fatalf("%s as of %d: %v, want %v", id, i+1, got, want)
			}
			if got != nil {
				if d := contacts.Diff(want, got); len(d) > 0 {
					t.Fatalf("%s as of %d differs: %v", id, i+1, d)
				}
			}
		}
	}
}

// undoAll undoes every act that stands, in random order.
func undoAll(t *rapid.T, w *world) {
	var acts []contacts.ID
	for id, a := range w.acts {
		if a.UndoneBy == "" && a.Undoes == "" {
			acts = append(acts, id)
		}
	}
	slices.Sort(acts)
	if len(acts) == 0 {
		return
	}
	for _, id := range rapid.Permutation(acts).Draw(t, "order") {
		_, plan := w.undo(id)
		for _, c := range plan.Results {
			c.Normalize()
		}
		checkLaw(t, w)
	}
}
