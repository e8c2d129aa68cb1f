package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime/metrics"
	"sync/atomic"
	"time"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/internal/gen"
)

// verifying checks a book on SQLite of people that are all different, and
// reports the most that the collector found in use meanwhile: what Verify keeps
// must not grow with the book.
func verifying(e *env) error {
	ctx := context.Background()
	for _, rows := range []int{e.rows / 10, e.rows} {
		b, err := openSQLite(ctx, filepath.Join(e.dir, "verify.db"))
		if err != nil {
			return err
		}
		r, w := io.Pipe()
		go func() { w.CloseWithError(gen.Write(w, nil, gen.Options{Rows: rows, Seed: 1})) }()
		if _, err = b.fill(ctx, r, rows, extcontacts.ImportOptions{}); err == nil {
			err = verifyBook(ctx, e, b)
		}
		if err := errors.Join(err, b.close()); err != nil {
			return err
		}
	}
	e.printf("  target: at most 100 MB in use, however many\n")
	return nil
}

func verifyBook(ctx context.Context, e *env, b *book) error {
	before := heap()
	most, stop := watchHeap()
	began := time.Now()
	rep, err := b.session.Verify(ctx)
	took := time.Since(began)
	stop()
	if err != nil {
		return err
	}
	if n := len(rep.Differences); n > 0 {
		return fmt.Errorf("%d differences", n)
	}
	e.printf("  %d contacts: at most %d MB in use after a collection, %.1f s\n", rep.Contacts, (most.Load()-before)>>20, took.Seconds())
	return nil
}

// watchHeap notes the most that collections leave, until stop is called.
func watchHeap() (most *atomic.Int64, stop func()) {
	most = new(atomic.Int64)
	done, gone := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(gone)
		s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
		for {
			select {
			case <-done:
				return
			case <-time.After(20 * time.Millisecond):
			}
			metrics.Read(s)
			most.Store(max(most.Load(), int64(s[0].Value.Uint64())))
		}
	}()
	return most, func() { close(done); <-gone }
}
