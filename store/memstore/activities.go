package memstore

import (
	"cmp"
	"context"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// timeline holds the activities. What a pointer points at is never altered:
// a new version is a new value.
type timeline struct {
	byID map[contacts.ID]*contacts.Activity
	of   map[contacts.ID][]*contacts.Activity // by contact, ascending (At, ID)
}

// compare is the order of activities.
func compare(a, b *contacts.Activity) int {
	return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
}

func (t *timeline) put(a *contacts.Activity) {
	if old := t.byID[a.ID]; old != nil {
		list := t.of[old.Contact]
		if i, found := slices.BinarySearchFunc(list, old, compare); found {
			t.of[old.Contact] = slices.Delete(list, i, i+1)
		}
	}
	t.byID[a.ID] = a
	list := t.of[a.Contact]
	i, _ := slices.BinarySearchFunc(list, a, compare)
	t.of[a.Contact] = slices.Insert(list, i, a)
}

func cloneActivity(a *contacts.Activity) contacts.Activity {
	c := *a
	c.Agents = slices.Clone(a.Agents)
	if len(c.Agents) == 0 {
		c.Agents = nil
	}
	return c
}

// Activities implements [store.Store].
func (s *Store) Activities(ctx context.Context, workspace string, q store.ActivityQuery) ([]contacts.Activity, error) {
	sp, err := s.begin(ctx, workspace)
	if err != nil {
		return nil, err
	}
	if err := q.Check(); err != nil {
		return nil, err
	}
	if sp == nil {
		return nil, nil
	}
	found := sp.selectActivities(&q)
	out := make([]contacts.Activity, len(found))
	for i, a := range found {
		out[i] = cloneActivity(a)
	}
	return out, nil
}

func (sp *space) selectActivities(q *store.ActivityQuery) []*contacts.Activity {
	sp.mu.RLock()
	defer sp.mu.RUnlock()
	var out []*contacts.Activity
	if len(q.IDs) > 0 {
		for _, id := range q.IDs {
			if a := sp.timeline.byID[id]; a != nil {
				out = append(out, a)
			}
		}
		return out
	}
	limit := cmp.Or(q.Limit, store.DefaultLimit)
	bound := contacts.Activity{ID: q.BeforeID, At: q.BeforeAt}
	seen := make(map[contacts.ID]bool, len(q.Contacts))
	for _, id := range q.Contacts {
		if seen[id] {
			continue
		}
		seen[id] = true
		list := sp.timeline.of[id]
		if !q.BeforeAt.IsZero() {
			i, found := slices.BinarySearchFunc(list, &bound, compare)
			switch {
			case !q.Oldest:
				list = list[:i]
			case found:
				list = list[i+1:]
			default:
				list = list[i:]
			}
		}
		if q.Oldest {
			n := 0
			for _, a := range list {
				if n == limit {
					break
				}
				if wanted(q, a) {
					out = append(out, a)
					n++
				}
			}
			continue
		}
		for i, n := len(list)-1, 0; i >= 0 && n < limit; i-- {
			if wanted(q, list[i]) {
				out = append(out, list[i])
				n++
			}
		}
	}
	slices.SortFunc(out, func(a, b *contacts.Activity) int {
		if q.Oldest {
			return compare(a, b)
		}
		return compare(b, a)
	})
	return out[:min(limit, len(out))]
}

func wanted(q *store.ActivityQuery, a *contacts.Activity) bool {
	return (q.Ref == "" || a.Ref == q.Ref) && (len(q.Kinds) == 0 || slices.Contains(q.Kinds, a.Kind))
}
