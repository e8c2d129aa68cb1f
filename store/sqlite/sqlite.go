// Package sqlite keeps a contact book in one SQLite file. The engine is pure
// Go: no cgo, nothing to install.
//
//	st, err := sqlite.Open(ctx, "contacts.db")
//	if err != nil { … }
//	defer st.Close()
//
// The file is in WAL mode, so that readers and the one writer do not wait for
// each other; beside it stand FILE-wal and FILE-shm while it is open. Any
// number of goroutines and processes of one machine may use it at once. It
// must not lie on a network file system. A new file is readable by its owner
// alone, where the system knows such.
//
// What Apply has acknowledged survives the death of the process and, with
// [SyncFull], of the machine.
//
// # Errors
//
// A file that is no database, or no contact book, or one of a newer version
// is refused before anything is written, with an error that wraps
// [store.ErrSchema]. Errors of the file system wrap those of package fs. For
// all else see [store.Store].
package sqlite

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/sqlstore"
)

// Memory is the path of a contact book that lives in memory and is gone when
// it is closed.
const Memory = ":memory:"

// Sync says what a commit waits for.
type Sync int

const (
	// SyncFull waits until the data is on the disk: a commit survives a loss
	// of power. It is the default.
	SyncFull Sync = iota
	// SyncNormal lets the system write later: a loss of power may take the
	// last commits, though it never harms the file.
	SyncNormal
)

// Options are the settings of a file; the zero value will do.
type Options struct {
	// Sync says what a commit waits for.
	Sync Sync
	// BusyTimeout is how long a write waits for that of another process before
	// it is tried anew; zero means 5 s.
	BusyTimeout time.Duration
	// CacheBytes is the page cache of the writing connection, each reading one
	// has a quarter of it; zero means 16 MiB.
	CacheBytes int64
	// Readers is the number of connections that read at once; zero means 4.
	Readers int
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

// Open opens the contact book in the file path, or creates it where there is
// none or the file is empty. path is a file name, never a URI; [Memory] keeps
// everything in memory. The schema is brought up to date. At most one Options
// counts, the last.
func Open(ctx context.Context, path string, options ...Options) (*sqlstore.Store, error) {
	var o Options
	if len(options) > 0 {
		o = options[len(options)-1]
	}
	st, err := o.open(ctx, path)
	if err != nil {
		return nil, describe(path, err)
	}
	return st, nil
}

func (o Options) open(ctx context.Context, path string) (*sqlstore.Store, error) {
	if o.BusyTimeout <= 0 {
		o.BusyTimeout = 5 * time.Second
	}
	if o.CacheBytes <= 0 {
		o.CacheBytes = 16 << 20
	}
	if o.Readers <= 0 {
		o.Readers = 4
	}
	d := dialect()
	if path == Memory {
		db, err := o.database(Memory, o.CacheBytes, 1)
		if err != nil {
			return nil, err
		}
		if err := sqlstore.Migrate(ctx, db, d); err != nil {
			return nil, errors.Join(err, db.Close())
		}
		return settled(ctx, sqlstore.New(db, d, sqlstore.Options{Text: o.Text, TextTail: o.TextTail, TextCache: o.TextCache}))
	}
	name, err := fileName(path)
	if err != nil {
		return nil, err
	}
	if err := o.inspect(ctx, path, name, d); err != nil {
		return nil, err
	}
	db, err := o.database(name, o.CacheBytes, 1, "journal_mode(WAL)")
	if err != nil {
		return nil, err
	}
	if err := sqlstore.Migrate(ctx, db, d); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	d.Room = room(o.CacheBytes / 4)
	readers, err := o.database(name, o.CacheBytes/4, o.Readers, "query_only(1)")
	if err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return settled(ctx, sqlstore.New(db, d, sqlstore.Options{Readers: readers, ReaderConns: o.Readers,
		Text: o.Text, TextTail: o.TextTail, TextCache: o.TextCache}))
}

// settled is the store when its text indexes are as the options say.
func settled(ctx context.Context, st *sqlstore.Store) (*sqlstore.Store, error) {
	if err := st.SettleText(ctx); err != nil {
		return nil, errors.Join(err, st.Close())
	}
	return st, nil
}

// minSize is the size of the smallest SQLite database that is not empty.
const minSize = 512

// fileName checks a path and returns it as SQLite's URI.
func fileName(path string) (string, error) {
	if path == "" {
		return "", fmt.Errorf("no file named: %w", store.ErrInvalid)
	}
	switch info, err := os.Stat(path); {
	case errors.Is(err, fs.ErrNotExist):
		if dir, err := os.Stat(filepath.Dir(path)); err != nil {
			return "", err
		} else if !dir.IsDir() {
			return "", fmt.Errorf("%s is no directory: %w", filepath.Dir(path), fs.ErrNotExist)
		}
	case err != nil:
		return "", err
	case info.IsDir():
		return "", fmt.Errorf("it is a directory: %w", store.ErrInvalid)
	case !info.Mode().IsRegular():
		return "", fmt.Errorf("it is no regular file: %w", store.ErrInvalid)
	case info.Size() > 0 && info.Size() < minSize: // SQLite would write over it
		return "", fmt.Errorf("it is no SQLite database: %w", store.ErrSchema)
	}
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	abs = filepath.ToSlash(abs)
	if abs[0] != '/' { // a drive letter
		abs = "/" + abs
	}
	return (&url.URL{Scheme: "file", Path: abs}).String(), nil
}

// inspect looks at the file without writing to it. It does not open the file
// itself: on many systems the closing of a file takes away the locks that
// another connection of the process has on it.
func (o Options) inspect(ctx context.Context, path, name string, d sqlstore.Dialect) error {
	_, err := os.Stat(path)
	created := errors.Is(err, fs.ErrNotExist)
	db, err := o.database(name, 1<<20, 1)
	if err != nil {
		return err
	}
	_, err = sqlstore.Version(ctx, db, d)
	if err == nil {
		err = encoded(ctx, db)
	}
	if err == nil && created {
		err = os.Chmod(path, 0o600)
	}
	return errors.Join(err, db.Close())
}

// encoded checks that texts are compared by the bytes of their UTF-8: a file
// that was made for UTF-16 orders them otherwise.
func encoded(ctx context.Context, db *sql.DB) error {
	var encoding string
	if err := db.QueryRowContext(ctx, "PRAGMA encoding").Scan(&encoding); err != nil {
		return err
	}
	if encoding != "UTF-8" {
		return fmt.Errorf("the file has the encoding %s and must have UTF-8: %w", encoding, store.ErrSchema)
	}
	return nil
}

// room gives a connection its share of the page cache back. The engine is built
// so that all connections of a process have one: who needs a page takes the
// oldest of anybody, and who has less than his share when all of it is taken
// keeps none. After an import the writing connection has everything. To lower
// the size takes the oldest pages from whoever has them.
func room(cache int64) string { return "PRAGMA cache_size=1; PRAGMA cache_size=" + pages(cache) }

// pages is a size of the page cache as SQLite takes it.
func pages(cache int64) string { return "-" + strconv.FormatInt(cache>>10, 10) }

// database returns a pool of connections with these settings.
func (o Options) database(name string, cache int64, conns int, pragmas ...string) (*sql.DB, error) {
	q := url.Values{}
	q.Add("_pragma", "busy_timeout("+strconv.FormatInt(max(1, o.BusyTimeout.Milliseconds()), 10)+")")
	q.Add("_pragma", "cache_size("+pages(cache)+")")
	q.Add("_pragma", "wal_autocheckpoint(4000)")
	q.Add("_pragma", "trusted_schema(0)")
	q.Add("_pragma", "secure_delete(1)") // what was erased is overwritten
	if o.Sync == SyncNormal {
		q.Add("_pragma", "synchronous(NORMAL)")
	} else {
		q.Add("_pragma", "synchronous(FULL)")
	}
	for _, p := range pragmas {
		q.Add("_pragma", p)
	}
	connector, err := newConnector(name + "?" + q.Encode())
	if err != nil {
		return nil, err
	}
	if o.Wrap != nil {
		connector = o.Wrap(connector)
	}
	db := sql.OpenDB(connector)
	db.SetMaxOpenConns(conns)
	db.SetMaxIdleConns(conns)
	return db, nil
}
