package sqlstore

import (
	"cmp"
	"context"
	"database/sql"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

const logColumns = "SELECT seq, act, part, at, body, hash, act_sum FROM ec_log WHERE ws = ?"

// Log returns entries of the change log; see [store.Store].
func (s *Store) Log(ctx context.Context, workspace string, q store.LogQuery) ([]contacts.Entry, error) {
	if err := store.CheckWorkspace(workspace); err != nil {
		return nil, err
	}
	if err := q.Check(); err != nil {
		return nil, err
	}
	var out []contacts.Entry
	err := s.reading(ctx, "read log", func(ctx context.Context, c *session) (err error) {
		out, err = readLog(s.inner(ctx), c, workspace, q)
		return err
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

func readLog(ctx context.Context, c *session, ws string, q store.LogQuery) (out []contacts.Entry, err error) {
	row := func(scan func(...any) error) error {
		e, err := scanEntry(scan, q.Contact)
		if err == nil && (q.Contact == "" || len(e.Changes) > 0) {
			out = append(out, e)
		}
		return err
	}
	order := " ORDER BY seq"
	if q.Newest {
		order += " DESC"
	}
	n := limit(q.Limit)
	if q.Contact == "" {
		query, args := logColumns, []any{ws}
		if q.Act != "" {
			query, args = query+" AND act = ?", append(args, string(q.Act))
		}
		args = append(args, q.After, bound(q.Before), n)
		err = c.query(ctx, query+" AND seq > ? AND seq < ?"+order+" LIMIT ?", args, row)
		return out, err
	}
	seqs, err := contactSeqs(ctx, c, ws, q, order, n)
	if err != nil {
		return nil, err
	}
	args := make([]any, 0, 1+inList)
	err = lists(len(seqs), func(from, to, size int) error {
		args = append(args[:0], ws)
		for _, seq := range seqs[from:to] {
			args = append(args, seq)
		}
		args = fill(args, 1+size)
		return c.query(ctx, logColumns+" AND seq IN ("+marks(size)+")"+order, args, row)
	})
	return out[:min(len(out), n)], err
}

// contactSeqs returns, in order, the numbers of the entries that changed a
// contact: the one that created it and those of ec_touched. It may be one more
// than asked for, since the creating entry may have no change to show.
func contactSeqs(ctx context.Context, c *session, ws string, q store.LogQuery, order string, n int) ([]int64, error) {
	var seqs []int64
	add := func(scan func(...any) error) error {
		var seq int64
		err := scan(&seq)
		if seq > q.After && seq < bound(q.Before) {
			seqs = append(seqs, seq)
		}
		return err
	}
	err := c.query(ctx, "SELECT created_seq FROM ec_contacts WHERE ws = ? AND id = ?", []any{ws, string(q.Contact)}, add)
	if err != nil {
		return nil, err
	}
	if q.Act == "" {
		err = c.query(ctx, "SELECT seq FROM ec_touched WHERE ws = ? AND id = ? AND seq > ? AND seq < ?"+order+" LIMIT ?",
			[]any{ws, string(q.Contact), q.After, bound(q.Before), n}, add)
	} else {
		err = c.query(ctx, "SELECT seq FROM ec_touched WHERE ws = ? AND id = ? AND seq > ? AND seq < ?",
			[]any{ws, string(q.Contact), q.After, bound(q.Before)}, add)
	}
	if err != nil {
		return nil, err
	}
	slices.Sort(seqs)
	seqs = slices.Compact(seqs)
	if q.Act != "" {
		if seqs, err = seqsOfAct(ctx, c, ws, q.Act, seqs); err != nil {
			return nil, err
		}
	}
	if q.Newest {
		slices.Reverse(seqs)
	}
	return seqs[:min(len(seqs), n+1)], nil
}

// seqsOfAct keeps the numbers, in ascending order, that belong to an act.
func seqsOfAct(ctx context.Context, c *session, ws string, act contacts.ID, seqs []int64) ([]int64, error) {
	var kept []int64
	err := c.query(ctx, "SELECT seq FROM ec_log WHERE ws = ? AND act = ?", []any{ws, string(act)}, func(scan func(...any) error) error {
		var seq int64
		err := scan(&seq)
		if _, ok := slices.BinarySearch(seqs, seq); ok {
			kept = append(kept, seq)
		}
		return err
	})
	slices.SortFunc(kept, cmp.Compare[int64])
	return kept, err
}

// scanEntry reads a row of logColumns; with a contact, only its changes.
func scanEntry(scan func(...any) error, contact contacts.ID) (e contacts.Entry, err error) {
	var act string
	var at int64
	var body, hash, actSum sql.RawBytes
	if err := scan(&e.Seq, &act, &e.Part, &at, &body, &hash, &actSum); err != nil {
		return e, err
	}
	e.Act, e.At = contacts.ID(act), fromMicros(at)
	copy(e.Hash[:], hash)
	copy(e.ActSum[:], actSum)
	if contact == "" {
		e.Changes, err = store.DecodeChanges(body)
	} else {
		e.Changes, err = store.DecodeChangesOf(body, contact)
	}
	return e, err
}
