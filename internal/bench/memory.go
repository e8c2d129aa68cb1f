package main

import (
	"context"
	"io"
	"runtime"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/internal/gen"
)

// heap is what is in use after a collection.
func heap() int64 {
	runtime.GC()
	runtime.GC() // what finalizers and pools have let go in the first
	var m runtime.MemStats
	runtime.ReadMemStats(&m)
	return int64(m.HeapAlloc)
}

// memory imports people that are all different, with their log and keys, and
// weighs the store before and after a first search, which makes the index.
func memory(e *env) error {
	ctx := context.Background()
	b, err := openMemory(ctx)
	if err != nil {
		return err
	}
	before := heap()
	r, w := io.Pipe()
	go func() { w.CloseWithError(gen.Write(w, nil, gen.Options{Rows: e.rows, Seed: 1})) }()
	rep, err := b.fill(ctx, r, e.rows, extcontacts.ImportOptions{})
	if err != nil {
		return err
	}
	stored := heap() - before
	if _, err := b.session.SearchPage(ctx, "maria", extcontacts.PageOptions{Limit: 20}); err != nil {
		return err
	}
	indexed := heap() - before
	runtime.KeepAlive(b)
	per := func(n int64) float64 { return float64(n) / float64(rep.Created) }
	e.printf("  %d contacts: %.0f bytes a contact, with the search index %.0f\n", rep.Created, per(stored), per(indexed))
	e.printf("  target at most 1,200 bytes: %s\n", verdict(per(indexed) <= 1200))
	return nil
}
