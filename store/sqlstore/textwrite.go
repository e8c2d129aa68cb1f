package sqlstore

import (
	"bytes"
	"context"
	"database/sql"
	"encoding/binary"
	"errors"
	"iter"
	"math/rand/v2"
	"slices"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
)

// SettleText makes or drops the text indexes, as [Options.Text] says. A store
// does it when it is opened.
func (s *Store) SettleText(ctx context.Context) error {
	if s.texts.mode == TextAsIs {
		return nil
	}
	names := func(query string) (list []string, err error) {
		err = s.reading(ctx, "read index", func(ctx context.Context, c *session) error {
			list = nil
			return c.query(ctx, query, nil, func(scan func(...any) error) error {
				var ws string
				err := scan(&ws)
				list = append(list, ws)
				return err
			})
		})
		return list, err
	}
	indexed, err := names("SELECT ws FROM ec_index WHERE block = 0")
	if err != nil {
		return err
	}
	if s.texts.mode == TextOff {
		for _, ws := range indexed {
			if err := s.writeText(ctx, ws, func(t *transaction, ctx context.Context, _ place) error { return t.dropText(ctx) }); err != nil {
				return err
			}
		}
		return nil
	}
	all, err := names("SELECT ws FROM ec_head WHERE seq > 0")
	for _, ws := range all {
		if err == nil && !slices.Contains(indexed, ws) {
			_, err = s.buildText(ctx, ws)
		}
	}
	return err
}

// writeText runs a transaction that writes the index of a workspace, whose
// writers wait meanwhile. head is the end of the log.
func (s *Store) writeText(ctx context.Context, ws string, write func(t *transaction, ctx context.Context, head place) error) error {
	_, _, err := s.transact(ctx, "write index", ws, &store.Batch{}, &prepared{}, func(t *transaction, ctx context.Context) (store.Result, error) {
		head, err := readPlace(ctx, t.c, ws, s.d.ForUpdate)
		if err == nil {
			err = write(t, ctx, head)
		}
		return store.Result{}, err
	})
	return err
}

// buildText makes the index of a workspace where there is none, and returns
// the row of its manifest.
func (s *Store) buildText(ctx context.Context, ws string) (body []byte, err error) {
	err = s.writeText(ctx, ws, func(t *transaction, ctx context.Context, head place) error {
		body = nil
		found, err := t.c.one(ctx, manifestSQL, []any{ws}, &body)
		if err != nil || found {
			return err // another process was first
		}
		body, err = t.buildText(ctx, head)
		return err
	})
	return body, err
}

// buildText makes the index from all contacts.
func (t *transaction) buildText(ctx context.Context, head place) (body []byte, err error) {
	all := func(yield func(*contacts.Contact, error) bool) {
		for last, n := "", scanPage; n == scanPage; {
			var page []*contacts.Contact
			n = 0
			err := t.c.query(ctx, scanSQL, []any{t.ws, last, scanPage}, func(scan func(...any) error) error {
				var body sql.RawBytes
				if err := scan(&last, &body); err != nil {
					return err
				}
				n++
				if c, err := contacts.Decode(contacts.ID(last), body); err == nil { // else it is lost, and Check says so
					page = append(page, c)
				}
				return t.outer.Err()
			})
			if err != nil {
				yield(nil, err)
				return
			}
			for _, c := range page {
				if !yield(c, nil) {
					return
				}
			}
		}
	}
	// The numbers of segments must be others than those of an index that was
	// dropped, of which somebody may have blocks in memory still.
	for change, err := range search.BuildStored(1+rand.Int64N(1<<37), all) {
		if err != nil {
			return nil, err
		}
		body = joinManifest(head, change.Manifest)
		if err := t.writeChange(ctx, change, body); err != nil {
			return nil, err
		}
	}
	return body, nil
}

// flushText writes what is in the tail of the index as a segment.
func (s *Store) flushText(ctx context.Context, ws string, t *textIndex) error {
	change, err := t.x.Flush(ctx, s.readContacts(ctx, ws))
	if err != nil {
		return err
	}
	body := joinManifest(t.at, change.Manifest)
	err = s.writeText(ctx, ws, func(tx *transaction, ctx context.Context, _ place) error {
		var now []byte
		if _, err := tx.c.one(ctx, manifestSQL, []any{ws}, &now); err != nil {
			return err
		}
		if !bytes.Equal(now, t.manifest) { // another process was first, or somebody was erased
			return search.ErrStored
		}
		if err := tx.exec(ctx, "DELETE FROM ec_index WHERE ws = ? AND block >= ? AND block < 0", ws, t.noted); err != nil {
			return err
		}
		return tx.writeChange(ctx, change, body)
	})
	if err != nil {
		return err
	}
	return s.openText(ctx, ws, t, body)
}

// blockBytes is how many bytes of blocks are sent at once.
const blockBytes = 1 << 20

// writeChange writes and drops blocks and puts the manifest in the place of
// the one before.
func (t *transaction) writeChange(ctx context.Context, change *search.Change, manifest []byte) error {
	var single []int64
	for _, d := range change.Drop {
		if d[1] == d[0]+1 {
			single = append(single, d[0])
			continue
		}
		if err := t.exec(ctx, "DELETE FROM ec_index WHERE ws = ? AND block >= ? AND block < ?", t.ws, d[0], d[1]); err != nil {
			return err
		}
	}
	err := lists(len(single), func(from, to, size int) error {
		args := []any{t.ws}
		for _, n := range single[from:to] {
			args = append(args, n)
		}
		return t.exec(ctx, "DELETE FROM ec_index WHERE ws = ? AND block IN ("+marks(size)+")", fill(args, 1+size)...)
	})
	if err != nil {
		return err
	}
	for from := 0; from < len(change.Blocks); {
		to, size := from, 0
		for to < len(change.Blocks) && (to == from || size+len(change.Blocks[to]) <= blockBytes) {
			size += len(change.Blocks[to])
			to++
		}
		err := t.insert(ctx, indexRows, to-from, func(args []any, i int) []any {
			return append(args, t.ws, change.Numbers[from+i], change.Blocks[from+i])
		})
		if err != nil {
			return err
		}
		from = to
	}
	if err := t.exec(ctx, "DELETE FROM ec_index WHERE ws = ? AND block = 0", t.ws); err != nil {
		return err
	}
	return t.exec(ctx, "INSERT INTO "+indexRows+" VALUES (?, 0, ?)", t.ws, manifest)
}

func (t *transaction) dropText(ctx context.Context) error {
	return t.exec(ctx, "DELETE FROM ec_index WHERE ws = ?", t.ws)
}

// eraseText takes what there is of contacts whose values are erased out of the
// segments. It runs when the contacts are written.
func (t *transaction) eraseText(ctx context.Context, ids []contacts.ID) error {
	if len(ids) == 0 {
		return nil
	}
	var body []byte
	if found, err := t.c.one(ctx, manifestSQL, []any{t.ws}, &body); err != nil || !found {
		return err
	}
	at, manifest, err := splitManifest(body)
	var change *search.Change
	if err == nil {
		read := func(ctx context.Context, numbers []int64) ([][]byte, error) { return blocksOf(ctx, t.c, t.ws, numbers) }
		var x *search.Stored
		if x, err = search.OpenStored(ctx, manifest, search.Blocks{Read: read, Cache: search.NewBlockCache(0)}); err == nil {
			change, err = x.Without(ctx, ids, t.contactsOf(ctx))
		}
	}
	if errors.Is(err, search.ErrStored) { // nothing may stay of it
		return t.dropText(ctx)
	}
	if err != nil {
		return err
	}
	return t.writeChange(ctx, change, joinManifest(at, change.Manifest))
}

// contactsOf reads contacts inside the transaction.
func (t *transaction) contactsOf(ctx context.Context) search.ReadContacts {
	return func(ids []contacts.ID) iter.Seq2[*contacts.Contact, error] {
		return func(yield func(*contacts.Contact, error) bool) {
			var list []*contacts.Contact
			err := byIDs(ctx, t.c, t.ws, "SELECT id, body FROM ec_contacts WHERE ws = ? AND id IN (", ids, func(scan func(...any) error) error {
				one, err := scanContact(scan)
				list = append(list, one)
				return err
			})
			if err = errors.Join(err, t.outer.Err()); err != nil {
				yield(nil, err)
				return
			}
			for _, c := range list {
				if !yield(c, nil) {
					return
				}
			}
		}
	}
}

// rebuildText makes the index anew, where there is one.
func (t *transaction) rebuildText(ctx context.Context) error {
	one := 0
	if found, err := t.c.one(ctx, "SELECT 1 FROM ec_index WHERE ws = ? LIMIT 1", []any{t.ws}, &one); err != nil || !found {
		return err
	}
	if err := t.dropText(ctx); err != nil {
		return err
	}
	head, err := readPlace(ctx, t.c, t.ws, "")
	if err == nil {
		_, err = t.buildText(ctx, head)
	}
	return err
}

// A note is a row with a number below zero, the newest one with the least: the
// ids of contacts that were written and that no change of the log names. The
// books of this library write none. The number is that of no note that was
// there before, as the time goes on.

// noteText notes contacts, where there is an index.
func (t *transaction) noteText(ctx context.Context, ids []contacts.ID) error {
	if len(ids) == 0 {
		return nil
	}
	var least sql.NullInt64
	if _, err := t.c.one(ctx, "SELECT MIN(block) FROM ec_index WHERE ws = ?", []any{t.ws}, &least); err != nil || !least.Valid {
		return err
	}
	var body []byte
	for _, id := range ids {
		body = append(binary.AppendUvarint(body, uint64(len(id))), id...)
	}
	return t.exec(ctx, "INSERT INTO "+indexRows+" VALUES (?, ?, ?)", t.ws, min(least.Int64-1, -time.Now().UnixMicro()), body)
}

func splitNote(body []byte) (ids []contacts.ID) {
	for len(body) > 0 {
		n, size := binary.Uvarint(body)
		if size <= 0 || n > uint64(len(body)-size) {
			return ids // damaged: Check says so
		}
		ids = append(ids, contacts.ID(body[size:size+int(n)]))
		body = body[size+int(n):]
	}
	return ids
}

// unnamed are the contacts written that no change names. Changes mostly come in
// the order of the puts.
func unnamed(puts []store.Put, changes []contacts.Change) (ids []contacts.ID) {
	var named map[contacts.ID]bool
	next := 0
	for i := range puts {
		id := puts[i].Contact.ID
		if next < len(changes) && changes[next].Contact == id {
			for next < len(changes) && changes[next].Contact == id {
				next++
			}
			continue
		}
		if named == nil {
			named = make(map[contacts.ID]bool, len(changes))
			for j := range changes {
				named[changes[j].Contact] = true
			}
		}
		if !named[id] {
			ids = append(ids, id)
		}
	}
	return ids
}
