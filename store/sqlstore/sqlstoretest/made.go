package sqlstoretest

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// Made returns n new contacts of about 250 bytes with 2.8 keys each, with ids
// in ascending order as the default generator of ids makes them.
func Made(r *rand.Rand, from, n int) []*contacts.Contact {
	at := time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)
	out := make([]*contacts.Contact, n)
	for i := range out {
		id := contacts.ID(fmt.Sprintf("018f%04x-%04x-7%03x-8%03x-%012x", (from+i)>>16, (from+i)&0xffff, r.IntN(4096), r.IntN(4096), r.Uint64()&0xffffffffffff))
		phone := fmt.Sprintf("+852%08d", r.IntN(1e8))
		c := &contacts.Contact{ID: id, Rev: 1, FirstName: "Maximilian", LastName: fmt.Sprintf("Mustermann-%d", from+i),
			Level: contacts.Primary, Type: contacts.Customer, Company: "Acme Trading Company Limited", JobTitle: "Head of Procurement",
			Address: contacts.Address{Street: "12 Somewhere Street, Floor 3", City: "Kowloon"},
			Phones:  []contacts.ContactPhone{{Phone: contacts.MakePhone(phone, phone)}},
			Emails:  []contacts.ContactEmail{{Email: contacts.MustParseEmail(fmt.Sprintf("max.%d@example%d.com", r.IntN(1e8), r.IntN(500)))}},
			Labels:  []string{"VIP", "newsletter"}, CreatedAt: at, UpdatedAt: at}
		if i%5 != 0 {
			phone := fmt.Sprintf("+4420%08d", r.IntN(1e8))
			c.Phones = append(c.Phones, contacts.ContactPhone{Kind: contacts.WorkPhone, Phone: contacts.MakePhone(phone, phone)})
		}
		out[i] = c.Normalize()
	}
	return out
}

// Creation is the part of an act that creates contacts.
func Creation(act string, part int, list []*contacts.Contact) *store.Batch {
	b := &store.Batch{Part: part, Act: contacts.Act{ID: contacts.ID(act), Kind: contacts.ActImport, Actor: "a", At: time.Unix(1700000000, 0)}}
	for _, c := range list {
		add, _ := store.KeyDiff(nil, c)
		b.Put = append(b.Put, store.Put{Contact: c, Add: add})
		b.Changes = append(b.Changes, contacts.Change{Contact: c.ID})
	}
	return b
}

// Chained checks that the log of a workspace has n entries, each of which
// follows the one before.
func Chained(t testing.TB, st store.Store, ws string, n int) {
	t.Helper()
	var prev [32]byte
	last := int64(0)
	for {
		entries, err := st.Log(t.Context(), ws, store.LogQuery{After: last, Limit: 1000})
		if err != nil {
			t.Fatal(err)
		}
		for i := range entries {
			e := &entries[i]
			if last++; e.Seq != last || store.Chain(prev, ws, e) != e.Hash {
				t.Fatalf("entry %d (%d) does not follow", last, e.Seq)
			}
			prev = e.Hash
		}
		if len(entries) < 1000 {
			break
		}
	}
	if last != int64(n) {
		t.Errorf("the log has %d entries, want %d", last, n)
	}
}
