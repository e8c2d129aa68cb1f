package storetest

import (
	"math"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

func set(id contacts.ID, path, old, new string) contacts.Change {
	return contacts.Change{Contact: id, Path: path, Old: old, New: new}
}

// history writes nine entries: odd ones change a, those divisible by three b.
func history(k *kit) {
	k.add(person("a", "A"), person("b", "B"))
	for seq := 2; seq <= 9; seq++ {
		var changes []contacts.Change
		if seq%2 == 1 {
			changes = append(changes, set("a", "group", "", "x"))
		}
		if seq%3 == 0 {
			changes = append(changes, set("b", "team", "", "y"))
		}
		k.apply(&store.Batch{Changes: changes})
	}
}

func logCases() group {
	return group{"Log", []testCase{
		{"entry as written", "an entry has its act, part, time and changes, in the order they were written", func(k *kit) {
			act := k.act()
			changes := []contacts.Change{
				{Contact: "b"}, {Contact: "a"},
				set("a", "last_name", "Old", "New"), set("a", "phones", "", `{"kind":"mobile","number":"+1"}`), set("a", "labels", "x", ""),
				set("a", "custom.tier", "text:gold", "text:silver"), set("a", "external_ids.crm", "", "1"),
				{Contact: "a", Path: "emails", Old: "same", New: "same", From: "b"}, set("b", "address.city", "é", "É"),
				set("b", "some.path of the future", "1", "2"), {Path: "schema", New: "{}"},
			}
			r := k.apply(&store.Batch{Act: act, Part: 3, Changes: changes})
			got := k.log(store.LogQuery{})
			k.equal("entries", len(got), 1)
			got[0].Hash, act.Seq = [32]byte{}, r.Seq
			k.equal("entry", got[0], contacts.Entry{Seq: r.Seq, Act: act.ID, Part: 3, At: act.At, Changes: changes, ActSum: store.ActSum(&act)})
		}},
		{"nothing there", "an empty log is an empty answer", func(k *kit) {
			k.equal("entries", len(k.log(store.LogQuery{})), 0)
		}},
		{"all in order", "a query without contact or act selects all entries, ascending", func(k *kit) {
			history(k)
			k.equal("seqs", k.seqs(store.LogQuery{}), []int64{1, 2, 3, 4, 5, 6, 7, 8, 9})
		}},
		{"newest first", "Newest turns the order round", func(k *kit) {
			history(k)
			k.equal("all", k.seqs(store.LogQuery{Newest: true}), []int64{9, 8, 7, 6, 5, 4, 3, 2, 1})
			k.equal("of a", k.seqs(store.LogQuery{Newest: true, Contact: "a"}), []int64{9, 7, 5, 3, 1})
		}},
		{"of a contact", "Contact selects the entries with changes of that contact", func(k *kit) {
			history(k)
			k.equal("of a", k.seqs(store.LogQuery{Contact: "a"}), []int64{1, 3, 5, 7, 9})
			k.equal("of b", k.seqs(store.LogQuery{Contact: "b"}), []int64{1, 3, 6, 9})
			k.equal("of nobody", k.seqs(store.LogQuery{Contact: "c"}), []int64(nil))
		}},
		{"of a contact, its changes alone", "an entry of a query for one contact has only the changes of that contact", func(k *kit) {
			history(k)
			e := k.log(store.LogQuery{Contact: "b", After: 2, Limit: 1})[0]
			k.equal("changes", e.Changes, []contacts.Change{set("b", "team", "", "y")})
			full := k.log(store.LogQuery{After: 2, Limit: 1})[0]
			k.equal("changes of the whole entry", len(full.Changes), 2)
			k.equal("act", e.Act, full.Act)
			if e.Hash != full.Hash || e.Hash == [32]byte{} {
				k.Error("the hash is not that of the whole entry")
			}
		}},
		{"of a contact with a hole between", "the changes of one contact need not stand together", func(k *kit) {
			k.apply(&store.Batch{Changes: []contacts.Change{set("a", "group", "", "1"), set("b", "group", "", "2"), set("a", "team", "", "3")}})
			k.equal("seqs", k.seqs(store.LogQuery{Contact: "a"}), []int64{1})
			k.equal("changes", k.log(store.LogQuery{Contact: "a"})[0].Changes, []contacts.Change{set("a", "group", "", "1"), set("a", "team", "", "3")})
		}},
		{"of a contact by bytes", "ids are compared byte by byte", func(k *kit) {
			k.apply(&store.Batch{Changes: []contacts.Change{{Contact: "a"}, {Contact: "A"}, {Contact: "a "}, {Contact: "aa"}}})
			k.apply(&store.Batch{Changes: []contacts.Change{set("A", "group", "", "1")}})
			k.equal("a", k.seqs(store.LogQuery{Contact: "a"}), []int64{1})
			k.equal("A", k.seqs(store.LogQuery{Contact: "A"}), []int64{1, 2})
			k.equal("a_", k.log(store.LogQuery{Contact: "a "})[0].Changes, []contacts.Change{{Contact: "a "}})
		}},
		{"of a contact that is not stored", "the log may speak of contacts that were never put", func(k *kit) {
			k.apply(&store.Batch{Changes: []contacts.Change{set("ghost", "group", "", "1")}})
			k.add(person("ghost", "x"))
			k.equal("seqs", k.seqs(store.LogQuery{Contact: "ghost"}), []int64{1, 2})
		}},
		{"of an act", "Act selects the entries of one act", func(k *kit) {
			act := k.act()
			k.apply(&store.Batch{Act: act, Part: 1})
			k.apply(&store.Batch{})
			k.apply(&store.Batch{Act: act, Part: 2})
			k.equal("seqs", k.seqs(store.LogQuery{Act: act.ID}), []int64{1, 3})
			k.equal("newest", k.seqs(store.LogQuery{Act: act.ID, Newest: true}), []int64{3, 1})
			k.equal("unknown", k.seqs(store.LogQuery{Act: "nobody"}), []int64(nil))
		}},
		{"parts in any order", "entries of an act come in the order of Seq, not of Part", func(k *kit) {
			act := k.act()
			for _, part := range []int{5, 1, 3} {
				k.apply(&store.Batch{Act: act, Part: part})
			}
			k.equal("seqs", k.seqs(store.LogQuery{Act: act.ID}), []int64{1, 2, 3})
		}},
		{"of a contact and an act", "both select the entries of that act with changes of that contact", func(k *kit) {
			act := k.act()
			k.apply(&store.Batch{Changes: []contacts.Change{{Contact: "a"}}})
			k.apply(&store.Batch{Act: act, Part: 1, Changes: []contacts.Change{{Contact: "b"}}})
			k.apply(&store.Batch{Act: act, Part: 2, Changes: []contacts.Change{{Contact: "a"}}})
			k.equal("seqs", k.seqs(store.LogQuery{Act: act.ID, Contact: "a"}), []int64{3})
		}},
		{"After and Before", "both bounds are exclusive; zero means none", func(k *kit) {
			history(k)
			k.equal("after", k.seqs(store.LogQuery{After: 7}), []int64{8, 9})
			k.equal("before", k.seqs(store.LogQuery{Before: 3}), []int64{1, 2})
			k.equal("both", k.seqs(store.LogQuery{After: 3, Before: 6}), []int64{4, 5})
			k.equal("newest", k.seqs(store.LogQuery{After: 3, Before: 6, Newest: true}), []int64{5, 4})
			k.equal("of a", k.seqs(store.LogQuery{Contact: "a", After: 1, Before: 9}), []int64{3, 5, 7})
			k.equal("none", k.seqs(store.LogQuery{After: 5, Before: 6}), []int64(nil))
			k.equal("turned", k.seqs(store.LogQuery{After: 6, Before: 2}), []int64(nil))
			k.equal("past the end", k.seqs(store.LogQuery{After: 9}), []int64(nil))
			k.equal("far", k.seqs(store.LogQuery{After: math.MaxInt64 - 1}), []int64(nil))
			k.equal("far before", len(k.seqs(store.LogQuery{Before: math.MaxInt64})), 9)
		}},
		{"Limit", "Limit bounds the number of entries", func(k *kit) {
			history(k)
			k.equal("oldest", k.seqs(store.LogQuery{Limit: 2}), []int64{1, 2})
			k.equal("newest", k.seqs(store.LogQuery{Limit: 2, Newest: true}), []int64{9, 8})
			k.equal("of a", k.seqs(store.LogQuery{Contact: "a", Limit: 2, After: 1}), []int64{3, 5})
			k.equal("exact", len(k.seqs(store.LogQuery{Limit: 9})), 9)
			k.equal("plenty", len(k.seqs(store.LogQuery{Limit: math.MaxInt32})), 9)
		}},
		{"Limit counts what is selected", "the limit of a query with contact and act counts matching entries", func(k *kit) {
			act := k.act()
			for part := 1; part <= 6; part++ {
				k.apply(&store.Batch{Act: act, Part: part, Changes: []contacts.Change{set([]contacts.ID{"a", "b"}[part%2], "group", "", "x")}})
			}
			k.equal("seqs", k.seqs(store.LogQuery{Act: act.ID, Contact: "a", Limit: 2}), []int64{2, 4})
		}},
		{"default limit", "Limit zero means DefaultLimit", func(k *kit) {
			for range store.DefaultLimit + 5 {
				k.apply(&store.Batch{})
			}
			k.equal("oldest", len(k.seqs(store.LogQuery{})), store.DefaultLimit)
			k.equal("newest", k.seqs(store.LogQuery{Newest: true})[0], int64(store.DefaultLimit+5))
		}},
		{"pages by After", "the last Seq of a page is the After of the next", func(k *kit) {
			history(k)
			var got []int64
			for after := int64(0); ; {
				page := k.seqs(store.LogQuery{After: after, Limit: 4})
				if len(page) == 0 {
					break
				}
				got, after = append(got, page...), page[len(page)-1]
			}
			k.equal("pages", got, k.seqs(store.LogQuery{}))
		}},
		{"order is that of Seq", "the order of the log never comes from a clock", func(k *kit) {
			for i := range 4 {
				act := k.act()
				act.At = clock(-i)
				k.apply(&store.Batch{Act: act})
			}
			entries := k.log(store.LogQuery{})
			k.equal("seqs", k.seqs(store.LogQuery{}), []int64{1, 2, 3, 4})
			k.equal("the time of the last", entries[3].At, clock(-3))
		}},
		{"time of the part", "an entry has the time that its own batch gave", func(k *kit) {
			act := k.act()
			k.apply(&store.Batch{Act: act, Part: 1})
			act.At = clock(500)
			k.apply(&store.Batch{Act: act, Part: 2})
			k.equal("time", k.log(store.LogQuery{After: 1})[0].At, clock(500))
		}},
		{"what came out is a copy", "a store never shares memory with its callers", func(k *kit) {
			k.apply(&store.Batch{Changes: []contacts.Change{set("a", "group", "", "x")}})
			e := k.log(store.LogQuery{})[0]
			e.Changes[0].New = "changed"
			_ = append(e.Changes, set("b", "group", "", "y"))
			k.equal("changes", k.log(store.LogQuery{})[0].Changes, []contacts.Change{set("a", "group", "", "x")})
		}},
		{"what went in is a copy", "a store never shares memory with its callers", func(k *kit) {
			changes := []contacts.Change{set("a", "group", "", "x")}
			k.apply(&store.Batch{Changes: changes})
			changes[0].New = "changed"
			k.equal("changes", k.log(store.LogQuery{})[0].Changes, []contacts.Change{set("a", "group", "", "x")})
		}},
		{"malformed queries", "negative bounds or limits and malformed ids are ErrInvalid", func(k *kit) {
			for _, q := range []store.LogQuery{{After: -1}, {Before: -1}, {Limit: -1}, {Contact: "a\x00"}, {Act: "\xff"}} {
				_, err := k.s.Log(k.ctx, k.ws, q)
				k.is(err, store.ErrInvalid)
			}
		}},
	}}
}

// verify checks the hash chain of a workspace, and that its acts are those of
// the log, and returns its entries.
func (k *kit) verify(ws string) []contacts.Entry {
	k.Helper()
	entries, err := k.s.Log(k.ctx, ws, store.LogQuery{Limit: math.MaxInt32})
	k.ok(err)
	var prev [32]byte
	for i := range entries {
		e := &entries[i]
		if e.Seq != int64(i+1) {
			k.Fatalf("entry %d has the seq %d", i+1, e.Seq)
		}
		if e.Hash != store.Chain(prev, ws, e) {
			k.Fatalf("the chain breaks at entry %d", e.Seq)
		}
		prev = e.Hash
	}
	acts, err := k.s.Acts(k.ctx, ws, store.ActQuery{Limit: math.MaxInt32})
	k.ok(err)
	for i := range acts {
		of := func(e contacts.Entry) bool { return e.Act == acts[i].ID }
		last := len(entries) - 1
		for last >= 0 && !of(entries[last]) {
			last--
		}
		if last < 0 || entries[last].ActSum != store.ActSum(&acts[i]) {
			k.Fatalf("act %q is not what its last entry left", acts[i].ID)
		}
	}
	return entries
}

func chainCases() group {
	return group{"Chain", []testCase{
		{"verifies", "the Hash of each entry chains it to the one before, see store.Chain", func(k *kit) {
			history(k)
			k.equal("entries", len(k.verify(k.ws)), 9)
		}},
		{"verifies with every kind of change", "creations, values, provenance and hostile texts are under the chain", func(k *kit) {
			for _, s := range hostile {
				k.apply(&store.Batch{Changes: []contacts.Change{{Contact: contacts.ID(s)}, set(contacts.ID(s), "labels", "", s), set("a", s, s, ""),
					{Contact: "a", Path: "group", Old: s, New: s, From: contacts.ID(s)}, {Path: "schema", New: s}}})
			}
			k.verify(k.ws)
		}},
		{"verifies with odd times", "the chain covers the time as it is stored, to the microsecond", func(k *kit) {
			act := k.act()
			act.At = clock(1).Add(789) // nanoseconds
			k.apply(&store.Batch{Act: act})
			k.equal("time", k.verify(k.ws)[0].At, clock(1))
		}},
		{"goes over refused and replayed batches", "only entries make the chain", func(k *kit) {
			act := k.act()
			k.apply(&store.Batch{Act: act, Put: []store.Put{put("a")}})
			k.apply(&store.Batch{Act: act, Put: []store.Put{put("a")}})
			k.conflict(&store.Batch{Put: []store.Put{put("a")}})
			k.apply(&store.Batch{})
			k.equal("entries", len(k.verify(k.ws)), 2)
		}},
		{"seals are the store's", "a change with values gets a fresh seal, whatever came in; one without has none", func(k *kit) {
			forged := set("a", "group", "", "x")
			forged.Seal = string(make([]byte, 32))
			k.apply(&store.Batch{Changes: []contacts.Change{{Contact: "a", Seal: "x"}, forged, set("a", "group", "", "x")}})
			changes := k.verify(k.ws)[0].Changes
			if changes[0].Seal != "" || len(changes[1].Seal) != 16 || len(changes[2].Seal) != 16 || changes[1].Seal == changes[2].Seal {
				k.Errorf("the seals are %q, %q, %q", changes[0].Seal, changes[1].Seal, changes[2].Seal)
			}
		}},
		{"acts are under the chain", "each entry has the sum of its act as it left it, whatever the parts say but the counts; an undo of it alters no sum", func(k *kit) {
			act := k.act()
			act.Source, act.Counts.Rows = "a.csv", 1
			k.apply(&store.Batch{Act: act, Part: 2})
			later := act
			later.Kind, later.Actor, later.At, later.Source, later.Counts.Rows = contacts.ActEdit, "other", clock(99), "b.csv", 5
			k.apply(&store.Batch{Act: later, Part: 1})
			undo := k.act()
			undo.Undoes = act.ID
			k.apply(&store.Batch{Act: undo})
			entries := k.verify(k.ws)
			act.Seq = 1
			k.equal("first sum", entries[0].ActSum, store.ActSum(&act))
			act.Counts.Rows = 5
			k.equal("second sum", entries[1].ActSum, store.ActSum(&act))
			undo.Seq = 3
			k.equal("sum of the undo", entries[2].ActSum, store.ActSum(&undo))
		}},
		{"creations are under the chain", "the seal of a creation is that of the contact put, in whatever order; one without a contact has none; an erasure leaves the digest", func(k *kit) {
			k.apply(&store.Batch{Put: []store.Put{put("c")}})
			k.apply(&store.Batch{Put: []store.Put{put("a", phone("+1")), again("c", 2, nil, nil), put("b"), put("d")},
				Changes: []contacts.Change{{Contact: "d"}, {Contact: "b"}, set("c", "group", "", "x"), {Contact: "a"}, {Contact: "c"}, {Contact: "nobody"}}})
			changes := k.verify(k.ws)[1].Changes
			for _, i := range []int{0, 1, 3} {
				id := changes[i].Contact
				if c := k.contacts(id)[0]; len(changes[i].Seal) != 48 || !store.IsCreated(changes[i].Seal, c) {
					k.Errorf("the seal %q is not that of %s", changes[i].Seal, id)
				}
			}
			if changes[4].Seal != "" || changes[5].Seal != "" {
				k.Errorf("a contact that the batch does not create is sealed: %q", changes)
			}
			k.apply(&store.Batch{Erase: ids{"a"}})
			after := k.verify(k.ws)[1].Changes
			k.equal("digest of the erased one", after[3].Seal, changes[3].Seal[16:])
			k.equal("seal of another", after[1].Seal, changes[1].Seal)
		}},
		{"an altered entry shows", "what the store answers is enough to find a change to the past", func(k *kit) {
			history(k)
			entries := k.verify(k.ws)
			e := entries[4]
			e.Changes = slices.Clone(e.Changes)
			e.Changes[0].New = "altered"
			if store.Chain(entries[3].Hash, k.ws, &e) == e.Hash {
				k.Error("it does not show")
			}
		}},
		{"is the workspace's own", "two workspaces with the same history have different chains", func(k *kit) {
			act := k.act()
			var hashes [][32]byte
			for _, ws := range []string{k.ws + "/1", k.ws + "/2"} {
				_, err := k.s.Apply(k.ctx, ws, &store.Batch{Act: act, Part: 1})
				k.ok(err)
				hashes = append(hashes, k.verify(ws)[0].Hash)
			}
			if hashes[0] == hashes[1] {
				k.Error("the hashes are the same")
			}
		}},
	}}
}
