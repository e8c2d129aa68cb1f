package csvio

import (
	"bytes"
	"io"
	"maps"
	"slices"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"golang.org/x/text/encoding"
	"pgregory.net/rapid"
)

// inEncoding writes text in an encoding, false where that has no such characters.
func inEncoding(e Encoding, text string) ([]byte, bool) {
	switch e {
	case UTF8:
		return []byte(text), true
	case UTF16LE, UTF16BE:
		var b []byte
		for _, u := range utf16.Encode([]rune(text)) {
			if e == UTF16BE {
				b = append(b, byte(u>>8), byte(u))
			} else {
				b = append(b, byte(u), byte(u>>8))
			}
		}
		return b, true
	}
	b, err := encoding.HTMLEscapeUnsupported(e.coding().NewEncoder()).Bytes([]byte(text))
	if err != nil || bytes.Contains(b, []byte("&#")) {
		return nil, false
	}
	back, err := e.coding().NewDecoder().Bytes(b)
	return b, err == nil && string(back) == text
}

// TestOffsetsInTheFile: rows, cells and bad bytes are told with their offset in the bytes of the file, whatever its encoding and however
// it is read (fault A9: refused with the byte offset).
func TestOffsetsInTheFile(t *testing.T) {
	// In each of these the bytes are no character; what stands behind them is one again.
	bad := map[Encoding]string{UTF8: "\xff", UTF16LE: "\x00\xdc", UTF16BE: "\xdc\x00", Windows1252: "\x81", Windows874: "\xdb",
		ISO8859Part6: "\xa1", Big5: "\xff", GB18030: "\xff", ShiftJIS: "\xff", EUCJP: "\xff", EUCKR: "\xff", KOI8R: "", IBM850: "", ISO2022JP: ""}
	words := []string{"", "Ann", "é", "Zoë", "Ž", "陳大文", "山田", "カナ", "한국", "Привет", "א", "ก", "😀", "a b", "ﾊ"}
	all := slices.Sorted(maps.Keys(bad))
	checked := map[Encoding]int{}
	rapid.Check(t, func(t *rapid.T) {
		e := rapid.SampledFrom(all).Draw(t, "encoding")
		stray := bad[e]
		var fit []string
		for _, w := range words {
			if _, ok := inEncoding(e, w); ok {
				fit = append(fit, w)
			}
		}
		type place struct {
			row   int64
			cells []int64
			bad   int64
		}
		var file []byte
		var want []place
		add := func(s string) { b, _ := inEncoding(e, s); file = append(file, b...) }
		add("\n") // a blank line
		rows := rapid.IntRange(1, 8).Draw(t, "rows")
		if rapid.IntRange(0, 40).Draw(t, "long") == 0 {
			rows = 2000 // more than is decoded at once
		}
		row := rapid.SliceOfN(rapid.SampledFrom(fit), 2, 5)
		drawn := rapid.SliceOfN(row, 1, 6).Draw(t, "cells")
		broken := rapid.IntRange(0, rows).Draw(t, "broken")
		for n := range rows {
			p := place{row: int64(len(file)), bad: -1}
			for i, w := range drawn[n%len(drawn)] {
				if i > 0 {
					add(",")
				}
				p.cells = append(p.cells, int64(len(file)))
				add("x" + w)
				if n == broken && i == 1 && stray != "" {
					p.bad = int64(len(file))
					file = append(file, stray...)
					add("y")
				}
			}
			add("\r\n")
			want = append(want, p)
		}
		var r io.Reader = bytes.NewReader(file)
		if rapid.Bool().Draw(t, "by bytes") && rows < 100 {
			r = iotest.OneByteReader(r)
		}
		s := NewScanner(r, ScannerOptions{Dialect: Dialect{Comma: ',', Encoding: e}, MaxRecord: 4 << 10})
		var kept Record
		for n := 0; s.Scan(); n++ {
			rec, p := s.Record(), want[n]
			switch f := rec.Fault(); {
			case p.bad < 0 && f != nil:
				t.Fatalf("row %d: %v", n, f)
			case p.bad >= 0 && (f == nil || f.Offset != p.bad):
				t.Fatalf("row %d: %+v, the stray byte is at %d", n, f, p.bad)
			}
			for i := range rec.Len() {
				if got := rec.offsetOf(int(rec.ends[i]) + 1); got != p.cells[i] && e != ISO2022JP {
					t.Fatalf("row %d, cell %d at %d, not %d", n, i, got, p.cells[i])
				}
			}
			if rec.Offset() != p.row && e != ISO2022JP {
				t.Fatalf("row %d at %d, not %d", n, rec.Offset(), p.row)
			}
			rec.CopyTo(&kept)
			if kept.Offset() != rec.Offset() {
				t.Fatalf("the copy of row %d is at %d, not %d", n, kept.Offset(), rec.Offset())
			}
			checked[e]++
		}
		if s.Err() != nil || s.Row() != len(want) {
			t.Fatal(s.Err(), s.Row(), len(want))
		}
		if s.origins != nil && len(s.origins.chunks) > 20 {
			t.Fatalf("%d chunks are remembered", len(s.origins.chunks))
		}
	})
	if len(checked) < 3 {
		t.Error("nearly nothing was checked", checked)
	}
}

// TestOffsetsWithStates: ISO-2022-JP has states between which escape sequences lead; a place is that of the character or of the
// sequence before it.
func TestOffsetsWithStates(t *testing.T) {
	line := "a,\x1b$B;3ED\x1b(B,c\n" // 山田
	file := bytes.Repeat([]byte(line), 3000)
	s := NewScanner(bytes.NewReader(file), ScannerOptions{Dialect: Dialect{Comma: ',', Encoding: ISO2022JP}})
	for s.Scan() {
		start := int64(s.Row()-1) * int64(len(line))
		rec := s.Record()
		if string(rec.Cell(1)) != "山田" {
			t.Fatalf("%q", rec.Cell(1))
		}
		for i, want := range []int64{0, 2 + 3, 2 + 3 + 4 + 3 + 1} {
			if got := rec.offsetOf(int(rec.ends[i])+1) - start; got != want && i != 1 || got > want {
				t.Fatalf("row %d: cell %d at %d, not %d", s.Row(), i, got, want)
			}
		}
	}
	if s.Row() != 3000 {
		t.Fatal(s.Row())
	}
}
