package booktest

import (
	"context"
	"iter"
	"slices"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// meanwhile is a store on which somebody else is quicker once: between the
// reading and the writing of an operation.
type meanwhile struct {
	store.Store
	act func()
}

func (m *meanwhile) Apply(ctx context.Context, workspace string, b *store.Batch) (store.Result, error) {
	if act := m.act; act != nil {
		m.act = nil
		act()
	}
	return m.Store.Apply(ctx, workspace, b)
}

// What an operation decided on is what it writes upon, though it writes none of it.
func testDecidedOnWhatIsWritten(k *kit) {
	st := &meanwhile{Store: k.st}
	k.st = st
	k.book = k.open(extcontacts.Options{})
	k.s = k.as("agent-1")
	a, b, c := k.create(person("Ann Lee")), k.create(person("Anne Lee")), k.create(person("Anna Lee"))

	call := contacts.Activity{Kind: contacts.Call, Ref: "call-1"}
	var first contacts.Activity
	st.act = func() {
		var err error
		first, err = k.s.RecordActivity(k.ctx, a.ID, call)
		k.must(err)
	}
	second, err := k.s.RecordActivity(k.ctx, a.ID, call)
	k.must(err)
	if second.ID != first.ID {
		k.Error("one call was recorded twice")
	}

	plan, err := k.s.PlanMerge(k.ctx, a.ID, []contacts.ID{b.ID})
	k.must(err)
	st.act = func() {
		_, err := k.s.Distinct(k.ctx, a.ID, b.ID)
		k.must(err)
	}
	_, err = k.s.Merge(k.ctx, plan)
	k.wantCode(err, "marked_distinct")

	merged := k.merge(a.ID, c.ID)
	undone := k.undoAct(merged.ID)
	st.act = func() { k.undo(undone.ID) } // c is merged into a again
	_, err = k.s.Erase(k.ctx, a.ID)
	k.must(err)
	if all := k.all(); all[a.ID].State != contacts.Erased || all[c.ID].State != contacts.Erased {
		k.Errorf("erased %v and %v", all[a.ID].State, all[c.ID].State)
	}
}

// undoAct is undo that returns the act.
func (k *kit) undoAct(id contacts.ID) contacts.Act {
	k.Helper()
	plan, err := k.s.PlanUndo(k.ctx, id)
	k.must(err)
	act, err := k.s.Undo(k.ctx, plan)
	k.must(err)
	return act
}

// A plan may be edited, but it writes nothing but values of its survivor.
func testMergePlanEdited(k *kit) {
	a, b, c := k.create(person("Ann Lee", "+85291234567")), k.create(person("Anne Lee", "+85291234568")), k.create(person("Cleo Poe"))
	key := contacts.Key{Kind: contacts.PhoneKey, Value: "+85291234568"}
	_, err := k.s.VerifyIdentifier(k.ctx, b.ID, key, "call")
	k.must(err)
	plan := func(edit func(r *contacts.Contact)) error {
		k.Helper()
		p, err := k.s.PlanMerge(k.ctx, a.ID, []contacts.ID{b.ID})
		k.must(err)
		edit(p.Result)
		_, err = k.s.Merge(k.ctx, p)
		return err
	}
	before := k.all()
	mark := func(r *contacts.Contact, number string, v contacts.Verification) {
		i := slices.IndexFunc(r.Phones, func(p contacts.ContactPhone) bool { return p.Phone.Number() == number })
		r.Phones[i].Verified = v
	}
	forged := contacts.NewVerification("forged", k.clock, "")
	k.wantCode(plan(func(r *contacts.Contact) { mark(r, "+85291234567", forged) }), "verification_claimed")
	k.wantCode(plan(func(r *contacts.Contact) { mark(r, "+85291234568", forged) }), "verified_identifier")
	k.wantCode(plan(func(r *contacts.Contact) { r.Phones = nil }), "verified_identifier")
	k.wantErr(plan(func(r *contacts.Contact) { r.LastName = "" }), extcontacts.ErrInvalid)
	_, err = k.s.Merge(k.ctx, nil)
	k.wantCode(err, "plan_incomplete")
	p, err := k.s.PlanMerge(k.ctx, a.ID, []contacts.ID{b.ID})
	k.must(err)
	p.Others = append(p.Others, p.Others[0])
	_, err = k.s.Merge(k.ctx, p)
	k.wantCode(err, "plan_invalid")
	k.same(before)

	// Who and in what state the contacts are is not for a plan to say.
	p, err = k.s.PlanMerge(k.ctx, a.ID, []contacts.ID{b.ID})
	k.must(err)
	p.Result.ID, p.Result.State = c.ID, contacts.Deleted
	p.Result.Labels, p.Result.LastName = []string{"new", "VIP"}, " Leigh "
	p.Survivor.LastName = "Never"
	act, err := k.s.Merge(k.ctx, p)
	k.must(err)
	got := k.get(a.ID)
	if got.State != contacts.Live || got.LastName != "Leigh" || !slices.Equal(got.Labels, []string{"VIP", "new"}) {
		k.Errorf("merged %+v", got)
	}
	if schema, err := k.s.Schema(k.ctx); err != nil || len(schema.Labels()) != 2 {
		k.Errorf("the labels of the plan are not the workspace's (%v)", err)
	}
	k.same(map[contacts.ID]*contacts.Contact{c.ID: c})
	k.undo(act.ID)
	k.same(before)
}

// damaged is a store whose reads leave out a contact and show one nobody wrote.
type damaged struct {
	store.Store
	lost, strange contacts.ID
}

func (d *damaged) Scan(ctx context.Context, workspace string, after contacts.ID) iter.Seq2[*contacts.Contact, error] {
	return func(yield func(*contacts.Contact, error) bool) {
		for c, err := range d.Store.Scan(ctx, workspace, after) {
			if c != nil && c.ID == d.lost {
				continue
			}
			if !yield(c, err) {
				return
			}
		}
		yield((&contacts.Contact{ID: d.strange, Rev: 1, LastName: "Strange", State: contacts.Deleted}).Normalize(), nil)
	}
}

// Verify misses the contacts that the log tells of, and no others.
func testVerifyMisses(k *kit) {
	a := k.create(person("Ann Lee", "+85291234567"))
	k.create(person("Bob Ray"))
	whole := k.st
	k.st = &damaged{Store: whole, lost: a.ID, strange: "zzz"}
	k.book = k.open(extcontacts.Options{})
	rep, err := k.as("agent-1").Verify(k.ctx)
	k.must(err)
	want := []extcontacts.Difference{{Code: "contact_unlogged", ID: "zzz"}, {Code: "contact_missing", ID: a.ID, Seq: 1}}
	if !slices.Equal(rep.Differences, want) {
		k.Errorf("differences %+v, want %+v", rep.Differences, want)
	}
}

// An act that was redone and undone again by other acts is undone.
func testUndoneTwice(k *kit) {
	c := k.create(person("Ann Lee"))
	k.edit(c.ID, func(c *contacts.Contact) { c.Team = "Sales" })
	acts, err := k.s.Acts(k.ctx, 0, 1)
	k.must(err)
	edit := acts[0].ID
	redo := k.undoAct(k.undoAct(edit).ID)
	k.undo(edit)
	_, err = k.s.PlanUndo(k.ctx, redo.ID)
	k.wantCode(err, "act_undone")
}
