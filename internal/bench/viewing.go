package main

import (
	"context"
	"fmt"
	"io"
	"strings"
	"sync"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/internal/gen"
	"github.com/extcontacts/extcontacts/store/memstore"
)

// viewing reads contacts of a memstore's view; the anchor is a map behind a
// RWMutex that returns a pointer. By CPU time, in one goroutine and in four.
func viewing(e *env) error {
	ctx := context.Background()
	st := memstore.New()
	defer st.Close()
	s, err := session(ctx, st)
	if err != nil {
		return err
	}
	r, w := io.Pipe()
	go func() { w.CloseWithError(gen.Write(w, nil, gen.Options{Rows: e.rows, Seed: 1})) }()
	if _, err := s.Import(ctx, r, extcontacts.ImportOptions{}); err != nil {
		return err
	}
	var ids []contacts.ID
	var mu sync.RWMutex
	anchor := map[contacts.ID]*contacts.Contact{}
	for c, err := range st.Scan(ctx, "default", "") {
		if err != nil {
			return err
		}
		anchor[c.ID] = c
		ids = append(ids, contacts.ID(strings.Clone(string(c.ID)))) // as if it came from outside
	}
	return st.View(ctx, "default", func(v memstore.View) error {
		byView := func(id contacts.ID) bool { _, ok := v.Get(id); return ok }
		byMap := func(id contacts.ID) bool {
			mu.RLock()
			c := anchor[id]
			mu.RUnlock()
			return c != nil
		}
		for _, readers := range []int{1, 4} {
			read := func(get func(contacts.ID) bool) side {
				return here(func() error { return readAll(ids, readers, get) })
			}
			r, err := compare(e.rounds, read(byView), read(byMap))
			if err != nil {
				return err
			}
			e.printf("%s", r.line(fmt.Sprintf("readers: %d", readers), "the CPU time"))
			e.printf("  target at most 1.3x: %s\n", verdict(r.ratio <= 1.3))
		}
		return nil
	})
}

// readAll reads three contacts for each that there is, all over them.
func readAll(ids []contacts.ID, readers int, get func(contacts.ID) bool) error {
	missed := make([]int, readers)
	var wg sync.WaitGroup
	for w := range readers {
		wg.Go(func() {
			i := w * 31337
			for range 3 * len(ids) / readers {
				i = (i + 7919) % len(ids)
				if !get(ids[i]) {
					missed[w]++
				}
			}
		})
	}
	wg.Wait()
	for _, n := range missed {
		if n > 0 {
			return fmt.Errorf("%d contacts are missing", n)
		}
	}
	return nil
}
