package memstore

import (
	"context"
	"iter"
	"slices"
	"sync/atomic"

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
	index atomic.Pointer[search.Index] // nil or for good; written beside space.apply only
}

// update enters the contacts of a batch.
func (x *searcher) update(puts []store.Put) {
	index := x.index.Load()
	if index == nil {
		return
	}
	list := make([]*contacts.Contact, len(puts))
	for i := range puts {
		list[i] = puts[i].Contact
	}
	index.Put(list...)
}

// build makes the index where there is none. Batches wait for it; where one is
// at work it does not wait for that, and leaves it to a later query.
func (sp *space) build(ctx context.Context) (*search.Index, error) {
	if index := sp.search.index.Load(); index != nil {
		return index, nil
	}
	if !sp.apply.TryLock() { // from here on nobody writes to the table
		return nil, nil
	}
	defer sp.apply.Unlock()
	if index := sp.search.index.Load(); index != nil { // somebody was first
		return index, nil
	}
	index, err := search.BuildIndex(func(yield func(*contacts.Contact, error) bool) {
		for place, r := range sp.contacts.all {
			c, err := decode(r.id, r.last.Load().value.data)
			if err == nil && place%pageSize == 0 {
				err = ctx.Err()
			}
			if !yield(c, err) {
				return
			}
		}
	})
	if err != nil {
		return nil, err
	}
	sp.search.index.Store(index)
	return index, nil
}

// Rank implements [store.Ranker], by the index that Narrow uses too.
func (s *Store) Rank(ctx context.Context, workspace string, q *search.Query, after []byte, k int) ([]search.Hit, bool, error) {
	sp, err := s.begin(ctx, workspace)
	if err != nil || sp == nil {
		return nil, err == nil, err
	}
	index, err := sp.build(ctx)
	if err != nil || index == nil {
		return nil, false, err
	}
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
		index, err := sp.build(ctx)
		if err != nil {
			yield(nil, err)
			return
		}
		var found iter.Seq[contacts.ID]
		ok := false
		if index != nil {
			found, ok = index.Candidates(q)
		}
		if !ok {
			scan(yield)
			return
		}
		ids := slices.Collect(found)
		var data [chunk]string
		for len(ids) > 0 {
			if _, err := s.begin(ctx, workspace); err != nil {
				yield(nil, err)
				return
			}
			part := ids[:min(chunk, len(ids))]
			ids = ids[len(part):]
			sp.epoch.read(func(head int64) {
				for i, id := range part {
					data[i] = sp.contacts.find(id).at(head).value.data // a contact never leaves the table
				}
			})
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
