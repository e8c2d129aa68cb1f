package csvio

import (
	"strings"
	"testing"
)

func TestDetect(t *testing.T) {
	for _, tt := range []struct {
		name    string
		in      string
		comma   byte
		columns int
	}{
		{"empty", "", ',', 1},
		{"one column", "name\nAnna\nBob\n", ',', 1},
		{"comma", "a,b,c\n1,2,3\n", ',', 3},
		{"semicolon with decimal commas", "name;price;tax\nx;1,5;0,1\ny;2,5;0,2\nz;3,5;0,3\n", ';', 3},
		{"tab with commas", "name\taddress\nAnna\t1, Road, HK\nBob\t2, Road, HK\n", '\t', 2},
		{"pipe", "a|b|c\n1|2|3\n", '|', 3},
		{"comma with lists", "name,labels\nAnna,VIP;Asia;x\nBob,VIP;Asia;y\nCid,a;b;c\n", ',', 2},
		{"delimiters in quotes", "a;b\n\"1,2,3,4\";x\n\"1,2,3,4\";y\n", ';', 2},
		{"line ends in quotes", "a;b\n\"1\n,2\";x\n\"1\n,2\";y\n", ';', 2},
		{"an unclosed quote", "a;b;c\n1;\"2;3\n4;5;6\n7;\"8\";9\n", ';', 3},
		{"ragged", "a,b,c\n1,2,3\n1,2\n1,2,3,4\n1,2,3\n", ',', 3},
		{"sep line", "sep=;\na,b;c\n", ';', 2},
		{"CR only", "a;b\r1;2\r", ';', 2},
		{"a long head, cut in a record", "a;b\n" + strings.Repeat("x,y;zz\n", 20_000), ';', 2},
	} {
		d, ev := Detect([]byte(tt.in))
		if d.Comma != tt.comma || ev.Columns != tt.columns || d.Quote != '"' || d.Encoding != UTF8 || !ev.UTF8 {
			t.Errorf("%s: %q, %+v; want %q", tt.name, d.Comma, ev, tt.comma)
		}
		s := NewScanner(strings.NewReader(tt.in), ScannerOptions{})
		s.Scan()
		if s.Dialect() != d || s.Evidence() != ev {
			t.Errorf("%s: the scanner finds %+v, %+v; Detect %+v, %+v", tt.name, s.Dialect(), s.Evidence(), d, ev)
		}
	}
}

func TestDetectNotUTF8(t *testing.T) {
	_, ev := Detect([]byte("name;city\nJos\xE9;M\xFCnchen\n"))
	if ev.UTF8 || ev.Binary {
		t.Errorf("%+v", ev)
	}
	if _, ev = Detect([]byte("PK\x03\x04\x00\x00")); !ev.Binary || ev.Kind != "zip" {
		t.Errorf("%+v", ev)
	}
}
