package csvio

import (
	"bytes"
	"strings"
	"testing"
)

// logOf reads a file and logs every row that is refused.
func logOf(tb testing.TB, file string, o ErrorLogOptions) (log string, rejected, accepted int) {
	tb.Helper()
	var b bytes.Buffer
	sc := NewScanner(strings.NewReader(file), ScannerOptions{MaxRecord: 4096})
	if !sc.Scan() {
		return "", 0, 0
	}
	l := NewErrorLog(&b, sc.Record(), o)
	m, err := MapHeader(sc.Record().Strings(nil), nil, nil)
	if err != nil {
		return "", 0, 0
	}
	d := NewDecoder(m, nil, DecodeOptions{})
	for sc.Scan() {
		switch r := d.Decode(sc.Record()); {
		case r.Rejected():
			if err := l.Write(sc.Record(), r.Faults); err != nil {
				tb.Fatal(err)
			}
			rejected++
		case !r.Blank:
			accepted++
		}
	}
	if err := l.Flush(); err != nil {
		tb.Fatal(err)
	}
	if l.Rows() != rejected {
		tb.Fatalf("%d rows logged, %d refused", l.Rows(), rejected)
	}
	return b.String(), rejected, accepted
}

func TestErrorLog(t *testing.T) {
	for _, tc := range []struct{ name, file, log string }{
		{"byte for byte", "\"Last name\"; Mobile;Note\nLee;123;\" a\nb\"\nRay;+85291234567;\n Dow;\"12 34\"\n",
			"\"Last name\"; Mobile;Note;_row;_code;_column;_reason\n" +
				"Lee;123;\" a\nb\";2;phone_no_country_code;Mobile;Mobile: the phone number has no country code (begin with + and the country code (+852…), or set a default region with a numbering plan)\n" +
				" Dow;\"12 34\";;4;phone_no_country_code;Mobile;Mobile: the phone number has no country code (begin with + and the country code (+852…), or set a default region with a numbering plan)\n"},
		{"several faults", "Last name,Email,Language\nLee,x,xx\n",
			"Last name,Email,Language,_row,_code,_column,_reason\nLee,x,xx,2,email_no_at; language_unknown,Email; Language,"},
		{"too many cells", "Last name,Email\nLee,ann@example.com,x,\n",
			"Last name,Email,_row,_code,_column,_reason\nLee,ann@example.com,x,2,too_many_cells,,"},
		{"blank cells too many", "Last name,Email\nLee,x,,\n",
			"Last name,Email,_row,_code,_column,_reason\nLee,x,2,email_no_at,Email,"},
		{"unclosed quote", "Last name,City\n\"Lee,Oslo\nRay,Rome\n",
			"Last name,City,_row,_code,_column,_reason\n\"\"\"Lee\",Oslo,2,unclosed_quote,"},
		{"nothing refused", "Last name\nLee\n", ""},
	} {
		t.Run(tc.name, func(t *testing.T) {
			if log, n, _ := logOf(t, tc.file, ErrorLogOptions{BOM: true}); (n > 0) != strings.HasPrefix(log, "\ufeff") || n == 0 && log != "" {
				t.Errorf("with a byte order mark: %d rows, %q", n, log)
			}
			log, _, _ := logOf(t, tc.file, ErrorLogOptions{})
			if !strings.HasPrefix(log, tc.log) || tc.log == "" && log != "" {
				t.Errorf("\ngot  %q\nwant %q", log, tc.log)
			}
		})
	}
}

// A log that is sent again as it is, is refused again, and its log is the same but for the row numbers.
func TestErrorLogUnmended(t *testing.T) {
	file := "Last name,Mobile,Title,City\nLee,123,,\n\"Ray,x,,\nDow,+85291234567,a,b,c\nKay,+85291234567,\"b\"x,\nMay,+85291234567, a,, \n\xff,,,\n" +
		"Fay," + strings.Repeat("x", 5000) + ",,\nSky, +85291234567,,b,\n"
	log, rejected, accepted := logOf(t, file, ErrorLogOptions{})
	if rejected != 8 || accepted != 0 {
		t.Fatalf("%d rejected, %d accepted: %s", rejected, accepted, log)
	}
	second, again, accepted := logOf(t, log, ErrorLogOptions{})
	if again+accepted != rejected {
		t.Fatalf("%d rows became %d", rejected, again+accepted)
	}
	if accepted > 0 {
		t.Errorf("%d rows are accepted that nobody mended:\n%s\n%s", accepted, log, second)
	}
	if h := strings.Count(second, "_reason"); h != 1 {
		t.Errorf("the log of a log has %d columns _reason", h)
	}
}

func TestErrorLogMended(t *testing.T) {
	log, _, _ := logOf(t, "Last name,Mobile,City\n\"Lee,+85291234567,Oslo\nRay,12,Rome\n", ErrorLogOptions{})
	log = strings.Replace(log, `"""Lee"`, "Lee", 1)
	log = strings.Replace(log, "Ray,12,", "Ray,+85291234568,", 1)
	rows := decodeRows(t, log, nil, DecodeOptions{})
	if len(rows) != 2 || rows[0].Rejected() || rows[1].Rejected() || rows[0].Contact.LastName != "Lee" || rows[0].Contact.Address.City != "Oslo" {
		t.Errorf("%+v from %s", rows, log)
	}
}

// Template and error log are exports too: what a spreadsheet would run is guarded.
func TestIncidentI50(t *testing.T) {
	s := hostileSchema(t)
	var b bytes.Buffer
	if err := WriteTemplate(&b, s); err != nil {
		t.Fatal(err)
	}
	sc := NewScanner(bytes.NewReader(b.Bytes()), ScannerOptions{})
	sc.Scan()
	for _, cell := range sc.Record().Strings(nil) {
		if needsGuard(strings.TrimPrefix(cell, "'")) && cell[0] != '\'' {
			t.Errorf("the template has the formula %q", cell)
		}
	}
	m, err := MapHeader(sc.Record().Strings(nil), s, nil)
	if err != nil || !m.Has("custom.points") {
		t.Errorf("the guarded header is not understood: %v", err)
	}
	for _, guard := range []bool{false, true} {
		log, _, _ := logOf(t, "Last name,=Mobile,Mobile\n=cmd(),+1,\t=1\n\"Ray,\u00a0=x,\n", ErrorLogOptions{Guard: guard})
		sc := NewScanner(strings.NewReader(log), ScannerOptions{})
		for sc.Scan() {
			cells := sc.Record().Strings(nil)
			own := len(cells) - len(ownColumns)
			for i, cell := range cells {
				if (guard || i >= own) && cell != "" && cell[0] != '\'' && needsGuard(cell) {
					t.Errorf("guard %v: the log has the formula %q", guard, cell)
				}
			}
		}
	}
}

func FuzzErrorLog(f *testing.F) {
	f.Add("Last name,Mobile\nLee,123\n\"Ray,x\nDow,\"a\"b,c\n", false)
	f.Add("Last name;Email;_row;_code;_column;_reason\nLee;x;2;email_no_at;Email;no\n", true)
	f.Add("Last name\n\"\"x\n\xff\n a,b\n", false)
	f.Fuzz(func(t *testing.T, file string, guard bool) {
		log, rejected, _ := logOf(t, file, ErrorLogOptions{Guard: guard, BOM: true})
		if rejected == 0 {
			return
		}
		in := NewScanner(strings.NewReader(file), ScannerOptions{MaxRecord: 4096})
		in.Scan()
		out := NewScanner(strings.NewReader(log), ScannerOptions{Dialect: Dialect{Comma: in.Dialect().Comma, Encoding: UTF8}, MaxRecord: 1 << 20})
		records := 0
		for out.Scan() {
			if f := out.Record().Fault(); f != nil && f.Code != CodeInvalidUTF8 && f.Code != CodeNULByte && f.Code != CodeTooManyColumns {
				t.Fatalf("the log is not well-formed: %v in\n%q\nof\n%q", f, log, file)
			}
			records++
		}
		if out.Err() != nil || records != rejected+1 {
			t.Fatalf("%d records for %d rows (%v) in\n%q\nof\n%q", records, rejected, out.Err(), log, file)
		}
	})
}
