package postgres

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5/stdlib"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// watch counts the statements that reach the driver and can fail some.
type watch struct {
	mu    sync.Mutex
	count map[string]int
	// fault, where it is set, is asked before and after each statement; an
	// error that it returns takes the connection with it.
	fault func(query string, after bool) error
}

func (w *watch) wrap(c driver.Connector) driver.Connector { return watchConnector{c, w} }

// step counts a statement and runs it between the two questions for a fault.
func (w *watch) step(c *stdlib.Conn, query string, run func() error) error {
	w.mu.Lock()
	w.count[query]++
	fault := w.fault
	w.mu.Unlock()
	ask := func(after bool) error {
		if fault == nil {
			return nil
		}
		err := fault(query, after)
		if err != nil {
			c.Conn().PgConn().Conn().Close()
		}
		return err
	}
	return errors.Join(ask(false), run(), ask(true))
}

// during returns how many statements f sends.
func (w *watch) during(f func()) int {
	sum := func() (n int) {
		w.mu.Lock()
		defer w.mu.Unlock()
		for _, c := range w.count {
			n += c
		}
		return n
	}
	before := sum()
	f()
	return sum() - before
}

type watchConnector struct {
	driver.Connector
	w *watch
}

func (c watchConnector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	return &watchConn{conn.(*stdlib.Conn), c.w}, nil
}

// stdConn has its own name, so that the method Conn is not hidden by a field.
type stdConn = stdlib.Conn

type watchConn struct {
	*stdConn
	w *watch
}

func (c *watchConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (res driver.Result, err error) {
	err = c.w.step(c.stdConn, query, func() (err error) { res, err = c.stdConn.ExecContext(ctx, query, args); return err })
	return res, err
}

func (c *watchConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	s, err := c.stdConn.PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return &watchStmt{s.(*stdlib.Stmt), query, c}, nil
}

type watchStmt struct {
	*stdlib.Stmt
	query string
	c     *watchConn
}

func (s *watchStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (res driver.Result, err error) {
	err = s.c.w.step(s.c.stdConn, s.query, func() (err error) { res, err = s.Stmt.ExecContext(ctx, args); return err })
	return res, err
}

func (s *watchStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (rows driver.Rows, err error) {
	err = s.c.w.step(s.c.stdConn, s.query, func() (err error) { rows, err = s.Stmt.QueryContext(ctx, args); return err })
	return rows, err
}

// TestStatements checks that no call sends a statement for each thing it
// works on.
func TestStatements(t *testing.T) {
	t.Parallel()
	w := &watch{count: map[string]int{}}
	st := open(t, schema(t), Options{Wrap: w.wrap})
	defer st.Close()
	ctx := t.Context()
	counts := func(ws string, n int) map[string]int {
		out := map[string]int{}
		list := made(rand.New(rand.NewPCG(1, 1)), 0, n)
		var ids []contacts.ID
		var keys []contacts.Key
		edit := creation("edit", 1, nil)
		for i, c := range list {
			d := c.Clone()
			d.Rev, d.Phones = 2, nil
			add, drop := store.KeyDiff(c, d)
			edit.Put = append(edit.Put, store.Put{Contact: d, Base: 1, Add: add, Drop: drop})
			edit.Changes = append(edit.Changes, contacts.Change{Contact: c.ID, Path: "company", Old: "a", New: "b"})
			edit.Activities = append(edit.Activities, contacts.Activity{ID: contacts.ID(fmt.Sprint("x", i)), Contact: c.ID, Kind: contacts.Call, At: time.Unix(int64(i+1), 0)})
			edit.Records = append(edit.Records, store.RecordPut{Kind: "k", Key: fmt.Sprint(i), Body: []byte("1")})
			ids, keys = append(ids, c.ID), append(keys, contacts.Keys(nil, c)[0])
		}
		for _, c := range []struct {
			name string
			call func() error
		}{
			{"create", func() error { _, err := st.Apply(ctx, ws, creation("create", 1, list)); return err }},
			{"edit", func() error { _, err := st.Apply(ctx, ws, edit); return err }},
			{"Contacts", func() error { _, err := st.Contacts(ctx, ws, ids...); return err }},
			{"Lookup", func() error { _, err := st.Lookup(ctx, ws, keys...); return err }},
			{"Log", func() error { _, err := st.Log(ctx, ws, store.LogQuery{Contact: ids[0]}); return err }},
			{"Records", func() error { _, err := st.Records(ctx, ws, "k"); return err }},
			{"Activities", func() error {
				_, err := st.Activities(ctx, ws, store.ActivityQuery{Contacts: ids[:min(n, 30)]})
				return err
			}},
		} {
			out[c.name] = w.during(func() {
				if err := c.call(); err != nil {
					t.Fatalf("%s: %v", c.name, err)
				}
			})
		}
		return out
	}
	one, many := counts("one", 1), counts("many", 256)
	for name := range one {
		more := 0
		if name == "edit" {
			more = 24 // keys are dropped in groups of 32
		}
		if one[name] > 24 || many[name] > one[name]+more {
			t.Errorf("%s: %d statements for one, %d for 256", name, one[name], many[name])
		}
	}
	t.Log(one, many)
}

// TestLostCommit cuts the connection before and after each statement of an
// Apply once: the batch is applied exactly once, and the caller sees no error.
func TestLostCommit(t *testing.T) {
	t.Parallel()
	w := &watch{count: map[string]int{}}
	st := open(t, schema(t), Options{Wrap: w.wrap})
	defer st.Close()
	var seen []string
	w.fault = func(query string, _ bool) error {
		seen = append(seen, query)
		return nil
	}
	list := made(rand.New(rand.NewPCG(1, 1)), 0, 100)
	batch := func(n int) *store.Batch {
		return creation(fmt.Sprint("act", n), 1, list[n:n+1])
	}
	if _, err := st.Apply(t.Context(), "w", batch(0)); err != nil {
		t.Fatal(err)
	}
	calls := len(seen)
	if !slices.Contains(seen, "COMMIT") {
		t.Fatalf("no COMMIT in %q", seen)
	}
	applied := 1
	for at := range calls { // every question of one Apply
		n := 0
		w.mu.Lock()
		w.fault = func(string, bool) error {
			if n++; n-1 == at {
				return &net.OpError{Op: "read", Err: io.ErrUnexpectedEOF}
			}
			return nil
		}
		w.mu.Unlock()
		res, err := st.Apply(t.Context(), "w", batch(applied))
		if err != nil || res.Replayed || res.Seq != int64(applied+1) {
			t.Fatalf("fault %d at %q: %+v, %v", at, seen[at], res, err)
		}
		applied++
	}
	chained(t, st, applied)
}

// TestIsolation runs writers against one workspace on connections of every
// isolation level: none loses an update.
func TestIsolation(t *testing.T) {
	t.Parallel()
	for _, level := range []string{"read committed", "repeatable read", "serializable"} {
		t.Run(level, func(t *testing.T) {
			t.Parallel()
			st := open(t, schema(t, "default_transaction_isolation="+strings.ReplaceAll(level, " ", "%20")))
			defer st.Close()
			const workers, rounds = 6, 10
			var wg sync.WaitGroup
			for i := range workers {
				wg.Go(func() {
					for n := 0; n < rounds; {
						_, err := st.Apply(t.Context(), "w", increment(t, st, fmt.Sprintf("%d-%d", i, n)))
						switch {
						case err == nil:
							n++
						case !errors.Is(err, store.ErrConflict):
							t.Error(err)
							return
						}
					}
				})
			}
			wg.Wait()
			chained(t, st, workers*rounds)
			list, err := st.Contacts(t.Context(), "w", "counter")
			if err != nil || list[0].LastName != fmt.Sprint(workers*rounds) {
				t.Errorf("counted to %+v, %v", list, err)
			}
		})
	}
}

// increment is the batch that adds one to the number which the contact
// "counter" holds as its name.
func increment(t *testing.T, st store.Store, act string) *store.Batch {
	list, err := st.Contacts(t.Context(), "w", "counter")
	if err != nil {
		t.Error(err)
		return nil
	}
	c := list[0]
	if c == nil {
		c = made(rand.New(rand.NewPCG(1, 1)), 0, 1)[0]
		c.ID, c.Rev, c.LastName = "counter", 0, "0"
	}
	n, _ := strconv.Atoi(c.LastName)
	c.LastName = strconv.Itoa(n + 1)
	c.Rev++
	b := creation(act, 1, nil)
	b.Put = []store.Put{{Contact: c, Base: c.Rev - 1}}
	return b
}

// TestLargeBatch applies a batch of many megabytes.
func TestLargeBatch(t *testing.T) {
	t.Parallel()
	st := open(t, schema(t))
	defer st.Close()
	list := made(rand.New(rand.NewPCG(1, 1)), 0, 700)
	var ids []contacts.ID
	for i, c := range list {
		c.Address.Street = strings.Repeat("é", 1<<(i%17)) // to 128 KiB
		ids = append(ids, c.ID)
	}
	if _, err := st.Apply(t.Context(), "w", creation("act", 1, list)); err != nil {
		t.Fatal(err)
	}
	got, err := st.Contacts(t.Context(), "w", ids...)
	if err != nil {
		t.Fatal(err)
	}
	for i := range list {
		if !got[i].Equal(list[i]) {
			t.Fatalf("contact %d came back changed", i)
		}
	}
	chained(t, st, 1)
}

// TestAnalyzed checks that the planner is told of a workspace that has become
// large, rather than left to guess until the server looks by itself.
func TestAnalyzed(t *testing.T) {
	t.Parallel()
	dsn := schema(t)
	st := open(t, dsn)
	defer st.Close()
	if _, err := st.Apply(t.Context(), "w", creation("act", 1, made(rand.New(rand.NewPCG(1, 1)), 0, 2000))); err != nil {
		t.Fatal(err)
	}
	const known = "SELECT count(DISTINCT tablename) FROM pg_stats WHERE schemaname = current_schema() AND attname = 'ws'" +
		" AND tablename IN ('ec_contacts', 'ec_keys')"
	if n := scalar(t, dsn, known); n != "2" {
		t.Errorf("the planner knows %s of 2 tables", n)
	}
}
