package sqlite

import (
	"context"
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// cpu returns the CPU time of the process in microseconds.
func cpu() float64 {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		panic(err)
	}
	return float64(r.Utime.Nano()+r.Stime.Nano()) / 1e3
}

// made returns new contacts of about 250 bytes with 2.8 keys each, with ids
// in ascending order as the default generator makes them.
func made(r *rand.Rand, from, n int) []*contacts.Contact {
	at := time.Date(2024, 5, 6, 7, 8, 9, 0, time.UTC)
	out := make([]*contacts.Contact, n)
	for i := range out {
		id := contacts.ID(fmt.Sprintf("018f%08x-7%03x-%012x", from+i, r.IntN(4096), r.Uint64()&0xffffffffffff))
		phone := fmt.Sprintf("+852%08d", r.IntN(1e8))
		c := &contacts.Contact{ID: id, Rev: 1, FirstName: "Maximilian", LastName: fmt.Sprintf("Mustermann-%d", from+i),
			Level: contacts.Primary, Type: contacts.Customer, Company: "Acme Trading Company Limited", JobTitle: "Head of Procurement",
			Address: contacts.Address{Street: "12 Somewhere Street, Floor 3", City: "Kowloon"},
			Phones:  []contacts.ContactPhone{{Phone: contacts.MakePhone(phone, phone)}},
			Emails:  []contacts.ContactEmail{{Email: contacts.MustParseEmail(fmt.Sprintf("max.%d@example%d.com", r.IntN(1e8), r.IntN(500)))}},
			Labels:  []string{"VIP", "newsletter"}, CreatedAt: at, UpdatedAt: at}
		if i%5 != 0 {
			phone := fmt.Sprintf("+4420%08d", r.IntN(1e8))
			c.Phones = append(c.Phones, contacts.ContactPhone{Kind: 1, Phone: contacts.MakePhone(phone, phone)})
		}
		out[i] = c.Normalize()
	}
	return out
}

func creation(act string, part int, list []*contacts.Contact) *store.Batch {
	b := &store.Batch{Part: part, Act: contacts.Act{ID: contacts.ID(act), Kind: contacts.ActImport, Actor: "a", At: time.Unix(1700000000, 0)}}
	for _, c := range list {
		add, _ := store.KeyDiff(nil, c)
		b.Put = append(b.Put, store.Put{Contact: c, Add: add})
		b.Changes = append(b.Changes, contacts.Change{Contact: c.ID})
	}
	return b
}

// BenchmarkApply creates 50,000 contacts in a new file in batches.
func BenchmarkApply(b *testing.B) {
	for _, size := range []int{1, 500, 1000, 2000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			total := 50000
			if size == 1 {
				total = 500
			}
			r := rand.New(rand.NewPCG(1, 2))
			var list []*store.Batch
			for from := 0; from < total; from += size {
				list = append(list, creation("act", len(list)+1, made(r, from, size)))
			}
			var used float64
			n := 0
			for b.Loop() {
				start := cpu()
				s, err := Open(b.Context(), b.TempDir()+"/c.db")
				if err != nil {
					b.Fatal(err)
				}
				for _, batch := range list {
					if _, err := s.Apply(b.Context(), "default", batch); err != nil {
						b.Fatal(err)
					}
				}
				if err := s.Close(); err != nil {
					b.Fatal(err)
				}
				used += cpu() - start
				n += total
			}
			b.ReportMetric(used/float64(n), "cpu-µs/contact")
			b.ReportMetric(0, "ns/op")
		})
	}
}

// filled returns a store with n contacts.
func filled(b *testing.B, n int) (store.Store, []*contacts.Contact) {
	s, err := Open(b.Context(), b.TempDir()+"/c.db")
	if err != nil {
		b.Fatal(err)
	}
	b.Cleanup(func() { s.Close() })
	all := made(rand.New(rand.NewPCG(1, 2)), 0, n)
	for i := 0; i < n; i += 1000 {
		if _, err := s.Apply(b.Context(), "default", creation("act", i+1, all[i:i+1000])); err != nil {
			b.Fatal(err)
		}
	}
	return s, all
}

func perItem(b *testing.B, items int, f func()) {
	start, n := cpu(), 0
	for b.Loop() {
		f()
		n += items
	}
	b.ReportMetric((cpu()-start)/float64(n), "cpu-µs/item")
}

func BenchmarkRead(b *testing.B) {
	s, all := filled(b, 50000)
	ctx := context.Background()
	r := rand.New(rand.NewPCG(3, 4))
	absent, present, ids := make([]contacts.Key, 2000), make([]contacts.Key, 2000), make([]contacts.ID, 1000)
	for i := range absent {
		absent[i] = contacts.Key{Kind: contacts.PhoneKey, Value: fmt.Sprintf("+999%08d", i)}
		present[i] = contacts.Keys(nil, all[r.IntN(len(all))])[0]
	}
	for i := range ids {
		ids[i] = all[r.IntN(len(all))].ID
	}
	look := func(keys []contacts.Key) func() {
		return func() {
			if _, err := s.Lookup(ctx, "default", keys...); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Run("LookupAbsent", func(b *testing.B) { perItem(b, len(absent), look(absent)) })
	b.Run("LookupPresent", func(b *testing.B) { perItem(b, len(present), look(present)) })
	b.Run("LookupOne", func(b *testing.B) { perItem(b, 1, look(present[:1])) })
	get := func(ids []contacts.ID) func() {
		return func() {
			if _, err := s.Contacts(ctx, "default", ids...); err != nil {
				b.Fatal(err)
			}
		}
	}
	b.Run("Contacts", func(b *testing.B) { perItem(b, len(ids), get(ids)) })
	b.Run("ContactsOne", func(b *testing.B) { perItem(b, 1, get(ids[:1])) })
	b.Run("Scan", func(b *testing.B) {
		perItem(b, len(all), func() {
			for _, err := range s.Scan(ctx, "default", "") {
				if err != nil {
					b.Fatal(err)
				}
			}
		})
	})
}

// BenchmarkImport looks up the keys of each batch and then applies it, as an
// import does.
func BenchmarkImport(b *testing.B) {
	const total, size = 50000, 1000
	r := rand.New(rand.NewPCG(1, 2))
	var list []*store.Batch
	var keys [][]contacts.Key
	for from := 0; from < total; from += size {
		batch := creation("act", len(list)+1, made(r, from, size))
		var all []contacts.Key
		for _, p := range batch.Put {
			all = append(all, p.Add...)
		}
		list, keys = append(list, batch), append(keys, all)
	}
	var looking float64
	perItem(b, total, func() {
		s, err := Open(b.Context(), b.TempDir()+"/c.db")
		if err != nil {
			b.Fatal(err)
		}
		for i, batch := range list {
			start := cpu()
			if _, err := s.Lookup(b.Context(), "default", keys[i]...); err != nil {
				b.Fatal(err)
			}
			looking += cpu() - start
			if _, err := s.Apply(b.Context(), "default", batch); err != nil {
				b.Fatal(err)
			}
		}
		if err := s.Close(); err != nil {
			b.Fatal(err)
		}
	})
	b.ReportMetric(looking/float64(b.N*total), "look-up-cpu-µs/item")
}
