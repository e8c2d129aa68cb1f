package sqlstore

import (
	"context"
	"errors"

	"github.com/extcontacts/extcontacts/store"
)

var _ store.Snapshotter = (*Store)(nil)

// snapshot is a store that reads on one connection, inside one transaction.
type snapshot struct{ *Store }

// Snapshot implements [store.Snapshotter] by one transaction that reads, see
// [Dialect.BeginRead]. It takes a connection for reading until f returns.
func (s *Store) Snapshot(ctx context.Context, workspace string, f func(view store.Store) error) error {
	if err := store.CheckWorkspace(workspace); err != nil {
		return err
	}
	if len(s.d.BeginRead) == 0 || s.read == s.write && cap(s.read.sem) == 1 {
		return errors.ErrUnsupported // on one connection writers would wait for f
	}
	if err := s.enter(ctx); err != nil {
		return err
	}
	defer s.leave()
	c, err := s.beginRead(ctx, workspace)
	if err != nil {
		return mapError(ctx, "snapshot", err)
	}
	one := &pool{d: &s.d, sem: make(chan struct{}, 1), idle: []*session{c}}
	err = f(snapshot{&Store{d: s.d, write: one, read: one, guesses: s.guesses}})
	if len(one.idle) == 0 { // it broke, or f still holds it
		<-s.read.sem
		return err
	}
	end := c.control(context.WithoutCancel(ctx), "ROLLBACK") // nothing was written
	s.read.put(c, end != nil)
	return err
}

// beginRead begins the transaction. Its first query fixes the moment, on
// engines where the beginning does not.
func (s *Store) beginRead(ctx context.Context, workspace string) (*session, error) {
	for try := 0; ; try++ {
		c, err := s.read.get(ctx)
		if err == nil {
			for _, query := range s.d.BeginRead {
				if err = c.control(ctx, query); err != nil {
					break
				}
			}
			if err == nil {
				var id string
				_, err = c.one(ctx, "SELECT id FROM ec_contacts WHERE ws = ? ORDER BY id LIMIT 1", []any{workspace}, &id)
			}
			if err == nil {
				return c, nil
			}
			s.read.put(c, true)
		}
		if try >= s.retries || !s.d.Retryable(err) && !s.broken(err) {
			return nil, err
		}
		if err := pause(ctx, try); err != nil {
			return nil, err
		}
	}
}

// Snapshot of a snapshot is itself.
func (v snapshot) Snapshot(_ context.Context, _ string, f func(view store.Store) error) error {
	return f(v)
}

// Apply refuses: a snapshot is for reading.
func (v snapshot) Apply(context.Context, string, *store.Batch) (store.Result, error) {
	return store.Result{}, &store.Error{Op: "apply", Err: errors.New("a snapshot is for reading")}
}

// Close does nothing: the connection goes back when the snapshot ends.
func (v snapshot) Close() error { return nil }
