package memstore

import (
	"context"
	"iter"
	"math"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// Contacts implements [store.Store].
func (s *Store) Contacts(ctx context.Context, workspace string, ids ...contacts.ID) ([]*contacts.Contact, error) {
	sp, err := s.begin(ctx, workspace)
	if err != nil {
		return nil, err
	}
	if err := store.CheckIDs(ids...); err != nil {
		return nil, err
	}
	out := make([]*contacts.Contact, len(ids))
	if sp == nil {
		return out, nil
	}
	for i := 0; i < len(ids); {
		// All as they were after one batch; nobody waits for anybody.
		if i, err = sp.contacts.read(sp.contacts.head.Load(), ids, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// read reads contacts as they were after the entry seq. It returns the number
// of those it read, which is 0 where a version is gone.
func (t *table) read(seq int64, ids []contacts.ID, out []*contacts.Contact) (n int, err error) {
	for i, id := range ids {
		r := t.find(id)
		if r == nil {
			out[i] = nil
			continue
		}
		v, ok := r.at(seq)
		if !ok {
			return 0, nil
		}
		if out[i] = nil; v != nil {
			if out[i], err = decode(r.id, v.data); err != nil {
				return 0, err
			}
		}
	}
	return len(ids), nil
}

// Lookup implements [store.Store].
func (s *Store) Lookup(ctx context.Context, workspace string, keys ...contacts.Key) ([][]contacts.ID, error) {
	sp, err := s.begin(ctx, workspace)
	if err != nil {
		return nil, err
	}
	if err := store.CheckKeys(keys...); err != nil {
		return nil, err
	}
	out := make([][]contacts.ID, len(keys))
	if sp == nil {
		return out, nil
	}
	sums := make([]keySum, len(keys))
	for i, k := range keys {
		sums[i] = s.sum(k)
	}
	sp.mu.RLock()
	for i, sum := range sums {
		for _, place := range sp.keys.holders(sum) {
			out[i] = append(out[i], sp.contacts.at(place).id)
		}
	}
	sp.mu.RUnlock()
	for _, ids := range out {
		slices.Sort(ids)
	}
	return out, nil
}

// The rows a scan takes under one lock: few at first, for who wants only the
// first page, then more.
const (
	firstChunk = 16
	chunk      = 256
)

// Scan implements [store.Store].
func (s *Store) Scan(ctx context.Context, workspace string, after contacts.ID) iter.Seq2[*contacts.Contact, error] {
	return func(yield func(*contacts.Contact, error) bool) {
		sp, err := s.begin(ctx, workspace)
		if err == nil && after != "" {
			err = store.CheckIDs(after)
		}
		if err != nil {
			yield(nil, err)
			return
		}
		if sp != nil {
			sp.scan(ctx, after, math.MaxInt64, func() error { _, err := s.begin(ctx, workspace); return err }, yield)
		}
	}
}

// scan yields contacts as they were after the entry seq. open is asked before
// each portion.
func (sp *space) scan(ctx context.Context, after contacts.ID, seq int64, open func() error, yield func(*contacts.Contact, error) bool) {
	if after != "" {
		if err := store.CheckIDs(after); err != nil {
			yield(nil, err)
			return
		}
	}
	var items []item
	for n, from := firstChunk, after; ; n = chunk {
		if err := open(); err != nil {
			yield(nil, err)
			return
		}
		sp.mu.RLock()
		items = sp.contacts.order.next(items[:0], from, n, &sp.contacts, seq)
		sp.mu.RUnlock()
		for i := range items {
			c, err := decode(items[i].id, items[i].data)
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
		if len(items) < n {
			return
		}
		from = items[len(items)-1].id
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
	var out []store.Record
	sp.mu.RLock()
	of := sp.records[kind]
	if len(keys) == 0 {
		out = make([]store.Record, 0, len(of))
		for key, r := range of {
			out = append(out, store.Record{Kind: kind, Key: key, Rev: r.rev, Body: r.body})
		}
	} else {
		keys = slices.Clone(keys)
		slices.Sort(keys)
		for _, key := range slices.Compact(keys) {
			if r, ok := of[key]; ok {
				out = append(out, store.Record{Kind: kind, Key: key, Rev: r.rev, Body: r.body})
			}
		}
	}
	sp.mu.RUnlock()
	slices.SortFunc(out, func(a, b store.Record) int {
		if a.Key < b.Key {
			return -1
		}
		return 1
	})
	for i := range out {
		out[i].Body = append([]byte{}, out[i].Body...)
	}
	return out, nil
}
