package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"fmt"
	"maps"
	"math/rand/v2"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/sqlstore"
)

// watch counts the statements that reach the driver, by their text.
type watch struct {
	mu    sync.Mutex
	count map[string]int
}

func (w *watch) wrap(c driver.Connector) driver.Connector { return watchConnector{c, w} }

func (w *watch) note(query string) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.count[query]++
}

// during returns how many statements f sends.
func (w *watch) during(f func()) int {
	w.mu.Lock()
	before := sum(w.count)
	w.mu.Unlock()
	f()
	w.mu.Lock()
	defer w.mu.Unlock()
	return sum(w.count) - before
}

func sum(m map[string]int) (n int) {
	for _, c := range m {
		n += c
	}
	return n
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
	return watchConn{conn, c.w}, nil
}

type watchConn struct {
	driver.Conn
	w *watch
}

func (c watchConn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	s, err := c.Conn.(driver.ConnPrepareContext).PrepareContext(ctx, query)
	if err != nil {
		return nil, err
	}
	return watchStmt{s, query, c.w}, nil
}

type watchStmt struct {
	driver.Stmt
	query string
	w     *watch
}

func (s watchStmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	s.w.note(s.query)
	return s.Stmt.(driver.StmtExecContext).ExecContext(ctx, args)
}

func (s watchStmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	s.w.note(s.query)
	return s.Stmt.(driver.StmtQueryContext).QueryContext(ctx, args)
}

func watched(t *testing.T) (*sqlstore.Store, *watch, string) {
	w := &watch{count: map[string]int{}}
	path := filepath.Join(t.TempDir(), "c.db")
	st, err := Open(t.Context(), path, Options{Wrap: w.wrap})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { st.Close() })
	return st, w, path
}

// everyCall makes every kind of call on n contacts and returns the number of
// statements of each.
func everyCall(t *testing.T, st *sqlstore.Store, w *watch, ws string, n int) map[string]int {
	ctx := t.Context()
	out := map[string]int{}
	call := func(name string, f func() error) {
		out[name] = w.during(func() {
			if err := f(); err != nil {
				t.Fatalf("%s: %v", name, err)
			}
		})
	}
	apply := func(b *store.Batch) func() error {
		return func() error { _, err := st.Apply(ctx, ws, b); return err }
	}
	list := made(rand.New(rand.NewPCG(1, 1)), 0, n)
	create := creation("create", 1, list)
	create.Unique = []contacts.KeyKind{contacts.PhoneKey}
	edit := &store.Batch{Part: 1, Act: contacts.Act{ID: "edit", Kind: contacts.ActEdit, At: time.Unix(1, 0)}}
	var ids []contacts.ID
	var keys []contacts.Key
	var names []string
	for i, c := range list {
		d := c.Clone()
		d.Rev, d.Phones = 2, nil
		add, drop := store.KeyDiff(c, d)
		edit.Put = append(edit.Put, store.Put{Contact: d, Base: 1, Add: add, Drop: drop})
		edit.Changes = append(edit.Changes, contacts.Change{Contact: c.ID, Path: "company", Old: "a", New: "b"})
		edit.Activities = append(edit.Activities, contacts.Activity{ID: contacts.ID(fmt.Sprint("x", i)), Contact: c.ID, Kind: contacts.Call, At: time.Unix(int64(i+1), 0), Ref: "r"})
		edit.Records = append(edit.Records, store.RecordPut{Kind: "k", Key: fmt.Sprint(i), Body: []byte("1")})
		ids, keys, names = append(ids, c.ID), append(keys, contacts.Keys(nil, c)[0]), append(names, fmt.Sprint(i))
	}
	call("Apply creating", apply(create))
	call("Apply editing", apply(edit))
	again := *edit
	again.Part, again.Put, again.Records = 2, nil, slices.Clone(edit.Records)
	for i := range again.Records {
		again.Records[i].Base = 1
	}
	again.Expect = []store.Expect{{ID: ids[0], Rev: 2}}
	call("Apply again", apply(&again))
	call("Apply undo", apply(&store.Batch{Part: 1, Act: contacts.Act{ID: "undo", Kind: contacts.ActUndo, Undoes: "edit", At: time.Unix(2, 0)}}))
	call("Contacts", func() error { _, err := st.Contacts(ctx, ws, ids...); return err })
	call("Lookup", func() error { _, err := st.Lookup(ctx, ws, keys...); return err })
	scan := func(seq func(func(*contacts.Contact, error) bool)) func() error {
		return func() (err error) {
			for _, e := range seq {
				err = e
			}
			return err
		}
	}
	call("Scan", scan(st.Scan(ctx, ws, "")))
	query, err := search.Parse("max company:acme", search.Options{})
	if err != nil {
		t.Fatal(err)
	}
	call("Narrow", scan(st.Narrow(ctx, ws, query)))
	for name, q := range map[string]store.LogQuery{"Log": {}, "Log newest": {Newest: true, Before: 3}, "Log act": {Act: "create"},
		"Log contact": {Contact: ids[0]}, "Log contact newest": {Contact: ids[0], Newest: true}, "Log both": {Contact: ids[0], Act: "edit"}} {
		call(name, func() error { _, err := st.Log(ctx, ws, q); return err })
	}
	call("Acts", func() error { _, err := st.Acts(ctx, ws, store.ActQuery{}); return err })
	call("Acts by id", func() error {
		_, err := st.Acts(ctx, ws, store.ActQuery{IDs: []contacts.ID{"edit", "undo"}})
		return err
	})
	for name, q := range map[string]store.ActivityQuery{"Activities": {Contacts: ids[:min(n, 30)]}, "Activities by id": {IDs: []contacts.ID{"x0"}},
		"Activities by ref": {Contacts: ids[:1], Ref: "r", Kinds: []contacts.ActivityKind{contacts.Call}, BeforeAt: time.Unix(9, 0), BeforeID: "z"}} {
		call(name, func() error { _, err := st.Activities(ctx, ws, q); return err })
	}
	call("Records", func() error { _, err := st.Records(ctx, ws, "k"); return err })
	call("Records by key", func() error { _, err := st.Records(ctx, ws, "k", names...); return err })
	return out
}

// TestStatements checks that no call sends a statement for each thing it
// works on: what is done to 256 contacts takes at most as many statements more
// than what is done to one as there are multi-row statements of 32 rows.
func TestStatements(t *testing.T) {
	t.Parallel()
	st, w, _ := watched(t)
	one := everyCall(t, st, w, "one", 1)
	many := everyCall(t, st, w, "many", 256)
	for _, name := range slices.Sorted(maps.Keys(one)) {
		more := 0
		if strings.HasPrefix(name, "Apply") {
			more = 60
		}
		if one[name] > 30 || many[name] > one[name]+more {
			t.Errorf("%s: %d statements for one, %d for 256", name, one[name], many[name])
		}
	}
	t.Log(one)
	t.Log(many)
}

// TestPlans checks that every statement finds its rows through an index.
func TestPlans(t *testing.T) {
	t.Parallel()
	st, w, path := watched(t)
	everyCall(t, st, w, "one", 600)
	everyCall(t, st, w, "two", 1)
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	seen := 0
	for _, query := range slices.Sorted(maps.Keys(w.count)) {
		switch word, _, _ := strings.Cut(query, " "); word {
		case "SELECT", "DELETE", "UPDATE":
		default:
			continue
		}
		if strings.Contains(query, "sqlite_schema") || strings.Contains(query, "extcontacts_schema") ||
			strings.Contains(query, "ORDER BY n DESC") { // walks the table from its end, one row
			continue
		}
		seen++
		rows, err := db.Query("EXPLAIN QUERY PLAN "+query, make([]any, strings.Count(query, "?"))...)
		if err != nil {
			t.Fatalf("%s: %v", query, err)
		}
		var plan []string
		for rows.Next() {
			var id, parent, x int
			var detail string
			if err := rows.Scan(&id, &parent, &x, &detail); err != nil {
				t.Fatal(err)
			}
			plan = append(plan, detail)
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
		for _, line := range plan {
			bad := strings.Contains(line, "(ws=?)") && !strings.Contains(query, "ORDER BY seq") && !strings.Contains(query, "ec_head") ||
				strings.HasPrefix(line, "SCAN") && !strings.Contains(line, "CONSTANT") && !strings.Contains(line, "VALUES CLAUSE") && line != "SCAN t" ||
				strings.Contains(line, "TEMP B-TREE FOR ORDER BY") && !strings.Contains(query, " seq IN (") && !strings.Contains(query, "act = ?")
			if bad {
				t.Errorf("%s\n\t%s", short(query), strings.Join(plan, "\n\t"))
				break
			}
		}
	}
	if seen < 25 {
		t.Errorf("only %d statements seen", seen)
	}
}

func short(query string) string {
	if len(query) > 300 {
		return query[:300] + "…"
	}
	return query
}
