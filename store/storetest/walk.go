package storetest

import (
	"context"
	"errors"
	"fmt"
	"sync/atomic"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// Model compares a store with a plain model of the contract: random batches,
// good ones and such as cannot be applied, are given to both, and after each
// every answer of the two must be the same. It is part of [Harness.Run]; the
// number of walks is that of rapid (-rapid.checks), the seed is reported.
func (h Harness) Model(t *testing.T) {
	t.Helper()
	s := h.Open(t)
	t.Cleanup(func() { s.Close() })
	var walks atomic.Int64
	rapid.Check(t, func(rt *rapid.T) {
		w := &walk{T: rt, ctx: t.Context(), s: s, ws: fmt.Sprintf("walk %d", walks.Add(1)), m: newModel()}
		for range rapid.IntRange(1, max(1, cmpOr(h.Steps, 30))).Draw(rt, "steps") {
			w.step()
			w.compare()
			if rt.Failed() {
				return
			}
		}
		w.chain()
	})
}

func cmpOr(n, otherwise int) int {
	if n == 0 {
		return otherwise
	}
	return n
}

// walk is one random walk in a workspace of its own.
type walk struct {
	*rapid.T
	ctx  context.Context
	s    store.Store
	ws   string
	m    *model
	acts int
	past []*store.Batch
}

// Few names, so that batches meet; some of them are easily mixed up.
var (
	walkIDs     = []contacts.ID{"a", "A", "a ", "b", "é", "c1", "c10", "c2"}
	walkKeys    = []contacts.Key{phone("+1"), phone("+2"), email("x@y"), email("X@y"), email("x@y "), {Kind: contacts.ExternalKey("crm"), Value: "1"}}
	walkRecords = [][2]string{{"label", "x"}, {"label", "X"}, {"label", "y%"}, {"mark", "x"}}
	walkPaths   = []string{"group", "labels", "custom.tier", "external_ids.crm", "state"}
	walkTexts   = []string{"", "x", "é", "X ", "%"}
	walkKinds   = []contacts.ActivityKind{contacts.Call, contacts.SMS}
)

func pick[T any](w *walk, name string, list []T) T { return rapid.SampledFrom(list).Draw(w.T, name) }

func (w *walk) chance(name string, percent int) bool {
	return rapid.IntRange(1, 100).Draw(w.T, name) <= percent
}

func (w *walk) step() {
	b := w.batch()
	want, wantErr := w.m.apply(b)
	got, err := w.s.Apply(w.ctx, w.ws, b)
	if wantErr == nil {
		w.past = append(w.past, b)
		if err != nil || got != want {
			w.Fatalf("Apply(%+v) = %+v, %v, want %+v", b, got, err, want)
		}
	} else if !errors.Is(err, wantErr) {
		w.Fatalf("Apply(%+v) = %+v, %v, want an error that is %v", b, got, err, wantErr)
	}
}

func (w *walk) batch() *store.Batch {
	if len(w.past) > 0 && w.chance("replay", 5) {
		return pick(w, "past", w.past)
	}
	b := &store.Batch{Part: 1}
	if len(w.m.acts) > 0 && w.chance("next part", 20) {
		a := pick(w, "act", w.m.acts)
		b.Act, b.Part = a, rapid.IntRange(2, 4).Draw(w.T, "part")
	} else {
		w.acts++
		b.Act = contacts.Act{ID: number("act", w.acts), Kind: contacts.ActEdit, Actor: "agent", Source: pick(w, "source", walkTexts)}
		if len(w.m.acts) > 0 && w.chance("undo", 25) {
			b.Act.Undoes = pick(w, "undoes", w.m.acts).ID
		} else if w.chance("undo nothing", 3) {
			b.Act.Undoes = "nobody"
		}
	}
	b.Act.At = clock(rapid.IntRange(-3, 3).Draw(w.T, "at"))
	b.Act.Counts.Updated = rapid.IntRange(0, 3).Draw(w.T, "count")
	if w.chance("claim", 20) {
		b.Seq = int64(len(w.m.entries)) + int64(rapid.SampledFrom([]int{1, 1, 1, 0, 2}).Draw(w.T, "seq"))
	}
	for _, id := range rapid.SliceOfNDistinct(rapid.SampledFrom(walkIDs), 0, 3, rapid.ID[contacts.ID]).Draw(w.T, "puts") {
		b.Put = append(b.Put, w.put(id))
	}
	if w.chance("expect", 20) {
		id := pick(w, "expected", walkIDs)
		b.Expect = append(b.Expect, store.Expect{ID: id, Rev: w.base(w.m.rev(id))})
	}
	if w.chance("unique", 30) {
		b.Unique = []contacts.KeyKind{contacts.PhoneKey, contacts.EmailKey}[:rapid.IntRange(1, 2).Draw(w.T, "kinds")]
	}
	for range rapid.IntRange(0, 4).Draw(w.T, "changes") {
		c := contacts.Change{Contact: pick(w, "changed", walkIDs)}
		if w.chance("values", 70) {
			c.Path, c.Old, c.New = pick(w, "path", walkPaths), pick(w, "old", walkTexts), pick(w, "new", walkTexts)
		}
		b.Changes = append(b.Changes, c)
	}
	for _, n := range rapid.SliceOfNDistinct(rapid.IntRange(1, 6), 0, 2, rapid.ID[int]).Draw(w.T, "activities") {
		// Mostly the same contact each time: an activity cannot move.
		on := walkIDs[n%len(walkIDs)]
		if w.chance("moved", 3) {
			on = "moved"
		}
		b.Activities = append(b.Activities, contacts.Activity{ID: number("v", n), Contact: on, Kind: pick(w, "kind", walkKinds),
			At: clock(rapid.IntRange(0, 3).Draw(w.T, "when")), Ref: pick(w, "ref", walkTexts)})
	}
	for _, name := range rapid.SliceOfNDistinct(rapid.SampledFrom(walkRecords), 0, 2, rapid.ID[[2]string]).Draw(w.T, "records") {
		r := store.RecordPut{Kind: name[0], Key: name[1], Base: w.base(w.m.records[name].Rev)}
		if w.chance("any", 20) {
			r.Base = store.AnyRev
		}
		if w.chance("body", 70) {
			r.Body = []byte(pick(w, "body", walkTexts))
		}
		b.Records = append(b.Records, r)
	}
	return b
}

// base is the revision, seldom another one.
func (w *walk) base(rev int64) int64 {
	if w.chance("stale", 4) {
		return max(0, rev+int64(rapid.SampledFrom([]int{-1, 1}).Draw(w.T, "off")))
	}
	return rev
}

func (w *walk) put(id contacts.ID) store.Put {
	base := w.base(w.m.rev(id))
	c := person(id, pick(w, "name", walkTexts))
	c.Rev = base + 1
	if c.State = pick(w, "state", []contacts.State{contacts.Live, contacts.Live, contacts.Deleted, contacts.Merged}); c.State == contacts.Merged {
		c.MergedInto = pick(w, "into", walkIDs)
	}
	p := store.Put{Contact: c.Normalize(), Base: base}
	for _, key := range rapid.SliceOfNDistinct(rapid.SampledFrom(walkKeys), 0, 3, rapid.ID[contacts.Key]).Draw(w.T, "keys") {
		if w.chance("add", 60) {
			p.Add = append(p.Add, key)
		} else {
			p.Drop = append(p.Drop, key)
		}
	}
	return p
}

// same fails the walk where two answers differ.
func same[T any](w *walk, what string, got T, err error, want T) {
	if err != nil {
		w.Fatalf("%s: %v", what, err)
	}
	if d := cmp.Diff(want, got, append(comparers, cmp.Comparer(func(a, b [32]byte) bool { return true }))...); d != "" {
		w.Fatalf("%s (-model +store):\n%s", what, d)
	}
}

// compare asks everything that can be asked, and one random question of each
// sort.
func (w *walk) compare() {
	var all []*contacts.Contact
	after := pick(w, "after", append([]contacts.ID{"", "", "b "}, walkIDs...))
	for c, err := range w.s.Scan(w.ctx, w.ws, after) {
		if err != nil {
			w.Fatal(err)
		}
		all = append(all, c)
	}
	same(w, "Scan", all, nil, w.m.scan(after))

	list, err := w.s.Contacts(w.ctx, w.ws, walkIDs...)
	var want []*contacts.Contact
	for _, id := range walkIDs {
		want = append(want, w.m.contacts[id])
	}
	same(w, "Contacts", list, err, want)

	found, err := w.s.Lookup(w.ctx, w.ws, walkKeys...)
	var holders [][]contacts.ID
	for _, key := range walkKeys {
		holders = append(holders, w.m.lookup(key))
	}
	same(w, "Lookup", found, err, holders)

	q := store.LogQuery{Newest: w.chance("newest", 50), Limit: rapid.IntRange(0, 5).Draw(w.T, "limit"),
		After: int64(rapid.IntRange(0, 3).Draw(w.T, "low")), Before: int64(rapid.IntRange(0, 20).Draw(w.T, "high"))}
	if w.chance("of contact", 60) {
		q.Contact = pick(w, "of", walkIDs)
	}
	if len(w.m.acts) > 0 && w.chance("of act", 30) {
		q.Act = pick(w, "of act", w.m.acts).ID
	}
	entries, err := w.s.Log(w.ctx, w.ws, q)
	same(w, fmt.Sprintf("Log(%+v)", q), nonNil(entries), err, nonNil(w.m.log(q)))

	aq := store.ActQuery{Before: int64(rapid.IntRange(0, 9).Draw(w.T, "before")), Limit: rapid.IntRange(0, 4).Draw(w.T, "acts")}
	acts, err := w.s.Acts(w.ctx, w.ws, aq)
	same(w, fmt.Sprintf("Acts(%+v)", aq), nonNil(acts), err, nonNil(w.m.listActs(aq)))
	acts, err = w.s.Acts(w.ctx, w.ws, store.ActQuery{})
	same(w, "Acts", nonNil(acts), err, nonNil(w.m.listActs(store.ActQuery{})))

	vq := store.ActivityQuery{Contacts: rapid.SliceOfN(rapid.SampledFrom(walkIDs), 1, 4).Draw(w.T, "timeline"), Limit: rapid.IntRange(0, 3).Draw(w.T, "page"),
		Ref: pick(w, "with ref", append([]string{"", "", ""}, walkTexts...))}
	if w.chance("bound", 40) {
		vq.BeforeAt, vq.BeforeID = clock(rapid.IntRange(0, 3).Draw(w.T, "until")), pick(w, "until id", []contacts.ID{"", "v000002", "v000004"})
	}
	if w.chance("kinds", 30) {
		vq.Kinds = walkKinds[:1]
	}
	activities, err := w.s.Activities(w.ctx, w.ws, vq)
	same(w, fmt.Sprintf("Activities(%+v)", vq), nonNil(activities), err, nonNil(w.m.listActivities(vq)))

	for _, kind := range []string{"label", "mark"} {
		records, err := w.s.Records(w.ctx, w.ws, kind)
		same(w, "Records "+kind, nonNil(records), err, nonNil(w.m.listRecords(kind)))
	}
}

// nonNil makes an absent answer equal to an empty one.
func nonNil[T any](list []T) []T { return append([]T{}, list...) }

// chain checks the hashes of the walk's log.
func (w *walk) chain() {
	entries, err := w.s.Log(w.ctx, w.ws, store.LogQuery{Limit: 100000})
	if err != nil {
		w.Fatal(err)
	}
	var prev [32]byte
	for i := range entries {
		if prev = store.Chain(prev, w.ws, &entries[i]); prev != entries[i].Hash {
			w.Fatalf("the chain breaks at entry %d", i+1)
		}
	}
}
