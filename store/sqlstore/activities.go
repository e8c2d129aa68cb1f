package sqlstore

import (
	"cmp"
	"context"
	"encoding/json"
	"math"
	"slices"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// Activities returns activities; see [store.Store].
func (s *Store) Activities(ctx context.Context, workspace string, q store.ActivityQuery) ([]contacts.Activity, error) {
	if err := store.CheckWorkspace(workspace); err != nil {
		return nil, err
	}
	if err := q.Check(); err != nil {
		return nil, err
	}
	var out []contacts.Activity
	err := s.reading(ctx, "read activities", func(ctx context.Context, c *session) error {
		out = nil
		row := func(scan func(...any) error) error {
			a, err := scanActivity(scan)
			out = append(out, a)
			return err
		}
		ctx = s.inner(ctx)
		if len(q.IDs) > 0 {
			return byIDs(ctx, c, workspace, "SELECT body, at FROM ec_activities WHERE ws = ? AND id IN (", sortedIDs(q.IDs), row)
		}
		wanted := sortedIDs(q.Contacts)
		for from := 0; from < len(wanted); from += timelines {
			query, args := timelineSQL(&s.d, workspace, wanted[from:min(from+timelines, len(wanted))], &q)
			if err := c.query(ctx, query, args, row); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	if len(q.IDs) > 0 {
		return inOrder(out, q.IDs), nil
	}
	slices.SortFunc(out, func(a, b contacts.Activity) int {
		if q.Oldest {
			a, b = b, a
		}
		return cmp.Or(b.At.Compare(a.At), strings.Compare(string(b.ID), string(a.ID)))
	})
	if n := limit(q.Limit); len(out) > n {
		out = out[:n:n]
	}
	return out, nil
}

// inOrder puts activities into the order of ids.
func inOrder(list []contacts.Activity, ids []contacts.ID) []contacts.Activity {
	byID := make(map[contacts.ID]*contacts.Activity, len(list))
	for i := range list {
		byID[list[i].ID] = &list[i]
	}
	out := make([]contacts.Activity, 0, len(list))
	for _, id := range ids {
		if a := byID[id]; a != nil {
			out = append(out, *a)
			out[len(out)-1].Agents = slices.Clone(a.Agents)
		}
	}
	return out
}

// timelines is the number of contacts whose activities one statement reads.
const timelines = 32

// timelineSQL makes one query of a page of each contact's activities, each of
// which an index answers in order.
func timelineSQL(d *Dialect, ws string, ids []contacts.ID, q *store.ActivityQuery) (string, []any) {
	at, id := int64(math.MaxInt64), ""
	order := " AND at <= ? AND (at < ? OR id < ?) ORDER BY at DESC, id DESC LIMIT ?"
	if q.Oldest {
		at, order = math.MinInt64, " AND at >= ? AND (at > ? OR id > ?) ORDER BY at, id LIMIT ?"
	}
	if !q.BeforeAt.IsZero() {
		at, id = micros(q.BeforeAt), string(q.BeforeID)
	}
	before, after := "SELECT * FROM (", ") AS t"
	if d.Parens {
		before, after = "(", ")"
	}
	var b strings.Builder
	var args []any
	for i, contact := range ids {
		if i > 0 {
			b.WriteString(" UNION ALL ")
		}
		b.WriteString(before + "SELECT body, at FROM ec_activities WHERE ws = ? AND contact = ?")
		args = append(args, ws, string(contact))
		if q.Ref != "" {
			b.WriteString(" AND ref_hash = ? AND ref = ?")
			args = append(args, refHash(q.Ref), q.Ref)
		}
		if len(q.Kinds) > 0 {
			b.WriteString(" AND kind IN (" + marks(len(q.Kinds)) + ")")
			for _, k := range q.Kinds {
				args = append(args, string(k))
			}
		}
		b.WriteString(order + after)
		args = append(args, at, at, id, limit(q.Limit))
	}
	return b.String(), args
}

// refHash stands for a reference of any length in an index; 0 for none.
func refHash(ref string) int64 {
	if ref == "" {
		return 0
	}
	return int64(digestOf(contacts.Key{Kind: "ref", Value: ref}).prefix())
}

func scanActivity(scan func(...any) error) (a contacts.Activity, err error) {
	var body []byte
	var at int64
	if err := scan(&body, &at); err != nil {
		return a, err
	}
	err = json.Unmarshal(body, &a)
	a.At = fromMicros(at)
	return a, err
}

// activityIDs returns the ids of the batch's activities in ascending order.
func (t *transaction) activityIDs() []contacts.ID {
	ids := make([]contacts.ID, len(t.b.Activities))
	for i := range t.b.Activities {
		ids[i] = t.b.Activities[i].ID
	}
	slices.Sort(ids)
	return ids
}

// checkActivities checks that activities stay on their contact. It reads the
// kind as well since that is in no index: SQLite would walk all of one that
// has all it needs rather than look up many ids in another.
func (t *transaction) checkActivities(ctx context.Context) error {
	if len(t.b.Activities) == 0 {
		return nil
	}
	t.owners = map[contacts.ID]contacts.ID{}
	err := byIDs(ctx, t.c, t.ws, "SELECT id, contact, kind FROM ec_activities WHERE ws = ? AND id IN (", t.activityIDs(),
		func(scan func(...any) error) error {
			var id, contact, kind string
			err := scan(&id, &contact, &kind)
			t.owners[contacts.ID(id)] = contacts.ID(contact)
			return err
		})
	if err != nil {
		return err
	}
	for i := range t.b.Activities {
		if c, ok := t.owners[t.b.Activities[i].ID]; ok && c != t.b.Activities[i].Contact {
			t.conflict.IDs = append(t.conflict.IDs, c)
		}
	}
	return nil
}

// writeActivities replaces the rows of the batch's activities.
func (t *transaction) writeActivities(ctx context.Context) error {
	if len(t.owners) > 0 {
		args := make([]any, 0, 1+inList)
		ids := t.activityIDs()
		err := lists(len(ids), func(from, to, size int) error {
			args = append(args[:0], t.ws)
			for _, id := range ids[from:to] {
				args = append(args, string(id))
			}
			return t.exec(ctx, "DELETE FROM ec_activities WHERE ws = ? AND id IN ("+marks(size)+")", fill(args, 1+size)...)
		})
		if err != nil {
			return err
		}
	}
	return t.insertActivities(ctx, t.b.Activities)
}
