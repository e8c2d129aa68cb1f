package contacts_test

import (
	"maps"
	"slices"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/extcontacts/extcontacts/contacts"
)

func TestNormalizeIdempotent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawContact(t)
		d := c.Clone().Normalize()
		if !sameValues(c, d) || c.CreatedAt != d.CreatedAt {
			t.Fatalf("normalised twice:\n%+v\nonce\n%+v", d, c)
		}
		if c.Labels != nil && len(c.Labels) == 0 || c.Custom != nil && len(c.Custom) == 0 || c.Phones != nil && len(c.Phones) == 0 {
			t.Fatal("an empty list is not nil")
		}
		for i, p := range c.Phones {
			if p.Primary != (i == 0) {
				t.Fatalf("primary phones: %+v", c.Phones)
			}
		}
	})
}

// The order in which a list was typed does not count.
func TestNormalizeOrderIndependent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawContact(t)
		d := c.Clone()
		d.Phones = shuffled(t, d.Phones)
		d.Emails = shuffled(t, d.Emails)
		d.Socials = shuffled(t, d.Socials)
		d.Labels = shuffled(t, append(d.Labels, d.Labels...))
		if d.Normalize(); !sameValues(c, d) {
			t.Fatalf("shuffled:\n%+v\nwant\n%+v", d, c)
		}
	})
}

func shuffled[T any](t *rapid.T, list []T) []T {
	if len(list) < 2 {
		return list
	}
	return rapid.Permutation(list).Draw(t, "order")
}

// No identifier is dropped, no verification is, and a contact whose lists are
// appended to themselves stays what it was.
func TestNormalizeKeepsValues(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var typed []contacts.ContactPhone
		for range rapid.IntRange(0, 6).Draw(t, "phones") {
			typed = append(typed, drawPhone(t))
		}
		c := (&contacts.Contact{Phones: slices.Clone(typed)}).Normalize()
		type place struct {
			kind   contacts.PhoneKind
			number string
		}
		verified := map[place]bool{}
		for _, p := range typed {
			at := place{p.Kind, p.Phone.Number()}
			verified[at] = verified[at] || !p.Verified.IsZero()
		}
		got := map[place]bool{}
		for _, p := range c.Phones {
			got[place{p.Kind, p.Phone.Number()}] = !p.Verified.IsZero()
		}
		if !maps.Equal(verified, got) || len(got) != len(c.Phones) {
			t.Fatalf("typed %+v\n got %+v", typed, c.Phones)
		}
		twice := c.Clone()
		twice.Phones = append(twice.Phones, c.Phones...)
		if !twice.Normalize().Equal(c) {
			t.Fatalf("the list twice is %+v", twice.Phones)
		}
	})
}

func TestNormalizePrimary(t *testing.T) {
	phone := func(kind contacts.PhoneKind, n string, primary bool) contacts.ContactPhone {
		return contacts.ContactPhone{Kind: kind, Phone: contacts.MustParsePhone(n), Primary: primary}
	}
	for _, tt := range []struct {
		name  string
		typed []contacts.ContactPhone
		want  string // kind and number of the primary
		n     int
	}{
		{"one", []contacts.ContactPhone{phone(contacts.HomePhone, "+85290000001", false)}, "home +85290000001", 1},
		{"none marked", []contacts.ContactPhone{phone(contacts.HomePhone, "+85290000001", false), phone(contacts.MobilePhone, "+85290000002", false)}, "mobile +85290000002", 2},
		{"marked", []contacts.ContactPhone{phone(contacts.HomePhone, "+85290000001", true), phone(contacts.MobilePhone, "+85290000002", false)}, "home +85290000001", 2},
		{"two marked", []contacts.ContactPhone{phone(contacts.HomePhone, "+85290000001", true), phone(contacts.WorkPhone, "+85290000002", true)}, "work +85290000002", 2},
		{"marked twin", []contacts.ContactPhone{phone(contacts.HomePhone, "+85290000001", false), phone(contacts.HomePhone, "+852 9000 0001", true), phone(contacts.MobilePhone, "+85290000002", false)}, "home +85290000001", 2},
	} {
		c := (&contacts.Contact{Phones: tt.typed}).Normalize()
		if got := c.Phones[0].Elem(); got != tt.want || len(c.Phones) != tt.n || !c.Phones[0].Primary {
			t.Errorf("%s: %+v", tt.name, c.Phones)
		}
	}
}

func TestNormalizeEmptiesAndTimes(t *testing.T) {
	c := &contacts.Contact{Labels: []string{}, Phones: []contacts.ContactPhone{}, Emails: []contacts.ContactEmail{}, Socials: []contacts.Social{},
		Custom: map[string]contacts.Value{"x": {}}, ExternalIDs: map[string]string{"x": ""},
		CreatedAt: time.Date(2026, 1, 1, 1, 0, 0, 1999, time.FixedZone("x", 3600))}
	c.Normalize()
	if c.Labels != nil || c.Phones != nil || c.Emails != nil || c.Socials != nil || c.Custom != nil || c.ExternalIDs != nil {
		t.Errorf("empty lists: %+v", c)
	}
	if want := time.Date(2026, 1, 1, 0, 0, 0, 1000, time.UTC); c.CreatedAt != want {
		t.Errorf("created at %v, want %v", c.CreatedAt, want)
	}
}

func TestCloneSharesNothing(t *testing.T) {
	c := &contacts.Contact{Labels: []string{"a"}, Custom: map[string]contacts.Value{"x": contacts.MakeValue(contacts.TextField, "y")}, ExternalIDs: map[string]string{"x": "y"}}
	d := c.Clone()
	d.Labels[0], d.Custom["x"], d.ExternalIDs["x"] = "b", contacts.Value{}, "z"
	if c.Labels[0] != "a" || c.Custom["x"].IsZero() || c.ExternalIDs["x"] != "y" || c.Equal(d) {
		t.Errorf("%+v", c)
	}
	if (*contacts.Contact)(nil).Clone() != nil {
		t.Error("the clone of nothing is something")
	}
}
