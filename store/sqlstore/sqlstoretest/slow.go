package sqlstoretest

import (
	"context"
	"errors"
	"runtime"
	"testing"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/faultsql"
	"github.com/extcontacts/extcontacts/store/sqlstore"
)

// Who waits in these tests waits for patience, a store for the end of a
// transaction for grace, in which a busy server takes a new connection, and none
// of them may take soon.
const (
	patience = 400 * time.Millisecond
	grace    = 5 * patience
	soon     = 20 * time.Second
)

// slow makes a server keep its answers to itself: the caller gets the error of
// his context in time, the batch is there or not, and nothing stays behind.
func (d Database) slow(t *testing.T) {
	if d.Local {
		d.slowPool(t)
		return
	}
	t.Run("a COMMIT that hangs without effect", func(t *testing.T) {
		f, st := d.slowStore(t)
		f.Arm(faultsql.On(faultsql.Commit, 1, faultsql.Block(nil)))
		b := Creation("act", 1, nil)
		_, err := d.applyFor(t, st, b)
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("the caller is told %v", err)
		}
		f.Arm(nil)
		d.nothingButFirst(t, st)
		if res, err := st.Apply(t.Context(), "w", b); err != nil || res != (store.Result{Seq: 2}) {
			t.Fatalf("the same batch again: %+v, %v", res, unwrapped(err))
		}
		Chained(t, st, "w", 2)
	})
	t.Run("a COMMIT that takes effect and hangs", func(t *testing.T) {
		f, st := d.slowStore(t)
		f.Arm(faultsql.On(faultsql.Commit, 1, func(ctx context.Context, c faultsql.Call, do func() error) error {
			if err := do(); err != nil {
				return err
			}
			<-ctx.Done()
			c.Sever()
			return ctx.Err()
		}))
		b := Creation("act", 1, nil)
		res, err := d.applyFor(t, st, b)
		if err != nil || res != (store.Result{Seq: 2}) {
			t.Fatalf("the outcome is not resolved: %+v, %v", res, unwrapped(err))
		}
		if res, err := st.Apply(t.Context(), "w", b); err != nil || !res.Replayed {
			t.Fatalf("the same batch again: %+v, %v", res, unwrapped(err))
		}
		Chained(t, st, "w", 2)
	})
	t.Run("a server that answers nothing any more", func(t *testing.T) {
		f, st := d.slowStore(t)
		silent := false
		f.Arm(func(c faultsql.Call) faultsql.Fault {
			silent = silent || c.Op == faultsql.Commit
			switch c.Op { // those that a driver sends to the server
			case faultsql.Connect, faultsql.Prepare, faultsql.Query, faultsql.Exec, faultsql.Begin, faultsql.Commit, faultsql.Rollback:
				if silent {
					return faultsql.Block(nil)
				}
			}
			return nil
		})
		_, err := d.applyFor(t, st, Creation("act", 1, nil))
		if !errors.Is(err, context.DeadlineExceeded) {
			t.Fatalf("the caller is told %v", err)
		}
		f.Arm(nil)
		d.nothingButFirst(t, st)
	})
	t.Run("a slow query", func(t *testing.T) {
		f, st := d.slowStore(t)
		before := runtime.NumGoroutine()
		for name, call := range calls(st) {
			f.Arm(faultsql.Every(faultsql.Block(nil), faultsql.Query, faultsql.Exec))
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			begin := time.Now()
			err := call(ctx)
			cancel()
			f.Arm(nil)
			if !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) > soon {
				t.Errorf("%s: %v after %v", name, err, time.Since(begin))
			}
			if err := call(t.Context()); err != nil {
				t.Errorf("%s after it: %v", name, unwrapped(err))
			}
		}
		settled(t, before)
	})
	d.slowPool(t)
}

// slowPool holds connections back: who waits for one gets the error of his
// context, and Close waits for who works.
func (d Database) slowPool(t *testing.T) {
	t.Run("a pool that is exhausted", func(t *testing.T) {
		f, st := d.slowStore(t)
		before := runtime.NumGoroutine()
		release, holding := make(chan struct{}), make(chan error, 2)
		blocked := make(chan struct{}, 8)
		f.Arm(faultsql.Every(func(ctx context.Context, c faultsql.Call, do func() error) error {
			select {
			case <-release: // whoever comes later
			default:
				blocked <- struct{}{}
			}
			return faultsql.Block(release)(ctx, c, do)
		}, faultsql.Query))
		go func() {
			_, err := st.Apply(t.Context(), "w", Creation("holder", 1, nil))
			holding <- err
		}()
		go func() { _, err := st.Contacts(t.Context(), "w", "a"); holding <- err }()
		<-blocked
		<-blocked
		for name, call := range calls(st) {
			if d.Local && name != "Apply" {
				continue // connections for reading are left
			}
			ctx, cancel := context.WithTimeout(t.Context(), patience)
			begin := time.Now()
			err := call(ctx)
			cancel()
			if !errors.Is(err, context.DeadlineExceeded) || time.Since(begin) > soon {
				t.Errorf("%s: %v after %v", name, err, time.Since(begin))
			}
		}
		closed := make(chan error, 1)
		go func() { closed <- st.Close() }()
		select {
		case err := <-closed:
			t.Errorf("Close did not wait: %v", err)
		case <-time.After(patience):
		}
		close(release)
		for range 2 {
			if err := <-holding; err != nil {
				t.Errorf("who held the connection: %v", unwrapped(err))
			}
		}
		if err := <-closed; err != nil {
			t.Errorf("Close: %v", unwrapped(err))
		}
		for name, call := range calls(st) {
			if err := call(t.Context()); !errors.Is(err, store.ErrClosed) {
				t.Errorf("%s of a closed store: %v", name, err)
			}
		}
		settled(t, before)
	})
}

// slowStore is a store of one connection for writing and one for reading,
// behind faults, with one batch in its workspace w.
func (d Database) slowStore(t *testing.T) (*faultsql.Faults, *sqlstore.Store) {
	t.Helper()
	f := faultsql.New()
	st := d.must(t, d.Place(t), Options{Wrap: f.Connector, Writers: 1, Readers: 1, Grace: grace})
	t.Cleanup(func() {
		f.Arm(nil)
		st.Close()
	})
	if _, err := st.Apply(t.Context(), "w", Creation("first", 1, nil)); err != nil {
		t.Fatal(err)
	}
	for name, call := range calls(st) { // connections are there, statements prepared
		if name == "Apply" {
			continue
		}
		if err := call(t.Context()); err != nil {
			t.Fatal(name, unwrapped(err))
		}
	}
	return f, st
}

// applyFor applies a batch for a caller of little patience.
func (d Database) applyFor(t *testing.T, st *sqlstore.Store, b *store.Batch) (store.Result, error) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 3*patience)
	defer cancel()
	begin := time.Now()
	res, err := st.Apply(ctx, "w", b)
	if took := time.Since(begin); took > soon {
		t.Errorf("it took %v", took)
	}
	return res, err
}

func (d Database) nothingButFirst(t *testing.T, st *sqlstore.Store) {
	t.Helper()
	Chained(t, st, "w", 1)
}

// calls are one call of each method; they may be repeated.
func calls(st store.Store) map[string]func(ctx context.Context) error {
	return map[string]func(ctx context.Context) error{
		"Contacts": func(ctx context.Context) error { _, err := st.Contacts(ctx, "w", "a"); return err },
		"Lookup": func(ctx context.Context) error {
			_, err := st.Lookup(ctx, "w", contacts.Key{Kind: contacts.PhoneKey, Value: "+1"})
			return err
		},
		"Scan": func(ctx context.Context) error {
			for _, err := range st.Scan(ctx, "w", "") {
				if err != nil {
					return err
				}
			}
			return nil
		},
		"Log":  func(ctx context.Context) error { _, err := st.Log(ctx, "w", store.LogQuery{}); return err },
		"Acts": func(ctx context.Context) error { _, err := st.Acts(ctx, "w", store.ActQuery{}); return err },
		"Activities": func(ctx context.Context) error {
			_, err := st.Activities(ctx, "w", store.ActivityQuery{Contacts: []contacts.ID{"a"}})
			return err
		},
		"Records": func(ctx context.Context) error { _, err := st.Records(ctx, "w", "label"); return err },
		"Apply":   func(ctx context.Context) error { _, err := st.Apply(ctx, "w", Creation("slow", 1, nil)); return err },
	}
}

// settled waits until no goroutine is left over.
func settled(t *testing.T, before int) {
	t.Helper()
	for begin := time.Now(); runtime.NumGoroutine() > before; time.Sleep(10 * time.Millisecond) {
		if time.Since(begin) > soon {
			buf := make([]byte, 1<<20)
			t.Fatalf("%d goroutines, %d before:\n%s", runtime.NumGoroutine(), before, buf[:runtime.Stack(buf, true)])
		}
	}
}
