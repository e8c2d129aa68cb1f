package sqlstore

import (
	"context"
	"iter"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// LastActivities implements [store.RecencyReader]: one walk along the index of
// the timelines.
func (s *Store) LastActivities(ctx context.Context, workspace string) iter.Seq2[store.Recency, error] {
	return func(yield func(store.Recency, error) bool) {
		if err := store.CheckWorkspace(workspace); err != nil {
			yield(store.Recency{}, err)
			return
		}
		var all []store.Recency
		err := s.reading(ctx, "read last activities", func(ctx context.Context, c *session) error {
			all = nil
			return c.query(s.inner(ctx), "SELECT a.contact, a.last, c.state FROM (SELECT contact, MAX(at) AS last FROM ec_activities WHERE ws = ? GROUP BY contact) AS a"+
				" LEFT JOIN ec_contacts AS c ON c.ws = ? AND c.id = a.contact", []any{workspace, workspace}, func(scan func(...any) error) error {
				var id string
				var at int64
				var state *int64
				err := scan(&id, &at, &state)
				all = append(all, store.Recency{Contact: contacts.ID(id), At: fromMicros(at), Merged: state != nil && *state == int64(contacts.Merged)})
				return err
			})
		})
		if err != nil {
			yield(store.Recency{}, err)
			return
		}
		for _, r := range all {
			if !yield(r, nil) {
				return
			}
		}
	}
}
