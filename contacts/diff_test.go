package contacts_test

import (
	"errors"
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/extcontacts/extcontacts/contacts"
)

// reversed are the changes that take the given ones back.
func reversed(changes []contacts.Change) []contacts.Change {
	out := slices.Clone(changes)
	slices.Reverse(out)
	for i := range out {
		out[i].Old, out[i].New = out[i].New, out[i].Old
	}
	return out
}

// sameValues reports whether two contacts have the same values, state and
// pointer included.
func sameValues(c, d *contacts.Contact) bool {
	return c.Equal(d) && c.State == d.State && c.MergedInto == d.MergedInto
}

func TestDiffPatchInverse(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c, d := drawContact(t), drawContact(t)
		changes := contacts.Diff(c, d)
		if (len(changes) == 0) != sameValues(c, d) {
			t.Fatalf("%d changes between\n%+v\n%+v", len(changes), c, d)
		}
		got := c.Clone()
		if err := contacts.Patch(got, changes...); err != nil {
			t.Fatal(err)
		}
		if !sameValues(got, d) {
			t.Fatalf("patched:\n%+v\nwant\n%+v\nby %v", got, d, changes)
		}
		if err := contacts.Patch(got, reversed(changes)...); err != nil {
			t.Fatal(err)
		}
		if !sameValues(got, c) {
			t.Fatalf("taken back:\n%+v\nwant\n%+v\nby %v", got, c, changes)
		}
	})
}

// The values of a contact are the contact: patching them into an empty one
// rebuilds it, each stands at one place only, and each text names its element.
func TestValuesAreWhole(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawContact(t)
		d := &contacts.Contact{ID: c.ID}
		var changes []contacts.Change
		seen := map[contacts.PathValue]bool{}
		for v := range c.Values() {
			changes = append(changes, contacts.Change{Contact: c.ID, Path: v.Path, New: v.Text})
			at := contacts.PathValue{Path: v.Path, Elem: v.Elem}
			if seen[at] {
				t.Fatalf("two values at %v", at)
			}
			seen[at] = true
			if got := contacts.Elem(v.Path, v.Text); got != v.Elem {
				t.Fatalf("element %q of %s, want %q", got, v.Text, v.Elem)
			}
			if (v.Elem != "") != contacts.IsListPath(v.Path) {
				t.Fatalf("%v is at a list path or not", v)
			}
		}
		if err := contacts.Patch(d, changes...); err != nil {
			t.Fatal(err)
		}
		if !sameValues(c, d) {
			t.Fatalf("rebuilt:\n%+v\nwant\n%+v", d, c)
		}
	})
}

func TestDiffOrder(t *testing.T) {
	c := &contacts.Contact{ID: "c", FirstName: "Ann", Labels: []string{"old"}}
	d := &contacts.Contact{ID: "c", FirstName: "Anne", Company: "Acme", Labels: []string{"new"},
		Phones: []contacts.ContactPhone{{Kind: contacts.WorkPhone, Phone: contacts.MustParsePhone("+852 9123 4567")}}}
	want := []contacts.Change{
		{Contact: "c", Path: "first_name", Old: "Ann", New: "Anne"},
		{Contact: "c", Path: "company", New: "Acme"},
		{Contact: "c", Path: "phones", New: `{"kind":"work","number":"+85291234567","raw":"+852 9123 4567"}`},
		{Contact: "c", Path: "primary_phone", New: "work +85291234567"},
		{Contact: "c", Path: "labels", New: "new"},
		{Contact: "c", Path: "labels", Old: "old"},
	}
	got := contacts.Diff(c, d.Normalize())
	if diff := cmp.Diff(want, got); diff != "" {
		t.Errorf("(-want +got):\n%s", diff)
	}
	var ops []string
	for i := range got {
		ops = append(ops, got[i].Op()+" "+got[i].Elem())
	}
	if diff := cmp.Diff([]string{"set ", "add ", "add work +85291234567", "add ", "add new", "remove old"}, ops); diff != "" {
		t.Errorf("operations (-want +got):\n%s", diff)
	}
	if (&contacts.Change{}).Op() != "create" || (&contacts.Change{}).IsProvenance() {
		t.Error("the creation is not one")
	}
	if !(&contacts.Change{Path: "company", Old: "x", New: "x"}).IsProvenance() {
		t.Error("Old equal to New is not provenance")
	}
}

func TestPatchLeavesOthersAlone(t *testing.T) {
	c := &contacts.Contact{ID: "c", FirstName: "Ann"}
	err := contacts.Patch(c, contacts.Change{Contact: "d", Path: "first_name", New: "Bob"}, contacts.Change{Contact: "c"})
	if err != nil || c.FirstName != "Ann" {
		t.Errorf("%+v, %v", c, err)
	}
}

// A primary that the list does not hold leaves the primary as it is.
func TestPatchUnknownPrimary(t *testing.T) {
	c := &contacts.Contact{ID: "c"}
	for _, n := range []string{"+85290000001", "+85290000002"} {
		c.Phones = append(c.Phones, contacts.ContactPhone{Kind: contacts.WorkPhone, Phone: contacts.MustParsePhone(n), Primary: n == "+85290000002"})
	}
	c.Normalize()
	if err := contacts.Patch(c, contacts.Change{Contact: "c", Path: "primary_phone", New: "work +85290000009"}); err != nil {
		t.Fatal(err)
	}
	if got := c.Phones[0].Phone.Number(); got != "+85290000002" || len(c.Phones) != 2 {
		t.Errorf("primary is %s", got)
	}
}

func TestPatchRefuses(t *testing.T) {
	for path, text := range map[string]string{
		"state": "gone", "level": "Fourth", "type": "Friend", "birthdate": "1980-02-30", "language": "xx",
		"address.country": "Nowhere", "phones": `{"number":"12"}`, "emails": `{"address":"x"}`, "nickname": "Ann", "": "",
		"socials": `{"channel":"smoke","handle":"x"}`,
	} {
		c := &contacts.Contact{ID: "c"}
		err := contacts.Patch(c, contacts.Change{Contact: "c", Path: path, New: text})
		if path == "" {
			if err != nil {
				t.Errorf("a creation is not patched: %v", err)
			}
			continue
		}
		if !errors.Is(err, contacts.ErrInvalid) {
			t.Errorf("%s %q: %v", path, text, err)
		}
	}
	c := &contacts.Contact{ID: "c"}
	if err := contacts.Patch(c, contacts.Change{Contact: "c", Path: "phones", New: "no JSON"}); !errors.Is(err, contacts.ErrInvalid) {
		t.Errorf("a text that is no element: %v", err)
	}
}

func ExampleDiff() {
	was := &contacts.Contact{ID: "c1", LastName: "Lee", Labels: []string{"Lead"}}
	is := was.Clone()
	is.Company = "Acme"
	is.Labels = []string{"VIP"}
	for _, ch := range contacts.Diff(was, is) {
		fmt.Printf("%s %s: %q -> %q\n", ch.Op(), ch.Path, ch.Old, ch.New)
	}
	// Output:
	// add company: "" -> "Acme"
	// add labels: "" -> "VIP"
	// remove labels: "Lead" -> ""
}
