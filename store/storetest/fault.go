package storetest

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/faultsql"
)

// Faults tries every operation of a store on an SQL database with a fault at
// each driver call that it makes: after it the store is as before or as after
// the operation, never between. Where the operation answered, it took effect and
// the answer is the right one; where it failed, it did not. A cut connection, a
// lost answer to a COMMIT, and what is in Transient are survived: the operation
// succeeds. It needs Faulty and is part of [Harness.Run].
func (h Harness) Faults(t *testing.T) {
	t.Helper()
	f := &faulty{h: h, faults: faultsql.New()}
	s := h.Faulty(t, f.faults.Connector)
	t.Cleanup(func() {
		f.faults.Arm(nil)
		s.Close()
	})
	for _, op := range operations() {
		t.Run(strings.ReplaceAll(op.name, " ", "_"), func(t *testing.T) {
			k := &kit{T: t, ctx: t.Context(), harness: &h, s: s}
			want := f.clean(k, op)
			for _, kind := range h.faultKinds() {
				t.Run(strings.ReplaceAll(kind.name, " ", "_"), func(t *testing.T) {
					k := &kit{T: t, ctx: t.Context(), harness: &h, s: s}
					f.grid(k, op, kind, want)
				})
			}
		})
	}
	t.Logf("%d operations met a fault", f.runs)
}

// faulty is a store behind faults.
type faulty struct {
	h      Harness
	faults *faultsql.Faults
	spaces int
	tried  int
	runs   int // operations that met a fault
}

// operation is a piece of work on a workspace. Its answer is a text; an error
// that the contract calls for, such as a conflict, is an answer, too.
type operation struct {
	name    string
	prepare func(k *kit)
	run     func(k *kit) (answer string, err error)
	writes  bool
}

// faultKind is a way in which a call fails.
type faultKind struct {
	name  string
	fault faultsql.Fault
	// survived says that the operation must succeed all the same.
	survived bool
}

var errDisk = errors.New("a fault of the disk, made by the test")

func (h Harness) faultKinds() []faultKind {
	kinds := []faultKind{
		{"error before", faultsql.Before(errDisk), false},
		{"error after", faultsql.After(errDisk), false},
		{"cut before", faultsql.Drop(driver.ErrBadConn), true},
		{"cut after", faultsql.DropAfter(driver.ErrBadConn), true},
	}
	for _, name := range slices.Sorted(maps.Keys(h.Transient)) {
		err := h.Transient[name]
		kinds = append(kinds, faultKind{name + " before", faultsql.Before(err), true}, faultKind{name + " after", faultsql.After(err), true})
	}
	return kinds
}

// outcome is what an operation does where nothing fails.
type outcome struct {
	before, after string // without hashes, since the workspace's name is in them
	answer        string
	calls         int
	ends          map[int]bool // the calls that begin or end a transaction
}

func (f *faulty) space(k *kit, op operation) *kit {
	f.spaces++
	o := k.in(fmt.Sprintf("faults %d", f.spaces))
	f.faults.Arm(nil)
	if op.prepare != nil {
		op.prepare(o)
	}
	return o
}

// clean runs the operation twice, so that the connections and statements it
// needs are there, and learns what it does.
func (f *faulty) clean(k *kit, op operation) (want outcome) {
	k.Helper()
	for range 2 {
		o := f.space(k, op)
		want = outcome{before: o.plainDump(), ends: map[int]bool{}}
		f.faults.Arm(func(c faultsql.Call) faultsql.Fault {
			switch c.Op {
			case faultsql.Begin, faultsql.Commit, faultsql.Rollback, faultsql.Raw:
				want.ends[c.N] = true
			}
			return nil
		})
		answer, err := op.run(o)
		want.calls = f.faults.Total()
		f.faults.Arm(nil)
		if err != nil {
			k.Fatalf("without a fault: %v", err)
		}
		want.answer, want.after = answer, o.plainDump()
	}
	if op.writes != (want.before != want.after) {
		k.Fatalf("it writes %v, and the workspace went from\n%s\nto\n%s", op.writes, want.before, want.after)
	}
	return want
}

// grid tries a kind of fault at the calls of an operation.
func (f *faulty) grid(k *kit, op operation, kind faultKind, want outcome) {
	sample := cmpOr(f.h.Sample, 16)
	if f.h.Long {
		sample = 1
	}
	const many = 300 // calls, of which most are alike
	sample *= 1 + want.calls/many*8
	for n := 1; n <= want.calls; n++ {
		f.tried++
		if !want.ends[n] && f.tried%sample != 0 {
			continue
		}
		o := f.space(k, op)
		sealed := ""
		if op.writes {
			sealed = o.dump(o.ws)
		}
		f.faults.Arm(faultsql.At(n, kind.fault))
		answer, err := op.run(o)
		fired := f.faults.Fired()
		f.faults.Arm(nil)
		if len(fired) == 0 {
			continue // another connection served it with fewer calls
		}
		f.runs++
		at := fmt.Sprintf("%s at call %d, %s %.60q", kind.name, n, fired[0].Op, fired[0].Query)
		switch {
		case err == nil && answer != want.answer:
			k.Errorf("%s: the answer is\n%s\nwant\n%s", at, answer, want.answer)
		case err != nil && kind.survived:
			k.Errorf("%s: it is not survived: %v, by %v", at, err, errors.Unwrap(err))
		case err != nil && strings.Contains(err.Error(), errDisk.Error()):
			k.Errorf("%s: the driver's text is in the error: %v", at, err)
		}
		if !op.writes {
			continue
		}
		if err == nil {
			k.equal(at+": the workspace", o.plainDump(), want.after)
			o.verify(o.ws)
		} else {
			k.equal(at+": the workspace", o.dump(o.ws), sealed)
		}
		// Whatever the fault was, the next one can write.
		if _, err := o.commit("next", &store.Batch{Put: []store.Put{put("next")}}); err != nil {
			k.Fatalf("%s: the next batch: %v, by %v", at, err, errors.Unwrap(err))
		}
	}
}

// plainDump is what a workspace holds, without what is random or depends on
// its name.
func (k *kit) plainDump() string {
	k.Helper()
	var b strings.Builder
	for line := range strings.Lines(k.dump(k.ws)) {
		if !strings.HasPrefix(line, "entry ") {
			b.WriteString(line)
		}
	}
	for _, e := range k.log(store.LogQuery{Limit: 100000}) {
		fmt.Fprintf(&b, "%d %s/%d %d", e.Seq, e.Act, e.Part, e.At.UnixMicro())
		for _, c := range e.Changes {
			fmt.Fprintf(&b, " %q", []string{string(c.Contact), c.Path, c.Old, c.New, string(c.From)})
		}
		b.WriteByte('\n')
	}
	return b.String()
}

// lived is the workspace that operations work on: two acts, contacts with
// keys, activities and records.
func lived(k *kit) {
	k.apply(&store.Batch{
		Put:        []store.Put{create(everything("a")), create(withPhone(person("b", "B"), "+85291110000")), put("c", email("c@x.y"))},
		Changes:    []contacts.Change{{Contact: "a"}, {Contact: "b"}, {Contact: "c"}, set("c", "group", "", "x")},
		Activities: []contacts.Activity{{ID: "v1", Contact: "a", Kind: contacts.Call, At: clock(1), Text: "hello"}, {ID: "v2", Contact: "b", Kind: contacts.SMS, At: clock(2), Ref: "r"}},
		Records:    []store.RecordPut{rec("label", "x", 0, "1"), rec("label", "y", 0, "2")},
	})
	k.apply(&store.Batch{Put: []store.Put{update(everything("a"), func(c *contacts.Contact) { c.Company = "New" })},
		Changes: []contacts.Change{set("a", "company", "Old", "New")}})
}

// operations are all that a store can be asked.
func operations() []operation {
	write := func(name string, prepare func(k *kit), batch func(k *kit) *store.Batch) operation {
		return operation{name, prepare, applying(batch), true}
	}
	read := func(name string, run func(k *kit) (any, error)) operation {
		return operation{name, lived, func(k *kit) (string, error) {
			v, err := run(k)
			if err != nil {
				return "", err
			}
			return readable(v), nil
		}, false}
	}
	crowd := func(n int) func(k *kit) *store.Batch {
		return func(k *kit) *store.Batch {
			b := &store.Batch{}
			for i := range n {
				c := withPhone(person(number("n", i), "N"), fmt.Sprintf("+8529%07d", i))
				b.Put = append(b.Put, create(c))
				b.Changes = append(b.Changes, contacts.Change{Contact: c.ID})
			}
			return b
		}
	}
	refused := func(name string, batch func(k *kit) *store.Batch) operation {
		return operation{name, lived, applying(batch), false}
	}
	return []operation{
		write("the first batch", nil, func(k *kit) *store.Batch { return goodBatch(k) }),
		write("create", lived, func(k *kit) *store.Batch {
			return &store.Batch{Put: []store.Put{create(withPhone(person("d", "D"), "+85292220000"))}, Changes: []contacts.Change{{Contact: "d"}},
				Unique: []contacts.KeyKind{contacts.PhoneKey}, Seq: 3}
		}),
		write("create many", lived, crowd(100)),
		write("a large workspace", nil, crowd(1100)),
		write("edit", lived, func(k *kit) *store.Batch {
			return &store.Batch{
				Put: []store.Put{again("a", 3, list(phone("+1")), nil), again("b", 2, nil, list(phone("+85291110000")))}, Expect: []store.Expect{{ID: "c", Rev: 1}},
				Changes: []contacts.Change{set("a", "company", "New", "Newer"), set("b", "group", "", "z")}, Unique: []contacts.KeyKind{contacts.PhoneKey},
			}
		}),
		write("next part", lived, func(k *kit) *store.Batch {
			return &store.Batch{Act: contacts.Act{ID: "act-001", Kind: contacts.ActEdit, Actor: "agent", At: clock(1), Counts: contacts.Counts{Rows: 7}}, Part: 2, Put: []store.Put{put("d")}}
		}),
		write("undo", lived, func(k *kit) *store.Batch {
			return &store.Batch{Act: contacts.Act{Undoes: "act-002"}, Put: []store.Put{again("a", 3, nil, nil)}}
		}),
		write("erase", lived, func(k *kit) *store.Batch {
			c := &contacts.Contact{ID: "a", Rev: 3, State: contacts.Erased, CreatedAt: clock(0), UpdatedAt: clock(1)}
			_, drop := store.KeyDiff(everything("a"), c)
			return &store.Batch{Put: []store.Put{{Contact: c, Base: 2, Drop: drop}}, Erase: ids{"a"}, Changes: []contacts.Change{set("a", "state", "live", "erased")}}
		}),
		write("activities", lived, func(k *kit) *store.Batch {
			return &store.Batch{Activities: []contacts.Activity{{ID: "v1", Contact: "a", Kind: contacts.Call, At: clock(5), Text: "anew"}, {ID: "v3", Contact: "c", Kind: contacts.Call, At: clock(6)}}}
		}),
		write("records", lived, func(k *kit) *store.Batch {
			return &store.Batch{Records: []store.RecordPut{rec("label", "x", 1, "3"), {Kind: "label", Key: "y", Base: store.AnyRev}, rec("mark", "z", 0, "")}}
		}),
		refused("a replay", func(k *kit) *store.Batch {
			return &store.Batch{Act: contacts.Act{ID: "act-001", Kind: contacts.ActEdit, At: clock(1)}, Part: 1, Put: []store.Put{put("never")}}
		}),
		refused("a conflict", func(k *kit) *store.Batch {
			return &store.Batch{Put: []store.Put{create(person("a", "again"))}, Seq: 1}
		}),
		refused("a contact that exists", func(k *kit) *store.Batch {
			return &store.Batch{Put: []store.Put{put("d"), create(person("a", "again"))}}
		}),
		refused("a unique key that is taken", func(k *kit) *store.Batch {
			return &store.Batch{Put: []store.Put{put("d", phone("+85291110000"))}, Unique: []contacts.KeyKind{contacts.PhoneKey}}
		}),
		refused("an undo of nothing", func(k *kit) *store.Batch {
			return &store.Batch{Act: contacts.Act{Undoes: "nobody"}, Put: []store.Put{put("d")}}
		}),
		read("Contacts", func(k *kit) (any, error) { return k.s.Contacts(k.ctx, k.ws, "b", "none", "a", "b") }),
		read("Lookup", func(k *kit) (any, error) {
			return k.s.Lookup(k.ctx, k.ws, phone("+85291110000"), email("c@x.y"), phone("+1"))
		}),
		read("Scan", func(k *kit) (any, error) { return scanned(k.s.Scan(k.ctx, k.ws, "")) }),
		read("Log", func(k *kit) (any, error) { return k.s.Log(k.ctx, k.ws, store.LogQuery{}) }),
		read("Log of a contact", func(k *kit) (any, error) { return k.s.Log(k.ctx, k.ws, store.LogQuery{Contact: "a", Newest: true}) }),
		read("Log of an act", func(k *kit) (any, error) { return k.s.Log(k.ctx, k.ws, store.LogQuery{Contact: "a", Act: "act-001"}) }),
		read("Acts", func(k *kit) (any, error) { return k.s.Acts(k.ctx, k.ws, store.ActQuery{}) }),
		read("Acts by id", func(k *kit) (any, error) {
			return k.s.Acts(k.ctx, k.ws, store.ActQuery{IDs: ids{"act-002", "x", "act-001"}})
		}),
		read("Activities", func(k *kit) (any, error) {
			return k.s.Activities(k.ctx, k.ws, store.ActivityQuery{Contacts: ids{"a", "b"}})
		}),
		read("Activities by id", func(k *kit) (any, error) {
			return k.s.Activities(k.ctx, k.ws, store.ActivityQuery{IDs: ids{"v2", "x", "v1"}})
		}),
		read("Records", func(k *kit) (any, error) { return k.s.Records(k.ctx, k.ws, "label") }),
		read("Records by key", func(k *kit) (any, error) { return k.s.Records(k.ctx, k.ws, "label", "y", "none", "x") }),
		read("Search", func(k *kit) (any, error) {
			q, err := search.Parse("brien OR b", search.Options{})
			if err != nil {
				return nil, err
			}
			page, err := store.Search(k.ctx, k.s, k.ws, q, store.SearchOptions{})
			return page.Hits, err
		}),
		read("Changes", func(k *kit) (any, error) {
			page, err := store.Changes(k.ctx, k.s, k.ws, "", 1)
			page.Next = ""
			return page, err
		}),
	}
}

// applying is the operation that applies a batch. What the contract refuses
// is an answer.
func applying(batch func(k *kit) *store.Batch) func(k *kit) (string, error) {
	return func(k *kit) (string, error) {
		r, err := k.try(batch(k))
		if errors.Is(err, store.ErrConflict) || errors.Is(err, store.ErrNotFound) {
			return err.Error(), nil
		}
		return fmt.Sprintf("%+v", r), err
	}
}

// scanned collects a scan. Nothing may come after an error.
func scanned(seq func(yield func(*contacts.Contact, error) bool)) (out []*contacts.Contact, err error) {
	for c, e := range seq {
		if err != nil {
			return nil, errors.New("the scan goes on after its error")
		}
		if err = e; err == nil {
			out = append(out, c)
		}
	}
	return out, err
}

// readable writes an answer as text, without hashes, and of seals their length.
func readable(v any) string {
	switch v := v.(type) {
	case []*contacts.Contact:
		var b strings.Builder
		for _, c := range v {
			b.WriteString(encode(c) + "\n")
		}
		return b.String()
	case []contacts.Entry:
		for i := range v {
			v[i].Hash = [32]byte{}
			for j := range v[i].Changes {
				v[i].Changes[j].Seal = strings.Repeat("s", len(v[i].Changes[j].Seal))
			}
		}
		return fmt.Sprintf("%q", fmt.Sprint(v))
	case []store.Hit:
		var b strings.Builder
		for _, h := range v {
			b.WriteString(encode(h.Contact) + "\n")
		}
		return b.String()
	case store.FeedPage:
		list := make([]*contacts.Contact, len(v.Contacts))
		for i, c := range v.Contacts {
			list[i] = c.Contact
		}
		return fmt.Sprint(readable(v.Entries), readable(list), v.More)
	}
	return fmt.Sprintf("%q", fmt.Sprint(v))
}
