package memstore

import (
	"context"
	"math"
	"slices"

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
	defer s.wake()
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
	if p.Act.Undoes != "" && sp.acts.row(p.Act.ID) == nil {
		var err error
		if marks, err = store.UndoMarks(&p.Act, sp.acts.get); err != nil {
			return store.Result{}, err
		}
	}
	seq := sp.log.head() + 1
	var before *contacts.Act
	if r := sp.acts.row(p.Act.ID); r != nil {
		now := r.act.now()
		before = &now
	}
	act := p.ActAfter(before, seq)
	e := contacts.Entry{Seq: seq, Act: p.Act.ID, Part: p.Part, At: contacts.Micros(p.Act.At), Changes: p.changes, ActSum: store.ActSum(&act)}
	var prev [32]byte
	if seq > 1 {
		prev = sp.log.entry(seq - 1).hash
	}
	e.Hash = store.Chain(prev, sp.name, &e)
	bodies, err := sp.erasures(p.Batch)
	if err != nil {
		return store.Result{}, err
	}

	sp.write(p, &e, &act, marks, bodies)
	sp.show(seq)
	sp.search.update(p.Put)
	return store.Result{Seq: seq}, nil
}

// write puts in a batch that cannot fail any more. Nobody sees it yet.
func (sp *space) write(p *prepared, e *contacts.Entry, act *contacts.Act, marks []store.UndoMark, bodies []rewritten) {
	sp.epoch.begin()
	sp.erase(bodies, p.Batch, e.Seq)
	sp.putContacts(p, e.Seq)
	sp.log.append(e, p.body, e.Hash, &sp.contacts)
	sp.acts.put(act, p.Part, e.Seq, &sp.epoch)
	for _, m := range marks {
		r := sp.acts.row(m.Act)
		marked := r.act.now()
		marked.UndoneBy = m.UndoneBy
		r.act.put(marked, e.Seq, &sp.epoch)
	}
	sp.putActivities(p.Activities, e.Seq)
	for i := range p.Records {
		r := &p.Records[i]
		n := record{rev: sp.records.get(r.Kind, r.Key, e.Seq).rev + 1}
		if r.Body != nil {
			n.body = append([]byte{}, r.Body...)
		} else {
			n.rev = 0
		}
		sp.records.put(r.Kind, r.Key, n, e.Seq, &sp.epoch)
	}
}

// putContacts writes contacts and their keys.
func (sp *space) putContacts(p *prepared, seq int64) {
	keys := sp.keys.Load()
	for i := range p.Put {
		put := &p.Put[i]
		place := sp.contacts.put(put.Contact.ID, put.Contact.Rev, p.data[i], seq, &sp.epoch)
		for _, k := range p.drop[i] {
			keys.drop(k, place, seq, &sp.epoch)
		}
		for _, k := range p.add[i] {
			keys.add(k, place, seq, &sp.epoch)
		}
	}
	sp.contacts.order.show()
	sp.keys.Store(keys.compact(&sp.epoch))
}

func (sp *space) putActivities(list []contacts.Activity, seq int64) {
	for i := range list {
		a := cloneActivity(&list[i])
		a.At = contacts.Micros(a.At)
		sp.timeline.put(&a, seq, &sp.epoch)
	}
}

// show shows readers what was written up to an entry.
func (sp *space) show(seq int64) { sp.epoch.head.Store(seq) }

// checkRevisions checks every condition but uniqueness, and reports all that
// do not hold.
func (sp *space) checkRevisions(p *prepared) error {
	var e store.ConflictError
	failed := false
	if head := sp.log.head(); p.Seq != 0 && p.Seq != head+1 {
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
		if old := sp.timeline.get(a.ID, math.MaxInt64); old != nil && old.Contact != a.Contact {
			e.IDs = append(e.IDs, old.Contact)
		}
	}
	for i := range p.Records {
		r := &p.Records[i]
		if r.Base != store.AnyRev && sp.records.get(r.Kind, r.Key, math.MaxInt64).rev != r.Base {
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
		for _, place := range sp.keys.Load().holders(sum, math.MaxInt64) {
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
