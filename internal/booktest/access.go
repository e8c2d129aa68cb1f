package booktest

import (
	"errors"
	"fmt"
	"io"
	"strings"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
)

func testSearch(k *kit) {
	k.importCSV(people+"山田,太郎,+81312345678,taro@example.jp,,東京商事,\nJosé,Müller,+4930123456,jose@example.de,,Straße AG,VIP\n", extcontacts.ImportOptions{})
	for query, want := range map[string]int{
		"":                      5,
		"ann":                   1,
		"lee ann":               1,
		"jose muller":           1,
		"STRASSE":               1,
		"太郎":                    1,
		"9123 4567":             1,
		"91234":                 3,
		"label:VIP":             2,
		"label:VIP acme":        1,
		"company:acme OR bob":   2,
		"example.com":           2,
		"nobody":                0,
		"email=ann@example.com": 1,
	} {
		if n := k.count(query); n != want {
			k.Errorf("%q finds %d, want %d", query, n, want)
		}
	}
	var paged, whole []contacts.ID
	for c, err := range k.s.Search(k.ctx, "") {
		k.must(err)
		whole = append(whole, c.ID)
	}
	cursor := ""
	for {
		p, err := k.s.SearchPage(k.ctx, "", extcontacts.PageOptions{Limit: 2, Cursor: cursor})
		k.must(err)
		for _, h := range p.Hits {
			paged = append(paged, h.Contact.ID)
		}
		if cursor = p.Next; cursor == "" {
			break
		}
	}
	if len(paged) != 5 || len(whole) != 5 {
		k.Fatalf("paged %v, whole %v", paged, whole)
	}
	for i := range paged {
		if paged[i] != whole[i] {
			k.Fatalf("paged %v, whole %v", paged, whole)
		}
	}
	_, err := k.s.Count(k.ctx, "compnay:acme")
	k.wantErr(err, extcontacts.ErrInvalid)
}

func testLookup(k *kit) {
	a, b := k.create(person("Ann Lee", "+85291234567")), k.create(person("Anne Lee", "+85291234567", "ann@example.com"))
	c := person("Zoe Wat")
	c.Socials = []contacts.Social{{Channel: contacts.WhatsApp, Handle: "+852 9123 4567"}, {Channel: contacts.LINE, Handle: "zoe"}}
	z := k.create(c)
	key := contacts.Key{Kind: contacts.PhoneKey, Value: "+85291234567"}
	_, err := k.s.VerifyIdentifier(k.ctx, b.ID, key, "call")
	k.must(err)
	res, err := k.s.Lookup(k.ctx, key)
	k.must(err)
	if len(res.Found) != 3 || res.Found[0].Contact.ID != b.ID || !res.Found[0].Verified || res.Found[1].Contact.ID != a.ID || res.Found[2].Contact.ID != z.ID {
		k.Errorf("found %+v", res.Found)
	}
	if len(res.Suggestions) == 0 {
		k.Error("nothing suggested")
	}
	if res, err = k.s.Lookup(k.ctx, contacts.Key{Kind: contacts.PhoneKey, Value: "+852-9123 4567"}); err != nil || len(res.Found) != 3 {
		k.Errorf("typed otherwise: %+v (%v)", res.Found, err)
	}
	_, err = k.s.Lookup(k.ctx, contacts.Key{Kind: contacts.PhoneKey, Value: "9123 4567"})
	k.wantCode(err, "phone_no_country_code")
	if res, err = k.s.Lookup(k.ctx, contacts.Key{Kind: contacts.EmailKey, Value: "Ann@Example.com"}); err != nil || len(res.Found) != 1 {
		k.Errorf("by email: %+v (%v)", res.Found, err)
	}
	if res, err = k.s.Lookup(k.ctx, contacts.Key{Kind: contacts.EmailKey, Value: "x@example.com"}); err != nil || len(res.Found) != 0 {
		k.Errorf("nobody's email: %+v (%v)", res.Found, err)
	}
}

// guard lets one agent see only what is not secret, and change nothing.
type guard struct{}

func (guard) Decide(a contacts.Actor, r contacts.Right, c *contacts.Contact) contacts.Decision {
	switch {
	case a.ID != "guest":
		return contacts.Allow()
	case c != nil && c.Group == "secret":
		return contacts.Refuse("secret")
	case r == contacts.RightView:
		return contacts.Allow()
	}
	return contacts.Refuse("guests_look")
}

func testPolicy(k *kit) {
	k.book = k.open(extcontacts.Options{Policy: guard{}})
	k.s = k.as("agent-1")
	open, secret := k.create(person("Ann Lee", "+85291234567")), person("Bob Ray", "+85291234567")
	secret.Group = "secret"
	hidden := k.create(secret)
	edit := k.edit(open.ID, func(c *contacts.Contact) { c.Team = "x" })
	acts, err := k.s.Acts(k.ctx, 0, 1)
	k.must(err)
	head, before := k.head(), k.all()
	guest := k.as("guest")
	for name, try := range map[string]func() error{
		"create": func() error { _, err := guest.Create(k.ctx, person("Eve X")); return err },
		"edit": func() error {
			_, err := guest.Edit(k.ctx, edit.ID, 0, func(*contacts.Contact) error { return nil })
			return err
		},
		"delete":  func() error { _, err := guest.Delete(k.ctx, open.ID); return err },
		"restore": func() error { _, err := guest.Restore(k.ctx, open.ID); return err },
		"erase":   func() error { _, err := guest.Erase(k.ctx, open.ID); return err },
		"import": func() error {
			_, err := guest.Import(k.ctx, strings.NewReader(people), extcontacts.ImportOptions{})
			return err
		},
		"export": func() error { _, err := guest.Export(k.ctx, io.Discard, extcontacts.ExportOptions{}); return err },
		"undo":   func() error { _, err := guest.PlanUndo(k.ctx, acts[0].ID); return err },
		"log":    func() error { _, err := guest.Log(k.ctx, open.ID, extcontacts.LogOptions{}); return err },
		"field": func() error {
			_, err := guest.SetField(k.ctx, contacts.CustomField{Key: "a", Name: "A", Kind: contacts.TextField})
			return err
		},
		"activity": func() error {
			_, err := guest.RecordActivity(k.ctx, open.ID, contacts.Activity{Kind: contacts.Call})
			return err
		},
	} {
		err := try()
		k.wantErr(err, extcontacts.ErrForbidden)
		var f *extcontacts.ForbiddenError
		if !errors.As(err, &f) || f.Rule != "guests_look" {
			k.Errorf("%s: refused by %v", name, err)
		}
	}
	for name, try := range map[string]func(contacts.ID) error{
		"get":    func(id contacts.ID) error { _, err := guest.Get(k.ctx, id); return err },
		"delete": func(id contacts.ID) error { _, err := guest.Delete(k.ctx, id); return err },
		"log":    func(id contacts.ID) error { _, err := guest.Log(k.ctx, id, extcontacts.LogOptions{}); return err },
		"asof":   func(id contacts.ID) error { _, err := guest.AsOf(k.ctx, id, k.clock); return err },
		"merge":  func(id contacts.ID) error { _, err := guest.PlanMerge(k.ctx, id, []contacts.ID{open.ID}); return err },
		"timeline": func(id contacts.ID) error {
			_, err := guest.Activities(k.ctx, id, extcontacts.TimelineOptions{})
			return err
		},
	} {
		if a, b := try(hidden.ID), try("nobody"); a == nil || b == nil || a.Error() != b.Error() {
			k.Errorf("%s: hidden %v, absent %v", name, a, b)
		}
	}
	k.same(before)
	if k.head() != head {
		k.Error("a refused call wrote into the log")
	}
	if n, err := guest.Count(k.ctx, ""); err != nil || n != 1 {
		k.Errorf("the guest counts %d (%v)", n, err)
	}
	res, err := guest.Lookup(k.ctx, contacts.Key{Kind: contacts.PhoneKey, Value: "+85291234567"})
	k.must(err)
	if len(res.Found) != 1 || len(res.Suggestions) != 0 {
		k.Errorf("the guest finds %+v", res)
	}
}

func testEnquiryStatus(k *kit) {
	c, other := k.create(person("Ann Lee")), k.create(person("Bob Ray"))
	for status, want := range map[contacts.EnquiryStatus]bool{
		contacts.EnquiryOpen: false, contacts.EnquiryHandling: true, contacts.EnquiryMissed: false, contacts.EnquiryClosed: false,
	} {
		s := k.book.As(contacts.Actor{ID: "agent-1", Enquiry: &contacts.EnquiryContext{Contact: c.ID, Status: status}})
		if _, err := s.Get(k.ctx, c.ID); err != nil {
			k.Errorf("%s: view: %v", status, err)
		}
		_, err := s.Edit(k.ctx, c.ID, 0, func(c *contacts.Contact) error { c.Team = string(status); return nil })
		if (err == nil) != want {
			k.Errorf("%s: edit: %v", status, err)
		}
		var f *extcontacts.ForbiddenError
		if !want && (!errors.As(err, &f) || f.Rule != "enquiry_"+string(status)) {
			k.Errorf("%s: refused by %v", status, err)
		}
		if _, err := s.Edit(k.ctx, other.ID, 0, func(c *contacts.Contact) error { c.Team = string(status); return nil }); err != nil {
			k.Errorf("%s: another contact: %v", status, err)
		}
	}
}

// Once the enquiry's contact is merged away its status decides about whoever
// answers for it, through any number of merges, and no more when they are
// undone.
func testEnquiryMerged(k *kit) {
	a, b, c := k.create(person("Ann Lee")), k.create(person("Anne Lee")), k.create(person("A. Lee", "+85291234567"))
	s := k.book.As(contacts.Actor{ID: "agent-1", Enquiry: &contacts.EnquiryContext{Contact: a.ID, Status: contacts.EnquiryMissed}})
	n := 0
	edit := func(id contacts.ID) error {
		n++
		_, err := s.Edit(k.ctx, id, 0, func(c *contacts.Contact) error { c.Team = fmt.Sprint("team ", n); return nil })
		return err
	}
	refused := func(err error) {
		k.Helper()
		var f *extcontacts.ForbiddenError
		if !errors.As(err, &f) || f.Rule != "enquiry_missed" {
			k.Errorf("the survivor of the enquiry's contact: %v", err)
		}
	}
	k.must(edit(c.ID))
	ab := k.merge(b.ID, a.ID)
	refused(edit(a.ID))
	refused(edit(b.ID))
	k.must(edit(c.ID))
	bc := k.merge(c.ID, b.ID)
	refused(edit(a.ID))
	refused(edit(c.ID))
	_, err := s.Delete(k.ctx, c.ID)
	refused(err)
	rep, err := s.EditMatching(k.ctx, "phone:+85291234567", func(c *contacts.Contact) error { c.Company = "Acme"; return nil }, extcontacts.BulkOptions{})
	if err == nil && rep.Changed > 0 {
		k.Errorf("a bulk change: %+v", rep)
	}
	imported, err := s.Import(k.ctx, strings.NewReader("Last name,Mobile,Company\nLee,+85291234567,Acme\n"), extcontacts.ImportOptions{})
	if err == nil && imported.Updated > 0 {
		k.Errorf("an import: %+v", imported.Counts)
	}
	k.undo(bc.ID)
	k.must(edit(c.ID))
	refused(edit(b.ID))
	k.undo(ab.ID)
	k.must(edit(b.ID))
	refused(edit(a.ID))
}

func testWorkspaces(k *kit) {
	a := k.create(person("Ann Lee", "+85291234567"))
	other := k.open(extcontacts.Options{Workspace: "Acme"}).As(contacts.Actor{ID: "agent-1"})
	if _, err := other.Get(k.ctx, a.ID); !errors.Is(err, extcontacts.ErrNotFound) {
		k.Errorf("another workspace sees the contact: %v", err)
	}
	if n, err := other.Count(k.ctx, ""); err != nil || n != 0 {
		k.Errorf("another workspace counts %d (%v)", n, err)
	}
	res, err := other.Lookup(k.ctx, contacts.Key{Kind: contacts.PhoneKey, Value: "+85291234567"})
	k.must(err)
	if len(res.Found) != 0 {
		k.Error("another workspace finds the phone")
	}
	if _, err := extcontacts.Open(k.ctx, k.st, extcontacts.Options{}); !errors.Is(err, extcontacts.ErrInvalid) {
		k.Errorf("a book without a workspace: %v", err)
	}
}

func testErase(k *kit) {
	c := k.create(person("Canary Bird", "+85291234567", "canary@example.com"))
	k.edit(c.ID, func(c *contacts.Contact) { c.Company = "Canary Ltd" })
	k.edit(c.ID, func(c *contacts.Contact) { c.Company = "Other" })
	_, err := k.s.RecordActivity(k.ctx, c.ID, contacts.Activity{Kind: contacts.Call, Text: "Canary sang"})
	k.must(err)
	_, err = k.s.Erase(k.ctx, c.ID)
	k.must(err)
	got := k.get(c.ID)
	if got.State != contacts.Erased || got.FullName() != "" || len(got.Phones)+len(got.Emails) != 0 {
		k.Errorf("erased %+v", got)
	}
	log, err := k.s.Log(k.ctx, c.ID, extcontacts.LogOptions{})
	k.must(err)
	steps := 0
	for _, e := range log.Entries {
		if e.Change.Op() != "create" {
			steps++
		}
		if strings.Contains(e.Change.Old+e.Change.New, "Canary") || strings.Contains(e.Change.Old+e.Change.New, "Other") {
			k.Errorf("the log still says %+v", e.Change)
		}
	}
	if steps != 3 {
		k.Errorf("the log has %d of 3 steps: %+v", steps, log.Entries)
	}
	all, err := k.s.Activities(k.ctx, c.ID, extcontacts.TimelineOptions{})
	k.must(err)
	for _, a := range all.Activities {
		if a.Text != "" {
			k.Errorf("the activity still says %q", a.Text)
		}
	}
	if n := k.count("canary"); n != 0 {
		k.Error("an erased contact is found")
	}
	_, err = k.s.Restore(k.ctx, c.ID)
	k.wantCode(err, "contact_erased")
	acts, err := k.s.Acts(k.ctx, 0, 1)
	k.must(err)
	_, err = k.s.PlanUndo(k.ctx, acts[0].ID)
	k.wantCode(err, "act_not_undoable")
}
