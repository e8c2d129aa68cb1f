package booktest

import (
	"fmt"
	"slices"
	"time"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
)

func testChangeField(k *kit) {
	field := contacts.CustomField{Key: "tier", Name: "Tier", Kind: contacts.TextField}
	change := func(f contacts.CustomField) contacts.Act {
		k.Helper()
		act, _, err := k.s.ChangeField(k.ctx, f)
		k.must(err)
		return act
	}
	change(field)
	var ids []contacts.ID
	for i, v := range []string{"1", "2", "02", ""} {
		c := person(fmt.Sprint("Ann", i, " Lee"))
		if v != "" {
			c.Custom = map[string]contacts.Value{"tier": contacts.MakeValue(contacts.TextField, v)}
		}
		ids = append(ids, k.create(c).ID)
	}
	number := field
	number.Kind = contacts.NumberField
	head := k.head()
	plan, err := k.s.PlanField(k.ctx, number)
	if err != nil || plan.Values != 3 || plan.Converted != 3 || len(plan.Conflicts) != 0 || k.head() != head {
		k.Errorf("plan %+v (%v)", plan, err)
	}
	unique := number
	unique.Unique = true
	_, plan, err = k.s.ChangeField(k.ctx, unique)
	k.wantCode(err, "field_conflicts")
	if len(plan.Conflicts) != 1 || plan.Conflicts[0].Code != "value_taken" || plan.Conflicts[0].With != ids[1] || k.head() != head {
		k.Errorf("shared values: %+v", plan)
	}
	choice := field
	choice.Kind, choice.Options = contacts.ChoiceField, []string{"1", "2"}
	_, plan, err = k.s.ChangeField(k.ctx, choice)
	k.wantCode(err, "field_conflicts")
	if len(plan.Conflicts) != 1 || plan.Conflicts[0].ID != ids[2] || plan.Conflicts[0].Code != "choice_unknown" {
		k.Errorf("values that do not convert: %+v", plan)
	}
	before := k.all()
	act := change(number)
	if v := k.get(ids[2]).Custom["tier"]; v.Kind() != contacts.NumberField || v.Text() != "2" {
		k.Errorf("converted to %v", v)
	}
	if n := k.count("tier>=2"); n != 2 {
		k.Errorf("%d have a tier of 2", n)
	}
	k.verify()
	k.undo(act.ID)
	k.same(before)
	act = change(number)
	k.edit(ids[0], func(c *contacts.Contact) { c.Custom["tier"] = contacts.MakeValue(contacts.NumberField, "9") })
	_, err = k.s.PlanUndo(k.ctx, act.ID)
	k.wantCode(err, "field_in_use")
	k.edit(ids[2], func(c *contacts.Contact) { c.Custom["tier"] = contacts.MakeValue(contacts.NumberField, "3") })
	act = change(unique)
	k.verify()
	c := person("Bob Ray")
	c.Custom = map[string]contacts.Value{"tier": contacts.MakeValue(contacts.NumberField, "9")}
	_, err = k.s.Create(k.ctx, c)
	k.wantErr(err, extcontacts.ErrConflict)
	_, err = k.s.PlanUndo(k.ctx, act.ID)
	k.wantCode(err, "field_unique_fixed")
	change(number)
	k.verify()
	k.create(c)
	required := number
	required.Required = true
	if _, plan, err = k.s.ChangeField(k.ctx, required); err != nil || plan.Missing != 1 {
		k.Errorf("required: %+v (%v)", plan, err)
	}
	retired := required
	retired.Retired = true
	change(retired)
	k.create(person("Cleo Poe"))
	schema, err := k.s.Schema(k.ctx)
	k.must(err)
	for f := range schema.Fields() {
		if f.Key() == "tier" {
			k.Error("a retired field is in the table")
		}
	}
	if v := k.get(ids[0]).Custom["tier"].Text(); v != "9" {
		k.Errorf("the value of a retired field is %q", v)
	}
	k.edit(ids[0], func(c *contacts.Contact) { c.Team = "x" })
	for _, name := range []string{"Mobile", " first  NAME ", "job title"} {
		_, _, err = k.s.ChangeField(k.ctx, contacts.CustomField{Key: "other", Name: name, Kind: contacts.TextField})
		k.wantErr(err, extcontacts.ErrInvalid)
	}
	_, err = k.s.SetField(k.ctx, contacts.CustomField{Key: "other", Name: "Mobile", Kind: contacts.TextField})
	k.wantCode(err, "field_name_taken")
	for f := range schema.Fields() { // what a schema hands out is the caller's
		if len(f.Aliases) > 0 {
			f.Aliases[0] = "broken"
		}
	}
	for f := range schema.Fields() {
		if slices.Contains(f.Aliases, "broken") {
			k.Fatalf("the aliases of %s are shared", f.Name)
		}
	}
	log, err := k.s.SchemaLog(k.ctx, 100)
	if err != nil || len(log) != 8 || log[0].Change.Path != "field.tier" {
		k.Errorf("%d lines in the log of the schema (%v): %+v", len(log), err, log)
	}
}

func testManageLabels(k *kit) {
	for _, l := range []contacts.Label{{Name: "VIP", Colour: "#ff0000"}, {Name: "Gold"}, {Name: "Old"}} {
		_, err := k.s.SetLabel(k.ctx, l)
		k.must(err)
	}
	with := func(name string, labels ...string) contacts.ID {
		c := person(name)
		c.Labels = labels
		return k.create(c).ID
	}
	a, b := with("Ann Lee", "VIP", "Old"), with("Bob Ray", "Gold", "VIP")
	gone := with("Cleo Poe", "VIP")
	_, err := k.s.Delete(k.ctx, gone)
	k.must(err)
	has := func(id contacts.ID, want ...string) {
		k.Helper()
		if got := k.get(id).Labels; !slices.Equal(got, want) {
			k.Errorf("labels %v, want %v", got, want)
		}
	}
	labels := func(want ...contacts.Label) {
		k.Helper()
		s, err := k.s.Schema(k.ctx)
		k.must(err)
		if got := s.Labels(); !slices.Equal(got, want) {
			k.Errorf("the workspace has %v, want %v", got, want)
		}
	}
	before := k.all()
	k.clock = k.clock.Add(time.Minute)
	renamed, err := k.s.RenameLabel(k.ctx, "vip", "Top")
	k.must(err)
	has(a, "Old", "Top")
	has(gone, "Top")
	labels(contacts.Label{Name: "Top", Colour: "#ff0000"}, contacts.Label{Name: "Gold"}, contacts.Label{Name: "Old"})
	merged, err := k.s.MergeLabels(k.ctx, "gold", "Top", "Old")
	k.must(err)
	has(a, "Gold")
	has(b, "Gold")
	labels(contacts.Label{Name: "Gold"})
	k.undo(merged.ID)
	has(a, "Old", "Top")
	k.undo(renamed.ID)
	k.same(before)
	_, err = k.s.RenameLabel(k.ctx, "VIP", "vip") // its spelling alone
	k.must(err)
	has(a, "Old", "vip")
	_, err = k.s.DropLabel(k.ctx, "Old")
	k.must(err)
	has(a, "vip")
	_, err = k.s.RenameLabel(k.ctx, "nope", "x")
	k.wantCode(err, "label_unknown")
	_, err = k.s.RenameLabel(k.ctx, "vip", "a;b")
	k.wantErr(err, extcontacts.ErrInvalid)

	k.edit(a, func(c *contacts.Contact) { c.Group = "Hong Kong" })
	rep, err := k.s.RenameGroup(k.ctx, "hong kong", "HK", extcontacts.BulkOptions{})
	if err != nil || rep.Changed != 1 || k.get(a).Group != "HK" {
		k.Errorf("renamed group: %+v (%v)", rep, err)
	}

	saved, err := k.s.SaveQuery(k.ctx, extcontacts.SavedQuery{Name: "Ours", Query: "label:vip group=HK"})
	k.must(err)
	_, err = k.s.SaveQuery(k.ctx, extcontacts.SavedQuery{Name: "ours", Query: "label:vip"})
	k.must(err)
	list, err := k.s.SavedQueries(k.ctx)
	if err != nil || len(list) != 1 || list[0].Query != "label:vip" {
		k.Errorf("saved %+v (%v)", list, err)
	}
	_, err = k.s.SaveQuery(k.ctx, extcontacts.SavedQuery{Name: "bad", Query: "compnay:x"})
	k.wantErr(err, extcontacts.ErrInvalid)
	removed, err := k.s.SaveQuery(k.ctx, extcontacts.SavedQuery{Name: "OURS"})
	k.must(err)
	if list, err = k.s.SavedQueries(k.ctx); err != nil || len(list) != 0 {
		k.Errorf("removed %+v (%v)", list, err)
	}
	k.undo(removed.ID)
	if list, err = k.s.SavedQueries(k.ctx); err != nil || len(list) != 1 || list[0].Name != "ours" {
		k.Errorf("brought back %+v (%v)", list, err)
	}
	if log, err := k.s.SchemaLog(k.ctx, 3); err != nil || len(log) != 3 || log[2].Change.Path != "query.ours" || log[2].Act == saved.ID {
		k.Errorf("log %+v (%v)", log, err)
	}
}
