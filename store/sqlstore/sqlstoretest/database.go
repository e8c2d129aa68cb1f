// Package sqlstoretest is what the tests of all SQL stores share: the suites
// of packages storetest and booktest, and beyond them what only a database can
// do wrong: migrations that are stopped, answers that are lost, settings of a
// server that change results, statements for each row of an answer. The tests
// of a database name its peculiarities in a [Database] and call [Database.Run];
// they hold nothing else but what is true of that database alone.
package sqlstoretest

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"testing"
	"time"

	"github.com/extcontacts/extcontacts/internal/booktest"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/sqlstore"
	"github.com/extcontacts/extcontacts/store/storetest"
)

// Database is an SQL database as its tests see it.
type Database struct {
	// Place makes an empty place for one store and returns the DSN that leads
	// there. It goes when the test ends. It skips the test where no server
	// answers.
	Place func(t testing.TB) string
	// Open opens a store.
	Open func(ctx context.Context, dsn string, o Options) (*sqlstore.Store, error)
	// Connect opens a plain pool, for statements that are not the store's.
	Connect func(t testing.TB, dsn string) *sql.DB
	// Migrations are the files of the schema.
	Migrations fs.FS
	// Shape is a query of one text that names all tables, columns and indexes.
	Shape string
	// Hostile makes places whose defaults differ from those of other servers
	// in what could change a result.
	Hostile map[string]func(t testing.TB) string
	// Refused are places that Open must refuse.
	Refused []Refusal
	// GivenUp are errors by which the engine says that a transaction may be
	// run again; Gone is one of a connection that is lost, nil for an engine
	// that has none.
	GivenUp func(t testing.TB) []error
	Gone    error
	// More is how many statements more an Apply may send for 256 contacts than
	// for one.
	More int
	// Runs says that large batches write their keys as runs.
	Runs bool
	// Local says that the engine runs in the process: it has no server that
	// might not answer, and a statement that waits is seen through.
	Local bool
	// Exclusive says that a place holds nothing but the store.
	Exclusive bool
	// Steps and Sample are those of [storetest.Harness].
	Steps, Sample int
}

// Options are what the tests ask of a store; the zero value will do.
type Options struct {
	Wrap func(driver.Connector) driver.Connector
	// Writers and Readers are connections at once; zero means the store's default.
	Writers, Readers int
	Grace            time.Duration // after the end of a caller's context
	Text             sqlstore.TextIndex
	TextTail         int
}

// Refusal is a place that Open must refuse.
type Refusal struct {
	Name string
	// Place prepares it and returns the DSN.
	Place func(t testing.TB) string
	// Want is what the error must be, nil for any; Text stands in it.
	Want error
	Text string
}

// Run runs all tests but those of [Database.Store] and [Database.Book].
func (d Database) Run(t *testing.T) {
	for _, test := range d.tests() {
		t.Run(test.name, test.run)
	}
}

// RunOne runs one of the tests of [Database.Run], by its name.
func (d Database) RunOne(t *testing.T, name string) {
	for _, test := range d.tests() {
		if test.name == name {
			test.run(t)
			return
		}
	}
	t.Fatalf("there is no test %q", name)
}

type test struct {
	name string
	run  func(t *testing.T)
}

func (d Database) tests() []test {
	return []test{
		{"Open", d.open}, {"Migrate", d.migrate}, {"Statements", d.statements}, {"Faults", d.faults}, {"B11 slow answers", d.slow},
		{"Hostile", d.hostile}, {"LargeBatch", d.largeBatch}, {"Runs", d.runs}, {"Copy", d.copies}, {"Writers", d.writers},
		{"Importing", d.importing}, {"Damage", d.damage}, {"BookFaults", d.bookFaults},
		{"Differential", d.differential},
	}
}

// opened is a store of the suite with its DSN, so that it can be reopened.
type opened struct {
	*sqlstore.Store // with its optional capabilities
	dsn             string
}

// Harness is that of the conformance suite, with stores in places of place.
func (d Database) Harness(place func(t testing.TB) string) storetest.Harness {
	return storetest.Harness{
		Steps: d.Steps,
		Open: func(t testing.TB) store.Store {
			dsn := place(t)
			return opened{d.must(t, dsn, Options{}), dsn}
		},
		Reopen: func(t testing.TB, s store.Store) store.Store {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			dsn := s.(opened).dsn
			return opened{d.must(t, dsn, Options{}), dsn}
		},
		Faulty: func(t testing.TB, wrap func(driver.Connector) driver.Connector) store.Store {
			return d.must(t, place(t), Options{Wrap: wrap})
		},
		Sample: d.Sample,
		Long:   Long(),
	}
}

// Store runs the conformance suite.
func (d Database) Store(t *testing.T) {
	h := d.Harness(d.Place)
	h.Transient = map[string]error{}
	for i, err := range d.GivenUp(t) {
		h.Transient[fmt.Sprint("given up ", i+1)] = err
	}
	h.Run(t)
}

// Book runs the tests of a whole book.
func (d Database) Book(t *testing.T) {
	booktest.Run(t, func(t *testing.T) store.Store { return d.must(t, d.Place(t), Options{}) })
	t.Run("Tampering", func(t *testing.T) {
		n := 100
		if Long() {
			n = 10_000
		}
		st := d.must(t, d.Place(t), Options{})
		defer st.Close()
		booktest.Tampering(t, st, n)
	})
}

// must opens a store.
func (d Database) must(t testing.TB, dsn string, o Options) *sqlstore.Store {
	t.Helper()
	s, err := d.Open(t.Context(), dsn, o)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// Script runs statements in the place that a DSN leads to.
func (d Database) Script(t testing.TB, dsn string, statements ...string) {
	t.Helper()
	db := d.Connect(t, dsn)
	defer db.Close()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// Scalar reads one text from the place that a DSN leads to.
func (d Database) Scalar(t testing.TB, dsn, query string) string {
	t.Helper()
	db := d.Connect(t, dsn)
	defer db.Close()
	var v sql.NullString
	if err := db.QueryRow(query).Scan(&v); err != nil && !errors.Is(err, sql.ErrNoRows) {
		t.Fatalf("%s: %v", query, err)
	}
	return v.String
}
