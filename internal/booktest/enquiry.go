package booktest

import (
	"sync"
	"time"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
)

func testHandleEnquiry(k *kit) {
	phone := func(n string) contacts.Key { return contacts.Key{Kind: contacts.PhoneKey, Value: n} }
	handle := func(in extcontacts.Incoming) extcontacts.Handled {
		k.Helper()
		h, err := k.s.HandleEnquiry(k.ctx, in)
		k.must(err)
		return h
	}
	a, b := k.create(person("Ann Lee", "+85291234567")), k.create(person("Ann Lee", "+85291234567", "ann@example.com"))
	z := person("Zoe Wat")
	z.Socials = []contacts.Social{{Channel: contacts.WhatsApp, Handle: "+85298888888"}, {Channel: contacts.LINE, Handle: "+85297777777"}}
	z = k.create(z)
	h := handle(extcontacts.Incoming{Key: phone("+852 9123 4567"), Enquiry: contacts.Activity{Ref: "q1", Channel: "phone"}})
	if h.Contact.ID != a.ID || h.Verified || h.Created || len(h.Found) != 2 || h.Enquiry.Contact != a.ID || h.Enquiry.Status != contacts.EnquiryOpen {
		k.Errorf("unverified: %+v", h)
	}
	if len(h.Suggestions) != 1 || h.Suggestions[0].A != a.ID && h.Suggestions[0].B != a.ID {
		k.Errorf("suggestions %+v", h.Suggestions)
	}
	head := k.head()
	if again := handle(extcontacts.Incoming{Key: phone("+852 9123 4567"), Enquiry: contacts.Activity{Ref: "q1", Channel: "phone", At: h.Enquiry.At}}); again.Enquiry.ID != h.Enquiry.ID || k.head() != head {
		k.Errorf("handled twice: %+v", again.Enquiry)
	}
	_, err := k.s.VerifyIdentifier(k.ctx, b.ID, phone("+85291234567"), "sms")
	k.must(err)
	if h = handle(extcontacts.Incoming{Key: phone("+85291234567")}); h.Contact.ID != b.ID || !h.Verified {
		k.Errorf("verified: %+v", h)
	}
	if h = handle(extcontacts.Incoming{Key: phone("+85291234567"), Visitor: a.ID}); h.Contact.ID != a.ID || h.Verified || len(h.Suggestions) != 1 {
		k.Errorf("a known visitor: %+v", h)
	}
	if h = handle(extcontacts.Incoming{Key: contacts.Key{Kind: contacts.WhatsAppKey, Value: "+85298888888"}}); h.Contact == nil || h.Contact.ID != z.ID {
		k.Errorf("by WhatsApp: %+v", h)
	}
	// Other social channels are a record only.
	if h = handle(extcontacts.Incoming{Key: phone("+85297777777")}); h.Contact != nil || h.Enquiry.ID != "" {
		k.Errorf("by LINE: %+v", h)
	}
	stranger := &contacts.Contact{FirstName: "Sam"}
	var group sync.WaitGroup
	made := make([]extcontacts.Handled, 6)
	for i := range made {
		group.Go(func() {
			var err error
			if made[i], err = k.s.HandleEnquiry(k.ctx, extcontacts.Incoming{Key: phone("+85296666666"), Create: stranger}); err != nil {
				k.Error(err)
			}
		})
	}
	group.Wait()
	created := 0
	for _, m := range made {
		if m.Created {
			created++
		}
		if m.Contact == nil || m.Contact.ID != made[0].Contact.ID {
			k.Errorf("six calls of one new number: %+v", m)
		}
	}
	if created != 1 || k.count("+85296666666") != 1 {
		k.Errorf("%d contacts made for six calls", created)
	}
	if len(made[0].Contact.Phones) != 1 || made[0].Contact.LastName != "customer" {
		k.Errorf("made %+v", made[0].Contact)
	}
	_, err = k.s.HandleEnquiry(k.ctx, extcontacts.Incoming{Key: phone("12"), Create: stranger})
	k.wantErr(err, extcontacts.ErrInvalid)
}

// A verification carries how, when and by whom, and nothing takes it away:
// no edit, no import, no merge and no undo.
func testVerifiedStays(k *kit) {
	a, b := k.create(person("Ann Lee", "+85291234567")), k.create(person("Ann Lee", "+85291234567", "ann@example.com"))
	key := contacts.Key{Kind: contacts.PhoneKey, Value: "+85291234567"}
	k.clock = k.clock.Add(time.Hour)
	_, err := k.s.VerifyIdentifier(k.ctx, b.ID, key, "sms code")
	k.must(err)
	fact := k.get(b.ID).Phones[0].Verified
	if fact.Method() != "sms code" || !fact.At().Equal(k.clock) || fact.By() != "agent-1" {
		k.Errorf("verified %+v", fact)
	}
	kept := func(what string) {
		k.Helper()
		if got := k.get(b.ID); len(got.Phones) == 0 || got.Phones[0].Verified != fact {
			k.Errorf("%s took the verification: %+v", what, got.Phones)
		}
	}
	k.importCSV("First name,Last name,Mobile,Email\nAnn,Lee,--,ann@example.com\n", extcontacts.ImportOptions{})
	kept("an import that clears the field")
	merged := k.merge(a.ID, b.ID)
	kept("a merge")
	k.undo(merged.ID)
	kept("the undo of the merge")
	_, err = k.s.VerifyIdentifier(k.ctx, b.ID, key, "another way")
	k.must(err)
	kept("a second verification")
}
