package booktest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/policy"
)

func testBulk(k *kit) {
	var file strings.Builder
	file.WriteString("First name,Last name,Mobile,Team\n")
	for i := range 1200 {
		fmt.Fprintf(&file, "P%d,Bulk,+8529%07d,red\n", i, i)
	}
	k.importCSV(file.String(), extcontacts.ImportOptions{})
	secret := person("Eve Bulk")
	secret.Group, secret.Team = "secret", "red"
	hidden := k.create(secret)
	before, head := k.all(), k.head()
	paint := func(c *contacts.Contact) error { c.Team = "blue"; return nil }
	rep, err := k.s.EditMatching(k.ctx, "team:red", paint, extcontacts.BulkOptions{DryRun: true})
	if err != nil || rep.Matched != 1201 || rep.Changed != 1201 || rep.Act != "" || k.head() != head {
		k.Errorf("dry run %+v (%v)", rep, err)
	}
	_, err = k.s.EditMatching(k.ctx, "team:red", paint, extcontacts.BulkOptions{Max: 1200})
	k.wantCode(err, "too_many_matches")
	k.same(before)
	rep, err = k.s.EditMatching(k.ctx, "team:red", paint, extcontacts.BulkOptions{})
	if err != nil || rep.Changed != 1201 || k.count("team:blue") != 1201 {
		k.Errorf("edited %+v (%v)", rep, err)
	}
	if acts, err := k.s.Acts(k.ctx, 0, 1); err != nil || acts[0].ID != rep.Act || acts[0].Counts.Updated != 1201 {
		k.Errorf("the act %+v (%v)", acts, err)
	}
	again, err := k.s.EditMatching(k.ctx, "team:blue", paint, extcontacts.BulkOptions{})
	if err != nil || again.Unchanged != 1201 || again.Act != "" {
		k.Errorf("again %+v (%v)", again, err)
	}
	k.undo(rep.Act)
	k.same(before)
	rep, err = k.s.DeleteMatching(k.ctx, "bulk", extcontacts.BulkOptions{})
	if err != nil || rep.Changed != 1201 || k.count("") != 0 {
		k.Errorf("deleted %+v (%v)", rep, err)
	}
	k.undo(rep.Act)
	k.same(before)
	rep, err = k.s.EditMatching(k.ctx, "p1 OR eve", func(c *contacts.Contact) error {
		if c.ID != hidden.ID {
			c.LastName = ""
		}
		return nil
	}, extcontacts.BulkOptions{})
	if err != nil || rep.Changed != 0 || rep.Refused == 0 || rep.Refusals[0].Code != "required" || rep.Matched != rep.Refused+rep.Unchanged {
		k.Errorf("invalid %+v (%v)", rep, err)
	}
	k.book = k.open(extcontacts.Options{Policy: guard{}})
	rep, err = k.as("guest").DeleteMatching(k.ctx, "bulk", extcontacts.BulkOptions{})
	if err != nil || rep.Matched != 1200 || rep.Refused != 1200 || rep.Refusals[0].Rule != "guests_look" || len(rep.Refusals) != extcontacts.MaxRejections {
		k.Errorf("the guest deletes %+v (%v)", rep, err)
	}
	k.same(before)
}

func testPurgeRetention(k *kit) {
	day := 24 * time.Hour
	a, b, c, d := k.create(person("Ann Old")), k.create(person("Bob Old")), k.create(person("Cleo New")), k.create(person("Dan Open"))
	act := func(id contacts.ID, at time.Time, v contacts.Activity) {
		k.Helper()
		v.At = at
		_, err := k.s.RecordActivity(k.ctx, id, v)
		k.must(err)
	}
	start := k.clock
	act(b.ID, start.Add(10*day), contacts.Activity{Kind: contacts.Call})
	act(c.ID, start.Add(99*day), contacts.Activity{Kind: contacts.Call})
	act(d.ID, start, contacts.Activity{Kind: contacts.Enquiry, Status: contacts.EnquiryOpen, Ref: "open"})
	twin := k.create(person("Bob Twin"))
	act(twin.ID, start.Add(20*day), contacts.Activity{Kind: contacts.SMS})
	merged := k.merge(b.ID, twin.ID)
	k.clock = start.Add(100 * day)
	for query, want := range map[string]int{
		"last_activity:*": 3, "last_activity>=-2d": 1, "-last_activity:*": 1, "last_activity<-50d": 2, "last_activity<-85d": 1, "last_activity:* sort:-last_activity": 3,
	} {
		if n := k.count(query); n != want {
			k.Errorf("%q finds %d, want %d", query, n, want)
		}
	}
	var order []contacts.ID
	for c, err := range k.s.Search(k.ctx, "sort:-last_activity last_activity:*") {
		k.must(err)
		order = append(order, c.ID)
	}
	if !slices.Equal(order, []contacts.ID{c.ID, b.ID, d.ID}) {
		k.Errorf("by last activity %v", order)
	}
	rule := extcontacts.RetentionRule{Inactive: 50 * day, DryRun: true}
	rep, err := k.s.Retain(k.ctx, rule)
	if err != nil || rep.Matched != 3 || rep.Changed != 2 || rep.Refused != 1 || rep.Refusals[0].Code != "enquiry_open" || k.count("") != 4 {
		k.Errorf("dry run %+v (%v)", rep, err)
	}
	rule.DryRun = false
	if rep, err = k.s.Retain(k.ctx, rule); err != nil || rep.Changed != 2 || k.count("") != 2 {
		k.Errorf("retained %+v (%v)", rep, err)
	}
	k.undo(rep.Act)
	if k.count("") != 4 {
		k.Error("retention cannot be undone")
	}
	_, err = k.s.Retain(k.ctx, extcontacts.RetentionRule{})
	k.wantCode(err, "required")

	_, err = k.s.Purge(k.ctx, a.ID)
	k.wantCode(err, "not_deleted")
	deleted, err := k.s.Delete(k.ctx, a.ID, b.ID, d.ID)
	k.must(err)
	_, err = k.s.Purge(k.ctx, a.ID, d.ID)
	k.wantCode(err, "enquiry_open")
	if k.get(a.ID).State != contacts.Deleted {
		k.Error("a part of a refused purge was done")
	}
	k.clock = k.clock.Add(day)
	purged, err := k.s.PurgeDeleted(k.ctx, k.clock.Add(-day/2), extcontacts.BulkOptions{DryRun: true})
	if err != nil || purged.Changed != 2 || purged.Refused != 1 {
		k.Errorf("dry purge %+v (%v)", purged, err)
	}
	purged, err = k.s.PurgeDeleted(k.ctx, k.clock.Add(-day/2), extcontacts.BulkOptions{})
	if err != nil || purged.Changed != 2 || k.get(a.ID).State != contacts.Erased || k.get(twin.ID).State != contacts.Erased {
		k.Errorf("purged %+v (%v), %+v", purged, err, k.get(twin.ID))
	}
	plan := k.undo(deleted.ID)
	if k.get(d.ID).State != contacts.Live || len(plan.Clashes) == 0 || k.get(a.ID).State != contacts.Erased {
		k.Errorf("undone after the purge: %+v", plan.Clashes)
	}
	_, err = k.s.PlanUndo(k.ctx, merged.ID)
	k.must(err)
	// Retention may erase, too.
	rule.Erase = true
	k.clock = k.clock.Add(100 * day)
	if rep, err = k.s.Retain(k.ctx, rule); err != nil || rep.Changed != 1 || rep.Refused != 1 || k.get(c.ID).State != contacts.Erased {
		k.Errorf("erased by retention %+v (%v)", rep, err)
	}
}

func testOwnership(k *kit) {
	k.book = k.open(extcontacts.Options{Owned: true, Policy: policy.All{contacts.DefaultPolicy{}, policy.Owned{Managers: []string{"boss"}}}})
	ann, bob, boss := k.as("ann"), k.as("bob"), k.book.As(contacts.Actor{ID: "carl", Roles: []string{"boss"}})
	k.s = ann
	c := k.create(person("Carol Client", "+85291234567"))
	if c.Owner != "ann" {
		k.Errorf("a new contact belongs to %q", c.Owner)
	}
	k.importCSV("First name,Last name\nDora,Client\n", extcontacts.ImportOptions{})
	sees := func(s *extcontacts.Session, want int) {
		k.Helper()
		if n, err := s.Count(k.ctx, "client"); err != nil || n != want {
			k.Errorf("%s sees %d, want %d (%v)", s.Actor().ID, n, want, err)
		}
	}
	sees(ann, 2)
	sees(bob, 0)
	sees(boss, 2)
	edit := func(c *contacts.Contact) error { c.Team = "x"; c.Owner = "bob"; return nil }
	_, err := bob.Edit(k.ctx, c.ID, 0, edit)
	k.wantErr(err, extcontacts.ErrNotFound)
	_, err = ann.Share(k.ctx, []contacts.ID{"bob"}, c.ID)
	k.must(err)
	sees(bob, 1)
	_, err = bob.Edit(k.ctx, c.ID, 0, edit)
	var f *extcontacts.ForbiddenError
	if !errors.As(err, &f) || f.Rule != "shared_lacks_edit" {
		k.Errorf("bob edits: %v", err)
	}
	if c, err := ann.Edit(k.ctx, c.ID, 0, edit); err != nil || c.Owner != "ann" {
		k.Errorf("an edit gave the contact to %q (%v)", c.Owner, err)
	}
	theirs := person("Eve Client")
	theirs.Owner = "bob"
	_, err = ann.Create(k.ctx, theirs)
	if !errors.As(err, &f) || f.Rule != "owner_other" {
		k.Errorf("ann creates for bob: %v", err)
	}
	moved, err := ann.SetOwner(k.ctx, "bob", c.ID)
	k.must(err)
	_, err = ann.Get(k.ctx, c.ID)
	k.wantErr(err, extcontacts.ErrNotFound)
	sees(bob, 1)
	k.s = boss
	k.undo(moved.ID)
	if got := k.get(c.ID); got.Owner != "ann" || !slices.Equal(got.SharedWith, []contacts.ID{"bob"}) {
		k.Errorf("moved back: %q %v", got.Owner, got.SharedWith)
	}
}

// A masked field is no oracle: nothing that takes a value tells whether
// somebody has it.
func testMaskedOracle(k *kit) {
	a := k.create(person("Ann Lee", "+85291234567", "ann@example.com"))
	b := k.create(person("Anna Li", "+85291234567"))
	lone := k.create(person("Zoe Wat", "+85298765432", "zoe@example.com"))
	k.book = k.open(extcontacts.Options{Unique: []contacts.KeyKind{contacts.EmailKey},
		Policy: policy.All{contacts.DefaultPolicy{}, policy.Masks{"trainee": contacts.MaskPhones | contacts.MaskEmails}}})
	s := k.book.As(contacts.Actor{ID: "t", Roles: []string{"trainee"}})
	refused := func(what string, err error) {
		k.Helper()
		var f *extcontacts.ForbiddenError
		if !errors.As(err, &f) || f.Rule != "masked_fields" {
			k.Errorf("%s: %v", what, err)
		}
	}
	for _, q := range []string{"phone:91234567", "phones.mobile:*", "email=ann@example.com", "email:@example.com", "-phone:*", "sort:phone", "sort:-email", "whatsapp:*", "ann OR phone:9", "social:*", "primary_phone:*"} {
		if _, err := s.Count(k.ctx, q); !errors.Is(err, extcontacts.ErrInvalid) {
			refused(q, err)
		}
	}
	for _, q := range []string{"91234567", "+85291234567", "ann@example.com", "example", "9876 5432", "98765432"} {
		if n, err := s.Count(k.ctx, q); err != nil || n != 0 {
			k.Errorf("%q finds %d (%v)", q, n, err)
		}
	}
	if n, err := s.Count(k.ctx, "ann"); err != nil || n != 2 {
		k.Errorf("by name %d (%v)", n, err)
	}
	_, err := s.Lookup(k.ctx, contacts.Key{Kind: contacts.PhoneKey, Value: "+85291234567"})
	refused("lookup", err)
	for p, err := range s.Duplicates(k.ctx, "", extcontacts.DuplicateOptions{}) {
		k.must(err)
		for _, r := range p.Reasons {
			if r.Key != "" {
				k.Errorf("duplicates tell %+v", p)
			}
		}
	}
	pairs, err := s.Suggest(k.ctx, lone.ID)
	if err != nil || len(pairs) != 0 {
		k.Errorf("suggested %v (%v)", pairs, err)
	}
	if pairs, err = s.Suggest(k.ctx, a.ID); err != nil {
		k.Error(err)
	}
	for _, p := range pairs {
		for _, r := range p.Reasons {
			if r.Key != "" {
				k.Errorf("suggestions tell %+v", p)
			}
		}
	}
	_, err = s.PlanMerge(k.ctx, a.ID, []contacts.ID{b.ID})
	refused("merge", err)
	_, err = s.Create(k.ctx, person("Eve New", "zoe@example.com"))
	refused("create with a unique value", err)
	_, err = s.Edit(k.ctx, a.ID, 0, func(c *contacts.Contact) error {
		if c.Phones[0].Phone.Raw() != contacts.MaskText || c.Phones[0].Phone.Number() != "" || strings.Contains(c.Emails[0].Email.Address(), "@") {
			k.Errorf("an edit shows %+v", c)
		}
		c.Emails = nil
		return nil
	})
	refused("edit", err)
	c, err := s.Edit(k.ctx, a.ID, 0, func(c *contacts.Contact) error { c.Team = "x"; return nil })
	if err != nil || c.Phones[0].Phone.Number() != "" || k.get(a.ID).Phones[0].Phone.Number() != "+85291234567" || k.get(a.ID).Team != "x" {
		k.Errorf("an edit of another field: %+v (%v)", c, err)
	}
	_, err = s.Import(k.ctx, strings.NewReader("Last name,Mobile\nLee,+85291234567\n"), extcontacts.ImportOptions{DryRun: true})
	refused("import", err)
	_, err = s.VerifyIdentifier(k.ctx, a.ID, contacts.Key{Kind: contacts.EmailKey, Value: "ann@example.com"}, "sms")
	refused("verify", err)
	var out strings.Builder
	_, err = s.Export(k.ctx, &out, extcontacts.ExportOptions{})
	k.must(err)
	if strings.Contains(out.String(), "9123") || strings.Contains(out.String(), "@") || !strings.Contains(out.String(), "Lee") {
		k.Errorf("exported %s", out.String())
	}
}
