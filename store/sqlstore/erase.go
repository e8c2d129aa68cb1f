package sqlstore

import (
	"context"
	"database/sql"
	"encoding/json"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// erase destroys the values of the logged changes and the activities of the
// contacts that the batch erases. It looks at the entries before this one.
func (t *transaction) erase(ctx context.Context) error {
	ids := t.b.Erased()
	if len(ids) == 0 {
		return nil
	}
	var seqs []int64
	add := func(scan func(...any) error) error {
		var seq int64
		err := scan(&seq)
		seqs = append(seqs, seq)
		return err
	}
	for _, query := range []string{
		"SELECT created_seq FROM ec_contacts WHERE ws = ? AND id IN (",
		"SELECT seq FROM ec_touched WHERE ws = ? AND id IN (",
	} {
		if err := byIDs(ctx, t.c, t.ws, query, ids, add); err != nil {
			return err
		}
	}
	slices.Sort(seqs)
	for _, seq := range slices.Compact(seqs) {
		if err := t.eraseEntry(ctx, seq); err != nil {
			return err
		}
	}
	for _, id := range sortedIDs(slices.Clone(t.b.Erase)) {
		if err := t.eraseActivities(ctx, id); err != nil {
			return err
		}
	}
	return t.eraseText(ctx, ids)
}

// eraseEntry takes the values out of those of an entry's changes that the batch
// erases.
func (t *transaction) eraseEntry(ctx context.Context, seq int64) error {
	var body sql.RawBytes
	var changes []contacts.Change
	err := t.c.query(ctx, "SELECT body FROM ec_log WHERE ws = ? AND seq = ?", []any{t.ws, seq}, func(scan func(...any) error) (err error) {
		if err = scan(&body); err == nil {
			changes, err = store.DecodeChanges(body)
		}
		return err
	})
	if err != nil {
		return err
	}
	held := false
	for i := range changes {
		if c := &changes[i]; t.b.Erases(c) {
			before := *c
			store.EraseChange(c)
			held = held || *c != before
		}
	}
	if !held {
		return nil
	}
	return t.exec(ctx, "UPDATE ec_log SET body = ? WHERE ws = ? AND seq = ?", store.AppendChanges(nil, changes), t.ws, seq)
}

// eraseActivities keeps of a contact's activities what is no personal data.
func (t *transaction) eraseActivities(ctx context.Context, contact contacts.ID) error {
	var list []contacts.Activity
	err := t.c.query(ctx, "SELECT body, at FROM ec_activities WHERE ws = ? AND contact = ?", []any{t.ws, string(contact)},
		func(scan func(...any) error) error {
			a, err := scanActivity(scan)
			list = append(list, contacts.Activity{ID: a.ID, Contact: a.Contact, Kind: a.Kind, At: a.At, Status: a.Status})
			return err
		})
	if err != nil || len(list) == 0 {
		return err
	}
	if err := t.exec(ctx, "DELETE FROM ec_activities WHERE ws = ? AND contact = ?", t.ws, string(contact)); err != nil {
		return err
	}
	return t.insertActivities(ctx, list)
}

// insertActivities inserts rows that are not there.
func (t *transaction) insertActivities(ctx context.Context, list []contacts.Activity) error {
	bodies := make([][]byte, len(list))
	for i := range list {
		body, err := json.Marshal(&list[i])
		if err != nil {
			return err
		}
		bodies[i] = body
	}
	return t.insert(ctx, activityRows, len(list), func(args []any, i int) []any {
		a := &list[i]
		return append(args, t.ws, string(a.ID), string(a.Contact), micros(a.At), refHash(a.Ref), a.Ref, string(a.Kind), bodies[i])
	})
}
