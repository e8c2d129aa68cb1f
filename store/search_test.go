package store_test

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"iter"
	"maps"
	"slices"
	"testing"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
	"pgregory.net/rapid"
)

// shelf is the least of a store: what searching needs.
type shelf struct {
	store.Store
	all  map[contacts.ID]*contacts.Contact
	fail error
}

func newShelf(n int) *shelf {
	s := &shelf{all: map[contacts.ID]*contacts.Contact{}}
	for i := range n {
		s.put(&contacts.Contact{ID: contacts.ID(fmt.Sprintf("c-%03d", i)), FirstName: []string{"Ann", "Bob", "Cy"}[i%3],
			LastName: []string{"Lee", "Leeds", "Smith", "Äbel"}[i%4], Company: []string{"", "Lee & Co"}[i%2], State: contacts.State(i % 7 / 6)})
	}
	return s
}

func (s *shelf) put(c *contacts.Contact) { s.all[c.ID] = c.Normalize() }

func (s *shelf) Scan(_ context.Context, _ string, after contacts.ID) iter.Seq2[*contacts.Contact, error] {
	return func(yield func(*contacts.Contact, error) bool) {
		for _, id := range slices.Sorted(maps.Keys(s.all)) {
			if id > after && !yield(s.all[id].Clone(), nil) {
				return
			}
		}
		if s.fail != nil {
			yield(nil, s.fail)
		}
	}
}

func (s *shelf) Contacts(_ context.Context, _ string, ids ...contacts.ID) ([]*contacts.Contact, error) {
	var list []*contacts.Contact
	for _, id := range ids {
		list = append(list, s.all[id].Clone())
	}
	return list, nil
}

// narrowShelf has the capability, in an order of its own.
type narrowShelf struct {
	*shelf
	asked int
}

func (s *narrowShelf) Narrow(ctx context.Context, workspace string, q *search.Query) iter.Seq2[*contacts.Contact, error] {
	s.asked++
	return func(yield func(*contacts.Contact, error) bool) {
		for _, id := range slices.Backward(slices.Sorted(maps.Keys(s.all))) {
			if !yield(s.all[id].Clone(), nil) {
				return
			}
		}
	}
}

func query(t testing.TB, text string) *search.Query {
	q, err := search.Parse(text, search.Options{})
	if err != nil {
		t.Fatal(err)
	}
	return q
}

// expected answers a query by sorting everything.
func expected(s *shelf, q *search.Query, visible func(*contacts.Contact) bool) []contacts.ID {
	var hits []store.Hit
	for _, c := range s.all {
		if m, ok := q.Match(c); ok && (visible == nil || visible(c)) {
			hits = append(hits, store.Hit{Contact: c, Match: m})
		}
	}
	slices.SortFunc(hits, func(a, b store.Hit) int {
		if len(q.Sorts()) > 0 {
			return q.Compare(a.Contact, a.Match, b.Contact, b.Match)
		}
		return cmp.Or(cmp.Compare(b.Match.Score, a.Match.Score), q.Compare(a.Contact, a.Match, b.Contact, b.Match))
	})
	var ids []contacts.ID
	for _, h := range hits {
		ids = append(ids, h.Contact.ID)
	}
	return ids
}

var queries = []string{"", "lee", "ann lee", "le", "company:lee", "NOT ann", "sort:-first_name", "is:deleted", "lee sort:id", "nobody"}

func TestSearchPages(t *testing.T) {
	s := newShelf(100)
	visible := func(c *contacts.Contact) bool { return c.FirstName != "Cy" }
	for _, text := range queries {
		q := query(t, text)
		for _, see := range []func(*contacts.Contact) bool{nil, visible} {
			want := expected(s, q, see)
			for _, st := range []store.Store{s, &narrowShelf{shelf: s}} {
				for _, limit := range []int{1, 7, 0} {
					var got []contacts.ID
					o := store.SearchOptions{Limit: limit, Visible: see}
					for {
						page, err := store.Search(t.Context(), st, "w", q, o)
						if err != nil {
							t.Fatal(err)
						}
						for _, h := range page.Hits {
							got = append(got, h.Contact.ID)
						}
						if o.Cursor = page.Next; page.Next == "" {
							break
						}
					}
					if !slices.Equal(got, want) {
						t.Errorf("%q limit %d: %v, want %v", text, limit, got, want)
					}
				}
				n, err := store.Count(t.Context(), st, "w", q, see)
				if n != len(want) || err != nil {
					t.Errorf("%q: count %d %v, want %d", text, n, err, len(want))
				}
				var got []contacts.ID
				for c, err := range store.All(t.Context(), st, "w", q, see) {
					if err != nil {
						t.Fatal(err)
					}
					got = append(got, c.ID)
				}
				if !slices.Equal(got, want) {
					t.Errorf("%q: all %v, want %v", text, got, want)
				}
			}
		}
	}
}

// Pages stay right while other contacts are written (fault C5).
func TestPagingDuringWrites(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := newShelf(60)
		q, err := search.Parse(rapid.SampledFrom(queries).Draw(t, "query"), search.Options{})
		if err != nil {
			t.Fatal(err)
		}
		touched := map[contacts.ID]bool{}
		want := expected(s, q, nil)
		seen := map[contacts.ID]int{}
		o := store.SearchOptions{Limit: rapid.IntRange(1, 20).Draw(t, "limit")}
		for {
			page, err := store.Search(context.Background(), s, "w", q, o)
			if err != nil {
				t.Fatal(err)
			}
			for _, h := range page.Hits {
				seen[h.Contact.ID]++
			}
			if o.Cursor = page.Next; page.Next == "" {
				break
			}
			for range rapid.IntRange(0, 5).Draw(t, "writes") {
				id := contacts.ID(fmt.Sprintf("c-%03d", rapid.IntRange(0, 80).Draw(t, "id")))
				touched[id] = true
				if rapid.Bool().Draw(t, "delete") {
					delete(s.all, id)
				} else {
					s.put(&contacts.Contact{ID: id, LastName: rapid.SampledFrom([]string{"Aa", "Lee", "Zz"}).Draw(t, "name")})
				}
			}
		}
		for _, id := range want {
			if !touched[id] && seen[id] != 1 {
				t.Fatalf("%s: untouched %s came %d times", q, id, seen[id])
			}
		}
	})
}

func TestSearchRefuses(t *testing.T) {
	s := newShelf(10)
	page, err := store.Search(t.Context(), s, "w", query(t, "lee"), store.SearchOptions{Limit: 1})
	if err != nil || page.Next == "" {
		t.Fatal(page.Next, err)
	}
	for name, o := range map[string]store.SearchOptions{
		"limit_invalid":  {Limit: -1},
		"limit_invalid ": {Limit: store.MaxSearchLimit + 1},
		"cursor_invalid": {Cursor: "x"}, "cursor_invalid ": {Cursor: page.Next + "A"}, "cursor_invalid  ": {Cursor: page.Next},
	} {
		_, err := store.Search(t.Context(), s, "w", query(t, "le"), o)
		e, ok := errors.AsType[*contacts.FieldError](err)
		if !ok || e.Code != name[:len(e.Code)] || !errors.Is(err, store.ErrInvalid) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := store.Search(t.Context(), s, "other", query(t, "lee"), store.SearchOptions{Cursor: page.Next}); !errors.Is(err, store.ErrInvalid) {
		t.Error("a cursor of another workspace:", err)
	}
	s.fail = store.ErrClosed
	if _, err := store.Search(t.Context(), s, "w", query(t, ""), store.SearchOptions{}); !errors.Is(err, store.ErrClosed) {
		t.Error(err)
	}
	if _, err := store.Count(t.Context(), s, "w", query(t, ""), nil); !errors.Is(err, store.ErrClosed) {
		t.Error(err)
	}
	for _, err := range store.All(t.Context(), s, "w", query(t, ""), nil) {
		if !errors.Is(err, store.ErrClosed) {
			t.Error(err)
		}
	}
}

func TestSearchExplains(t *testing.T) {
	page, err := store.Search(t.Context(), newShelf(10), "w", query(t, "leed"), store.SearchOptions{Explain: true})
	if err != nil || len(page.Hits) == 0 {
		t.Fatal(page, err)
	}
	if r := page.Hits[0].Match.Reasons; len(r) == 0 || r[0].Field != "last_name" || r[0].Rule != "prefix" {
		t.Errorf("%+v", r)
	}
}

// Whatever is given as a cursor is refused, or was given out.
func FuzzCursor(f *testing.F) {
	s := newShelf(30)
	q, err := search.Parse("lee", search.Options{})
	if err != nil {
		f.Fatal(err)
	}
	given := map[string]bool{"": true}
	var o store.SearchOptions
	for o.Limit = 1; ; {
		page, err := store.Search(context.Background(), s, "w", q, o)
		if err != nil {
			f.Fatal(err)
		}
		if o.Cursor = page.Next; o.Cursor == "" {
			break
		}
		given[o.Cursor] = true
		f.Add(o.Cursor[:9] + "\n" + o.Cursor[9:]) // base64 passes over line ends
		f.Add(o.Cursor)
	}
	f.Fuzz(func(t *testing.T, cursor string) {
		_, err := store.Search(context.Background(), s, "w", q, store.SearchOptions{Cursor: cursor})
		if given[cursor] != (err == nil) || err != nil && !errors.Is(err, store.ErrInvalid) {
			t.Fatalf("%q: %v", cursor, err)
		}
	})
}
