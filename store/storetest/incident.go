package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// incidentCases are accidents of other contact systems, as a store could have
// them.
func incidentCases() group {
	merge := func(k *kit) *store.Batch {
		return &store.Batch{
			Act: contacts.Act{ID: "merge", Kind: contacts.ActMerge, At: clock(9)},
			Put: []store.Put{
				again("a", 2, list(phone("+2")), nil),
				update(person("b", "B"), func(c *contacts.Contact) { c.State, c.MergedInto = contacts.Merged, "a" }),
			},
			Changes: []contacts.Change{{Contact: "a", Path: "phones", New: "+2", From: "b"}, set("b", "merged_into", "", "a")},
		}
	}
	return group{"Incidents", []testCase{
		{"a torn merge", "survivor and merged are written together: where one is stale neither is", func(k *kit) {
			k.add(person("a", "A"), person("b", "B"))
			k.apply(&store.Batch{Put: []store.Put{again("b", 2, nil, nil)}})
			e := k.conflict(merge(k))
			k.equal("ids", e.IDs, ids{"b"})
			k.equal("holders", k.lookup(phone("+2")), [][]contacts.ID{nil})
		}},
		{"an old id", "a merged contact is still there under its old id and names its survivor", func(k *kit) {
			k.add(person("a", "A"), person("b", "B"))
			k.apply(merge(k))
			b := k.contacts("b")[0]
			k.equal("state", b.State, contacts.Merged)
			k.equal("survivor", b.MergedInto, contacts.ID("a"))
		}},
		{"both histories", "the log has the history of both contacts of a merge, each under its id", func(k *kit) {
			k.add(person("a", "A"), person("b", "B"))
			k.apply(merge(k))
			k.equal("of a", k.seqs(store.LogQuery{Contact: "a"}), []int64{1, 2})
			k.equal("of b", k.seqs(store.LogQuery{Contact: "b"}), []int64{1, 2})
			k.equal("from", k.log(store.LogQuery{Contact: "a", After: 1})[0].Changes[0].From, contacts.ID("b"))
		}},
		{"activities are conserved", "a merge moves no activity and loses none", func(k *kit) {
			k.add(person("a", "A"), person("b", "B"))
			q := store.ActivityQuery{Contacts: ids{"a", "b"}}
			k.apply(&store.Batch{Activities: []contacts.Activity{
				{ID: "v1", Contact: "a", Kind: contacts.Call, At: clock(1)}, {ID: "v2", Contact: "b", Kind: contacts.Call, At: clock(2)}}})
			before := k.activities(q)
			k.apply(merge(k))
			k.equal("activities", k.activities(q), before)
		}},
		{"half deleted", "a delete whose activity cannot be moved deletes nothing", func(k *kit) {
			k.add(person("a", "A"), person("b", "B"))
			k.apply(&store.Batch{Activities: []contacts.Activity{{ID: "v1", Contact: "b", Kind: contacts.Call, At: clock(1)}}})
			p := update(person("a", "A"), func(c *contacts.Contact) { c.State = contacts.Deleted })
			k.conflict(&store.Batch{Put: []store.Put{p}, Activities: []contacts.Activity{{ID: "v1", Contact: "a", Kind: contacts.Call, At: clock(1)}}})
		}},
		{"checked, then inserted", "of many that find a phone free and take it one gets it", func(k *kit) {
			var mu sync.Mutex
			won := 0
			together(16, func(w int) {
				free, err := k.s.Lookup(k.ctx, k.ws, phone("+1"))
				if err != nil || len(free[0]) > 0 {
					return
				}
				_, err = k.commit(fmt.Sprint("w", w), &store.Batch{Put: []store.Put{put(number("c", w), phone("+1"))}, Unique: []contacts.KeyKind{contacts.PhoneKey}})
				mu.Lock()
				defer mu.Unlock()
				if err == nil {
					won++
				} else if !errors.Is(err, store.ErrConflict) {
					k.Error(err)
				}
			})
			k.equal("won", won, 1)
			k.equal("holders", len(k.lookup(phone("+1"))[0]), 1)
		}},
		{"opposite orders", "batches that write the same contacts in opposite order never stop each other for good", func(k *kit) {
			const n, rounds = 20, 6
			var list []*contacts.Contact
			for i := range n {
				list = append(list, person(number("c", i), "0"))
			}
			k.add(list...)
			together(2, func(w int) {
				for done, try := 0, 0; done < rounds; try++ {
					var all ids
					for i := range n {
						all = append(all, number("c", i))
					}
					if w == 1 {
						slices.Reverse(all)
					}
					old, err := k.s.Contacts(k.ctx, k.ws, all...)
					if err != nil {
						k.Error(err)
						return
					}
					b := &store.Batch{}
					for _, c := range old {
						b.Put = append(b.Put, update(c, func(c *contacts.Contact) { c.LastName += "x" }))
					}
					switch _, err := k.commit(fmt.Sprintf("w%d-%d", w, try), b); {
					case err == nil:
						done++
					case !errors.Is(err, store.ErrConflict):
						k.Error(err)
						return
					}
				}
			})
			for _, c := range k.contacts("c000000", "c000019") {
				k.equal("revision", c.Rev, int64(1+2*rounds))
			}
		}},
		{"a foreign id", "an id of another workspace is as if absent, for reading and for writing", func(k *kit) {
			k.add(withPhone(person("a", "A"), "+85291234567"))
			o := k.in(k.ws + "/other")
			k.equal("contact", o.contacts("a"), []*contacts.Contact{nil})
			k.equal("holders", o.lookup(phone("+85291234567")), [][]contacts.ID{nil})
			o.conflict(&store.Batch{Put: []store.Put{again("a", 2, nil, nil)}})
			o.conflict(&store.Batch{Expect: []store.Expect{{ID: "a", Rev: 1}}})
			_, err := o.try(&store.Batch{Act: contacts.Act{Undoes: "act-001"}})
			k.is(err, store.ErrNotFound)
		}},
		{"a clock that goes back", "the order is that of Seq, whatever the clocks said", func(k *kit) {
			for i, at := range []int{5, 3, 3, -100, 7} {
				k.apply(&store.Batch{Act: contacts.Act{ID: number("act", i), Kind: contacts.ActEdit, At: clock(at)}})
			}
			k.equal("entries", k.seqs(store.LogQuery{}), []int64{1, 2, 3, 4, 5})
			var acts ids
			for _, a := range k.actsOf(store.ActQuery{}) {
				acts = append(acts, a.ID)
			}
			k.equal("acts", acts, ids{number("act", 4), number("act", 3), number("act", 2), number("act", 1), number("act", 0)})
			k.verify(k.ws)
		}},
		{"a zone", "a time is the same moment in UTC, whatever its zone", func(k *kit) {
			at := clock(0).In(time.FixedZone("odd", 20700))
			k.apply(&store.Batch{Act: contacts.Act{ID: "act", Kind: contacts.ActEdit, At: at}})
			got := k.log(store.LogQuery{})[0].At
			if !got.Equal(at) || got.Location() != time.UTC {
				k.Errorf("got %v, want %v in UTC", got, at)
			}
		}},
		{"an altered log", "whatever is altered in an entry, its hash is another", func(k *kit) {
			k.apply(&store.Batch{Put: []store.Put{put("a")}, Changes: []contacts.Change{{Contact: "a", Path: "group", Old: "x", New: "y", From: "b"}}})
			e := k.log(store.LogQuery{})[0]
			for name, alter := range map[string]func(e *contacts.Entry, c *contacts.Change){
				"seq": func(e *contacts.Entry, c *contacts.Change) { e.Seq++ }, "act": func(e *contacts.Entry, c *contacts.Change) { e.Act += "x" },
				"part": func(e *contacts.Entry, c *contacts.Change) { e.Part++ }, "at": func(e *contacts.Entry, c *contacts.Change) { e.At = e.At.Add(time.Microsecond) },
				"contact": func(e *contacts.Entry, c *contacts.Change) { c.Contact = "b" }, "path": func(e *contacts.Entry, c *contacts.Change) { c.Path = "team" },
				"old": func(e *contacts.Entry, c *contacts.Change) { c.Old = "" }, "new": func(e *contacts.Entry, c *contacts.Change) { c.New = "z" },
				"from": func(e *contacts.Entry, c *contacts.Change) { c.From = "" }, "seal": func(e *contacts.Entry, c *contacts.Change) { c.Seal = strings.Repeat("s", 16) },
				"fewer": func(e *contacts.Entry, c *contacts.Change) { e.Changes = nil }, "more": func(e *contacts.Entry, c *contacts.Change) { e.Changes = append(e.Changes, *c) },
				"act sum": func(e *contacts.Entry, c *contacts.Change) { e.ActSum[5]++ },
				"moved":   func(e *contacts.Entry, c *contacts.Change) { c.Old, c.New = c.New, c.Old },
			} {
				f := e
				f.Changes = slices.Clone(e.Changes)
				alter(&f, &f.Changes[0])
				if store.Chain([32]byte{}, k.ws, &f) == e.Hash {
					k.Errorf("%s: not noticed", name)
				}
			}
			if store.Chain([32]byte{}, k.ws, &e) != e.Hash || store.Chain([32]byte{1}, k.ws, &e) == e.Hash || store.Chain([32]byte{}, k.ws+"x", &e) == e.Hash {
				k.Error("the hash is not that of the entry in its place")
			}
		}},
		{"all that claim a unique key", "a conflict names all who would hold the key, where the batch has several of them those too", func(k *kit) {
			k.apply(&store.Batch{Put: []store.Put{put("h", phone("+1"))}})
			unique := []contacts.KeyKind{contacts.PhoneKey}
			e := k.conflict(&store.Batch{Put: []store.Put{put("b", phone("+1")), put("a", phone("+1"))}, Unique: unique})
			k.equal("of a batch", e.IDs, ids{"a", "b", "h"})
			e = k.conflict(&store.Batch{Put: []store.Put{put("b", phone("+1"))}, Unique: unique})
			k.equal("of one", e.IDs, ids{"h"})
		}},
		{"rebuilt keys", "a Rebuilder replaces the keys of all contacts by those that are derived, and nothing else", func(k *kit) {
			r, ok := k.s.(store.Rebuilder)
			if !ok {
				return
			}
			k.apply(&store.Batch{Put: []store.Put{create(everything("a")), put("b", phone("+1")), {Contact: withPhone(person("c", "C"), "+85290000000")}}})
			history(k.in(k.ws + "/other"))
			before, other := k.log(store.LogQuery{}), k.dump(k.ws+"/other")
			k.ok(r.Rebuild(k.ctx, k.ws, func(c *contacts.Contact) []contacts.Key { return contacts.Keys(nil, c) }))
			k.equal("holders", k.lookup(phone("+1"), phone("+85290000000"), phone("+85291234567")), [][]contacts.ID{nil, {"c"}, {"a"}})
			k.equal("log", k.log(store.LogQuery{}), before)
			k.equal("the other workspace", k.dump(k.ws+"/other"), other)
			k.ok(r.Rebuild(k.ctx, k.ws+"/none", func(c *contacts.Contact) []contacts.Key { return nil }))
			k.apply(&store.Batch{Put: []store.Put{put("d", phone("+1"))}, Unique: []contacts.KeyKind{contacts.PhoneKey}})
		}},
		{"checked", "a Checker finds no damage in what was only written by Apply", func(k *kit) {
			c, ok := k.s.(store.Checker)
			if !ok {
				return
			}
			keys := func(c *contacts.Contact) []contacts.Key { return contacts.Keys(nil, c) }
			lived(k)
			for d, err := range c.Check(k.ctx, k.ws, func(c *contacts.Contact) []contacts.Key { return append(keys(c), email("c@x.y")) }) {
				k.ok(err)
				k.Errorf("damage %+v", d)
			}
			n := 0
			for d, err := range c.Check(k.ctx, k.ws, keys) {
				k.ok(err)
				k.equal("damage", d, store.Damage{Code: "key_foreign", ID: "c"})
				n++
			}
			k.equal("differences", n, 1)
		}},
	}}
}
