// Package memstore keeps contact books in memory: for tests, for tools that
// work on one file, and as the plainest reading of the contract of
// [store.Store]. Nothing is written to disk; what is in the store is gone with
// it.
//
// # Concurrency
//
// A [Store] is safe for any number of goroutines. Batches of one workspace are
// prepared (encoded, sealed, hashed) at the same time and take effect one
// after another. Reads wait for no batch: each sees what was there after the
// last one that was written when it began. Scans do so portion by portion, a
// [View] from its beginning to its end.
//
// # Memory
//
// Contacts are kept in their compact encoded form and decoded on each read, so
// that readers own what they get. The change log costs a created contact the
// part of its id that differs from the one created before, and a number. A
// benchmark reports the bytes a contact takes, everything included.
//
// # Security
//
// Personal data stands in the process's memory in plain form, as long as it is
// stored and until the garbage collector has reused the space. Identity keys
// are found by a digest under a random key of the process, so nobody can
// prepare keys that collide.
package memstore

import (
	"context"
	"crypto/rand"
	"sync"
	"sync/atomic"

	"github.com/extcontacts/extcontacts/store"
)

// Store is a [store.Store] in memory. Make one with [New].
type Store struct {
	seed   [32]byte // keys the digests of identity keys
	closed atomic.Bool

	watched atomic.Pointer[chan struct{}] // nil where nobody watches

	mu     sync.RWMutex // guards the map, not what is in it
	spaces map[string]*space
}

var _ store.Store = (*Store)(nil)

// New returns an empty store.
func New() *Store {
	s := &Store{spaces: make(map[string]*space)}
	rand.Read(s.seed[:]) // never fails, see crypto/rand
	return s
}

// Close makes every later call answer [store.ErrClosed] and lets go of the
// data. Reads that are under way may still finish.
func (s *Store) Close() error {
	s.closed.Store(true)
	defer s.wake()
	s.mu.Lock()
	defer s.mu.Unlock()
	s.spaces = nil
	return nil
}

// begin is what every method does first. The space is nil where the workspace
// has no data yet.
func (s *Store) begin(ctx context.Context, workspace string) (*space, error) {
	if s.closed.Load() {
		return nil, store.ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	if err := store.CheckWorkspace(workspace); err != nil {
		return nil, err
	}
	s.mu.RLock()
	defer s.mu.RUnlock()
	return s.spaces[workspace], nil
}

// create returns the space of a workspace, making it where there is none.
func (s *Store) create(workspace string) (*space, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.spaces == nil {
		return nil, store.ErrClosed
	}
	sp := s.spaces[workspace]
	if sp == nil {
		sp = newSpace(workspace)
		s.spaces[workspace] = sp
	}
	return sp, nil
}
