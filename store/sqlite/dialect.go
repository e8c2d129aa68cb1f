package sqlite

import (
	"embed"
	"errors"
	"io/fs"
	"strings"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/extcontacts/extcontacts/store/sqlstore"
)

//go:embed migrations/*.sql
var files embed.FS

// Migrations returns the schema as numbered SQL files, for a host that runs
// migrations with a tool of its own. [Open] runs them by itself.
func Migrations() fs.FS {
	sub, err := fs.Sub(files, "migrations")
	if err != nil { // the name is a constant
		panic(err)
	}
	return sub
}

func dialect() sqlstore.Dialect {
	return sqlstore.Dialect{
		Name:       "sqlite",
		Migrations: Migrations(),
		Begin:      "BEGIN IMMEDIATE",
		Replaces:   true,
		Append: sqlstore.AppendRows(32, "UPDATE OR FAIL ec_keys SET body = CAST(ec_keys.body || more.column3 AS BLOB) FROM (VALUES ",
			") AS more WHERE ec_keys.ws = more.column1 AND ec_keys.node = more.column2"),
		BeginRead: []string{"BEGIN"},
		Contains:  "instr(search_text, ?) > 0",
		Holder:    "ec_holder(k.body, ?)",
		Held:      held,
		Tables: "SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\'" +
			" UNION ALL SELECT 'foreign application id' FROM pragma_application_id WHERE application_id NOT IN (0, 1163416643)",
		Scrub:     "PRAGMA wal_checkpoint(TRUNCATE)",
		Exclusive: true,
		Local:     true,
		Retryable: func(err error) bool {
			c := code(err) & 0xff
			return c == sqlite3.SQLITE_BUSY || c == sqlite3.SQLITE_LOCKED
		},
		Duplicate: func(err error) bool {
			switch code(err) {
			case sqlite3.SQLITE_CONSTRAINT_UNIQUE, sqlite3.SQLITE_CONSTRAINT_PRIMARYKEY, sqlite3.SQLITE_CONSTRAINT_ROWID:
				return true
			}
			return false
		},
	}
}

// held asks the nodes one by one: for IN the list would be made a table first.
// The LIMIT keeps SQLite from computing the body anew wherever it is named.
func held(nodes int) string {
	return "(SELECT ec_held(n.body, ?) AS body FROM (VALUES (?)" + strings.Repeat(",(?)", nodes-1) +
		") v CROSS JOIN ec_keys n ON n.node = v.column1 AND n.ws = ? LIMIT -1)"
}

// code returns SQLite's extended result code of an error, 0 for none.
func code(err error) int {
	var e *sqlite.Error
	if errors.As(err, &e) {
		return e.Code()
	}
	return 0
}
