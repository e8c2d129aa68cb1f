package storetest

import (
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// lives gives contacts a and b a past that says canary everywhere it can.
func lives(k *kit) {
	k.Helper()
	k.apply(&store.Batch{Put: []store.Put{put("a"), put("b")}, Changes: []contacts.Change{{Contact: "a"}, {Contact: "b"}}})
	for _, s := range []string{"canary 1", "canary 2"} {
		k.apply(&store.Batch{Changes: []contacts.Change{set("a", "company", "", s), set("b", "company", s, "kept"), set("a", "phones", s, "")}})
	}
	visit := contacts.Activity{ID: "v1", Contact: "a", Kind: contacts.Enquiry, At: clock(3), Status: contacts.EnquiryOpen, Ref: "canary",
		Channel: "canary", Agents: ids{"canary"}, Destination: "canary", URL: "canary", Text: "canary"}
	other := visit
	other.ID, other.Contact = "v2", "b"
	k.record(visit, other)
}

func eraseCases() group {
	return group{"Erase", []testCase{
		{"values of the log", "the values of the contact's changes so far are gone, those of others stay, and the chain verifies", func(k *kit) {
			lives(k)
			before := k.verify(k.ws)
			k.apply(&store.Batch{Erase: ids{"a"}, Changes: []contacts.Change{set("a", "state", "live", "erased")}})
			after := k.verify(k.ws)
			for i, e := range before {
				k.equal("hash", after[i].Hash, e.Hash)
				for j, c := range e.Changes {
					got := after[i].Changes[j]
					k.equal("path", got.Path, c.Path)
					if c.Contact == "a" && (got.Old != "" || got.New != "" || c.Path != contacts.PathCreated && !store.IsErased(&got)) {
						k.Errorf("entry %d still has %+v", e.Seq, got)
					}
					if c.Contact != "a" {
						k.equal("another's change", got, c)
					}
				}
			}
			if last := after[len(after)-1].Changes[0]; last.New != "erased" {
				k.Errorf("the entry of the erasure itself has %+v", last)
			}
			for _, e := range k.log(store.LogQuery{Contact: "a", Limit: 100}) {
				for _, c := range e.Changes {
					if strings.Contains(c.Old+c.New, "canary") {
						k.Errorf("the contact's own log still has %+v", c)
					}
				}
			}
		}},
		{"activities", "of the contact's activities ID, Contact, Kind, At and Status stay", func(k *kit) {
			lives(k)
			k.apply(&store.Batch{Erase: ids{"a"}})
			k.equal("of a", k.activities(store.ActivityQuery{Contacts: ids{"a"}}),
				[]contacts.Activity{{ID: "v1", Contact: "a", Kind: contacts.Enquiry, At: clock(3), Status: contacts.EnquiryOpen}})
			k.equal("by its reference", k.timeline(store.ActivityQuery{Contacts: ids{"a", "b"}, Ref: "canary"}), ids{"v2"})
		}},
		{"twice", "erasing again changes nothing but the log's length", func(k *kit) {
			lives(k)
			k.apply(&store.Batch{Erase: ids{"a"}})
			before := k.verify(k.ws)
			k.apply(&store.Batch{Erase: ids{"a", "nobody"}})
			k.equal("entries", k.verify(k.ws)[:len(before)], before)
		}},
		{"refused with the batch", "a batch that is refused erases nothing", func(k *kit) {
			lives(k)
			before := k.dump(k.ws)
			k.conflict(&store.Batch{Erase: ids{"a"}, Put: []store.Put{put("b")}})
			k.equal("the workspace", k.dump(k.ws), before)
		}},
		{"in its workspace", "another workspace keeps what it has", func(k *kit) {
			o := k.in(k.ws + " other")
			lives(k)
			lives(o)
			before := o.dump(o.ws)
			k.apply(&store.Batch{Erase: ids{"a", "b"}})
			k.equal("the other workspace", o.dump(o.ws), before)
		}},
		{"texts", "EraseText takes the values out of the changes of a contact that have the text, and out of no other", func(k *kit) {
			lives(k)
			k.apply(&store.Batch{EraseText: []store.EraseText{{Contact: "b", Text: "canary 1"}}})
			k.verify(k.ws)
			for _, e := range k.log(store.LogQuery{Limit: 100}) {
				for _, c := range e.Changes {
					gone := c.Contact == "b" && e.Seq == 2
					if c.Path != contacts.PathCreated && store.IsErased(&c) != gone {
						k.Errorf("entry %d has %+v", e.Seq, c)
					}
				}
			}
			k.equal("activities stay", len(k.activities(store.ActivityQuery{Contacts: ids{"a", "b"}})), 2)
			k.refused(&store.Batch{EraseText: []store.EraseText{{Contact: "b"}}}, store.ErrInvalid)
			k.refused(&store.Batch{EraseText: []store.EraseText{{Text: "x"}}}, store.ErrInvalid)
		}},
		{"bad ids", "ids are checked", func(k *kit) {
			k.refused(&store.Batch{Erase: ids{""}}, store.ErrInvalid)
			k.refused(&store.Batch{Erase: ids{"a\x00"}}, store.ErrInvalid)
		}},
	}}
}
