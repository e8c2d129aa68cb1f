package main

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"time"

	_ "github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib"
	_ "modernc.org/sqlite"

	"github.com/extcontacts/extcontacts/store/mysql"
	"github.com/extcontacts/extcontacts/store/postgres"
	"github.com/extcontacts/extcontacts/store/sqlite"
	"github.com/extcontacts/extcontacts/store/sqlstore"
)

// place is a database of our own on an engine, and a pool of the driver that
// the store uses, for what is written by hand.
type place struct {
	engine string
	url    string // as contactbook takes it
	db     *sql.DB
	open   func(context.Context) (*sqlstore.Store, error)
	param  string // the first parameter of a statement
	drop   func() error
}

// server is an engine beyond a network.
type server struct {
	engine, driver, variable, usual string
}

// servers are looked for where the tests of the stores look for them.
var servers = []server{
	{"PostgreSQL", "pgx", "EXTCONTACTS_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres?sslmode=disable"},
	{"MariaDB", "mysql", "EXTCONTACTS_MYSQL", "mysql://root@127.0.0.1:3306/mysql"},
}

// address is the URL of a server, for a database of the name given.
func (s server) address(database string) (*url.URL, error) {
	text := os.Getenv(s.variable)
	if text == "" {
		text = s.usual
	}
	u, err := url.Parse(text)
	if err == nil && database != "" {
		u.Path = "/" + database
	}
	return u, err
}

// connect opens a pool of the driver on a URL.
func (s server) connect(u *url.URL) (*sql.DB, error) {
	if s.driver == "pgx" {
		return sql.Open(s.driver, u.String())
	}
	return sql.Open(s.driver, fmt.Sprintf("%s@tcp(%s)%s", u.User, u.Host, u.Path))
}

// place makes a database; it is nil where no server answers.
func (s server) place(ctx context.Context, name string) (*place, error) {
	root, err := s.address("")
	if err != nil {
		return nil, err
	}
	admin, err := s.connect(root)
	if err != nil {
		return nil, err
	}
	look, cancel := context.WithTimeout(ctx, 5*time.Second)
	defer cancel()
	if admin.PingContext(look) != nil {
		return nil, admin.Close()
	}
	name = "extcontacts_bench_" + name
	for _, query := range []string{"DROP DATABASE IF EXISTS " + name, "CREATE DATABASE " + name} {
		if _, err := admin.ExecContext(ctx, query); err != nil {
			return nil, errors.Join(err, admin.Close())
		}
	}
	u, err := s.address(name)
	if err != nil {
		return nil, errors.Join(err, admin.Close())
	}
	p := &place{engine: s.engine, url: u.String(), param: "?"}
	if p.db, err = s.connect(u); err != nil {
		return nil, errors.Join(err, admin.Close())
	}
	p.open = func(ctx context.Context) (*sqlstore.Store, error) { return mysql.Open(ctx, p.url) }
	if s.driver == "pgx" {
		p.param = "$1"
		p.open = func(ctx context.Context) (*sqlstore.Store, error) { return postgres.Open(ctx, p.url) }
	}
	p.drop = func() error {
		err := p.db.Close()
		_, e := admin.ExecContext(ctx, "DROP DATABASE "+name)
		return errors.Join(err, e, admin.Close())
	}
	return p, nil
}

// filePlace is a new SQLite file.
func filePlace(dir, name string) (*place, error) {
	file := filepath.Join(dir, name+".db")
	if err := fresh(file); err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", "file:"+filepath.ToSlash(file)+"?_pragma=busy_timeout(5000)")
	if err != nil {
		return nil, err
	}
	return &place{engine: "SQLite", url: file, db: db, param: "?", drop: db.Close,
		open: func(ctx context.Context) (*sqlstore.Store, error) { return sqlite.Open(ctx, file) }}, nil
}

// eachPlace works on a database of every engine there is, or of the one that
// BENCH_ENGINE names.
func (e *env) eachPlace(ctx context.Context, name string, file bool, work func(*place) error) error {
	only := os.Getenv("BENCH_ENGINE")
	do := func(p *place, err error) error {
		if err != nil || p == nil {
			return err
		}
		if only != "" && only != p.engine {
			return p.drop()
		}
		if err := errors.Join(work(p), p.drop()); err != nil {
			return fmt.Errorf("%s: %w", p.engine, err)
		}
		return nil
	}
	if file {
		if err := do(filePlace(e.dir, name)); err != nil {
			return err
		}
	}
	for _, s := range servers {
		p, err := s.place(ctx, name)
		if p == nil && err == nil {
			e.printf("  no %s answers; %s names one\n", s.engine, s.variable)
		}
		if err := do(p, err); err != nil {
			return err
		}
	}
	return nil
}
