package sqlstore

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"math/rand/v2"
	"sync"
	"time"

	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
)

// Options are the settings of a [Store]; the zero value will do.
type Options struct {
	// Readers is a second pool of connections to the same database, on which
	// everything but Apply runs. Nil means that all runs on the one.
	Readers *sql.DB
	// Conns and ReaderConns are the numbers of connections used at once;
	// zero means 1 and 4.
	Conns, ReaderConns int
	// Retries is how often a transaction that the engine gave up is run
	// again; zero means 10.
	Retries int
	// Grace is how long the end of a transaction, and the question how it
	// ended, may outlast the caller's context each; zero means 5 seconds. An
	// engine that is Local has no need of it.
	Grace time.Duration
	// Text says what becomes of the index over the texts of contacts.
	Text TextIndex
	// TextTail is the number of contacts that a search finds written since the
	// text index was from which on it writes them to it; zero means 8,192.
	TextTail int
	// TextCache is the bytes of the text indexes that are kept in memory; zero
	// means 32 MiB.
	TextCache int
	// OnClose, where it is not nil, runs once before the databases are closed.
	OnClose func() error
}

// Store is a [store.Store] on an SQL database. It is safe for use by many
// goroutines, and many processes may have the same database open.
type Store struct {
	d       Dialect
	write   *pool
	read    *pool
	retries int
	grace   time.Duration
	onClose func() error
	texts   *textIndexes // nil in a snapshot
	guesses []string     // by the number of keys less one, see guessSQL
	rooms   rooms

	mu     sync.RWMutex // held for reading by every operation
	closed bool
}

// New returns a store on a database that has the schema already; see
// [Migrate]. Closing the store closes the database. The pool db must allow
// o.Conns connections.
func New(db *sql.DB, d Dialect, o Options) *Store {
	conns, readers, retries := o.Conns, o.ReaderConns, o.Retries
	if conns <= 0 {
		conns = 1
	}
	if readers <= 0 {
		readers = 4
	}
	if retries <= 0 {
		retries = 10
	}
	d.Runs = min(d.Runs, maxRuns)
	s := &Store{d: d, retries: retries, grace: o.Grace, onClose: o.OnClose}
	s.texts = &textIndexes{mode: o.Text, tail: o.TextTail, open: map[string]*textIndex{}}
	if s.texts.tail <= 0 {
		s.texts.tail = textTail
	}
	if o.TextCache <= 0 {
		o.TextCache = textCache
	}
	s.texts.cache = search.NewBlockCache(o.TextCache)
	if s.grace <= 0 {
		s.grace = 5 * time.Second
	}
	if d.Holder != "" {
		for n := range guessKeys {
			s.guesses = append(s.guesses, guessSQL(&s.d, n+1))
		}
	}
	s.write = newPool(db, &s.d, conns)
	s.read = s.write
	if o.Readers != nil {
		s.read = newPool(o.Readers, &s.d, readers)
	}
	return s
}

// Close waits for the operations that are under way and releases the
// connections. Every later call answers [store.ErrClosed].
func (s *Store) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	s.closed = true
	var errs []error
	if s.read != s.write {
		errs = append(errs, s.read.close())
	}
	if s.onClose != nil {
		errs = append(errs, s.onClose())
	}
	errs = append(errs, s.write.close())
	if err := errors.Join(errs...); err != nil {
		return &store.Error{Op: "close", Err: err}
	}
	return nil
}

// enter begins an operation; leave must follow where it returns nil.
func (s *Store) enter(ctx context.Context) error {
	s.mu.RLock()
	if s.closed {
		s.mu.RUnlock()
		return store.ErrClosed
	}
	if err := ctx.Err(); err != nil {
		s.mu.RUnlock()
		return err
	}
	return nil
}

func (s *Store) leave() { s.mu.RUnlock() }

// reading runs f on a connection for reading and maps its error. Reads are
// run again where the engine asks for it or the connection was lost.
func (s *Store) reading(ctx context.Context, op string, f func(ctx context.Context, c *session) error) error {
	if err := s.enter(ctx); err != nil {
		return err
	}
	defer s.leave()
	for try := 0; ; try++ {
		c, err := s.read.get(ctx)
		if err == nil {
			if err = c.makeRoom(s.inner(ctx)); err == nil {
				err = f(ctx, c)
			}
			s.read.put(c, s.broken(err) || err != nil && !s.d.Local && ctx.Err() != nil)
		}
		if err == nil || try >= s.retries || !s.d.Retryable(err) && !s.broken(err) {
			return mapError(ctx, op, err)
		}
		if err := pause(ctx, try); err != nil {
			return err
		}
	}
}

// inner is the context for the statements of an operation that are short
// where the engine is local: watching a context costs more than they do.
func (s *Store) inner(ctx context.Context) context.Context {
	if s.d.Local {
		return context.WithoutCancel(ctx)
	}
	return ctx
}

func (s *Store) broken(err error) bool {
	return err != nil && (errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || s.d.Lost != nil && s.d.Lost(err))
}

// pause waits before the next try: 1 ms, doubled each time to 256 ms at most,
// and of that a random part, so that two writers part.
func pause(ctx context.Context, try int) error {
	d := time.Millisecond << min(try, 8)
	t := time.NewTimer(d/2 + rand.N(d))
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// mapError turns what a driver says into what a store says.
func mapError(ctx context.Context, op string, err error) error {
	if err == nil {
		return nil
	}
	var conflict *store.ConflictError
	var own *store.Error
	switch {
	case errors.As(err, &conflict), errors.As(err, &own),
		errors.Is(err, store.ErrInvalid), errors.Is(err, store.ErrNotFound), errors.Is(err, store.ErrSchema):
		return err
	case ctx.Err() != nil:
		return ctx.Err()
	}
	return &store.Error{Op: op, Err: err}
}
