package sqlstoretest

import (
	"context"
	"fmt"
	"math/rand/v2"
	"testing"

	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/sqlstore"
)

// Text runs the tests of stores with a text index, which is written again and
// again because little is kept pending.
func (d Database) Text(t *testing.T) {
	t.Run("Store", func(t *testing.T) { t.Parallel(); d.indexed().Store(t) })
	d.TextIndex(t)
}

// TextIndex runs those of [Database.Text] that are not the conformance suite.
func (d Database) TextIndex(t *testing.T) {
	x := d.indexed()
	t.Run("Erasure", func(t *testing.T) { t.Parallel(); x.Erasure(t) })
	t.Run("Damage", func(t *testing.T) { x.damage(t) })
	t.Run("Settled", func(t *testing.T) { d.settled(t) })
}

// indexed is the database with stores that keep an index.
func (d Database) indexed() Database {
	x := d
	x.Open = func(ctx context.Context, dsn string, o Options) (*sqlstore.Store, error) {
		o.Text, o.TextTail = sqlstore.TextOn, 4
		return d.Open(ctx, dsn, o)
	}
	return x
}

// settled checks that the index is made for contacts that are there, kept up to
// date by who opened the store before, used by all, and dropped.
func (d Database) settled(t *testing.T) {
	t.Parallel()
	ctx, dsn := t.Context(), d.Place(t)
	first := d.must(t, dsn, Options{TextTail: 64})
	defer first.Close()
	list := Made(rand.New(rand.NewPCG(1, 1)), 0, 3000)
	for i, c := range list[700:] {
		c.LastName = fmt.Sprintf("Plain-%d", i)
	}
	apply := func(st *sqlstore.Store, b *store.Batch) {
		t.Helper()
		if _, err := st.Apply(ctx, "w", b); err != nil {
			t.Fatal(err)
		}
	}
	ranked := func(st *sqlstore.Store, text string, want bool) {
		t.Helper()
		q, err := search.Parse(text, search.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if _, ok, err := st.Rank(ctx, "w", q, nil, 20); ok != want || err != nil {
			t.Errorf("%s is ranked: %t, want %t: %v", text, ok, want, err)
		}
	}
	found := func(st *sqlstore.Store, text string, want int) {
		t.Helper()
		q, err := search.Parse(text, search.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if n, err := store.Count(ctx, st, "w", q, nil); err != nil || n != want {
			t.Errorf("%s: %d found, want %d: %v", text, n, want, err)
		}
		page, err := store.Search(ctx, st, "w", q, store.SearchOptions{Limit: 1000})
		if n := len(page.Hits); err != nil || n != min(want, 1000) {
			t.Errorf("%s: a page of %d, want %d: %v", text, n, want, err)
		}
	}
	blocks := func() string { return d.Scalar(t, dsn, "SELECT COUNT(*) FROM ec_index WHERE ws = 'w'") }
	apply(first, Creation("a", 1, list[:600]))
	ranked(first, "mustermann*", false)
	w := NewWatch()
	second := d.must(t, dsn, Options{Text: sqlstore.TextOn, TextTail: 64, Wrap: w.Faults.Connector})
	defer second.Close()
	before := blocks()
	apply(first, Creation("b", 1, list[600:]))
	if after := blocks(); after == before {
		t.Errorf("%s blocks, before a batch of %d, too", after, len(list)-600)
	}
	for _, st := range []*sqlstore.Store{first, second} {
		ranked(st, "mustermann*", true)
		ranked(st, "mustermann acme", true)
		ranked(st, `mustermann OR acme`, false)
		found(st, "mustermann*", 700)
		found(st, `"mustermann-77"`, 1)
		found(st, "plain acme", 2300)
		found(st, "zq*", 0)
	}
	search20 := func(text string) store.Page {
		t.Helper()
		q, err := search.Parse(text, search.Options{})
		if err != nil {
			t.Fatal(err)
		}
		page, err := store.Search(ctx, second, "w", q, store.SearchOptions{Limit: 20})
		if err != nil {
			t.Fatal(err)
		}
		return page
	}
	search20("plain*")
	before20 := w.total()
	if page := search20("plain*"); len(page.Hits) != 20 || w.total() != before20+1 {
		t.Errorf("%d hits by %d statements, want 20 by one", len(page.Hits), w.total()-before20)
	}
	late := Made(rand.New(rand.NewPCG(2, 2)), 9000, 1)
	late[0].LastName = "Plain"
	apply(first, Creation("c", 1, late)) // by another store: before all others in the order
	if page := search20("plain*"); page.Hits[0].Contact.ID != late[0].ID {
		t.Errorf("%s is first, want %s", page.Hits[0].Contact.ID, late[0].ID)
	}
	third := d.must(t, dsn, Options{Text: sqlstore.TextOff})
	defer third.Close()
	if n := blocks(); n != "0" {
		t.Errorf("%s blocks are there still", n)
	}
	ranked(third, "mustermann*", false)
	for _, st := range []*sqlstore.Store{first, second, third} {
		found(st, "mustermann*", 700)
	}
}
