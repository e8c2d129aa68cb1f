// Package postgres keeps contact books in a PostgreSQL database, version 12 or
// later.
//
//	st, err := postgres.Open(ctx, "postgres://app:secret@db.example.com:5432/crm?sslmode=verify-full")
//	if err != nil { … }
//	defer st.Close()
//
// Any number of processes may have the same database open. The tables are
// those of package sqlstore; they stand in the first schema of search_path,
// beside the host's own, and every statement leads with the workspace, so that
// they can be distributed by it.
//
// What the server or the role has as its defaults (isolation level, collation,
// time zone, planner settings) changes no result: what matters is set on each
// connection or named in each statement. A proxy between may pool sessions,
// not transactions, since statements are prepared.
//
// What Apply has acknowledged is as durable as the server's
// synchronous_commit makes it. What was erased is out of reach of every query
// at once; the bytes leave the data files when the server vacuums, and its
// write-ahead log and backups as these expire.
//
// # Errors
//
// A schema of a newer version, and one whose tables of the same names are
// somebody else's, is refused before anything is written, with an error that
// wraps [store.ErrSchema]; a DSN that cannot be right, with one that wraps
// [store.ErrInvalid]. No error's text holds the password. For all else see
// [store.Store].
package postgres

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/stdlib"

	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/sqlstore"
)

// Options are the settings of a store; the zero value will do.
type Options struct {
	// Writers is the number of connections that write at once; zero means 4.
	// Batches of one workspace wait for each other, those of different ones do
	// not.
	Writers int
	// Readers is the number of connections that read at once; zero means 4.
	Readers int
	// Retries is how often a transaction that the server gave up, or whose
	// connection was lost, is run again; zero means 10.
	Retries int
	// Grace is how long a COMMIT may go on after its caller's context ended,
	// and after that the question whether it took place, before the caller is
	// told that the context ended; zero means 5 seconds.
	Grace time.Duration
	// Text says what becomes of the index over the texts of contacts, see
	// [sqlstore.TextIndex].
	Text sqlstore.TextIndex
	// TextTail and TextCache are those of [sqlstore.Options].
	TextTail, TextCache int
	// Wrap, where it is not nil, puts something between the store and the
	// driver: [github.com/extcontacts/extcontacts/store/faultsql] for tests, or
	// what traces and measures statements.
	Wrap func(driver.Connector) driver.Connector
}

// settings are the parameters of a connection, where the DSN does not name
// them. Every statement of the store has an index to go by, but the planner
// may not know it yet: a table that was empty when it looked last, or a plan
// kept from then, must not make it walk through a hundred thousand rows.
//
// Connections that read may keep plans: planning the one
// statement by which somebody is found by phone takes longer than running it.
// A plan goes when the tables are analysed, as they are when a workspace grows.
var settings = map[string]string{
	"application_name": "extcontacts",
	"plan_cache_mode":  "force_custom_plan",
	"enable_seqscan":   "off",
	"enable_hashjoin":  "off",
	"enable_mergejoin": "off",
	"jit":              "off",
	"random_page_cost": "1.1",
}

// Open opens the contact books in a database and brings the schema up to date.
// dsn is a URL (postgres://user:password@host:port/database?…) or a list of
// keyword=value, as PostgreSQL's own programs take them; the environment
// (PGHOST, PGPASSWORD, …) fills in what it leaves out. Other parameters are
// set on each connection, such as search_path. At most one Options counts,
// the last.
func Open(ctx context.Context, dsn string, options ...Options) (*sqlstore.Store, error) {
	var o Options
	if len(options) > 0 {
		o = options[len(options)-1]
	}
	config, err := pgx.ParseConfig(dsn)
	if err != nil {
		return nil, sqlstore.DSNError("postgres", err)
	}
	st, err := o.open(ctx, config)
	if err != nil {
		return nil, describe(config, err)
	}
	return st, nil
}

func (o Options) open(ctx context.Context, config *pgx.ConnConfig) (*sqlstore.Store, error) {
	if o.Writers <= 0 {
		o.Writers = 4
	}
	if o.Readers <= 0 {
		o.Readers = 4
	}
	_, named := config.RuntimeParams["plan_cache_mode"]
	for k, v := range settings {
		if _, ok := config.RuntimeParams[k]; !ok {
			config.RuntimeParams[k] = v
		}
	}
	config.RuntimeParams["client_encoding"] = "UTF8"
	reading := config.Copy()
	if !named {
		reading.RuntimeParams["plan_cache_mode"] = "auto"
	}
	connector, readers := stdlib.GetConnector(*config), stdlib.GetConnector(*reading)
	if o.Wrap != nil {
		connector, readers = o.Wrap(connector), o.Wrap(readers)
	}
	d := dialect()
	db := sqlstore.Pool(connector, o.Writers)
	if err := encoded(ctx, db); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := sqlstore.Migrate(ctx, db, d); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	st := sqlstore.New(db, d, sqlstore.Options{
		Readers: sqlstore.Pool(readers, o.Readers), Conns: o.Writers, ReaderConns: o.Readers, Retries: o.Retries, Grace: o.Grace,
		Text: o.Text, TextTail: o.TextTail, TextCache: o.TextCache,
	})
	if err := st.SettleText(ctx); err != nil {
		return nil, errors.Join(err, st.Close())
	}
	return st, nil
}

// encoded checks that the database can keep every text: one that is not in
// UTF-8 cannot, or does not know what its bytes are.
func encoded(ctx context.Context, db *sql.DB) error {
	var encoding string
	if err := db.QueryRowContext(ctx, "SHOW server_encoding").Scan(&encoding); err != nil {
		return err
	}
	if encoding != "UTF8" {
		return fmt.Errorf("the database has the encoding %s and must have UTF8: %w", encoding, store.ErrSchema)
	}
	return nil
}

// describe says in one sentence why the database cannot be opened.
func describe(config *pgx.ConnConfig, err error) error {
	return sqlstore.OpenError("postgres: "+config.Database+" on "+config.Host, err)
}
