package booktest

import (
	"errors"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

func testCreate(k *kit) {
	given := person("Ann Lee", "+852 9123 4567", "Ann@Example.COM")
	given.Phones = append(given.Phones, contacts.ContactPhone{Kind: contacts.WorkPhone, Phone: contacts.MustParsePhone("+85221234567")})
	before := given.Clone()
	c := k.create(given)
	if !given.Equal(before) {
		k.Error("Create altered the contact it was given")
	}
	if c.ID == "" || c.Rev != 1 || c.Type != contacts.Lead || c.Level != contacts.Primary || !c.CreatedAt.Equal(k.clock) {
		k.Errorf("created %+v", c)
	}
	if p := c.Phones[0]; !p.Primary || p.Phone.Number() != "+85291234567" || p.Phone.Raw() != "+852 9123 4567" {
		k.Errorf("first phone %+v", p)
	}
	if got := k.get(c.ID); !got.Equal(c) || got.Rev != 1 {
		k.Errorf("stored %+v, returned %+v", got, c)
	}
	_, err := k.s.Get(k.ctx, "nobody")
	k.wantErr(err, extcontacts.ErrNotFound)
	_, err = k.s.Get(k.ctx, "a\x00b")
	k.wantErr(err, extcontacts.ErrNotFound)
}

func testCreateInvalid(k *kit) {
	bad := &contacts.Contact{FirstName: "a\x01", Custom: map[string]contacts.Value{"nope": contacts.MakeValue(contacts.TextField, "x")}}
	_, err := k.s.Create(k.ctx, bad)
	k.wantErr(err, extcontacts.ErrInvalid)
	var all contacts.FieldErrors
	if !errors.As(err, &all) || len(all) != 3 {
		k.Fatalf("got %v, want three faults at once", err)
	}
	if n := len(k.all()); n != 0 {
		k.Errorf("%d contacts after a refused create", n)
	}
	_, err = k.book.As(contacts.Actor{}).Create(k.ctx, person("Ann Lee"))
	k.wantErr(err, extcontacts.ErrForbidden)
}

func testEdit(k *kit) {
	c := k.create(person("Ann Lee", "+85291234567"))
	d := k.edit(c.ID, func(c *contacts.Contact) {
		c.Company = "Acme"
		c.Address.Country = contacts.MustParseCountry("Hong Kong")
	})
	if d.Rev != 2 || d.Company != "Acme" || !d.UpdatedAt.Equal(k.clock) || !d.CreatedAt.Before(d.UpdatedAt) {
		k.Errorf("edited %+v", d)
	}
	if e := k.edit(c.ID, func(*contacts.Contact) {}); e.Rev != 2 {
		k.Errorf("an edit of nothing made revision %d", e.Rev)
	}
	_, err := k.s.Edit(k.ctx, c.ID, 0, func(c *contacts.Contact) error { c.LastName = " "; return nil })
	k.wantErr(err, extcontacts.ErrInvalid)
	own := errors.New("the caller's own")
	_, err = k.s.Edit(k.ctx, c.ID, 0, func(*contacts.Contact) error { return own })
	k.wantErr(err, own)
	if got := k.get(c.ID); got.Rev != 2 || got.LastName != "Lee" {
		k.Errorf("after refused edits: %+v", got)
	}
}

func testConflict(k *kit) {
	c := k.create(person("Ann Lee"))
	k.s = k.as("agent-2")
	k.edit(c.ID, func(c *contacts.Contact) { c.Company = "Acme"; c.Team = "Sales" })
	k.s = k.as("agent-1")
	_, err := k.s.Edit(k.ctx, c.ID, c.Rev, func(c *contacts.Contact) error { c.Company = "Other"; return nil })
	k.wantErr(err, extcontacts.ErrConflict)
	var conflict *extcontacts.ConflictError
	if !errors.As(err, &conflict) {
		k.Fatalf("got %T", err)
	}
	_, err = k.s.Edit(k.ctx, c.ID, 9, func(*contacts.Contact) error { return nil })
	k.wantCode(err, "revision_unknown")
	if conflict.Rev != 2 || conflict.Base != 1 || !slices.Equal(conflict.By, []contacts.ID{"agent-2"}) || !slices.Equal(conflict.Fields, []string{"company", "team"}) {
		k.Errorf("conflict %+v", conflict)
	}
}

func testVerified(k *kit) {
	c := k.create(person("Ann Lee", "+85291234567", "ann@example.com"))
	key := contacts.Key{Kind: contacts.PhoneKey, Value: "+85291234567"}
	c, err := k.s.VerifyIdentifier(k.ctx, c.ID, key, "call-back")
	k.must(err)
	v := c.Phones[0].Verified
	if v.Method() != "call-back" || v.By() != "agent-1" || !v.At().Equal(k.clock) {
		k.Errorf("verification %+v", v)
	}
	for name, change := range map[string]func(*contacts.Contact){
		"drop":   func(c *contacts.Contact) { c.Phones = nil },
		"alter":  func(c *contacts.Contact) { c.Phones[0].Verified = contacts.NewVerification("guess", v.At(), v.By()) },
		"unmark": func(c *contacts.Contact) { c.Phones[0].Verified = contacts.Verification{} },
		"move":   func(c *contacts.Contact) { c.Phones[0].Phone = contacts.MustParsePhone("+85291234568") },
	} {
		_, err := k.s.Edit(k.ctx, c.ID, 0, func(c *contacts.Contact) error { change(c); return nil })
		if err == nil {
			k.Errorf("%s: a verified phone was edited", name)
			continue
		}
		k.wantCode(err, "verified_identifier")
	}
	_, err = k.s.Edit(k.ctx, c.ID, 0, func(c *contacts.Contact) error {
		c.Emails[0].Verified = contacts.NewVerification("claimed", time.Now(), "")
		return nil
	})
	k.wantCode(err, "verification_claimed")
	_, err = k.s.VerifyIdentifier(k.ctx, c.ID, contacts.Key{Kind: contacts.PhoneKey, Value: "+85290000000"}, "call")
	k.wantCode(err, "identifier_unknown")
	// An import that clears the column leaves the fact alone.
	rep := k.importCSV("First name,Last name,Email,Mobile\nAnn,Lee,ann@example.com,--\n", extcontacts.ImportOptions{})
	k.counts(rep, 0, 0, 1, 0, 0)
	if got := k.get(c.ID); len(got.Phones) != 1 || got.Phones[0].Verified != v {
		k.Errorf("after the import %+v", got.Phones)
	}
}

func testDeleteRestore(k *kit) {
	a, b := k.create(person("Ann Lee", "+85291234567")), k.create(person("Bob Ray"))
	act, err := k.s.Delete(k.ctx, a.ID, b.ID)
	k.must(err)
	if act.Counts.Deleted != 2 || k.count("") != 0 {
		k.Errorf("act %+v, %d live", act, k.count(""))
	}
	if got := k.get(a.ID); got.State != contacts.Deleted {
		k.Errorf("state %v", got.State)
	}
	res, err := k.s.Lookup(k.ctx, contacts.Key{Kind: contacts.PhoneKey, Value: "+85291234567"})
	k.must(err)
	if len(res.Found) != 0 {
		k.Error("a deleted contact answers to its phone")
	}
	_, err = k.s.Delete(k.ctx, a.ID, "nobody")
	k.wantErr(err, extcontacts.ErrNotFound)
	_, err = k.s.Edit(k.ctx, a.ID, 0, func(c *contacts.Contact) error { c.Company = "x"; return nil })
	k.wantCode(err, "contact_not_live")
	_, err = k.s.Restore(k.ctx, a.ID)
	k.must(err)
	k.undo(act.ID) // brings Bob back and keeps Ann as she is
	if k.count("") != 2 {
		k.Errorf("%d live", k.count(""))
	}
	again, err := k.s.Restore(k.ctx, a.ID)
	k.must(err)
	if again.ID != "" {
		k.Error("restoring a live contact made an act")
	}
}

func testUnique(k *kit) {
	k.book = k.open(extcontacts.Options{Unique: []contacts.KeyKind{contacts.PhoneKey}})
	k.s = k.as("agent-1")
	const n = 16
	errs := make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { _, errs[i] = k.s.Create(k.ctx, person("Ann Lee", "+85291234567")) })
	}
	wg.Wait()
	won := 0
	for _, err := range errs {
		if err == nil {
			won++
			continue
		}
		var taken *extcontacts.TakenError
		if !errors.As(err, &taken) || taken.Kind != contacts.PhoneKey || len(taken.Holders) != 1 {
			k.Errorf("a loser got %v", err)
		}
	}
	if won != 1 || k.count("") != 1 {
		k.Errorf("%d winners, %d contacts", won, k.count(""))
	}
}

func testLabels(k *kit) {
	a := person("Ann Lee")
	a.Labels = []string{"VIP", "Newsletter"}
	k.create(a)
	b := person("Bob Ray")
	b.Labels = []string{"vip"}
	if got := k.create(b); !slices.Equal(got.Labels, []string{"VIP"}) {
		k.Errorf("labels %q: the workspace writes VIP", got.Labels)
	}
	schema, err := k.s.SetLabel(k.ctx, contacts.Label{Name: "VIP", Colour: "#ff0000"})
	k.must(err)
	if ls := schema.Labels(); len(ls) != 2 || ls[0].Colour+ls[1].Colour != "#ff0000" {
		k.Errorf("labels %+v", ls)
	}
	if n := k.count(`label:VIP`); n != 2 {
		k.Errorf("%d contacts with the label", n)
	}
	long := strings.Repeat("漢", contacts.MaxLabel) // the longest names are stored, too
	k.counts(k.importCSV("Last name,Contact Label,External ID: "+strings.Repeat("漢", 64)+"\nPoe,"+long+",1\n", extcontacts.ImportOptions{}), 1, 0, 0, 0, 0)
	d := person("Dan Kay")
	d.ExternalIDs = map[string]string{strings.Repeat("😀", 64): "1"} // more bytes than a store keeps
	_, err = k.s.Create(k.ctx, d)
	k.wantCode(err, "text_too_long")
	if n := k.count(`label:"` + long + `"`); n != 1 {
		k.Errorf("%d contacts with the long label", n)
	}
	_, err = k.s.SetLabel(k.ctx, contacts.Label{Name: "a;b"})
	k.wantErr(err, extcontacts.ErrInvalid)
}

func testCustomFields(k *kit) {
	_, err := k.s.SetField(k.ctx, contacts.CustomField{Key: "tier", Name: "Tier", Kind: contacts.ChoiceField, Options: []string{"Gold", "Silver"}, Default: "Silver"})
	k.must(err)
	_, err = k.s.SetField(k.ctx, contacts.CustomField{Key: "vat", Name: "VAT No", Kind: contacts.TextField, Unique: true})
	k.must(err)
	rep := k.importCSV("Last name,Tier,VAT No\nLee,gold,X1\nRay,,X2\nPoe,bronze,X3\nKay,,X1\n", extcontacts.ImportOptions{})
	k.counts(rep, 2, 0, 0, 0, 2)
	if got := faults(rep); !slices.Equal(got, []string{"row 3: custom.tier choice_unknown", "row 4: custom:vat value_taken"}) {
		k.Errorf("faults %q", got)
	}
	if n := k.count(`tier=Silver`); n != 1 {
		k.Errorf("%d contacts with the default", n)
	}
	_, err = k.s.SetField(k.ctx, contacts.CustomField{Key: "tier", Name: "Tier", Kind: contacts.TextField})
	k.wantCode(err, "field_kind_fixed")
	// A rule that comes later locks nobody out of what is there.
	_, err = k.s.SetField(k.ctx, contacts.CustomField{Key: "tier", Name: "Tier", Kind: contacts.ChoiceField, Options: []string{"Silver"}, Required: true})
	k.must(err)
	for c, err := range k.s.Search(k.ctx, "lee") {
		k.must(err)
		k.edit(c.ID, func(c *contacts.Contact) { c.Company = "Acme" })
		_, err = k.s.Edit(k.ctx, c.ID, 0, func(c *contacts.Contact) error { delete(c.Custom, "tier"); return nil })
		k.wantCode(err, "required")
	}
}

func testSchemaUndo(k *kit) {
	_, err := k.s.SetField(k.ctx, contacts.CustomField{Key: "vat", Name: "VAT", Kind: contacts.TextField})
	k.must(err)
	acts, err := k.s.Acts(k.ctx, 0, 1)
	k.must(err)
	k.undo(acts[0].ID)
	schema, err := k.s.Schema(k.ctx)
	k.must(err)
	if len(schema.Custom()) != 0 {
		k.Errorf("fields %+v after undo", schema.Custom())
	}
	undo, err := k.s.Acts(k.ctx, 0, 1)
	k.must(err)
	k.undo(undo[0].ID)
	if schema, err = k.s.Schema(k.ctx); err != nil || len(schema.Custom()) != 1 {
		k.Errorf("fields %+v after undoing the undo (%v)", schema.Custom(), err)
	}
}

// A custom field is not taken back from under the values that contacts have.
func testFieldInUse(k *kit) {
	_, err := k.s.SetField(k.ctx, contacts.CustomField{Key: "vat", Name: "VAT", Kind: contacts.TextField, Unique: true})
	k.must(err)
	acts, err := k.s.Acts(k.ctx, 0, 1)
	k.must(err)
	field := acts[0].ID
	c := person("Ann Lee")
	c.Custom = map[string]contacts.Value{"vat": contacts.MakeValue(contacts.TextField, "1")}
	c = k.create(c)
	_, err = k.s.PlanUndo(k.ctx, field)
	k.wantCode(err, "field_in_use")
	k.edit(c.ID, func(c *contacts.Contact) { c.Custom = nil })
	if acts, err = k.s.Acts(k.ctx, 0, 1); err != nil {
		k.Fatal(err)
	}
	k.undo(field)
	_, err = k.s.PlanUndo(k.ctx, acts[0].ID) // would bring the value back
	k.wantCode(err, "custom_unknown")
	k.edit(c.ID, func(c *contacts.Contact) { c.Team = "Sales" })
}

// A label that the workspace lost does not lock the contacts that have it.
func testLostLabel(k *kit) {
	k.book = k.open(extcontacts.Options{Policy: importers{}})
	k.s = k.as("agent-1")
	_, err := k.s.SetLabel(k.ctx, contacts.Label{Name: "VIP"})
	k.must(err)
	acts, err := k.s.Acts(k.ctx, 0, 1)
	k.must(err)
	a, b := person("Ann Lee"), person("Anne Lee")
	a.Labels = []string{"VIP"}
	b.Labels = a.Labels
	a, b = k.create(a), k.create(b)
	_, err = k.s.PlanUndo(k.ctx, acts[0].ID)
	k.wantCode(err, "label_in_use")
	// No way through the book loses a label in use; a store that was mended by hand may.
	_, err = k.st.Apply(k.ctx, "acme", &store.Batch{Act: contacts.Act{ID: "lost", Kind: contacts.ActSchema, At: k.clock}, Part: 1,
		Records: []store.RecordPut{{Kind: "schema", Key: "schema", Base: store.AnyRev, Body: []byte("{}")}}})
	k.must(err)
	k.s = k.as("guest")
	k.edit(a.ID, func(c *contacts.Contact) { c.Team = "Sales" })
	_, err = k.s.Edit(k.ctx, a.ID, 0, func(c *contacts.Contact) error { c.Labels = append(c.Labels, "new"); return nil })
	k.wantCode(err, "label_unknown")
	k.merge(a.ID, b.ID)
	k.s = k.as("agent-1")
}
