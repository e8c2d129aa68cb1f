package csvio

import (
	"encoding/json"
	"errors"
	"strings"
	"testing"

	"github.com/extcontacts/extcontacts/contacts"
)

// decodeRows decodes a file; rows are copies.
func decodeRows(tb testing.TB, file string, s *contacts.Schema, o DecodeOptions) []Row {
	tb.Helper()
	sc := NewScanner(strings.NewReader(file), ScannerOptions{})
	if !sc.Scan() {
		tb.Fatal("no header")
	}
	m, err := MapHeader(sc.Record().Strings(nil), s, nil)
	if err != nil {
		tb.Fatal(err)
	}
	d := NewDecoder(m, s, o)
	var rows []Row
	for sc.Scan() {
		r := d.Decode(sc.Record())
		if r.Contact != nil {
			d.FillLastName(r)
			r.Contact.Normalize()
			if !r.Rejected() {
				r.Faults = append(r.Faults, d.Validate(r)...)
			}
		}
		c := *r
		c.Present.bits = append([]uint64(nil), r.Present.bits...)
		c.Clear.bits = append([]uint64(nil), r.Clear.bits...)
		rows = append(rows, c)
	}
	if sc.Err() != nil {
		tb.Fatal(sc.Err())
	}
	return rows
}

func codesOf(faults []*Fault) string {
	var codes []string
	for _, f := range faults {
		c := f.Code
		if f.Warning {
			c = "~" + c
		}
		codes = append(codes, c)
	}
	return strings.Join(codes, " ")
}

func TestDecodeFaults(t *testing.T) {
	const header = "Last name,Mobile,Email,Birthdate,Country\n"
	for _, tc := range []struct{ name, row, codes string }{
		{"good", "Lee,+85291234567,ann@example.com,12/14/1980,HK", ""},
		{"trimmed", " Lee ,\u00a0+85291234567 , ann@example.com,12/14/1980\t,HK ", ""},
		{"short", "Lee,+85291234567", ""},
		{"all at once", "Lee,123,x,13/13/1980,and", "phone_no_country_code email_no_at date_impossible country_unknown"},
		{"damaged by a spreadsheet", "Lee,8.52912E+10", "phone_damaged"},
		{"too many cells", "Lee,+85291234567,ann@example.com,,HK,x", "too_many_cells"},
		{"blank cells too many", "Lee,+85291234567,ann@example.com,,HK,,", ""},
		{"shifted, its end blank", "Lee, Ann,+85291234567,,,", "row_shifted phone_bad_character email_no_at"},
		{"text after quote", `"Lee"x,+85291234567`, "text_after_quote"},
		{"invalid UTF-8", "L\xffe", "invalid_utf8"},
		{"control character", "L\x01e", "text_control_character"},
		{"guarded", "Lee,'+85291234567", ""},
		{"cleared", "Lee,--,--", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			rows := decodeRows(t, header+tc.row, nil, DecodeOptions{})
			if len(rows) != 1 {
				t.Fatalf("%d rows", len(rows))
			}
			if got := codesOf(rows[0].Faults); got != tc.codes {
				t.Errorf("%q, want %q", got, tc.codes)
			}
			if rows[0].Rejected() != (rows[0].Err() != nil) || rows[0].Rejected() != (tc.codes != "") {
				t.Error("Rejected, Err and Faults disagree")
			}
		})
	}
}

func TestFaultPlace(t *testing.T) {
	rows := decodeRows(t, "Last name,Note,Mobile\n\n\"Lee\",\"a\r\nb\",secret-x\n", nil, DecodeOptions{})
	f := rows[0].Faults[0]
	if f.Row != 2 || f.Line != 4 || f.Cell != 2 || f.Column != "Mobile" || f.Field != "phones.mobile" || f.Value != "secret-x" || f.Offset != 36 {
		t.Errorf("%+v", f)
	}
	if !errors.Is(f, contacts.ErrInvalid) || errors.Is(f, ErrSyntax) {
		t.Error("a fault of a cell is contacts.ErrInvalid")
	}
	j, err := json.Marshal(f)
	if err != nil || strings.Contains(string(j), "secret") || strings.Contains(f.Error(), "secret") {
		t.Errorf("%s %v", j, err)
	}
	for _, key := range []string{`"code":"phone_bad_character"`, `"field":"phones.mobile"`, `"column":"Mobile"`, `"message":"Mobile: `, `"hint":`} {
		if !strings.Contains(string(j), key) {
			t.Errorf("%s lacks %s", j, key)
		}
	}
	damage := decodeRows(t, "Last name,Mobile\nLee,\"x\n", nil, DecodeOptions{})[0].Faults[0]
	var re *RowError
	if !errors.Is(damage, ErrSyntax) || !errors.As(damage, &re) || re.Code != CodeUnclosedQuote {
		t.Errorf("%v", damage)
	}
}

func TestPresentAndClear(t *testing.T) {
	r := decodeRows(t, "Last name,Mobile,Mobile 2,City,Company\nLee,--,+85291234567,,--\n", nil, DecodeOptions{})[0]
	names := func(s FieldSet) string {
		var out []string
		for f := range s.All() {
			out = append(out, f.Name)
		}
		return strings.Join(out, " ")
	}
	if got := names(r.Present); got != "last_name phones.mobile" || r.Present.Len() != 2 {
		t.Errorf("present %q", got)
	}
	if got := names(r.Clear); got != "phones.mobile company" || !r.Clear.Has("company") || r.Clear.Has("address.city") {
		t.Errorf("clear %q", got)
	}
	r = decodeRows(t, "Last name,Company\n--,--\n", nil, DecodeOptions{Clear: NoClear})[0]
	if r.Contact.Company != "--" || !r.Clear.IsZero() {
		t.Errorf("%+v", r.Contact)
	}
}

func TestLabelledColumns(t *testing.T) {
	r := decodeRows(t, "Last Name,Labels,Phone 1 - Label,Phone 1 - Value,Phone 2 - Type,Phone 2 - Value,E-mail 1 - Label,E-mail 1 - Value,E-mail 2 - Value\n"+
		"Lee,* myContacts ::: Friends ::: VIP,Mobile,+85291234567 ::: +85291234568,* Work,+85221234567,* Home,ann@example.org,ann@example.com\n", nil, DecodeOptions{})[0]
	if len(r.Faults) > 0 {
		t.Fatal(r.Faults[0])
	}
	var got []string
	for _, p := range r.Contact.Phones {
		got = append(got, p.Kind.String()+p.Phone.Number())
	}
	for _, e := range r.Contact.Emails {
		got = append(got, e.Kind.String()+":"+e.Email.Address())
	}
	got = append(got, r.Contact.Labels...)
	want := "work+85221234567 mobile+85291234567 mobile+85291234568 personal:ann@example.org work:ann@example.com Friends VIP"
	if strings.Join(got, " ") != want {
		t.Errorf("%v", got)
	}
}

func TestPrimaryColumns(t *testing.T) {
	for _, tc := range []struct{ name, row, want string }{
		{"mark", "Lee,+85291234567,+85221234567,+85221234567", "work+85221234567 mobile+85291234567"},
		{"without", "Lee,+85291234567,+85221234567,", "mobile+85291234567 work+85221234567"},
		{"kind", "Lee,+85291234567,+85291234567,Work: +852 9123 4567", "work+85291234567 mobile+85291234567"},
		{"another number", "Lee,,+85221234567,+85291234567", "mobile+85291234567 work+85221234567"},
	} {
		r := decodeRows(t, "Last name,Mobile,Work,Primary Phone\n"+tc.row, nil, DecodeOptions{})[0]
		var got []string
		for _, p := range r.Contact.Phones {
			got = append(got, p.Kind.String()+p.Phone.Number())
		}
		if strings.Join(got, " ") != tc.want || !r.Contact.Phones[0].Primary {
			t.Errorf("%s: %v", tc.name, got)
		}
	}
}

// The guide's own example: a title with a comma that is not in quotes.
func TestShiftedRowOfTheGuide(t *testing.T) {
	file := "First name,Last name,Mobile,Title,Team,Contact Label\n" +
		"Ann,Lee,+85291234567,Head of Marketing, Asia Division,Sales,VIP\n" +
		"Bob,Ray,+85291234568,\"Manager, HR and Administration\",HR,\n" +
		"Cy,Dow,+85291234569,Manager, HR and Administration,HR,\n"
	rows := decodeRows(t, file, nil, DecodeOptions{})
	f := rows[0].Faults[0]
	if f.Code != CodeTooManyCells || f.Cell != 6 || f.Value != "VIP" || f.Line != 2 {
		t.Errorf("%+v", f)
	}
	if rows[1].Rejected() || rows[1].Contact.JobTitle != "Manager, HR and Administration" || rows[1].Contact.Team != "HR" {
		t.Errorf("%+v", rows[1])
	}
	if f := rows[2].Faults; len(f) == 0 || f[0].Code != CodeRowShifted || f[0].Value != "HR and Administration" || f[0].Column != "Team" {
		t.Errorf("a row whose shift ends in a blank cell: %v", f)
	}
}

func TestLastName(t *testing.T) {
	const file = "First name,Last name,Mobile\nAnn,,+85291234567\n"
	if r := decodeRows(t, file, nil, DecodeOptions{})[0]; r.Contact.LastName != "customer" || !r.Filled || r.Rejected() {
		t.Errorf("%+v", r.Contact)
	}
	if r := decodeRows(t, file, nil, DecodeOptions{LastName: "unknown"})[0]; r.Contact.LastName != "unknown" || r.Rejected() {
		t.Errorf("%+v", r.Contact)
	}
	r := decodeRows(t, file, nil, DecodeOptions{RequireLastName: true})[0]
	if codesOf(r.Faults) != "required" || r.Faults[0].Column != "Last name" || r.Faults[0].Cell != 1 {
		t.Errorf("%v", r.Faults)
	}
}

// Rows that hold nothing the mapping reads are refused, not imported as invisible contacts.
func TestIncidentI02(t *testing.T) {
	rows := decodeRows(t, "Notes,Company,City\nhello,,\n,Acme,\n,,\n", nil, DecodeOptions{})
	if codesOf(rows[0].Faults) != CodeNothingMapped || rows[1].Rejected() || !rows[2].Blank || rows[2].Contact != nil || rows[2].Rejected() {
		t.Errorf("%+v", rows)
	}
}

// A bad row never stops the file.
func TestIncidentI07(t *testing.T) {
	rows := decodeRows(t, "Last name,Email\nLee,ann@example.com\nRay,bla.bla.@example.com\nDow,cy@example.com\n", nil, DecodeOptions{})
	if len(rows) != 3 || rows[0].Rejected() || rows[2].Rejected() {
		t.Fatalf("%+v", rows)
	}
	if f := rows[1].Faults[0]; f.Row != 3 || f.Column != "Email" || f.Value != "bla.bla.@example.com" || f.Message() == "" {
		t.Errorf("%+v", f)
	}
}

// Contacts that have nothing but a phone number are contacts.
func TestIncidentI31(t *testing.T) {
	for _, r := range decodeRows(t, "Phone,Email\n+85291234567,\n+85291234568,\n", nil, DecodeOptions{}) {
		if r.Rejected() || r.Contact.LastName != DefaultLastName || !r.Filled || len(r.Contact.Phones) != 1 {
			t.Errorf("%+v", r)
		}
	}
}

// A quote that is opened and never closed costs its own row, and the fault points at the quote.
func TestIncidentI37(t *testing.T) {
	rows := decodeRows(t, "Last name,City\nLee,Hong Kong\n\"Ray,London\nDow,Berlin\nKay,Oslo\n", nil, DecodeOptions{})
	if len(rows) != 4 || rows[0].Rejected() || rows[2].Rejected() || rows[3].Contact.Address.City != "Oslo" {
		t.Fatalf("%+v", rows)
	}
	if f := rows[1].Faults[0]; f.Code != CodeUnclosedQuote || f.Line != 3 || f.Cell != 0 || f.Column != "Last name" || rows[1].Contact != nil {
		t.Errorf("%+v", f)
	}
}

// Text behind a closing quote in a file of tabs swallows no other cell.
func TestIncidentI38(t *testing.T) {
	rows := decodeRows(t, "Last name\tCompany\tCity\nLee\t\"Medaka Box\" Stray Bushiroad\tTokyo\nRay\tAcme\tOslo\n", nil, DecodeOptions{})
	if len(rows) != 2 || codesOf(rows[0].Faults) != CodeTextAfterQuote || rows[0].Faults[0].Cell != 1 || rows[1].Contact.Address.City != "Oslo" {
		t.Errorf("%+v", rows)
	}
}

func FuzzDecode(f *testing.F) {
	f.Add("Last name,Mobile,Primary Phone\nLee,+85291234567,x\n")
	f.Add("Name,Phone 1 - Label,Phone 1 - Value\nLee,* Work,+85291234567 ::: x\n")
	f.Add("Last name,Mobile,Mobile (as typed),_code\n\"Lee,'+852,--,unclosed_quote\n")
	s := hostileSchema(f)
	f.Fuzz(func(t *testing.T, file string) {
		sc := NewScanner(strings.NewReader(file), ScannerOptions{})
		if !sc.Scan() {
			return
		}
		m, err := MapHeader(sc.Record().Strings(nil), s, nil)
		if err != nil {
			return
		}
		d := NewDecoder(m, s, DecodeOptions{})
		for sc.Scan() {
			r := d.Decode(sc.Record())
			for _, f := range r.Faults {
				if f.Code == "" || f.Row != r.Row || f.Line < r.Line || f.Message() == "" {
					t.Fatalf("%+v", f)
				}
			}
			if r.Contact == nil {
				if !r.Blank && !r.Rejected() {
					t.Fatal("a row came to nothing without a reason")
				}
				continue
			}
			d.FillLastName(r)
			quick := len(d.Validate(r))
			if full := len(contacts.Validate(r.Contact, s)); quick != full {
				t.Fatalf("%d faults, contacts.Validate finds %d", quick, full)
			}
			if r.Rejected() {
				continue
			}
			c := r.Contact.Normalize()
			if es := contacts.Validate(c, s); es != nil {
				t.Fatalf("a row is accepted that makes no valid contact: %v", es)
			}
			back := encodeAll(t, s, []*contacts.Contact{c}, WriterOptions{Guard: true}, EncodeOptions{})
			again := decodeRows(t, string(back), s, DecodeOptions{})
			if len(again) != 1 || again[0].Rejected() || !again[0].Contact.Equal(c) {
				t.Fatalf("import, export, import: %+v\nis not %+v\nin %q", again, c, back)
			}
		}
	})
}

// TestTextInFormula: ="00123" is the text in it; a real formula is a text of its own, and a guarded one too.
func TestTextInFormula(t *testing.T) {
	file := "Last name,ZipCode,Mobile,Team,Birthdate,=\"Company\"\n" +
		"Lee,\"=\"\"00123\"\"\",\"=\"\"+85291234567\"\"\",\"=\"\"say \"\"\"\"hi\"\"\"\"\"\"\",\"=\"\"12/14/1980\"\"\",\"=\"\"\"\"\"\n" +
		"Ray,\"'=\"\"00123\"\"\",,\"=\"\"a\"\"&\"\"b\"\"\",,=1+1\n"
	sc := NewScanner(strings.NewReader(file), ScannerOptions{})
	h, err := ReadHeader(sc, nil, nil)
	if err != nil || !h.Mapping.Has("company") {
		t.Fatal(err, h)
	}
	d := NewDecoder(h.Mapping, nil, DecodeOptions{})
	var got []*contacts.Contact
	for sc.Scan() {
		row := d.Decode(sc.Record())
		if row.Rejected() {
			t.Fatal(row.Faults)
		}
		got = append(got, row.Contact)
	}
	a, b := got[0], got[1]
	if a.Address.ZipCode != "00123" || a.Team != `say "hi"` || a.Birthdate.String() != "1980-12-14" || a.Company != "" ||
		a.Phones[0].Phone.Number() != "+85291234567" || a.Phones[0].Phone.Raw() != `="+85291234567"` {
		t.Errorf("%+v", a)
	}
	if b.Address.ZipCode != `="00123"` || b.Team != `="a"&"b"` || b.Company != "=1+1" {
		t.Errorf("%+v", b)
	}
}
