package csvio

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"golang.org/x/text/encoding/htmlindex"
	"golang.org/x/text/encoding/ianaindex"
	"pgregory.net/rapid"
)

func TestParseEncoding(t *testing.T) {
	for e := range Encodings() {
		for name := range strings.SplitSeq(encodingNames[e], " ") {
			for _, n := range []string{name, strings.ToUpper(name), " " + strings.ReplaceAll(name, "-", "_") + " "} {
				if got, err := ParseEncoding(n); err != nil || got != e {
					t.Errorf("%q: %v, %v, want %v", n, got, err, e)
				}
			}
			if theirs, err := htmlindex.Get(name); err == nil && e.isLegacy() && name != "gbk" {
				canonical, _ := htmlindex.Name(theirs)
				if got, err := ParseEncoding(canonical); err != nil || got != e {
					t.Errorf("%q is %s there, %v here", name, canonical, e)
				}
			}
		}
		text, _ := e.MarshalText()
		var back Encoding
		if err := back.UnmarshalText(text); err != nil || back != e {
			t.Errorf("%s: %v, %v", text, back, err)
		}
		if e.isLegacy() && e.coding() == nil {
			t.Errorf("%v has no tables", e)
		}
	}
	for _, name := range []string{"ISO_8859-1:1987", "utf-7", "klingon"} {
		if _, err := ParseEncoding(name); name != "ISO_8859-1:1987" && err == nil {
			t.Errorf("%s is read", name)
		}
	}
	for _, name := range []string{"windows-1252", "Big5", "EUC-KR", "GB18030", "KOI8-R", "Shift_JIS", "ISO-8859-15", "IBM850"} {
		theirs, err := ianaindex.IANA.Encoding(name)
		ours, err2 := ParseEncoding(name)
		if err != nil || err2 != nil || theirs != ours.coding() {
			t.Errorf("%s: %v, %v; %v, %v", name, theirs, err, ours, err2)
		}
	}
	if Encoding(200).String() != "unknown" || (Dialect{Encoding: 200}).possible() {
		t.Error("an impossible encoding is possible")
	}
}

// legacySamples are rows in the encodings that people's files are in.
var legacySamples = []struct {
	e        Encoding
	row      string
	suggests bool
}{
	{Windows1252, "Österreich GmbH,Ærø", true},
	{Windows1252, "Müller,Jürgen,Straße 5,café – “X”", true},
	{Windows1252, "José,Núñez,São Paulo,€ 5", true},
	{Macintosh, "José,Núñez,São Paulo,Jürgen,Müller", true},
	{IBM850, "José,Núñez,Müller,Jürgen,Schröder", true},
	{Windows1250, "Michał,Wójcik,Częstochowa,Dvořák,Żółć,Węgrzyn,Błażej,Tomáš,Szabó", true},
	{Windows1251, "Иванов,Сергей,Санкт-Петербург,Общество", true},
	{KOI8R, "Иванов,Сергей,Санкт-Петербург,Общество", true},
	{IBM866, "Иванов,Сергей,Санкт-Петербург,Общество", true},
	{Windows1253, "Παπαδόπουλος,Αθήνα,Γεώργιος", true},
	{Windows1255, "כהן,תל אביב,ירושלים,משה לוי", true},
	{Windows1256, "محمد,القاهرة,عبد الرحمن", true},
	{Windows874, "สมชาย,กรุงเทพมหานคร,เชียงใหม่", true},
	{ISO8859Part15, "Šimon,Œuvre,€", false},
	{Big5, "陳大文,香港九龍,客戶經理,許功蓋", true},
	{GB18030, "王小明,北京市朝阳区,经理,客户服务部", true},
	{ShiftJIS, "佐藤,さくら,東京都千代田区,株式会社ソニー,表", true},
	{EUCJP, "佐藤,さくら,東京都千代田区,株式会社ソニー", true},
	{ISO2022JP, "佐藤,さくら,東京都", false},
	{EUCKR, "김철수,서울특별시,고객,주식회사", true},
}

func encode(tb testing.TB, e Encoding, text string) []byte {
	tb.Helper()
	b, err := e.coding().NewEncoder().Bytes([]byte(text))
	if err != nil {
		tb.Skip(err)
	}
	return b
}

func TestScanLegacy(t *testing.T) {
	for _, tt := range legacySamples {
		t.Run(tt.e.String(), func(t *testing.T) {
			text := "a,b,c,\"d\r\ne\"\r\n" + tt.row + "\r\n"
			in := encode(t, tt.e, text)
			for _, r := range []io.Reader{bytes.NewReader(in), iotest.OneByteReader(bytes.NewReader(in)), iotest.DataErrReader(bytes.NewReader(in))} {
				s := NewScanner(r, ScannerOptions{Dialect: Dialect{Encoding: tt.e}})
				var rows [][]string
				for s.Scan() {
					if f := s.Record().Fault(); f != nil {
						t.Error(f)
					}
					rows = append(rows, s.Record().Strings(nil))
				}
				if len(rows) != 2 || rows[0][3] != "d\r\ne" || !slices.Equal(rows[1], strings.Split(tt.row, ",")) || s.Err() != nil {
					t.Errorf("%q, %v", rows, s.Err())
				}
				if s.Dialect().Encoding != tt.e || s.Evidence().Suggest != EncodingAuto {
					t.Errorf("%+v, %+v", s.Dialect(), s.Evidence())
				}
			}
		})
	}
}

// What is not declared is never read by a guess, but the guess is told.
func TestSuggest(t *testing.T) {
	for _, tt := range legacySamples {
		t.Run(tt.e.String(), func(t *testing.T) {
			in := encode(t, tt.e, strings.Repeat("first name,last name,street\n"+tt.row+"\n", 3))
			d, ev := Detect(in)
			want := EncodingAuto
			if tt.suggests {
				want = tt.e
			}
			if d.Encoding != UTF8 || tt.suggests && ev.Suggest != want || tt.suggests == (ev.Why == "") && tt.suggests {
				t.Errorf("%s: suggests %v: %s", tt.row, ev.Suggest, ev.Why)
			}
			t.Log(ev.Suggest, ev.Why)
			s := NewScanner(bytes.NewReader(in), ScannerOptions{})
			for s.Scan() {
				if f := s.Record().Fault(); f == nil && !utf8.Valid(s.Record().Raw()) {
					t.Error("a row that is no UTF-8 is sound")
				}
			}
			if s.Evidence() != ev {
				t.Errorf("the scanner sees %+v, Detect %+v", s.Evidence(), ev)
			}
		})
	}
	for _, in := range []string{"a,b\nc,d\n", "é,日本\n", "日本語の名前,x\xFF\n", ""} {
		if _, ev := Detect([]byte(in)); ev.Suggest != EncodingAuto || ev.Why != "" {
			t.Errorf("%q: %+v", in, ev)
		}
	}
}

func TestUndecodable(t *testing.T) {
	for _, tt := range []struct {
		e      Encoding
		in     string
		column int
	}{
		{Windows1252, "abc\x81d", 4},
		{Windows1252, "\x9Dabc", 1},
		{Windows1253, "ab\xD2", 3},
		{ISO8859Part2, "ab\x9Ac", 3},
		{Big5, "ab\xFF\xFF", 3},
		{Big5, "ab\x81", 3},
		{GB18030, "ab\x84\x31\xA4\x37", 3}, // U+FFFD itself
		{GB18030, "ab\xFF", 3},
		{ShiftJIS, "ab\x80", 3},
		{ShiftJIS, "ab\x81", 3},
		{EUCKR, "ab\xC9\xC9", 3},
		{EUCJP, "ab\x8F\xA1", 3},
	} {
		for _, cut := range []string{",x\nnext,line\n", "\nnext,line\n", ""} {
			in := "h,i\n" + tt.in + cut
			s := NewScanner(iotest.OneByteReader(strings.NewReader(in)), ScannerOptions{Dialect: Dialect{Encoding: tt.e, Comma: ','}})
			var faults []*RowError
			rows := ""
			for s.Scan() {
				if f := s.Record().Fault(); f != nil {
					faults = append(faults, f)
				} else {
					rows += string(s.Record().Raw()) + ";"
				}
			}
			if len(faults) != 1 || faults[0].Code != CodeUndecodable || faults[0].Line != 2 || faults[0].Column != tt.column || faults[0].Offset != int64(3+tt.column) {
				t.Errorf("%v %q: %+v", tt.e, in, faults)
			}
			if want := "h,i;" + strings.TrimPrefix(strings.TrimLeft(cut[min(len(cut), strings.Index(cut+"\n", "\n")):], "\n")+";", ";"); strings.ReplaceAll(want, "\n", "") != rows {
				t.Errorf("%v %q: sound rows %q", tt.e, in, rows)
			}
		}
	}
}

// Whatever the bytes and however they come, no text has U+FFFD or a C1 control, and no line end and no delimiter gets lost.
func TestLegacyReaderProperty(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		e := Windows1252 + Encoding(rapid.IntRange(0, int(encodings-Windows1252)-1).Draw(t, "encoding"))
		in := rapid.SliceOfN(rapid.OneOf(rapid.Byte(), rapid.SampledFrom([]byte("\n,\";\t\xA4\x81\x82\xE9"))), 0, 200).Draw(t, "in")
		if e == ISO2022JP {
			in = bytes.ReplaceAll(in, []byte{0x1B}, nil) // behind an escape ASCII bytes are halves of characters
		}
		whole, err := io.ReadAll(newLegacyReader(bytes.NewReader(in), e))
		if err != nil {
			t.Fatal(err)
		}
		parts, err := io.ReadAll(iotest.OneByteReader(newLegacyReader(iotest.OneByteReader(bytes.NewReader(in)), e)))
		if err != nil || !bytes.Equal(parts, whole) {
			t.Fatalf("%q in parts %q, %v", whole, parts, err)
		}
		for i, r := range string(whole) {
			if r == utf8.RuneError && whole[i] != undecodable || r >= 0x80 && r < 0xA0 {
				t.Fatalf("%U in %q", r, whole)
			}
		}
		for _, c := range []byte("\n,;\t\"") {
			if bytes.Count(whole, []byte{c}) != bytes.Count(in, []byte{c}) {
				t.Fatalf("%v: %q of %q", e, whole, in)
			}
		}
	})
}

// A mark of Unicode at the start of a file is right where the declaration says otherwise; text that is valid UTF-8 is told of.
func TestDeclaredAgainstEvidence(t *testing.T) {
	read := func(in string, e Encoding) (string, *Scanner) {
		s := NewScanner(strings.NewReader(in), ScannerOptions{Dialect: Dialect{Encoding: e, Comma: ','}})
		text := ""
		for s.Scan() {
			text += string(s.Record().Raw()) + "\n"
		}
		return text, s
	}
	if text, s := read("\uFEFFé,b\n", Windows1252); text != "é,b\n" || s.Dialect().Encoding != UTF8 || !s.Evidence().BOM {
		t.Errorf("%q, %+v, %+v", text, s.Dialect(), s.Evidence())
	}
	if text, s := read("\xFF\xFEa\x00,\x00b\x00\n\x00", Big5); text != "a,b\n" || s.Dialect().Encoding != UTF16LE || !s.Evidence().BOM {
		t.Errorf("%q, %+v, %+v", text, s.Dialect(), s.Evidence())
	}
	if _, s := read("José,b\n", Windows1252); s.Evidence().Suggest != UTF8 || s.Evidence().Why == "" {
		t.Errorf("%+v", s.Evidence())
	}
	if _, s := read("Jos\xE9,b\n", Windows1252); s.Evidence().Suggest != EncodingAuto {
		t.Errorf("%+v", s.Evidence())
	}
	if text, s := read("PK\x03\x04\x14\x00", Windows1252); text != "" || !s.Evidence().Binary || s.Err() == nil {
		t.Errorf("a workbook: %q, %+v, %v", text, s.Evidence(), s.Err())
	}
	if text, _ := read("\x84\x31\x95\x33a,b\n", GB18030); text != "a,b\n" {
		t.Errorf("GB18030 with its mark: %q", text)
	}
}

// A field in Windows-1252 that begins with an umlaut keeps its first character.
func TestIncidentI33(t *testing.T) {
	in := "first name;last name;company\n\xD6zlem;\xC4ngstr\xF6m;\"\xDCbersee; Handel\"\n"
	s := NewScanner(iotest.OneByteReader(strings.NewReader(in)), ScannerOptions{Dialect: Dialect{Encoding: Windows1252}})
	s.Scan()
	m, err := MapHeader(s.Record().Strings(nil), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	d := NewDecoder(m, nil, DecodeOptions{})
	s.Scan()
	row := d.Decode(s.Record())
	if row.Rejected() || row.Contact.FirstName != "Özlem" || row.Contact.LastName != "Ängström" || row.Contact.Company != "Übersee; Handel" {
		t.Errorf("%+v %v", row.Contact, row.Faults)
	}
}

// A file that Excel saved as Windows-1252 and that is read as UTF-8 gives rows or errors with row and byte, never U+FFFD.
func TestIncidentI34(t *testing.T) {
	in := "First name,Last name\nAnn,Lee\nJ\xF6rg,M\xFCller\nBob,Ray\n"
	s := NewScanner(strings.NewReader(in), ScannerOptions{})
	s.Scan()
	m, err := MapHeader(s.Record().Strings(nil), nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	d := NewDecoder(m, nil, DecodeOptions{})
	var names []string
	for s.Scan() {
		row := d.Decode(s.Record())
		if row.Rejected() {
			f := row.Faults[0]
			if f.Code != CodeInvalidUTF8 || f.Row != 3 || f.Offset != int64(strings.Index(in, "\xF6")) {
				t.Errorf("%+v", f)
			}
			continue
		}
		names = append(names, row.Contact.FirstName)
	}
	if !slices.Equal(names, []string{"Ann", "Bob"}) || s.Evidence().UTF8 || s.Evidence().Suggest != Windows1252 {
		t.Errorf("%q, %+v", names, s.Evidence())
	}
}

// Names of Arabic, Chinese, Japanese and Korean script leave with a byte order mark for the spreadsheet; reading takes it off.
func TestIncidentI06(t *testing.T) {
	var b bytes.Buffer
	w := NewWriter(&b, WriterOptions{BOM: true})
	rows := [][]string{{"First name", "Last name"}, {"محمد", "陳大文"}, {"さくら", "김철수"}}
	for _, row := range rows {
		if err := w.WriteRow(row...); err != nil {
			t.Fatal(err)
		}
	}
	if err := w.Flush(); err != nil || !bytes.HasPrefix(b.Bytes(), []byte(bomUTF8)) {
		t.Fatal(err)
	}
	s := NewScanner(&b, ScannerOptions{})
	for i := 0; s.Scan(); i++ {
		if got := s.Record().Strings(nil); !slices.Equal(got, rows[i]) {
			t.Errorf("%q", got)
		}
	}
	if !s.Evidence().BOM {
		t.Error("no byte order mark")
	}
}

// The decoder's memory does not grow with the file, and it does not slow it down out of all proportion.
func BenchmarkScanLegacy(b *testing.B) {
	for _, e := range []Encoding{Windows1252, GB18030} {
		in := encode(b, e, strings.Repeat("Ann,Lee,+85291234567,ann@example.com,ACME,Manager,12/14/1980,Hong Kong,X\u00b7Y\n", 20_000))
		b.Run(e.String(), func(b *testing.B) {
			b.SetBytes(int64(len(in)))
			for b.Loop() {
				s := NewScanner(bytes.NewReader(in), ScannerOptions{Dialect: Dialect{Encoding: e, Comma: ','}})
				for s.Scan() {
				}
			}
		})
	}
}
