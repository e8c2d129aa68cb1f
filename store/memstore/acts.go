package memstore

import (
	"cmp"
	"context"
	"slices"
	"sort"
	"sync"
	"sync/atomic"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// actTable holds the acts.
type actTable struct {
	byID  sync.Map      // contacts.ID -> *actRow
	order list[*actRow] // ascending Seq
}

// actRow is an act and where its batches stand in the log.
type actRow struct {
	seq   int64 // that of the act
	act   cell[contacts.Act]
	parts atomic.Pointer[[]partEntry] // in ascending order of part
}

type partEntry struct {
	part int
	seq  int64
}

// row is that of an act, nil where there is none.
func (t *actTable) row(id contacts.ID) *actRow {
	r, _ := t.byID.Load(id)
	row, _ := r.(*actRow)
	return row
}

func (r *actRow) find(part int) (i int, found bool) {
	return slices.BinarySearchFunc(*r.parts.Load(), part, func(p partEntry, part int) int { return cmp.Compare(p.part, part) })
}

// applied returns the log entry of a batch that was applied before.
func (t *actTable) applied(act contacts.ID, part int) (seq int64, ok bool) {
	r := t.row(act)
	if r == nil {
		return 0, false
	}
	i, ok := r.find(part)
	if !ok {
		return 0, false
	}
	return (*r.parts.Load())[i].seq, true
}

// put stores an act as a batch of it leaves it.
func (t *actTable) put(a *contacts.Act, part int, seq int64, e *epoch) {
	p := partEntry{part, seq}
	r := t.row(a.ID)
	if r == nil {
		r = &actRow{seq: a.Seq}
		r.act.put(*a, seq, e)
		r.parts.Store(&[]partEntry{p})
		t.byID.Store(a.ID, r)
		t.order.push(r)
		return
	}
	r.act.put(*a, seq, e)
	parts := *r.parts.Load()
	if i, _ := r.find(part); i < len(parts) {
		parts = slices.Concat(parts[:i], []partEntry{p}, parts[i:])
	} else {
		parts = append(parts, p) // behind what readers have
	}
	r.parts.Store(&parts)
}

// entries returns the log entries of an act, ascending.
func (t *actTable) entries(id contacts.ID) []int64 {
	r := t.row(id)
	if r == nil {
		return nil
	}
	parts := *r.parts.Load()
	out := make([]int64, len(parts))
	for i, p := range parts {
		out[i] = p.seq
	}
	slices.Sort(out)
	return out
}

// get is what store.UndoMarks asks.
func (t *actTable) get(id contacts.ID) (contacts.Act, bool, error) {
	if r := t.row(id); r != nil {
		return r.act.now(), true, nil
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
	var out []contacts.Act
	sp.epoch.read(func(head int64) { out = sp.acts.selectActs(q, head) })
	return out, nil
}

// selectActs finds the acts of a query as they are at the head.
func (t *actTable) selectActs(q store.ActQuery, head int64) (out []contacts.Act) {
	if len(q.IDs) > 0 {
		for _, id := range q.IDs {
			if r := t.row(id); r != nil && r.seq <= head {
				out = append(out, r.act.at(head))
			}
		}
		return out
	}
	before := head + 1
	if q.Before > 0 {
		before = min(before, q.Before)
	}
	order := t.order.all()
	end := sort.Search(len(order), func(i int) bool { return order[i].seq >= before })
	for i := end - 1; i >= 0 && len(out) < cmp.Or(q.Limit, store.DefaultLimit); i-- {
		out = append(out, order[i].act.at(head))
	}
	return out
}
