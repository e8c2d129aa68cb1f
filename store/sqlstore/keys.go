package sqlstore

import (
	"cmp"
	"context"
	"encoding/binary"
	"maps"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

func digestsOf(keys []contacts.Key) []digest {
	out := make([]digest, len(keys))
	for i, k := range keys {
		out[i] = digestOf(k)
	}
	return out
}

// Lookup returns the holders of keys; see [store.Store].
func (s *Store) Lookup(ctx context.Context, workspace string, keys ...contacts.Key) ([][]contacts.ID, error) {
	if err := store.CheckWorkspace(workspace); err != nil {
		return nil, err
	}
	if err := store.CheckKeys(keys...); err != nil {
		return nil, err
	}
	out := make([][]contacts.ID, len(keys))
	if len(keys) == 0 {
		return out, nil
	}
	digests := digestsOf(keys)
	var found map[digest][]contacts.ID
	err := s.reading(ctx, "look up", func(ctx context.Context, c *session) (err error) {
		found, err = s.holders(s.inner(ctx), ctx, c, workspace, digests, false)
		return err
	})
	if err != nil {
		return nil, err
	}
	if len(found) > 0 {
		for i, d := range digests {
			out[i] = slices.Clone(found[d])
		}
	}
	return out, nil
}

// holders reads who holds the keys, each list of ids in ascending order.
// outer is looked at between statements, ctx is theirs. locked says that
// nobody can write to the workspace meanwhile.
func (s *Store) holders(ctx, outer context.Context, c *session, ws string, digests []digest, locked bool) (map[digest][]contacts.ID, error) {
	sorted := slices.Clone(digests)
	slices.SortFunc(sorted, digest.compare)
	sorted = slices.Compact(sorted)
	everywhere := c.d.anyRuns()
	if len(sorted) <= c.d.fewKeys() {
		return readHolders(ctx, outer, c, ws, sorted, keyLevels, &everywhere)
	}
	// Many keys are looked for on those levels and in those runs alone that
	// there are. They are read by several statements, between which a batch may
	// move keys: if one came they are looked for again, in the end everywhere.
	for range 3 {
		var before, after int64
		if err := headSeq(ctx, c, ws, &before); err != nil {
			return nil, err
		}
		depth, err := keyDepth(ctx, c, ws)
		if err != nil {
			return nil, err
		}
		runs, err := readRuns(ctx, outer, c, ws)
		if err != nil {
			return nil, err
		}
		found, err := readHolders(ctx, outer, c, ws, sorted, depth, &runs)
		if err != nil || locked {
			return found, err
		}
		if err := headSeq(ctx, c, ws, &after); err != nil || before == after {
			return found, err
		}
	}
	found := map[digest][]contacts.ID{}
	for part := range slices.Chunk(sorted, c.d.fewKeys()) {
		some, err := readHolders(ctx, outer, c, ws, part, keyLevels, &everywhere)
		if err != nil {
			return nil, err
		}
		maps.Copy(found, some)
	}
	return found, nil
}

func headSeq(ctx context.Context, c *session, ws string, seq *int64) error {
	_, err := c.one(ctx, "SELECT seq FROM ec_head WHERE ws = ?", []any{ws}, seq)
	return err
}

// readHolders reads the nodes of the first levels on the paths of sorted keys,
// and those of the runs.
func readHolders(ctx, outer context.Context, c *session, ws string, sorted []digest, levels int, runs *runTable) (map[digest][]contacts.ID, error) {
	found := map[digest][]contacts.ID{}
	prefix := func(i int) uint64 { return sorted[i].prefix() }
	nodes := runs.nodes(pathNodes(len(sorted), levels, prefix), len(sorted), prefix)
	err := readNodes(ctx, outer, c, ws, nodes, func(node int64, body []byte) {
		first, shift := span(node)
		i, _ := slices.BinarySearchFunc(sorted, first, func(d digest, first uint64) int { return cmp.Compare(d.prefix()>>shift, first) })
		eachHeld(body, sorted[i:], func(d digest, text []byte) { found[d] = append(found[d], holder(text)) })
	})
	if err != nil {
		return nil, err
	}
	orderHolders(found)
	return found, nil
}

// eachHeld calls f for the entries of sorted keys in the body of a node, which
// is some sorted stretches.
func eachHeld(body []byte, keys []digest, f func(d digest, text []byte)) {
	want, last := keys, uint64(0)
	for len(body) > 0 {
		text, rest := cutKeyEntry(body)
		if text == nil {
			return
		}
		body = rest
		prefix := binary.BigEndian.Uint64(text)
		if prefix < last {
			want = keys
		}
		last = prefix
		for len(want) > 0 && want[0].prefix() < prefix {
			want = want[1:]
		}
		for i := 0; i < len(want) && want[i].prefix() == prefix; i++ {
			if want[i] == digest(text) {
				f(want[i], text)
			}
		}
	}
}

// orderHolders sorts lists that were gathered from several nodes.
func orderHolders(found map[digest][]contacts.ID) {
	for d, ids := range found {
		slices.Sort(ids)
		found[d] = slices.Compact(ids)
	}
}

// fill repeats the last value until there are n: to name a value twice in an
// IN list changes nothing.
func fill(args []any, n int) []any {
	for len(args) < n {
		args = append(args, args[len(args)-1])
	}
	return args
}

// checkUnique checks, after all keys of the batch were written, that each
// value of a unique kind that the batch added has one holder.
func (t *transaction) checkUnique(ctx context.Context) error {
	if len(t.b.Unique) == 0 {
		return nil
	}
	kinds := map[digest]contacts.KeyKind{}
	adders := map[digest][]contacts.ID{}
	var want []digest
	for i := range t.b.Put {
		p := &t.b.Put[i]
		for _, k := range p.Add {
			if !slices.Contains(t.b.Unique, k.Kind) {
				continue
			}
			d := digestOf(k)
			kinds[d] = k.Kind
			if list := adders[d]; len(list) == 0 || list[len(list)-1] != p.Contact.ID {
				adders[d] = append(list, p.Contact.ID)
			}
			want = append(want, d)
		}
	}
	if len(want) == 0 {
		return nil
	}
	found, err := t.s.holders(ctx, t.outer, t.c, t.ws, want, true)
	if err != nil {
		return err
	}
	var conflict store.ConflictError
	for d, kind := range kinds {
		ids := found[d]
		if len(ids) < 2 {
			continue
		}
		conflict.Keys = append(conflict.Keys, kind)
		for _, id := range ids {
			if !slices.Contains(adders[d], id) || len(adders[d]) > 1 {
				conflict.IDs = append(conflict.IDs, id)
			}
		}
	}
	if len(conflict.Keys) == 0 {
		return nil
	}
	slices.Sort(conflict.Keys)
	conflict.Keys = slices.Compact(conflict.Keys)
	slices.Sort(conflict.IDs)
	conflict.IDs = slices.Compact(conflict.IDs)
	return &conflict
}
