package main

import (
	"context"
	"flag"
	"strings"
	"testing"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
)

var storedRows = flag.Int("stored", 100_000, "contacts of BenchmarkStored")

// memoryBlocks are the blocks of a stored index in memory, which counts what is
// read of them.
type memoryBlocks struct {
	blocks        map[int64][]byte
	manifest      []byte
	reads, number int
}

func (m *memoryBlocks) read(_ context.Context, numbers []int64) ([][]byte, error) {
	m.reads++
	m.number += len(numbers)
	out := make([][]byte, len(numbers))
	for i, n := range numbers {
		out[i] = m.blocks[n]
	}
	return out, nil
}

// BenchmarkStored asks a search.Stored whose blocks are in memory, with a cache
// that holds all of it and with one that holds nothing, and says how many times
// longer it takes than search.Index.
func BenchmarkStored(b *testing.B) {
	list := make([]*contacts.Contact, *storedRows)
	for i := range list {
		list[i] = generated(i)
	}
	all := func(yield func(*contacts.Contact, error) bool) {
		for _, c := range list {
			if !yield(c, nil) {
				return
			}
		}
	}
	m := &memoryBlocks{blocks: map[int64][]byte{}}
	for change, err := range search.BuildStored(1, all) {
		if err != nil {
			b.Fatal(err)
		}
		for i, n := range change.Numbers {
			m.blocks[n] = change.Blocks[i]
		}
		m.manifest = change.Manifest
	}
	index, err := search.BuildIndex(all)
	if err != nil {
		b.Fatal(err)
	}
	asked := engineQuestions(list, queriesPerKind)
	for _, kind := range allKinds {
		var queries []*search.Query
		for _, q := range asked[kind] {
			parsed, err := search.Parse(ownQuery(q), search.Options{})
			if err != nil {
				b.Fatal(err)
			}
			queries = append(queries, parsed)
		}
		began := time.Now()
		var hits []search.Hit
		const rounds = 20
		for range rounds {
			for _, q := range queries {
				if hits, _ = index.Top(hits[:0], q, nil, 20); len(hits) > 20 {
					b.Fatal(len(hits))
				}
			}
		}
		anchor := float64(time.Since(began)) / float64(rounds*len(queries))
		for name, cache := range map[string]int{"cached": 1 << 30, "bare": 0} {
			b.Run(strings.ReplaceAll(kind, " ", "_")+"/"+name, func(b *testing.B) {
				x, err := search.OpenStored(b.Context(), m.manifest, search.Blocks{Read: m.read, Cache: search.NewBlockCache(cache)})
				if err != nil {
					b.Fatal(err)
				}
				for _, q := range queries { // fill the cache
					if _, ok, err := x.Top(b.Context(), q, nil, 20); err != nil || !ok {
						b.Fatal(q, ok, err)
					}
				}
				m.reads, m.number = 0, 0
				b.ReportAllocs()
				n := 0
				for b.Loop() {
					if _, _, err := x.Top(b.Context(), queries[n%len(queries)], nil, 20); err != nil {
						b.Fatal(err)
					}
					n++
				}
				b.ReportMetric(float64(b.Elapsed())/float64(n)/anchor, "x-index")
				if m.reads > 0 {
					b.ReportMetric(float64(m.reads)/float64(n), "reads/op")
					b.ReportMetric(float64(m.number)/float64(n), "blocks/op")
				}
			})
		}
	}
}
