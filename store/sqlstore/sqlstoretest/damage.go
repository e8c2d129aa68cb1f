package sqlstoretest

import (
	"bytes"
	"database/sql"
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store/sqlstore"
)

// table is the content of a table.
type table struct {
	name    string
	columns []string
	rows    [][]any
}

// readTable reads a whole table.
func readTable(t *testing.T, db *sql.DB, name string) table {
	t.Helper()
	rows, err := db.Query("SELECT * FROM " + name)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	out := table{name: name}
	if out.columns, err = rows.Columns(); err != nil {
		t.Fatal(err)
	}
	for rows.Next() {
		row := make([]any, len(out.columns))
		into := make([]any, len(row))
		for i := range row {
			into[i] = &row[i]
		}
		if err := rows.Scan(into...); err != nil {
			t.Fatal(err)
		}
		for i, v := range row {
			if b, ok := v.([]byte); ok {
				row[i] = bytes.Clone(b)
			}
		}
		out.rows = append(out.rows, row)
	}
	if rows.Err() != nil {
		t.Fatal(rows.Err())
	}
	return out
}

// write puts rows in the place of what the table holds. It reports false where
// the database does not take them.
func (d Database) write(t *testing.T, db *sql.DB, tb table, rows [][]any) bool {
	t.Helper()
	tx, err := db.Begin()
	if err != nil {
		t.Fatal(err)
	}
	defer tx.Rollback()
	if _, err := tx.Exec("DELETE FROM " + tb.name); err != nil {
		t.Fatal(err)
	}
	marks := make([]string, len(tb.columns))
	for i := range marks {
		if marks[i] = "?"; strings.Contains(fmt.Sprintf("%T", db.Driver()), "stdlib") {
			marks[i] = sqlstore.Dollar(i + 1)
		}
	}
	insert := "INSERT INTO " + tb.name + " (" + strings.Join(tb.columns, ", ") + ") VALUES (" + strings.Join(marks, ", ") + ")"
	for _, row := range rows {
		if _, err := tx.Exec(insert, row...); err != nil {
			return false
		}
	}
	if err := tx.Commit(); err != nil {
		t.Fatal(err)
	}
	return true
}

// altered returns another value of the same type.
func altered(r *rand.Rand, v any) any {
	switch v := v.(type) {
	case int64:
		return v + 1 + r.Int64N(3)
	case string:
		return v + "x"
	case []byte:
		if len(v) == 0 {
			return []byte("x")
		}
		out := bytes.Clone(v)
		out[r.IntN(len(out))] ^= byte(1 + r.IntN(255))
		return out
	}
	return nil
}

// damage changes the tables of a book behind its back, one value or row at a
// time, and has Verify find it. Repair mends what is derived, and nothing else.
func (d Database) damage(t *testing.T) {
	t.Parallel()
	dsn := d.Place(t)
	st := d.must(t, dsn, Options{})
	defer st.Close()
	book, err := extcontacts.Open(t.Context(), st, extcontacts.Options{Workspace: "acme"})
	if err != nil {
		t.Fatal(err)
	}
	s := book.As(contacts.Actor{ID: "agent"})
	head := lively(t, s)
	verify := func(repair bool) []extcontacts.Difference {
		check := s.Verify
		if repair {
			check = s.Repair
		}
		rep, err := check(t.Context(), head)
		if err != nil {
			t.Fatalf("%v, by %v", err, unwrapped(err))
		}
		return rep.Differences
	}
	if diffs := verify(false); len(diffs) > 0 {
		t.Fatalf("before any damage: %+v", diffs)
	}
	db := d.Connect(t, dsn)
	defer db.Close()
	// Numbers of rows, and a size of which only the planner of an engine hears.
	free := []string{"ec_contacts.doc", "ec_head.size"}
	derived := []string{"ec_index", "ec_keys", "ec_touched", "ec_contacts.rev", "ec_contacts.state", "ec_contacts.created_seq", "ec_contacts.search_text"}
	r := rand.New(rand.NewPCG(3, 4))
	tried, found := 0, map[string]int{}
	rounds := 1
	if Long() {
		rounds = 20
	}
	for _, name := range []string{"ec_log", "ec_contacts", "ec_keys", "ec_acts", "ec_head", "ec_touched", "ec_index"} {
		tb := readTable(t, db, name)
		try := func(what string, rows [][]any) {
			if !d.write(t, db, tb, rows) {
				return
			}
			tried++
			diffs := verify(false)
			if len(diffs) == 0 {
				t.Errorf("%s: not noticed", what)
			}
			for _, diff := range diffs {
				found[diff.Code]++
			}
			if slices.ContainsFunc(derived, func(s string) bool { return strings.HasPrefix(what, s) }) {
				if diffs := verify(true); len(diffs) > 0 {
					t.Errorf("%s: not mended: %+v", what, diffs)
				}
			} else if after := verify(true); len(after) == 0 {
				t.Errorf("%s: no repair can undo it, and yet nothing differs", what)
			}
			d.write(t, db, tb, tb.rows)
		}
		for range rounds {
			for i := range tb.rows {
				for j, column := range tb.columns {
					if what := name + "." + column; column != "ws" && !slices.Contains(free, what) {
						rows := slices.Clone(tb.rows)
						rows[i] = slices.Clone(rows[i])
						if rows[i][j] = altered(r, rows[i][j]); column == "counts" {
							rows[i][j] = []byte(`{"rows":99}`)
						}
						try(fmt.Sprintf("%s of row %d", what, i), rows)
					}
				}
			}
		}
		for i := range tb.rows {
			if name == "ec_contacts" { // bytes that cannot be read
				rows, last := slices.Clone(tb.rows), len(tb.columns)-1
				rows[i] = slices.Clone(rows[i])
				rows[i][last] = rows[i][last].([]byte)[1:]
				try(fmt.Sprintf("ec_contacts, row %d cut", i), rows)
			}
			try(fmt.Sprintf("%s without row %d", name, i), slices.Delete(slices.Clone(tb.rows), i, i+1))
		}
		if diffs := verify(true); len(diffs) > 0 { // all derived things as they were
			t.Fatalf("after %s: %+v", name, diffs)
		}
	}
	t.Logf("%d changes behind the back of the store: %v", tried, found)
	if tried < 60 || len(found) < 10 {
		t.Errorf("only %d changes were tried, and found as %v", tried, found)
	}
}

// lively gives a book a short history of many kinds and returns its head.
func lively(t *testing.T, s *extcontacts.Session) extcontacts.LogHead {
	t.Helper()
	ctx := t.Context()
	must := func(err error) {
		t.Helper()
		if err != nil {
			t.Fatal(err)
		}
	}
	file := "First name,Last name,Mobile,Email,Company\nAnn,Lee,+85291234567,ann@example.com,Acme\n" +
		"Anne,Lee,+85291234567,,Acme Ltd\nBob,Ray,+85297654321,bob@example.com,\n"
	_, err := s.Import(ctx, strings.NewReader(file), extcontacts.ImportOptions{})
	must(err)
	var ids []contacts.ID
	for c, err := range s.Search(ctx, "") {
		must(err)
		ids = append(ids, c.ID)
	}
	slices.Sort(ids)
	_, err = s.Edit(ctx, ids[2], 0, func(c *contacts.Contact) error { c.Team = "Sales"; return nil })
	must(err)
	plan, err := s.PlanMerge(ctx, ids[0], ids[1:2])
	must(err)
	act, err := s.Merge(ctx, plan)
	must(err)
	undo, err := s.PlanUndo(ctx, act.ID)
	must(err)
	_, err = s.Undo(ctx, undo)
	must(err)
	head, err := s.Head(ctx)
	must(err)
	return head
}
