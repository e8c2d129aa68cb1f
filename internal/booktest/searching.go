package booktest

import (
	"slices"
	"sync/atomic"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

func searchTests() []bookTest {
	return []bookTest{
		{"I39 a deleted contact is still found", testNeverStale},
		{"SearchActsAndSources", testActsAndSources},
		{"SearchOptions", testSearchOptions},
	}
}

// wall hides one contact from the guest, as long as it stands.
type wall struct {
	contacts.DefaultPolicy
	hidden contacts.ID
	up     atomic.Bool
}

func (w *wall) Decide(a contacts.Actor, r contacts.Right, c *contacts.Contact) contacts.Decision {
	if w.up.Load() && a.ID == "guest" && c != nil && c.ID == w.hidden {
		return contacts.Refuse("wall")
	}
	return w.DefaultPolicy.Decide(a, r, c)
}

// testNeverStale: who is deleted, merged away, erased or may not be seen is in
// no answer, count or facet, from the write or the change of the policy on,
// with an index and without (incident I39, faults C1 and C2).
func testNeverStale(k *kit) {
	named := func(first string) *contacts.Contact {
		return k.create(&contacts.Contact{FirstName: first, LastName: "Stale", Labels: []string{"L" + first}})
	}
	live, deleted, merged, erased, hidden := named("Live"), named("Deleted"), named("Merged"), named("Erased"), named("Hidden")
	policy := &wall{hidden: hidden.ID}
	index, err := store.OpenIndex(k.ctx, k.st, "acme", store.IndexOptions{})
	k.must(err)
	guests := []*extcontacts.Session{
		k.open(extcontacts.Options{Policy: policy}).As(contacts.Actor{ID: "guest"}),
		k.open(extcontacts.Options{Policy: policy, Index: index}).As(contacts.Actor{ID: "guest"}),
	}
	expect := func(ids ...contacts.ID) {
		k.Helper()
		slices.Sort(ids)
		for i, s := range guests {
			for _, query := range []string{"stale", "stael", "*tal*", "last_name:stale", "name:stale sort:id"} {
				page, err := s.SearchPage(k.ctx, query, extcontacts.PageOptions{})
				k.must(err)
				var got, all []contacts.ID
				for _, h := range page.Hits {
					got = append(got, h.Contact.ID)
				}
				for c, err := range s.Search(k.ctx, query) {
					k.must(err)
					all = append(all, c.ID)
				}
				slices.Sort(got)
				slices.Sort(all)
				n, err := s.Count(k.ctx, query)
				k.must(err)
				total, facets, err := s.Facets(k.ctx, query, "label")
				k.must(err)
				if !slices.Equal(got, ids) || !slices.Equal(all, ids) || n != len(ids) || total != len(ids) || len(facets[0].Values) != len(ids) {
					k.Errorf("index %v, %s: page %v, all %v, count %d, facets %v; want %v", i == 1, query, got, all, n, facets, ids)
				}
			}
		}
	}
	expect(live.ID, deleted.ID, merged.ID, erased.ID, hidden.ID)
	_, err = k.s.Delete(k.ctx, deleted.ID)
	k.must(err)
	expect(live.ID, merged.ID, erased.ID, hidden.ID)
	k.edit(live.ID, func(c *contacts.Contact) { c.Labels = nil })
	k.edit(live.ID, func(c *contacts.Contact) { c.Labels = []string{"LLive"} })
	k.merge(live.ID, merged.ID)
	k.edit(live.ID, func(c *contacts.Contact) { c.Labels = []string{"LLive"} })
	expect(live.ID, erased.ID, hidden.ID)
	_, err = k.s.Erase(k.ctx, erased.ID)
	k.must(err)
	expect(live.ID, hidden.ID)
	policy.up.Store(true)
	expect(live.ID)
	policy.up.Store(false)
	expect(live.ID, hidden.ID)
}

// testActsAndSources: what an import brought is found by its act and by its
// source, as long as it is there.
func testActsAndSources(k *kit) {
	by := k.create(&contacts.Contact{LastName: "Byhand", ExternalIDs: map[string]string{"crm": "1"}})
	rep := k.importCSV("Last name,Company\nLee,Acme\nRay,Acme\n", extcontacts.ImportOptions{Source: "Fair 2026.csv"})
	for query, want := range map[string]int{
		"act:" + string(rep.Act): 2, "NOT act:" + string(rep.Act): 1, "act:nobody": 0, `source:"fair 2026.csv"`: 2, "source:crm": 1,
		`source in (crm, "Fair 2026.csv")`: 3, "source:*": 1, `lee act:` + string(rep.Act): 1, "created:today": 3, "created:last 7 days": 3, "created:last week": 0,
	} {
		if n := k.count(query); n != want {
			k.Errorf("%s: %d, want %d", query, n, want)
		}
	}
	k.undo(rep.Act)
	if n := k.count("act:" + string(rep.Act)); n != 0 {
		k.Errorf("%d after the undo", n)
	}
	k.get(by.ID)
}

// testSearchOptions: typing errors, initials and nicknames as an actor asks.
func testSearchOptions(k *kit) {
	k.create(&contacts.Contact{FirstName: "Robert", LastName: "Smith"})
	k.create(&contacts.Contact{FirstName: "太郎", LastName: "山田"})
	for _, tt := range []struct {
		query string
		o     extcontacts.PageOptions
		want  int
	}{
		{"smiht", extcontacts.PageOptions{}, 1}, {"smiht", extcontacts.PageOptions{Exact: true}, 0}, {"rs", extcontacts.PageOptions{}, 1},
		{"bob", extcontacts.PageOptions{}, 0}, {"bob", extcontacts.PageOptions{Nicknames: true}, 1}, {"山田太郎", extcontacts.PageOptions{Exact: true}, 1},
		{"*mit*", extcontacts.PageOptions{Exact: true}, 1}, {"smit*", extcontacts.PageOptions{}, 1}, {"smiht*", extcontacts.PageOptions{}, 0},
	} {
		page, err := k.s.SearchPage(k.ctx, tt.query, tt.o)
		k.must(err)
		if len(page.Hits) != tt.want {
			k.Errorf("%s, %+v: %d hits", tt.query, tt.o, len(page.Hits))
		}
	}
	_, _, err := k.s.Facets(k.ctx, "", "lable")
	k.wantErr(err, contacts.ErrInvalid)
}
