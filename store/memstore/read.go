package memstore

import (
	"context"
	"iter"
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
	var few [8]string
	data := few[:0]
	sp.mu.RLock()
	for _, id := range ids {
		if r := sp.contacts.find(id); r != nil {
			data = append(data, r.data)
		} else {
			data = append(data, "")
		}
	}
	sp.mu.RUnlock()
	for i, id := range ids {
		if data[i] == "" {
			continue
		}
		if out[i], err = decode(id, data[i]); err != nil {
			return nil, err
		}
	}
	return out, nil
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
		var rows []row
		for n, from := firstChunk, after; ; n = chunk {
			sp, err := s.begin(ctx, workspace)
			if err == nil && from != "" {
				err = store.CheckIDs(from)
			}
			if err != nil {
				yield(nil, err)
				return
			}
			if sp == nil {
				return
			}
			sp.mu.RLock()
			rows = sp.contacts.order.next(rows[:0], from, n, &sp.contacts)
			sp.mu.RUnlock()
			for i := range rows {
				c, err := decode(rows[i].id, rows[i].data)
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
			if len(rows) < n {
				return
			}
			from = rows[len(rows)-1].id
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
