package memstore

import (
	"context"

	"github.com/extcontacts/extcontacts/store"
)

var _ store.Rebuilder = (*Store)(nil)

// Rebuild implements [store.Rebuilder]: the identity keys are derived anew.
// The index of searches follows each batch and is derived from it alone.
func (s *Store) Rebuild(ctx context.Context, workspace string, keys store.KeysOf) error {
	sp, err := s.begin(ctx, workspace)
	if err != nil || sp == nil {
		return err
	}
	sp.apply.Lock() // from here on nobody writes
	defer sp.apply.Unlock()
	fresh := newKeyTable()
	for place, r := range sp.contacts.all {
		if err := ctx.Err(); err != nil {
			return err
		}
		c, err := decode(r.id, r.last.Load().value.data)
		if err != nil {
			return err
		}
		for _, k := range keys(c) {
			fresh.add(s.sum(k), place, 0, &sp.epoch)
		}
	}
	sp.keys.Store(fresh)
	return nil
}
