package sqlstore

import (
	"context"
	"slices"

	"github.com/extcontacts/extcontacts/store"
)

const recordColumns = "SELECT name, rev, body FROM ec_records WHERE ws = ? AND kind = ?"

// Records returns records; see [store.Store].
func (s *Store) Records(ctx context.Context, workspace string, kind string, keys ...string) ([]store.Record, error) {
	if err := store.CheckWorkspace(workspace); err != nil {
		return nil, err
	}
	if err := store.CheckRecords(kind, keys...); err != nil {
		return nil, err
	}
	var out []store.Record
	err := s.reading(ctx, "read records", func(ctx context.Context, c *session) error {
		out = nil
		row := func(scan func(...any) error) error {
			r := store.Record{Kind: kind, Body: []byte{}}
			err := scan(&r.Key, &r.Rev, &r.Body)
			out = append(out, r)
			return err
		}
		ctx = s.inner(ctx)
		if len(keys) == 0 {
			return c.query(ctx, recordColumns+" ORDER BY name", []any{workspace, kind}, row)
		}
		sorted := slices.Clone(keys)
		slices.Sort(sorted)
		return byNames(ctx, c, workspace, kind, recordColumns, slices.Compact(sorted), " ORDER BY name", row)
	})
	if err != nil {
		return nil, err
	}
	return out, nil
}

// byNames runs a query that ends in an IN list of keys of one kind.
func byNames(ctx context.Context, c *session, ws, kind, query string, names []string, end string, row func(scan func(...any) error) error) error {
	args := make([]any, 0, 2+inList)
	return lists(len(names), func(from, to, size int) error {
		args = nameArgs(args, ws, kind, names[from:to], size)
		return c.query(ctx, query+" AND name IN ("+marks(size)+")"+end, args, row)
	})
}

func nameArgs(args []any, ws, kind string, names []string, size int) []any {
	args = append(args[:0], ws, kind)
	for _, n := range names {
		args = append(args, n)
	}
	return fill(args, 2+size)
}

type recordName struct{ kind, key string }

// recordKinds returns the keys of the batch's records by kind, both sorted.
func (t *transaction) recordKinds() (kinds []string, keys map[string][]string) {
	keys = map[string][]string{}
	for _, r := range t.b.Records {
		keys[r.Kind] = append(keys[r.Kind], r.Key)
	}
	for kind, list := range keys {
		slices.Sort(list)
		kinds = append(kinds, kind)
	}
	slices.Sort(kinds)
	return kinds, keys
}

// checkRecords checks the revisions that the batch expects of records.
func (t *transaction) checkRecords(ctx context.Context) error {
	if len(t.b.Records) == 0 {
		return nil
	}
	t.revs = map[recordName]int64{}
	kinds, keys := t.recordKinds()
	for _, kind := range kinds {
		err := byNames(ctx, t.c, t.ws, kind, "SELECT name, rev FROM ec_records WHERE ws = ? AND kind = ?", keys[kind], "",
			func(scan func(...any) error) error {
				var key string
				var rev int64
				err := scan(&key, &rev)
				t.revs[recordName{kind, key}] = rev
				return err
			})
		if err != nil {
			return err
		}
	}
	for i := range t.b.Records {
		r := &t.b.Records[i]
		if r.Base != store.AnyRev && t.revs[recordName{r.Kind, r.Key}] != r.Base {
			t.conflict.Records = append(t.conflict.Records, r.Kind+"/"+r.Key)
		}
	}
	return nil
}

// writeRecords replaces the rows of the batch's records.
func (t *transaction) writeRecords(ctx context.Context) error {
	args := make([]any, 0, 2+inList)
	if len(t.revs) > 0 {
		kinds, keys := t.recordKinds()
		for _, kind := range kinds {
			err := lists(len(keys[kind]), func(from, to, size int) error {
				args = nameArgs(args, t.ws, kind, keys[kind][from:to], size)
				return t.exec(ctx, "DELETE FROM ec_records WHERE ws = ? AND kind = ? AND name IN ("+marks(size)+")", args...)
			})
			if err != nil {
				return err
			}
		}
	}
	var puts []*store.RecordPut
	for i := range t.b.Records {
		if t.b.Records[i].Body != nil {
			puts = append(puts, &t.b.Records[i])
		}
	}
	return t.insert(ctx, recordRows, len(puts), func(args []any, i int) []any {
		r := puts[i]
		return append(args, t.ws, r.Kind, r.Key, t.revs[recordName{r.Kind, r.Key}]+1, r.Body)
	})
}
