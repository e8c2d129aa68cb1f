package storetest

import (
	"encoding/hex"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/google/go-cmp/cmp/cmpopts"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// clock is the time of the n-th thing that happens in a case.
func clock(n int) time.Time {
	return time.Date(2024, 5, 6, 7, 8, 9, 123456000, time.UTC).Add(time.Duration(n) * time.Second)
}

// act returns a new act of the case.
func (k *kit) act() contacts.Act {
	k.acts++
	return contacts.Act{ID: contacts.ID(fmt.Sprintf("act-%03d", k.acts)), Kind: contacts.ActEdit, Actor: "agent", At: clock(k.acts)}
}

// try applies a batch. Act and Part are filled in where they are missing.
func (k *kit) try(b *store.Batch) (store.Result, error) {
	if b.Act.ID == "" {
		undoes := b.Act.Undoes
		b.Act = k.act()
		b.Act.Undoes = undoes
	}
	if b.Part == 0 {
		b.Part = 1
	}
	return k.s.Apply(k.ctx, k.ws, b)
}

// apply applies a batch that must succeed.
func (k *kit) apply(b *store.Batch) store.Result {
	k.Helper()
	r, err := k.try(b)
	if err != nil {
		k.Fatalf("Apply: %v", err)
	}
	return r
}

// refused applies a batch that must fail with target and leave no trace.
func (k *kit) refused(b *store.Batch, target error) error {
	k.Helper()
	before := k.dump(k.ws)
	_, err := k.try(b)
	k.is(err, target)
	if d := cmp.Diff(before, k.dump(k.ws)); d != "" {
		k.Errorf("the refused batch left a trace:\n%s", d)
	}
	return err
}

// conflict is refused for a *store.ConflictError, which it returns.
func (k *kit) conflict(b *store.Batch) *store.ConflictError {
	k.Helper()
	var c *store.ConflictError
	if err := k.refused(b, store.ErrConflict); !errors.As(err, &c) {
		k.Fatalf("got %T, want a *store.ConflictError", err)
	}
	return c
}

func (k *kit) is(err, target error) {
	k.Helper()
	if !errors.Is(err, target) {
		k.Fatalf("got the error %v, want one that is %v", err, target)
	}
}

func (k *kit) ok(err error) {
	k.Helper()
	if err != nil {
		k.Fatal(err)
	}
}

func (k *kit) equal(what string, got, want any) {
	k.Helper()
	if d := cmp.Diff(want, got, comparers...); d != "" {
		k.Errorf("%s (-want +got):\n%s", what, d)
	}
}

// comparers compares contacts by what a store keeps of them, changes without
// their seals, which are random, and empty lists equal to absent ones.
var comparers = []cmp.Option{
	cmp.Transformer("contact", encode),
	cmp.Comparer(func(a, b contacts.Verification) bool { return a == b }),
	cmp.Transformer("unsealed", func(c contacts.Change) [5]string {
		return [5]string{string(c.Contact), c.Path, c.Old, c.New, string(c.From)}
	}),
	cmpopts.EquateEmpty(),
}

// encode writes all of a contact as text.
func encode(c *contacts.Contact) string {
	if c == nil {
		return "none"
	}
	return fmt.Sprintf("%q %s", c.ID, hex.EncodeToString(contacts.AppendEncoded(nil, c)))
}

// person returns a new contact at revision 1.
func person(id contacts.ID, name string) *contacts.Contact {
	c := &contacts.Contact{ID: id, Rev: 1, LastName: name, Level: contacts.Primary, Type: contacts.Lead,
		CreatedAt: clock(0), UpdatedAt: clock(0)}
	return c.Normalize()
}

func withPhone(c *contacts.Contact, number string) *contacts.Contact {
	c.Phones = append(c.Phones, contacts.ContactPhone{Kind: contacts.MobilePhone, Phone: contacts.MakePhone(number, number)})
	return c.Normalize()
}

// everything returns a contact with a value in every field.
func everything(id contacts.ID) *contacts.Contact {
	v := contacts.NewVerification("sms", clock(9), "agent-1")
	c := &contacts.Contact{
		ID: id, Rev: 1, FirstName: "Zoë", LastName: "O'Brien", Level: contacts.Secondary, Type: contacts.Customer,
		Group: "VIP", Team: "Ventes", Company: "Müller & Söhne", JobTitle: "Head of \"R&D\"",
		Birthdate: contacts.MustParseDate("1980-02-29"), Language: contacts.MustParseLanguage("fr"),
		Address: contacts.Address{Street: "1 High St\nFlat 2", City: "Hong Kong", State: "Kowloon", ZipCode: "00 123",
			Country: contacts.MustParseCountry("HK")},
		Phones: []contacts.ContactPhone{
			{Kind: contacts.MobilePhone, Phone: contacts.MakePhone("+85291234567", "+852 9123-4567"), Primary: true, Verified: v},
			{Kind: contacts.WorkPhone, Phone: contacts.MakePhone("+442079460018", "+44 (0)20 7946 0018")},
		},
		Emails: []contacts.ContactEmail{
			{Kind: contacts.WorkEmail, Email: contacts.MustParseEmail("Zoe.OBrien@Example.com"), Primary: true},
			{Kind: contacts.OtherEmail, Email: contacts.MustParseEmail("z@example.org"), Verified: v},
		},
		Socials: []contacts.Social{
			{Channel: contacts.LINE, Handle: "zoe"},
			{Channel: contacts.WhatsApp, Handle: "+852 9123 4567", Verified: v},
		},
		Labels:      []string{"a", "b c", "été"},
		Custom:      map[string]contacts.Value{"tier": contacts.MakeValue(contacts.TextField, "gold"), "n": contacts.MakeValue(contacts.NumberField, "42")},
		ExternalIDs: map[string]string{"crm": "0017", "erp": "x-1"},
		CreatedAt:   clock(1), UpdatedAt: clock(2),
	}
	return c.Normalize()
}

// create is the Put of a new contact with all its keys.
func create(c *contacts.Contact) store.Put {
	add, _ := store.KeyDiff(nil, c)
	return store.Put{Contact: c, Add: add}
}

// update is the Put of a changed contact; edit works on a clone.
func update(old *contacts.Contact, edit func(c *contacts.Contact)) store.Put {
	c := old.Clone()
	edit(c)
	c.Rev = old.Rev + 1
	add, drop := store.KeyDiff(old, c.Normalize())
	return store.Put{Contact: c, Base: old.Rev, Add: add, Drop: drop}
}

// add creates contacts in one batch, logged as such.
func (k *kit) add(list ...*contacts.Contact) store.Result {
	k.Helper()
	b := &store.Batch{}
	for _, c := range list {
		b.Put = append(b.Put, create(c))
		b.Changes = append(b.Changes, contacts.Change{Contact: c.ID})
	}
	return k.apply(b)
}

// contacts reads contacts.
func (k *kit) contacts(ids ...contacts.ID) []*contacts.Contact {
	k.Helper()
	list, err := k.s.Contacts(k.ctx, k.ws, ids...)
	if err != nil {
		k.Fatalf("Contacts: %v", err)
	}
	if len(list) != len(ids) {
		k.Fatalf("Contacts answered %d places for %d ids", len(list), len(ids))
	}
	return list
}

// lookup reads the holders of keys.
func (k *kit) lookup(keys ...contacts.Key) [][]contacts.ID {
	k.Helper()
	lists, err := k.s.Lookup(k.ctx, k.ws, keys...)
	if err != nil {
		k.Fatalf("Lookup: %v", err)
	}
	if len(lists) != len(keys) {
		k.Fatalf("Lookup answered %d places for %d keys", len(lists), len(keys))
	}
	return lists
}

// scan reads the ids of the contacts after one.
func (k *kit) scan(after contacts.ID) []contacts.ID {
	k.Helper()
	var ids []contacts.ID
	for c, err := range k.s.Scan(k.ctx, k.ws, after) {
		if err != nil {
			k.Fatalf("Scan: %v", err)
		}
		ids = append(ids, c.ID)
	}
	return ids
}

func (k *kit) log(q store.LogQuery) []contacts.Entry {
	k.Helper()
	list, err := k.s.Log(k.ctx, k.ws, q)
	if err != nil {
		k.Fatalf("Log: %v", err)
	}
	return list
}

func (k *kit) seqs(q store.LogQuery) []int64 {
	k.Helper()
	var out []int64
	for _, e := range k.log(q) {
		out = append(out, e.Seq)
	}
	return out
}

func (k *kit) actsOf(q store.ActQuery) []contacts.Act {
	k.Helper()
	list, err := k.s.Acts(k.ctx, k.ws, q)
	if err != nil {
		k.Fatalf("Acts: %v", err)
	}
	return list
}

func (k *kit) activities(q store.ActivityQuery) []contacts.Activity {
	k.Helper()
	list, err := k.s.Activities(k.ctx, k.ws, q)
	if err != nil {
		k.Fatalf("Activities: %v", err)
	}
	return list
}

func (k *kit) records(kind string, keys ...string) []store.Record {
	k.Helper()
	list, err := k.s.Records(k.ctx, k.ws, kind, keys...)
	if err != nil {
		k.Fatalf("Records: %v", err)
	}
	return list
}

// The kinds of records that cases use; dump reads these.
var recordKinds = []string{"label", "field", "mark"}

// dump writes all that a workspace has as text: the same text means the same
// bytes in every answer.
func (k *kit) dump(ws string) string {
	k.Helper()
	var b strings.Builder
	fail := func(err error) {
		if err != nil {
			k.Fatalf("reading %q: %v", ws, err)
		}
	}
	var ids []contacts.ID
	var keys []contacts.Key
	for c, err := range k.s.Scan(k.ctx, ws, "") {
		fail(err)
		ids = append(ids, c.ID)
		keys = contacts.Keys(keys, c)
		fmt.Fprintln(&b, encode(c))
	}
	holders, err := k.s.Lookup(k.ctx, ws, keys...)
	fail(err)
	for i, key := range keys {
		fmt.Fprintf(&b, "key %q %q\n", key, holders[i])
	}
	entries, err := k.s.Log(k.ctx, ws, store.LogQuery{Limit: 100000})
	fail(err)
	for _, e := range entries {
		fmt.Fprintf(&b, "entry %d %q/%d %d %q %x\n", e.Seq, e.Act, e.Part, e.At.UnixMicro(), e.Changes, e.Hash)
	}
	acts, err := k.s.Acts(k.ctx, ws, store.ActQuery{Limit: 100000})
	fail(err)
	for _, a := range acts {
		fmt.Fprintf(&b, "act %q\n", fmt.Sprint(a))
	}
	for _, kind := range recordKinds {
		records, err := k.s.Records(k.ctx, ws, kind)
		fail(err)
		for _, r := range records {
			fmt.Fprintf(&b, "record %q %q %d %q\n", r.Kind, r.Key, r.Rev, r.Body)
		}
	}
	if len(ids) > 0 {
		activities, err := k.s.Activities(k.ctx, ws, store.ActivityQuery{Contacts: ids, Limit: 100000})
		fail(err)
		for _, a := range activities {
			fmt.Fprintf(&b, "activity %q\n", fmt.Sprint(a))
		}
	}
	return b.String()
}
