package sqlite

import (
	"context"
	"database/sql"
	"errors"
	"path/filepath"
	"testing"

	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/sqlstore"
	"github.com/extcontacts/extcontacts/store/sqlstore/sqlstoretest"
	"github.com/extcontacts/extcontacts/store/storetest"
)

var database = sqlstoretest.Database{
	Place: func(t testing.TB) string { return filepath.Join(t.TempDir(), "contacts.db") },
	Open: func(ctx context.Context, dsn string, o sqlstoretest.Options) (*sqlstore.Store, error) {
		// The suites make many small commits; their durability is TestKill's matter.
		return Open(ctx, dsn, Options{Sync: SyncNormal, Wrap: o.Wrap, Text: o.Text, TextTail: o.TextTail})
	},
	Connect:    connect,
	Migrations: Migrations(),
	Shape: "SELECT group_concat(line, char(10)) FROM (SELECT type || ' ' || name || ' ' || tbl_name || ' ' || coalesce(sql, '') AS line" +
		" FROM sqlite_schema ORDER BY line)",
	Hostile: map[string]func(t testing.TB) string{
		"everything":  prepared("PRAGMA page_size = 512", "PRAGMA auto_vacuum = FULL", "PRAGMA journal_mode = PERSIST", "PRAGMA default_cache_size = 10", "VACUUM"),
		"large pages": prepared("PRAGMA page_size = 65536", "PRAGMA auto_vacuum = INCREMENTAL", "VACUUM"),
	},
	Refused: []sqlstoretest.Refusal{
		{Name: "UTF-16 little end", Place: prepared("PRAGMA encoding = 'UTF-16le'", "CREATE TABLE x (y)", "DROP TABLE x"), Want: store.ErrSchema, Text: "UTF-16le"},
		{Name: "UTF-16 big end", Place: prepared("PRAGMA encoding = 'UTF-16be'", "CREATE TABLE x (y)", "DROP TABLE x"), Want: store.ErrSchema, Text: "UTF-16be"},
	},
	GivenUp:   func(t testing.TB) []error { return []error{busy(t)} },
	More:      60,
	Exclusive: true,
	Local:     true,
}

func TestStore(t *testing.T) { t.Parallel(); database.Store(t) }
func TestBook(t *testing.T)  { t.Parallel(); database.Book(t) }
func TestSQL(t *testing.T)   { database.Run(t) }

func TestStoreInMemory(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t testing.TB) store.Store {
		s, err := Open(t.Context(), Memory)
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}

// connect opens a plain pool of a file, of one connection so that what one
// statement sets counts for the next.
func connect(t testing.TB, path string) *sql.DB {
	t.Helper()
	db, err := sql.Open("sqlite", path)
	if err != nil {
		t.Fatal(err)
	}
	db.SetMaxOpenConns(1)
	return db
}

func script(t testing.TB, path string, statements ...string) {
	t.Helper()
	database.Script(t, path, statements...)
}

// prepared makes files on which statements were run.
func prepared(statements ...string) func(testing.TB) string {
	return func(t testing.TB) string {
		path := filepath.Join(t.TempDir(), "contacts.db")
		db := connect(t, path)
		defer db.Close()
		for _, s := range statements {
			if _, err := db.Exec(s); err != nil {
				t.Fatalf("%s: %v", s, err)
			}
		}
		return path
	}
}

// busy is the error of a file that another connection writes to.
func busy(t testing.TB) error {
	path := filepath.Join(t.TempDir(), "busy.db")
	one, two := connect(t, path), connect(t, path)
	defer one.Close()
	defer two.Close()
	for _, s := range []string{"CREATE TABLE x (y)", "BEGIN IMMEDIATE"} {
		if _, err := one.Exec(s); err != nil {
			t.Fatal(err)
		}
	}
	_, err := two.Exec("BEGIN IMMEDIATE")
	if !dialect().Retryable(err) {
		t.Fatal(errors.Join(errors.New("no error of a busy file"), err))
	}
	return err
}
