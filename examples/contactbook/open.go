package main

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"strings"

	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/memstore"
	"github.com/extcontacts/extcontacts/store/mysql"
	"github.com/extcontacts/extcontacts/store/postgres"
	"github.com/extcontacts/extcontacts/store/sqlite"
)

// location reads --db and returns the file of the contact book, empty for one
// in memory or on a server.
func (a *app) location() (file string, err error) {
	scheme, rest, has := strings.Cut(a.db, ":")
	switch {
	case !has || len(scheme) == 1 || strings.ContainsAny(scheme, `/\.`): // a file name, perhaps with a drive letter
		return a.db, nil
	case scheme == "memory":
		if rest != "" {
			return "", usagef("memory: takes no name, not %s", quote(rest))
		}
		return "", nil
	case scheme == "sqlite":
		if rest == "" {
			return "", usagef("--db sqlite: needs a file name behind the colon")
		}
		return rest, nil
	case servers[scheme] != nil:
		if !strings.HasPrefix(rest, "//") {
			return "", usagef("--db %s: needs a URL, %s://user:password@host:port/database", scheme, scheme)
		}
		return "", nil
	}
	return "", usagef("--db %s: unknown kind of store %s; use a file name, sqlite:FILE, memory:, postgres://… or mysql://…", quote(a.db), quote(scheme))
}

func isMissing(file string) bool {
	_, err := os.Stat(file)
	return errors.Is(err, fs.ErrNotExist)
}

// servers opens the stores that are on a server, by the scheme of the URL.
var servers = map[string]func(ctx context.Context, url string) (store.Store, error){
	"postgres": onPostgres, "postgresql": onPostgres,
	"mysql": onMySQL, "mariadb": onMySQL,
}

func onPostgres(ctx context.Context, url string) (store.Store, error) { return postgres.Open(ctx, url) }

func onMySQL(ctx context.Context, url string) (store.Store, error) { return mysql.Open(ctx, url) }

// open opens the store: the file, or where there is none the server's, or one
// in memory.
func (a *app) open(ctx context.Context, file string) (store.Store, error) {
	if file == "" {
		scheme, _, _ := strings.Cut(a.db, ":")
		if server := servers[scheme]; server != nil && a.db != scheme {
			st, err := server(ctx, a.db)
			switch {
			case err == nil:
				return st, nil
			case errors.Is(err, context.Canceled):
				return nil, err
			case errors.Is(err, store.ErrInvalid): // the text may hold a password
				return nil, usagef("--db %s://…: the URL cannot be right", scheme)
			}
			why := strings.TrimSuffix(err.Error(), ": "+store.ErrSchema.Error())
			return nil, failf("the contact book cannot be opened: %s", plain(why))
		}
		return memoryStore(), nil
	}
	if info, err := os.Stat(file); err == nil && info.IsDir() {
		return nil, failf("the contact book %s is a directory", quote(file))
	}
	st, err := sqlite.Open(ctx, file)
	if err != nil {
		return nil, &openError{file, err}
	}
	return st, nil
}

func memoryStore() store.Store { return memstore.New() }

// openError is a contact book that cannot be opened.
type openError struct {
	file string
	err  error
}

func (e *openError) Error() string {
	why := strings.TrimPrefix(sentence(e.err), plain(e.file)+": ")
	return "the contact book " + quote(e.file) + " cannot be opened: " + why
}

func (e *openError) Unwrap() error { return e.err }
