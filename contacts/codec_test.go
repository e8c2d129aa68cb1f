package contacts_test

import (
	"errors"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/extcontacts/extcontacts/contacts"
)

func TestCodecRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		c := drawContact(t)
		data := contacts.AppendEncoded([]byte("before"), c)
		if string(data[:6]) != "before" {
			t.Fatal("it does not append")
		}
		data = data[6:]
		got, err := contacts.Decode(c.ID, data)
		if err != nil {
			t.Fatal(err)
		}
		if !sameValues(c, got) || got.ID != c.ID || got.Rev != c.Rev || got.CreatedAt != c.CreatedAt || got.UpdatedAt != c.UpdatedAt {
			t.Fatalf("decoded:\n%+v\nwant\n%+v", got, c)
		}
		if again := contacts.AppendEncoded(nil, got); string(again) != string(data) {
			t.Fatal("encoded again it differs")
		}
		cut := rapid.IntRange(0, len(data)-1).Draw(t, "cut")
		if _, err := contacts.Decode(c.ID, data[:cut]); !errors.Is(err, contacts.ErrEncoding) {
			t.Fatalf("cut at %d of %d: %v", cut, len(data), err)
		}
		if _, err := contacts.Decode(c.ID, append(data, 0)); !errors.Is(err, contacts.ErrEncoding) {
			t.Fatalf("with a byte behind: %v", err)
		}
	})
}

func TestCodecEpoch(t *testing.T) {
	for _, at := range []time.Time{{}, time.UnixMicro(0).UTC(), time.UnixMicro(-1).UTC(), time.UnixMicro(1).UTC()} {
		c := (&contacts.Contact{ID: "c", CreatedAt: at}).Normalize()
		got, err := contacts.Decode("c", contacts.AppendEncoded(nil, c))
		if err != nil || got.CreatedAt != at {
			t.Errorf("%v came back as %v, %v", at, got.CreatedAt, err)
		}
	}
}

func TestDecodeRefuses(t *testing.T) {
	good := contacts.AppendEncoded(nil, &contacts.Contact{ID: "c", LastName: "Lee"})
	newer := append([]byte{good[0] + 1}, good[1:]...)
	long := strings.Repeat("\xff", 40)
	for name, data := range map[string]string{"empty": "", "newer": string(newer), "numbers without end": string(good[:1]) + long} {
		if _, err := contacts.Decode("c", []byte(data)); !errors.Is(err, contacts.ErrEncoding) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

// FuzzDecode: whatever the bytes, no panic, and what was read can be used.
func FuzzDecode(f *testing.F) {
	f.Add([]byte{})
	f.Add(contacts.AppendEncoded(nil, &contacts.Contact{}))
	c := &contacts.Contact{FirstName: "Ann", LastName: "Lee", Birthdate: contacts.MustParseDate("1980-02-03"), Labels: []string{"VIP"},
		Phones:      []contacts.ContactPhone{{Kind: contacts.WorkPhone, Phone: contacts.MustParsePhone("+852 9123 4567"), Verified: contacts.NewVerification("sms", time.Time{}, "a")}},
		Emails:      []contacts.ContactEmail{{Kind: contacts.WorkEmail, Email: contacts.MustParseEmail("Ann@x.example")}},
		Socials:     []contacts.Social{{Channel: contacts.WhatsApp, Handle: "+85291234567"}},
		Custom:      map[string]contacts.Value{"size": contacts.MakeValue(contacts.NumberField, "1")},
		ExternalIDs: map[string]string{"crm": "1"}}
	f.Add(contacts.AppendEncoded(nil, c.Normalize()))
	f.Fuzz(func(t *testing.T, data []byte) {
		c, err := contacts.Decode("c", data)
		if err != nil {
			if !errors.Is(err, contacts.ErrEncoding) || c != nil {
				t.Fatalf("%v %v", c, err)
			}
			return
		}
		c.Normalize()
		for v := range c.Values() {
			_ = v
		}
		_ = contacts.Keys(nil, c)
		_ = contacts.Validate(c, nil)
		again, err := contacts.Decode("c", contacts.AppendEncoded(nil, c))
		if err != nil || !sameValues(c, again) {
			t.Fatalf("round trip: %+v\n%+v\n%v", c, again, err)
		}
	})
}
