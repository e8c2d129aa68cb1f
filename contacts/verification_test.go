package contacts_test

import (
	"encoding/json"
	"testing"
	"time"
	"unsafe"

	"github.com/extcontacts/extcontacts/contacts"
)

func TestVerification(t *testing.T) {
	at := time.Date(2026, 3, 1, 9, 0, 0, 123456789, time.FixedZone("HKT", 8*3600))
	v := contacts.NewVerification("sms", at, "agent-1")
	if v.IsZero() || v.Method() != "sms" || v.By() != "agent-1" || v.At() != contacts.Micros(at) {
		t.Errorf("%q %v %q", v.Method(), v.At(), v.By())
	}
	if v != contacts.NewVerification("sms", at.UTC(), "agent-1") {
		t.Error("the same fact differs")
	}
	for _, w := range []contacts.Verification{{}, contacts.NewVerification("call", at, "agent-1"), contacts.NewVerification("sms", at.Add(time.Second), "agent-1"),
		contacts.NewVerification("sms", at, "agent-2"), contacts.NewVerification("sms", time.Time{}, "agent-1")} {
		if v == w {
			t.Errorf("it is equal to %q %v %q", w.Method(), w.At(), w.By())
		}
		data, err := json.Marshal(w)
		var back contacts.Verification
		if err == nil {
			err = json.Unmarshal(data, &back)
		}
		if err != nil || back != w {
			t.Errorf("%s came back as %q %v %q, %v", data, back.Method(), back.At(), back.By(), err)
		}
	}
	var zero contacts.Verification
	if !zero.IsZero() || zero.Method() != "" || zero.By() != "" || !zero.At().IsZero() || zero != contacts.NewVerification("", time.Time{}, "") {
		t.Error("the zero Verification says something")
	}
}

// TestSizes: what a contact and the elements of its lists take of memory is part of the design, see DESIGN.md section 4.
func TestSizes(t *testing.T) {
	for name, size := range map[string][2]uintptr{
		"Contact":      {unsafe.Sizeof(contacts.Contact{}), 424},
		"ContactPhone": {unsafe.Sizeof(contacts.ContactPhone{}), 40},
		"ContactEmail": {unsafe.Sizeof(contacts.ContactEmail{}), 40},
		"Social":       {unsafe.Sizeof(contacts.Social{}), 40},
	} {
		if unsafe.Sizeof(uintptr(0)) == 8 && size[0] > size[1] {
			t.Errorf("%s has %d bytes, more than %d", name, size[0], size[1])
		}
	}
}

// TestTwoForms: phones and emails give back both of their texts, whatever these are.
func TestTwoForms(t *testing.T) {
	long := string(make([]byte, 300))
	texts := []string{"", "a", "\x00", "\x00\x01ab", "+85291234567", "+852 9123 4567", "ann@x.example", long}
	for _, a := range texts {
		for _, b := range texts {
			e := contacts.MakeEmail(a, b)
			if e.Address() != a || e.Key() != b || e.IsZero() != (a == "" && b == "") {
				t.Errorf("email %q %q became %q %q", a, b, e.Address(), e.Key())
			}
			p, raw := contacts.MakePhone(a, b), b
			if raw == "" {
				raw = a
			}
			if p.Number() != a || p.Raw() != raw || p != contacts.MakePhone(p.Number(), p.Raw()) {
				t.Errorf("phone %q %q became %q %q", a, b, p.Number(), p.Raw())
			}
		}
	}
}
