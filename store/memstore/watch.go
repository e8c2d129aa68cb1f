package memstore

import (
	"context"

	"github.com/extcontacts/extcontacts/store"
)

var _ store.Watcher = (*Store)(nil)

// Watch implements [store.Watcher]: it returns as soon as a batch of the
// workspace was written.
func (s *Store) Watch(ctx context.Context, workspace string, after int64) error {
	for {
		woken := s.waking() // before looking, so that nothing is missed
		sp, err := s.begin(ctx, workspace)
		if err != nil {
			return err
		}
		if sp != nil && sp.epoch.head.Load() > after {
			return nil
		}
		select {
		case <-woken:
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// waking returns a channel that is closed by the next batch of any workspace,
// or when the store is closed.
func (s *Store) waking() chan struct{} {
	for {
		if c := s.watched.Load(); c != nil {
			return *c
		}
		c := make(chan struct{})
		s.watched.CompareAndSwap(nil, &c)
	}
}

// wake wakes those who watch; it costs next to nothing where nobody does.
func (s *Store) wake() {
	if c := s.watched.Swap(nil); c != nil {
		close(*c)
	}
}
