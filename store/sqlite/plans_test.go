package sqlite

import (
	"database/sql"
	"path/filepath"
	"strings"
	"testing"

	"github.com/extcontacts/extcontacts/store/sqlstore/sqlstoretest"
)

// TestPlans checks that every statement finds its rows through an index.
func TestPlans(t *testing.T) {
	t.Parallel()
	w := sqlstoretest.NewWatch()
	path := filepath.Join(t.TempDir(), "c.db")
	st, err := Open(t.Context(), path, Options{Wrap: w.Faults.Connector})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	sqlstoretest.EveryCall(t, st, w, "one", 600)
	sqlstoretest.EveryCall(t, st, w, "two", 1)
	connector, err := newConnector(path)
	if err != nil {
		t.Fatal(err)
	}
	db := sql.OpenDB(connector)
	defer db.Close()
	seen := 0
	for _, query := range w.Queries() {
		switch word, _, _ := strings.Cut(query, " "); word {
		case "SELECT", "DELETE", "UPDATE":
		default:
			continue
		}
		if strings.Contains(query, "sqlite_schema") || strings.Contains(query, "extcontacts_schema") ||
			strings.Contains(query, "ORDER BY node DESC") { // walks the table from its end, one row
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
				strings.HasPrefix(line, "SCAN") && !strings.Contains(line, "CONSTANT") && !strings.Contains(line, "VALUES CLAUSE") && line != "SCAN t" && !(line == "SCAN k" && strings.Contains(query, "ec_held")) ||
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
