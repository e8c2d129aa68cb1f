package storetest

import (
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

func actIDs(list []contacts.Act) ids {
	var out ids
	for _, a := range list {
		out = append(out, a.ID)
	}
	return out
}

func actCases() group {
	return group{"Acts", []testCase{
		{"as given", "an act comes back with every field, Seq set to the place of its first entry", func(k *kit) {
			k.apply(&store.Batch{})
			act := contacts.Act{ID: "import-1", Kind: contacts.ActImport, Actor: "agent-7", At: clock(7), Source: "list \"2024\".csv",
				Counts: contacts.Counts{Rows: 9, Created: 1, Updated: 2, Unchanged: 3, Skipped: 1, Rejected: 2, Deleted: 4, Merged: 5, Restored: 6}}
			k.apply(&store.Batch{Act: act})
			act.Seq = 2
			k.equal("act", k.actsOf(store.ActQuery{IDs: ids{act.ID}}), []contacts.Act{act})
		}},
		{"Seq and UndoneBy are the store's", "what the caller says about Seq and UndoneBy does not count", func(k *kit) {
			act := k.act()
			given := act
			given.Seq, given.UndoneBy = 77, "somebody"
			k.apply(&store.Batch{Act: given})
			act.Seq = 1
			k.equal("act", k.actsOf(store.ActQuery{}), []contacts.Act{act})
		}},
		{"counts of the last batch", "later batches of an act replace its Counts and nothing else", func(k *kit) {
			act := k.act()
			k.apply(&store.Batch{Act: act, Part: 1})
			later := act
			later.Kind, later.Actor, later.At, later.Source = "other", "other", clock(99), "other"
			later.Counts = contacts.Counts{Rows: 5, Created: 5}
			k.apply(&store.Batch{Act: later, Part: 2})
			act.Seq, act.Counts = 1, later.Counts
			k.equal("act", k.actsOf(store.ActQuery{}), []contacts.Act{act})
		}},
		{"a replay does not count", "a replayed batch changes no counts", func(k *kit) {
			act := k.act()
			act.Counts.Created = 1
			k.apply(&store.Batch{Act: act})
			act.Counts.Created = 2
			k.apply(&store.Batch{Act: act})
			k.equal("created", k.actsOf(store.ActQuery{})[0].Counts.Created, 1)
		}},
		{"times to the microsecond in UTC", "times are cut to the microsecond and answered in UTC", func(k *kit) {
			act := k.act()
			act.At = clock(3).Add(999).In(time.FixedZone("x", 5*3600))
			k.apply(&store.Batch{Act: act})
			k.equal("time", k.actsOf(store.ActQuery{})[0].At, clock(3))
		}},
		{"newest first", "acts come in descending order of Seq, never of At", func(k *kit) {
			for i := range 5 {
				act := k.act()
				act.At = clock(100 - i)
				k.apply(&store.Batch{Act: act})
			}
			k.equal("acts", actIDs(k.actsOf(store.ActQuery{})), ids{"act-005", "act-004", "act-003", "act-002", "act-001"})
		}},
		{"nothing there", "no acts is an empty answer", func(k *kit) { k.equal("acts", len(k.actsOf(store.ActQuery{})), 0) }},
		{"Before and Limit", "Before bounds Act.Seq, exclusive; Limit the number", func(k *kit) {
			for range 6 {
				k.apply(&store.Batch{})
			}
			k.equal("before", actIDs(k.actsOf(store.ActQuery{Before: 3})), ids{"act-002", "act-001"})
			k.equal("limit", actIDs(k.actsOf(store.ActQuery{Limit: 2})), ids{"act-006", "act-005"})
			k.equal("both", actIDs(k.actsOf(store.ActQuery{Before: 5, Limit: 2})), ids{"act-004", "act-003"})
			k.equal("none", len(k.actsOf(store.ActQuery{Before: 1})), 0)
		}},
		{"Before with acts of many parts", "an act stands where its first entry stands", func(k *kit) {
			first, second := k.act(), k.act()
			k.apply(&store.Batch{Act: first, Part: 1})
			k.apply(&store.Batch{Act: second, Part: 1})
			k.apply(&store.Batch{Act: first, Part: 2})
			k.equal("acts", actIDs(k.actsOf(store.ActQuery{})), ids{second.ID, first.ID})
			k.equal("before", actIDs(k.actsOf(store.ActQuery{Before: 2})), ids{first.ID})
		}},
		{"default limit", "Limit zero means DefaultLimit", func(k *kit) {
			for range store.DefaultLimit + 3 {
				k.apply(&store.Batch{})
			}
			k.equal("acts", len(k.actsOf(store.ActQuery{})), store.DefaultLimit)
		}},
		{"by ids", "IDs selects these acts in the order of IDs, leaving out the unknown", func(k *kit) {
			for range 3 {
				k.apply(&store.Batch{})
			}
			got := k.actsOf(store.ActQuery{IDs: ids{"act-002", "nobody", "act-003", "act-001"}})
			k.equal("acts", actIDs(got), ids{"act-002", "act-003", "act-001"})
		}},
		{"by ids alone", "with IDs the other fields do not count", func(k *kit) {
			for range 3 {
				k.apply(&store.Batch{})
			}
			got := k.actsOf(store.ActQuery{IDs: ids{"act-003", "act-001"}, Before: 2, Limit: 1})
			k.equal("acts", actIDs(got), ids{"act-003", "act-001"})
		}},
		{"ids by bytes", "ids are compared byte by byte", func(k *kit) {
			for _, s := range hostile {
				act := k.act()
				act.ID = contacts.ID(s)
				k.apply(&store.Batch{Act: act})
			}
			for i, s := range hostile {
				got := k.actsOf(store.ActQuery{IDs: ids{contacts.ID(s)}})
				if len(got) != 1 || got[0].Seq != int64(i+1) {
					k.Errorf("%q: %v", s, got)
				}
			}
		}},
		{"malformed queries", "negative bounds or limits and malformed ids are ErrInvalid", func(k *kit) {
			for _, q := range []store.ActQuery{{Before: -1}, {Limit: -1}, {IDs: ids{"a", ""}}, {IDs: ids{"\x00"}}} {
				_, err := k.s.Acts(k.ctx, k.ws, q)
				k.is(err, store.ErrInvalid)
			}
		}},
	}}
}

// undo applies an act that takes back another.
func (k *kit) undo(id contacts.ID) contacts.ID {
	k.Helper()
	b := &store.Batch{Act: contacts.Act{Undoes: id}}
	k.apply(b)
	return b.Act.ID
}

// standing checks which act took back each act; "" where it stands.
func (k *kit) undoneBy(want map[contacts.ID]contacts.ID) {
	k.Helper()
	got := map[contacts.ID]contacts.ID{}
	for _, a := range k.actsOf(store.ActQuery{}) {
		got[a.ID] = a.UndoneBy
	}
	k.equal("undone by", got, want)
}

func undoCases() group {
	const a, b, c, d, e = "act-001", "act-002", "act-003", "act-004", "act-005"
	type by = map[contacts.ID]contacts.ID
	return group{"Undo", []testCase{
		{"marks the act", "the first batch of an act with Undoes sets the other's UndoneBy", func(k *kit) {
			k.apply(&store.Batch{})
			k.undo(a)
			k.undoneBy(by{a: b, b: ""})
			k.equal("undoes", k.actsOf(store.ActQuery{IDs: ids{b}})[0].Undoes, contacts.ID(a))
		}},
		{"only once", "UndoneBy must be empty, else the conflict names the act", func(k *kit) {
			k.apply(&store.Batch{})
			k.undo(a)
			err := k.conflict(&store.Batch{Act: contacts.Act{Undoes: a}, Put: []store.Put{put("x")}})
			k.equal("acts", err.Acts, ids{a})
		}},
		{"of an unknown act", "an act that is not there cannot be taken back: ErrNotFound", func(k *kit) {
			k.refused(&store.Batch{Act: contacts.Act{Undoes: "nobody"}, Put: []store.Put{put("x")}}, store.ErrNotFound)
		}},
		{"of an undo", "where the other was itself an undo, the act that one took back stands again", func(k *kit) {
			k.apply(&store.Batch{})
			k.undo(a)
			k.undo(b)
			k.undoneBy(by{a: "", b: c, c: ""})
		}},
		{"again after an undo of the undo", "an act that stands again can be taken back again", func(k *kit) {
			k.apply(&store.Batch{})
			k.undo(a)
			k.undo(b)
			k.undo(a)
			k.undoneBy(by{a: d, b: c, c: "", d: ""})
		}},
		{"a chain of undos", "an undo that stands again takes its own act back again", func(k *kit) {
			k.apply(&store.Batch{})
			k.undo(a)
			k.undo(b)
			k.undo(c)
			k.undoneBy(by{a: b, b: "", c: d, d: ""})
			k.undo(d)
			k.undoneBy(by{a: "", b: c, c: "", d: e, e: ""})
		}},
		{"a chain that meets another undo", "an undo cannot stand again where its act was taken back by another since", func(k *kit) {
			k.apply(&store.Batch{})
			k.undo(a)
			k.undo(b) // c
			k.undo(a) // d
			err := k.conflict(&store.Batch{Act: contacts.Act{Undoes: c}})
			k.equal("acts", err.Acts, ids{a})
			k.undoneBy(by{a: d, b: c, c: "", d: ""})
		}},
		{"the act undone cannot be undone while it is down", "an undo that was itself taken back cannot be taken back again", func(k *kit) {
			k.apply(&store.Batch{})
			k.undo(a)
			k.undo(b)
			err := k.conflict(&store.Batch{Act: contacts.Act{Undoes: b}})
			k.equal("acts", err.Acts, ids{b})
		}},
		{"of many parts", "only the first batch of an undo marks the other act", func(k *kit) {
			k.apply(&store.Batch{})
			act := k.act()
			act.Undoes = a
			for part := 1; part <= 3; part++ {
				k.apply(&store.Batch{Act: act, Part: part})
			}
			k.undoneBy(by{a: b, b: ""})
		}},
		{"replayed", "a replayed undo is no second undo", func(k *kit) {
			k.apply(&store.Batch{})
			act := k.act()
			act.Undoes = a
			k.apply(&store.Batch{Act: act})
			k.equal("answer", k.apply(&store.Batch{Act: act}), store.Result{Seq: 2, Replayed: true})
			k.undoneBy(by{a: b, b: ""})
		}},
		{"refused leaves the mark off", "an undo whose contacts conflict marks nothing", func(k *kit) {
			k.apply(&store.Batch{Put: []store.Put{put("x")}})
			k.conflict(&store.Batch{Act: contacts.Act{Undoes: a}, Put: []store.Put{put("x")}})
			k.undoneBy(by{a: ""})
		}},
	}}
}
