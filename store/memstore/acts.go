package memstore

import (
	"cmp"
	"context"
	"slices"
	"sort"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// actTable holds the acts.
type actTable struct {
	byID  map[contacts.ID]*actRow
	order []*actRow // ascending Seq
}

// actRow is an act and where its batches stand in the log.
type actRow struct {
	act   contacts.Act
	parts []partEntry // in ascending order of part
}

type partEntry struct {
	part int
	seq  int64
}

func (r *actRow) find(part int) (i int, found bool) {
	return slices.BinarySearchFunc(r.parts, part, func(p partEntry, part int) int { return cmp.Compare(p.part, part) })
}

// applied returns the log entry of a batch that was applied before.
func (t *actTable) applied(act contacts.ID, part int) (seq int64, ok bool) {
	r := t.byID[act]
	if r == nil {
		return 0, false
	}
	i, ok := r.find(part)
	if !ok {
		return 0, false
	}
	return r.parts[i].seq, true
}

// put stores an act as a batch of it leaves it.
func (t *actTable) put(a *contacts.Act, part int, seq int64) {
	r := t.byID[a.ID]
	if r == nil {
		r = &actRow{}
		t.byID[a.ID] = r
		t.order = append(t.order, r)
	}
	r.act = *a
	i, _ := r.find(part)
	r.parts = slices.Insert(r.parts, i, partEntry{part, seq})
}

// entries returns the log entries of an act, ascending.
func (t *actTable) entries(id contacts.ID) []int64 {
	r := t.byID[id]
	if r == nil {
		return nil
	}
	out := make([]int64, len(r.parts))
	for i, p := range r.parts {
		out[i] = p.seq
	}
	slices.Sort(out)
	return out
}

// get is what store.UndoMarks asks.
func (t *actTable) get(id contacts.ID) (contacts.Act, bool, error) {
	if r := t.byID[id]; r != nil {
		return r.act, true, nil
	}
	return contacts.Act{}, false, nil
}

// Acts implements [store.Store].
func (s *Store) Acts(ctx context.Context, workspace string, q store.ActQuery) ([]contacts.Act, error) {
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
	sp.mu.RLock()
	defer sp.mu.RUnlock()
	var out []contacts.Act
	if len(q.IDs) > 0 {
		for _, id := range q.IDs {
			if r := sp.acts.byID[id]; r != nil {
				out = append(out, r.act)
			}
		}
		return out, nil
	}
	order := sp.acts.order
	end := len(order)
	if q.Before > 0 {
		end = sort.Search(end, func(i int) bool { return order[i].act.Seq >= q.Before })
	}
	for i := end - 1; i >= 0 && len(out) < cmp.Or(q.Limit, store.DefaultLimit); i-- {
		out = append(out, order[i].act)
	}
	return out, nil
}
