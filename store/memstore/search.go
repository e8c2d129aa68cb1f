package memstore

import (
	"context"
	"iter"
	"sync"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
)

var (
	_ store.Narrower = (*Store)(nil)
	_ store.Ranker   = (*Store)(nil)
)

// searcher is the index of a workspace. It is made by the first query that can
// be narrowed; from then on each batch keeps it current before Apply returns.
// So who never searches pays nothing for it.
type searcher struct {
	mu    sync.RWMutex // guards the index; held for writing beside space.apply only
	index *search.Index
}

// update enters the contacts of a batch.
func (x *searcher) update(puts []store.Put) {
	x.mu.Lock()
	defer x.mu.Unlock()
	if x.index == nil {
		return
	}
	list := make([]*contacts.Contact, len(puts))
	for i := range puts {
		list[i] = puts[i].Contact
	}
	x.index.Put(list...)
}

// build makes the index where there is none. Batches wait for it, readers do
// not.
func (sp *space) build(ctx context.Context) error {
	sp.search.mu.RLock()
	ready := sp.search.index != nil
	sp.search.mu.RUnlock()
	if ready {
		return nil
	}
	sp.apply.Lock() // from here on nobody writes to the table
	defer sp.apply.Unlock()
	if sp.search.index != nil { // written under apply alone
		return nil
	}
	index, err := search.BuildIndex(func(yield func(*contacts.Contact, error) bool) {
		for place, r := range sp.contacts.all {
			c, err := decode(r.id, r.last.Load().data)
			if err == nil && place%pageSize == 0 {
				err = ctx.Err()
			}
			if !yield(c, err) {
				return
			}
		}
	})
	if err != nil {
		return err
	}
	sp.search.mu.Lock()
	defer sp.search.mu.Unlock()
	sp.search.index = index
	return nil
}

// candidates returns the ids of contacts among which are all that match, or
// false where the index does not help.
func (x *searcher) candidates(q *search.Query) (ids []contacts.ID, ok bool) {
	x.mu.RLock()
	defer x.mu.RUnlock()
	seq, ok := x.index.Candidates(q)
	if !ok {
		return nil, false
	}
	for id := range seq {
		ids = append(ids, id)
	}
	return ids, true
}

// Rank implements [store.Ranker], by the index that Narrow uses too.
func (s *Store) Rank(ctx context.Context, workspace string, q *search.Query, after []byte, k int) ([]search.Hit, bool, error) {
	sp, err := s.begin(ctx, workspace)
	if err != nil || sp == nil {
		return nil, err == nil, err
	}
	if err := sp.build(ctx); err != nil {
		return nil, false, err
	}
	sp.search.mu.RLock()
	index := sp.search.index
	sp.search.mu.RUnlock()
	hits, ok := index.Top(nil, q, after, k)
	return hits, ok, nil
}

// Narrow implements [store.Narrower]. The first call of a workspace builds an
// index of its words and digits, which takes some microseconds a contact;
// later batches keep it current. A query that an index cannot narrow is
// answered by a scan.
func (s *Store) Narrow(ctx context.Context, workspace string, q *search.Query) iter.Seq2[*contacts.Contact, error] {
	return func(yield func(*contacts.Contact, error) bool) {
		sp, err := s.begin(ctx, workspace)
		if err != nil {
			yield(nil, err)
			return
		}
		if sp == nil {
			return
		}
		scan := s.Scan(ctx, workspace, "")
		if len(q.Needs()) == 0 {
			scan(yield)
			return
		}
		if err := sp.build(ctx); err != nil {
			yield(nil, err)
			return
		}
		ids, ok := sp.search.candidates(q)
		if !ok {
			scan(yield)
			return
		}
		var data [chunk]string
		for len(ids) > 0 {
			if _, err := s.begin(ctx, workspace); err != nil {
				yield(nil, err)
				return
			}
			part := ids[:min(chunk, len(ids))]
			ids = ids[len(part):]
			for i, id := range part {
				data[i] = sp.contacts.find(id).last.Load().data // a contact never leaves the table
			}
			for i, id := range part {
				c, err := decode(id, data[i])
				if err == nil {
					err = ctx.Err()
				}
				if err != nil {
					yield(nil, err)
					return
				}
				if !yield(c, nil) {
					return
				}
			}
		}
	}
}
