package faultsql

import (
	"context"
	"database/sql/driver"
	"errors"
)

// conn is a connection. database/sql uses it from one goroutine at a time.
type conn struct {
	own driver.Conn
	f   *Faults

	rows    map[*rows]bool // open ones, closed first when it is severed
	stmts   map[*stmt]bool
	severed bool
	closed  bool
}

var (
	_ driver.Conn               = (*conn)(nil)
	_ driver.ConnBeginTx        = (*conn)(nil)
	_ driver.ConnPrepareContext = (*conn)(nil)
	_ driver.ExecerContext      = fullConn{}
	_ driver.QueryerContext     = fullConn{}
	_ driver.NamedValueChecker  = (*conn)(nil)
	_ driver.Pinger             = (*conn)(nil)
	_ driver.SessionResetter    = (*conn)(nil)
	_ driver.Validator          = (*conn)(nil)
)

func (c *conn) sever() {
	if c.severed {
		return
	}
	c.severed = true
	for r := range c.rows {
		_ = r.own.Close()
	}
	for s := range c.stmts {
		_ = s.own.Close()
	}
	clear(c.rows)
	clear(c.stmts)
	c.shut()
}

func (c *conn) shut() error {
	if c.closed {
		return nil
	}
	c.closed = true
	return c.own.Close()
}

// Unwrap returns the driver's own connection.
func (c *conn) Unwrap() driver.Conn { return c.own }

// Raw runs f on the driver's own connection, as one call. query says what it
// is, as the text of a statement does.
func (c *conn) Raw(ctx context.Context, query string, f func(conn driver.Conn) error) error {
	return c.f.call(ctx, Call{Op: Raw, Query: query, conn: c}, func() error { return f(c.own) })
}

// Close counts only where the connection is still there.
func (c *conn) Close() error {
	if c.severed {
		return nil
	}
	err := c.f.call(context.Background(), Call{Op: CloseConn, conn: c}, c.shut)
	_ = c.shut() // whatever the fault was, nobody will ask again
	return err
}

func (c *conn) Ping(ctx context.Context) error {
	return c.f.call(ctx, Call{Op: Ping, conn: c}, func() error {
		if p, ok := c.own.(driver.Pinger); ok {
			return p.Ping(ctx)
		}
		return nil
	})
}

func (c *conn) ResetSession(ctx context.Context) error {
	return c.f.call(ctx, Call{Op: Reset, conn: c}, func() error {
		if r, ok := c.own.(driver.SessionResetter); ok {
			return r.ResetSession(ctx)
		}
		return nil
	})
}

func (c *conn) IsValid() bool {
	if c.severed {
		return false
	}
	v, ok := c.own.(driver.Validator)
	return !ok || v.IsValid()
}

func (c *conn) CheckNamedValue(v *driver.NamedValue) error {
	if n, ok := c.own.(driver.NamedValueChecker); ok {
		return n.CheckNamedValue(v)
	}
	return driver.ErrSkip
}

func (c *conn) Prepare(query string) (driver.Stmt, error) {
	return c.PrepareContext(context.Background(), query)
}

func (c *conn) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	var s *stmt
	err := c.f.call(ctx, Call{Op: Prepare, Query: query, conn: c}, func() error {
		var own driver.Stmt
		p, ok := c.own.(driver.ConnPrepareContext)
		var err error
		if ok {
			own, err = p.PrepareContext(ctx, query)
		} else {
			own, err = c.own.Prepare(query)
		}
		if err != nil {
			return err
		}
		s = &stmt{own: own, c: c, query: query}
		c.stmts[s] = true // from here on the connection closes it
		if !ok {
			err = ctx.Err()
		}
		return err
	})
	if err != nil || s == nil {
		if s != nil {
			_ = s.shut()
		}
		return nil, orBad(err)
	}
	if _, ok := s.own.(columnConverter); ok {
		return convertingStmt{s}, nil
	}
	return s, nil
}

// orBad is the error of a call that a fault made succeed without effect,
// where there is nothing to answer.
func orBad(err error) error {
	if err == nil {
		return driver.ErrBadConn
	}
	return err
}

// What drivers of old times have: driver.Execer and driver.Queryer, and the
// parts of driver.Conn and driver.Stmt that a context has replaced.
type (
	beginner interface {
		Begin() (driver.Tx, error)
	}
	stmtExecer interface {
		Exec(args []driver.Value) (driver.Result, error)
	}
	stmtQueryer interface {
		Query(args []driver.Value) (driver.Rows, error)
	}
	execer interface {
		Exec(query string, args []driver.Value) (driver.Result, error)
	}
	queryer interface {
		Query(query string, args []driver.Value) (driver.Rows, error)
	}
)

// Whether a connection runs statements without preparing them changes what
// database/sql does first, so that each of the four sorts has a type.
type (
	execConn  struct{ *conn }
	queryConn struct{ *conn }
	fullConn  struct{ *conn }
)

func (c execConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	return c.execDirect(ctx, query, args)
}

func (c queryConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	return c.queryDirect(ctx, query, args)
}

func (c fullConn) ExecContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	return c.execDirect(ctx, query, args)
}

func (c fullConn) QueryContext(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	return c.queryDirect(ctx, query, args)
}

// typed is the connection with what the driver's own can do.
func (c *conn) typed() driver.Conn {
	var execs, queries bool
	switch c.own.(type) {
	case driver.ExecerContext, execer:
		execs = true
	}
	switch c.own.(type) {
	case driver.QueryerContext, queryer:
		queries = true
	}
	switch {
	case execs && queries:
		return fullConn{c}
	case execs:
		return execConn{c}
	case queries:
		return queryConn{c}
	}
	return c
}

func (c *conn) execDirect(ctx context.Context, query string, args []driver.NamedValue) (driver.Result, error) {
	return c.exec(ctx, query, func() (driver.Result, error) {
		if own, ok := c.own.(driver.ExecerContext); ok {
			return own.ExecContext(ctx, query, args)
		}
		values, err := plain(ctx, args)
		if err != nil {
			return nil, err
		}
		return c.own.(execer).Exec(query, values)
	})
}

func (c *conn) queryDirect(ctx context.Context, query string, args []driver.NamedValue) (driver.Rows, error) {
	return c.query(ctx, query, func() (driver.Rows, error) {
		if own, ok := c.own.(driver.QueryerContext); ok {
			return own.QueryContext(ctx, query, args)
		}
		values, err := plain(ctx, args)
		if err != nil {
			return nil, err
		}
		return c.own.(queryer).Query(query, values)
	})
}

func (c *conn) exec(ctx context.Context, query string, run func() (driver.Result, error)) (driver.Result, error) {
	var res driver.Result
	err := c.f.call(ctx, Call{Op: opOf(Exec, query), Query: query, conn: c}, func() (err error) {
		res, err = run()
		return err
	})
	if err != nil {
		return nil, err
	}
	if res == nil {
		res = driver.ResultNoRows
	}
	return res, nil
}

func (c *conn) query(ctx context.Context, query string, run func() (driver.Rows, error)) (driver.Rows, error) {
	var r *rows
	err := c.f.call(ctx, Call{Op: opOf(Query, query), Query: query, conn: c}, func() error {
		own, err := run()
		if err == nil {
			r = &rows{own: own, c: c, ctx: ctx, query: query}
			c.rows[r] = true // from here on the connection closes it
		}
		return err
	})
	if err != nil || r == nil {
		if r != nil {
			_ = r.shut()
		}
		return nil, orBad(err)
	}
	return r, nil
}

// plain are the arguments of a call that knows no names and no context.
func plain(ctx context.Context, args []driver.NamedValue) ([]driver.Value, error) {
	out := make([]driver.Value, len(args))
	for i, a := range args {
		if a.Name != "" {
			return nil, errors.New("sql: driver does not support the use of Named Parameters")
		}
		out[i] = a.Value
	}
	return out, ctx.Err()
}

func (c *conn) Begin() (driver.Tx, error) {
	return c.BeginTx(context.Background(), driver.TxOptions{})
}

func (c *conn) BeginTx(ctx context.Context, o driver.TxOptions) (driver.Tx, error) {
	var own driver.Tx
	err := c.f.call(ctx, Call{Op: Begin, conn: c}, func() (err error) {
		if b, ok := c.own.(driver.ConnBeginTx); ok {
			own, err = b.BeginTx(ctx, o)
			return err
		}
		switch {
		case o.Isolation != 0:
			return errors.New("sql: driver does not support non-default isolation level")
		case o.ReadOnly:
			return errors.New("sql: driver does not support read-only transactions")
		}
		own, err = c.own.(beginner).Begin()
		if err == nil && ctx.Err() != nil {
			_ = own.Rollback()
			return ctx.Err()
		}
		return err
	})
	if err != nil || own == nil {
		if own != nil && !c.severed {
			_ = own.Rollback()
		}
		return nil, orBad(err)
	}
	return tx{own, c, ctx}, nil
}

type tx struct {
	own driver.Tx
	c   *conn
	ctx context.Context // of the transaction, as database/sql binds them
}

func (t tx) Commit() error {
	return t.c.f.call(t.ctx, Call{Op: Commit, conn: t.c}, t.own.Commit)
}

func (t tx) Rollback() error {
	return t.c.f.call(t.ctx, Call{Op: Rollback, conn: t.c}, t.own.Rollback)
}
