package sqlite

import (
	"context"
	"errors"
	"io/fs"

	sqlite3 "modernc.org/sqlite/lib"

	"github.com/extcontacts/extcontacts/store"
)

// openError says in one sentence why a file cannot be opened. It is reached
// through the errors it wraps.
type openError struct {
	path, why string
	causes    []error
}

func (e *openError) Error() string   { return "sqlite: " + e.path + ": " + e.why }
func (e *openError) Unwrap() []error { return e.causes }

// describe makes one sentence of what went wrong when path was opened. The
// engine's own text is in it: there is no personal data in it yet.
func describe(path string, err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	e := &openError{path: path, why: err.Error(), causes: []error{err}}
	var own *store.Error
	if errors.As(err, &own) {
		e.why = own.Err.Error()
	}
	switch code(err) & 0xff {
	case sqlite3.SQLITE_NOTADB:
		e.why, e.causes = "it is no SQLite database", append(e.causes, store.ErrSchema)
	case sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM:
		e.why, e.causes = "it cannot be written", append(e.causes, fs.ErrPermission)
	case sqlite3.SQLITE_CANTOPEN:
		e.why = "it cannot be opened or created"
	case sqlite3.SQLITE_CORRUPT:
		e.why = "the database is damaged"
	case sqlite3.SQLITE_FULL:
		e.why = "the disk is full"
	case sqlite3.SQLITE_BUSY:
		e.why = "another process keeps it locked"
	}
	var file *fs.PathError
	if errors.As(err, &file) && own == nil {
		e.why = file.Err.Error()
		if file.Path != path {
			e.why = file.Path + ": " + e.why
		}
	}
	return e
}
