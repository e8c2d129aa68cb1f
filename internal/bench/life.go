package main

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
)

const (
	recordsEach = 300   // activities of a round, one transaction each
	recordsBulk = 5000  // of a round, in transactions of a thousand
	changesOf   = 10000 // changes of the contact whose history is read
)

// life records activities against inserts by hand (a table with the same
// indexes, on the same driver and engine, one transaction each or a thousand),
// and reads pages of a timeline of -rows activities and of a history of 10,000
// changes, of which it gives the times.
func life(e *env) error {
	ctx := context.Background()
	return e.eachPlace(ctx, "life", true, func(p *place) error {
		st, err := p.open(ctx)
		if err != nil {
			return err
		}
		s, err := session(ctx, st)
		if err != nil {
			return errors.Join(err, st.Close())
		}
		return errors.Join(e.lifeOf(ctx, p, s), st.Close())
	})
}

func (e *env) lifeOf(ctx context.Context, p *place, s *extcontacts.Session) error {
	c, err := s.Create(ctx, &contacts.Contact{LastName: "Lee"})
	if err != nil {
		return err
	}
	insert, err := handActivities(ctx, p)
	if err != nil {
		return err
	}
	n := 0
	visit := func() contacts.Activity {
		n++
		return contacts.Activity{Contact: c.ID, Kind: contacts.PageVisit, Ref: fmt.Sprint("visit-", n), At: time.Unix(1_700_000_000+int64(n), 0), URL: "https://example.com/page", Channel: "web"}
	}
	r, err := compareWall(e.rounds, here(func() error {
		for range recordsEach {
			a := visit()
			if _, err := s.RecordActivity(ctx, c.ID, a); err != nil {
				return err
			}
		}
		return nil
	}), here(func() error { return insert(visit, recordsEach, 1) }))
	if err != nil {
		return err
	}
	e.printf("%s", r.line(p.engine+" one by one", "the time"))
	r, err = compareWall(e.rounds, here(func() error {
		list := make([]contacts.Activity, recordsBulk)
		for i := range list {
			list[i] = visit()
		}
		_, err := s.RecordActivities(ctx, list)
		return err
	}), here(func() error { return insert(visit, recordsBulk, 1000) }))
	if err != nil {
		return err
	}
	e.printf("%s", r.line(p.engine+" by thousands", "the time"))
	for total := (e.rounds + 1) * (recordsEach + recordsBulk); total < e.rows; total += recordsBulk {
		list := make([]contacts.Activity, recordsBulk)
		for i := range list {
			list[i] = visit()
		}
		if _, err := s.RecordActivities(ctx, list); err != nil {
			return err
		}
	}
	if err := e.pages(ctx, p, s, c.ID); err != nil {
		return err
	}
	return e.past(ctx, p, s)
}

// pages reads the timeline at places all over it.
func (e *env) pages(ctx context.Context, p *place, s *extcontacts.Session, id contacts.ID) error {
	var took []time.Duration
	for i := range 50 {
		until := time.Unix(1_700_000_000+int64(i)*int64(e.rows)/50, 0)
		page, err := s.Activities(ctx, id, extcontacts.TimelineOptions{Until: until, Limit: 50})
		if err != nil {
			return err
		}
		if page.Next == "" {
			continue // the beginning
		}
		began := time.Now()
		if page, err = s.Activities(ctx, id, extcontacts.TimelineOptions{Cursor: page.Next, Limit: 50}); err != nil {
			return err
		}
		took = append(took, time.Since(began))
	}
	e.times(p.engine+" timeline page", took)
	return nil
}

// past edits a contact many times and reads its history.
func (e *env) past(ctx context.Context, p *place, s *extcontacts.Session) error {
	c, err := s.Create(ctx, &contacts.Contact{LastName: "Ray"})
	if err != nil {
		return err
	}
	for i := range changesOf {
		if _, err := s.Edit(ctx, c.ID, 0, func(c *contacts.Contact) error { c.Team = fmt.Sprint(i); return nil }); err != nil {
			return err
		}
	}
	head, err := s.Head(ctx)
	if err != nil {
		return err
	}
	var pages, past []time.Duration
	for i := range 50 {
		seq := head.Seq - int64(i)*changesOf/50 - 1
		began := time.Now()
		if _, err := s.Log(ctx, c.ID, extcontacts.LogOptions{Before: seq, Limit: 50}); err != nil {
			return err
		}
		pages = append(pages, time.Since(began))
		began = time.Now()
		if _, err := s.AsOfSeq(ctx, c.ID, seq); err != nil {
			return err
		}
		past = append(past, time.Since(began))
	}
	e.times(p.engine+" change log page", pages)
	e.times(p.engine+" contact as it was", past)
	return nil
}

// times prints the median and the slowest.
func (e *env) times(what string, took []time.Duration) {
	slices.Sort(took)
	e.printf("  %-28s %s median, %s at most of %d\n", what, short(took[len(took)/2]), short(took[len(took)-1]), len(took))
}

// handActivities makes a table as somebody would by hand and returns what
// inserts into it, so many rows in each transaction.
func handActivities(ctx context.Context, p *place) (func(func() contacts.Activity, int, int) error, error) {
	kind := "VARCHAR(64)"
	if p.engine == "PostgreSQL" {
		kind = "TEXT"
	}
	for _, query := range []string{
		"CREATE TABLE handact (id " + kind + " PRIMARY KEY, contact " + kind + ", at BIGINT, kind " + kind + ", ref " + kind + ", channel " + kind + ", url " + kind + ")",
		"CREATE INDEX handact_contact ON handact (contact, at, id)",
		"CREATE UNIQUE INDEX handact_ref ON handact (contact, ref)",
	} {
		if _, err := p.db.ExecContext(ctx, query); err != nil {
			return nil, err
		}
	}
	params := "?, ?, ?, ?, ?, ?, ?"
	if p.param == "$1" {
		params = "$1, $2, $3, $4, $5, $6, $7"
	}
	return func(next func() contacts.Activity, n, each int) error {
		for done := 0; done < n; done += each {
			tx, err := p.db.BeginTx(ctx, nil)
			if err != nil {
				return err
			}
			insert, err := tx.PrepareContext(ctx, "INSERT INTO handact VALUES ("+params+")")
			if err != nil {
				return errors.Join(err, tx.Rollback())
			}
			for range each {
				a := next()
				if _, err := insert.ExecContext(ctx, "id-"+a.Ref, string(a.Contact), a.At.UnixMicro(), string(a.Kind), a.Ref, a.Channel, a.URL); err != nil {
					return errors.Join(err, tx.Rollback())
				}
			}
			if err := errors.Join(insert.Close(), tx.Commit()); err != nil {
				return err
			}
		}
		return nil
	}, nil
}
