package sqlstoretest

import (
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// BenchmarkApply creates contacts in batches of a size.
func (d Database) BenchmarkApply(b *testing.B) {
	for _, size := range []int{1, 500, 2000, 16000} {
		b.Run(fmt.Sprint(size), func(b *testing.B) {
			s := d.must(b, d.Place(b), Options{})
			defer s.Close()
			n := 0
			for b.Loop() {
				b.StopTimer()
				batch := Creation(fmt.Sprint("act", n), 1, Made(rand.New(rand.NewPCG(1, uint64(n))), n*size, size))
				b.StartTimer()
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
func (d Database) BenchmarkRead(b *testing.B) {
	s := d.must(b, d.Place(b), Options{})
	defer s.Close()
	r := rand.New(rand.NewPCG(1, 2))
	all := Made(r, 0, 50000)
	for i := 0; i < len(all); i += 10000 {
		if _, err := s.Apply(b.Context(), "default", Creation("act", i+1, all[i:i+10000])); err != nil {
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
	var keys, absent []contacts.Key
	var ids []contacts.ID
	for i := range 2000 {
		c := all[r.IntN(len(all))]
		keys, ids = append(keys, contacts.Keys(nil, c)[0]), append(ids, c.ID)
		absent = append(absent, contacts.Key{Kind: contacts.PhoneKey, Value: fmt.Sprintf("+999%08d", i)})
	}
	for _, n := range []int{1, len(keys)} {
		per(fmt.Sprint("Lookup/", n), n, func() error { _, err := s.Lookup(b.Context(), "default", keys[:n]...); return err })
		per(fmt.Sprint("Holders/", n), n, func() error { _, err := s.Holders(b.Context(), "default", keys[:n]...); return err })
		per(fmt.Sprint("Contacts/", n), n, func() error { _, err := s.Contacts(b.Context(), "default", ids[:n]...); return err })
	}
	per("LookupAbsent", len(absent), func() error { _, err := s.Lookup(b.Context(), "default", absent...); return err })
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
