package merge_test

import (
	"encoding/json"
	"errors"
	"testing"

	"github.com/google/go-cmp/cmp"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/merge"
)

// A learnt model can be kept, and judges the same in a search and in a
// suggestion.
func TestModel(t *testing.T) {
	book := someBook()
	found, err := merge.Find(seqOf(book), merge.FindOptions{Learn: true})
	if err != nil {
		t.Fatal(err)
	}
	text, err := json.Marshal(merge.Learn(found))
	if err != nil {
		t.Fatal(err)
	}
	var m merge.Model
	if err := json.Unmarshal(text, &m); err != nil {
		t.Fatal(err)
	}
	again, err := json.Marshal(&m)
	if err != nil || string(again) != string(text) {
		t.Errorf("the model changes on its way: %v", err)
	}
	n := 0
	for p, err := range merge.Pairs(seqOf(book), merge.FindOptions{Model: &m}) {
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range book {
			if c.ID != p.A {
				continue
			}
			for _, q := range m.Suggest(c, book) {
				if q.B == p.B {
					n++
					if d := cmp.Diff(p, q); d != "" {
						t.Fatalf("(-search +suggestion):\n%s", d)
					}
				}
			}
		}
	}
	if n < 20 {
		t.Errorf("%d pairs", n)
	}
	// What judges the contacts at hand alone can be kept, too.
	if text, err = json.Marshal(found.Model()); err != nil || json.Unmarshal(text, new(merge.Model)) != nil {
		t.Errorf("the model of a search: %v", err)
	}
	var fault *contacts.ValueError
	for _, text := range []string{"{", "{}", "[]", `{"Records":5,"Pairs":1}`} {
		if err := m.UnmarshalJSON([]byte(text)); !errors.As(err, &fault) || fault.Code != "model_invalid" {
			t.Errorf("%s is no model: %v", text, err)
		}
	}
}

// The zero model is the shipped one.
func TestZeroModel(t *testing.T) {
	book := someBook()
	pairs := func(m *merge.Model) (out []merge.Pair) {
		for p, err := range merge.Pairs(seqOf(book), merge.FindOptions{Model: m}) {
			if err != nil {
				t.Fatal(err)
			}
			out = append(out, p)
		}
		return out
	}
	if d := cmp.Diff(pairs(merge.Shipped()), pairs(&merge.Model{})); d != "" {
		t.Errorf("search (-shipped +zero):\n%s", d)
	}
	if d := cmp.Diff(merge.Suggest(book[0], book), new(merge.Model).Suggest(book[0], book)); d != "" {
		t.Errorf("suggestion (-shipped +zero):\n%s", d)
	}
	kept, err := json.Marshal(&merge.Model{})
	if err != nil || json.Unmarshal(kept, new(merge.Model)) != nil {
		t.Errorf("kept: %.80s, %v", kept, err)
	}
}
