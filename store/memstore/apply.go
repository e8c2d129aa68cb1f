package memstore

import (
	"context"
	"slices"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// prepared is what can be made of a batch without looking at the store.
type prepared struct {
	*store.Batch
	data      []string   // of each Put
	add, drop [][]keySum // of each Put
	changes   []contacts.Change
	body      []byte
}

func (s *Store) prepare(b *store.Batch) *prepared {
	p := &prepared{Batch: b}
	p.data = make([]string, len(b.Put))
	p.add, p.drop = make([][]keySum, len(b.Put)), make([][]keySum, len(b.Put))
	var buf []byte
	for i := range b.Put {
		put := &b.Put[i]
		buf = contacts.AppendEncoded(buf[:0], put.Contact)
		p.data[i] = string(buf)
		p.add[i], p.drop[i] = s.sums(put.Add), s.sums(put.Drop)
	}
	p.changes = store.Seal(b, func(i int) []byte {
		buf = append(buf[:0], p.data[i]...)
		return buf
	})
	p.body = slices.Clip(store.AppendChanges(nil, p.changes))
	return p
}

func (s *Store) sums(keys []contacts.Key) []keySum {
	if len(keys) == 0 {
		return nil
	}
	out := make([]keySum, len(keys))
	for i, k := range keys {
		out[i] = s.sum(k)
	}
	return out
}

// Apply implements [store.Store].
func (s *Store) Apply(ctx context.Context, workspace string, b *store.Batch) (store.Result, error) {
	sp, err := s.begin(ctx, workspace)
	if err != nil {
		return store.Result{}, err
	}
	if err := store.CheckBatch(workspace, b); err != nil {
		return store.Result{}, err
	}
	p := s.prepare(b)
	if sp == nil {
		if sp, err = s.create(workspace); err != nil {
			return store.Result{}, err
		}
	}
	defer s.wake() // when the lock is free again
	sp.apply.Lock()
	defer sp.apply.Unlock()
	// While this one waited, the caller or the store may have gone.
	if s.closed.Load() {
		return store.Result{}, store.ErrClosed
	}
	if err := ctx.Err(); err != nil {
		return store.Result{}, err
	}
	return sp.commit(p)
}

// commit checks the conditions, then writes. Nothing is written before all of
// them hold, and nothing that is written can fail.
func (sp *space) commit(p *prepared) (store.Result, error) {
	if seq, ok := sp.acts.applied(p.Act.ID, p.Part); ok {
		return store.Result{Seq: seq, Replayed: true}, nil
	}
	if err := sp.checkRevisions(p); err != nil {
		return store.Result{}, err
	}
	if err := sp.checkUnique(p); err != nil {
		return store.Result{}, err
	}
	var marks []store.UndoMark
	if p.Act.Undoes != "" && sp.acts.byID[p.Act.ID] == nil {
		var err error
		if marks, err = store.UndoMarks(&p.Act, sp.acts.get); err != nil {
			return store.Result{}, err
		}
	}
	seq := int64(len(sp.log.entries)) + 1
	var before *contacts.Act
	if r := sp.acts.byID[p.Act.ID]; r != nil {
		before = &r.act
	}
	act := p.ActAfter(before, seq)
	e := contacts.Entry{Seq: seq, Act: p.Act.ID, Part: p.Part, At: contacts.Micros(p.Act.At), Changes: p.changes, ActSum: store.ActSum(&act)}
	var prev [32]byte
	if seq > 1 {
		prev = sp.log.entries[seq-2].hash
	}
	hash := store.Chain(prev, sp.name, &e)
	if err := sp.erase(p.Batch); err != nil {
		return store.Result{}, err
	}

	sp.write(p, e, hash, &act, marks)
	sp.search.update(p.Put)
	return store.Result{Seq: seq}, nil
}

// write puts in a batch that cannot fail any more.
func (sp *space) write(p *prepared, e contacts.Entry, hash [32]byte, act *contacts.Act, marks []store.UndoMark) {
	sp.mu.Lock()
	defer sp.mu.Unlock()
	defer sp.contacts.head.Store(e.Seq)
	sp.contacts.trim()
	for i := range p.Put {
		put := &p.Put[i]
		id := put.Contact.ID
		if put.Base == 0 {
			id = contacts.ID(strings.Clone(string(id))) // it may be a part of a large text
		}
		place := sp.contacts.put(id, put.Contact.Rev, p.data[i], e.Seq)
		for _, k := range p.drop[i] {
			sp.keys.drop(k, place)
		}
		for _, k := range p.add[i] {
			sp.keys.add(k, place)
		}
	}
	sp.log.append(entry{act: e.Act, part: e.Part, at: e.At, body: p.body, actSum: e.ActSum, hash: hash}, p.changes, &sp.contacts)
	sp.acts.put(act, p.Part, e.Seq)
	for _, m := range marks {
		sp.acts.byID[m.Act].act.UndoneBy = m.UndoneBy
	}
	for i := range p.Activities {
		a := cloneActivity(&p.Activities[i])
		a.At = contacts.Micros(a.At)
		sp.timeline.put(&a)
	}
	for i := range p.Records {
		sp.putRecord(&p.Records[i])
	}
}

func (sp *space) putRecord(r *store.RecordPut) {
	of := sp.records[r.Kind]
	if r.Body == nil {
		delete(of, r.Key)
		return
	}
	if of == nil {
		of = make(map[string]record)
		sp.records[r.Kind] = of
	}
	of[r.Key] = record{rev: of[r.Key].rev + 1, body: append([]byte{}, r.Body...)}
}

// checkRevisions checks every condition but uniqueness, and reports all that
// do not hold.
func (sp *space) checkRevisions(p *prepared) error {
	var e store.ConflictError
	failed := false
	if head := int64(len(sp.log.entries)); p.Seq != 0 && p.Seq != head+1 {
		e.Head, failed = head, true
	}
	for i := range p.Put {
		if id := p.Put[i].Contact.ID; sp.contacts.rev(id) != p.Put[i].Base {
			e.IDs = append(e.IDs, id)
		}
	}
	for _, x := range p.Expect {
		if sp.contacts.rev(x.ID) != x.Rev {
			e.IDs = append(e.IDs, x.ID)
		}
	}
	for i := range p.Activities {
		a := &p.Activities[i]
		if old := sp.timeline.byID[a.ID]; old != nil && old.Contact != a.Contact {
			e.IDs = append(e.IDs, old.Contact)
		}
	}
	for i := range p.Records {
		r := &p.Records[i]
		if r.Base != store.AnyRev && sp.records[r.Kind][r.Key].rev != r.Base {
			e.Records = append(e.Records, r.Kind+"/"+r.Key)
		}
	}
	if !failed && len(e.IDs) == 0 && len(e.Records) == 0 {
		return nil
	}
	e.IDs = sorted(e.IDs)
	return &e
}

// checkUnique checks that each unique key which the batch adds will have one
// holder.
func (sp *space) checkUnique(p *prepared) error {
	if len(p.Unique) == 0 {
		return nil
	}
	adders := make(map[keySum][]contacts.ID)
	kinds := make(map[keySum]contacts.KeyKind)
	for i := range p.Put {
		for j, k := range p.Put[i].Add {
			if !slices.Contains(p.Unique, k.Kind) {
				continue
			}
			sum, id := p.add[i][j], p.Put[i].Contact.ID
			kinds[sum] = k.Kind
			if list := adders[sum]; len(list) == 0 || list[len(list)-1] != id {
				adders[sum] = append(list, id)
			}
		}
	}
	if len(adders) == 0 {
		return nil
	}
	type drop struct {
		sum keySum
		id  contacts.ID
	}
	drops := make(map[drop]bool)
	for i := range p.Put {
		for _, sum := range p.drop[i] {
			drops[drop{sum, p.Put[i].Contact.ID}] = true
		}
	}
	var e store.ConflictError
	for sum, ids := range adders {
		var others []contacts.ID
		for _, place := range sp.keys.holders(sum) {
			id := sp.contacts.at(place).id
			if !drops[drop{sum, id}] && !slices.Contains(ids, id) {
				others = append(others, id)
			}
		}
		if len(ids) > 1 {
			others = append(others, ids...)
		}
		if len(others) > 0 {
			e.IDs = append(e.IDs, others...)
			e.Keys = append(e.Keys, kinds[sum])
		}
	}
	if len(e.Keys) == 0 {
		return nil
	}
	e.IDs = sorted(e.IDs)
	slices.Sort(e.Keys)
	e.Keys = slices.Compact(e.Keys)
	return &e
}

func sorted(ids []contacts.ID) []contacts.ID {
	slices.Sort(ids)
	return slices.Compact(ids)
}
