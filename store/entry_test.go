package store_test

import (
	"encoding/hex"
	"errors"
	"fmt"
	"reflect"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

func anyChange(t *rapid.T) contacts.Change {
	id := rapid.SampledFrom([]contacts.ID{"a", "01J0000001", "01J0000002", "01J00000", "é", "éa"})
	path := rapid.OneOf(
		rapid.SampledFrom([]string{contacts.PathCreated, "state", "last_name", "labels", "address.country", "primary_email",
			"custom.tier", "external_ids.crm", "custom.", "external_ids.", "unheard_of", "phones[1]"}),
		rapid.StringN(1, 20, 60))
	return contacts.Change{
		Contact: id.Draw(t, "contact"),
		Path:    path.Draw(t, "path"),
		Old:     rapid.SampledFrom([]string{"", "x", "Ångström", "a\nb"}).Draw(t, "old"),
		New:     rapid.OneOf(rapid.Just(""), rapid.String()).Draw(t, "new"),
		From:    rapid.SampledFrom([]contacts.ID{"", "b"}).Draw(t, "from"),
		Seal:    rapid.SampledFrom([]string{"", "0123456789abcdef"}).Draw(t, "seal"),
	}
}

func TestChangesRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		changes := rapid.SliceOf(rapid.Custom(anyChange)).Draw(t, "changes")
		data := store.AppendChanges([]byte("head"), changes)[len("head"):]
		got, err := store.DecodeChanges(data)
		if err != nil {
			t.Fatal(err)
		}
		if !slices.Equal(got, changes) {
			t.Fatalf("got %q, want %q", got, changes)
		}
		want := slices.DeleteFunc(slices.Clone(changes), func(c contacts.Change) bool { return c.Contact != "01J00000" })
		one, err := store.DecodeChangesOf(data, "01J00000")
		if err != nil || !slices.Equal(one, want) {
			t.Fatalf("of one contact: %q, %v, want %q", one, err, want)
		}
	})
}

// An import of many contacts must cost the log next to nothing.
func TestCreationsAreSmall(t *testing.T) {
	var changes []contacts.Change
	ids := 0
	for i := range 1000 {
		id := contacts.ID(fmt.Sprintf("01JD3K%020d", i))
		ids += len(id)
		changes = append(changes, contacts.Change{Contact: id, Path: contacts.PathCreated})
	}
	n := len(store.AppendChanges(nil, changes))
	t.Logf("%d creations: %d bytes", len(changes), n)
	if n > 5*len(changes) {
		t.Errorf("%d creations take %d bytes, their ids %d", len(changes), n, ids)
	}
	single := store.AppendChanges(nil, []contacts.Change{{Contact: "x-y-z"}})
	if len(single) > 2+len("x-y-z")+3 {
		t.Errorf("one creation takes %d bytes", len(single))
	}
}

// The form is on people's disks: it may get new versions but never change.
func TestChangesGolden(t *testing.T) {
	changes := []contacts.Change{
		{Contact: "c1"},
		{Contact: "c2"},
		{Contact: "c2", Path: "last_name", Old: "A", New: "B", Seal: "0123456789abcdef"},
		{Contact: "c2", Path: "custom.k", New: "text:v", From: "c1"},
		{Contact: "c3", Path: "external_ids.crm", Old: "7"},
		{Contact: "c3", Path: "later", New: "x"},
	}
	const want = "0106" + "00" + "00026331" + "00" + "010132" + "a4" + "014101421030313233343536373839616263646566" +
		"7d" + "016b" + "00" + "06746578743a76" + "026331" + "1e" + "010133" + "0363726d" + "0137" + "00" + "3f" + "056c61746572" + "00" + "0178"
	if got := hex.EncodeToString(store.AppendChanges(nil, changes)); got != want {
		t.Errorf("got  %s\nwant %s", got, want)
	}
}

func FuzzDecodeChanges(f *testing.F) {
	f.Add([]byte{1, 0})
	f.Add(store.AppendChanges(nil, []contacts.Change{{Contact: "a"}, {Contact: "ab", Path: "labels", New: "x", Seal: "0123456789abcdef"}}))
	f.Fuzz(func(t *testing.T, data []byte) {
		changes, err := store.DecodeChanges(data)
		if err != nil {
			var e *store.Error
			if !errors.As(err, &e) || !errors.Is(err, contacts.ErrEncoding) {
				t.Fatalf("error %v is no *store.Error", err)
			}
			return
		}
		again, err := store.DecodeChanges(store.AppendChanges(nil, changes))
		if err != nil || !slices.Equal(again, changes) {
			t.Fatalf("%q came back as %q, %v", changes, again, err)
		}
	})
}

func TestDecodeChangesDamaged(t *testing.T) {
	data := store.AppendChanges(nil, []contacts.Change{{Contact: "a"}, {Contact: "b", Path: "group", Old: "x", New: "y"}})
	for n := range data {
		if _, err := store.DecodeChanges(data[:n]); err == nil {
			t.Errorf("cut to %d bytes: no error", n)
		}
	}
	if _, err := store.DecodeChanges(append(slices.Clone(data), 0)); err == nil {
		t.Error("a byte too many: no error")
	}
	newer := slices.Clone(data)
	newer[0]++
	if _, err := store.DecodeChanges(newer); err == nil {
		t.Error("a newer version: no error")
	}
}

// seal seals the changes of a batch that creates contacts.
func seal(created []*contacts.Contact, changes ...contacts.Change) []contacts.Change {
	b := &store.Batch{Changes: changes}
	for _, c := range created {
		b.Put = append(b.Put, store.Put{Contact: c})
	}
	return store.Seal(b, func(i int) []byte { return contacts.AppendEncoded(nil, b.Put[i].Contact) })
}

func sealedEntry() *contacts.Entry {
	return &contacts.Entry{Seq: 7, Act: "act", Part: 2, At: time.UnixMicro(1_700_000_000_000_001), ActSum: [32]byte{9}, Changes: seal(
		[]*contacts.Contact{{ID: "a", Rev: 1, LastName: "Ann"}},
		contacts.Change{Contact: "a"},
		contacts.Change{Contact: "a", Path: "phones", New: "+85212345678"},
		contacts.Change{Contact: "b", Path: "last_name", Old: "x", New: "y", From: "a"},
	)}
}

func TestChainShowsEveryMutation(t *testing.T) {
	prev := [32]byte{1}
	e := sealedEntry()
	sum := store.Chain(prev, "ws", e)
	if sum != store.Chain(prev, "ws", e) {
		t.Fatal("not deterministic")
	}
	if store.Chain([32]byte{2}, "ws", e) == sum || store.Chain(prev, "wt", e) == sum {
		t.Error("another predecessor or workspace does not show")
	}
	mutations := map[string]func(e *contacts.Entry){
		"seq":          func(e *contacts.Entry) { e.Seq++ },
		"act":          func(e *contacts.Entry) { e.Act += "t" },
		"part":         func(e *contacts.Entry) { e.Part++ },
		"at":           func(e *contacts.Entry) { e.At = e.At.Add(time.Microsecond) },
		"order":        func(e *contacts.Entry) { e.Changes[1], e.Changes[2] = e.Changes[2], e.Changes[1] },
		"act sum":      func(e *contacts.Entry) { e.ActSum[31]++ },
		"created":      func(e *contacts.Entry) { e.Changes[0].Seal = e.Changes[0].Seal[:47] + "x" },
		"unsealed":     func(e *contacts.Entry) { e.Changes[0].Seal = "" },
		"salt alone":   func(e *contacts.Entry) { e.Changes[0].Seal = e.Changes[0].Seal[:16] },
		"no creation":  func(e *contacts.Entry) { e.Changes[0].Path = "labels" },
		"cut":          func(e *contacts.Entry) { e.Changes = e.Changes[:2] },
		"twice":        func(e *contacts.Entry) { e.Changes = append(e.Changes, e.Changes[2]) },
		"contact":      func(e *contacts.Entry) { e.Changes[1].Contact = "b" },
		"creation":     func(e *contacts.Entry) { e.Changes[0].Contact = "b" },
		"path":         func(e *contacts.Entry) { e.Changes[1].Path = "labels" },
		"old":          func(e *contacts.Entry) { e.Changes[2].Old = "z" },
		"new":          func(e *contacts.Entry) { e.Changes[2].New = "z" },
		"from":         func(e *contacts.Entry) { e.Changes[2].From = "" },
		"swap":         func(e *contacts.Entry) { c := &e.Changes[2]; c.Old, c.New = c.New, c.Old },
		"shift":        func(e *contacts.Entry) { c := &e.Changes[2]; c.Old, c.New = c.Old+c.New, "" },
		"seal":         func(e *contacts.Entry) { e.Changes[2].Seal = e.Changes[1].Seal },
		"values gone":  func(e *contacts.Entry) { e.Changes[2].Old, e.Changes[2].New = "", "" },
		"all gone":     func(e *contacts.Entry) { c := &e.Changes[2]; c.Old, c.New, c.Seal = "", "", "" },
		"false digest": func(e *contacts.Entry) { c := &e.Changes[2]; c.Old, c.New, c.Seal = "", "", string(make([]byte, 32)) },
		"forged after erasure": func(e *contacts.Entry) {
			store.EraseChange(&e.Changes[2])
			e.Changes[2].New = "y"
		},
	}
	for name, mutate := range mutations {
		m := *e
		m.Changes = slices.Clone(e.Changes)
		mutate(&m)
		if store.Chain(prev, "ws", &m) == sum {
			t.Errorf("%s: the mutation does not show", name)
		}
	}
}

func TestErasureKeepsTheChain(t *testing.T) {
	e := sealedEntry()
	sum := store.Chain([32]byte{}, "ws", e)
	salt := e.Changes[1].Seal
	for i := range e.Changes {
		store.EraseChange(&e.Changes[i])
		store.EraseChange(&e.Changes[i]) // a second time changes nothing
		if store.Chain([32]byte{}, "ws", e) != sum {
			t.Errorf("erasing change %d breaks the chain", i)
		}
	}
	got, err := store.DecodeChanges(store.AppendChanges(nil, e.Changes))
	if err != nil {
		t.Fatal(err)
	}
	if d := cmp.Diff(e.Changes, got); d != "" {
		t.Error(d)
	}
	for i, c := range got {
		if c.Old != "" || c.New != "" || c.Seal == salt {
			t.Errorf("change %d still has values or its salt", i)
		}
		if !store.IsErased(&c) {
			t.Errorf("change %d is not erased", i)
		}
	}
}

func TestSeal(t *testing.T) {
	a, b := &contacts.Contact{ID: "a", Rev: 1, LastName: "Ann"}, &contacts.Contact{ID: "b", Rev: 1, LastName: "Bob"}
	in := []contacts.Change{
		{Contact: "b", Seal: "given"},
		{Contact: "a", Path: "labels", New: "x"},
		{Contact: "a", Path: "labels", New: "x", Seal: "given"},
		{Contact: "a"},
		{Contact: "nobody", Seal: "given"},
		{Contact: "a", Path: "group", From: "b"},
	}
	out := seal([]*contacts.Contact{a, b}, in...)
	for i, size := range []int{48, 16, 16, 48, 0, 0} {
		if len(out[i].Seal) != size {
			t.Errorf("change %d has the seal %q", i, out[i].Seal)
		}
	}
	if out[1].Seal == out[2].Seal || out[0].Seal == out[3].Seal {
		t.Error("two seals are the same")
	}
	if in[0].Seal != "given" || in[1].Seal != "" {
		t.Error("the argument was altered")
	}
	if !store.IsCreated(out[0].Seal, b) || !store.IsCreated(out[3].Seal, a) || store.IsCreated(out[0].Seal, a) {
		t.Error("the seals of the creations are not those of the contacts")
	}
	altered := a.Clone()
	altered.LastName = "Anne"
	if store.IsCreated(out[3].Seal, altered) {
		t.Error("an altered contact is taken for the one that was created")
	}
	store.EraseChange(&out[3])
	if len(out[3].Seal) != 32 || !store.IsCreated(out[3].Seal, altered) || !store.IsCreated("", altered) || store.IsCreated("short", a) {
		t.Error("what is erased or was never sealed contradicts no contact; what is no seal does")
	}
}

// TestActSum alters each field of an act in turn, those that come to be later
// included.
func TestActSum(t *testing.T) {
	act := contacts.Act{ID: "act", At: time.UnixMicro(5)}
	sum := store.ActSum(&act)
	var alter func(v reflect.Value, name string)
	alter = func(v reflect.Value, name string) {
		old := reflect.ValueOf(v.Interface())
		switch {
		case v.Type() == reflect.TypeFor[time.Time]():
			v.Set(reflect.ValueOf(time.UnixMicro(6)))
		case v.Kind() == reflect.Struct:
			for i := range v.NumField() {
				alter(v.Field(i), v.Type().Field(i).Name)
			}
			return
		case v.CanInt():
			v.SetInt(v.Int() + 1)
		default:
			v.SetString(v.String() + "x")
		}
		if altered := store.ActSum(&act) != sum; altered != (name != "UndoneBy") {
			t.Errorf("%s: the sum alters: %v", name, altered)
		}
		v.Set(old)
	}
	alter(reflect.ValueOf(&act).Elem(), "")
}

func BenchmarkChainOfAnImport(b *testing.B) {
	e := &contacts.Entry{Seq: 1, Act: "act", Part: 1, At: time.UnixMicro(1)}
	var created []*contacts.Contact
	for i := range 1000 {
		created = append(created, &contacts.Contact{ID: contacts.ID(fmt.Sprintf("01JD3K%020d", i)), Rev: 1})
		e.Changes = append(e.Changes, contacts.Change{Contact: created[i].ID})
	}
	e.Changes = seal(created, e.Changes...)
	for b.Loop() {
		store.Chain([32]byte{}, "ws", e)
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/1000, "ns/contact")
}
