package memstore

import (
	"cmp"
	"context"
	"slices"
	"sync"

	"github.com/extcontacts/extcontacts/store"
)

// records holds the records by kind and key.
type records struct{ kinds sync.Map } // kind -> *sync.Map: key -> *cell[record]

type record struct {
	rev  int64
	body []byte // never altered, nil of a record that is deleted
}

// get returns a record as it was after an entry.
func (t *records) get(kind, key string, seq int64) record {
	if of, ok := t.kinds.Load(kind); ok {
		if c := cellOf[record](of.(*sync.Map), key); c != nil {
			return c.at(seq)
		}
	}
	return record{}
}

// put writes a record, or deletes it where the body is nil.
func (t *records) put(kind, key string, r record, seq int64, e *epoch) {
	have, _ := t.kinds.LoadOrStore(kind, &sync.Map{})
	of := have.(*sync.Map)
	if r.body == nil && cellOf[record](of, key) == nil {
		return
	}
	c := makeCell[record](of, key)
	if c.put(r, seq, e); r.body == nil {
		e.trail = append(e.trail, &deleted{of, key, c})
	}
}

// deleted is a record that goes for good when nobody reads it any more.
type deleted struct {
	of  *sync.Map
	key string
	c   *cell[record]
}

func (d *deleted) trim() {
	if d.c.now().body == nil {
		d.of.CompareAndDelete(d.key, d.c)
	}
}

// each yields the records of a kind after an entry, in no order.
func (t *records) each(kind string, seq int64) func(yield func(key string, r record) bool) {
	return func(yield func(string, record) bool) {
		of, ok := t.kinds.Load(kind)
		if !ok {
			return
		}
		for key, c := range of.(*sync.Map).Range {
			if r := c.(*cell[record]).at(seq); r.body != nil && !yield(key.(string), r) {
				return
			}
		}
	}
}

// Records implements [store.Store].
func (s *Store) Records(ctx context.Context, workspace, kind string, keys ...string) ([]store.Record, error) {
	sp, err := s.begin(ctx, workspace)
	if err != nil {
		return nil, err
	}
	if err := store.CheckRecords(kind, keys...); err != nil {
		return nil, err
	}
	if sp == nil {
		return nil, nil
	}
	keys = slices.Clone(keys)
	slices.Sort(keys)
	var out []store.Record
	sp.epoch.read(func(head int64) {
		out = out[:0]
		take := func(key string, r record) bool {
			out = append(out, store.Record{Kind: kind, Key: key, Rev: r.rev, Body: r.body})
			return true
		}
		if len(keys) == 0 {
			sp.records.each(kind, head)(take)
		}
		for _, key := range slices.Compact(keys) {
			if r := sp.records.get(kind, key, head); r.body != nil {
				take(key, r)
			}
		}
	})
	slices.SortFunc(out, func(a, b store.Record) int { return cmp.Compare(a.Key, b.Key) })
	for i := range out {
		out[i].Body = append([]byte{}, out[i].Body...)
	}
	return out, nil
}

// RecordKinds implements [store.KindLister].
func (s *Store) RecordKinds(ctx context.Context, workspace string) ([]string, error) {
	sp, err := s.begin(ctx, workspace)
	if err != nil || sp == nil {
		return nil, err
	}
	var kinds []string
	sp.epoch.read(func(head int64) {
		kinds = nil
		for kind := range sp.records.kinds.Range {
			for range sp.records.each(kind.(string), head) {
				kinds = append(kinds, kind.(string))
				break
			}
		}
	})
	slices.Sort(kinds)
	return kinds, nil
}
