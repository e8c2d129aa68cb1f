package memstore

import (
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
)

// everyKind is a batch that changes the answer of every kind of read: contacts
// at a revision, their keys, an activity, records.
func everyKind(rev int64, also ...contacts.ID) *store.Batch {
	b := &store.Batch{Part: int(rev), Act: contacts.Act{ID: "act", Kind: contacts.ActEdit, At: time.Unix(rev, 0), Counts: contacts.Counts{Updated: int(rev)}}}
	key := func(n int64) contacts.Key { return contacts.Key{Kind: contacts.PhoneKey, Value: fmt.Sprint("+", n)} }
	for _, id := range append([]contacts.ID{"b"}, also...) {
		base := rev - 1
		if id != "b" {
			base = 0
		}
		c := &contacts.Contact{ID: id, Rev: base + 1, LastName: fmt.Sprint("Lee ", id, rev)}
		put := store.Put{Contact: c, Base: base, Add: []contacts.Key{key(0), key(rev), {Kind: contacts.EmailKey, Value: fmt.Sprint(id, rev, "@x")}}}
		if base > 0 {
			put.Drop = []contacts.Key{key(base)}
		}
		b.Put = append(b.Put, put)
		b.Changes = append(b.Changes, contacts.Change{Contact: id, Path: "company", New: fmt.Sprint(rev)})
	}
	b.Activities = []contacts.Activity{{ID: "last", Contact: "b", Kind: contacts.Call, At: time.Unix(rev, 0)}}
	if rev > 2 {
		b.Act.ID = "act2"
	}
	if rev > 1 {
		b.Activities = append(b.Activities, contacts.Activity{ID: contacts.ID(fmt.Sprint("first", rev)), Contact: "b", Kind: contacts.Call, At: time.Unix(0, 0)})
	}
	b.Records = []store.RecordPut{{Kind: fmt.Sprint("kind", rev), Key: "k", Base: store.AnyRev, Body: []byte("1")},
		{Kind: "kept", Key: "k", Base: store.AnyRev, Body: []byte(fmt.Sprint(rev))},
		{Kind: "gone", Key: "k", Base: store.AnyRev, Body: map[bool][]byte{true: []byte("1")}[rev%2 == 1]}}
	return b
}

// answers asks everything a store can be asked.
func answers(t *testing.T, s *Store, act contacts.ID) map[string]any {
	t.Helper()
	ctx, out := t.Context(), map[string]any{}
	add := func(what string, v any, err error) {
		t.Helper()
		if err != nil {
			t.Fatalf("%s: %v", what, err)
		}
		out[what] = v
	}
	scan := func(st store.Store) (all []*contacts.Contact, err error) {
		for c, e := range st.Scan(ctx, "w", "") {
			if all = append(all, c); e != nil {
				err = e
			}
		}
		return all, err
	}
	cs, err := s.Contacts(ctx, "w", "a", "b", "c")
	add("Contacts", cs, err)
	keys := []contacts.Key{{Kind: contacts.PhoneKey, Value: "+0"}, {Kind: contacts.PhoneKey, Value: "+1"}, {Kind: contacts.PhoneKey, Value: "+2"},
		{Kind: contacts.PhoneKey, Value: "+3"}, {Kind: contacts.EmailKey, Value: "b2@x"}, {Kind: contacts.EmailKey, Value: "b3@x"}}
	ids, err := s.Lookup(ctx, "w", keys...)
	add("Lookup", ids, err)
	held, err := store.Holders(ctx, s, "w", keys...)
	add("Holders", held, err)
	all, err := scan(s)
	add("Scan", all, err)
	for what, q := range map[string]store.LogQuery{"Log": {}, "Log newest": {Newest: true, Limit: 1}, "Log of b": {Contact: "b"}, "Log of acts": {Act: act}} {
		log, err := s.Log(ctx, "w", q)
		add(what, log, err)
	}
	for what, q := range map[string]store.ActQuery{"Acts": {}, "Acts by id": {IDs: []contacts.ID{"act", "act2"}}} {
		acts, err := s.Acts(ctx, "w", q)
		add(what, acts, err)
	}
	for what, q := range map[string]store.ActivityQuery{"Activities": {Contacts: []contacts.ID{"b"}}, "Activities by id": {IDs: []contacts.ID{"last"}}} {
		list, err := s.Activities(ctx, "w", q)
		add(what, list, err)
	}
	for what, kind := range map[string]string{"Records": "kept", "Records deleted": "gone"} {
		records, err := s.Records(ctx, "w", kind)
		add(what, records, err)
		records, err = s.Records(ctx, "w", kind, "k")
		add(what+" by key", records, err)
	}
	kinds, err := s.RecordKinds(ctx, "w")
	add("RecordKinds", kinds, err)
	last := map[contacts.ID]time.Time{}
	for r, e := range s.LastActivities(ctx, "w") {
		if last[r.Contact] = r.At; e != nil {
			err = e
		}
	}
	add("LastActivities", last, err)
	err = s.View(ctx, "w", func(v View) error {
		stored, _ := v.Get("b")
		c, err := stored.Contact()
		add("View", c, err)
		return nil
	})
	add("View ends", nil, err)
	err = s.Snapshot(ctx, "w", func(view store.Store) error {
		all, err := scan(view)
		add("Snapshot", all, err)
		return nil
	})
	add("Snapshot ends", nil, err)
	q, err := search.Parse("lee", search.Options{})
	if err != nil {
		t.Fatal(err)
	}
	var narrowed []string
	for c, e := range s.Narrow(ctx, "w", q) {
		if e != nil {
			err = e
		} else {
			narrowed = append(narrowed, c.LastName)
		}
	}
	slices.Sort(narrowed)
	add("Narrow", narrowed, err)
	hits, ok, err := s.Rank(ctx, "w", q, nil, 10)
	add("Rank", fmt.Sprint(hits, ok), err)
	add("Watch", nil, s.Watch(ctx, "w", 0))
	return out
}

// TestReadersGoOn has a batch written but for the moment at which it is shown,
// and reads meanwhile what there is to read: nothing waits, and the answers
// are those from before.
func TestReadersGoOn(t *testing.T) {
	s, ctx := New(), t.Context()
	if _, err := s.Apply(ctx, "w", everyKind(1, "a", "d")); err != nil {
		t.Fatal(err)
	}
	answers(t, s, "act") // makes the index
	goOn(t, s, everyKind(2, "aa", "e"))
	goOn(t, s, everyKind(3, "f", "bb"))
}

func goOn(t *testing.T, s *Store, b *store.Batch) {
	t.Helper()
	before := answers(t, s, b.Act.ID)
	sp, err := s.begin(t.Context(), "w")
	if err != nil {
		t.Fatal(err)
	}
	p, old := s.prepare(b), (*contacts.Act)(nil)
	if r := sp.acts.row(b.Act.ID); r != nil {
		now := r.act.now()
		old = &now
	}
	sp.apply.Lock()
	seq := sp.log.head() + 1
	act := p.ActAfter(old, seq)
	sp.write(p, &contacts.Entry{Seq: seq, Act: p.Act.ID, Part: p.Part, At: p.Act.At, Changes: p.changes}, &act, nil, nil)
	if during := answers(t, s, b.Act.ID); !reflect.DeepEqual(during, before) {
		t.Errorf("while batch %d is written:\n%v\nbefore:\n%v", seq, during, before)
	}
	err = s.View(t.Context(), "w", func(v View) error {
		sp.show(seq)
		sp.search.update(p.Put)
		sp.apply.Unlock()
		after := answers(t, s, b.Act.ID)
		for what, answer := range before {
			if answer != nil && reflect.DeepEqual(answer, after[what]) {
				t.Errorf("%s is %v, as before batch %d", what, answer, seq)
			}
		}
		stored, _ := v.Get("b")
		if c, err := stored.Contact(); err != nil || !reflect.DeepEqual(c, before["View"]) {
			t.Errorf("a view from before batch %d shows %v, %v", seq, c, err)
		}
		return nil
	})
	if err != nil {
		t.Error(err)
	}
}

// TestSearchWithoutIndex searches while a batch is at work for which the making
// of the index would have to wait: contacts are looked through instead.
func TestSearchWithoutIndex(t *testing.T) {
	s := New()
	if _, err := s.Apply(t.Context(), "w", everyKind(1)); err != nil {
		t.Fatal(err)
	}
	sp, err := s.begin(t.Context(), "w")
	if err != nil {
		t.Fatal(err)
	}
	sp.apply.Lock()
	got := answers(t, s, "act")
	sp.apply.Unlock()
	if sp.search.index.Load() != nil || !reflect.DeepEqual(got["Narrow"], []string{"Lee b1"}) || got["Rank"] != "[] false" {
		t.Errorf("narrowed to %v, ranked %v", got["Narrow"], got["Rank"])
	}
	if answers(t, s, "act"); sp.search.index.Load() == nil {
		t.Error("no index was made afterwards")
	}
}
