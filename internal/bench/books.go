package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/memstore"
	"github.com/extcontacts/extcontacts/store/sqlite"
)

// book is an open book in one of the stores.
type book struct {
	store   string
	session *extcontacts.Session
	close   func() error
}

func openMemory(ctx context.Context) (*book, error) {
	s, err := session(ctx, memstore.New())
	return &book{"memory", s, func() error { return nil }}, err
}

// openSQLite makes a new file; one of an earlier run is removed.
func openSQLite(ctx context.Context, file string) (*book, error) {
	if err := fresh(file); err != nil {
		return nil, err
	}
	st, err := sqlite.Open(ctx, file)
	if err != nil {
		return nil, err
	}
	s, err := session(ctx, st)
	return &book{"SQLite", s, st.Close}, err
}

// session opens a book of the store as somebody who may do everything.
func session(ctx context.Context, st store.Store) (*extcontacts.Session, error) {
	b, err := extcontacts.Open(ctx, st, extcontacts.Options{Workspace: "default"})
	if err != nil {
		return nil, err
	}
	return b.As(contacts.Actor{ID: "bench"}), nil
}

// fill imports a file and checks that every row of it was counted.
func (b *book) fill(ctx context.Context, r io.Reader, rows int, o extcontacts.ImportOptions) (*extcontacts.ImportReport, error) {
	rep, err := b.session.Import(ctx, r, o)
	if err != nil {
		return nil, err
	}
	if rep.Rows != rows || rep.Created == 0 {
		return nil, fmt.Errorf("%d of %d rows read, %d contacts created", rep.Rows, rows, rep.Created)
	}
	return rep, nil
}

// apart makes a contact of each row: a row matches only by its name, to which
// nobody answers who has an identifier. Usually rows of one person become one
// contact.
var apart = extcontacts.ImportOptions{Match: []contacts.KeyKind{contacts.NameKey}}

// eachBook imports the file into memory and into SQLite and runs the work on
// the two books, one after the other.
func eachBook(e *env, data []byte, o extcontacts.ImportOptions, work func(context.Context, *book) error) error {
	ctx := context.Background()
	one := func(b *book, err error) error {
		if err != nil {
			return err
		}
		if _, err = b.fill(ctx, bytes.NewReader(data), e.rows, o); err == nil {
			err = work(ctx, b)
		}
		if err = errors.Join(err, b.close()); err != nil {
			return fmt.Errorf("%s: %w", b.store, err)
		}
		return nil
	}
	if err := one(openMemory(ctx)); err != nil {
		return err
	}
	return one(openSQLite(ctx, filepath.Join(e.dir, "each.db")))
}
