package sqlstore

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

var _ store.Replica = (*Store)(nil)

// RecordKinds implements [store.KindLister].
func (s *Store) RecordKinds(ctx context.Context, workspace string) ([]string, error) {
	if err := store.CheckWorkspace(workspace); err != nil {
		return nil, err
	}
	var kinds []string
	err := s.reading(ctx, "read records", func(ctx context.Context, c *session) error {
		kinds = nil
		return c.query(s.inner(ctx), "SELECT DISTINCT kind FROM ec_records WHERE ws = ? ORDER BY kind", []any{workspace},
			func(scan func(...any) error) error {
				var kind string
				err := scan(&kind)
				kinds = append(kinds, kind)
				return err
			})
	})
	if err != nil {
		return nil, err
	}
	return kinds, nil
}

// Replicate implements [store.Replica].
func (s *Store) Replicate(ctx context.Context, workspace string, p *store.Piece) error {
	if err := store.CheckPiece(workspace, p); err != nil {
		return err
	}
	if err := s.enter(ctx); err != nil {
		return err
	}
	defer s.leave()
	// The parts of a batch that a piece has, too; which contacts are new is
	// known inside the transaction alone.
	b := &store.Batch{Put: make([]store.Put, len(p.Contacts)), Activities: p.Activities, Records: make([]store.RecordPut, len(p.Records))}
	for i, c := range p.Contacts {
		b.Put[i] = store.Put{Contact: c.Contact, Add: c.Add, Drop: c.Drop}
	}
	for i, r := range p.Records {
		b.Records[i] = store.RecordPut{Kind: r.Kind, Key: r.Key, Body: r.Body}
	}
	made := s.prepare(b)
	_, lost, err := s.transact(ctx, "replicate", workspace, b, made, func(t *transaction, ctx context.Context) (store.Result, error) {
		return store.Result{}, t.replicate(ctx, p)
	})
	var conflict *store.ConflictError
	if n := len(p.Entries); lost && n > 0 && errors.As(err, &conflict) && conflict.Head == p.Entries[n-1].Seq {
		return nil // it arrived
	}
	if err == nil {
		s.release(made)
	}
	return err
}

// replicate does everything between BEGIN and COMMIT.
func (t *transaction) replicate(ctx context.Context, p *store.Piece) error {
	var prev [32]byte
	last, err := t.lockHead(ctx, &prev)
	if err != nil {
		return err
	}
	if last != p.After {
		return &store.ConflictError{Head: last}
	}
	for i := range p.Entries {
		e := &p.Entries[i]
		if store.Chain(prev, t.ws, e) != e.Hash {
			return fmt.Errorf("store: entry %d does not follow: %w", e.Seq, store.ErrInvalid)
		}
		prev = e.Hash
	}
	for _, step := range []func(context.Context, *store.Piece) error{
		t.copyContacts, t.copyEntries, t.copyRewritten, t.copyActs, t.copyActivities, t.copyRecords,
	} {
		if err := t.outer.Err(); err != nil {
			return err
		}
		if err := step(ctx, p); err != nil {
			return err
		}
	}
	var changes []contacts.Change
	for i := range p.Entries {
		changes = append(changes, p.Entries[i].Changes...)
	}
	if err := t.noteText(ctx, unnamed(t.b.Put, changes)); err != nil {
		return err
	}
	return t.exec(ctx, "UPDATE ec_head SET seq = ?, hash = ?, size = ? WHERE ws = ?", last+int64(len(p.Entries)), prev[:], t.size, t.ws)
}

// copyContacts writes contacts and keys over what there is.
func (t *transaction) copyContacts(ctx context.Context, p *store.Piece) error {
	b := *t.b // a try must not alter what the next one begins with
	b.Put = append([]store.Put(nil), t.b.Put...)
	t.b = &b
	prepared := *t.p
	t.p = &prepared
	if err := t.checkRevs(ctx, true); err != nil {
		return err
	}
	there := make(map[contacts.ID]bool, len(t.conflict.IDs))
	for _, id := range t.conflict.IDs { // at another revision than none
		there[id] = true
	}
	t.conflict = store.ConflictError{}
	t.born = make([]int64, len(p.Contacts))
	t.p.updates = 0
	for i := range p.Contacts {
		t.born[i] = p.Contacts[i].Born
		if there[b.Put[i].Contact.ID] {
			b.Put[i].Base = 1
			t.p.updates++
			if t.created[i] == 0 { // it was seen before the entry was
				t.created[i] = p.Contacts[i].Born
			}
		}
	}
	size := t.size
	t.size += int64(len(p.Contacts) - t.p.updates)
	t.grew(size, t.size)
	if err := t.writeContacts(ctx); err != nil {
		return err
	}
	return t.writeKeys(ctx)
}

// copyEntries writes the log, and who was touched by what.
func (t *transaction) copyEntries(ctx context.Context, p *store.Piece) error {
	err := t.insert(ctx, logRows, len(p.Entries), func(args []any, i int) []any {
		e := &p.Entries[i]
		return append(args, t.ws, e.Seq, string(e.Act), e.Part, micros(e.At), store.AppendChanges(nil, e.Changes), e.Hash[:], e.ActSum[:])
	})
	if err != nil {
		return err
	}
	type touch struct {
		id  contacts.ID
		seq int64
	}
	var touched []touch
	for i := range p.Entries {
		seen := map[contacts.ID]bool{"": true}
		for _, c := range p.Entries[i].Changes {
			if c.Path == contacts.PathCreated {
				seen[c.Contact] = true
			}
		}
		for _, c := range p.Entries[i].Changes {
			if !seen[c.Contact] {
				seen[c.Contact] = true
				touched = append(touched, touch{c.Contact, p.Entries[i].Seq})
			}
		}
	}
	return t.insert(ctx, touchedRows, len(touched), func(args []any, i int) []any {
		return append(args, t.ws, string(touched[i].id), touched[i].seq)
	})
}

func (t *transaction) copyRewritten(ctx context.Context, p *store.Piece) error {
	if len(p.Rewritten) > 0 { // somebody was erased
		ids := make([]contacts.ID, len(p.Contacts))
		for i := range p.Contacts {
			ids[i] = p.Contacts[i].Contact.ID
		}
		if err := t.eraseText(ctx, ids); err != nil {
			return err
		}
	}
	for i := range p.Rewritten {
		e := &p.Rewritten[i]
		t.scrub = true
		err := t.exec(ctx, "UPDATE ec_log SET body = ? WHERE ws = ? AND seq = ? AND hash = ?",
			store.AppendChanges(nil, e.Changes), t.ws, e.Seq, e.Hash[:])
		if err != nil {
			return err
		}
	}
	return nil
}

func (t *transaction) copyActs(ctx context.Context, p *store.Piece) error {
	args := make([]any, 0, 1+inList)
	err := lists(len(p.Acts), func(from, to, size int) error {
		args = append(args[:0], t.ws)
		for i := from; i < to; i++ {
			args = append(args, string(p.Acts[i].ID))
		}
		return t.exec(ctx, "DELETE FROM ec_acts WHERE ws = ? AND id IN ("+marks(size)+")", fill(args, 1+size)...)
	})
	if err != nil {
		return err
	}
	counts := make([][]byte, len(p.Acts))
	for i := range p.Acts {
		if counts[i], err = json.Marshal(p.Acts[i].Counts); err != nil {
			return err
		}
	}
	return t.insert(ctx, "ec_acts (ws, id, seq, kind, actor, at, source, counts, undoes, undone_by)", len(p.Acts), func(args []any, i int) []any {
		a := &p.Acts[i]
		return append(args, t.ws, string(a.ID), a.Seq, string(a.Kind), string(a.Actor), micros(a.At), a.Source, counts[i], string(a.Undoes), string(a.UndoneBy))
	})
}

func (t *transaction) copyActivities(ctx context.Context, _ *store.Piece) error {
	if err := t.checkActivities(ctx); err != nil {
		return err
	}
	return t.writeActivities(ctx)
}

func (t *transaction) copyRecords(ctx context.Context, p *store.Piece) error {
	t.revs = make(map[recordName]int64, len(p.Records))
	for _, r := range p.Records {
		t.revs[recordName{r.Kind, r.Key}] = r.Rev - 1
	}
	return t.writeRecords(ctx)
}
