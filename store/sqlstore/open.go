package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"strings"

	"github.com/extcontacts/extcontacts/store"
)

// Pool is a pool of at most size connections, all of which are kept.
func Pool(c driver.Connector, size int) *sql.DB {
	db := sql.OpenDB(c)
	db.SetMaxOpenConns(size)
	db.SetMaxIdleConns(size)
	return db
}

// openError says in one sentence why a database cannot be opened.
type openError struct {
	why   string
	cause error
}

func (e *openError) Error() string { return e.why }
func (e *openError) Unwrap() error { return e.cause }

// OpenError makes one sentence of why a database at place, such as
// "mysql: book on host:3306", cannot be opened; the end of a context stays as
// it is. The server's own text is in it: there is no personal data in it yet.
func OpenError(place string, err error) error {
	if errors.Is(err, context.Canceled) || errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	why := err
	var own *store.Error
	if errors.As(err, &own) {
		why = own.Err
	}
	return &openError{place + ": " + strings.Join(strings.Fields(why.Error()), " "), err}
}

// DSNError says that the DSN given to the store of a name, such as "mysql",
// cannot be right. It wraps [store.ErrInvalid] and tells nothing of the DSN,
// which may hold a password.
func DSNError(name string, err error) error {
	return &openError{name + ": the DSN cannot be right", errors.Join(store.ErrInvalid, err)}
}
