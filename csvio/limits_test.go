package csvio

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"runtime"
	"strings"
	"testing"

	"github.com/extcontacts/extcontacts/contacts"
)

// TestLimits: at a limit a row is taken, one beyond it the row is refused, by itself (fault A8).
func TestLimits(t *testing.T) {
	const most = 4 << 10
	for _, c := range []struct {
		name string
		row  func(n int) string // a row of which the limited size is n
		at   int
		code string
	}{
		{"an unquoted cell", func(n int) string { return "Lee," + strings.Repeat("x", n-4) }, most, CodeRowTooLong},
		{"a quoted cell", func(n int) string { return `Lee,"` + strings.Repeat("x", n-6) + `"` }, most, CodeRowTooLong},
		{"line ends in a cell", func(n int) string { return `Lee,"` + strings.Repeat("\n", n-6) + `"` }, most, CodeUnclosedQuote},
		{"cells", func(n int) string { return strings.Repeat(",", n-1) }, 100, CodeTooManyColumns},
	} {
		for n := c.at - 1; n <= c.at+1; n++ {
			file := "Ann,1\n" + c.row(n) + "\nBob,2\n"
			s := NewScanner(strings.NewReader(file), ScannerOptions{Dialect: Dialect{Comma: ',', Encoding: UTF8}, MaxRecord: most, MaxColumns: 100})
			var codes []string
			for s.Scan() {
				code := ""
				if f := s.Record().Fault(); f != nil {
					code = f.Code
				}
				codes = append(codes, code)
			}
			want := ""
			if n > c.at {
				want = c.code
			}
			if len(codes) < 3 || codes[0] != "" || codes[1] != want || codes[len(codes)-1] != "" || string(s.rec.raw) != "" || s.Err() != nil {
				t.Errorf("%s of %d: %q, %v", c.name, n, codes, s.Err())
			}
		}
	}
}

// TestFieldLimits: the longest text of each field is taken, one character more is refused, counted in characters of any size.
func TestFieldLimits(t *testing.T) {
	for f := range new(contacts.Schema).Fields() {
		if f.Kind != contacts.TextField {
			continue
		}
		for _, letter := range []string{"x", "é", "漢", "😀"} {
			for n := f.MaxLen - 1; n <= f.MaxLen+1; n++ {
				file := "Last name," + f.Name + ",Mobile\nLee," + strings.Repeat(letter, n) + ",+85291234567\n"
				if f.Name == "last_name" {
					file = "First name," + f.Name + ",Mobile\nAnn," + strings.Repeat(letter, n) + ",+85291234567\n"
				}
				rows := decodeRows(t, file, nil, DecodeOptions{})
				if rows[0].Rejected() != (n > f.MaxLen) || rows[0].Rejected() && rows[0].Faults[0].Code != "text_too_long" {
					t.Errorf("%s of %d %q: %v", f.Name, n, letter, rows[0].Faults)
				}
			}
		}
	}
}

// TestIncidentI53: sizes that a file claims allocate nothing, and archives are refused unopened (fault A15): a workbook's archive with an
// entry of 2^63 bytes, a gzip file of a thousandth of its content, and what only begins like them.
func TestIncidentI53(t *testing.T) {
	var bomb bytes.Buffer
	z, _ := gzip.NewWriterLevel(&bomb, gzip.BestCompression)
	for range 8 {
		z.Write(make([]byte, 1<<20))
	}
	z.Close()
	zip64 := "PK\x03\x04\x2d\x00\x00\x00\x08\x00" + strings.Repeat("\x00", 8) + strings.Repeat("\xff", 8) + "\x05\x00\x14\x00x.csv\x01\x00\x10\x00" +
		strings.Repeat("\xff\xff\xff\xff\xff\xff\xff\x7f", 2)
	for kind, file := range map[string]string{"gzip": bomb.String(), "zip": zip64} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		s := NewScanner(strings.NewReader(file), ScannerOptions{})
		_, err := ReadHeader(s, nil, nil)
		runtime.ReadMemStats(&after)
		var fe *FileError
		if !errors.As(err, &fe) || fe.Code != CodeBinary || fe.Kind != kind || !errors.Is(err, ErrSyntax) {
			t.Errorf("%s: %v", kind, err)
		}
		if used := after.TotalAlloc - before.TotalAlloc; used > 4<<20 {
			t.Errorf("%s: %d bytes were allocated", kind, used)
		}
	}
	// A header that names a million columns of a field.
	header := "Last name"
	for i := range 20_000 {
		header += fmt.Sprintf(",Mobile %d", i+2)
	}
	s := NewScanner(strings.NewReader(header+"\nLee\n"), ScannerOptions{})
	if _, err := ReadHeader(s, nil, nil); err == nil {
		t.Error("a header of 20,001 columns is taken")
	}
}
