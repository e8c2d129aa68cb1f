package postgres

import (
	"embed"
	"errors"
	"io"
	"io/fs"
	"net"
	"slices"

	"github.com/jackc/pgx/v5/pgconn"

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
		Name:        "postgres",
		Migrations:  Migrations(),
		Placeholder: sqlstore.Dollar,
		Begin:       "BEGIN ISOLATION LEVEL READ COMMITTED READ WRITE",
		BeginRead:   []string{"BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY"},
		Lock: "SELECT CASE WHEN pg_advisory_xact_lock(1163416643, hashtext(coalesce(current_schema(), '')))::text IS NULL" +
			" THEN 0 ELSE 1 END",
		ForUpdate: " FOR UPDATE",
		Contains:  "position(?::bytea IN search_text) > 0",
		Holder: "overlay(overlay(overlay(overlay(encode(substring(k.body FROM nullif(position(?::bytea IN k.body), 0) + 17 FOR 16), 'hex')" +
			" PLACING '-' FROM 9 FOR 0) PLACING '-' FROM 14 FOR 0) PLACING '-' FROM 19 FOR 0) PLACING '-' FROM 24 FOR 0)",
		Among: " = ANY(?)",
		Holds: "position(?::bytea IN k.body) > 0",
		Tables: "SELECT relname::text FROM pg_catalog.pg_class" +
			" WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p', 'v', 'm', 'f')",
		Analyze:   "ANALYZE ec_contacts, ec_keys, ec_log, ec_touched, ec_acts, ec_activities",
		Parens:    true,
		Runs:      4,
		Rows:      256,
		Append:    appendNodes,
		Bulk:      copyIn,
		Retryable: retryable,
		Duplicate: func(err error) bool { return code(err) == "23505" },
		Lost:      lost,
	}
}

// appendNodes is [sqlstore.Dialect.Append]. The bodies go as one: an array of
// them is encoded piece by piece.
func appendNodes(ws string, nodes []int64, bodies [][]byte) (query string, args []any, n int) {
	firsts, sizes, next := make([]int32, len(bodies)), make([]int32, len(bodies)), int32(1)
	for i, body := range bodies {
		firsts[i], sizes[i] = next, int32(len(body))
		next += sizes[i]
	}
	return "UPDATE ec_keys SET body = substring($5::bytea FROM more.first FOR more.size) || ec_keys.body" +
			" FROM unnest($2::bigint[], $3::int[], $4::int[]) AS more (node, first, size) WHERE ec_keys.ws = $1 AND ec_keys.node = more.node",
		[]any{ws, nodes, firsts, sizes, slices.Concat(bodies...)}, len(nodes)
}

// code returns the SQLSTATE of an error, empty for none.
func code(err error) string {
	var e *pgconn.PgError
	if errors.As(err, &e) {
		return e.Code
	}
	return ""
}

func retryable(err error) bool {
	switch code(err) {
	case "40001", "40P01", // serialization failure, deadlock
		"55P03",                   // a lock was not had in time
		"53300", "57P03", "55006": // no place for a connection, starting up, database in use
		return true
	}
	return false
}

// lost reports whether the connection is gone, or of no use any more: after a
// failover the server behind it may only read.
func lost(err error) bool {
	switch c := code(err); {
	case c == "57P01", c == "57P02", c == "57P03", c == "25006", len(c) == 5 && c[:2] == "08":
		return true
	case c != "":
		return false
	}
	var op *net.OpError
	return errors.As(err, &op) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed) ||
		pgconn.SafeToRetry(err)
}
