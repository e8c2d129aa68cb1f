package contacts_test

import (
	"encoding/json"
	"errors"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"github.com/extcontacts/extcontacts/contacts"
)

func TestJSONRoundTrip(t *testing.T) {
	schema := drawnSchema()
	rapid.Check(t, func(t *rapid.T) {
		c := drawContact(t)
		b, err := json.Marshal(c)
		if err != nil {
			t.Fatal(err)
		}
		got := new(contacts.Contact)
		if err := json.Unmarshal(b, got); err != nil {
			t.Fatalf("%v of %s", err, b)
		}
		schema.Retype(got)
		got.Normalize()
		if !sameValues(c, got) || got.ID != c.ID || got.Rev != c.Rev || !got.CreatedAt.Equal(c.CreatedAt) {
			t.Fatalf("read back:\n%+v\nwant\n%+v\nfrom %s", got, c, b)
		}
		again, err := json.Marshal(got)
		if err != nil || string(again) != string(b) {
			t.Fatalf("written again:\n%s\nwant\n%s\n%v", again, b, err)
		}
	})
}

func TestJSONShape(t *testing.T) {
	c := &contacts.Contact{ID: "c1", Rev: 2, LastName: "Lee", Level: contacts.Primary, Type: contacts.Lead,
		Birthdate: contacts.MustParseDate("1980-02-03"), Language: contacts.MustParseLanguage("en"),
		Address:   contacts.Address{City: "Hong Kong", Country: contacts.MustParseCountry("Hong Kong")},
		Phones:    []contacts.ContactPhone{{Kind: contacts.MobilePhone, Phone: contacts.MustParsePhone("+852 9123 4567"), Verified: contacts.NewVerification("sms", time.Time{}, "u1")}},
		Emails:    []contacts.ContactEmail{{Kind: contacts.WorkEmail, Email: contacts.MustParseEmail("Ann@X.example")}},
		Socials:   []contacts.Social{{Channel: contacts.WhatsApp, Handle: "+852 9123 4567"}},
		Labels:    []string{"VIP"},
		Custom:    map[string]contacts.Value{"n": contacts.MakeValue(contacts.NumberField, "1.5"), "y": contacts.MakeValue(contacts.YesNoField, "yes"), "c": contacts.MakeValue(contacts.ChoicesField, "a; b")},
		CreatedAt: time.Date(2026, 3, 1, 9, 0, 0, 1999, time.UTC), ExternalIDs: map[string]string{"crm": "7"}}
	b, err := json.MarshalIndent(c.Normalize(), "", " ")
	if err != nil {
		t.Fatal(err)
	}
	want := `{
 "id": "c1",
 "rev": 2,
 "last_name": "Lee",
 "level": "Primary",
 "type": "Lead",
 "birthdate": "1980-02-03",
 "language": "en",
 "address": {
  "city": "Hong Kong",
  "country": "HK"
 },
 "phones": [
  {
   "kind": "mobile",
   "number": "+85291234567",
   "raw": "+852 9123 4567",
   "primary": true,
   "verified": {
    "method": "sms",
    "by": "u1"
   }
  }
 ],
 "emails": [
  {
   "kind": "work",
   "address": "ann@x.example",
   "raw": "Ann@X.example",
   "primary": true
  }
 ],
 "socials": [
  {
   "channel": "whatsapp",
   "handle": "+852 9123 4567"
  }
 ],
 "labels": [
  "VIP"
 ],
 "custom": {
  "c": [
   "a",
   "b"
  ],
  "n": 1.5,
  "y": true
 },
 "external_ids": {
  "crm": "7"
 },
 "created_at": "2026-03-01T09:00:00.000001Z"
}`
	if d := cmp.Diff(want, string(b)); d != "" {
		t.Errorf("(-want +got):\n%s", d)
	}
}

func TestJSONElementsAccept(t *testing.T) {
	for text, want := range map[string]string{
		`{"kind":"work","number":"+85291234567"}`:                        "work +85291234567 +85291234567",
		`{"kind":"Cell","raw":"+852 9123 4567"}`:                         "mobile +85291234567 +852 9123 4567",
		`{"kind":"work","number":"+85291234567","raw":"9123 4567"}`:      "work +85291234567 9123 4567",
		`{"kind":"work","number":"+85291234567","raw":"+852 9123 4568"}`: "work +85291234567 +852 9123 4568",
	} {
		var p contacts.ContactPhone
		if err := json.Unmarshal([]byte(text), &p); err != nil || p.Elem()+" "+p.Phone.Raw() != want {
			t.Errorf("%s is %q, %v; want %q", text, p.Elem()+" "+p.Phone.Raw(), err, want)
		}
	}
	var e contacts.ContactEmail
	if err := json.Unmarshal([]byte(`{"kind":"work","address":"ann@x.example"}`), &e); err != nil || e.Elem() != "work ann@x.example" {
		t.Errorf("%q, %v", e.Elem(), err)
	}
}

func TestJSONRefuses(t *testing.T) {
	for _, text := range []string{
		`{"phones":[{"number":"12"}]}`, `{"phones":[{"kind":"work"}]}`, `{"phones":[{"kind":"pager","number":"+85291234567"}]}`,
		`{"emails":[{"address":"nobody"}]}`, `{"emails":[{"kind":"secret","address":"a@x.example"}]}`, `{"socials":[{"channel":"smoke"}]}`,
		`{"level":"Fourth"}`, `{"birthdate":"1980-02-30"}`, `{"state":"gone"}`,
		`{"custom":{"n":1e999}}`, `{"custom":{"n":1e5}}`, `{"custom":{"n":{}}}`, `{"custom":{"n":[1]}}`,
		`{"custom":{"n":12345678901234567890123456789012345678901}}`,
	} {
		err := json.Unmarshal([]byte(text), new(contacts.Contact))
		if !errors.Is(err, contacts.ErrInvalid) {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestJSONValues(t *testing.T) {
	for text, want := range map[string]contacts.Value{
		`null`: {}, `""`: {}, `[]`: {},
		`"x"`:       contacts.MakeValue(contacts.TextField, "x"),
		`true`:      contacts.MakeValue(contacts.YesNoField, "yes"),
		`false`:     contacts.MakeValue(contacts.YesNoField, "no"),
		`-0.50`:     contacts.MakeValue(contacts.NumberField, "-0.5"),
		`-0`:        contacts.MakeValue(contacts.NumberField, "0"),
		`["a","b"]`: contacts.MakeValue(contacts.ChoicesField, "a; b"),
	} {
		var v contacts.Value
		if err := json.Unmarshal([]byte(text), &v); err != nil || v != want {
			t.Errorf("%s is %v, %v; want %v", text, v, err, want)
		}
	}
}

func TestRetype(t *testing.T) {
	c := &contacts.Contact{}
	if err := json.Unmarshal([]byte(`{"custom":{"since":"2020-02-29","ok":"Yes","size":"007","tier":"GOLD","tags":"blue;red","note":12,"site":"nowhere","new":"x"}}`), c); err != nil {
		t.Fatal(err)
	}
	drawnSchema().Retype(c)
	want := map[string]contacts.Value{
		"since": contacts.MakeValue(contacts.DateField, "2020-02-29"), "ok": contacts.MakeValue(contacts.YesNoField, "yes"),
		"size": contacts.MakeValue(contacts.NumberField, "7"), "tier": contacts.MakeValue(contacts.ChoiceField, "gold"),
		"tags": contacts.MakeValue(contacts.ChoicesField, "red; blue"), "note": contacts.MakeValue(contacts.TextField, "12"),
		"site": contacts.MakeValue(contacts.TextField, "nowhere"), "new": contacts.MakeValue(contacts.TextField, "x"),
	}
	for k, v := range want {
		if c.Custom[k] != v {
			t.Errorf("%s is %v %q, want %v %q", k, c.Custom[k].Kind(), c.Custom[k], v.Kind(), v)
		}
	}
	var codes []string
	for _, e := range contacts.Validate(&contacts.Contact{LastName: "x", Custom: c.Custom}, drawnSchema()) {
		codes = append(codes, e.Path+" "+e.Code)
	}
	if d := cmp.Diff([]string{"custom.site custom_kind_mismatch", "custom.new custom_unknown"}, codes); d != "" {
		t.Errorf("faults (-want +got):\n%s", d)
	}
}
