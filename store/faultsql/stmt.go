package faultsql

import (
	"context"
	"database/sql/driver"
)

// stmt is a prepared statement.
type stmt struct {
	own   driver.Stmt
	c     *conn
	query string
}

var (
	_ driver.StmtExecContext   = (*stmt)(nil)
	_ driver.StmtQueryContext  = (*stmt)(nil)
	_ driver.NamedValueChecker = (*stmt)(nil)
)

// columnConverter is driver.ColumnConverter, which old drivers have. Whether a
// statement has it changes how database/sql treats its arguments, so that
// such a statement has a type of its own.
type columnConverter interface {
	ColumnConverter(i int) driver.ValueConverter
}

type convertingStmt struct{ *stmt }

func (s convertingStmt) ColumnConverter(i int) driver.ValueConverter {
	return s.own.(columnConverter).ColumnConverter(i)
}

func (s *stmt) NumInput() int {
	if s.c.severed {
		return -1
	}
	return s.own.NumInput()
}

func (s *stmt) CheckNamedValue(v *driver.NamedValue) error {
	if n, ok := s.own.(driver.NamedValueChecker); ok {
		return n.CheckNamedValue(v)
	}
	return s.c.CheckNamedValue(v)
}

func (s *stmt) Close() error {
	if s.c.severed || !s.c.stmts[s] {
		return nil
	}
	err := s.c.f.call(context.Background(), Call{Op: CloseStmt, Query: s.query, conn: s.c}, s.shut)
	if !s.c.severed {
		_ = s.shut() // whatever the fault was, nobody will ask again
	}
	return err
}

func (s *stmt) shut() error {
	if !s.c.stmts[s] {
		return nil
	}
	delete(s.c.stmts, s)
	return s.own.Close()
}

func (s *stmt) Exec(args []driver.Value) (driver.Result, error) {
	return s.ExecContext(context.Background(), named(args))
}

func (s *stmt) ExecContext(ctx context.Context, args []driver.NamedValue) (driver.Result, error) {
	return s.c.exec(ctx, s.query, func() (driver.Result, error) {
		if own, ok := s.own.(driver.StmtExecContext); ok {
			return own.ExecContext(ctx, args)
		}
		values, err := plain(ctx, args)
		if err != nil {
			return nil, err
		}
		return s.own.(stmtExecer).Exec(values)
	})
}

func (s *stmt) Query(args []driver.Value) (driver.Rows, error) {
	return s.QueryContext(context.Background(), named(args))
}

func (s *stmt) QueryContext(ctx context.Context, args []driver.NamedValue) (driver.Rows, error) {
	return s.c.query(ctx, s.query, func() (driver.Rows, error) {
		if own, ok := s.own.(driver.StmtQueryContext); ok {
			return own.QueryContext(ctx, args)
		}
		values, err := plain(ctx, args)
		if err != nil {
			return nil, err
		}
		return s.own.(stmtQueryer).Query(values)
	})
}

func named(args []driver.Value) []driver.NamedValue {
	out := make([]driver.NamedValue, len(args))
	for i, a := range args {
		out[i] = driver.NamedValue{Ordinal: i + 1, Value: a}
	}
	return out
}
