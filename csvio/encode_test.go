package csvio

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"github.com/extcontacts/extcontacts/contacts"
)

func TestEncodeColumns(t *testing.T) {
	c := (&contacts.Contact{FirstName: "Ann", LastName: "Lee", Phones: []contacts.ContactPhone{
		{Kind: contacts.MobilePhone, Phone: contacts.MustParsePhone("+85291234567")},
		{Kind: contacts.MobilePhone, Phone: contacts.MustParsePhone("+85291234568"), Primary: true},
		{Kind: contacts.WorkPhone, Phone: contacts.MakePhone("+85221234567", "2123 4567")},
	}, ExternalIDs: map[string]string{"crm": "7"}}).Normalize()
	for _, tc := range []struct {
		columns []string
		file    string
	}{
		{[]string{"last_name", "First name"}, "Last name,First name\nLee,Ann\n"},
		{[]string{"phones.mobile"}, "Mobile,Mobile 2,Primary Phone\n+85291234568,+85291234567,+85291234568\n"},
		{[]string{"Work"}, "Work,Work (as typed),Primary Phone\n+85221234567,2123 4567,+85291234568\n"},
		{[]string{"last_name", "external_ids"}, "Last name,External ID: crm\nLee,7\n"},
		{[]string{"last_name", "External ID: erp"}, "Last name,External ID: erp\nLee,\n"},
	} {
		file := encodeAll(t, nil, []*contacts.Contact{c}, WriterOptions{}, EncodeOptions{Columns: tc.columns})
		if string(file) != tc.file {
			t.Errorf("%v: %q", tc.columns, file)
		}
	}
	if header, _, _ := strings.Cut(string(encodeAll(t, nil, []*contacts.Contact{c}, WriterOptions{}, EncodeOptions{Columns: []string{"phones"}})), "\n"); header !=
		"Mobile,Mobile 2,Work,Work (as typed),Home,Other Phone,Primary Phone" {
		t.Errorf("phones: %s", header)
	}
	_, err := NewEncoder(NewWriter(&bytes.Buffer{}, WriterOptions{}), nil, nil, EncodeOptions{Columns: []string{"last_nam"}})
	var he *HeaderError
	if !errors.As(err, &he) || he.Code != CodeUnknownField || !strings.Contains(he.Hint, "ast") {
		t.Errorf("%v", err)
	}
}

func TestEncodeShape(t *testing.T) {
	c := (&contacts.Contact{LastName: "Lee", Emails: []contacts.ContactEmail{
		{Kind: contacts.WorkEmail, Email: contacts.MustParseEmail("a@example.com")},
		{Kind: contacts.WorkEmail, Email: contacts.MustParseEmail("b@example.com")},
	}}).Normalize()
	e, err := NewEncoder(NewWriter(&bytes.Buffer{}, WriterOptions{}), nil, nil, EncodeOptions{})
	if err != nil {
		t.Fatal(err)
	}
	if err := e.Write(c); !errors.Is(err, ErrShape) {
		t.Errorf("a value too many is dropped: %v", err)
	}
	if err := e.Write(&contacts.Contact{LastName: "Lee", ExternalIDs: map[string]string{"crm": "1"}}); !errors.Is(err, ErrShape) {
		t.Errorf("an external id is dropped: %v", err)
	}
	if err := e.Write(&contacts.Contact{LastName: "Lee"}); err != nil {
		t.Error(err)
	}
}

// Numbers with a leading + or zero survive the guard of an export for spreadsheets.
func TestIncidentI35(t *testing.T) {
	c := (&contacts.Contact{LastName: "Lee", Phones: []contacts.ContactPhone{
		{Kind: contacts.MobilePhone, Phone: contacts.MakePhone("+46730907665", "073 090 7665")}}}).Normalize()
	file := string(encodeAll(t, nil, []*contacts.Contact{c}, WriterOptions{Guard: true, BOM: true}, EncodeOptions{}))
	if !strings.Contains(file, "'+46730907665,073 090 7665") {
		t.Errorf("%q", file)
	}
	if rows := decodeRows(t, file, nil, DecodeOptions{}); len(rows) != 1 || !rows[0].Contact.Equal(c) {
		t.Errorf("%+v", rows)
	}
	r := decodeRows(t, "Last name,Mobile,Mobile (as typed)\nLee,+46730907665,+852 1234\n", nil, DecodeOptions{})[0]
	if codesOf(r.Faults) != CodeTypedMismatch || r.Faults[0].Column != "Mobile (as typed)" {
		t.Errorf("a typed text of another number: %v", r.Faults)
	}
}

// Years are kept where they are given, and only there.
func TestIncidentI10(t *testing.T) {
	rows := decodeRows(t, "Last name,Birthdate\nLee,1/1/2025\nRay,1/1\n", nil, DecodeOptions{})
	if d := rows[0].Contact.Birthdate; d.Year() != 2025 {
		t.Error(d)
	}
	if d := rows[1].Contact.Birthdate; d.HasYear() || d.IsZero() {
		t.Error(d)
	}
}

func TestTemplate(t *testing.T) {
	var b bytes.Buffer
	if err := WriteTemplate(&b, nil); err != nil {
		t.Fatal(err)
	}
	want := "First name,Last name,Mobile,Work,Home,Other Phone,Email,Personal Email,Other Email,Facebook,WhatsApp,WeChat,LINE,Twitter,LinkedIn," +
		"WOZTELL (WhatsApp),WOZTELL (Facebook),WOZTELL (Instagram),Company,Job Title,Team,Birthdate,Language,Address,City,State,ZipCode,Country," +
		"Type,Group,Level,Contact Label\r\n"
	if b.String() != want {
		t.Errorf("%q", b.String())
	}
	for _, s := range []*contacts.Schema{nil, hostileSchema(t)} {
		b.Reset()
		if err := WriteTemplate(&b, s); err != nil {
			t.Fatal(err)
		}
		sc := NewScanner(&b, ScannerOptions{})
		sc.Scan()
		m, err := MapHeader(sc.Record().Strings(nil), s, nil)
		if err != nil {
			t.Fatal(err)
		}
		for f := range s.Fields() {
			if !m.Has(f.Name) {
				t.Errorf("the template has no column for %s", f.Name)
			}
		}
		b.Reset()
		if err := WriteGuidelines(&b, s); err != nil {
			t.Fatal(err)
		}
		for f := range s.Fields() {
			if !strings.Contains(b.String(), oneLine(f.Column)) || !strings.Contains(b.String(), oneLine(f.Guide)) {
				t.Errorf("the guidelines do not tell of %s", f.Name)
			}
		}
	}
}
