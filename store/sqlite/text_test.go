package sqlite

import (
	"context"
	"fmt"
	"math/rand/v2"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/sqlstore"
	"github.com/extcontacts/extcontacts/store/sqlstore/sqlstoretest"
)

// withText is the database of files that have the text index.
var withText = func() sqlstoretest.Database {
	d := database
	d.Open = func(ctx context.Context, dsn string, o sqlstoretest.Options) (*sqlstore.Store, error) {
		return Open(ctx, dsn, Options{Sync: SyncNormal, Wrap: o.Wrap, Text: TextOn})
	}
	return d
}()

func TestTextStore(t *testing.T)   { t.Parallel(); withText.Store(t) }
func TestTextErasure(t *testing.T) { t.Parallel(); withText.Erasure(t) }

// TestTextIndex checks that the index is made for a file with contacts, kept
// up to date by who opened the file before, used, emptied of what goes, and
// dropped.
func TestTextIndex(t *testing.T) {
	t.Parallel()
	ctx, path := t.Context(), filepath.Join(t.TempDir(), "c.db")
	open := func(x TextIndex) *sqlstore.Store {
		st, err := Open(ctx, path, Options{Sync: SyncNormal, Text: x})
		if err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() { st.Close() })
		return st
	}
	first := open(TextAsIs)
	list := sqlstoretest.Made(rand.New(rand.NewPCG(1, 1)), 0, 12_000)
	for i, c := range list[700:] {
		c.LastName = fmt.Sprintf("Plain-%d", i)
	}
	apply := func(st *sqlstore.Store, b *store.Batch) {
		t.Helper()
		if _, err := st.Apply(ctx, "w", b); err != nil {
			t.Fatal(err)
		}
	}
	apply(first, sqlstoretest.Creation("a", 1, list[:600]))
	db := connect(t, path)
	defer db.Close()
	indexed := func(text string, want int) {
		t.Helper()
		if n := database.Scalar(t, path, "SELECT count(*) FROM ec_text WHERE ec_text MATCH '\""+text+"\"'"); n != strconv.Itoa(want) {
			t.Errorf("%q is in %s rows of the index, want %d", text, n, want)
		}
		if _, err := db.Exec("INSERT INTO ec_text (ec_text, rank) VALUES ('integrity-check', 1)"); err != nil {
			t.Errorf("the index does not fit the rows: %v", err)
		}
	}
	found := func(st *sqlstore.Store, text string, want int) {
		t.Helper()
		q, err := search.Parse(text, search.Options{})
		if err != nil {
			t.Fatal(err)
		}
		seen := map[contacts.ID]bool{}
		for c, err := range st.Narrow(ctx, "w", q) {
			if err != nil {
				t.Fatal(err)
			}
			if seen[c.ID] {
				t.Errorf("%s comes twice", c.ID)
			}
			seen[c.ID] = true
		}
		if n, err := store.Count(ctx, st, "w", q, nil); err != nil || n != want || len(seen) < want {
			t.Errorf("%s: %d found of %d, want %d: %v", text, n, len(seen), want, err)
		}
	}
	second := open(TextOn)
	indexed("mus", 600)
	apply(first, sqlstoretest.Creation("b", 1, list[600:]))
	indexed("mus", 700)
	for _, st := range []*sqlstore.Store{first, second} {
		found(st, "musterman*", 700) // more than are read in one go
		found(st, "acme*", 12_000)   // too many for the index
		found(st, `"mustermann-77"`, 1)
		found(st, "zq*", 0)
	}

	// Of an edited contact the old words are gone, pages included.
	edited := list[3].Clone()
	edited.Rev, edited.LastName = 2, "Xqvwzk"
	add, drop := store.KeyDiff(list[3], edited)
	apply(first, &store.Batch{Part: 1, Act: contacts.Act{ID: "c", Kind: contacts.ActEdit, Actor: "a", At: time.Unix(1, 0)},
		Put:     []store.Put{{Base: 1, Contact: edited, Add: add, Drop: drop}},
		Changes: []contacts.Change{{Contact: edited.ID, Path: "last_name", Old: list[3].LastName, New: edited.LastName}}})
	indexed("qvw", 1)
	found(second, "xqvw*", 1)
	if _, err := db.Exec("VACUUM"); err != nil {
		t.Fatal(err)
	}
	indexed("qvw", 1)
	found(second, "xqvw*", 1)
	gone := edited.Clone()
	gone.Rev, gone.LastName = 3, "Other"
	add, drop = store.KeyDiff(edited, gone)
	apply(second, &store.Batch{Part: 1, Act: contacts.Act{ID: "d", Kind: contacts.ActErase, Actor: "a", At: time.Unix(2, 0)}, Erase: []contacts.ID{gone.ID},
		Put:     []store.Put{{Base: 2, Contact: gone, Add: add, Drop: drop}},
		Changes: []contacts.Change{{Contact: gone.ID}}})
	indexed("qvw", 0)
	if n := database.Scalar(t, path, "SELECT count(*) FROM ec_text_data WHERE instr(block, 'qvw') > 0 OR instr(block, 'xqv') > 0"); n != "0" {
		t.Errorf("%s blocks hold erased trigrams", n)
	}

	open(TextOff)
	found(first, "musterman*", 699)
	found(second, "musterman*", 699)
}

// TestTextPlan checks that a search goes by the index and from there to the
// rows.
func TestTextPlan(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "c.db")
	st, err := Open(t.Context(), path, Options{Text: TextOn})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	for text, use := range map[string]bool{"wong": true, "wo*": true, "*ong*": true, "wongg chan": true, "label:vip w*": true, "91234": true, "w*": false, "a b": false} {
		q, err := search.Parse(text, search.Options{})
		if err != nil {
			t.Fatal(err)
		}
		query, args, ok := find("c.id, c.body", "w", q.Needs())
		if ok != use {
			t.Errorf("%s: the index is of use: %t, want %t for %q", text, ok, use, q.Needs())
		}
		if !ok {
			continue
		}
		var plan []string
		func() {
			db := connect(t, path)
			defer db.Close()
			rows, err := db.Query("EXPLAIN QUERY PLAN "+query, append(args, 20)...)
			if err != nil {
				t.Fatalf("%s: %v", query, err)
			}
			defer rows.Close()
			for rows.Next() {
				var id, parent, x int
				var detail string
				if err := rows.Scan(&id, &parent, &x, &detail); err != nil {
					t.Fatal(err)
				}
				plan = append(plan, detail)
			}
		}()
		if all := strings.Join(plan, "\n"); !strings.Contains(all, "VIRTUAL TABLE INDEX 0:M") || !strings.Contains(all, "SEARCH c USING INTEGER PRIMARY KEY") {
			t.Errorf("%s:\n%s", query, all)
		}
	}
}
