package memstore

import (
	"context"
	"iter"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// LastActivities implements [store.RecencyReader].
func (s *Store) LastActivities(ctx context.Context, workspace string) iter.Seq2[store.Recency, error] {
	return func(yield func(store.Recency, error) bool) {
		sp, err := s.begin(ctx, workspace)
		if err != nil {
			yield(store.Recency{}, err)
			return
		}
		if sp == nil {
			return
		}
		var all []store.Recency
		var ids []contacts.ID
		head := sp.epoch.pin()
		for id := range sp.timeline.of.Range {
			id := id.(contacts.ID)
			if list := sp.timeline.list(id, head); len(list) > 0 {
				all = append(all, store.Recency{Contact: id, At: list[len(list)-1].At})
				ids = append(ids, id)
			}
		}
		sp.epoch.unpin()
		cs, err := s.Contacts(ctx, workspace, ids...)
		if err != nil {
			yield(store.Recency{}, err)
			return
		}
		for i, r := range all {
			r.Merged = cs[i] != nil && cs[i].State == contacts.Merged
			if !yield(r, nil) {
				return
			}
		}
	}
}
