package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"sync"
)

// session is a connection with the statements prepared on it. One goroutine
// uses it at a time.
type session struct {
	conn  *sql.Conn
	d     *Dialect
	stmts map[string]*sql.Stmt
	open  bool // a transaction may be open, since its beginning or end failed
	reads int  // operations since the last [Dialect.Room]
	// changed, more and bodies are what the nodes of keys are made ready in.
	changed, more []keyNode
	bodies        []byte
	// taken, list and sorted are the keys of runs on their way into the tree.
	taken        []byte
	list, sorted []keyEntry
}

// roomEvery is the number of operations from one [Dialect.Room] to the next.
const roomEvery = 1000

// makeRoom is called before each operation that reads.
func (s *session) makeRoom(ctx context.Context) error {
	if s.reads++; s.d.Room == "" || s.reads < roomEvery {
		return nil
	}
	s.reads = 0
	return s.exec(ctx, s.d.Room)
}

// maxStatements bounds the statements kept prepared on a connection.
const maxStatements = 256

func (s *session) prepare(ctx context.Context, query string) (*sql.Stmt, error) {
	if st := s.stmts[query]; st != nil {
		return st, nil
	}
	if len(s.stmts) >= maxStatements {
		for _, st := range s.stmts {
			st.Close()
		}
		clear(s.stmts)
	}
	st, err := s.conn.PrepareContext(ctx, s.d.rebind(query))
	if err != nil {
		return nil, err
	}
	s.stmts[query] = st
	return st, nil
}

// exec runs a statement and returns the number of rows it changed.
func (s *session) exec(ctx context.Context, query string, args ...any) error {
	st, err := s.prepare(ctx, query)
	if err != nil {
		return err
	}
	_, err = st.ExecContext(ctx, args...)
	return err
}

// control runs BEGIN, COMMIT or ROLLBACK. Engines beyond a network may be
// unable to prepare these.
func (s *session) control(ctx context.Context, query string) error {
	if s.d.Local {
		return s.exec(ctx, query)
	}
	_, err := s.conn.ExecContext(ctx, query)
	return err
}

// query runs a statement and calls row for each of its rows. It is the one
// place where rows are read: they are always closed and their error checked.
func (s *session) query(ctx context.Context, query string, args []any, row func(scan func(...any) error) error) (err error) {
	st, err := s.prepare(ctx, query)
	if err != nil {
		return err
	}
	rows, err := st.QueryContext(ctx, args...)
	if err != nil {
		return err
	}
	defer func() {
		if e := rows.Close(); err == nil {
			err = e
		}
	}()
	for rows.Next() {
		if err := row(rows.Scan); err != nil {
			return err
		}
	}
	return rows.Err()
}

// one reads the first row into dst and reports whether there is one.
func (s *session) one(ctx context.Context, query string, args []any, dst ...any) (found bool, err error) {
	err = s.query(ctx, query, args, func(scan func(...any) error) error {
		if found {
			return nil
		}
		found = true
		return scan(dst...)
	})
	return found, err
}

// pool hands out sessions, at most as many as sem has places.
type pool struct {
	db   *sql.DB
	d    *Dialect
	sem  chan struct{}
	mu   sync.Mutex
	idle []*session
}

func newPool(db *sql.DB, d *Dialect, size int) *pool {
	return &pool{db: db, d: d, sem: make(chan struct{}, size)}
}

func (p *pool) get(ctx context.Context) (*session, error) {
	select {
	case p.sem <- struct{}{}:
	default:
		select {
		case p.sem <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	p.mu.Lock()
	if n := len(p.idle); n > 0 {
		s := p.idle[n-1]
		p.idle = p.idle[:n-1]
		p.mu.Unlock()
		return s, nil
	}
	p.mu.Unlock()
	if p.db == nil { // the one connection of a snapshot is lost
		<-p.sem
		return nil, driver.ErrBadConn
	}
	conn, err := p.db.Conn(ctx)
	if err != nil {
		<-p.sem
		return nil, err
	}
	return &session{conn: conn, d: p.d, stmts: make(map[string]*sql.Stmt)}, nil
}

// put takes a session back; one that is broken is closed for good.
func (p *pool) put(s *session, broken bool) {
	if broken {
		_ = s.conn.Raw(func(any) error { return driver.ErrBadConn })
		s.close()
	} else {
		p.mu.Lock()
		p.idle = append(p.idle, s)
		p.mu.Unlock()
	}
	<-p.sem
}

func (s *session) close() error {
	for _, st := range s.stmts {
		st.Close()
	}
	if err := s.conn.Close(); !errors.Is(err, sql.ErrConnDone) {
		return err
	}
	return nil
}

// close gives the idle connections back and closes the database.
func (p *pool) close() error {
	p.mu.Lock()
	idle := p.idle
	p.idle = nil
	p.mu.Unlock()
	var errs []error
	for _, s := range idle {
		errs = append(errs, s.close())
	}
	return errors.Join(append(errs, p.db.Close())...)
}
