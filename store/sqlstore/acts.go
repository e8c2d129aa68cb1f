package sqlstore

import (
	"context"
	"encoding/json"
	"math"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

const actColumns = "SELECT id, seq, kind, actor, at, source, counts, undoes, undone_by FROM ec_acts WHERE ws = ?"

// Acts returns acts; see [store.Store].
func (s *Store) Acts(ctx context.Context, workspace string, q store.ActQuery) ([]contacts.Act, error) {
	if err := store.CheckWorkspace(workspace); err != nil {
		return nil, err
	}
	if err := q.Check(); err != nil {
		return nil, err
	}
	var out []contacts.Act
	if len(q.IDs) > 0 {
		byID := make(map[contacts.ID]contacts.Act, len(q.IDs))
		err := s.reading(ctx, "read acts", func(ctx context.Context, c *session) error {
			return byIDs(s.inner(ctx), c, workspace, actColumns+" AND id IN (", sortedIDs(q.IDs), func(scan func(...any) error) error {
				a, err := scanAct(scan)
				byID[a.ID] = a
				return err
			})
		})
		if err != nil {
			return nil, err
		}
		for _, id := range q.IDs {
			if a, ok := byID[id]; ok {
				out = append(out, a)
			}
		}
		return out, nil
	}
	err := s.reading(ctx, "read acts", func(ctx context.Context, c *session) error {
		out = nil
		return c.query(s.inner(ctx), actColumns+" AND seq < ? ORDER BY seq DESC LIMIT ?",
			[]any{workspace, bound(q.Before), limit(q.Limit)}, func(scan func(...any) error) error {
				a, err := scanAct(scan)
				out = append(out, a)
				return err
			})
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// bound is an exclusive upper bound where 0 means none.
func bound(before int64) int64 {
	if before == 0 {
		return math.MaxInt64
	}
	return before
}

func limit(n int) int {
	if n == 0 {
		return store.DefaultLimit
	}
	return n
}

func scanAct(scan func(...any) error) (a contacts.Act, err error) {
	var id, kind, actor, undoes, undoneBy string
	var at int64
	var counts []byte
	if err := scan(&id, &a.Seq, &kind, &actor, &at, &a.Source, &counts, &undoes, &undoneBy); err != nil {
		return a, err
	}
	a.ID, a.Kind, a.Actor, a.At = contacts.ID(id), contacts.ActKind(kind), contacts.ID(actor), fromMicros(at)
	a.Undoes, a.UndoneBy = contacts.ID(undoes), contacts.ID(undoneBy)
	return a, json.Unmarshal(counts, &a.Counts)
}

// readAct finds out what the act will be.
func (t *transaction) readAct(ctx context.Context) error {
	before, known, err := t.actOf(ctx, t.b.Act.ID)
	if err != nil {
		return err
	}
	if t.known = known; known {
		t.act = t.b.ActAfter(&before, t.seq)
	} else {
		t.act = t.b.ActAfter(nil, t.seq)
	}
	return nil
}

// writeAct writes the act with its first batch, and the new counts with each
// later one.
func (t *transaction) writeAct(ctx context.Context) error {
	a := &t.act
	counts, err := json.Marshal(a.Counts)
	if err != nil {
		return err
	}
	if t.known {
		return t.exec(ctx, "UPDATE ec_acts SET counts = ? WHERE ws = ? AND id = ?", counts, t.ws, string(a.ID))
	}
	if a.Undoes != "" {
		list, err := store.UndoMarks(a, func(id contacts.ID) (contacts.Act, bool, error) { return t.actOf(ctx, id) })
		if err != nil {
			return err
		}
		for _, m := range list {
			err := t.exec(ctx, "UPDATE ec_acts SET undone_by = ? WHERE ws = ? AND id = ?", string(m.UndoneBy), t.ws, string(m.Act))
			if err != nil {
				return err
			}
		}
	}
	return t.exec(ctx, "INSERT INTO ec_acts (ws, id, seq, kind, actor, at, source, counts, undoes, undone_by)"+
		" VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, '')",
		t.ws, string(a.ID), t.seq, string(a.Kind), string(a.Actor), micros(a.At), a.Source, counts, string(a.Undoes))
}

func (t *transaction) actOf(ctx context.Context, id contacts.ID) (a contacts.Act, found bool, err error) {
	err = t.c.query(ctx, actColumns+" AND id = ?", []any{t.ws, string(id)}, func(scan func(...any) error) error {
		found = true
		a, err = scanAct(scan)
		return err
	})
	return a, found, err
}
