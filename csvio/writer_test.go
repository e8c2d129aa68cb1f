package csvio

import (
	"bytes"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
)

func TestWriteRow(t *testing.T) {
	for _, tt := range []struct {
		cells []string
		o     WriterOptions
		want  string
	}{
		{[]string{"a", "b"}, WriterOptions{}, "a,b\n"},
		{[]string{"a", "b"}, WriterOptions{CRLF: true, BOM: true, Comma: ';'}, "\uFEFFa;b\r\n"},
		{[]string{""}, WriterOptions{}, "\"\"\n"},
		{[]string{"", ""}, WriterOptions{}, ",\n"},
		{[]string{"", "a"}, WriterOptions{QuoteAll: true}, "\"\",\"a\"\n"},
		{[]string{""}, WriterOptions{QuoteAll: true}, "\"\"\n"},
		{[]string{"a,b", `c"d"`, "e\r\nf", " g", "h\t", ";"}, WriterOptions{}, "\"a,b\",\"c\"\"d\"\"\",\"e\r\nf\",\" g\",\"h\t\",;\n"},
		{[]string{"\uFEFFa"}, WriterOptions{}, "\"\uFEFFa\"\n"},
		{[]string{"+852", "=1,2", "'=1", "a=b", "-"}, WriterOptions{Guard: true}, "'+852,\"'=1,2\",''=1,a=b,'-\n"},
		{[]string{"+852"}, WriterOptions{}, "+852\n"},
		{[]string{"+852", "a"}, WriterOptions{Guard: true, Comma: '\''}, "\"'+852\"'a\n"},
	} {
		var b bytes.Buffer
		w := NewWriter(&b, tt.o)
		if err := w.WriteRow(tt.cells...); err != nil {
			t.Error(err)
		}
		if err := w.Flush(); err != nil || b.String() != tt.want {
			t.Errorf("%q: %q, want %q; %v", tt.cells, b.String(), tt.want, err)
		}
	}
}

func TestWriteRecord(t *testing.T) {
	in := "\"a\" ,b\n\"c\",d\ne,\"f\n\"g\"\"\",\xFF\n"
	want := "\"\"\"a\"\" \",b,1\n\"c\",d,2\ne,\"\"\"f\",3\n\"g\"\"\",\xFF,4\n"
	s := NewScanner(strings.NewReader(in), ScannerOptions{})
	var b bytes.Buffer
	w := NewWriter(&b, WriterOptions{})
	for n := '1'; s.Scan(); n++ {
		if err := w.WriteRecord(s.Record(), string(n)); err != nil {
			t.Fatal(err)
		}
	}
	w.Flush()
	if b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
	b.Reset()
	w.WriteRaw([]byte(`"x",y`), "", "z,")
	w.Flush()
	if want := "\"x\",y,,\"z,\"\n"; b.String() != want {
		t.Errorf("got %q, want %q", b.String(), want)
	}
}

func TestWriterErrors(t *testing.T) {
	boom := errors.New("boom")
	w := NewWriter(failingWriter{boom}, WriterOptions{})
	if err := w.WriteRow(); err != ErrEmptyRow {
		t.Error(err)
	}
	if err := w.WriteRow("a"); err != nil {
		t.Error(err)
	}
	if err := w.Flush(); err != boom {
		t.Error(err)
	}
	for _, err := range []error{w.WriteRow("a"), w.WriteRaw([]byte("a")), w.Flush()} {
		if err != boom {
			t.Errorf("error %v is not kept", err)
		}
	}
	if err := NewWriter(io.Discard, WriterOptions{Comma: '"'}).WriteRow("a"); err != ErrDialect {
		t.Error(err)
	}
	var b bytes.Buffer
	w = NewWriter(iotest.TruncateWriter(&b, 3), WriterOptions{})
	w.WriteRow("abcdef")
	if err := w.Flush(); err != nil { // it says that it wrote everything
		t.Error(err)
	}
}

type failingWriter struct{ err error }

func (f failingWriter) Write([]byte) (int, error) { return 0, f.err }

func TestWriterAllocs(t *testing.T) {
	w := NewWriter(io.Discard, WriterOptions{Guard: true})
	row := []string{"Chan", "大文", "+85291234567", "a \"b\"", "", " x"}
	if n := testing.AllocsPerRun(1000, func() { w.WriteRow(row...) }); n > 0 {
		t.Errorf("%v allocations a row", n)
	}
}
