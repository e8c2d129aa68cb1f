package postgres

import (
	"fmt"
	"math/rand/v2"
	"testing"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// made returns n new contacts with two keys each.
func made(r *rand.Rand, from, n int) []*contacts.Contact {
	at := time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)
	out := make([]*contacts.Contact, n)
	for i := range out {
		phone := fmt.Sprintf("+852%08d", r.IntN(1e8))
		c := &contacts.Contact{ID: contacts.ID(fmt.Sprintf("018f%08x-7%03x-%012x", from+i, r.IntN(4096), r.Uint64()&0xffffffffffff)), Rev: 1,
			FirstName: "Maximilian", LastName: fmt.Sprintf("Mustermann-%d", from+i), Level: contacts.Primary, Type: contacts.Customer,
			Company: "Acme Trading Company Limited", JobTitle: "Head of Procurement",
			Address:   contacts.Address{Street: "12 Somewhere Street, Floor 3", City: "Kowloon"},
			Phones:    []contacts.ContactPhone{{Phone: contacts.MakePhone(phone, phone)}},
			Emails:    []contacts.ContactEmail{{Email: contacts.MustParseEmail(fmt.Sprintf("max.%d@example%d.com", r.IntN(1e8), r.IntN(500)))}},
			CreatedAt: at, UpdatedAt: at}
		out[i] = c.Normalize()
	}
	return out
}

// creation is the part of an act that creates contacts.
func creation(act string, part int, list []*contacts.Contact) *store.Batch {
	b := &store.Batch{Part: part, Act: contacts.Act{ID: contacts.ID(act), Kind: contacts.ActImport, Actor: "a", At: time.Unix(1700000000, 0)}}
	for _, c := range list {
		add, _ := store.KeyDiff(nil, c)
		b.Put = append(b.Put, store.Put{Contact: c, Add: add})
		b.Changes = append(b.Changes, contacts.Change{Contact: c.ID})
	}
	return b
}

// BenchmarkApply creates contacts in batches of a size.
func BenchmarkApply(b *testing.B) {
	for _, size := range []int{1, 500, 2000, 16000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			s := open(b, schema(b))
			defer s.Close()
			n := 0
			for b.Loop() {
				batch := creation(fmt.Sprint("act", n), 1, made(rand.New(rand.NewPCG(1, uint64(n))), n*size, size))
				if _, err := s.Apply(b.Context(), "default", batch); err != nil {
					b.Fatal(err)
				}
				n++
			}
			b.ReportMetric(float64(b.Elapsed().Microseconds())/float64(n*size), "µs/contact")
		})
	}
}

// BenchmarkRead reads from 50,000 contacts.
func BenchmarkRead(b *testing.B) {
	s := open(b, schema(b))
	defer s.Close()
	r := rand.New(rand.NewPCG(1, 2))
	all := made(r, 0, 50000)
	for i := 0; i < len(all); i += 10000 {
		if _, err := s.Apply(b.Context(), "default", creation("act", i+1, all[i:i+10000])); err != nil {
			b.Fatal(err)
		}
	}
	per := func(name string, items int, f func() error) {
		b.Run(name, func(b *testing.B) {
			n := 0
			for b.Loop() {
				if err := f(); err != nil {
					b.Fatal(err)
				}
				n += items
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/1e3/float64(n), "µs/item")
		})
	}
	var keys []contacts.Key
	var ids []contacts.ID
	for range 2000 {
		c := all[r.IntN(len(all))]
		keys, ids = append(keys, contacts.Keys(nil, c)[0]), append(ids, c.ID)
	}
	for _, n := range []int{1, len(keys)} {
		per(fmt.Sprint("Lookup/", n), n, func() error { _, err := s.Lookup(b.Context(), "default", keys[:n]...); return err })
		per(fmt.Sprint("Contacts/", n), n, func() error { _, err := s.Contacts(b.Context(), "default", ids[:n]...); return err })
	}
	per("Scan", len(all), func() (err error) {
		for _, e := range s.Scan(b.Context(), "default", "") {
			err = e
		}
		return err
	})
	per("Timelines/30", 1, func() error {
		_, err := s.Activities(b.Context(), "default", store.ActivityQuery{Contacts: ids[:30]})
		return err
	})
}
