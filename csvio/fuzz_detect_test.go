package csvio

import (
	"bytes"
	"errors"
	"testing"
)

// FuzzDetect: whatever the bytes, the dialect is one that can be, Detect and the scanner find the same, and reading with what was found
// declared gives the same records at the same places.
func FuzzDetect(f *testing.F) {
	for _, s := range []string{"", "a,b\n1,2\n", "'a';'b'\r\n'1';'2'\r\n", "a\tb\n\"x \\\"y\\\"\"\tz\n", "sep=;\na;b\n", "\xef\xbb\xbfa|b\r1|2\r",
		"\xff\xfea\x00,\x00b\x00\n\x00", "\"a\",b\n\"open", "a,\"b\\\"\nc\",d\n", "PK\x03\x04", "a,b\n\xe9,x\n"} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, file []byte) {
		d, ev := Detect(file)
		if !d.possible() || d.Comma == 0 || d.Quote == 0 || d.Encoding == EncodingAuto {
			t.Fatalf("%+v", d)
		}
		s := NewScanner(bytes.NewReader(file), ScannerOptions{})
		found := s.Scan()
		if len(file) < HeadSize && s.Dialect() != d {
			t.Fatalf("the scanner has %+v, Detect %+v", s.Dialect(), d)
		}
		if ev.Binary != (s.Err() != nil) || ev.Binary && !errors.Is(s.Err(), ErrSyntax) {
			t.Fatalf("binary %t, %v", ev.Binary, s.Err())
		}
		if s.Err() != nil {
			return
		}
		again := NewScanner(bytes.NewReader(file), ScannerOptions{Dialect: s.Dialect()})
		for ; found; found = s.Scan() {
			if !again.Scan() || !bytes.Equal(s.Record().Raw(), again.Record().Raw()) || s.Record().Offset() != again.Record().Offset() {
				t.Fatalf("record %d: %q", s.Row(), again.Record().Raw())
			}
			if at := s.Record().Offset(); at < 0 || at > int64(len(file)) {
				t.Fatalf("record %d at %d of %d", s.Row(), at, len(file))
			}
		}
		if again.Scan() {
			t.Fatal("there is one more record")
		}
	})
}

// FuzzReadProfile: a profile that is read is written and read again as the same.
func FuzzReadProfile(f *testing.F) {
	f.Add([]byte(`{"version": 1, "columns": {"Tel.": "phones.work"}, "delimiter": ";", "encoding": "big5", "dates": "dmy"}`))
	f.Fuzz(func(t *testing.T, data []byte) {
		p, err := ReadProfile(bytes.NewReader(data))
		if err != nil {
			if !errors.Is(err, ErrProfile) {
				t.Fatal(err)
			}
			return
		}
		var b bytes.Buffer
		if err := WriteProfile(&b, p); err != nil {
			t.Fatal(err)
		}
		q, err := ReadProfile(&b)
		if err != nil || q.Dialect != p.Dialect || q.Dates != p.Dates || len(q.Columns) != len(p.Columns) {
			t.Fatalf("%+v became %+v, %v", p, q, err)
		}
	})
}
