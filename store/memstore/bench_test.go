package memstore_test

import (
	"context"
	"fmt"
	"math/rand/v2"
	"runtime"
	"testing"
	"time"

	"github.com/google/uuid"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/internal/gen"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/memstore"
)

// generated makes the i-th contact of the generator, with a new id.
func generated(fields map[string]*contacts.Field, header []string, i int) *contacts.Contact {
	c := &contacts.Contact{ID: contacts.ID(uuid.Must(uuid.NewV7()).String()), Rev: 1}
	c.CreatedAt = time.Date(2024, 1, 1, 0, 0, 0, 0, time.UTC)
	c.UpdatedAt = c.CreatedAt
	for j, cell := range gen.Person(1, i).Cells {
		if f := fields[header[j]]; f != nil {
			_ = f.Set(c, cell, &contacts.ParseOptions{}) // what cannot be read stays empty
		}
	}
	return c.Normalize()
}

// fill imports n generated contacts in batches of 1000.
func fill(tb testing.TB, s store.Store, n int) []contacts.ID {
	tb.Helper()
	schema, err := contacts.NewSchema(nil, nil)
	if err != nil {
		tb.Fatal(err)
	}
	fields := map[string]*contacts.Field{}
	for f := range schema.Fields() {
		fields[f.Column] = f
	}
	header := gen.Header()
	ids := make([]contacts.ID, 0, n)
	act := contacts.Act{ID: "import", Kind: contacts.ActImport, At: time.Unix(1, 0)}
	for part := 1; len(ids) < n; part++ {
		b := &store.Batch{Act: act, Part: part}
		for range min(1000, n-len(ids)) {
			c := generated(fields, header, len(ids))
			ids = append(ids, c.ID)
			add, _ := store.KeyDiff(nil, c)
			b.Put = append(b.Put, store.Put{Contact: c, Add: add})
			b.Changes = append(b.Changes, contacts.Change{Contact: c.ID})
		}
		if _, err := s.Apply(tb.Context(), "w", b); err != nil {
			tb.Fatal(err)
		}
	}
	return ids
}

func heap() int64 {
	runtime.GC()
	runtime.GC()
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// BenchmarkMemory reports the bytes a contact takes after a collection:
// contact, identity keys, order and log.
func BenchmarkMemory(b *testing.B) {
	for _, n := range []int{100_000, 1_000_000} {
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				before := heap()
				s := memstore.New()
				fill(b, s, n)
				b.ReportMetric(float64(heap()-before)/float64(n), "B/contact")
				runtime.KeepAlive(s)
			}
		})
	}
}

func BenchmarkReads(b *testing.B) {
	const n = 100_000
	s := memstore.New()
	ids := fill(b, s, n)
	ctx := context.Background()
	keys := make([]contacts.Key, 0, n)
	for _, id := range ids[:1000] {
		list, err := s.Contacts(ctx, "w", id)
		if err != nil {
			b.Fatal(err)
		}
		keys = contacts.Keys(keys, list[0])
	}
	b.Run("Contacts", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := s.Contacts(ctx, "w", ids[rand.IntN(n)]); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Lookup", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if _, err := s.Lookup(ctx, "w", keys[rand.IntN(len(keys))]); err != nil {
				b.Fatal(err)
			}
		}
	})
	b.Run("Scan", func(b *testing.B) {
		for b.Loop() {
			for _, err := range s.Scan(ctx, "w", "") {
				if err != nil {
					b.Fatal(err)
				}
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/n, "ns/contact")
	})
}

// BenchmarkApply is the store's part of an import in batches of 1000.
func BenchmarkApply(b *testing.B) {
	for b.Loop() {
		s := memstore.New()
		puts := make([]store.Put, 1000)
		changes := make([]contacts.Change, 1000)
		for i := range puts {
			c := &contacts.Contact{ID: contacts.ID(fmt.Sprintf("01JD3K%020d", i)), Rev: 1, LastName: "Person", Company: "Company"}
			puts[i] = store.Put{Contact: c, Add: []contacts.Key{{Kind: contacts.PhoneKey, Value: fmt.Sprintf("+85290%06d", i)}}}
			changes[i] = contacts.Change{Contact: c.ID}
		}
		if _, err := s.Apply(context.Background(), "w", &store.Batch{Act: contacts.Act{ID: "a", Kind: contacts.ActImport, At: time.Unix(1, 0)}, Part: 1, Put: puts, Changes: changes}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1000, "ns/contact")
}
