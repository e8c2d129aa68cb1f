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
	sp.epoch.read(func(head int64) { // all as they were after one batch
		err = sp.contacts.read(head, ids, out)
	})
	return out, err
}

// read reads contacts as they were after the entry seq.
func (t *table) read(seq int64, ids []contacts.ID, out []*contacts.Contact) (err error) {
	for i, id := range ids {
		out[i] = nil
		if r := t.find(id); r != nil {
			if v := r.at(seq); v != nil {
				if out[i], err = decode(r.id, v.value.data); err != nil {
					return err
				}
			}
		}
	}
	return nil
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
	sp.epoch.read(func(head int64) {
		table := sp.keys.Load()
		for i, sum := range sums {
			out[i] = nil
			for _, place := range table.holders(sum, head) {
				out[i] = append(out[i], sp.contacts.at(place).id)
			}
		}
	})
	for _, ids := range out {
		slices.Sort(ids)
	}
	return out, nil
}

// The rows a scan takes at once: few at first, for who wants only the
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
			sp.scan(ctx, after, present, func() error { _, err := s.begin(ctx, workspace); return err }, yield)
		}
	}
}

// present in the place of an entry means each portion of a scan as it is.
const present = -1

// scan yields contacts as they were after the entry seq, or at [present]. open is asked before each portion.
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
		next := func(seq int64) { items = sp.contacts.order.next(items[:0], from, n, &sp.contacts, seq) }
		if seq == present {
			sp.epoch.read(next)
		} else {
			next(seq)
		}
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
