package postgres

import (
	"context"
	"database/sql"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"strings"
	"testing"

	"github.com/jackc/pgx/v5/pgconn"

	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/sqlstore"
	"github.com/extcontacts/extcontacts/store/sqlstore/sqlstoretest"
)

var database = sqlstoretest.Database{
	Place: schema,
	Open: func(ctx context.Context, dsn string, o sqlstoretest.Options) (*sqlstore.Store, error) {
		return Open(ctx, dsn, Options{Wrap: o.Wrap, Writers: o.Writers, Readers: o.Readers, Grace: o.Grace, Text: o.Text, TextTail: o.TextTail})
	},
	Connect:    connect,
	Migrations: Migrations(),
	Shape: "SELECT string_agg(line, E'\\n' ORDER BY line) FROM (" +
		"SELECT table_name || ' ' || column_name || ' ' || data_type || ' ' || coalesce(collation_name, '') AS line" +
		" FROM information_schema.columns WHERE table_schema = current_schema()" +
		" UNION ALL SELECT replace(indexdef, current_schema() || '.', '') FROM pg_indexes WHERE schemaname = current_schema()) AS l",
	Hostile: map[string]func(t testing.TB) string{
		"everything":        hostile,
		"repeatable read":   parameters("default_transaction_isolation=repeatable read"),
		"serializable":      parameters("default_transaction_isolation=serializable"),
		"read only":         parameters("default_transaction_read_only=on"),
		"impatient":         parameters("lock_timeout=50ms", "deadlock_timeout=1ms"), // a queue of six waits longer than that, ten tries do not
		"Turkish collation": collated("tr-TR-u-ks-level2"),
		"plain C":           templated("ENCODING 'UTF8' LOCALE 'C'"),
	},
	Refused: []sqlstoretest.Refusal{
		{Name: "no DSN", Place: at("postgres://user:s3cret@host:notaport/db"), Want: store.ErrInvalid, Text: "DSN"},
		{Name: "no such key", Place: at("port=x password=s3cret"), Want: store.ErrInvalid, Text: "DSN"},
		{Name: "nobody there", Place: at("postgres://user:s3cret@127.0.0.1:1/db?sslmode=disable"), Text: "127.0.0.1"},
		{Name: "no such schema", Place: func(t testing.TB) string { return schema(t) + "_none" }, Text: "no schema"},
		{Name: "Latin 1", Place: templated("ENCODING 'LATIN1' LOCALE 'C'"), Want: store.ErrSchema, Text: "LATIN1"},
		{Name: "no encoding", Place: templated("ENCODING 'SQL_ASCII' LOCALE 'C'"), Want: store.ErrSchema, Text: "SQL_ASCII"},
	},
	GivenUp: func(testing.TB) []error {
		return []error{&pgconn.PgError{Code: "40001"}, &pgconn.PgError{Code: "40P01"}}
	},
	Gone:  &net.OpError{Op: "read", Err: io.ErrUnexpectedEOF},
	More:  30,
	Runs:  true,
	Steps: 12, Sample: 150, // each batch is a commit that waits for the disk
}

func TestStore(t *testing.T) { t.Parallel(); database.Store(t) }
func TestBook(t *testing.T)  { t.Parallel(); database.Book(t) }
func TestSQL(t *testing.T)   { database.Run(t) }

func BenchmarkApply(b *testing.B) { database.BenchmarkApply(b) }
func BenchmarkRead(b *testing.B)  { database.BenchmarkRead(b) }

// at is the place of a DSN.
func at(dsn string) func(testing.TB) string { return func(testing.TB) string { return dsn } }

// parameters makes places that set parameters, k=v each, on each connection,
// as a role or a database can have them as its defaults.
func parameters(list ...string) func(testing.TB) string {
	return func(t testing.TB) string { return with(schema(t), list...) }
}

// odd are parameters that change how values are written, read or compared.
var odd = []string{
	"default_transaction_isolation=serializable", "default_transaction_deferrable=on", "TimeZone=Pacific/Chatham", "DateStyle=SQL, DMY",
	"IntervalStyle=sql_standard", "bytea_output=escape", "standard_conforming_strings=off", "backslash_quote=off",
	"transform_null_equals=on", "array_nulls=off", "extra_float_digits=-15", "quote_all_identifiers=on", "client_encoding=LATIN1",
	"default_statistics_target=1", "work_mem=64kB",
	"synchronous_commit=off", "row_security=off", "xmloption=document",
}

// hostile is a database of its own, with a collation that folds letters and
// with odd parameters.
func hostile(t testing.TB) string {
	return with(collated("und-u-ks-level1-ka-shifted")(t), odd...)
}

// TestCatalog checks that a workspace is whole in one place of a distributed
// database: what Citus asks of a schema that is distributed by a column.
func TestCatalog(t *testing.T) {
	t.Parallel()
	dsn := schema(t)
	if st, err := Open(t.Context(), dsn); err != nil {
		t.Fatal(err)
	} else if err := st.Close(); err != nil {
		t.Fatal(err)
	}
	db := connect(t, dsn)
	defer db.Close()
	for what, query := range map[string]string{
		"tables that no statement distributes": "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')" +
			" AND NOT relname = ANY($1)",
		"unique indexes that do not begin with the workspace": "SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid" +
			" WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ANY($1) AND i.indisunique" +
			" AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'ws' AND a.attnum = i.indkey[0])",
		"other indexes that do not begin with the workspace": "SELECT i.indexrelid::regclass::text FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid" +
			" WHERE c.relnamespace = current_schema()::regnamespace AND c.relname = ANY($1)" +
			" AND NOT EXISTS (SELECT FROM pg_attribute a WHERE a.attrelid = c.oid AND a.attname = 'ws' AND a.attnum = i.indkey[0])",
		"tables without a primary key": "SELECT relname FROM pg_class c WHERE relnamespace = current_schema()::regnamespace AND relname = ANY($1)" +
			" AND NOT EXISTS (SELECT FROM pg_index i WHERE i.indrelid = c.oid AND i.indisprimary)",
		"foreign keys, checks and exclusions": "SELECT conname FROM pg_constraint WHERE connamespace = current_schema()::regnamespace" +
			" AND contype NOT IN ('p', 'u', 'n') AND ($1)::text[] IS NOT NULL",
		"triggers": "SELECT tgname FROM pg_trigger g JOIN pg_class c ON c.oid = g.tgrelid WHERE c.relnamespace = current_schema()::regnamespace AND ($1)::text[] IS NOT NULL",
		"rules and views": "SELECT rulename FROM pg_rewrite r JOIN pg_class c ON c.oid = r.ev_class" +
			" WHERE c.relnamespace = current_schema()::regnamespace AND ($1)::text[] IS NOT NULL",
		"defaults, as now()": "SELECT c.relname || '.' || a.attname FROM pg_attrdef d JOIN pg_class c ON c.oid = d.adrelid JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = d.adnum" +
			" WHERE c.relnamespace = current_schema()::regnamespace AND ($1)::text[] IS NOT NULL",
		"sequences": "SELECT relname FROM pg_class WHERE relnamespace = current_schema()::regnamespace AND relkind = 'S' AND ($1)::text[] IS NOT NULL",
		"workspaces of another type": "SELECT c.relname FROM pg_attribute a JOIN pg_class c ON c.oid = a.attrelid WHERE c.relnamespace = current_schema()::regnamespace" +
			" AND c.relname = ANY($1) AND a.attname = 'ws' AND c.relkind = 'r' AND a.atttypid <> 'text'::regtype",
	} {
		tables := distributed
		if strings.HasPrefix(what, "tables that no") {
			tables = append([]string{"extcontacts_schema"}, distributed...)
		}
		rows, err := db.Query(query, tables)
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				t.Fatal(err)
			}
			t.Errorf("%s: %s", what, name)
		}
		if err := rows.Err(); err != nil {
			t.Fatal(err)
		}
	}
	var missing int
	if err := db.QueryRow("SELECT count(*) FROM unnest($1::text[]) AS name WHERE to_regclass(name) IS NULL", distributed).Scan(&missing); err != nil || missing > 0 {
		t.Errorf("%d of the tables to distribute are not there: %v", missing, err)
	}
	if n := len(Citus()); n != len(distributed)+1 {
		t.Errorf("%d statements for Citus", n)
	}
}

// TestAnalyzed checks that the planner is told of a workspace that has become
// large, rather than left to guess until the server looks by itself.
func TestAnalyzed(t *testing.T) {
	t.Parallel()
	dsn := schema(t)
	st, err := Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if _, err := st.Apply(t.Context(), "w", sqlstoretest.Creation("act", 1, sqlstoretest.Made(rand.New(rand.NewPCG(1, 1)), 0, 2000))); err != nil {
		t.Fatal(err)
	}
	const known = "SELECT count(DISTINCT tablename) FROM pg_stats WHERE schemaname = current_schema() AND attname = 'ws'" +
		" AND tablename IN ('ec_contacts', 'ec_keys')"
	if n := database.Scalar(t, dsn, known); n != "2" {
		t.Errorf("the planner knows %s of 2 tables", n)
	}
}

// connect opens a plain pool of the place that a DSN leads to.
func connect(t testing.TB, dsn string) *sql.DB {
	t.Helper()
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	return db
}

// ExampleCitus prints what spreads the contact books over the nodes of a
// Citus cluster.
func ExampleCitus() {
	for _, s := range Citus()[:2] {
		fmt.Println(s)
	}
	// Output:
	// SELECT create_distributed_table('ec_head', 'ws')
	// SELECT create_distributed_table('ec_contacts', 'ws', colocate_with => 'ec_head')
}
