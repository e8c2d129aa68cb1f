package memstore

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

var _ store.Replica = (*Store)(nil)

// RecordKinds implements [store.KindLister].
func (s *Store) RecordKinds(ctx context.Context, workspace string) ([]string, error) {
	sp, err := s.begin(ctx, workspace)
	if err != nil || sp == nil {
		return nil, err
	}
	sp.mu.RLock()
	defer sp.mu.RUnlock()
	var kinds []string
	for kind, of := range sp.records {
		if len(of) > 0 {
			kinds = append(kinds, kind)
		}
	}
	slices.Sort(kinds)
	return kinds, nil
}

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
	head := int64(len(sp.log.entries))
	if head != p.After {
		return nil, &store.ConflictError{Head: head}
	}
	acts := map[contacts.ID]*contacts.Act{}
	for i := range p.Acts {
		acts[p.Acts[i].ID] = &p.Acts[i]
	}
	var prev [32]byte
	if head > 0 {
		prev = sp.log.entries[head-1].hash
	}
	for i := range p.Entries {
		e := &p.Entries[i]
		if store.Chain(prev, sp.name, e) != e.Hash {
			return nil, fmt.Errorf("store: entry %d does not follow: %w", e.Seq, store.ErrInvalid)
		}
		if acts[e.Act] == nil && sp.acts.byID[e.Act] == nil {
			return nil, fmt.Errorf("store: entry %d has no act: %w", e.Seq, store.ErrInvalid)
		}
		prev = e.Hash
	}
	for i := range p.Rewritten {
		if e := &p.Rewritten[i]; sp.log.entries[e.Seq-1].hash != e.Hash {
			return nil, &store.ConflictError{Head: head}
		}
	}
	return acts, nil
}

// copyIn writes a piece that cannot fail any more.
func (sp *space) copyIn(p *store.Piece, acts map[contacts.ID]*contacts.Act, prepared *prepared) {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	head := p.After + int64(len(p.Entries))
	defer sp.contacts.head.Store(head)
	sp.contacts.trim()
	for i, c := range p.Contacts {
		place := sp.contacts.put(contacts.ID(strings.Clone(string(c.Contact.ID))), c.Contact.Rev, prepared.data[i], head)
		for _, k := range prepared.drop[i] {
			sp.keys.drop(k, place)
		}
		for _, k := range prepared.add[i] {
			sp.keys.add(k, place)
		}
	}
	for i := range p.Entries {
		e := &p.Entries[i]
		body := slices.Clip(store.AppendChanges(nil, e.Changes))
		sp.log.append(entry{act: e.Act, part: e.Part, at: contacts.Micros(e.At), body: body, actSum: e.ActSum, hash: e.Hash}, e.Changes, &sp.contacts)
		act := acts[e.Act]
		if act == nil {
			act = &sp.acts.byID[e.Act].act
		}
		sp.acts.put(act, e.Part, e.Seq)
	}
	for i := range p.Rewritten {
		e := &p.Rewritten[i]
		sp.log.entries[e.Seq-1].body = slices.Clip(store.AppendChanges(nil, e.Changes))
	}
	for _, a := range p.Acts {
		if r := sp.acts.byID[a.ID]; r != nil {
			a.At = contacts.Micros(a.At)
			r.act = a
		}
	}
	for i := range p.Activities {
		a := cloneActivity(&p.Activities[i])
		a.At = contacts.Micros(a.At)
		sp.timeline.put(&a)
	}
	for _, r := range p.Records {
		of := sp.records[r.Kind]
		if r.Body == nil {
			delete(of, r.Key)
			continue
		}
		if of == nil {
			of = make(map[string]record)
			sp.records[r.Kind] = of
		}
		of[r.Key] = record{rev: r.Rev, body: append([]byte{}, r.Body...)}
	}
}
