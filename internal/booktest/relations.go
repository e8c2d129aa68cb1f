package booktest

import (
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// relation is something that a contact has or that refers to it, and what a
// merge does with it. Every exported field of [contacts.Contact], every kind
// of record and of activity has a row in [relations]: TestRelations fails for
// one that has none.
type relation struct {
	// name is that of the field, "record KIND" or "activity KIND".
	name string
	// field gives a contact a value of the field that it describes.
	field func(*contacts.Contact)
	// give brings the relation about for the contact that will be merged away,
	// by other means than a field.
	give func(w *related)
	// merged says what is wrong with it while the contact is merged; nil for a
	// field of which the survivor, which had none, must have the value.
	merged func(w *related) string
}

// related is a contact with everything, and the bare one it is merged into.
type related struct {
	*kit
	to, from, third *contacts.Contact // as they were before the merge
	begun           int64             // the head of the log before the merge
}

func (w *related) phone() contacts.Key {
	return contacts.Key{Kind: contacts.PhoneKey, Value: "+85291234567"}
}

// raw is a contact under its own id.
func (w *related) raw(id contacts.ID) *contacts.Contact {
	w.Helper()
	list, err := w.st.Contacts(w.ctx, "acme", id)
	w.must(err)
	return list[0]
}

// still is for what a merge must leave as it is.
func still(*related) string { return "" }

// activity is the row of a kind of activities.
func activity(kind contacts.ActivityKind) relation {
	return relation{name: "activity " + string(kind), give: func(w *related) {
		a := contacts.Activity{Kind: kind, Ref: string(kind), Text: "about " + string(kind), At: w.clock}
		if kind == contacts.Enquiry {
			a.Status = contacts.EnquiryHandling
		}
		_, err := w.s.RecordActivity(w.ctx, w.from.ID, a)
		w.must(err)
	}, merged: func(w *related) string {
		page, err := w.s.Activities(w.ctx, w.to.ID, extcontacts.TimelineOptions{Kinds: []contacts.ActivityKind{kind}})
		w.must(err)
		if len(page.Activities) != 1 || page.Activities[0].Contact != w.from.ID {
			return fmt.Sprintf("the survivor's timeline has %+v", page.Activities)
		}
		return ""
	}}
}

// relations are the rows.
func relations() []relation {
	value := func(name string, give func(*contacts.Contact)) relation { return relation{name: name, field: give} }
	return []relation{
		{name: "ID", merged: func(w *related) string {
			if got := w.get(w.from.ID); got.ID != w.to.ID {
				return fmt.Sprintf("%s answers for it", got.ID)
			}
			return ""
		}},
		{name: "Rev", merged: func(w *related) string {
			if w.raw(w.to.ID).Rev <= w.to.Rev || w.raw(w.from.ID).Rev <= w.from.Rev {
				return "a revision was not raised: a stale edit would be taken"
			}
			return ""
		}},
		{name: "State", merged: func(w *related) string {
			if a, b := w.raw(w.to.ID), w.raw(w.from.ID); a.State != contacts.Live || b.State != contacts.Merged {
				return fmt.Sprintf("%s and %s", a.State, b.State)
			}
			return ""
		}},
		{name: "MergedInto", merged: func(w *related) string {
			if to := w.raw(w.from.ID).MergedInto; to != w.to.ID {
				return fmt.Sprintf("it points at %q", to)
			}
			return ""
		}},
		value("FirstName", func(c *contacts.Contact) { c.FirstName = "Ann" }),
		{name: "LastName", merged: func(w *related) string { // no contact is without one
			if a, b := w.raw(w.to.ID), w.raw(w.from.ID); a.LastName != w.to.LastName || b.LastName != w.from.LastName {
				return fmt.Sprintf("%q and %q", a.LastName, b.LastName)
			}
			return ""
		}},
		value("Group", func(c *contacts.Contact) { c.Group = "Press" }),
		value("Team", func(c *contacts.Contact) { c.Team = "Sales" }),
		value("Company", func(c *contacts.Contact) { c.Company = "Acme" }),
		value("JobTitle", func(c *contacts.Contact) { c.JobTitle = "Buyer" }),
		value("Level", func(c *contacts.Contact) { c.Level = slices.Collect(contacts.Levels())[0] }),
		value("Type", func(c *contacts.Contact) { c.Type = slices.Collect(contacts.Types())[0] }),
		value("Birthdate", func(c *contacts.Contact) { c.Birthdate = contacts.MustParseDate("1980-02-29") }),
		value("Language", func(c *contacts.Contact) { c.Language = contacts.MustParseLanguage("fr") }),
		value("Address", func(c *contacts.Contact) { c.Address = contacts.Address{Street: "1 Quay", City: "Hong Kong"} }),
		value("Phones", func(c *contacts.Contact) { c.Phones = person("x", "+85291234567", "+85291234568").Phones }),
		value("Emails", func(c *contacts.Contact) { c.Emails = person("x", "ann@example.com", "lee@example.com").Emails }),
		value("Socials", func(c *contacts.Contact) {
			c.Socials = []contacts.Social{{Channel: contacts.WhatsApp, Handle: "+85291234567"}, {Channel: contacts.LINE, Handle: "ann"}}
		}),
		value("Labels", func(c *contacts.Contact) { c.Labels = []string{"VIP", "Zebra"} }),
		value("Custom", func(c *contacts.Contact) {
			c.Custom = map[string]contacts.Value{"tier": contacts.MakeValue(contacts.TextField, "gold")}
		}),
		value("ExternalIDs", func(c *contacts.Contact) { c.ExternalIDs = map[string]string{"crm": "7"} }),
		// Whose a contact is does not follow its values: it goes to nobody by a merge.
		{name: "Owner", give: func(w *related) {
			_, err := w.s.SetOwner(w.ctx, "agent-7", w.from.ID)
			w.must(err)
		}, merged: func(w *related) string {
			if a, b := w.raw(w.to.ID), w.raw(w.from.ID); a.Owner != w.to.Owner && a.Owner != w.from.Owner || b.Owner != "agent-7" {
				return fmt.Sprintf("%q and %q", a.Owner, b.Owner)
			}
			return ""
		}},
		{name: "SharedWith", give: func(w *related) {
			_, err := w.s.Share(w.ctx, []contacts.ID{"agent-8"}, w.from.ID)
			w.must(err)
		}, merged: func(w *related) string {
			if b := w.raw(w.from.ID); !slices.Equal(b.SharedWith, []contacts.ID{"agent-8"}) {
				return fmt.Sprintf("%q", b.SharedWith)
			}
			return ""
		}},
		{name: "CreatedAt", merged: func(w *related) string {
			if !w.raw(w.to.ID).CreatedAt.Equal(w.to.CreatedAt) || !w.raw(w.from.ID).CreatedAt.Equal(w.from.CreatedAt) {
				return "it moved"
			}
			return ""
		}},
		{name: "UpdatedAt", merged: func(w *related) string {
			if !w.raw(w.to.ID).UpdatedAt.Equal(w.clock) {
				return "it was not set"
			}
			return ""
		}},
		{name: "Verified", give: func(w *related) {
			_, err := w.s.VerifyIdentifier(w.ctx, w.from.ID, w.phone(), "sms")
			w.must(err)
		}, merged: func(w *related) string {
			res, err := w.s.Lookup(w.ctx, w.phone())
			w.must(err)
			if len(res.Found) != 1 || !res.Found[0].Verified || res.Found[0].Contact.ID != w.to.ID {
				return fmt.Sprintf("found %+v", res.Found)
			}
			return ""
		}},
		activity(contacts.Enquiry), activity(contacts.Call), activity(contacts.SMS), activity(contacts.PageVisit),
		{name: "record enquiry", merged: func(w *related) string { // by the enquiry above
			open, err := w.s.OpenEnquiries(w.ctx)
			w.must(err)
			if len(open) != 1 || open[0].Contact.ID != w.to.ID {
				return fmt.Sprintf("open are %+v", open)
			}
			return ""
		}},
		{name: "record distinct", give: func(w *related) {
			_, err := w.s.Distinct(w.ctx, w.third.ID, w.from.ID)
			w.must(err)
		}, merged: func(w *related) string {
			_, err := w.s.PlanMerge(w.ctx, w.to.ID, []contacts.ID{w.third.ID})
			w.wantCode(err, "marked_distinct")
			return ""
		}},
		{name: "record suppressed", give: func(w *related) {
			_, err := w.s.OptOut(w.ctx, w.phone())
			w.must(err)
		}, merged: func(w *related) string {
			keys, err := w.s.OptOuts(w.ctx, w.to.ID)
			w.must(err)
			if !slices.Contains(keys, w.phone()) {
				return fmt.Sprintf("the survivor's opt-outs are %v", keys)
			}
			return ""
		}},
		{name: "record secret", merged: still}, // the key of those hashes
		{name: "record schema", merged: still}, // fields and labels of the workspace
		{name: "record import", give: func(w *related) {
			w.importCSV("First name,Last name,Mobile,Team\nAnn,Leigh,+85291234567,Press\n,bad,x,\n", extcontacts.ImportOptions{})
		}, merged: still},
		{name: "record query", give: func(w *related) {
			_, err := w.s.SaveQuery(w.ctx, extcontacts.SavedQuery{Name: "Ann", Query: "phone:+85291234567"})
			w.must(err)
		}, merged: func(w *related) string {
			if n := w.count("phone:+85291234567"); n != 1 {
				return fmt.Sprintf("the saved query finds %d", n)
			}
			return ""
		}},
		{name: "record asof", give: func(w *related) { // snapshots of the past are left every 64 writes
			for i := range 70 {
				w.edit(w.from.ID, func(c *contacts.Contact) { c.Team = fmt.Sprint("team ", i) })
			}
			w.edit(w.from.ID, func(c *contacts.Contact) { c.Team = "Sales" })
		}, merged: func(w *related) string {
			past, err := w.s.AsOfSeq(w.ctx, w.from.ID, w.begun)
			w.must(err)
			if !past.Equal(w.from) {
				return fmt.Sprintf("as it was before the merge: %+v", past)
			}
			return ""
		}},
		{name: "log", merged: func(w *related) string {
			page, err := w.s.Log(w.ctx, w.to.ID, extcontacts.LogOptions{Limit: 1000})
			w.must(err)
			if !slices.ContainsFunc(page.Entries, func(e extcontacts.LogEntry) bool {
				return e.Change.Contact == w.from.ID && e.Change.New == "team 3"
			}) {
				return "the survivor's log does not have the other's"
			}
			return ""
		}},
	}
}

// Relations names the rows: what TestRelations compares with the code.
func Relations() []string {
	var names []string
	for _, r := range relations() {
		names = append(names, r.name)
	}
	return names
}

// testRelations merges a contact that has one of everything into a bare one,
// takes that back, and back again: the survivor has all of it or reads through
// to it; unmerged, nothing of anything is lost.
func testRelations(k *kit) {
	_, err := k.s.SetField(k.ctx, contacts.CustomField{Key: "tier", Name: "Tier", Kind: contacts.TextField})
	k.must(err)
	w := &related{kit: k}
	full := person(" Leigh")
	for _, r := range relations() {
		if r.field != nil {
			r.field(full)
		}
	}
	w.to, w.third, w.from = k.create(person(" Lee")), k.create(person("Bob Ray", "+85297654321")), k.create(full)
	for _, r := range relations() {
		if r.give != nil {
			r.give(w)
		}
	}
	w.to, w.third, w.from, w.begun = k.get(w.to.ID), k.get(w.third.ID), k.get(w.from.ID), k.head()
	check := func(when string) {
		k.Helper()
		got, want := reflect.ValueOf(*k.get(w.to.ID)), reflect.ValueOf(*w.from)
		for _, r := range relations() {
			wrong := ""
			switch {
			case r.merged != nil:
				wrong = r.merged(w)
			case !reflect.DeepEqual(got.FieldByName(r.name).Interface(), want.FieldByName(r.name).Interface()):
				wrong = fmt.Sprintf("the survivor has %v, the other %v", got.FieldByName(r.name), want.FieldByName(r.name))
			}
			if wrong != "" {
				k.Errorf("%s, %s: %s", when, r.name, wrong)
			}
		}
	}
	before := k.facts()
	act := k.merge(w.to.ID, w.from.ID)
	check("merged")
	for _, same := range []string{"activities", "records"} {
		if now := k.facts(); now[same] != before[same] {
			k.Errorf("the merge moved %s:\n%s\nwere\n%s", same, now[same], before[same])
		}
	}
	k.undo(act.ID)
	if now := k.facts(); !maps.Equal(now, before) {
		k.Errorf("unmerged, the book is\n%v\nand was\n%v", now, before)
	}
	last, err := k.s.Acts(k.ctx, 0, 1)
	k.must(err)
	w.to, w.from = k.get(w.to.ID), k.get(w.from.ID)
	w.begun = k.head()
	k.undo(last[0].ID)
	check("merged again")
}

// facts is all that the book holds but for what every write leaves behind it:
// the log, revisions and times of writing, snapshots of the past.
func (k *kit) facts() map[string]string {
	k.Helper()
	text := func(v any) string {
		b, err := json.Marshal(v)
		k.must(err)
		return string(b)
	}
	out := map[string]string{}
	var ids []contacts.ID
	for id, c := range k.all() {
		c = c.Clone()
		c.Rev, c.UpdatedAt = 0, c.CreatedAt
		out["contact "+string(id)] = text(c)
		ids = append(ids, id)
		holders, err := k.st.Lookup(k.ctx, "acme", slices.Concat(contacts.Keys(nil, c), []contacts.Key{{Kind: contacts.MergedKey, Value: string(id)}})...)
		k.must(err)
		out["keys "+string(id)] = text(holders)
		if c.State == contacts.Live {
			opted, err := k.s.OptOuts(k.ctx, id)
			k.must(err)
			out["opt-outs "+string(id)] = text(opted)
		}
	}
	if len(ids) > 0 {
		list, err := k.st.Activities(k.ctx, "acme", store.ActivityQuery{Contacts: ids, Limit: 10_000})
		k.must(err)
		out["activities"] = text(list)
	}
	records := map[string][]store.Record{}
	for _, name := range Relations() {
		var kind string
		if n, _ := fmt.Sscanf(name, "record %s", &kind); n == 1 && kind != "asof" {
			list, err := k.st.Records(k.ctx, "acme", kind)
			k.must(err)
			records[kind] = list
		}
	}
	out["records"] = text(records)
	return out
}
