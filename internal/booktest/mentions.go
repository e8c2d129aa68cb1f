package booktest

import (
	"bytes"
	"slices"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// testErasureElsewhere: an erasure reaches the index that a book goes by, says
// that its snapshot must be saved anew, and names the saved queries and the
// sources of acts that speak of the person.
func testErasureElsewhere(k *kit) {
	k.importCSV("First name,Last name,Mobile,Email\nCanary,Bird,+85291234567,canary@example.com\nBob,Ray,+85297654321,\n", extcontacts.ImportOptions{Source: "canary_bird 2026.csv"})
	for name, query := range map[string]string{"by phone": "phone:+85291234567", "by mail": "email:canary@example.com", "by name": "first_name:Canary last_name:Ray", "both": `"Bird Canary"`, "bob": "phone:+85297654321"} {
		_, err := k.s.SaveQuery(k.ctx, extcontacts.SavedQuery{Name: name, Query: query})
		k.must(err)
	}
	x, err := store.OpenIndex(k.ctx, k.st, "acme", store.IndexOptions{})
	k.must(err)
	k.book = k.open(extcontacts.Options{Index: x})
	k.s = k.as("agent-1")
	var before, after bytes.Buffer
	k.must(x.Save(&before))
	if !bytes.Contains(before.Bytes(), []byte("canary")) {
		k.Fatal("the canary cannot be seen in a snapshot")
	}
	res, err := k.s.Lookup(k.ctx, contacts.Key{Kind: contacts.EmailKey, Value: "canary@example.com"})
	k.must(err)
	_, rep, err := k.s.EraseReport(k.ctx, res.Found[0].Contact.ID)
	k.must(err)
	slices.Sort(rep.Queries)
	if want := []string{"both", "by mail", "by phone"}; !slices.Equal(rep.Queries, want) {
		k.Errorf("queries %q, want %q", rep.Queries, want)
	}
	if !slices.Equal(rep.Sources, []string{"canary_bird 2026.csv"}) {
		k.Errorf("sources %q", rep.Sources)
	}
	if !rep.Index || !x.Changed() {
		k.Errorf("the snapshot has the canary: told %v, changed %v", rep.Index, x.Changed())
	}
	k.must(x.Save(&after))
	if bytes.Contains(after.Bytes(), []byte("canary")) || bytes.Contains(after.Bytes(), []byte("bird")) || x.Changed() {
		k.Error("the canary is in the new snapshot")
	}
	res, err = k.s.Lookup(k.ctx, contacts.Key{Kind: contacts.PhoneKey, Value: "+85297654321"})
	k.must(err)
	_, rep, err = k.s.EraseReport(k.ctx, res.Found[0].Contact.ID)
	k.must(err)
	if !slices.Equal(rep.Queries, []string{"bob"}) || len(rep.Sources) > 0 {
		k.Errorf("queries %q and sources %q", rep.Queries, rep.Sources)
	}
}
