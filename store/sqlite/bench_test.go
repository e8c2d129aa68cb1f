package sqlite

import (
	"context"
	"fmt"
	"math/rand/v2"
	"syscall"
	"testing"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/sqlstore/sqlstoretest"
)

// cpu returns the CPU time of the process in microseconds.
func cpu() float64 {
	var r syscall.Rusage
	if err := syscall.Getrusage(syscall.RUSAGE_SELF, &r); err != nil {
		panic(err)
	}
	return float64(r.Utime.Nano()+r.Stime.Nano()) / 1e3
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
				list = append(list, sqlstoretest.Creation("act", len(list)+1, sqlstoretest.Made(r, from, size)))
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
	all := sqlstoretest.Made(rand.New(rand.NewPCG(1, 2)), 0, n)
	for i := 0; i < n; i += 1000 {
		if _, err := s.Apply(b.Context(), "default", sqlstoretest.Creation("act", i+1, all[i:i+1000])); err != nil {
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
		batch := sqlstoretest.Creation("act", len(list)+1, sqlstoretest.Made(r, from, size))
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
