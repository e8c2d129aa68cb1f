package sqlstoretest

import (
	"fmt"
	"io/fs"
	"os"
	"strings"
	"testing"

	"github.com/extcontacts/extcontacts/internal/booktest"
)

// Erasure erases a person of whom the book knows all it can and looks for what
// is left: in every column of every table, and in every byte of the files where
// the place is a file, the write-ahead log and free pages included.
func (d Database) Erasure(t *testing.T) {
	place := d.Place(t)
	booktest.Erasure(t, d.must(t, place, Options{}), func(t *testing.T) map[string][]byte {
		t.Helper()
		out := d.columns(t, place)
		for _, name := range []string{place, place + "-wal", place + "-shm", place + "-journal"} {
			if b, err := os.ReadFile(name); err == nil {
				out["file"+name[len(place):]] = b
			}
		}
		return out
	})
}

// columns reads all there is in the tables of the store.
func (d Database) columns(t *testing.T, place string) map[string][]byte {
	t.Helper()
	db := d.Connect(t, place)
	defer db.Close()
	out := map[string][]byte{}
	for _, table := range d.tables(t) {
		rows, err := db.Query("SELECT * FROM " + table)
		if err != nil {
			t.Fatal(err)
		}
		names, err := rows.Columns()
		if err != nil {
			t.Fatal(err)
		}
		values := make([]any, len(names))
		for i := range values {
			values[i] = new(any)
		}
		for rows.Next() {
			if err := rows.Scan(values...); err != nil {
				t.Fatal(err)
			}
			for i, v := range values {
				key := table + "." + names[i]
				switch v := (*(v.(*any))).(type) {
				case []byte:
					out[key] = append(append(out[key], v...), '\n')
				default:
					out[key] = fmt.Appendf(out[key], "%v\n", v)
				}
			}
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
		rows.Close()
	}
	return out
}

// tables are the tables that the migrations create.
func (d Database) tables(t *testing.T) []string {
	t.Helper()
	files, err := fs.Glob(d.Migrations, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	var names []string
	for _, file := range files {
		b, err := fs.ReadFile(d.Migrations, file)
		if err != nil {
			t.Fatal(err)
		}
		for line := range strings.Lines(string(b)) {
			if _, rest, ok := strings.Cut(line, "CREATE TABLE IF NOT EXISTS "); ok {
				names = append(names, strings.Fields(rest)[0])
			}
		}
	}
	if len(names) < 8 {
		t.Fatalf("the migrations create %v alone", names)
	}
	return names
}
