package csvio

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func toUTF16(s string, order binary.AppendByteOrder) []byte {
	var b []byte
	for _, u := range utf16.Encode([]rune(s)) {
		b = order.AppendUint16(b, u)
	}
	return b
}

func TestScanUTF16(t *testing.T) {
	text := "name,note\r\n佐藤,\"two\r\nlines 😀\"\r\nJosé,x\r\n"
	want := [][]string{{"name", "note"}, {"佐藤", "two\r\nlines 😀"}, {"José", "x"}}
	for _, tt := range []struct {
		name     string
		in       []byte
		declared Encoding
		want     Encoding
		bom      bool
	}{
		{"LE with BOM", toUTF16("\uFEFF"+text, binary.LittleEndian), 0, UTF16LE, true},
		{"BE with BOM", toUTF16("\uFEFF"+text, binary.BigEndian), 0, UTF16BE, true},
		{"LE", toUTF16(text, binary.LittleEndian), 0, UTF16LE, false},
		{"BE", toUTF16(text, binary.BigEndian), 0, UTF16BE, false},
		{"LE declared", toUTF16(text, binary.LittleEndian), UTF16LE, UTF16LE, false},
		{"BE declared, with BOM", toUTF16("\uFEFF"+text, binary.BigEndian), UTF16BE, UTF16BE, true},
		{"UTF-8", []byte(text), 0, UTF8, false},
		{"UTF-8 with BOM", []byte(bomUTF8 + text), 0, UTF8, true},
	} {
		for _, r := range []io.Reader{bytes.NewReader(tt.in), iotest.OneByteReader(bytes.NewReader(tt.in)), iotest.DataErrReader(bytes.NewReader(tt.in))} {
			s := NewScanner(r, ScannerOptions{Dialect: Dialect{Encoding: tt.declared}})
			var got [][]string
			for s.Scan() {
				if s.Record().Fault() != nil {
					t.Error(s.Record().Fault())
				}
				got = append(got, s.Record().Strings(nil))
			}
			if d := cmp.Diff(want, got); d != "" || s.Err() != nil {
				t.Errorf("%s: %v\n%s", tt.name, s.Err(), d)
			}
			if d := s.Dialect(); d.Encoding != tt.want || d.Comma != ',' || s.Evidence().BOM != tt.bom {
				t.Errorf("%s: %+v, %+v", tt.name, d, s.Evidence())
			}
		}
	}
}

func TestScanUTF16Damage(t *testing.T) {
	le := func(units ...uint16) []byte {
		b := []byte{0xFF, 0xFE}
		for _, u := range units {
			b = binary.LittleEndian.AppendUint16(b, u)
		}
		return b
	}
	for _, in := range [][]byte{
		le('a', '\n', 'b', 0xD800, 'c', '\n', 'd', '\n'),
		le('a', '\n', 'b', 0xDC00, '\n', 'd', '\n'),
		le('a', '\n', 'b', 0xD800, '\n', 'd', '\n'),
		le('a', '\n', 'b', 0xD800, 0xD801, '\n', 'd'),
		append(le('a', '\n', 'd', '\n', 'b'), 'c'),
		le('a', '\n', 'd', '\n', 'b', 0xD800),
	} {
		s := NewScanner(bytes.NewReader(in), ScannerOptions{})
		sound, faults := "", 0
		for s.Scan() {
			if f := s.Record().Fault(); f == nil {
				sound += string(s.Record().Raw())
			} else if faults++; f.Code != CodeInvalidUTF8 || f.Column != 2 || string(s.Record().Raw()[:1]) != "b" {
				t.Errorf("%x: %v in %q", in, f, s.Record().Raw())
			}
		}
		if sound != "ad" || faults != 1 || s.Err() != nil {
			t.Errorf("%x: sound rows %q, %d faults, %v", in, sound, faults, s.Err())
		}
	}
}

func TestUTF16ReaderLong(t *testing.T) {
	text := strings.Repeat("aé日😀,", 20_000)
	got, err := io.ReadAll(newUTF16Reader(iotest.HalfReader(bytes.NewReader(toUTF16(text, binary.BigEndian))), true))
	if err != nil || string(got) != text {
		t.Errorf("%d bytes, want %d; %v", len(got), len(text), err)
	}
}

func TestScanBinary(t *testing.T) {
	for _, tt := range []struct{ in, kind string }{
		{"PK\x03\x04\x14\x00\x06\x00\x08\x00", "zip"},
		{"\x1F\x8B\x08\x00", "gzip"},
		{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", "xls"},
		{"%PDF-1.7\n%\xE2\xE3\xCF\xD3\n", "pdf"},
		{"SQLite format 3\x00", "sqlite"},
		{"\x7FELF\x02\x01\x01\x00\x00\x00\x00", ""},
	} {
		s := NewScanner(strings.NewReader(tt.in), ScannerOptions{})
		if s.Scan() {
			t.Errorf("%q is read", tt.in)
		}
		var fe *FileError
		if !errors.As(s.Err(), &fe) || fe.Code != CodeBinary || fe.Kind != tt.kind || !errors.Is(s.Err(), ErrSyntax) {
			t.Errorf("%q: %v", tt.in, s.Err())
		}
	}
	for _, in := range []string{"a,b\x00\nc", "%PDF-, a cell\n", "a\tb\x1B[0m\n"} {
		if s := NewScanner(strings.NewReader(in), ScannerOptions{}); !s.Scan() {
			t.Errorf("%q: %v", in, s.Err())
		}
	}
}

func TestValidPrefix(t *testing.T) {
	want := func(b []byte) int {
		for i := 0; i < len(b); {
			r, n := utf8.DecodeRune(b[i:])
			if r == 0 || r == utf8.RuneError && n == 1 {
				return i
			}
			i += n
		}
		return len(b)
	}
	piece := rapid.SampledFrom([]string{"a", "0123456789abcdef0123456789abcdefg", "é", "日本", "😀", "\uFFFD", "\x00", "\xFF", "\xC0\x80", "\xED\xA0\x80", "\xE0\x9F", "\xF4\x90\x80\x80", "\xF0\x9F\x98", "\x80", "\x7F"})
	rapid.Check(t, func(t *rapid.T) {
		b := []byte(strings.Join(rapid.SliceOfN(piece, 0, 12).Draw(t, "pieces"), ""))
		if got := validPrefix(b); got != want(b) {
			t.Fatalf("validPrefix(%q) = %d, want %d", b, got, want(b))
		}
	})
}
