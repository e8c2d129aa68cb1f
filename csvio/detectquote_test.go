package csvio

import (
	"bytes"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

func TestDetectQuoteAndEscape(t *testing.T) {
	long := strings.Repeat("Ann,\"says \\\"hi\\\", then goes\"\n", 4000) // more than the head
	for _, c := range []struct {
		file          string
		comma         byte
		quote, escape byte
		cells         string // of the second record
	}{
		{"name,note\nAnn,\"says \"\"hi\"\"\"\n", ',', '"', 0, `[Ann says "hi"]`},
		{"name,note\nAnn,\"says \\\"hi\\\"\"\nBob,x\n", ',', '"', '\\', `[Ann says "hi"]`},
		{"name;note\r\nAnn;\"a \\\\ b; \\\"c\\\"\"\r\nBob;x\r\n", ';', '"', '\\', `[Ann a \ b; "c"]`},
		{"name,note\nAnn,\"C:\\dir\\\"\nBob,x\n", ',', '"', 0, `[Ann C:\dir\]`}, // sound as it stands
		{"name,note\nAnn,say \\\"hi\n", ',', '"', 0, `[Ann say \"hi]`},
		{"'name','note'\n'Ann','a, b'\n'Bob','it''s'\n", ',', '\'', 0, `[Ann a, b]`},
		{"'name';'note'\n'Ann';'it\\'s; so'\n'Bob';'x'\n", ';', '\'', '\\', `[Ann it's; so]`},
		{"'name,note\nAnn,x\n", ',', '"', 0, `[Ann x]`},
		{"'name'\nAnn\n", ',', '"', 0, `[Ann]`},
		{"name,note\n" + long, ',', '"', '\\', `[Ann says "hi", then goes]`},
		{"name,note\nAnn,\"not \\\"closed\nBob,\"x\" y\n", ',', '"', 0, ""}, // damaged both ways
	} {
		d, _ := Detect([]byte(c.file))
		s := NewScanner(strings.NewReader(c.file), ScannerOptions{})
		s.Scan()
		if got := s.Dialect(); got != d {
			t.Errorf("%.40q: the scanner has %+v, Detect %+v", c.file, got, d)
		}
		if d.Comma != c.comma || d.Quote != c.quote || d.Escape != c.escape {
			t.Errorf("%.40q: %q %q %q", c.file, d.Comma, d.Quote, d.Escape)
		}
		s.Scan()
		if got := fmt.Sprint(s.Record().Strings(nil)); c.cells != "" && (got != c.cells || s.Record().Fault() != nil) {
			t.Errorf("%.40q: %s, %v", c.file, got, s.Record().Fault())
		}
	}
	if _, ev := Detect([]byte("a,b\r\nc,d\ne,f\r")); ev.LineEnds != (LineEnds{1, 1, 1}) || !ev.LineEnds.Mixed() {
		t.Errorf("%+v", ev.LineEnds)
	}
	if _, ev := Detect([]byte("a,b\rc,d\r")); ev.LineEnds != (LineEnds{CR: 2}) || ev.LineEnds.Mixed() {
		t.Errorf("%+v", ev.LineEnds)
	}
	for _, bad := range []Dialect{{Escape: '"', Quote: '"'}, {Escape: ',', Comma: ','}, {Escape: '\n'}, {Escape: 0x80}} {
		if bad.possible() {
			t.Errorf("%+v is possible", bad)
		}
	}
}

// TestEscapeRoundTrip: with a backslash for an escape every cell comes back, however the file is read.
func TestEscapeRoundTrip(t *testing.T) {
	cell := rapid.StringOfN(rapid.SampledFrom([]rune("a\"\\,\n' é")), 0, 8, -1)
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, 1, 4), 1, 5).Draw(t, "rows")
		quote := rapid.SampledFrom([]byte{'"', '\''}).Draw(t, "quote")
		var b bytes.Buffer
		r := strings.NewReplacer(`\`, `\\`, string(quote), `\`+string(quote))
		for _, row := range rows {
			for i, c := range row {
				if i > 0 {
					b.WriteByte(',')
				}
				b.WriteByte(quote)
				b.WriteString(r.Replace(c))
				b.WriteByte(quote)
			}
			b.WriteByte('\n')
		}
		s := NewScanner(smallReads(b.String(), rapid.IntRange(1, 9).Draw(t, "reads")), ScannerOptions{Dialect: Dialect{Comma: ',', Quote: quote, Escape: '\\', Encoding: UTF8}})
		for i := 0; s.Scan(); i++ {
			if got := s.Record().Strings(nil); s.Record().Fault() != nil || fmt.Sprintf("%q", got) != fmt.Sprintf("%q", rows[i]) {
				t.Fatalf("%q is %q, %v", rows[i], got, s.Record().Fault())
			}
			var out bytes.Buffer
			w := NewWriter(&out, WriterOptions{})
			if err := w.WriteRecord(s.Record()); err != nil || w.Flush() != nil {
				t.Fatal(err)
			}
			back := scanMemory(out.Bytes(), Dialect{Comma: ',', Quote: '"', Encoding: UTF8})
			if !back.Scan() || fmt.Sprintf("%q", back.Record().Strings(nil)) != fmt.Sprintf("%q", rows[i]) {
				t.Fatalf("%q is written as %q", rows[i], out.String())
			}
		}
		if s.Row() != len(rows) {
			t.Fatalf("%d rows of %d", s.Row(), len(rows))
		}
	})
}

// smallReads reads text n bytes at a time.
func smallReads(text string, n int) readerFunc {
	r := strings.NewReader(text)
	return func(p []byte) (int, error) { return r.Read(p[:min(n, len(p))]) }
}
