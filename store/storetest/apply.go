package storetest

import (
	"context"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

func applyCases() group {
	return group{"Apply", []testCase{
		{"Base 0 creates", "Base 0: the contact must not exist", func(k *kit) {
			k.add(person("a", "first"))
			e := k.conflict(&store.Batch{Put: []store.Put{create(person("a", "second"))}})
			k.equal("ids", e.IDs, ids{"a"})
		}},
		{"Base must be the revision", "a contact at another revision than Base is a conflict that names it", func(k *kit) {
			k.add(person("a", "x"), person("b", "x"))
			for _, base := range []int64{2, 3, 1000} {
				c := person("b", "y")
				c.Rev = base + 1
				e := k.conflict(&store.Batch{Put: []store.Put{{Contact: c, Base: base}}})
				k.equal("ids", e.IDs, ids{"b"})
			}
		}},
		{"Base of a missing contact", "a contact that is not there has no revision", func(k *kit) {
			e := k.conflict(&store.Batch{Put: []store.Put{again("a", 2, nil, nil)}})
			k.equal("ids", e.IDs, ids{"a"})
		}},
		{"a stale write loses", "of two writes from the same revision the second is a conflict", func(k *kit) {
			k.add(person("a", "x"))
			k.apply(&store.Batch{Put: []store.Put{again("a", 2, nil, nil)}})
			k.conflict(&store.Batch{Put: []store.Put{again("a", 2, nil, nil)}})
		}},
		{"prepared ahead", "what Prepare returns applies as Apply does, under the state that it meets then", func(k *kit) {
			k.add(person("a", "x"))
			first, second := person("a", "y"), person("a", "z")
			first.Rev, second.Rev = 2, 3
			var apply [2]func(context.Context) (store.Result, error)
			for i, c := range []*contacts.Contact{first, second} {
				var err error
				apply[i], _, err = store.Prepare(k.s, k.ws, &store.Batch{Act: k.act(), Part: 1, Seq: int64(i) + 2, Put: []store.Put{{Contact: c, Base: int64(i) + 1}}})
				k.ok(err)
			}
			_, early := apply[1](k.ctx)
			k.is(early, store.ErrConflict)
			for i, apply := range apply {
				r, err := apply(k.ctx)
				k.ok(err)
				k.equal("seq", r.Seq, int64(i)+2)
			}
			k.equal("contact", k.contacts("a")[0], second)
			wrong, _, err := store.Prepare(k.s, k.ws, &store.Batch{})
			if err == nil {
				_, err = wrong(k.ctx)
			}
			k.is(err, store.ErrInvalid)
		}},
		{"all conflicts at once", "the conflict names every contact that is not as expected", func(k *kit) {
			k.add(person("a", "x"), person("b", "x"), person("c", "x"))
			e := k.conflict(&store.Batch{
				Put:    []store.Put{again("c", 3, nil, nil), again("b", 2, nil, nil), create(person("a", "y"))},
				Expect: []store.Expect{{ID: "z", Rev: 1}},
			})
			k.equal("ids", e.IDs, ids{"a", "c", "z"})
		}},
		{"Expect holds", "Expect asks for revisions of contacts that are not written", func(k *kit) {
			k.add(person("a", "x"))
			k.apply(&store.Batch{Expect: []store.Expect{{ID: "a", Rev: 1}, {ID: "none", Rev: 0}}})
			k.equal("contact", k.contacts("a")[0], person("a", "x"))
		}},
		{"Expect does not hold", "an Expect that does not hold is a conflict", func(k *kit) {
			k.add(person("a", "x"))
			for _, x := range []store.Expect{{ID: "a", Rev: 2}, {ID: "a", Rev: 0}, {ID: "none", Rev: 1}} {
				e := k.conflict(&store.Batch{Put: []store.Put{create(person("b", "x"))}, Expect: []store.Expect{x}})
				k.equal("ids", e.IDs, ids{x.ID})
			}
		}},
		{"Expect looks at the state before", "conditions are about the store as it was before the batch", func(k *kit) {
			k.add(person("a", "x"))
			k.apply(&store.Batch{Put: []store.Put{again("a", 2, nil, nil)}, Expect: []store.Expect{{ID: "a", Rev: 1}}})
			k.conflict(&store.Batch{Put: []store.Put{again("a", 3, nil, nil)}, Expect: []store.Expect{{ID: "a", Rev: 3}}})
		}},
		{"all or nothing", "where one part of a batch is refused none of it is written", func(k *kit) {
			k.add(person("a", "x"))
			k.apply(&store.Batch{Records: []store.RecordPut{{Kind: "label", Key: "old", Body: []byte("1")}}})
			k.conflict(&store.Batch{
				Put:        []store.Put{create(person("b", "x")), again("a", 2, list(phone("+1")), nil), again("a0", 2, nil, nil)},
				Changes:    []contacts.Change{{Contact: "b"}},
				Activities: []contacts.Activity{{ID: "v", Contact: "a", Kind: contacts.Call, At: clock(1)}},
				Records:    []store.RecordPut{{Kind: "label", Key: "new", Body: []byte("1")}, {Kind: "label", Key: "old", Base: 1}},
			})
			k.equal("holders", k.lookup(phone("+1")), [][]contacts.ID{nil})
		}},
		{"all or nothing for records", "a record that is not as expected keeps contacts from being written", func(k *kit) {
			k.conflict(&store.Batch{
				Put:     []store.Put{create(person("b", "x"))},
				Records: []store.RecordPut{{Kind: "label", Key: "new", Body: []byte("1")}, {Kind: "label", Key: "x", Base: 7, Body: []byte("1")}},
			})
		}},
		{"all of it", "one batch writes contacts, changes, activities and records together", func(k *kit) {
			r := k.apply(&store.Batch{
				Put:        []store.Put{create(everything("a"))},
				Changes:    []contacts.Change{{Contact: "a"}},
				Activities: []contacts.Activity{{ID: "v", Contact: "a", Kind: contacts.Call, At: clock(1)}},
				Records:    []store.RecordPut{{Kind: "label", Key: "new", Body: []byte("1")}},
			})
			k.equal("contact", k.contacts("a")[0], everything("a"))
			k.equal("entries", k.seqs(store.LogQuery{Contact: "a"}), []int64{r.Seq})
			k.equal("activities", len(k.activities(store.ActivityQuery{Contacts: ids{"a"}})), 1)
			k.equal("records", len(k.records("label")), 1)
		}},
		{"an empty batch", "an act without changes still makes an entry", func(k *kit) {
			r := k.apply(&store.Batch{})
			k.equal("entries", k.seqs(store.LogQuery{}), []int64{r.Seq})
		}},
		{"Seq counts from 1", "entries of a workspace count from 1, without gaps", func(k *kit) {
			for want := int64(1); want <= 5; want++ {
				k.equal("seq", k.apply(&store.Batch{}), store.Result{Seq: want})
			}
		}},
		{"a refused batch makes no gap", "entries count without gaps", func(k *kit) {
			k.apply(&store.Batch{Put: []store.Put{put("a")}})
			k.conflict(&store.Batch{Put: []store.Put{put("a")}})
			k.refused(&store.Batch{Part: -1}, store.ErrInvalid)
			k.equal("seq", k.apply(&store.Batch{}).Seq, int64(2))
		}},
		{"claimed Seq", "a batch that names the next place in the log gets it", func(k *kit) {
			k.equal("first", k.apply(&store.Batch{Seq: 1}), store.Result{Seq: 1})
			k.equal("second", k.apply(&store.Batch{Seq: 2}), store.Result{Seq: 2})
		}},
		{"claimed Seq is taken", "where another batch came first the conflict says where the log ends", func(k *kit) {
			k.apply(&store.Batch{})
			k.apply(&store.Batch{})
			for _, seq := range []int64{1, 2, 4, 100} {
				e := k.conflict(&store.Batch{Seq: seq, Put: []store.Put{put("a")}})
				k.equal("head", e.Head, int64(2))
			}
			k.apply(&store.Batch{Seq: 3, Put: []store.Put{put("a")}})
		}},
		{"replayed", "a batch that was applied is not applied again: the same answer, Replayed set", func(k *kit) {
			act := k.act()
			b := &store.Batch{Act: act, Put: []store.Put{put("a", phone("+1"))}, Changes: []contacts.Change{{Contact: "a"}}, Seq: 1,
				Records: []store.RecordPut{{Kind: "label", Key: "x", Body: []byte("1")}}, Unique: []contacts.KeyKind{contacts.PhoneKey}}
			first := k.apply(b)
			k.apply(&store.Batch{Put: []store.Put{again("a", 2, nil, nil)}})
			before := k.dump(k.ws)
			for range 2 {
				k.equal("answer", k.apply(b), store.Result{Seq: first.Seq, Replayed: true})
			}
			k.equal("the workspace", k.dump(k.ws), before)
		}},
		{"replay goes by act and part alone", "the batch is known by Act.ID and Part, whatever else it says", func(k *kit) {
			act := k.act()
			k.apply(&store.Batch{Act: act, Put: []store.Put{put("a")}})
			before := k.dump(k.ws)
			act.Kind, act.Counts.Created = contacts.ActImport, 9
			k.equal("answer", k.apply(&store.Batch{Act: act, Put: []store.Put{put("b")}}), store.Result{Seq: 1, Replayed: true})
			k.equal("the workspace", k.dump(k.ws), before)
		}},
		{"a malformed replay", "arguments are checked first", func(k *kit) {
			act := k.act()
			k.apply(&store.Batch{Act: act})
			k.refused(&store.Batch{Act: act, Put: []store.Put{{}}}, store.ErrInvalid)
		}},
		{"a refused batch is not known", "only what was applied is replayed: after a conflict the batch may come again, mended", func(k *kit) {
			k.apply(&store.Batch{Put: []store.Put{put("a")}})
			act := k.act()
			k.conflict(&store.Batch{Act: act, Put: []store.Put{put("a")}})
			k.equal("answer", k.apply(&store.Batch{Act: act, Put: []store.Put{again("a", 2, nil, nil)}}), store.Result{Seq: 2})
		}},
		{"parts", "an act may span many batches, each known by its part", func(k *kit) {
			act := k.act()
			for part := 1; part <= 3; part++ {
				k.apply(&store.Batch{})
				k.apply(&store.Batch{Act: act, Part: part, Put: []store.Put{put(number("c", part))}})
			}
			for part := 3; part >= 1; part-- {
				r := k.apply(&store.Batch{Act: act, Part: part, Put: []store.Put{put(number("c", part))}})
				k.equal("answer", r, store.Result{Seq: int64(2 * part), Replayed: true})
			}
			k.equal("entries of the act", k.seqs(store.LogQuery{Act: act.ID}), []int64{2, 4, 6})
		}},
		{"the batch is not altered", "a store never writes to what it is given", func(k *kit) {
			c := everything("a")
			b := &store.Batch{Act: k.act(), Part: 1, Put: []store.Put{create(c)},
				Changes: []contacts.Change{{Contact: "a"}, {Contact: "a", Path: "labels", New: "x"}}}
			act := b.Act
			k.apply(b)
			k.equal("act", b.Act, act)
			k.equal("seal", b.Changes[1].Seal, "")
			k.equal("contact", c, everything("a"))
		}},
		{"a large batch", "the size of a batch is not limited", func(k *kit) {
			b := &store.Batch{}
			for i := range 3000 {
				c := withPhone(person(number("c", i), "x"), "+8529"+string(number("", i)))
				b.Put = append(b.Put, create(c))
				b.Changes = append(b.Changes, contacts.Change{Contact: c.ID})
			}
			k.apply(b)
			k.equal("contacts", len(k.scan("")), 3000)
			k.equal("changes", len(k.log(store.LogQuery{})[0].Changes), 3000)
		}},
	}}
}
