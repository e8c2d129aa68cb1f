package main

import (
	"path/filepath"
	"testing"

	"github.com/extcontacts/extcontacts/internal/booktest"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/memstore"
	"github.com/extcontacts/extcontacts/store/sqlite"
)

// TestCopies moves a book from each store to each.
func TestCopies(t *testing.T) {
	open := map[string]func(t *testing.T) store.Store{
		"memory": func(*testing.T) store.Store { return memstore.New() },
		"sqlite": func(t *testing.T) store.Store {
			st, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "c.db"))
			if err != nil {
				t.Fatal(err)
			}
			return st
		},
		"postgres": func(t *testing.T) store.Store {
			st, err := onPostgres(t.Context(), onServer(t, "postgres"))
			if err != nil {
				t.Fatal(err)
			}
			return st
		},
		"mysql": func(t *testing.T) store.Store {
			st, err := onMySQL(t.Context(), onServer(t, "mysql"))
			if err != nil {
				t.Fatal(err)
			}
			return st
		},
	}
	for from := range open {
		for to := range open {
			t.Run(from+" to "+to, func(t *testing.T) {
				t.Parallel()
				a, b := open[from](t), open[to](t)
				defer a.Close()
				defer b.Close()
				booktest.Copy(t, a, b)
			})
		}
	}
}

// TestCopyCommand copies a book twice and refuses what would harm one.
func TestCopyCommand(t *testing.T) {
	filled(t)
	m := object(t, must(t, 0, "--json", "copy", "two.db"))
	shape(t, m, "entries", "contacts", "acts", "activities", "records", "mended", "seq", "hash", "complete")
	if m["contacts"] != 298.0 || m["complete"] != true {
		t.Errorf("the first copy: %v", m)
	}
	id := object(t, must(t, 0, "--json", "add", "last_name=Later"))["id"].(string)
	must(t, 0, "activity", id, "call")
	if m := object(t, must(t, 0, "--json", "copy", "two.db")); m["entries"] != 2.0 || m["contacts"] != 1.0 || m["activities"] != 1.0 || m["complete"] != true {
		t.Errorf("the second copy: %v", m)
	}
	if a, b := must(t, 0, "export").stdout, must(t, 0, "--db", "two.db", "export").stdout; a != b {
		t.Errorf("the exports differ:\n%s\n%s", a, b)
	}
	must(t, 0, "--db", "two.db", "verify")
	must(t, 0, "--db", "two.db", "add", "last_name=Own")
	before := must(t, 0, "--db", "two.db", "export").stdout
	must(t, exitFailed, "copy", "two.db")
	if must(t, 0, "--db", "two.db", "export").stdout != before {
		t.Error("a refused copy altered the other book")
	}
	must(t, exitUsage, "copy", "memory:")
	must(t, exitUsage, "copy", "nowhere:x")
	must(t, exitUsage, "copy")
}
