package booktest

import (
	"strings"
	"testing"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/policy"
)

// testAccessIncidents are things that went wrong in systems like this one when
// it came to who may see and do what; each case has the number under which the
// incident is known to us.
func testAccessIncidents(k *kit) {
	for _, incident := range []struct {
		name string
		run  func(*kit)
	}{
		{"I39 deleted contacts are found", incidentDeletedFound},
		{"I43 an id of another tenant", incidentForeignID},
		{"I46 deleted with an open enquiry", testOpenEnquiries},
		{"I47 written first, authorised later", incidentWriteFirst},
		{"I51 external ids looked up globally", incidentForeignKey},
	} {
		k.Run(incident.name, func(t *testing.T) {
			at := &kit{T: t, ctx: k.ctx, st: k.st, clock: k.clock}
			at.ids.Store(k.ids.Add(1000)) // ids are told apart in one workspace
			at.book = at.open(extcontacts.Options{})
			at.s = at.as("agent-1")
			for c, err := range at.s.Search(at.ctx, "") { // begin with nobody
				at.must(err)
				_, err := at.s.Delete(at.ctx, c.ID)
				at.must(err)
			}
			incident.run(at)
		})
	}
}

func incidentDeletedFound(k *kit) {
	c := k.create(person("Zelda Quist", "+85298989898", "zelda@example.com"))
	_, err := k.s.Delete(k.ctx, c.ID)
	k.must(err)
	for _, q := range []string{"zelda", "quist", "98989898", "zelda@example.com", "phone:98989898", "id=" + string(c.ID)} {
		if n := k.count(q); n != 0 {
			k.Errorf("%q finds the deleted contact", q)
		}
	}
	res, err := k.s.Lookup(k.ctx, contacts.Key{Kind: contacts.PhoneKey, Value: "+85298989898"})
	if err != nil || len(res.Found) != 0 {
		k.Errorf("looked up: %+v (%v)", res.Found, err)
	}
	var out strings.Builder
	if _, err := k.s.Export(k.ctx, &out, extcontacts.ExportOptions{}); err != nil || strings.Contains(out.String(), "Quist") {
		k.Errorf("exported: %s (%v)", out.String(), err)
	}
}

func incidentForeignID(k *kit) {
	c := k.create(person("Ann Lee", "+85291234567"))
	before := k.all()
	other := k.open(extcontacts.Options{Workspace: "other"}).As(contacts.Actor{ID: "agent-1"})
	_, err := other.Edit(k.ctx, c.ID, 0, touch)
	k.wantErr(err, extcontacts.ErrNotFound)
	_, err = other.RecordActivity(k.ctx, c.ID, contacts.Activity{Kind: contacts.Call})
	k.wantErr(err, extcontacts.ErrNotFound)
	_, err = other.Erase(k.ctx, c.ID)
	k.wantErr(err, extcontacts.ErrNotFound)
	k.same(before)
}

func incidentWriteFirst(k *kit) {
	c := k.create(person("Ann Lee", "+85291234567"))
	before, head := k.all(), k.head()
	viewer := k.open(extcontacts.Options{Policy: policy.Roles{"viewer": policy.Viewer()}}).As(contacts.Actor{ID: "v", Roles: []string{"viewer"}})
	_, err := viewer.Edit(k.ctx, c.ID, 0, touch)
	k.wantErr(err, extcontacts.ErrForbidden)
	rep, err := viewer.EditMatching(k.ctx, "", touch, extcontacts.BulkOptions{})
	if err != nil || rep.Changed != 0 || rep.Refused == 0 {
		k.Errorf("in bulk: %+v (%v)", rep, err)
	}
	k.same(before)
	if k.head() != head {
		k.Error("a refused call wrote something")
	}
}

func incidentForeignKey(k *kit) {
	c := person("Ann Lee")
	c.ExternalIDs = map[string]string{"crm": "source-1"}
	k.create(c)
	other := k.open(extcontacts.Options{Workspace: "other"}).As(contacts.Actor{ID: "agent-1"})
	key := contacts.Key{Kind: contacts.ExternalKey("crm"), Value: "source-1"}
	if res, err := other.Lookup(k.ctx, key); err != nil || len(res.Found) != 0 {
		k.Errorf("found in another workspace: %+v (%v)", res.Found, err)
	}
	h, err := other.HandleEnquiry(k.ctx, extcontacts.Incoming{Key: key})
	if err != nil || h.Contact != nil {
		k.Errorf("handled in another workspace: %+v (%v)", h, err)
	}
	d := person("Bob Ray")
	d.ExternalIDs = c.ExternalIDs
	if _, err := other.Create(k.ctx, d); err != nil {
		k.Errorf("the id is taken by another workspace: %v", err)
	}
}
