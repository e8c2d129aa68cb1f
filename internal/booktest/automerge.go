package booktest

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/merge"
)

// testAutoMerge merges whatever is certain as one act, leaves the rest to
// people and takes all of it back, with a later edit kept.
func testAutoMerge(k *kit) {
	var first []contacts.ID
	for i, name := range []string{"Ann Lindqvist", "Robert Becker", "Carla Duarte", "Dmitri Ivanov", "Elena Moreau", "Farid Hassan", "Grace Kowalczyk", "Hugo Jensen"} {
		a, b := person(name, fmt.Sprintf("+8529123%04d", i*101)), person(name, fmt.Sprintf("+8529123%04d", i*101))
		b.Company = "Acme"
		first = append(first, k.create(a).ID)
		k.create(b)
	}
	clash := [2]*contacts.Contact{person("Bo Kowalski", "+85291110001"), person("Bo Kowalski", "+85291110001")}
	clash[0].Birthdate, clash[1].Birthdate = contacts.MustParseDate("1980-02-03"), contacts.MustParseDate("1980-02-04")
	k.create(clash[0])
	k.create(clash[1])
	before := k.all()
	auto, err := k.s.PlanAutoMerge(k.ctx, "", extcontacts.AutoMergeOptions{})
	k.must(err)
	if len(auto.Plans) != 8 || len(auto.Stopped) != 1 || auto.Stopped[0].Why != merge.ClashBirthdate {
		k.Fatalf("%d plans, stopped %+v", len(auto.Plans), auto.Stopped)
	}
	k.same(before) // a plan writes nothing
	act, err := k.s.MergeAll(k.ctx, auto.Plans)
	k.must(err)
	if act.Counts.Merged != 8 || act.Counts.Updated != 8 {
		k.Errorf("counts %+v", act.Counts)
	}
	for _, id := range first {
		if c := k.get(id); c.Company != "Acme" {
			k.Errorf("%s has not got the company: %+v", id, c)
		}
	}
	_, err = k.s.MergeAll(k.ctx, auto.Plans)
	if !errors.Is(err, extcontacts.ErrConflict) {
		k.Errorf("the same plans again: %v", err)
	}
	survivor := auto.Plans[3].Survivor.ID
	k.edit(survivor, func(c *contacts.Contact) { c.Team = "North" })
	k.undo(act.ID)
	before[survivor].Team = "North"
	k.same(before)
	_, err = k.s.PlanAutoMerge(k.ctx, "", extcontacts.AutoMergeOptions{Above: 2})
	k.wantCode(err, "confidence_invalid")
	_, err = k.s.MergeAll(k.ctx, []*merge.Plan{auto.Plans[0], auto.Plans[0]})
	if err == nil {
		k.Error("one contact in two plans was merged")
	}
}

// testUndoOverride takes back a value that was edited later, as the caller
// says.
func testUndoOverride(k *kit) {
	a, b := k.create(person("Ann Lee", "+85291234567")), person("Ann Lee")
	b.Company = "Acme"
	act := k.merge(a.ID, k.create(b).ID)
	k.edit(a.ID, func(c *contacts.Contact) { c.Company = "Beta" })
	plan, err := k.s.PlanUndo(k.ctx, act.ID)
	k.must(err)
	if len(plan.Kept) != 1 || plan.Kept[0].Path != "company" || plan.Kept[0].Why != merge.KeptEditedLater {
		k.Fatalf("kept %+v", plan.Kept)
	}
	wrong := plan.Kept[0]
	wrong.Path = "job_title"
	_, err = k.s.PlanUndo(k.ctx, act.ID, wrong)
	k.wantCode(err, "kept_unknown")
	plan, err = k.s.PlanUndo(k.ctx, act.ID, plan.Kept...)
	k.must(err)
	if len(plan.Kept) != 0 {
		k.Errorf("still kept %+v", plan.Kept)
	}
	_, err = k.s.Undo(k.ctx, plan)
	k.must(err)
	if c := k.get(a.ID); c.Company != "" {
		k.Errorf("the company is %q", c.Company)
	}
}

// testDuplicateRules: an edit or a new contact that is somebody's duplicate is
// let through, told, or refused.
func testDuplicateRules(k *kit) {
	var told []contacts.ID
	book, err := extcontacts.Open(k.ctx, k.st, extcontacts.Options{
		Workspace: "acme", Now: func() time.Time { return k.clock }, Duplicates: extcontacts.BlockDuplicates,
		Suspected: func(_ context.Context, c *contacts.Contact, found []merge.Pair) {
			for _, p := range found {
				told = append(told, p.B)
			}
		},
	})
	k.must(err)
	s := book.As(k.s.Actor())
	a, err := s.Create(k.ctx, person("Ann Lee", "+85291234567"))
	k.must(err)
	suspects, err := s.Suspects(k.ctx, person("Ann Lee", "+85291234567"))
	k.must(err)
	if len(suspects) != 1 || suspects[0].Verdict != merge.Same || suspects[0].B != a.ID {
		k.Errorf("suspects %+v", suspects)
	}
	_, err = s.Create(k.ctx, person("Ann Lee", "+85291234567"))
	var blocked *extcontacts.DuplicateError
	if !errors.As(err, &blocked) || len(blocked.Pairs) != 1 || blocked.Pairs[0].B != a.ID || !errors.Is(err, extcontacts.ErrConflict) {
		k.Fatalf("a certain duplicate: %v", err)
	}
	b, err := s.Create(k.ctx, &contacts.Contact{LastName: "customer", Phones: person("x", "+85291234567").Phones}) // somebody behind that number: a warning
	k.must(err)
	if !slices.Equal(told, []contacts.ID{a.ID}) {
		k.Errorf("told of %v", told)
	}
	_, err = s.Edit(k.ctx, b.ID, 0, func(c *contacts.Contact) error { c.FirstName, c.LastName = "Ann", "Lee"; return nil })
	if !errors.As(err, &blocked) {
		k.Errorf("an edit into a duplicate: %v", err)
	}
	if c := k.get(b.ID); c.LastName != "customer" {
		k.Errorf("the refused edit was made: %+v", c)
	}
	_, err = s.Edit(k.ctx, a.ID, 0, func(c *contacts.Contact) error { c.Team = "North"; return nil })
	k.must(err) // nothing new to suspect
	told = nil
	_, err = s.Duplicating(extcontacts.WarnDuplicates).Create(k.ctx, person("Ann Lee", "+85291234567"))
	k.must(err)
	if len(told) != 2 {
		k.Errorf("told of %v", told)
	}
	_, err = s.Duplicating(extcontacts.AllowDuplicates).Create(k.ctx, person("Ann Lee", "+85291234567"))
	k.must(err)
	if len(told) != 2 {
		k.Errorf("told of %v", told)
	}
}

// testLearnModel: a model that was learnt from the book and kept gives a pair
// one verdict in the search and in suggestions, and another than the shipped
// one.
func testLearnModel(k *kit) {
	_, err := k.s.LearnModel(k.ctx, "")
	k.wantCode(err, "contacts_few")
	n := 0
	for _, first := range []string{"Robert", "Carla", "Dmitri", "Elena", "Farid", "Grace", "Hugo", "Ingrid", "Joaquin", "Kerstin"} {
		for _, last := range []string{"Becker", "Duarte", "Ivanov", "Moreau", "Hassan", "Kowalczyk", "Jensen", "Lindqvist", "Okafor", "Papadakis"} {
			k.create(person(first+" "+last, fmt.Sprintf("+8529%07d", n*98_761%10_000_000)))
			n++
		}
	}
	a := k.create(person("Ann Lee", "+85298880001"))
	b := k.create(person("Ann Lee", "+85298880001"))
	learnt, err := k.s.LearnModel(k.ctx, "")
	k.must(err)
	body, err := learnt.MarshalJSON()
	k.must(err)
	kept := &merge.Model{}
	k.must(kept.UnmarshalJSON(body))
	book, err := extcontacts.Open(k.ctx, k.st, extcontacts.Options{Workspace: "acme", Now: func() time.Time { return k.clock }, Model: kept})
	k.must(err)
	score := func(s *extcontacts.Session) float64 {
		found, err := s.FindDuplicates(k.ctx, "", extcontacts.DuplicateOptions{})
		k.must(err)
		pairs := slices.DeleteFunc(slices.Collect(found.Pairs()), func(p merge.Pair) bool { return p.A != a.ID && p.B != a.ID })
		suggested, err := s.Suggest(k.ctx, a.ID)
		k.must(err)
		if len(pairs) != 1 || len(suggested) != 1 || suggested[0].B != b.ID || pairs[0].Score != suggested[0].Score || pairs[0].Verdict != suggested[0].Verdict {
			k.Fatalf("found %d pairs, suggested %d", len(pairs), len(suggested))
		}
		return pairs[0].Score
	}
	if x, y := score(k.s), score(book.As(k.s.Actor())); x == y {
		k.Errorf("the learnt model says what the shipped one says, %v", x)
	}
}
