package booktest

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/merge"
	"github.com/extcontacts/extcontacts/store"
)

// testMergeIncidents are faults that the merges of other programs were reported
// for, each with what is promised here. What a plan alone decides is tested in
// package merge.
func testMergeIncidents(k *kit) {
	for _, in := range []struct {
		name string
		run  func(*kit)
	}{
		{"I14 a value is lost as nobody said how to merge it", incidentResolver},
		{"I17 the merged contact is read under its old id", incidentOldID},
		{"I19 the timeline of the merged is lost", incidentTimeline},
		{"I21 what hangs on the merged is deleted with it", incidentCascade},
		{"I22 who may not delete may merge", incidentMergeRight},
		{"I23 a merge is half done for want of a right", incidentTorn},
	} {
		k.Run(in.name, func(t *testing.T) {
			k := &kit{T: t, ctx: k.ctx, st: k.st, clock: k.clock}
			k.book = k.open(extcontacts.Options{Workspace: in.name})
			k.s = k.as("agent-1")
			in.run(k)
			if !t.Failed() {
				k.verify()
			}
		})
	}
}

// A field is merged by a function that the caller declares; who survives does
// not count then.
func incidentResolver(k *kit) {
	longest := merge.Resolve("job_title", func(held []merge.Alternative) contacts.ID {
		return slices.MaxFunc(held, func(a, b merge.Alternative) int { return cmp.Compare(len(a.Value), len(b.Value)) }).From
	})
	a, b := person("Ann Lee"), person("Ann Lee")
	a.JobTitle, b.JobTitle = "CTO", "Chief technical officer"
	x, y := k.create(a), k.create(b)
	for _, ids := range [][2]contacts.ID{{x.ID, y.ID}, {y.ID, x.ID}} {
		plan, err := k.s.PlanMerge(k.ctx, ids[0], ids[1:], longest)
		k.must(err)
		if plan.Result.JobTitle != b.JobTitle {
			k.Errorf("%s survives: %q", ids[0], plan.Result.JobTitle)
		}
		if len(plan.Fields) == 0 || len(plan.Fields[0].Left) != 1 || plan.Fields[0].Left[0].Value != a.JobTitle {
			k.Errorf("what is left behind is not named: %+v", plan.Fields)
		}
	}
}

// Every way to read by an old id answers with the survivor, through chains.
func incidentOldID(k *kit) {
	a, b, c := k.create(person("Ann Lee")), k.create(person("Ann Lee", "+85291234567")), k.create(person("Ann Lee"))
	k.merge(b.ID, a.ID)
	k.merge(c.ID, b.ID)
	for _, id := range []contacts.ID{a.ID, b.ID, c.ID} {
		if got := k.get(id); got.ID != c.ID {
			k.Errorf("%s answers as %s", id, got.ID)
		}
	}
	n, err := k.s.Count(k.ctx, "")
	k.must(err)
	if n != 1 {
		k.Errorf("%d contacts are counted", n)
	}
	res, err := k.s.Lookup(k.ctx, contacts.Key{Kind: contacts.PhoneKey, Value: "+85291234567"})
	k.must(err)
	if len(res.Found) != 1 || res.Found[0].Contact.ID != c.ID {
		k.Errorf("the phone finds %+v", res.Found)
	}
	plan, err := k.s.PlanMerge(k.ctx, a.ID, []contacts.ID{c.ID})
	if err == nil {
		k.Errorf("a contact would be merged with itself: %+v", plan)
	}
}

// No activity is lost, whichever way the merges go.
func incidentTimeline(k *kit) {
	var ids []contacts.ID
	for i := range 4 {
		c := k.create(person("Ann Lee"))
		ids = append(ids, c.ID)
		_, err := k.s.RecordActivity(k.ctx, c.ID, contacts.Activity{Kind: contacts.Call, At: k.clock.Add(time.Duration(i) * time.Hour), Text: "call"})
		k.must(err)
	}
	k.merge(ids[1], ids[0])
	k.merge(ids[3], ids[2])
	k.merge(ids[3], ids[1])
	for _, id := range ids {
		all, err := k.s.Activities(k.ctx, id, extcontacts.TimelineOptions{})
		k.must(err)
		if len(all.Activities) != 4 {
			k.Errorf("%s has %d activities", id, len(all.Activities))
		}
	}
}

// noDelete is a policy under which nobody may delete.
type noDelete struct{}

func (noDelete) Decide(_ contacts.Actor, r contacts.Right, _ *contacts.Contact) contacts.Decision {
	return contacts.Decision{Allowed: r != contacts.RightDelete, Rule: "no_delete"}
}

// A merge takes the right to delete what is merged away; refused, it leaves
// everything as it was.
func incidentMergeRight(k *kit) {
	a, b := k.create(person("Ann Lee")), k.create(person("Ann Lee"))
	plan, err := k.s.PlanMerge(k.ctx, a.ID, []contacts.ID{b.ID})
	k.must(err)
	s := k.open(extcontacts.Options{Workspace: "I22 who may not delete may merge", Policy: noDelete{}}).As(k.s.Actor())
	if _, err := s.PlanMerge(k.ctx, a.ID, []contacts.ID{b.ID}); !errors.Is(err, extcontacts.ErrForbidden) {
		k.Errorf("planned: %v", err)
	}
	if _, err := s.Merge(k.ctx, plan); !errors.Is(err, extcontacts.ErrForbidden) {
		k.Errorf("merged: %v", err)
	}
	if c := k.get(b.ID); c.ID != b.ID || c.Rev != b.Rev {
		k.Errorf("it was touched: %+v", c)
	}
}

// No row of anybody is deleted by a merge, whatever hangs on the contact that
// is merged away: its activities, enquiries and marks are there, under its id
// and under the survivor's.
func incidentCascade(k *kit) {
	a, b, c := k.create(person("Ann Lee", "+85291234567")), k.create(person("Anne Lee", "+85291234568")), k.create(person("Bob Ray"))
	for i := range 5 {
		_, err := k.s.RecordActivity(k.ctx, b.ID, contacts.Activity{Kind: contacts.Call, At: k.clock.Add(time.Duration(i) * time.Minute), Text: "call"})
		k.must(err)
	}
	_, err := k.s.RecordActivity(k.ctx, b.ID, contacts.Activity{Kind: contacts.Enquiry, Status: contacts.EnquiryOpen})
	k.must(err)
	_, err = k.s.Distinct(k.ctx, b.ID, c.ID)
	k.must(err)
	rows := func() (n int) {
		ws := "I21 what hangs on the merged is deleted with it"
		list, err := k.st.Activities(k.ctx, ws, store.ActivityQuery{Contacts: []contacts.ID{a.ID, b.ID, c.ID}})
		k.must(err)
		for _, kind := range []string{"distinct", "enquiry"} {
			recs, err := k.st.Records(k.ctx, ws, kind)
			k.must(err)
			n += len(recs)
		}
		for c, err := range k.st.Scan(k.ctx, ws, "") {
			k.must(err)
			n += 1 + len(c.Phones)
		}
		return n + len(list)
	}
	before := rows()
	if before < 11 {
		k.Fatalf("%d rows", before)
	}
	k.merge(a.ID, b.ID)
	if n := rows(); n != before+1 { // the survivor has both numbers
		k.Errorf("%d rows after the merge, %d before", n, before)
	}
	for _, id := range []contacts.ID{a.ID, b.ID} {
		page, err := k.s.Activities(k.ctx, id, extcontacts.TimelineOptions{})
		k.must(err)
		if len(page.Activities) != 6 {
			k.Errorf("%s: %d activities", id, len(page.Activities))
		}
	}
}

// All or nothing: who may not delete one of the merged leaves everything as it
// is, though the right is lost between the plan and the merge, though there are
// other merges in the same act.
func incidentTorn(k *kit) {
	rule := &protects{}
	s := k.open(extcontacts.Options{Workspace: "I23 a merge is half done for want of a right", Policy: rule}).As(contacts.Actor{ID: "agent-1"})
	var plans []*merge.Plan
	var ids []contacts.ID
	for i := range 3 {
		a, b := k.create(person("Ann Lee", fmt.Sprintf("+8529123456%d", i))), k.create(person("Anne Lee", fmt.Sprintf("+8529123457%d", i)))
		plan, err := s.PlanMerge(k.ctx, a.ID, []contacts.ID{b.ID})
		k.must(err)
		plans, ids = append(plans, plan), append(ids, a.ID, b.ID)
	}
	rule.id = ids[3]
	_, err := s.MergeAll(k.ctx, plans)
	var f *extcontacts.ForbiddenError
	if !errors.As(err, &f) || f.Right != contacts.RightDelete {
		k.Errorf("merged without the right to delete: %v", err)
	}
	for _, id := range ids {
		if c := k.get(id); c.ID != id || c.Rev != 1 || c.State != contacts.Live {
			k.Errorf("%s was touched: %+v", id, c)
		}
	}
	rule.id = ""
	_, err = s.MergeAll(k.ctx, plans)
	k.must(err)
}

// protects refuses to delete one contact.
type protects struct{ id contacts.ID }

func (p *protects) Decide(_ contacts.Actor, r contacts.Right, c *contacts.Contact) contacts.Decision {
	if r == contacts.RightDelete && c != nil && c.ID == p.id {
		return contacts.Refuse("protected")
	}
	return contacts.Allow()
}
