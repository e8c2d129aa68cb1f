package store

import (
	"bytes"
	"context"
	"encoding/json"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
)

// mayHold are the keys that a contact may hold, whatever the schema.
func mayHold(c *contacts.Contact) []contacts.Key {
	fields := make([]string, 0, len(c.Custom))
	for f := range c.Custom {
		fields = append(fields, f)
	}
	return contacts.Keys(nil, c, fields...)
}

// held returns, for each contact, which of its candidates a store says it
// holds.
func held(ctx context.Context, st Store, ws string, list []*contacts.Contact) ([][]contacts.Key, error) {
	var keys []contacts.Key
	var of []int
	for i, c := range list {
		if c != nil {
			for _, k := range mayHold(c) {
				keys, of = append(keys, k), append(of, i)
			}
		}
	}
	out := make([][]contacts.Key, len(list))
	for from := 0; from < len(keys); from += 4096 {
		to := min(from+4096, len(keys))
		holders, err := st.Lookup(ctx, ws, keys[from:to]...)
		if err != nil {
			return nil, err
		}
		for j, ids := range holders {
			i := of[from+j]
			if slices.Contains(ids, list[i].ID) {
				out[i] = append(out[i], keys[from+j])
			}
		}
	}
	return out, nil
}

// timelinesOf reads all activities that are recorded on contacts.
func timelinesOf(ctx context.Context, st Store, ws string, ids []contacts.ID) ([]contacts.Activity, error) {
	const page = 5000
	var out []contacts.Activity
	for part := range slices.Chunk(ids, 256) {
		q := ActivityQuery{Contacts: part, Limit: page}
		for {
			list, err := st.Activities(ctx, ws, q)
			if err != nil {
				return nil, err
			}
			out = append(out, list...)
			if len(list) < page {
				break
			}
			q.BeforeAt, q.BeforeID = list[page-1].At, list[page-1].ID
		}
	}
	return out, nil
}

// sameActivity compares activities by what stores keep of them.
func sameActivity(a, b contacts.Activity) bool {
	a.At, b.At = contacts.Micros(a.At), contacts.Micros(b.At)
	x, err := json.Marshal(a)
	y, err2 := json.Marshal(b)
	return err == nil && err2 == nil && bytes.Equal(x, y)
}
