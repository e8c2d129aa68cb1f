package booktest

import (
	"bytes"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// canaries stand in everything that the book ever learns about one person.
var canaries = []string{"canary", "91234567", "87654321", "kanarienvogel"}

// Erasure lets a book learn all about a person in every way it can, erases the
// person and looks for what is left: through the book, through the store, and
// in what dump returns by name, such as the columns of the tables and the bytes
// of the files. A nil dump looks at what the store answers alone.
func Erasure(t *testing.T, st store.Store, dump func(t *testing.T) map[string][]byte) {
	k := &kit{T: t, ctx: t.Context(), st: st, clock: time.Date(2026, 3, 4, 5, 6, 7, 0, time.UTC)}
	t.Cleanup(func() {
		if err := st.Close(); err != nil {
			t.Errorf("Close: %v", err)
		}
	})
	k.book = k.open(extcontacts.Options{})
	k.s = k.as("agent-1")
	if dump == nil {
		dump = func(*testing.T) map[string][]byte { return k.everything() }
	}
	id, other := k.plant()
	if found := k.canaries(dump(t)); len(found) == 0 {
		t.Fatal("the canaries cannot be found even before the erasure: the search is no good")
	}
	file, err := k.s.Person(k.ctx, id)
	k.must(err)
	if b := jsonOf(file); !strings.Contains(b, "Canary") || !strings.Contains(b, "87654321") || len(file.Merged) == 0 || len(file.Activities) < 3 || len(file.OptOuts) == 0 || len(file.History) < 60 {
		k.Errorf("the person's file lacks something: %d merged, %d lines, %d activities, opt-outs %v", len(file.Merged), len(file.History), len(file.Activities), file.OptOuts)
	}
	before := k.get(other)
	_, rep, err := k.s.EraseReport(k.ctx, id)
	k.must(err)
	if len(rep.Contacts) != 3 || rep.Changes < 60 || rep.Entries < 60 || rep.Activities < 4 || rep.Records < 2 || rep.Suppressed < 3 || rep.Open != 1 {
		k.Errorf("the report %+v", rep)
	}
	if found := k.canaries(dump(t)); len(found) > 0 {
		k.Errorf("after the erasure there is\n%s", strings.Join(found, "\n"))
	}
	if found := k.canaries(k.everything()); len(found) > 0 {
		k.Errorf("the store still answers\n%s", strings.Join(found, "\n"))
	}
	for _, q := range canaries {
		if n := k.count(q); n != 0 {
			k.Errorf("%s finds %d", q, n)
		}
	}
	if after := k.get(other); !after.Equal(before) {
		k.Errorf("somebody else was changed: %+v", contacts.Diff(before, after))
	}
	k.verify()

	// What was erased does not come back by an import, unless it is let in.
	back := "First name,Last name,Mobile\nCan,Ary,+85291234567\nSue,Poe,+85290000001\n"
	imported := k.importCSV(back, extcontacts.ImportOptions{})
	k.counts(imported, 1, 0, 0, 0, 1)
	if f := imported.Rejections[0].Faults[0]; f.Code != "identifier_erased" {
		k.Errorf("refused with %s", f.Code)
	}
	phone := contacts.Key{Kind: contacts.PhoneKey, Value: "+85291234567"}
	if opted, err := k.s.OptedOut(k.ctx, phone); err != nil || !opted[0] {
		k.Errorf("the opt-out did not survive: %v (%v)", opted, err)
	}
	flagging := k.open(extcontacts.Options{Erased: extcontacts.FlagErased}).As(contacts.Actor{ID: "agent-1"})
	rep2, err := flagging.Check(k.ctx, strings.NewReader(back), extcontacts.ImportOptions{})
	if err != nil || rep2.Created != 1 || len(rep2.Flagged) != 1 || rep2.Flagged[0].Row != 1 {
		k.Errorf("flagged %+v (%v)", rep2.Flagged, err)
	}
	_, err = k.s.Readmit(k.ctx, phone)
	k.must(err)
	k.counts(k.importCSV(back, extcontacts.ImportOptions{}), 1, 0, 1, 0, 0)
}

// plant lets the book learn about the person. It returns the person and
// somebody else, with whom a merge, since undone, had mixed it.
func (k *kit) plant() (person, other contacts.ID) {
	_, err := k.s.SetField(k.ctx, contacts.CustomField{Key: "pet", Name: "Pet", Kind: contacts.TextField})
	k.must(err)
	// Imported, beside rejected rows of an import that never ends.
	broken := &failing{text: "First name,Last name,Mobile,Email,Company,Pet,Birthdate\n" +
		"Canary,Kanarienvogel,+85291234567,canary@example.com,Canary Ltd,canary,12/31/1985\n" +
		"Canary,Kanarienvogel,91234567,canary@@example.com,Canary Ltd,canary,\n" + strings.Repeat("Bob,Ray,+85290000002,,,,\n", 5)}
	_, err = k.s.Import(k.ctx, broken, extcontacts.ImportOptions{Source: "people.csv", BatchRows: 2})
	if err == nil {
		k.Fatal("the import was to stop")
	}
	for c, err := range k.s.Search(k.ctx, "kanarienvogel") {
		k.must(err)
		person = c.ID
	}
	c := k.edit(person, func(c *contacts.Contact) {
		c.Address = contacts.Address{Street: "1 Canary Wharf", City: "Canary", ZipCode: "canary"}
		c.JobTitle, c.Team, c.Group = "Canary", "canary team", "canaries"
		c.Socials = []contacts.Social{{Channel: contacts.WhatsApp, Handle: "+852 9123 4567"}, {Channel: contacts.LINE, Handle: "canary.line"}}
		c.ExternalIDs = map[string]string{"crm": "canary-1"}
	})
	for i := range 130 { // past two snapshots
		k.edit(c.ID, func(c *contacts.Contact) { c.JobTitle = fmt.Sprint("Canary ", i) })
	}
	key := contacts.Key{Kind: contacts.PhoneKey, Value: "+85291234567"}
	_, err = k.s.VerifyIdentifier(k.ctx, c.ID, key, "sms")
	k.must(err)
	_, err = k.s.OptOut(k.ctx, key)
	k.must(err)
	for i, status := range []contacts.EnquiryStatus{contacts.EnquiryOpen, contacts.EnquiryClosed, contacts.EnquiryMissed} {
		_, err := k.s.RecordActivity(k.ctx, c.ID, contacts.Activity{Kind: contacts.Enquiry, Status: status, Ref: fmt.Sprint("canary ", i), At: k.clock, Text: "Canary asks",
			URL: "https://example.com/canary", Destination: "canary", Channel: "canary", Agents: []contacts.ID{"agent canary"}})
		k.must(err)
		if status == contacts.EnquiryMissed {
			break
		}
	}
	h, err := k.s.HandleEnquiry(k.ctx, extcontacts.Incoming{Key: key, Enquiry: contacts.Activity{Status: contacts.EnquiryClosed, Text: "Canary again"}})
	k.must(err)
	if h.Contact.ID != c.ID {
		k.Fatalf("the enquiry went to %s", h.Contact.ID)
	}
	open, err := k.s.OpenEnquiries(k.ctx)
	k.must(err)
	for _, e := range open[1:] {
		_, err := k.s.EditActivity(k.ctx, e.Activity.ID, func(a *contacts.Activity) error { a.Status = contacts.EnquiryClosed; return nil })
		k.must(err)
	}
	// Merged: two into the person, for good; the person into somebody, undone.
	one, two := k.create(k.twin("+85287654321")), k.create(k.twin("+85287654321"))
	k.merge(c.ID, one.ID)
	k.merge(c.ID, two.ID)
	stranger := &contacts.Contact{FirstName: "Olga", LastName: "Other", Team: "blue"}
	o := k.create(stranger)
	for range 62 {
		k.edit(o.ID, func(c *contacts.Contact) { c.Group += "x" })
	}
	mixed := k.merge(o.ID, c.ID)
	k.edit(o.ID, func(c *contacts.Contact) { c.Language = contacts.MustParseLanguage("en") })
	k.undo(mixed.ID)
	_, err = k.s.Distinct(k.ctx, o.ID, c.ID)
	k.must(err)
	act, err := k.s.Delete(k.ctx, c.ID)
	k.must(err)
	k.undo(act.ID)
	return c.ID, o.ID
}

func (k *kit) twin(phone string) *contacts.Contact {
	c := person("Canary Kanarienvogel", phone, "canary.two@example.com")
	c.Company = "Canary Inc"
	return c
}

// everything is what the store answers.
func (k *kit) everything() map[string][]byte {
	out := map[string][]byte{}
	add := func(name string, v any, err error) {
		k.must(err)
		out[name] = append(out[name], jsonOf(v)...)
	}
	for c, err := range k.st.Scan(k.ctx, "acme", "") {
		add("contacts", c, err)
		list, err := k.st.Activities(k.ctx, "acme", store.ActivityQuery{Contacts: []contacts.ID{c.ID}})
		add("activities", list, err)
	}
	for q := (store.LogQuery{Limit: 50}); ; {
		entries, err := k.st.Log(k.ctx, "acme", q)
		for i := range entries {
			entries[i].Hash = [32]byte{} // digits that mean nothing
			for j := range entries[i].Changes {
				entries[i].Changes[j].Seal = ""
			}
			q.After = entries[i].Seq
		}
		add("log", entries, err)
		if len(entries) < q.Limit {
			break
		}
	}
	acts, err := k.st.Acts(k.ctx, "acme", store.ActQuery{Limit: 1000})
	add("acts", acts, err)
	for _, kind := range recordKinds {
		recs, err := k.st.Records(k.ctx, "acme", kind)
		k.must(err)
		for _, r := range recs {
			out["records "+kind] = append(append(out["records "+kind], r.Key...), r.Body...)
		}
	}
	return out
}

// canaries names the places where one stands.
func (k *kit) canaries(places map[string][]byte) []string {
	var found []string
	for name, b := range places {
		lower := bytes.ToLower(b)
		for _, c := range canaries {
			if i := bytes.Index(lower, []byte(c)); i >= 0 {
				found = append(found, fmt.Sprintf("%s: %q", name, lower[max(0, i-40):min(len(lower), i+40)]))
			}
		}
	}
	return found
}

// failing is a file that breaks off.
type failing struct{ text string }

func (f *failing) Read(p []byte) (int, error) {
	if f.text == "" {
		return 0, fmt.Errorf("the line is dead")
	}
	n := copy(p, f.text)
	f.text = f.text[n:]
	return n, nil
}
