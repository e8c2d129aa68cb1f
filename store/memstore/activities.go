package memstore

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// timeline holds the activities. What a pointer points at is never altered:
// a new version is a new value.
type timeline struct {
	byID sync.Map // contacts.ID -> *cell[*contacts.Activity]
	of   sync.Map // contacts.ID -> *cell[[]*contacts.Activity], ascending (At, ID)
}

// cellOf is the cell of an id in a map, nil where there is none.
func cellOf[T any](m *sync.Map, id any) *cell[T] {
	c, _ := m.Load(id)
	found, _ := c.(*cell[T])
	return found
}

// makeCell is cellOf that makes the cell where there is none.
func makeCell[T any](m *sync.Map, id any) *cell[T] {
	if c := cellOf[T](m, id); c != nil {
		return c
	}
	c := &cell[T]{}
	m.Store(id, c)
	return c
}

// get returns an activity as it was after an entry, nil where there was none.
func (t *timeline) get(id contacts.ID, seq int64) *contacts.Activity {
	if c := cellOf[*contacts.Activity](&t.byID, id); c != nil {
		return c.at(seq)
	}
	return nil
}

// list returns the activities of a contact after an entry.
func (t *timeline) list(contact contacts.ID, seq int64) []*contacts.Activity {
	if c := cellOf[[]*contacts.Activity](&t.of, contact); c != nil {
		return c.at(seq)
	}
	return nil
}

// compare is the order of activities.
func compare(a, b *contacts.Activity) int {
	return cmp.Or(a.At.Compare(b.At), cmp.Compare(a.ID, b.ID))
}

func (t *timeline) put(a *contacts.Activity, seq int64, e *epoch) {
	one, of := makeCell[*contacts.Activity](&t.byID, a.ID), makeCell[[]*contacts.Activity](&t.of, a.Contact)
	all := of.now()
	if old := one.now(); old != nil {
		if i, found := slices.BinarySearchFunc(all, old, compare); found {
			all = slices.Concat(all[:i], all[i+1:])
		}
	}
	if i, _ := slices.BinarySearchFunc(all, a, compare); i < len(all) {
		all = slices.Concat(all[:i], []*contacts.Activity{a}, all[i:])
	} else {
		all = append(all, a) // behind what readers have
	}
	one.put(a, seq, e)
	of.put(all, seq, e)
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
	var found []*contacts.Activity
	sp.epoch.read(func(head int64) { found = sp.timeline.selectActivities(&q, head) })
	out := make([]contacts.Activity, len(found))
	for i, a := range found {
		out[i] = cloneActivity(a)
	}
	return out, nil
}

// selectActivities finds the activities of a query as they are at the head.
func (t *timeline) selectActivities(q *store.ActivityQuery, head int64) []*contacts.Activity {
	var out []*contacts.Activity
	if len(q.IDs) > 0 {
		for _, id := range q.IDs {
			if a := t.get(id, head); a != nil {
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
		list := t.list(id, head)
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
