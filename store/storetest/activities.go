package storetest

import (
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

func call(id, of contacts.ID, at int) contacts.Activity {
	return contacts.Activity{ID: id, Contact: of, Kind: contacts.Call, At: clock(at)}
}

func (k *kit) record(list ...contacts.Activity) {
	k.Helper()
	k.apply(&store.Batch{Activities: list})
}

// timeline reads the ids of activities.
func (k *kit) timeline(q store.ActivityQuery) ids {
	k.Helper()
	var out ids
	for _, a := range k.activities(q) {
		out = append(out, a.ID)
	}
	return out
}

func activityCases() group {
	of := func(list ...contacts.ID) store.ActivityQuery { return store.ActivityQuery{Contacts: list} }
	return group{"Activities", []testCase{
		{"as given", "an activity comes back with every field", func(k *kit) {
			want := contacts.Activity{ID: "v", Contact: "a", Kind: contacts.Enquiry, At: clock(5), Status: contacts.EnquiryHandling, Ref: "T-1",
				Channel: "whatsapp", Agents: ids{"agent-2", "agent-1"}, Destination: "sales", URL: "https://example.com/?a=1&b=%20", Text: "multi\nline ☎"}
			k.record(want, call("w", "a", 4))
			k.equal("activities", k.activities(of("a")), []contacts.Activity{want, call("w", "a", 4)})
		}},
		{"newest first", "descending At, then descending ID, by bytes", func(k *kit) {
			k.record(call("b", "a", 1), call("a", "a", 1), call("B", "a", 1), call("é", "a", 1), call("z", "a", 0), call("0", "a", 2))
			k.equal("ids", k.timeline(of("a")), ids{"0", "é", "b", "a", "B", "z"})
		}},
		{"of several contacts", "one order over all the contacts asked for", func(k *kit) {
			k.record(call("1", "a", 1), call("2", "b", 2), call("3", "a", 3), call("4", "c", 4), call("5", "b", 5))
			k.equal("ids", k.timeline(of("b", "a", "nobody")), ids{"5", "3", "2", "1"})
			k.equal("the same contact twice", k.timeline(of("a", "a")), ids{"3", "1"})
		}},
		{"nothing there", "no activities is an empty answer", func(k *kit) { k.equal("ids", k.timeline(of("a")), ids(nil)) }},
		{"of a contact by bytes", "ids are compared byte by byte", func(k *kit) {
			var list []contacts.Activity
			for i, s := range hostile {
				list = append(list, call(number("v", i), contacts.ID(s), i))
			}
			k.record(list...)
			for i, s := range hostile {
				k.equal(s, k.timeline(of(contacts.ID(s))), ids{number("v", i)})
			}
		}},
		{"kinds", "Kinds selects kinds, empty means all", func(k *kit) {
			list := []contacts.Activity{call("1", "a", 1), call("2", "a", 2), call("3", "a", 3)}
			list[0].Kind, list[1].Kind = contacts.SMS, contacts.PageVisit
			k.record(list...)
			q := of("a")
			q.Kinds = []contacts.ActivityKind{contacts.SMS, contacts.Call}
			k.equal("ids", k.timeline(q), ids{"3", "1"})
			q.Kinds = []contacts.ActivityKind{"nothing"}
			k.equal("none", k.timeline(q), ids(nil))
		}},
		{"ref", "Ref selects the activities with this reference, byte by byte", func(k *kit) {
			list := []contacts.Activity{call("1", "a", 1), call("2", "a", 2), call("3", "a", 3), call("4", "b", 4)}
			list[0].Ref, list[1].Ref, list[3].Ref = "T-1", "t-1", "T-1"
			k.record(list...)
			q := of("a")
			q.Ref = "T-1"
			k.equal("ids", k.timeline(q), ids{"1"})
		}},
		{"by ids", "IDs selects these activities in the order of IDs, leaving out the unknown", func(k *kit) {
			k.record(call("1", "a", 1), call("2", "b", 2), call("3", "a", 3))
			k.equal("ids", k.timeline(store.ActivityQuery{IDs: ids{"2", "nobody", "3", "1"}}), ids{"2", "3", "1"})
		}},
		{"by ids alone", "with IDs the other fields do not count", func(k *kit) {
			k.record(call("1", "a", 1), call("2", "b", 2))
			q := store.ActivityQuery{IDs: ids{"1", "2"}, Contacts: ids{"b"}, Kinds: []contacts.ActivityKind{contacts.SMS}, Ref: "x", BeforeAt: clock(0), Limit: 1}
			k.equal("ids", k.timeline(q), ids{"1", "2"})
		}},
		{"pages", "BeforeAt and BeforeID of the last activity give the next page, no gap and no repetition", func(k *kit) {
			var list []contacts.Activity
			for i := range 40 {
				list = append(list, call(number("v", i), contacts.ID([]string{"a", "b"}[i%2]), i/5)) // five at each instant
			}
			k.record(list...)
			q := of("a", "b")
			all := k.timeline(q)
			k.equal("all", len(all), 40)
			var got ids
			for q.Limit = 7; ; {
				page := k.activities(q)
				for _, a := range page {
					got = append(got, a.ID)
				}
				if len(page) < 7 {
					break
				}
				q.BeforeAt, q.BeforeID = page[6].At, page[6].ID
			}
			k.equal("pages", got, all)
		}},
		{"before a time", "BeforeAt without BeforeID is exclusive of that instant", func(k *kit) {
			k.record(call("1", "a", 1), call("2", "a", 2), call("3", "a", 3))
			q := of("a")
			q.BeforeAt = clock(2)
			k.equal("ids", k.timeline(q), ids{"1"})
		}},
		{"limit after selection", "Limit counts what Kinds and Ref select", func(k *kit) {
			var list []contacts.Activity
			for i := range 20 {
				a := call(number("v", i), "a", i)
				if i%4 == 0 {
					a.Kind = contacts.SMS
				}
				list = append(list, a)
			}
			k.record(list...)
			q := of("a")
			q.Kinds, q.Limit = []contacts.ActivityKind{contacts.SMS}, 3
			k.equal("ids", k.timeline(q), ids{"v000016", "v000012", "v000008"})
		}},
		{"default limit", "Limit zero means DefaultLimit", func(k *kit) {
			var list []contacts.Activity
			for i := range store.DefaultLimit + 7 {
				list = append(list, call(number("v", i), "a", i))
			}
			k.record(list...)
			k.equal("activities", len(k.timeline(of("a"))), store.DefaultLimit)
		}},
		{"replaced", "an activity whose ID exists replaces that one, wholly", func(k *kit) {
			first := call("v", "a", 5)
			first.Ref, first.Text, first.Agents = "T-1", "text", ids{"x"}
			k.record(first, call("w", "a", 6))
			second := call("v", "a", 7)
			second.Kind = contacts.SMS
			k.record(second)
			k.equal("activities", k.activities(of("a")), []contacts.Activity{second, call("w", "a", 6)})
		}},
		{"not moved", "an activity stays on its contact: another Contact is a conflict", func(k *kit) {
			k.record(call("v", "a", 5))
			k.conflict(&store.Batch{Put: []store.Put{put("x")}, Activities: []contacts.Activity{call("v", "b", 5)}})
			k.equal("of a", k.timeline(of("a")), ids{"v"})
			k.equal("of b", k.timeline(of("b")), ids(nil))
		}},
		{"times to the microsecond in UTC", "times are cut to the microsecond and answered in UTC", func(k *kit) {
			a := call("v", "a", 0)
			a.At = clock(5).Add(999).In(time.FixedZone("x", -7*3600))
			k.record(a)
			k.equal("time", k.activities(of("a"))[0].At, clock(5))
		}},
		{"times far away", "the order holds before 1970 and far ahead", func(k *kit) {
			old, late := call("old", "a", 0), call("late", "a", 0)
			old.At, late.At = time.Date(1901, 1, 1, 0, 0, 0, 1000, time.UTC), time.Date(2500, 1, 1, 0, 0, 0, 0, time.UTC)
			k.record(old, late, call("now", "a", 0))
			k.equal("activities", k.activities(of("a")), []contacts.Activity{late, call("now", "a", 0), old})
		}},
		{"no shared memory", "a store never shares memory with its callers", func(k *kit) {
			a := call("v", "a", 1)
			a.Agents = ids{"x", "y"}
			k.record(a)
			a.Agents[0] = "changed"
			got := k.activities(of("a"))
			k.equal("agents", got[0].Agents, ids{"x", "y"})
			got[0].Agents[1] = "changed"
			k.equal("agents", k.activities(of("a"))[0].Agents, ids{"x", "y"})
		}},
		{"a merge moves nothing", "activities stay on the contact they were recorded on, whatever becomes of it", func(k *kit) {
			k.add(person("a", "A"), person("b", "B"))
			k.record(call("v", "b", 1))
			k.apply(&store.Batch{Put: []store.Put{update(person("b", "B"), func(c *contacts.Contact) { c.State, c.MergedInto = contacts.Merged, "a" })}})
			k.equal("of b", k.timeline(of("b")), ids{"v"})
			k.equal("of a", k.timeline(of("a")), ids(nil))
		}},
		{"malformed queries", "a query without contacts or ids, half a bound, a negative limit and malformed texts are ErrInvalid", func(k *kit) {
			for _, q := range []store.ActivityQuery{{}, {Ref: "x"}, {Contacts: ids{""}}, {Contacts: ids{"a\x00"}}, {IDs: ids{"\xff"}},
				{Contacts: ids{"a"}, BeforeID: "x"}, {Contacts: ids{"a"}, Limit: -1}, {Contacts: ids{"a"}, Ref: "\x00"}} {
				_, err := k.s.Activities(k.ctx, k.ws, q)
				k.is(err, store.ErrInvalid)
			}
		}},
	}}
}
