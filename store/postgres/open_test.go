package postgres

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"

	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/sqlstore"
)

// tables lists the tables of a schema with the number of their columns.
const tables = "SELECT coalesce(string_agg(table_name || column_name, ',' ORDER BY table_name, ordinal_position), '')" +
	" FROM information_schema.columns WHERE table_schema = current_schema()"

// TestOpenRefuses checks that what cannot be right is refused in one sentence
// without the password, and that what is not ours is left as it was.
func TestOpenRefuses(t *testing.T) {
	t.Parallel()
	newer := schema(t)
	if err := open(t, newer).Close(); err != nil {
		t.Fatal(err)
	}
	script(t, newer, "INSERT INTO extcontacts_schema (version, name) VALUES (99, '0099_later')")
	foreign := schema(t)
	script(t, foreign, "CREATE TABLE ec_keys (x INTEGER)")
	for _, c := range []struct {
		name, dsn string
		want      error
		text      string
	}{
		{"no DSN", "postgres://user:s3cret@host:notaport/db", store.ErrInvalid, "DSN"},
		{"no such key", "port=x password=s3cret", store.ErrInvalid, "DSN"},
		{"nobody there", "postgres://user:s3cret@127.0.0.1:1/db?sslmode=disable", nil, "127.0.0.1"},
		{"newer", newer, store.ErrSchema, "version 99"},
		{"foreign", foreign, store.ErrSchema, "other tables"},
		{"no such schema", schema(t) + "_none", nil, "no schema"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before := ""
			if c.want == store.ErrSchema {
				before = scalar(t, c.dsn, tables)
			}
			st, err := Open(t.Context(), c.dsn)
			if err == nil {
				st.Close()
				t.Fatal("opened")
			}
			if c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("error %v is not %v", err, c.want)
			}
			if text := err.Error(); !strings.Contains(text, c.text) || strings.Contains(text, "\n") || strings.Contains(text, "s3cret") {
				t.Errorf("error is %q, want one line with %q", text, c.text)
			}
			if c.want == store.ErrSchema && scalar(t, c.dsn, tables) != before {
				t.Error("the schema was altered")
			}
		})
	}
}

// TestOpenBesideOthers checks that tables of the host are no hindrance.
func TestOpenBesideOthers(t *testing.T) {
	t.Parallel()
	dsn := schema(t)
	script(t, dsn, "CREATE TABLE ec_orders (x INTEGER)", "CREATE TABLE contacts (x INTEGER)")
	if err := open(t, dsn).Close(); err != nil {
		t.Fatal(err)
	}
}

// TestOpenAtOnce opens one new schema many times at once and writes.
func TestOpenAtOnce(t *testing.T) {
	t.Parallel()
	dsn := schema(t)
	var wg sync.WaitGroup
	const n = 6
	for i := range n {
		wg.Go(func() {
			st, err := Open(context.Background(), dsn, Options{Writers: 1, Readers: 1})
			if err != nil {
				t.Error(err)
				return
			}
			defer st.Close()
			if _, err := st.Apply(context.Background(), "w", creation(string(rune('a'+i)), 1, nil)); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	if v := scalar(t, dsn, "SELECT count(*) FROM extcontacts_schema"); v != "1" {
		t.Errorf("%s versions", v)
	}
	st := open(t, dsn)
	defer st.Close()
	chained(t, st, n)
}

// chained checks that the log of the workspace w has n entries, each of which
// follows the one before.
func chained(t *testing.T, st *sqlstore.Store, n int) {
	t.Helper()
	entries, err := st.Log(t.Context(), "w", store.LogQuery{Limit: 10000})
	if err != nil || len(entries) != n {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	var prev [32]byte
	for i := range entries {
		if sum := store.Chain(prev, "w", &entries[i]); sum != entries[i].Hash || entries[i].Seq != int64(i)+1 {
			t.Errorf("entry %d does not follow", i+1)
		}
		prev = entries[i].Hash
	}
}

// TestMigrateStopped stops a migration after each of its statements; the next
// one completes it.
func TestMigrateStopped(t *testing.T) {
	t.Parallel()
	dsn, whole := schema(t), schema(t)
	if err := open(t, whole).Close(); err != nil {
		t.Fatal(err)
	}
	want := scalar(t, whole, tables)
	text, err := files.ReadFile("migrations/0001_base.sql")
	if err != nil {
		t.Fatal(err)
	}
	statements := strings.Split(strings.TrimSpace(string(text)), ";\n")
	for n := 1; n <= len(statements); n += 4 {
		script(t, dsn, statements[:n]...)
		if err := open(t, dsn).Close(); err != nil {
			t.Fatalf("after %d statements: %v", n, err)
		}
		if got := scalar(t, dsn, tables); got != want {
			t.Fatalf("after %d statements the schema is %s", n, got)
		}
		name := scalar(t, dsn, "SELECT current_schema()")
		script(t, dsn, "DROP SCHEMA "+name+" CASCADE", "CREATE SCHEMA "+name)
	}
}
