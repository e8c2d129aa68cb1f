package faultsql_test

import (
	"context"
	"database/sql/driver"
	"fmt"
	"io"
	"reflect"
	"sync"
)

// fake is a driver for one table of numbers. Statements are "insert N" and
// "select"; in a transaction they take effect at its commit. What happens is
// written to its log, so that two ways to reach it can be compared.
type fake struct {
	mu   sync.Mutex
	rows []int64
	log  []string
	open int
}

func (f *fake) note(format string, args ...any) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.log = append(f.log, fmt.Sprintf(format, args...))
}

// Open makes a connection with none of the optional interfaces.
func (f *fake) Open(string) (driver.Conn, error) {
	f.note("open")
	f.mu.Lock()
	defer f.mu.Unlock()
	f.open++
	return &fakeConn{f: f}, nil
}

type fakeConn struct {
	f       *fake
	inTx    bool
	pending []int64
}

func (c *fakeConn) Close() error {
	c.f.note("close")
	c.f.mu.Lock()
	defer c.f.mu.Unlock()
	c.f.open--
	return nil
}

func (c *fakeConn) Prepare(query string) (driver.Stmt, error) {
	c.f.note("prepare %s", query)
	return &fakeStmt{c, query}, nil
}

func (c *fakeConn) Begin() (driver.Tx, error) {
	c.f.note("begin")
	c.inTx = true
	return c, nil
}

func (c *fakeConn) Commit() error {
	c.f.note("commit")
	c.f.mu.Lock()
	defer c.f.mu.Unlock()
	c.f.rows = append(c.f.rows, c.pending...)
	c.inTx, c.pending = false, nil
	return nil
}

func (c *fakeConn) Rollback() error {
	c.f.note("rollback")
	c.inTx, c.pending = false, nil
	return nil
}

type fakeStmt struct {
	c     *fakeConn
	query string
}

func (s *fakeStmt) Close() error { s.c.f.note("close %s", s.query); return nil }

func (s *fakeStmt) NumInput() int {
	if s.query == "insert ?" {
		return 1
	}
	return 0
}

func (s *fakeStmt) Exec(args []driver.Value) (driver.Result, error) {
	s.c.f.note("exec %s %v", s.query, args)
	if len(args) == 1 {
		n, ok := args[0].(int64)
		if !ok {
			return nil, fmt.Errorf("%T is no number", args[0])
		}
		s.c.pending = append(s.c.pending, n)
		if !s.c.inTx {
			return driver.RowsAffected(1), s.c.Commit()
		}
	}
	return driver.RowsAffected(1), nil
}

func (s *fakeStmt) Query([]driver.Value) (driver.Rows, error) {
	s.c.f.note("query %s", s.query)
	s.c.f.mu.Lock()
	defer s.c.f.mu.Unlock()
	return &fakeRows{f: s.c.f, rows: append([]int64(nil), s.c.f.rows...)}, nil
}

type fakeRows struct {
	f    *fake
	rows []int64
}

func (r *fakeRows) Columns() []string { return []string{"n"} }
func (r *fakeRows) Close() error      { r.f.note("close rows"); return nil }
func (r *fakeRows) Next(dest []driver.Value) error {
	if len(r.rows) == 0 {
		return io.EOF
	}
	dest[0], r.rows = r.rows[0], r.rows[1:]
	return nil
}

// oldFake has what drivers of old times have besides.
type oldFake struct{ *fake }

func (f oldFake) Open(name string) (driver.Conn, error) {
	c, err := f.fake.Open(name)
	return oldConn{c.(*fakeConn)}, err
}

type oldConn struct{ *fakeConn }

func (c oldConn) Prepare(query string) (driver.Stmt, error) {
	s, err := c.fakeConn.Prepare(query)
	return oldStmt{s.(*fakeStmt)}, err
}

func (c oldConn) Exec(query string, args []driver.Value) (driver.Result, error) {
	return (&fakeStmt{c.fakeConn, query}).Exec(args)
}

func (c oldConn) Query(query string, args []driver.Value) (driver.Rows, error) {
	return (&fakeStmt{c.fakeConn, query}).Query(args)
}

type oldStmt struct{ *fakeStmt }

func (s oldStmt) ColumnConverter(int) driver.ValueConverter { return driver.Int32 }

// newFake has all there is.
type newFake struct{ *fake }

func (f newFake) OpenConnector(string) (driver.Connector, error) { return newConnector(f), nil }

type newConnector struct{ *fake }

func (c newConnector) Connect(context.Context) (driver.Conn, error) {
	own, err := c.Open("")
	return newConn{own.(*fakeConn)}, err
}
func (c newConnector) Driver() driver.Driver { return newFake(c) }
func (c newConnector) Close() error          { c.note("close connector"); return nil }

type newConn struct{ *fakeConn }

func (c newConn) Ping(context.Context) error         { c.f.note("ping"); return nil }
func (c newConn) ResetSession(context.Context) error { c.f.note("reset"); return nil }
func (c newConn) IsValid() bool                      { c.f.note("valid"); return true }
func (c newConn) CheckNamedValue(v *driver.NamedValue) error {
	c.f.note("check %v", v.Value)
	if n, ok := v.Value.(int); ok {
		v.Value = int64(n)
		return nil
	}
	return driver.ErrSkip
}
func (c newConn) BeginTx(_ context.Context, o driver.TxOptions) (driver.Tx, error) {
	c.f.note("begin %v", o)
	return c.Begin()
}
func (c newConn) PrepareContext(_ context.Context, query string) (driver.Stmt, error) {
	s, err := c.Prepare(query)
	return newStmt{s.(*fakeStmt)}, err
}
func (c newConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	return newStmt{&fakeStmt{c.fakeConn, query}}.ExecContext(ctx, args)
}
func (c newConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	return newStmt{&fakeStmt{c.fakeConn, query}}.QueryContext(ctx, args)
}

type newStmt struct{ *fakeStmt }

func (s newStmt) ExecContext(_ context.Context, args []driver.NamedValue) (driver.Result, error) {
	var values []driver.Value
	for _, a := range args {
		values = append(values, a.Value)
	}
	return s.Exec(values)
}
func (s newStmt) QueryContext(context.Context, []driver.NamedValue) (driver.Rows, error) {
	r, err := s.Query(nil)
	return &newRows{r.(*fakeRows), 1}, err
}

// newRows has two result sets, the second empty.
type newRows struct {
	*fakeRows
	more int
}

func (r *newRows) HasNextResultSet() bool { return r.more > 0 }
func (r *newRows) NextResultSet() error {
	if r.more == 0 {
		return io.EOF
	}
	r.more--
	return nil
}
func (r *newRows) ColumnTypeScanType(int) reflect.Type               { return reflect.TypeFor[int64]() }
func (r *newRows) ColumnTypeDatabaseTypeName(int) string             { return "INT" }
func (r *newRows) ColumnTypeLength(int) (int64, bool)                { return 8, true }
func (r *newRows) ColumnTypeNullable(int) (bool, bool)               { return true, true }
func (r *newRows) ColumnTypePrecisionScale(int) (int64, int64, bool) { return 1, 2, true }
