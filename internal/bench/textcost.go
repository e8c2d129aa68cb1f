package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store/sqlstore"
)

// erasures is how many contacts are erased, each by itself.
const erasures = 7

// textCost imports a file into a store that keeps a text index, searches once, so
// that all of it is in the index, and compares with a store without one; then it
// erases contacts of both.
func textCost(e *env) error {
	ctx := context.Background()
	data, err := realFile(e.rows)
	if err != nil {
		return err
	}
	return e.eachPlace(ctx, "text", true, func(p *place) error {
		fill := func(x sqlstore.TextIndex) side {
			return func() (cost, error) {
				if err := emptyPlace(ctx, p); err != nil {
					return cost{}, err
				}
				return here(func() error {
					return p.withSession(ctx, x, func(s *extcontacts.Session) error {
						_, err := (&book{session: s}).fill(ctx, bytes.NewReader(data), e.rows, extcontacts.ImportOptions{})
						if err == nil && x == sqlstore.TextOn {
							_, err = s.SearchPage(ctx, "maria", extcontacts.PageOptions{Limit: 20})
						}
						return err
					})
				})()
			}
		}
		r, err := compareWall(e.rounds, fill(sqlstore.TextOn), fill(sqlstore.TextOff))
		if err != nil {
			return err
		}
		e.printf("%s", r.line(p.engine+" import, index on", "the wall time"))
		e.printf("    %.2fx the CPU time here%s\n", float64(r.ours.cpu)/float64(r.anchor.cpu), load())
		for i, x := range []sqlstore.TextIndex{sqlstore.TextOn, sqlstore.TextOff} {
			err := p.withSession(ctx, x, func(s *extcontacts.Session) error {
				if _, err := s.SearchPage(ctx, "maria", extcontacts.PageOptions{Limit: 20}); err != nil { // makes the index
					return err
				}
				took, err := erase(ctx, s, i)
				if err == nil {
					e.times(p.engine+[]string{" erasure, index on", " erasure, index off"}[i], took)
				}
				return err
			})
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// erase erases contacts from all over the book, other ones with another shift.
func erase(ctx context.Context, s *extcontacts.Session, shift int) (took []time.Duration, err error) {
	var ids []contacts.ID
	for c, err := range s.Search(ctx, "") {
		if err != nil {
			return nil, err
		}
		ids = append(ids, c.ID)
	}
	if len(ids) < 4*erasures {
		return nil, fmt.Errorf("%d contacts are too few", len(ids))
	}
	for i := range erasures {
		began := time.Now()
		if _, err := s.Erase(ctx, ids[(2*i+shift)*len(ids)/(2*erasures)]); err != nil {
			return nil, err
		}
		took = append(took, time.Since(began))
	}
	return took, nil
}

// withSession opens the store for some work.
func (p *place) withSession(ctx context.Context, x sqlstore.TextIndex, work func(*extcontacts.Session) error) error {
	st, err := p.openText(ctx, x, 0)
	if err != nil {
		return err
	}
	s, err := session(ctx, st)
	if err == nil {
		err = work(s)
	}
	return errors.Join(err, st.Close())
}

// emptyPlace makes the database one without tables.
func emptyPlace(ctx context.Context, p *place) error {
	if p.engine == "SQLite" {
		return fresh(p.url)
	}
	return dropTables(ctx, p)
}
