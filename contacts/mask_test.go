package contacts_test

import (
	"encoding/json"
	"slices"
	"strings"
	"testing"

	"github.com/extcontacts/extcontacts/contacts"
)

func TestMask(t *testing.T) {
	c := &contacts.Contact{ID: "c", LastName: "Lee",
		Phones: []contacts.ContactPhone{{Kind: contacts.MobilePhone, Phone: contacts.MustParsePhone("+852 9123-4567"), Primary: true}},
		Emails: []contacts.ContactEmail{{Kind: contacts.WorkEmail, Email: contacts.MustParseEmail("Ann.91234567@example.com")}},
		Socials: []contacts.Social{{Channel: contacts.WhatsApp, Handle: "+85291234567"},
			{Channel: contacts.WoztellWhatsApp, Handle: "85291234567"}, {Channel: contacts.LINE, Handle: "line91234567"}}}
	was := c.Clone()
	shown := func(m contacts.Mask) string {
		b, err := json.Marshal(m.Apply(c))
		if err != nil {
			t.Fatal(err)
		}
		return string(b)
	}
	for m, left := range map[contacts.Mask]int{

		contacts.MaskPhones: 3,
		contacts.MaskEmails: 5,
		contacts.MaskPhones | contacts.MaskEmails | contacts.MaskSocials: 0,
	} {
		if n := strings.Count(strings.ReplaceAll(strings.ReplaceAll(shown(m), "-", ""), " ", ""), "91234567"); m != 0 && n != left {
			t.Errorf("mask %v shows %d: %s", m.Fields(), n, shown(m))
		}
	}
	if !c.Equal(was) {
		t.Error("the contact itself was altered")
	}
	all := contacts.MaskPhones | contacts.MaskEmails | contacts.MaskSocials
	if keys := contacts.Keys(nil, all.Apply(c)); slices.ContainsFunc(keys, func(k contacts.Key) bool { return strings.Contains(k.Value, "9123") }) {
		t.Errorf("keys %v", keys)
	}
	for name, want := range map[string]bool{"phone": true, "phones.work": true, "primary_phone": true, "whatsapp": true, "socials.whatsapp": true,
		"social": true, "socials": true, "line": false, "email": false, "emails.work": false, "last_name": false, "custom.phone": false} {
		if got := contacts.MaskPhones.HidesField(name); got != want {
			t.Errorf("%s: hidden %t", name, got)
		}
	}
}
