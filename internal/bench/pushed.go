package main

import (
	"context"
	"fmt"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/mysql"
	"github.com/extcontacts/extcontacts/store/postgres"
	"github.com/extcontacts/extcontacts/store/sqlite"
	"github.com/extcontacts/extcontacts/store/sqlstore"
)

// pushedEngine is a store that narrows by its engine.
type pushedEngine struct {
	label string
	st    *sqlstore.Store
}

func (e *pushedEngine) name() string { return e.label }
func (e *pushedEngine) close()       { e.st.Close() }

func (e *pushedEngine) ask(q asked) func() (int, error) {
	parsed, err := search.Parse(ownQuery(q), search.Options{})
	return func() (int, error) {
		if err != nil {
			return 0, err
		}
		page, err := store.Search(context.Background(), e.st, "default", parsed, store.SearchOptions{Limit: 20})
		return len(page.Hits), err
	}
}

// pushedBatch is the number of contacts of a batch, as an import makes them.
const pushedBatch = 4096

// put writes the contacts to a store.
func put(ctx context.Context, st *sqlstore.Store, list []*contacts.Contact) error {
	for from := 0; from < len(list); from += pushedBatch {
		b := &store.Batch{Part: 1 + from/pushedBatch, Act: contacts.Act{ID: "018f2a3b-0000-7000-8000-aaaaaaaaaaaa", Kind: contacts.ActImport, Actor: "bench", At: time.Unix(1700000000, 0)}}
		for _, c := range list[from:min(from+pushedBatch, len(list))] {
			c = c.Clone()
			c.Rev = 1
			b.Put = append(b.Put, store.Put{Contact: c})
			b.Changes = append(b.Changes, contacts.Change{Contact: c.ID})
		}
		if _, err := st.Apply(ctx, "default", b); err != nil {
			return err
		}
	}
	return nil
}

// openText opens the store of a place with a text index or without.
func (p *place) openText(ctx context.Context, x sqlstore.TextIndex, cache int) (*sqlstore.Store, error) {
	switch p.engine {
	case "SQLite":
		return sqlite.Open(ctx, p.url, sqlite.Options{Text: x, TextCache: cache})
	case "PostgreSQL":
		return postgres.Open(ctx, p.url, postgres.Options{Text: x, TextCache: cache})
	}
	return mysql.Open(ctx, p.url, mysql.Options{Text: x, TextCache: cache})
}

// pushed compares searches that a store pushes down to its engine with a ranked
// query by hand on the same engine.
func pushed(e *env) error {
	list := make([]*contacts.Contact, e.rows)
	for i := range list {
		list[i] = generated(i)
	}
	questions, kinds := engineQuestions(list, queriesPerKind), askedKinds()
	return e.eachPlace(context.Background(), "pushed", true, func(p *place) error {
		ctx := context.Background()
		open := func(x sqlstore.TextIndex, cache int) (*sqlstore.Store, error) { return p.openText(ctx, x, cache) }
		var hand engine
		var err error
		switch p.engine {
		case "SQLite":
			hand, err = newFTS5(ctx, e.dir, list)
		case "PostgreSQL":
			hand, err = newPostgres(ctx, list)
		default:
			hand, err = newMaria(ctx, p.db, list)
		}
		if err != nil {
			return err
		}
		defer hand.close()
		st, err := open(sqlstore.TextOff, 0)
		if err != nil {
			return err
		}
		plain, err := here(func() error { return put(ctx, st, list) })()
		if err != nil {
			return err
		}
		scanned := &pushedEngine{"by scan", st}
		var times []latencies
		ask := func(en engine, into *[]latencies) error {
			for _, kind := range kinds {
				l, ok, err := measureKind(en, questions[kind], askingTime/4)
				if err != nil {
					return err
				}
				if !ok {
					l = latencies{}
				}
				*into = append(*into, l)
			}
			return nil
		}
		if e.rows < 1_000_000 { // a scan takes seconds there
			err = ask(scanned, &times)
		}
		if err != nil {
			return err
		}
		if err := st.Close(); err != nil {
			return err
		}
		built, err := here(func() (err error) { st, err = open(sqlstore.TextOn, 0); return err })()
		if err != nil {
			return err
		}
		own := &pushedEngine{"by index", st}
		defer own.close()
		if st, err = open(sqlstore.TextOn, 1); err != nil {
			return err
		}
		bare := &pushedEngine{"by index, without a cache", st}
		defer bare.close()
		e.printf("  %s: %d contacts written in %s (%s CPU here); index made in %s (%s CPU here)%s\n", p.engine, len(list),
			short(plain.wall), short(plain.cpu), short(built.wall), short(built.cpu), load())
		for i, kind := range kinds {
			l, _, err := measureKind(own, questions[kind], askingTime/4)
			if err != nil {
				return err
			}
			b, _, err := measureKind(bare, questions[kind], askingTime/4)
			if err != nil {
				return err
			}
			h, ok, err := measureKind(hand, questions[kind], askingTime/4)
			if err != nil {
				return err
			}
			line := fmt.Sprintf("    %-17s", kind)
			if len(times) > 0 {
				line += fmt.Sprintf(" scan %s/%s", short(times[i].at(0.5)), short(times[i].at(0.99)))
			}
			line += fmt.Sprintf("  index %s/%s, without its cache %s/%s (%.1f hits)", short(l.at(0.5)), short(l.at(0.99)),
				short(b.at(0.5)), short(b.at(0.99)), float64(l.hits)/float64(len(l.times)))
			if ok {
				ratio := float64(h.at(0.5)) / float64(l.at(0.5))
				line += fmt.Sprintf("  by hand %s/%s (%.1f hits): p50 %.2fx (target 1x: %s)", short(h.at(0.5)), short(h.at(0.99)), float64(h.hits)/float64(len(h.times)), ratio, verdict(ratio >= 1))
			}
			any, err := anyTwenty(hand, questions[kind], askingTime/4)
			if err != nil {
				return err
			}
			line += any
			e.printf("%s\n", line)
		}
		return nil
	})
}
