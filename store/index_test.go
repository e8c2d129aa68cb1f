package store_test

import (
	"bytes"
	"context"
	"errors"
	"slices"
	"testing"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
)

func ids(hits []store.Hit) (out []contacts.ID) {
	for _, h := range hits {
		out = append(out, h.Contact.ID)
	}
	return out
}

// ranked answers by an index that is one contact behind.
type ranked struct {
	*shelf
	x     *search.Index
	asked int
}

func (r *ranked) Rank(_ context.Context, _ string, q *search.Query, after []byte, k int) ([]search.Hit, bool, error) {
	r.asked++
	hits, ok := r.x.Top(nil, q, after, k)
	return hits, ok, nil
}

// An index that lags never makes a contact come twice, or one that is not
// written disappear, and what does not match or may not be seen is never there
// (incident class search/stale).
func TestRankedByAStaleIndex(t *testing.T) {
	s := newShelf(200)
	x := search.NewIndex()
	for _, c := range s.all {
		x.Put(c)
	}
	r := &ranked{shelf: s, x: x}
	for i, change := range []func(c *contacts.Contact){
		func(c *contacts.Contact) { c.State = contacts.Deleted },
		func(c *contacts.Contact) { c.LastName = "Zzz" },
		func(c *contacts.Contact) { c.FirstName = "Aaa" },
		func(c *contacts.Contact) { c.LastName, c.Company = "Nobody", "" },
		func(c *contacts.Contact) {},
	} {
		for _, at := range []contacts.ID{"c-000", "c-050", "c-101"} {
			c := s.all[at].Clone()
			change(c)
			s.put(c)
		}
		visible := func(c *contacts.Contact) bool { return c.FirstName != "Bob" }
		for _, text := range queries {
			q := query(t, text)
			for _, see := range []func(*contacts.Contact) bool{nil, visible} {
				want := expected(s, q, see)
				var got []contacts.ID
				for o := (store.SearchOptions{Limit: 7, Visible: see}); ; {
					page, err := store.Search(t.Context(), r, "w", q, o)
					if err != nil {
						t.Fatal(err)
					}
					got = append(got, ids(page.Hits)...)
					if o.Cursor = page.Next; o.Cursor == "" {
						break
					}
				}
				for _, id := range got {
					if c := s.all[id]; c.State != contacts.Live && text != "is:deleted" {
						t.Errorf("change %d: %q found %s, who is deleted", i, text, id)
					}
				}
				written := func(id contacts.ID) bool { return id == "c-000" || id == "c-050" || id == "c-101" }
				if a, b := slices.DeleteFunc(got, written), slices.DeleteFunc(want, written); !slices.Equal(a, b) {
					t.Fatalf("change %d: %q: %v, want %v", i, text, a, b)
				}
			}
		}
	}
	if r.asked == 0 {
		t.Error("the index was not asked")
	}
}

// A saved index that is not of this store is not used.
func TestForeignSnapshot(t *testing.T) {
	for name, data := range map[string][]byte{"empty": nil, "text": []byte("hello"), "head": []byte("ECIDX\x00\x00\x01\xff\xff\xff\xff")} {
		x, err := store.OpenIndex(t.Context(), &feedShelf{newShelf(3)}, "w", store.IndexOptions{Snapshot: bytes.NewReader(data)})
		if err != nil || x.Loaded() || x.Len() != 3 {
			t.Errorf("%s: %v, loaded %v, %d", name, err, x.Loaded(), x.Len())
		}
	}
	if _, err := store.OpenIndex(t.Context(), newShelf(1), "", store.IndexOptions{}); !errors.Is(err, store.ErrInvalid) {
		t.Errorf("%v", err)
	}
}

// feedShelf has an empty log.
type feedShelf struct{ *shelf }

func (*feedShelf) Log(context.Context, string, store.LogQuery) ([]contacts.Entry, error) {
	return nil, nil
}
