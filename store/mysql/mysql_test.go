package mysql

import (
	"context"
	"errors"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/go-sql-driver/mysql"

	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/sqlstore"
	"github.com/extcontacts/extcontacts/store/sqlstore/sqlstoretest"
)

var database = sqlstoretest.Database{
	Place: func(t testing.TB) string { return schema(t) },
	Open: func(ctx context.Context, dsn string, o sqlstoretest.Options) (*sqlstore.Store, error) {
		return Open(ctx, dsn, Options{Wrap: o.Wrap, Writers: o.Writers, Readers: o.Readers, Grace: o.Grace, Text: o.Text, TextTail: o.TextTail})
	},
	Connect:    connect,
	Migrations: Migrations(),
	Shape: "SELECT GROUP_CONCAT(line ORDER BY line SEPARATOR '\\n') FROM (" +
		"SELECT CONCAT_WS(' ', TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, COLLATION_NAME) AS line FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE()" +
		" UNION ALL SELECT CONCAT_WS(' ', TABLE_NAME, INDEX_NAME, SEQ_IN_INDEX, COLUMN_NAME, NON_UNIQUE) FROM information_schema.STATISTICS WHERE TABLE_SCHEMA = DATABASE()" +
		" UNION ALL SELECT CONCAT_WS(' ', TABLE_NAME, ENGINE, ROW_FORMAT) FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()) AS l",
	Hostile: map[string]func(t testing.TB) string{
		"everything":       parameters(odd...),
		"read uncommitted": parameters("tx_isolation='READ-UNCOMMITTED'"),
		"serializable":     parameters("tx_isolation='SERIALIZABLE'", "tx_read_only=1"),
		"chained":          parameters("completion_type='CHAIN'", "autocommit=0"),
		"released":         parameters("completion_type='RELEASE'"),
		"impatient":        parameters("innodb_lock_wait_timeout=1", "lock_wait_timeout=1"),
	},
	Refused: []sqlstoretest.Refusal{
		{Name: "no DSN", Place: at("mysql://user:s3cret@host:notaport/db"), Want: store.ErrInvalid, Text: "DSN"},
		{Name: "no form", Place: at("user:s3cret@host/db"), Want: store.ErrInvalid, Text: "DSN"},
		{Name: "no database", Place: at("mysql://user:s3cret@host:3306"), Want: store.ErrInvalid, Text: "DSN"},
		{Name: "no such parameter", Place: at("mysql://user:s3cret@host/db?timeout=soon"), Want: store.ErrInvalid, Text: "DSN"},
		{Name: "nobody there", Place: at("mysql://user:s3cret@127.0.0.1:1/db"), Text: "127.0.0.1"},
		{Name: "no such database", Text: "Unknown database", Place: func(t testing.TB) string {
			return strings.Replace(schema(t), "/extcontacts_", "/extcontacts_no_", 1)
		}},
	},
	GivenUp: func(testing.TB) []error {
		return []error{&mysql.MySQLError{Number: 1213, SQLState: [5]byte{'4', '0', '0', '0', '1'}}, &mysql.MySQLError{Number: 1205}}
	},
	Gone:  mysql.ErrInvalidConn,
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

// parameters makes places that set variables, k=v each, on each connection, as
// a server can have them as its defaults.
func parameters(list ...string) func(testing.TB) string {
	return func(t testing.TB) string { return schema(t, list...) }
}

// odd are variables that change how values are written, read, compared, cut
// or ordered.
var odd = []string{
	"sql_mode='ANSI_QUOTES,PAD_CHAR_TO_FULL_LENGTH,PIPES_AS_CONCAT,NO_BACKSLASH_ESCAPES,HIGH_NOT_PRECEDENCE,IGNORE_SPACE,REAL_AS_FLOAT'",
	"tx_isolation='SERIALIZABLE'", "time_zone='+05:45'", "sql_select_limit=3", "max_sort_length=8", "sql_safe_updates=1",
	"sql_auto_is_null=1", "sql_big_selects=0", "max_join_size=2", "unique_checks=0", "foreign_key_checks=0", "low_priority_updates=1",
	"group_concat_max_len=4", "lc_time_names='ja_JP'", "div_precision_increment=0", "default_storage_engine='MyISAM'",
	"character_set_results='latin1'", "collation_connection='latin1_german2_ci'", "innodb_strict_mode=0", "sql_notes=0",
	"sql_quote_show_create=0", "updatable_views_with_limit=0", "tmp_table_size=1024", "old_mode=''",
	"net_write_timeout=30", "wait_timeout=20",
}

// TestHugeContact checks that a value which is too large for the server
// leaves no trace.
func TestHugeContact(t *testing.T) {
	t.Parallel()
	dsn := schema(t)
	st, err := Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	var limit int
	if err := server(t).QueryRow("SELECT @@max_allowed_packet").Scan(&limit); err != nil {
		t.Fatal(err)
	}
	huge := sqlstoretest.Made(rand.New(rand.NewPCG(2, 2)), 1000, 2)
	huge[1].Address.Street = strings.Repeat("x", limit+1)
	var e *store.Error
	if _, err := st.Apply(t.Context(), "w", sqlstoretest.Creation("huge", 1, huge)); !errors.As(err, &e) {
		t.Errorf("a contact larger than a packet: %v", err)
	}
	if got, err := st.Contacts(t.Context(), "w", huge[0].ID); err != nil || got[0] != nil {
		t.Errorf("a refused batch left %v, %v", got, err)
	}
	sqlstoretest.Chained(t, st, "w", 0)
}
