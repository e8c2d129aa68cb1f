package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// readsEach is the number of reads of a round.
const readsEach = 2000

// reads reads single contacts by id and by phone. The anchor is a prepared
// query by hand on the same driver and the same engine: a table whose rows
// have the id, the phone, each with an index, and the contact as bytes, which
// it does not look into.
func reads(e *env) error {
	ctx := context.Background()
	data, err := cleanFile(e.rows)
	if err != nil {
		return err
	}
	return e.eachPlace(ctx, "reads", true, func(p *place) error {
		st, err := p.open(ctx)
		if err != nil {
			return err
		}
		return errors.Join(e.readsOf(ctx, p, st, data), st.Close())
	})
}

func (e *env) readsOf(ctx context.Context, p *place, st store.Store, data []byte) error {
	s, err := session(ctx, st)
	if err != nil {
		return err
	}
	b := &book{p.engine, s, nil}
	if _, err := b.fill(ctx, bytes.NewReader(data), e.rows, extcontacts.ImportOptions{}); err != nil {
		return err
	}
	ids, phones, err := byHand(ctx, p, st)
	if err != nil {
		return err
	}
	r := rand.New(rand.NewPCG(1, 2))
	pick := make([]int, readsEach)
	for i := range pick {
		pick[i] = r.IntN(len(ids))
	}
	hand := func(column string, values []string) side {
		return here(func() error {
			q, err := p.db.PrepareContext(ctx, "SELECT id, body FROM hand WHERE "+column+" = "+p.param)
			if err != nil {
				return err
			}
			for _, i := range pick {
				var id string
				var body []byte
				if err := q.QueryRowContext(ctx, values[i]).Scan(&id, &body); err != nil {
					return err
				}
			}
			return q.Close()
		})
	}
	ours := func(read func(i int) (*contacts.Contact, error)) side {
		return here(func() error {
			for _, i := range pick {
				c, err := read(i)
				if err != nil {
					return err
				}
				if c == nil {
					return fmt.Errorf("%s is not found", ids[i])
				}
			}
			return nil
		})
	}
	byID := func(id contacts.ID) (*contacts.Contact, error) {
		list, err := st.Contacts(ctx, "default", id)
		if err != nil {
			return nil, err
		}
		return list[0], nil
	}
	for _, c := range []struct {
		name         string
		ours, anchor side
	}{
		{"by id", ours(func(i int) (*contacts.Contact, error) { return byID(contacts.ID(ids[i])) }), hand("id", ids)},
		{"by phone", ours(func(i int) (*contacts.Contact, error) {
			list, err := store.Holders(ctx, st, "default", contacts.Key{Kind: contacts.PhoneKey, Value: phones[i]})
			if err != nil || len(list[0]) == 0 {
				return nil, err
			}
			return list[0][0], nil
		}), hand("phone", phones)},
	} {
		r, err := compareWall(e.rounds, c.ours, c.anchor)
		if err != nil {
			return err
		}
		e.printf("%s", r.line(p.engine+" "+c.name, "the wall time"))
		e.printf("    %.1f us a read, by hand %.1f; target at most 2x: %s\n",
			perMicro(r.ours.wall, readsEach), perMicro(r.anchor.wall, readsEach), verdict(r.ratio <= 2))
	}
	return nil
}

// byHand fills the table that is read by hand with the contacts of the store
// that have a phone.
func byHand(ctx context.Context, p *place, st store.Store) (ids, phones []string, err error) {
	kind, blob := "VARCHAR(64)", "BLOB"
	if p.engine == "PostgreSQL" {
		kind, blob = "TEXT", "BYTEA"
	}
	for _, query := range []string{
		"CREATE TABLE hand (id " + kind + " PRIMARY KEY, phone " + kind + ", body " + blob + ")",
		"CREATE INDEX hand_phone ON hand (phone)",
	} {
		if _, err := p.db.ExecContext(ctx, query); err != nil {
			return nil, nil, err
		}
	}
	tx, err := p.db.BeginTx(ctx, nil)
	if err != nil {
		return nil, nil, err
	}
	defer tx.Rollback()
	params := "?, ?, ?"
	if p.param == "$1" {
		params = "$1, $2, $3"
	}
	insert, err := tx.PrepareContext(ctx, "INSERT INTO hand VALUES ("+params+")")
	if err != nil {
		return nil, nil, err
	}
	for c, err := range st.Scan(ctx, "default", "") {
		if err != nil {
			return nil, nil, err
		}
		if len(c.Phones) == 0 {
			continue
		}
		id, phone := string(c.ID), c.Phones[0].Phone.Number()
		if _, err := insert.ExecContext(ctx, id, phone, contacts.AppendEncoded(nil, c)); err != nil {
			return nil, nil, err
		}
		ids, phones = append(ids, id), append(phones, phone)
	}
	if err := tx.Commit(); err != nil {
		return nil, nil, err
	}
	_, err = p.db.ExecContext(ctx, map[string]string{"SQLite": "ANALYZE hand", "PostgreSQL": "ANALYZE hand", "MariaDB": "ANALYZE TABLE hand"}[p.engine])
	return ids, phones, err
}
