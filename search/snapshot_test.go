package search_test

import (
	"bytes"
	"errors"
	"testing"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
	"pgregory.net/rapid"
)

// An index that was saved and read answers as before, and goes on from there.
func TestSnapshot(t *testing.T) {
	s := schema(t)
	rapid.Check(t, func(t *rapid.T) {
		all := map[contacts.ID]*contacts.Contact{}
		x := search.NewIndex()
		for i := range rapid.SampledFrom([]int{0, 1, 40, 300}).Draw(t, "size") {
			c := drawContact(t, id(i*7%200))
			all[c.ID] = c
			x.Put(c)
			if i%9 == 0 {
				x.Remove(c.ID)
				delete(all, c.ID)
			}
		}
		var b bytes.Buffer
		n, err := x.WriteTo(&b)
		if err != nil || n != int64(b.Len()) {
			t.Fatal(n, b.Len(), err)
		}
		y, err := search.ReadIndex(bytes.NewReader(b.Bytes()))
		if err != nil || y.Len() != len(all) {
			t.Fatal(y, err)
		}
		for range 10 {
			checkIndex(t, y, drawQuery(t, s), all)
		}
		c := drawContact(t, id(5))
		all[c.ID] = c
		y.Put(c)
		checkIndex(t, y, drawQuery(t, s), all)
	})
}

// Incident class: an erased person's words must not live on in a saved index.
func TestSnapshotForgets(t *testing.T) {
	x := search.NewIndex()
	x.Put(&contacts.Contact{ID: "a", LastName: "Kanarienvogel"}, &contacts.Contact{ID: "b", LastName: "Smith"})
	x.Remove("a")
	var b bytes.Buffer
	if _, err := x.WriteTo(&b); err != nil || bytes.Contains(b.Bytes(), []byte("kanari")) || !bytes.Contains(b.Bytes(), []byte("smith")) {
		t.Errorf("%v, %q", err, b.Bytes())
	}
}

func TestDamagedSnapshots(t *testing.T) {
	x := search.NewIndex()
	for i := range 20 {
		x.Put(&contacts.Contact{ID: contacts.ID(id(i)), LastName: "Smith"})
	}
	var b bytes.Buffer
	if _, err := x.WriteTo(&b); err != nil {
		t.Fatal(err)
	}
	good := b.Bytes()
	for i := range good {
		bad := bytes.Clone(good)
		bad[i] ^= 0x20
		if _, err := search.ReadIndex(bytes.NewReader(bad)); !errors.Is(err, search.ErrSnapshot) {
			t.Fatalf("byte %d: %v", i, err)
		}
		if _, err := search.ReadIndex(bytes.NewReader(good[:i])); !errors.Is(err, search.ErrSnapshot) {
			t.Fatalf("cut at %d: %v", i, err)
		}
	}
}
