package booktest

import (
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/merge"
)

func testMergeUndo(k *kit) {
	a := person("Ann Lee", "+85291234567")
	a.Labels = []string{"VIP"}
	b := person("Ann Leigh", "+85291234567", "ann@example.com")
	b.Company, b.Labels = "Acme", []string{"Newsletter"}
	b.ExternalIDs = map[string]string{"crm": "7"}
	x, y := k.create(a), k.create(b)
	pairs, err := k.s.Suggest(k.ctx, x.ID)
	k.must(err)
	if len(pairs) != 1 || pairs[0].B != y.ID && pairs[0].A != y.ID || len(pairs[0].Reasons) == 0 {
		k.Fatalf("suggested %+v", pairs)
	}
	before := k.all()
	plan, err := k.s.PlanMerge(k.ctx, x.ID, []contacts.ID{y.ID}, merge.Take("last_name", y.ID))
	k.must(err)
	act, err := k.s.Merge(k.ctx, plan)
	k.must(err)
	got := k.get(y.ID)
	if got.ID != x.ID || got.LastName != "Leigh" || got.Company != "Acme" || len(got.Phones) != 1 || len(got.Emails) != 1 ||
		!slices.Equal(got.Labels, []string{"Newsletter", "VIP"}) || got.ExternalIDs["crm"] != "7" {
		k.Errorf("merged %+v", got)
	}
	if !got.Equal(plan.Result) {
		k.Error("the merge is not what was planned")
	}
	if n := k.count(""); n != 1 {
		k.Errorf("%d live", n)
	}
	k.undo(act.ID)
	k.same(before)
	if n := k.count("ann"); n != 2 {
		k.Errorf("%d found after the undo", n)
	}
	// Undoing the undo merges again, with the chosen field.
	undo, err := k.s.Acts(k.ctx, 0, 1)
	k.must(err)
	k.undo(undo[0].ID)
	redo, err := k.s.Acts(k.ctx, 0, 1)
	k.must(err)
	if c := redo[0].Counts; c.Merged != 1 || c.Deleted != 0 {
		k.Errorf("merging again counts %+v", c)
	}
	if again := k.get(y.ID); again.ID != x.ID || !again.Equal(got) {
		k.Errorf("merged again %+v", again)
	}
}

func testMergeActivities(k *kit) {
	a, b := k.create(person("Ann Lee")), k.create(person("Ann Lee"))
	for i, c := range []*contacts.Contact{a, b, b} {
		_, err := k.s.RecordActivity(k.ctx, c.ID, contacts.Activity{Kind: contacts.Call, At: k.clock.Add(time.Duration(i) * time.Hour), Text: "call"})
		k.must(err)
	}
	first, err := k.s.RecordActivity(k.ctx, b.ID, contacts.Activity{Kind: contacts.Enquiry, Status: contacts.EnquiryOpen, Ref: "E1", Agents: []contacts.ID{"x"}})
	k.must(err)
	act := k.merge(a.ID, b.ID)
	all, err := k.s.Activities(k.ctx, a.ID, extcontacts.TimelineOptions{})
	k.must(err)
	if len(all.Activities) != 4 {
		k.Fatalf("%d activities after the merge", len(all.Activities))
	}
	second, err := k.s.RecordActivity(k.ctx, a.ID, contacts.Activity{Kind: contacts.Enquiry, Status: contacts.EnquiryClosed, Ref: "E1", At: first.At})
	k.must(err)
	if second.ID != first.ID || second.Contact != b.ID {
		k.Errorf("the enquiry was recorded anew: %+v", second)
	}
	page, err := k.s.Activities(k.ctx, a.ID, extcontacts.TimelineOptions{Limit: 2})
	k.must(err)
	rest, err := k.s.Activities(k.ctx, a.ID, extcontacts.TimelineOptions{Cursor: page.Next})
	k.must(err)
	if len(page.Activities)+len(rest.Activities) != 4 || rest.Next != "" {
		k.Errorf("pages of %d and %d", len(page.Activities), len(rest.Activities))
	}
	k.undo(act.ID)
	for id, want := range map[contacts.ID]int{a.ID: 1, b.ID: 3} {
		if all, err := k.s.Activities(k.ctx, id, extcontacts.TimelineOptions{}); err != nil || len(all.Activities) != want {
			k.Errorf("%d activities of %s after the undo, want %d (%v)", len(all.Activities), id, want, err)
		}
	}
	_, err = k.s.RecordActivity(k.ctx, a.ID, contacts.Activity{Kind: "dance"})
	k.wantErr(err, extcontacts.ErrInvalid)
}

func testOldIDs(k *kit) {
	a, b, c := k.create(person("Ann One")), k.create(person("Ann Two")), k.create(person("Ann Three"))
	k.merge(b.ID, c.ID)
	k.merge(a.ID, b.ID)
	if got := k.get(c.ID); got.ID != a.ID {
		k.Errorf("%s answers for %s", got.ID, c.ID)
	}
	if d := k.edit(c.ID, func(c *contacts.Contact) { c.Team = "x" }); d.ID != a.ID {
		k.Errorf("edited %s", d.ID)
	}
	_, err := k.s.PlanMerge(k.ctx, a.ID, []contacts.ID{c.ID})
	k.wantErr(err, extcontacts.ErrInvalid)
	log, err := k.s.Log(k.ctx, a.ID, extcontacts.LogOptions{})
	k.must(err)
	seen := map[contacts.ID]bool{}
	for _, e := range log.Entries {
		seen[e.Change.Contact] = true
	}
	if len(seen) != 3 {
		k.Errorf("the survivor's log shows %d of 3 histories", len(seen))
	}
}

func testStalePlan(k *kit) {
	a, b := k.create(person("Ann Lee")), k.create(person("Ann Leigh"))
	plan, err := k.s.PlanMerge(k.ctx, a.ID, []contacts.ID{b.ID})
	k.must(err)
	k.edit(b.ID, func(c *contacts.Contact) { c.Team = "Sales" })
	before := k.all()
	_, err = k.s.Merge(k.ctx, plan)
	var conflict *extcontacts.ConflictError
	if !errors.As(err, &conflict) || conflict.ID != b.ID || !slices.Equal(conflict.Fields, []string{"team"}) {
		k.Errorf("a stale plan: %v", err)
	}
	k.same(before)
}

func testUndoLater(k *kit) {
	a, b := k.create(person("Ann Lee")), k.create(person("Ann Leigh", "ann@example.com"))
	k.edit(b.ID, func(c *contacts.Contact) { c.Company, c.Team = "Acme", "Sales" })
	act := k.merge(a.ID, b.ID)
	k.edit(a.ID, func(c *contacts.Contact) { c.Company = "Acme International"; c.JobTitle = "CEO" })
	plan := k.undo(act.ID)
	if len(plan.Kept) != 1 || plan.Kept[0].Path != "company" || plan.Kept[0].ID != a.ID {
		k.Errorf("kept %+v", plan.Kept)
	}
	got := k.get(a.ID)
	if got.Company != "Acme International" || got.JobTitle != "CEO" || got.Team != "" || len(got.Emails) != 0 {
		k.Errorf("after the undo %+v", got)
	}
	if back := k.get(b.ID); back.ID != b.ID || back.Company != "Acme" || len(back.Emails) != 1 {
		k.Errorf("brought back %+v", back)
	}
	stale, err := k.s.Acts(k.ctx, 0, 1)
	k.must(err)
	p, err := k.s.PlanUndo(k.ctx, stale[0].ID)
	k.must(err)
	k.edit(a.ID, func(c *contacts.Contact) { c.Team = "Board" })
	_, err = k.s.Undo(k.ctx, p)
	k.wantErr(err, extcontacts.ErrConflict)
}

func testUndoChains(k *kit) {
	a := k.create(person("Ann A", "+85291234567"))
	b, c := person("Ann B", "+85291234568"), person("Ann C", "+85291234568", "c@example.com")
	b.Company, c.Company, c.Team = "Acme", "Beta", "Sales"
	x, y := k.create(b), k.create(c)
	before := k.all()
	one := k.merge(a.ID, x.ID)
	two := k.merge(a.ID, y.ID)
	k.undo(one.ID)
	got := k.get(a.ID)
	if len(got.Phones) != 2 { // C still has the second number
		k.Errorf("phones after undoing the first merge: %+v", got.Phones)
	}
	k.undo(two.ID)
	k.same(before)
}

func testDistinct(k *kit) {
	a, b := k.create(person("Ann Lee", "+85291234567")), k.create(person("Ann Lee", "+85291234567"))
	pairs := 0
	for _, err := range k.s.Duplicates(k.ctx, "", extcontacts.DuplicateOptions{}) {
		k.must(err)
		pairs++
	}
	if pairs != 1 {
		k.Fatalf("%d suspected pairs", pairs)
	}
	act, err := k.s.Distinct(k.ctx, b.ID, a.ID)
	k.must(err)
	c := k.create(person("Anne Lee", "+85291234567"))
	k.merge(c.ID, b.ID) // the mark follows into the survivor
	for p, err := range k.s.Duplicates(k.ctx, "", extcontacts.DuplicateOptions{}) {
		k.must(err)
		k.Errorf("suspected again: %+v", p)
	}
	if s, err := k.s.Suggest(k.ctx, c.ID); err != nil || len(s) != 0 {
		k.Errorf("suggested %+v (%v)", s, err)
	}
	_, err = k.s.PlanMerge(k.ctx, a.ID, []contacts.ID{c.ID})
	k.wantCode(err, "marked_distinct")
	k.undo(act.ID)
	if s, err := k.s.Suggest(k.ctx, c.ID); err != nil || len(s) != 1 {
		k.Errorf("after taking the mark back: %+v (%v)", s, err)
	}
	_, err = k.s.Distinct(k.ctx, c.ID, b.ID)
	k.wantCode(err, "same_contact")
}

func testLogAsOf(k *kit) {
	c := k.create(person("Ann Lee", "+85291234567"))
	born := k.clock
	k.edit(c.ID, func(c *contacts.Contact) { c.Company = "Acme" })
	then := k.clock
	k.edit(c.ID, func(c *contacts.Contact) { c.Company, c.Phones = "Beta", nil })
	log, err := k.s.Log(k.ctx, c.ID, extcontacts.LogOptions{})
	k.must(err)
	var lines []string
	for _, e := range log.Entries {
		lines = append(lines, string(e.Kind)+" "+e.Change.Op()+" "+e.Change.Path)
		if e.Actor != "agent-1" {
			k.Errorf("actor %q", e.Actor)
		}
	}
	want := []string{"edit set company", "edit remove phones", "edit remove primary_phone", "edit add company", "create create "}
	if !slices.Equal(lines, want) {
		k.Errorf("log %q, want %q", lines, want)
	}
	old, err := k.s.AsOf(k.ctx, c.ID, then)
	k.must(err)
	if old.Company != "Acme" || len(old.Phones) != 1 || old.Rev != 2 {
		k.Errorf("as of then %+v", old)
	}
	if old, err = k.s.AsOf(k.ctx, c.ID, born); err != nil || old.Company != "" {
		k.Errorf("as of its birth %+v (%v)", old, err)
	}
	_, err = k.s.AsOf(k.ctx, c.ID, born.Add(-time.Second))
	k.wantErr(err, extcontacts.ErrNotFound)
	page, err := k.s.Log(k.ctx, c.ID, extcontacts.LogOptions{Limit: 1})
	k.must(err)
	if len(page.Entries) != 3 || page.Next == 0 {
		k.Errorf("a page of one commit has %d lines and goes on at %d", len(page.Entries), page.Next)
	}
	_, err = k.s.RecordActivity(k.ctx, c.ID, contacts.Activity{Kind: contacts.Call})
	k.must(err)
	n := 0
	for o := (extcontacts.LogOptions{Limit: 1}); ; {
		page, err := k.s.Log(k.ctx, "", o)
		k.must(err)
		n += len(page.Entries)
		if len(page.Entries) == 0 {
			k.Error("an empty page in the middle of the log")
		}
		if o.Before = page.Next; o.Before == 0 {
			break
		}
	}
	if n != len(want) {
		k.Errorf("the pages of the whole log have %d lines, want %d", n, len(want))
	}
}

// A mark of distinct people tells nothing of one whom the actor may not view.
func testDistinctHidden(k *kit) {
	k.book = k.open(extcontacts.Options{Policy: importers{}})
	k.s = k.as("agent-1")
	secret := person("Eve Poe")
	secret.Group = "secret"
	a, hidden := k.create(person("Ann Lee")), k.create(secret)
	act, err := k.s.Distinct(k.ctx, a.ID, hidden.ID)
	k.must(err)
	guest := k.as("guest")
	_, err = guest.PlanUndo(k.ctx, act.ID)
	k.wantErr(err, extcontacts.ErrNotFound)
	log, err := guest.Log(k.ctx, "", extcontacts.LogOptions{})
	k.must(err)
	for _, e := range log.Entries {
		if strings.Contains(string(e.Change.Contact)+e.Change.Old+e.Change.New, string(hidden.ID)) {
			k.Errorf("the guest reads %+v", e)
		}
	}
	if len(log.Entries) != 1 {
		k.Errorf("the guest reads %d lines, want that of Ann alone", len(log.Entries))
	}
	k.undo(act.ID)
}
