package contacts_test

import (
	"errors"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/extcontacts/extcontacts/contacts"
)

func TestParseKey(t *testing.T) {
	for _, tt := range []struct {
		kind contacts.KeyKind
		text string
		want contacts.Key
		code string
	}{
		{contacts.PhoneKey, "+852 9123-4567", contacts.Key{Kind: contacts.PhoneKey, Value: "+85291234567"}, ""},
		{contacts.EmailKey, "Ann@X.example", contacts.Key{Kind: contacts.EmailKey, Value: "ann@x.example"}, ""},
		{"external:crm", "7", contacts.Key{Kind: "external:crm", Value: "7"}, ""},
		{"external:crm", "", contacts.Key{}, "key_empty"},
		{"shoe", "43", contacts.Key{}, "key_kind_unknown"},
	} {
		got, err := contacts.ParseKey(tt.kind, tt.text, nil)
		var fault *contacts.ValueError
		if errors.As(err, &fault); err != nil && (fault == nil || fault.Code != tt.code) || err == nil && (tt.code != "" || got != tt.want) {
			t.Errorf("%s %q: %v, %v", tt.kind, tt.text, got, err)
		}
	}
}

func TestKeys(t *testing.T) {
	c := &contacts.Contact{ID: "c", FirstName: "Ann", LastName: "Lee",
		Phones: []contacts.ContactPhone{
			{Kind: contacts.MobilePhone, Phone: contacts.MustParsePhone("+852 9123 4567")},
			{Kind: contacts.WorkPhone, Phone: contacts.MustParsePhone("+85291234567")},
			{Kind: contacts.WorkPhone, Phone: contacts.MustParsePhone("+85221234567")}},
		Emails:  []contacts.ContactEmail{{Kind: contacts.WorkEmail, Email: contacts.MustParseEmail("Ann@X.example")}},
		Socials: []contacts.Social{{Channel: contacts.WhatsApp, Handle: "+852 9123 4567"}, {Channel: contacts.LINE, Handle: "ann"}},
		Custom: map[string]contacts.Value{"member": contacts.MakeValue(contacts.TextField, "M1"),
			"note": contacts.MakeValue(contacts.TextField, "x")},
		ExternalIDs: map[string]string{"erp": "9", "crm": "1"}}
	c.Normalize()
	for _, tt := range []struct {
		name string
		edit func(c *contacts.Contact)
		want []contacts.Key
	}{
		{"live", func(*contacts.Contact) {}, []contacts.Key{{"phone", "+85291234567"}, {"phone", "+85221234567"}, {"email", "ann@x.example"},
			{"whatsapp", "+85291234567"}, {"external:crm", "1"}, {"external:erp", "9"}, {"custom:member", "M1"}}},
		{"merged", func(c *contacts.Contact) { c.State, c.MergedInto = contacts.Merged, "d" }, []contacts.Key{{contacts.MergedKey, "d"}}},
		{"deleted", func(c *contacts.Contact) { c.State = contacts.Deleted }, nil},
		{"erased", func(c *contacts.Contact) { c.State = contacts.Erased }, nil},
		{"name alone", func(c *contacts.Contact) { *c = contacts.Contact{FirstName: "ANN", LastName: "Lée", Company: "Acme"} },
			[]contacts.Key{{contacts.NameKey, "ann lee\nacme"}}},
		{"blank", func(c *contacts.Contact) { *c = contacts.Contact{} }, nil},
	} {
		d := c.Clone()
		tt.edit(d)
		if diff := cmp.Diff(tt.want, contacts.Keys(nil, d, "member", "absent")); diff != "" {
			t.Errorf("%s (-want +got):\n%s", tt.name, diff)
		}
	}
	if k := contacts.ExternalKey("a:b"); k.Source() != "a:b" || contacts.CustomKey("x").Source() != "x" || contacts.PhoneKey.Source() != "" {
		t.Errorf("source of %s is %s", k, k.Source())
	}
}

func TestKeysOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawContact(t)
		head := []contacts.Key{{Kind: "phone", Value: "+85291234567"}}
		got := contacts.Keys(head, c, "note")
		if !slices.Equal(got[:1], head) {
			t.Fatal("it does not append")
		}
		for i, k := range got[1:] {
			if k.Value == "" || slices.Contains(got[1:1+i], k) {
				t.Fatalf("keys %v", got[1:])
			}
		}
	})
}
