package storetest

import (
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// recencyCases are about the two ends of a timeline.
func recencyCases() group {
	last := func(k *kit) map[contacts.ID]time.Time {
		k.Helper()
		m := map[contacts.ID]time.Time{}
		for r, err := range store.LastActivities(k.ctx, k.s, k.ws) {
			if err != nil {
				k.Fatal(err)
			}
			if _, twice := m[r.Contact]; twice {
				k.Errorf("contact %s comes twice", r.Contact)
			}
			m[r.Contact] = r.At
		}
		return m
	}
	return group{"Recency", []testCase{
		{"oldest first", "Oldest turns the order and the bound round", func(k *kit) {
			k.record(call("b", "a", 1), call("a", "a", 1), call("c", "a", 3), call("d", "b", 2))
			q := store.ActivityQuery{Contacts: ids{"a", "b"}, Oldest: true, Limit: 2}
			var all ids
			for {
				page := k.activities(q)
				if len(page) == 0 {
					break
				}
				for _, a := range page {
					all = append(all, a.ID)
				}
				q.BeforeAt, q.BeforeID = page[len(page)-1].At, page[len(page)-1].ID
			}
			k.equal("pages", all, ids{"a", "b", "d", "c"})
		}},
		{"last activities", "each contact with activities comes once, with its latest At", func(k *kit) {
			k.equal("nothing", last(k), map[contacts.ID]time.Time{})
			k.apply(&store.Batch{Put: []store.Put{put("a"), put("b"), put("c")}, Changes: []contacts.Change{{Contact: "a"}, {Contact: "b"}, {Contact: "c"}}})
			k.record(call("1", "a", 5), call("2", "a", 1), call("3", "b", 2))
			k.equal("latest", last(k), map[contacts.ID]time.Time{"a": clock(5), "b": clock(2)})
		}},
	}}
}
