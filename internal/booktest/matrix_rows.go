package booktest

import (
	"bytes"
	"errors"
	"io"
	"iter"
	"slices"
	"strings"
	"time"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/merge"
	"github.com/extcontacts/extcontacts/store"
)

// all collects what a sequence yields.
func all[T any](seq iter.Seq2[T, error]) ([]T, error) {
	var out []T
	for v, err := range seq {
		if err != nil {
			return out, err
		}
		out = append(out, v)
	}
	return out, nil
}

// called makes the two results of a method one.
func called[T any](v T, err error) (any, error) { return v, err }

func needs(rights ...string) []string { return rights }

func touch(c *contacts.Contact) error { c.Team = "touched"; return nil }

// matrixRows has a row for each method of a Session, and further ones under the
// method's name with a number behind it.
func matrixRows() map[string]matrixRow {
	phone := contacts.Key{Kind: contacts.PhoneKey, Value: "+852" + canaryPhone}
	email := contacts.Key{Kind: contacts.EmailKey, Value: canaryEmail + "example.com"}
	targetDeleted := func(c *cell) error { _, err := c.admin.Delete(c.ctx, c.target.ID); return err }
	query := strings.ToLower(canaryName)
	return map[string]matrixRow{
		"Actor":  {call: func(c *cell) (any, error) { return c.s.Actor(), nil }},
		"Schema": {needs: needs("ws:view"), call: func(c *cell) (any, error) { return called(c.s.Schema(c.ctx)) }},
		"Get":    {needs: needs("view"), call: func(c *cell) (any, error) { return called(c.s.Get(c.ctx, c.id)) }},
		"Create": {needs: needs("ws:create"), call: func(c *cell) (any, error) {
			return called(c.s.Create(c.ctx, person("Nina New")))
		}},
		"Create2": {needs: needs("ws:create", "unmasked"), call: func(c *cell) (any, error) {
			return called(c.s.Create(c.ctx, person("Nina New", "+85291110000")))
		}},
		"Edit": {needs: needs("edit"), call: func(c *cell) (any, error) { return called(c.s.Edit(c.ctx, c.id, 0, touch)) }},
		"Edit2": {needs: needs("edit", "unmasked"), call: func(c *cell) (any, error) {
			return called(c.s.Edit(c.ctx, c.id, 0, func(d *contacts.Contact) error { d.Phones = nil; return nil }))
		}},
		"Delete":  {needs: needs("delete"), call: func(c *cell) (any, error) { return called(c.s.Delete(c.ctx, c.id)) }},
		"Delete2": {needs: needs("delete", "friend:delete"), call: func(c *cell) (any, error) { return called(c.s.Delete(c.ctx, c.friend.ID, c.id)) }},
		"Restore": {needs: needs("restore"), prepare: targetDeleted, call: func(c *cell) (any, error) { return called(c.s.Restore(c.ctx, c.id)) }},
		"Erase":   {needs: needs("erase"), call: func(c *cell) (any, error) { return called(c.s.Erase(c.ctx, c.id)) }},
		"SetOwner": {needs: needs("own"), call: func(c *cell) (any, error) {
			return called(c.s.SetOwner(c.ctx, "heir", c.id))
		}},
		"Share": {needs: needs("own"), call: func(c *cell) (any, error) {
			return called(c.s.Share(c.ctx, []contacts.ID{"heir"}, c.id))
		}},
		"VerifyIdentifier": {needs: needs("verify_identifier", "unmasked"), call: func(c *cell) (any, error) {
			return called(c.s.VerifyIdentifier(c.ctx, c.id, phone, "sms"))
		}},
		"RecordActivity": {needs: needs("activity"), call: func(c *cell) (any, error) {
			return called(c.s.RecordActivity(c.ctx, c.id, contacts.Activity{Kind: contacts.Call, Ref: "call-1"}))
		}},
		"RecordActivities": {needs: needs("activity", "friend:activity"), call: func(c *cell) (any, error) {
			return called(c.s.RecordActivities(c.ctx, []contacts.Activity{{Contact: c.friend.ID, Kind: contacts.SMS}, {Contact: c.id, Kind: contacts.SMS}}))
		}},
		"EditActivity": {needs: needs("activity"), call: func(c *cell) (any, error) {
			return called(c.s.EditActivity(c.ctx, c.visit, func(a *contacts.Activity) error { a.Status = contacts.EnquiryClosed; return nil }))
		}},
		"HandleEnquiry": {needs: needs("ws:view", "activity"), call: func(c *cell) (any, error) {
			return called(c.s.HandleEnquiry(c.ctx, extcontacts.Incoming{Visitor: c.id, Enquiry: contacts.Activity{Channel: "web"}}))
		}},
		"HandleEnquiry2": {needs: needs("ws:view", "ws:create", "ws:activity"), call: func(c *cell) (any, error) {
			return called(c.s.HandleEnquiry(c.ctx, extcontacts.Incoming{Create: &contacts.Contact{FirstName: "New"}}))
		}},
		"HandleEnquiry3": {needs: needs("ws:view", "unmasked"), call: func(c *cell) (any, error) {
			return called(c.s.HandleEnquiry(c.ctx, extcontacts.Incoming{Key: contacts.Key{Kind: contacts.PhoneKey, Value: "+85290000000"}}))
		}},
		"Origins":    {needs: needs("log"), call: func(c *cell) (any, error) { return called(c.s.Origins(c.ctx, c.id)) }},
		"Recent":     {needs: needs("log"), call: func(c *cell) (any, error) { return called(c.s.Recent(c.ctx, c.id, 5)) }},
		"Head":       {needs: needs("ws:log"), call: func(c *cell) (any, error) { return called(c.s.Head(c.ctx)) }},
		"Events":     {needs: needs("ws:log"), call: func(c *cell) (any, error) { return called(c.s.Events(c.ctx, "", 0)) }},
		"EventsHead": {needs: needs("ws:log"), call: func(c *cell) (any, error) { return called(c.s.EventsHead(c.ctx)) }},
		"FollowEvents": {needs: needs("ws:log"), call: func(c *cell) (any, error) {
			for page, err := range c.s.FollowEvents(c.ctx, "", 0) {
				return page, err
			}
			return nil, nil
		}},
		"EraseReport": {needs: needs("erase"), call: func(c *cell) (any, error) {
			_, rep, err := c.s.EraseReport(c.ctx, c.id)
			return rep, err
		}},
		"Purge": {needs: needs("purge"), prepare: func(c *cell) error {
			if _, err := c.admin.EditActivity(c.ctx, c.visit, func(a *contacts.Activity) error { a.Status = contacts.EnquiryClosed; return nil }); err != nil {
				return err
			}
			return targetDeleted(c)
		}, call: func(c *cell) (any, error) { return called(c.s.Purge(c.ctx, c.id)) }},
		"PurgeDeleted": {needs: needs("ws:view"), filters: needs("purge"), prepare: targetDeleted, call: func(c *cell) (any, error) {
			return called(c.s.PurgeDeleted(c.ctx, c.clock.Add(time.Hour), extcontacts.BulkOptions{}))
		}},
		"Retain": {needs: needs("ws:view"), filters: needs("delete"), call: func(c *cell) (any, error) {
			return called(c.s.Retain(c.ctx, extcontacts.RetentionRule{Inactive: time.Nanosecond}))
		}},
		"Retain2": {needs: needs("ws:view"), filters: needs("erase"), call: func(c *cell) (any, error) {
			return called(c.s.Retain(c.ctx, extcontacts.RetentionRule{Inactive: time.Nanosecond, Erase: true}))
		}},
		"EditMatching": {needs: needs("ws:view"), filters: needs("edit"), call: func(c *cell) (any, error) {
			return called(c.s.EditMatching(c.ctx, "", touch, extcontacts.BulkOptions{}))
		}},
		"EditMatching2": {needs: needs("ws:view"), filters: needs("edit", "unmasked"), call: func(c *cell) (any, error) {
			return called(c.s.EditMatching(c.ctx, query, func(d *contacts.Contact) error { d.Emails = nil; return nil }, extcontacts.BulkOptions{}))
		}},
		"DeleteMatching": {needs: needs("ws:view"), filters: needs("delete"), call: func(c *cell) (any, error) {
			return called(c.s.DeleteMatching(c.ctx, query, extcontacts.BulkOptions{}))
		}},
		"Person": {needs: needs("person", "unmasked"), call: func(c *cell) (any, error) { return called(c.s.Person(c.ctx, c.id)) }},
		"OptOut": {needs: needs("ws:edit", "unmasked"), call: func(c *cell) (any, error) { return called(c.s.OptOut(c.ctx, email)) }},
		"OptIn":  {needs: needs("ws:edit", "unmasked"), call: func(c *cell) (any, error) { return called(c.s.OptIn(c.ctx, email)) }},
		"Readmit": {needs: needs("ws:erase", "unmasked"), call: func(c *cell) (any, error) {
			return called(c.s.Readmit(c.ctx, phone))
		}},
		"OptedOut": {needs: needs("ws:view", "unmasked"), call: func(c *cell) (any, error) { return called(c.s.OptedOut(c.ctx, phone)) }},
		"OptOuts":  {needs: needs("view"), call: func(c *cell) (any, error) { return called(c.s.OptOuts(c.ctx, c.id)) }},
		"PlanField": {needs: needs("ws:schema"), call: func(c *cell) (any, error) {
			return called(c.s.PlanField(c.ctx, contacts.CustomField{Key: "tier", Name: "Tier", Kind: contacts.TextField}))
		}},
		"ChangeField": {needs: needs("ws:schema"), call: func(c *cell) (any, error) {
			_, plan, err := c.s.ChangeField(c.ctx, contacts.CustomField{Key: "tier", Name: "Tier", Kind: contacts.TextField})
			return plan, err
		}},
		"RenameLabel": {needs: needs("ws:schema"), prepare: someLabels, always: true, call: func(c *cell) (any, error) { return called(c.s.RenameLabel(c.ctx, "A", "C")) }},
		"MergeLabels": {needs: needs("ws:schema"), prepare: someLabels, always: true, call: func(c *cell) (any, error) { return called(c.s.MergeLabels(c.ctx, "A", "B")) }},
		"DropLabel":   {needs: needs("ws:schema"), prepare: someLabels, always: true, call: func(c *cell) (any, error) { return called(c.s.DropLabel(c.ctx, "A")) }},
		"RenameGroup": {needs: needs("ws:view"), filters: needs("edit"), call: func(c *cell) (any, error) {
			return called(c.s.RenameGroup(c.ctx, "a", "b", extcontacts.BulkOptions{}))
		}},
		"SaveQuery": {needs: needs("ws:schema", "ws:view"), call: func(c *cell) (any, error) {
			return called(c.s.SaveQuery(c.ctx, extcontacts.SavedQuery{Name: "Ours", Query: "team:x"}))
		}},
		"SavedQueries":  {needs: needs("ws:view"), call: func(c *cell) (any, error) { return called(c.s.SavedQueries(c.ctx)) }},
		"SchemaLog":     {needs: needs("ws:log"), call: func(c *cell) (any, error) { return called(c.s.SchemaLog(c.ctx, 100)) }},
		"List":          {needs: needs("ws:staff", "ws:view"), call: func(c *cell) (any, error) { return called(all(c.s.List(c.ctx, extcontacts.Staff, ""))) }},
		"List2":         {needs: needs("ws:view"), call: func(c *cell) (any, error) { return called(all(c.s.List(c.ctx, extcontacts.External, query))) }},
		"OpenEnquiries": {needs: needs("ws:view"), call: func(c *cell) (any, error) { return called(c.s.OpenEnquiries(c.ctx)) }},
		"Activities": {needs: needs("timeline"), call: func(c *cell) (any, error) {
			return called(c.s.Activities(c.ctx, c.id, extcontacts.TimelineOptions{}))
		}},
		"Log": {needs: needs("log"), call: func(c *cell) (any, error) {
			return called(c.s.Log(c.ctx, c.id, extcontacts.LogOptions{}))
		}},
		"Log2": {needs: needs("ws:log"), call: func(c *cell) (any, error) {
			return called(c.s.Log(c.ctx, "", extcontacts.LogOptions{}))
		}},
		"AsOf":    {needs: needs("log"), call: func(c *cell) (any, error) { return called(c.s.AsOf(c.ctx, c.id, c.clock)) }},
		"AsOfSeq": {needs: needs("log"), call: func(c *cell) (any, error) { return called(c.s.AsOfSeq(c.ctx, c.id, 1000)) }},
		"Acts":    {needs: needs("ws:log"), call: func(c *cell) (any, error) { return called(c.s.Acts(c.ctx, 0, 0)) }},
		"Act": {needs: needs("ws:log"), call: func(c *cell) (any, error) {
			return called(c.s.Act(c.ctx, c.friendAct()))
		}},
		"PlanUndo": {needs: needs("ws:undo", "edit", "unmasked"), call: func(c *cell) (any, error) { return called(c.s.PlanUndo(c.ctx, c.act)) }},
		"Undo": {needs: needs("ws:undo", "edit", "unmasked"), call: func(c *cell) (any, error) {
			plan, err := c.admin.PlanUndo(c.ctx, c.act)
			if err != nil { // of another workspace, or of nobody
				plan = &extcontacts.UndoPlan{Act: contacts.Act{ID: c.act}}
			}
			return called(c.s.Undo(c.ctx, plan))
		}},
		"PlanMerge": {needs: needs("merge", "edit", "friend:merge", "friend:delete", "unmasked"), call: func(c *cell) (any, error) {
			return called(c.s.PlanMerge(c.ctx, c.id, []contacts.ID{c.friend.ID}))
		}},
		"Merge": {needs: needs("merge", "delete", "friend:merge", "friend:edit", "unmasked"), call: func(c *cell) (any, error) {
			other := c.target.Clone()
			other.ID = c.id
			plan := &merge.Plan{Survivor: c.friend, Others: []*contacts.Contact{other}, Result: c.friend.Clone()}
			plan.Result.Phones, plan.Result.Emails = other.Phones, other.Emails
			return called(c.s.Merge(c.ctx, plan))
		}},
		"MergeAll": {needs: needs("merge", "delete", "friend:merge", "friend:edit", "unmasked"), call: func(c *cell) (any, error) {
			other := c.target.Clone()
			other.ID = c.id
			plan := &merge.Plan{Survivor: c.friend, Others: []*contacts.Contact{other}, Result: c.friend.Clone()}
			plan.Result.Phones, plan.Result.Emails = other.Phones, other.Emails
			return called(c.s.MergeAll(c.ctx, []*merge.Plan{plan}))
		}},
		"PlanAutoMerge": {needs: needs("ws:view", "ws:merge", "unmasked"), call: func(c *cell) (any, error) {
			return called(c.s.PlanAutoMerge(c.ctx, "", extcontacts.AutoMergeOptions{}))
		}},
		"Duplicating": {call: func(c *cell) (any, error) { return c.s.Duplicating(extcontacts.AllowDuplicates).Actor(), nil }},
		"Suspects": {needs: needs("ws:view"), call: func(c *cell) (any, error) {
			return called(c.s.Suspects(c.ctx, person("Nina New")))
		}},
		"Distinct": {needs: needs("merge", "edit", "friend:merge", "friend:delete", "unmasked"), call: func(c *cell) (any, error) {
			return called(c.s.Distinct(c.ctx, c.id, c.friend.ID))
		}},
		"Suggest": {needs: needs("view"), call: func(c *cell) (any, error) { return called(c.s.Suggest(c.ctx, c.id)) }},
		"Duplicates": {needs: needs("ws:view"), call: func(c *cell) (any, error) {
			return called(all(c.s.Duplicates(c.ctx, "", extcontacts.DuplicateOptions{})))
		}},
		"LearnModel": {needs: needs("ws:view"), call: func(c *cell) (any, error) {
			m, err := c.s.LearnModel(c.ctx, "")
			var few *extcontacts.CodeError
			if errors.As(err, &few) && few.Code == "contacts_few" { // it read them
				return called(few.Error(), nil)
			}
			if err != nil {
				return nil, err
			}
			return called(m.MarshalJSON())
		}},
		"FindDuplicates": {needs: needs("ws:view"), call: func(c *cell) (any, error) {
			found, err := c.s.FindDuplicates(c.ctx, "", extcontacts.DuplicateOptions{})
			if err != nil {
				return nil, err
			}
			return called(slices.Collect(found.Pairs()), nil)
		}},
		"Lookup":  {needs: needs("ws:view", "unmasked"), call: func(c *cell) (any, error) { return called(c.s.Lookup(c.ctx, phone)) }},
		"Lookup2": {needs: needs("ws:view", "unmasked"), call: func(c *cell) (any, error) { return called(c.s.Lookup(c.ctx, email)) }},
		"Search":  {needs: needs("ws:view"), call: func(c *cell) (any, error) { return called(all(c.s.Search(c.ctx, query))) }},
		"Search2": {needs: needs("ws:view"), call: func(c *cell) (any, error) { return called(all(c.s.Search(c.ctx, canaryPhone))) }},
		"Search3": {needs: needs("ws:view", "unmasked"), call: func(c *cell) (any, error) {
			return called(all(c.s.Search(c.ctx, "sort:email phone:"+canaryPhone)))
		}},
		"SearchPage": {needs: needs("ws:view"), call: func(c *cell) (any, error) {
			return called(c.s.SearchPage(c.ctx, query, extcontacts.PageOptions{Explain: true}))
		}},
		"Count": {needs: needs("ws:view"), call: func(c *cell) (any, error) { return called(c.s.Count(c.ctx, "friend")) }},
		"Facets": {needs: needs("ws:view"), call: func(c *cell) (any, error) {
			total, facets, err := c.s.Facets(c.ctx, "friend", "label", "company")
			return []any{total, facets}, err
		}},
		"Template": {needs: needs("ws:view"), call: func(c *cell) (any, error) { return nil, c.s.Template(c.ctx, io.Discard) }},
		"Export": {needs: needs("ws:export", "ws:view"), call: func(c *cell) (any, error) {
			var b bytes.Buffer
			n, err := c.s.Export(c.ctx, &b, extcontacts.ExportOptions{})
			return []any{n, b.String()}, err
		}},
		"Import": {needs: needs("ws:import"), filters: needs("edit"), call: func(c *cell) (any, error) {
			return called(c.s.Import(c.ctx, strings.NewReader("Last name,Company\nFriend,Acme\n"), extcontacts.ImportOptions{}))
		}},
		"Import2": {needs: needs("ws:import", "unmasked"), filters: needs("edit"), call: func(c *cell) (any, error) {
			_, err := c.s.Import(c.ctx, strings.NewReader("First name,Last name,Mobile,Company\nTarget,"+canaryName+",+852"+canaryPhone+",Acme\n"), extcontacts.ImportOptions{})
			return nil, err
		}},
		"Check": {needs: needs("ws:import"), call: func(c *cell) (any, error) {
			return called(c.s.Check(c.ctx, strings.NewReader("Last name,Company\nLee,Acme\n"), extcontacts.ImportOptions{}))
		}},
		"SetField": {needs: needs("ws:schema"), call: func(c *cell) (any, error) {
			return called(c.s.SetField(c.ctx, contacts.CustomField{Key: "tier", Name: "Tier", Kind: contacts.TextField}))
		}},
		"SetLabel": {needs: needs("ws:schema"), call: func(c *cell) (any, error) {
			return called(c.s.SetLabel(c.ctx, contacts.Label{Name: "VIP"}))
		}},
		"Repair": {needs: needs("ws:log", "ws:schema"), call: func(c *cell) (any, error) { return called(c.s.Repair(c.ctx)) }},
		"Verify": {needs: needs("ws:log"), call: func(c *cell) (any, error) { return called(c.s.Verify(c.ctx)) }},
	}
}

// someLabels makes the labels A and B, in the workspace of the actors whatever
// the target's is.
func someLabels(c *cell) error {
	for _, name := range []string{"A", "B"} {
		if _, err := c.admin.SetLabel(c.ctx, contacts.Label{Name: name}); err != nil {
			return err
		}
	}
	return nil
}

// friendAct is the act that created the friend.
func (c *cell) friendAct() contacts.ID {
	if c.absent {
		return "nothing"
	}
	acts, err := c.st.Acts(c.ctx, c.ws, store.ActQuery{})
	if err != nil || len(acts) == 0 {
		return ""
	}
	return acts[len(acts)-1].ID
}
