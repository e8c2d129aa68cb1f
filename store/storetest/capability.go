package storetest

import (
	"context"
	"errors"
	"iter"
	"maps"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
)

// capabilities are one call of each optional capability; it returns false for
// a store that does not have it.
var capabilities = map[string]func(ctx context.Context, s store.Store, ws string) (error, bool){
	"Snapshot": func(ctx context.Context, s store.Store, ws string) (error, bool) {
		c, ok := s.(store.Snapshotter)
		if !ok {
			return nil, false
		}
		return c.Snapshot(ctx, ws, func(store.Store) error { return nil }), true
	},
	"Prepare": func(ctx context.Context, s store.Store, ws string) (error, bool) {
		c, ok := s.(store.Preparer)
		if !ok {
			return nil, false
		}
		apply, err := c.Prepare(ws, &store.Batch{Act: contacts.Act{ID: "prepared", Kind: contacts.ActCreate, Actor: "a", At: clock(1)}, Part: 1})
		if err == errors.ErrUnsupported {
			return nil, false
		}
		if err == nil {
			_, err = apply(ctx)
		}
		return err, true
	},
	"Holders": func(ctx context.Context, s store.Store, ws string) (error, bool) {
		c, ok := s.(store.HolderReader)
		if !ok {
			return nil, false
		}
		_, err := c.Holders(ctx, ws, phone("+1"))
		return err, true
	},
	"Narrow": func(ctx context.Context, s store.Store, ws string) (error, bool) {
		c, ok := s.(store.Narrower)
		if !ok {
			return nil, false
		}
		q, err := search.Parse("lee", search.Options{})
		if err != nil {
			return err, true
		}
		return drained(c.Narrow(ctx, ws, q)), true
	},
	"Rank": func(ctx context.Context, s store.Store, ws string) (error, bool) {
		c, ok := s.(store.Ranker)
		if !ok {
			return nil, false
		}
		q, err := search.Parse("lee", search.Options{})
		if err == nil {
			_, _, err = c.Rank(ctx, ws, q, nil, 1)
		}
		return err, true
	},
	"RankContacts": func(ctx context.Context, s store.Store, ws string) (error, bool) {
		c, ok := s.(store.RankReader)
		if !ok {
			return nil, false
		}
		q, err := search.Parse("lee", search.Options{})
		if err == nil {
			_, _, _, err = c.RankContacts(ctx, ws, q, nil, 1)
		}
		return err, true
	},
	"LastActivities": func(ctx context.Context, s store.Store, ws string) (error, bool) {
		c, ok := s.(store.RecencyReader)
		if !ok {
			return nil, false
		}
		return drained(c.LastActivities(ctx, ws)), true
	},
	"Check": func(ctx context.Context, s store.Store, ws string) (error, bool) {
		c, ok := s.(store.Checker)
		if !ok {
			return nil, false
		}
		return drained(c.Check(ctx, ws, keysOf)), true
	},
	"Rebuild": func(ctx context.Context, s store.Store, ws string) (error, bool) {
		c, ok := s.(store.Rebuilder)
		if !ok {
			return nil, false
		}
		return c.Rebuild(ctx, ws, keysOf), true
	},
	"RecordKinds": func(ctx context.Context, s store.Store, ws string) (error, bool) {
		c, ok := s.(store.KindLister)
		if !ok {
			return nil, false
		}
		_, err := c.RecordKinds(ctx, ws)
		return err, true
	},
	"Replicate": func(ctx context.Context, s store.Store, ws string) (error, bool) {
		c, ok := s.(store.Replica)
		if !ok {
			return nil, false
		}
		return c.Replicate(ctx, ws, &store.Piece{After: 1}), true
	},
	"Watch": func(ctx context.Context, s store.Store, ws string) (error, bool) {
		c, ok := s.(store.Watcher)
		if !ok {
			return nil, false
		}
		return c.Watch(ctx, ws, 0), true // the workspace has an entry
	},
}

func keysOf(c *contacts.Contact) []contacts.Key { return contacts.Keys(nil, c) }

// drained ranges over all and returns the error at the end.
func drained[T any](seq iter.Seq2[T, error]) (last error) {
	for _, err := range seq {
		last = err
	}
	return last
}

func capabilityCases() group {
	g := group{name: "Capabilities"}
	for _, name := range slices.Sorted(maps.Keys(capabilities)) {
		call := capabilities[name]
		g.cases = append(g.cases, testCase{name + " of a workspace", "a store that has the capability serves it, and answers errors as the methods of Store do", func(k *kit) {
			k.add(person("a", "Lee"))
			check := func(what string, err error, want error) {
				k.Helper()
				if want == nil {
					k.ok(err)
				} else {
					k.Log(what)
					k.is(err, want)
				}
			}
			err, ok := call(k.ctx, k.s, k.ws)
			if !ok || errors.Is(err, errors.ErrUnsupported) {
				return // what does without it is tested with the function that falls back
			}
			check("as it should be", err, nil)
			for _, ws := range malformed(store.MaxWorkspace) {
				err, _ := call(k.ctx, k.s, ws)
				check("a malformed workspace", err, store.ErrInvalid)
			}
			ctx, cancel := context.WithCancel(k.ctx)
			cancel()
			err, _ = call(ctx, k.s, k.ws)
			check("a context that ended", err, context.Canceled)
			s := k.harness.Open(k)
			k.ok(s.Close())
			err, _ = call(k.ctx, s, k.ws)
			check("a closed store", err, store.ErrClosed)
		}})
	}
	return g
}
