package memstore

import (
	"context"
	"fmt"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

var _ store.Replica = (*Store)(nil)

// Replicate implements [store.Replica].
func (s *Store) Replicate(ctx context.Context, workspace string, p *store.Piece) error {
	if _, err := s.begin(ctx, workspace); err != nil {
		return err
	}
	if err := store.CheckPiece(workspace, p); err != nil {
		return err
	}
	sp, err := s.create(workspace)
	if err != nil {
		return err
	}
	defer s.wake()
	sp.apply.Lock()
	defer sp.apply.Unlock()
	if s.closed.Load() {
		return store.ErrClosed
	}
	acts, err := sp.checkPiece(p)
	if err != nil {
		return err
	}
	puts := make([]store.Put, len(p.Contacts))
	for i, c := range p.Contacts {
		puts[i] = store.Put{Contact: c.Contact, Add: c.Add, Drop: c.Drop}
	}
	sp.copyIn(p, acts, s.prepare(&store.Batch{Put: puts}))
	sp.search.update(puts)
	return nil
}

// checkPiece checks that the piece follows what is there, and returns its acts
// by id.
func (sp *space) checkPiece(p *store.Piece) (map[contacts.ID]*contacts.Act, error) {
	head := sp.log.head()
	if head != p.After {
		return nil, &store.ConflictError{Head: head}
	}
	acts := map[contacts.ID]*contacts.Act{}
	for i := range p.Acts {
		acts[p.Acts[i].ID] = &p.Acts[i]
	}
	var prev [32]byte
	if head > 0 {
		prev = sp.log.entry(head).hash
	}
	for i := range p.Entries {
		e := &p.Entries[i]
		if store.Chain(prev, sp.name, e) != e.Hash {
			return nil, fmt.Errorf("store: entry %d does not follow: %w", e.Seq, store.ErrInvalid)
		}
		if acts[e.Act] == nil && sp.acts.row(e.Act) == nil {
			return nil, fmt.Errorf("store: entry %d has no act: %w", e.Seq, store.ErrInvalid)
		}
		prev = e.Hash
	}
	for i := range p.Rewritten {
		if e := &p.Rewritten[i]; sp.log.entry(e.Seq).hash != e.Hash {
			return nil, &store.ConflictError{Head: head}
		}
	}
	return acts, nil
}

// copyIn writes a piece that cannot fail any more.
func (sp *space) copyIn(p *store.Piece, acts map[contacts.ID]*contacts.Act, prepared *prepared) {
	head := p.After + int64(len(p.Entries))
	sp.epoch.begin()
	sp.putContacts(prepared, head)
	for i := range p.Entries {
		e := p.Entries[i]
		e.At = contacts.Micros(e.At)
		sp.log.append(&e, slices.Clip(store.AppendChanges(nil, e.Changes)), e.Hash, &sp.contacts)
		act := acts[e.Act]
		if act == nil {
			now := sp.acts.row(e.Act).act.now()
			act = &now
		}
		sp.acts.put(act, e.Part, e.Seq, &sp.epoch)
	}
	for i := range p.Rewritten {
		e := &p.Rewritten[i]
		body := slices.Clip(store.AppendChanges(nil, e.Changes))
		sp.log.entry(e.Seq).body.Store(&body)
	}
	for _, a := range p.Acts {
		if r := sp.acts.row(a.ID); r != nil {
			a.At = contacts.Micros(a.At)
			r.act.put(a, head, &sp.epoch)
		}
	}
	sp.putActivities(p.Activities, head)
	for _, r := range p.Records {
		body := r.Body
		if body != nil {
			body = append([]byte{}, body...)
		}
		sp.records.put(r.Kind, r.Key, record{rev: r.Rev, body: body}, head, &sp.epoch)
	}
	sp.show(head)
}
