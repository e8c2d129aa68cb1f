// Package mysql keeps contact books in a MariaDB or MySQL database: MariaDB
// 10.6 or MySQL 8.0, or later.
//
//	st, err := mysql.Open(ctx, "mysql://app:secret@db.example.com:3306/crm?tls=true")
//	if err != nil { … }
//	defer st.Close()
//
// Any number of processes may have the same database open. The tables are
// those of package sqlstore; they are InnoDB's and stand beside the host's
// own, and every statement leads with the workspace, so that they can be
// distributed by it.
//
// What the server has as its defaults (isolation level, SQL mode, collation,
// time zone) changes no result: texts are kept as bytes, and what matters is
// set on each connection. The server must not run with
// binlog_format=STATEMENT, which forbids READ COMMITTED.
//
// What Apply has acknowledged is as durable as the server's
// innodb_flush_log_at_trx_commit makes it. What was erased is out of reach of
// every query at once; the bytes leave the data files when the server purges
// and reuses the pages, and its logs and backups as these expire.
//
// A contact, a log entry or a record larger than the server's
// max_allowed_packet cannot be kept; Apply then fails and writes nothing. No
// number of contacts in a batch comes near it, since a batch is sent in
// pieces.
//
// # Errors
//
// A schema of a newer version, one whose tables of the same names are somebody
// else's, and that of a Spider head where tables are missing (see [Spider]) are
// refused before anything is written, with an error that wraps
// [store.ErrSchema]; a DSN that cannot be right, with one that wraps
// [store.ErrInvalid]. No error's text holds the password. For all else see
// [store.Store].
package mysql

import (
	"context"
	"database/sql/driver"
	"errors"
	"time"

	"github.com/go-sql-driver/mysql"

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

// Open opens the contact books in a database and brings the schema up to date.
// dsn is a URL, mysql://user:password@host:port/database?… or mariadb://…, or
// the form of the driver, user:password@tcp(host:port)/database?…. Its
// parameters are the driver's (tls, timeout, readTimeout, …) and, in a URL,
// socket; others are set on each connection. At most one Options counts, the
// last.
func Open(ctx context.Context, dsn string, options ...Options) (*sqlstore.Store, error) {
	var o Options
	if len(options) > 0 {
		o = options[len(options)-1]
	}
	config, err := parse(dsn)
	if err != nil {
		return nil, sqlstore.DSNError("mysql", err)
	}
	st, err := o.open(ctx, config)
	if err != nil {
		return nil, describe(config, err)
	}
	return st, nil
}

func (o Options) open(ctx context.Context, config *mysql.Config) (*sqlstore.Store, error) {
	if o.Writers <= 0 {
		o.Writers = 4
	}
	if o.Readers <= 0 {
		o.Readers = 4
	}
	connector, err := newConnector(config)
	if err != nil {
		return nil, err
	}
	if o.Wrap != nil {
		connector = o.Wrap(connector)
	}
	d := dialect()
	db := sqlstore.Pool(connector, o.Writers)
	if err := guard(ctx, db, &d); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := head(ctx, db, &d); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	if err := sqlstore.Migrate(ctx, db, d); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	st := sqlstore.New(db, d, sqlstore.Options{
		Readers: sqlstore.Pool(connector, o.Readers), Conns: o.Writers, ReaderConns: o.Readers, Retries: o.Retries, Grace: o.Grace,
		Text: o.Text, TextTail: o.TextTail, TextCache: o.TextCache,
	})
	if err := st.SettleText(ctx); err != nil {
		return nil, errors.Join(err, st.Close())
	}
	return st, nil
}

// describe says in one sentence why the database cannot be opened.
func describe(config *mysql.Config, err error) error {
	return sqlstore.OpenError("mysql: "+config.DBName+" on "+config.Addr, err)
}
