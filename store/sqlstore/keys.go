package sqlstore

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/binary"
	"slices"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// digest stands for an identity key in ec_keys: the first 128 bits of the
// SHA-256 of kind, NUL and value, as two integers.
type digest struct{ d1, d2 int64 }

func digestOf(k contacts.Key) digest {
	var buf [128]byte
	b := append(append(append(buf[:0], k.Kind...), 0), k.Value...)
	h := sha256.Sum256(b)
	return digest{int64(binary.BigEndian.Uint64(h[:8])), int64(binary.BigEndian.Uint64(h[8:16]))}
}

func (d digest) compare(e digest) int {
	return cmp.Or(cmp.Compare(d.d1, e.d1), cmp.Compare(d.d2, e.d2))
}

// keyRow is a row of ec_keys without the workspace.
type keyRow struct {
	digest
	n int64
}

func (k keyRow) compare(l keyRow) int {
	return cmp.Or(k.digest.compare(l.digest), cmp.Compare(k.n, l.n))
}

// lookupSQL is completed by a list of d1. The join is written as CROSS JOIN
// so that SQLite keeps the order of the tables.
const lookupSQL = "SELECT k.d1, k.d2, c.id FROM ec_keys k CROSS JOIN ec_contacts c" +
	" WHERE k.ws = ? AND c.ws = k.ws AND c.n = k.n AND k.d1 IN ("

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
	digests := make([]digest, len(keys))
	for i, k := range keys {
		digests[i] = digestOf(k)
	}
	var found map[digest][]contacts.ID
	err := s.reading(ctx, "look up", func(ctx context.Context, c *session) (err error) {
		found, err = s.holders(s.inner(ctx), ctx, c, workspace, digests)
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
// outer is looked at between statements, ctx is theirs.
func (s *Store) holders(ctx, outer context.Context, c *session, ws string, digests []digest) (map[digest][]contacts.ID, error) {
	sorted := slices.Clone(digests)
	slices.SortFunc(sorted, digest.compare)
	sorted = slices.Compact(sorted)
	found := map[digest][]contacts.ID{}
	row := func(scan func(...any) error) error {
		var d digest
		var id string
		if err := scan(&d.d1, &d.d2, &id); err != nil {
			return err
		}
		found[d] = append(found[d], contacts.ID(id))
		return nil
	}
	args := make([]any, 0, 1+inList)
	err := lists(len(sorted), func(from, to, size int) error {
		if err := outer.Err(); err != nil {
			return err
		}
		args = append(args[:0], ws)
		for _, d := range sorted[from:to] {
			args = append(args, d.d1)
		}
		args = fill(args, 1+size)
		return c.query(ctx, lookupSQL+marks(size)+")", args, row)
	})
	if err != nil {
		return nil, err
	}
	for d, ids := range found {
		slices.Sort(ids)
		found[d] = slices.Compact(ids)
	}
	return found, nil
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
			adders[d] = append(adders[d], p.Contact.ID)
			want = append(want, d)
		}
	}
	if len(want) == 0 {
		return nil
	}
	found, err := t.s.holders(ctx, t.outer, t.c, t.ws, want)
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
			if !slices.Contains(adders[d], id) || len(ids) == len(adders[d]) {
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

// writeKeys takes away what the batch drops and writes what it adds. A key
// that a contact has already may be added again.
func (t *transaction) writeKeys(ctx context.Context) error {
	var add, drop []keyRow
	for i := range t.p.puts {
		p := &t.p.puts[i]
		n := t.numbers[i]
		for _, d := range p.add {
			add = append(add, keyRow{d, n})
		}
		for _, d := range p.drop {
			drop = append(drop, keyRow{d, n})
		}
		if t.b.Put[i].Base > 0 {
			for _, d := range p.add {
				drop = append(drop, keyRow{d, n})
			}
		}
	}
	if len(add)+len(drop) == 0 {
		return nil
	}
	slices.SortFunc(drop, keyRow.compare)
	args := make([]any, 0, 1+3*insertRows)
	err := batches(len(drop), insertRows, func(from, to int) error {
		args = append(args[:0], t.ws)
		for _, k := range drop[from:to] {
			args = append(args, k.d1, k.d2, k.n)
		}
		return t.exec(ctx, dropKeysSQL(&t.s.d, to-from), args...)
	})
	if err != nil {
		return err
	}
	slices.SortFunc(add, keyRow.compare)
	add = slices.Compact(add)
	return t.insert(ctx, keyRows, len(add), func(args []any, i int) []any {
		return append(args, t.ws, add[i].d1, add[i].d2, add[i].n)
	})
}

func dropKeysSQL(d *Dialect, rows int) string {
	return strings.Join([]string{"DELETE FROM ec_keys WHERE ws = ? AND (d1, d2, n) IN (", d.RowsIn, tuples(rows, 3), ")"}, "")
}
