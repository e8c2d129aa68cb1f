package extcontacts_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/memstore"
)

// aheadStore is a store that writes a batch when the next one has been
// prepared, so that an import is always one batch ahead of it.
type aheadStore struct {
	store.Store
	batches  int                  // that an import comes to
	meet     func(part int) error // before a batch is written
	prepared chan int             // the parts that were prepared
	tries    []int                // the parts that were to be written
	ahead    int                  // how often one was prepared while another was written
}

func (s *aheadStore) Prepare(ws string, b *store.Batch) (func(context.Context) (store.Result, error), error) {
	part := b.Part
	select {
	case s.prepared <- part:
	default:
	}
	return func(ctx context.Context) (store.Result, error) {
		s.tries = append(s.tries, part)
		first := len(s.tries) == part
		if first && part < s.batches {
			for p := range s.prepared {
				if p == part+1 {
					s.ahead++
					break
				}
			}
		}
		if first && s.meet != nil {
			if err := s.meet(part); err != nil {
				return store.Result{}, err
			}
		}
		return s.Store.Apply(ctx, ws, b)
	}, nil
}

// aheadFile has three batches of two rows, the later of which are about
// contacts of the batch before.
const aheadFile = `First name,Last name,Email,Company,Mobile
Ada,Lee,ada@example.com,,
Bob,Ng,bob@example.com,Old,
Ada,Lee,ada@example.com,Acme,
Cy,Ho,cy@example.com,,+85291234567
Bob,Ng,bob@example.com,New,
Cy,Ho,,Zed,+85291234567
`

func importAhead(t *testing.T, st store.Store, o extcontacts.ImportOptions) (*extcontacts.ImportReport, error) {
	t.Helper()
	book, err := extcontacts.Open(t.Context(), st, extcontacts.Options{Workspace: "w"})
	if err != nil {
		t.Fatal(err)
	}
	o.BatchRows = 2
	return book.As(contacts.Actor{ID: "agent"}).Import(t.Context(), strings.NewReader(aheadFile), o)
}

// exported is the book as a file.
func exported(t *testing.T, st store.Store) string {
	t.Helper()
	book, err := extcontacts.Open(t.Context(), st, extcontacts.Options{Workspace: "w"})
	if err != nil {
		t.Fatal(err)
	}
	var out bytes.Buffer
	if _, err := book.As(contacts.Actor{ID: "agent"}).Export(t.Context(), &out, extcontacts.ExportOptions{}); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

func newAhead(meet func(part int) error) *aheadStore {
	return &aheadStore{Store: memstore.New(), batches: 4, meet: meet, prepared: make(chan int, 64)}
}

// onlyStore hides that a store can prepare batches.
type onlyStore struct{ store.Store }

// TestImportAhead checks that a batch that is decided while the one before it
// is being written comes to the same.
func TestImportAhead(t *testing.T) {
	plain, ahead := onlyStore{memstore.New()}, newAhead(nil)
	want, err := importAhead(t, plain, extcontacts.ImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	got, err := importAhead(t, ahead, extcontacts.ImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if ahead.ahead != 3 || fmt.Sprint(ahead.tries) != "[1 2 3 4]" {
		t.Errorf("%d batches were decided ahead, the parts written are %v", ahead.ahead, ahead.tries)
	}
	if want.Created != 3 || want.Updated != 2 || want.Rejected != 1 || got.Counts != want.Counts {
		t.Errorf("got %+v, want %+v", got.Counts, want.Counts)
	}
	if d := cmp.Diff(exported(t, plain), exported(t, ahead)); d != "" {
		t.Error(d)
	}
}

// TestImportOfManyKeys has the store asked for keys from any batch on.
func TestImportOfManyKeys(t *testing.T) {
	want := newAhead(nil)
	wanted, err := importAhead(t, want, extcontacts.ImportOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for many := range 10 {
		undo := extcontacts.SetManyKeys(many)
		for _, st := range []store.Store{onlyStore{memstore.New()}, newAhead(nil)} {
			got, err := importAhead(t, st, extcontacts.ImportOptions{})
			if err != nil {
				t.Fatal(err)
			}
			if got.Counts != wanted.Counts {
				t.Errorf("beyond %d keys: got %+v, want %+v", many, got.Counts, wanted.Counts)
			}
			if d := cmp.Diff(exported(t, want), exported(t, st)); d != "" {
				t.Errorf("beyond %d keys: %s", many, d)
			}
		}
		undo()
	}
}

// TestImportAheadBeaten checks that what was decided ahead is decided anew
// where somebody else writes before the batch it was decided upon.
func TestImportAheadBeaten(t *testing.T) {
	for beaten := 1; beaten <= 3; beaten++ {
		var st *aheadStore
		st = newAhead(func(part int) error {
			if part != beaten {
				return nil
			}
			book, err := extcontacts.Open(t.Context(), st.Store, extcontacts.Options{Workspace: "w"})
			if err != nil {
				return err
			}
			_, err = book.As(contacts.Actor{ID: "other"}).Import(t.Context(), strings.NewReader("First name,Last name,Email,Team\nCy,Ho,cy@example.com,Blue\n"), extcontacts.ImportOptions{})
			return err
		})
		rep, err := importAhead(t, st, extcontacts.ImportOptions{})
		if err != nil {
			t.Fatal(err)
		}
		created, updated := 2, 3 // Cy was there
		if beaten == 3 {
			created, updated = 3, 2
		}
		if rep.Rows != 6 || rep.Created != created || rep.Updated != updated || rep.Rejected != 1 {
			t.Errorf("beaten at batch %d: %+v", beaten, rep.Counts)
		}
		if file := exported(t, st.Store); strings.Count(file, "cy@example.com") != 1 || !strings.Contains(file, "Blue") || !strings.Contains(file, "Acme") || !strings.Contains(file, "Zed") {
			t.Errorf("beaten at batch %d:\n%s", beaten, file)
		}
	}
}

// TestImportElsewhere has an interrupted import go on twice at once: one of both
// writes the next batch and completes it, the other one notices and stops.
func TestImportElsewhere(t *testing.T) {
	want := onlyStore{memstore.New()}
	if _, err := importAhead(t, want, extcontacts.ImportOptions{Source: "f.csv"}); err != nil {
		t.Fatal(err)
	}
	interrupted := errors.New("interrupted")
	var told []int
	st := newAhead(func(p int) error {
		if p != 2 {
			return nil
		}
		return interrupted
	})
	if _, err := importAhead(t, st, extcontacts.ImportOptions{Source: "f.csv"}); !errors.Is(err, interrupted) {
		t.Fatal(err)
	}
	slow := newAhead(func(p int) error {
		if p != 2 {
			return nil
		}
		rep, err := importAhead(t, st.Store, extcontacts.ImportOptions{Source: "f.csv", Resume: true}) // goes on meanwhile
		if err != nil || rep.Resumed != 2 || rep.Rows != 6 {
			t.Errorf("the one that completes it: %+v, %v", rep, err)
		}
		return err
	})
	slow.Store, slow.tries = st.Store, []int{1}
	rep, err := importAhead(t, slow, extcontacts.ImportOptions{Source: "f.csv", Resume: true, Each: func(r extcontacts.RowResult) error {
		told = append(told, r.Row)
		return nil
	}})
	var code *extcontacts.CodeError
	if !errors.As(err, &code) || code.Code != "import_elsewhere" || rep.Rows != 2 || len(told) > 0 {
		t.Errorf("the other one: %+v, %v, told of rows %v", rep, err, told)
	}
	if d := cmp.Diff(exported(t, want), exported(t, st.Store)); d != "" {
		t.Error(d)
	}
}

// TestImportOtherFields has somebody add a required field before the first batch
// is written: the rows, which were read by the fields before, are checked by it.
func TestImportOtherFields(t *testing.T) {
	var st *aheadStore
	st = newAhead(func(part int) error {
		if part != 1 {
			return nil
		}
		book, err := extcontacts.Open(t.Context(), st.Store, extcontacts.Options{Workspace: "w"})
		if err != nil {
			return err
		}
		_, err = book.As(contacts.Actor{ID: "other"}).SetField(t.Context(), contacts.CustomField{Key: "code", Name: "Code", Kind: contacts.TextField, Required: true})
		return err
	})
	st.batches = 1 // the others come to nothing
	rep, err := importAhead(t, st, extcontacts.ImportOptions{})
	if err != nil || rep.Created != 0 || rep.Rejected != 6 {
		t.Fatalf("%+v, %v", rep, err)
	}
	if f := rep.Rejections[0].Faults[0]; f.Code != "required" || f.Field != "custom.code" {
		t.Errorf("the first fault is %+v", f)
	}
}

// TestImportAheadStops checks that nothing is written behind a batch that
// cannot be, and behind that whose rows the host stops at.
func TestImportAheadStops(t *testing.T) {
	broken := errors.New("the disk is full")
	st := newAhead(func(part int) error {
		if part == 2 {
			return broken
		}
		return nil
	})
	rep, err := importAhead(t, st, extcontacts.ImportOptions{})
	if !errors.Is(err, broken) || rep.Rows != 2 || fmt.Sprint(st.tries) != "[1 2]" {
		t.Errorf("%v after %d rows, tried %v", err, rep.Rows, st.tries)
	}
	st = newAhead(nil)
	rep, err = importAhead(t, st, extcontacts.ImportOptions{Each: func(r extcontacts.RowResult) error {
		if r.Row == 3 {
			return broken
		}
		return nil
	}})
	if !errors.Is(err, broken) || rep.Rows != 4 || fmt.Sprint(st.tries) != "[1 2]" {
		t.Errorf("%v after %d rows, tried %v", err, rep.Rows, st.tries)
	}
}
