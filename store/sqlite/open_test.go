package sqlite

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/extcontacts/extcontacts/store"
)

// TestOpenRefuses checks that what is not ours is refused in one sentence and
// left as it was.
func TestOpenRefuses(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
		return path
	}
	foreign := filepath.Join(dir, "foreign.db")
	script(t, foreign, "CREATE TABLE songs (id INTEGER PRIMARY KEY)")
	marked := filepath.Join(dir, "marked.db")
	script(t, marked, "PRAGMA application_id = 77")
	newer := filepath.Join(dir, "newer.db")
	st, err := Open(t.Context(), newer)
	if err != nil {
		t.Fatal(err)
	}
	if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	script(t, newer, "INSERT INTO extcontacts_schema (version, name) VALUES (99, '0099_later')")

	for _, c := range []struct {
		name, path string
		want       error
		text       string
	}{
		{"no name", "", store.ErrInvalid, "no file named"},
		{"text", write("notes.txt", strings.Repeat("these are notes, no database\n", 400)), store.ErrSchema, "no SQLite database"},
		{"one byte", write("one", "x"), store.ErrSchema, "no SQLite database"},
		{"directory", dir, store.ErrInvalid, "directory"},
		{"missing directory", filepath.Join(dir, "none", "c.db"), fs.ErrNotExist, "no such file"},
		{"below a file", filepath.Join(foreign, "c.db"), nil, "not a directory"},
		{"device", os.DevNull, store.ErrInvalid, "no regular file"},
		{"foreign", foreign, store.ErrSchema, "other tables"},
		{"foreign id", marked, store.ErrSchema, "other tables"},
		{"newer", newer, store.ErrSchema, "version 99"},
		{"no place", "/proc/contacts.db", nil, "cannot be opened"},
	} {
		t.Run(c.name, func(t *testing.T) {
			before, _ := os.ReadFile(c.path)
			st, err := Open(t.Context(), c.path)
			if err == nil {
				st.Close()
				t.Fatal("opened")
			}
			if c.want != nil && !errors.Is(err, c.want) {
				t.Errorf("error %v is not %v", err, c.want)
			}
			if !strings.Contains(err.Error(), c.text) || strings.Contains(err.Error(), "\n") {
				t.Errorf("error is %q, want one line with %q", err, c.text)
			}
			after, _ := os.ReadFile(c.path)
			if string(before) != string(after) {
				t.Error("the file was altered")
			}
			for _, end := range []string{"-wal", "-shm", "-journal"} {
				if _, err := os.Stat(c.path + end); err == nil {
					t.Errorf("%s was left behind", end)
				}
			}
		})
	}
}

// TestOpenCreates checks new and empty files, and odd names.
func TestOpenCreates(t *testing.T) {
	dir := t.TempDir()
	empty := filepath.Join(dir, "empty.db")
	if err := os.WriteFile(empty, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{empty, filepath.Join(dir, "a b?c#d%41&e.db"), filepath.Join(dir, "連絡先.db")} {
		for range 2 {
			st, err := Open(t.Context(), path)
			if err != nil {
				t.Fatal(err)
			}
			if err := st.Close(); err != nil {
				t.Fatal(err)
			}
			info, err := os.Stat(path)
			if err != nil {
				t.Fatal(err)
			}
			if info.Mode().Perm() != 0o600 {
				t.Errorf("mode is %v", info.Mode())
			}
		}
	}
	list, err := os.ReadDir(dir)
	if err != nil || len(list) != 3 {
		t.Errorf("files are %v (%v)", list, err)
	}
}
