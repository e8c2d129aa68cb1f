package csvio

import (
	"bytes"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"
)

// Every byte of the input belongs to one record, a line end or, of records that are too long, to what is
// skipped; how the reader portions the bytes makes no difference; memory is bounded.
func FuzzScan(f *testing.F) {
	for _, tt := range scanTests {
		text, _, _, _ := marks(tt.in)
		f.Add([]byte(text), byte(0), uint16(0))
		f.Add([]byte(text), byte(','), uint16(8))
	}
	f.Add([]byte("a,\"b,c\nd,e,f\ng,h,i\"\nj,k,l"), byte(','), uint16(403))
	f.Add([]byte("\"a\nb\",\"c\r\nd,\"e\"\"\"\r\nf"), byte(','), uint16(402))
	f.Add([]byte("\xFF\xFEa\x00,\x00b\x00\n\x00\x00\xD8"), byte(0), uint16(0))
	f.Fuzz(func(t *testing.T, in []byte, comma byte, most uint16) {
		o := ScannerOptions{Dialect: Dialect{Comma: comma, Encoding: UTF8}, MaxRecord: int(most), MaxColumns: int(most % 50)}
		if !o.Dialect.possible() || comma == '"' {
			return
		}
		s := NewScanner(bytes.NewReader(in), o)
		small := NewScanner(iotest.OneByteReader(bytes.NewReader(in)), o)
		s.ExpectColumns(int(most % 4))
		small.ExpectColumns(int(most % 4))
		limit := s.o.MaxRecord
		at := 0 // everything before is accounted for
		line := 1
		if bytes.HasPrefix(in, []byte(bomUTF8)) {
			at = len(bomUTF8)
		}
		skipping := false
		lineEnds := func(to int) {
			gap := in[at:to]
			if skipping {
				gap = gap[max(len(firstLine(gap)), 0):]
			}
			if strings.Trim(string(gap), "\r\n") != "" {
				t.Fatalf("bytes %d to %d are in no record: %q", at, to, gap)
			}
			line += countLineEnds(gap)
			skipping = false
		}
		for s.Scan() {
			r := s.Record()
			if len(r.Raw()) == 0 || len(r.Raw()) > limit || r.Len() < 1 || r.Len() > s.o.MaxColumns {
				t.Fatalf("record of %d bytes, %d cells", len(r.Raw()), r.Len())
			}
			lineEnds(int(r.Offset()))
			at = int(r.Offset())
			if !bytes.HasPrefix(in[at:], r.Raw()) {
				t.Fatalf("raw bytes at %d are not those of the input", at)
			}
			if r.Line() != line {
				t.Fatalf("line %d, want %d", r.Line(), line)
			}
			checkCells(t, r)
			at += len(r.Raw())
			line += countLineEnds(r.Raw())
			fault := r.Fault()
			skipping = fault != nil && fault.Code == CodeRowTooLong
			if fault == nil && (!utf8.Valid(r.Raw()) || bytes.IndexByte(r.Raw(), 0) >= 0) {
				t.Fatal("damage not found")
			}
			if fault != nil && (fault.Offset < r.Offset() || fault.Offset > r.Offset()+int64(len(r.Raw())) || fault.Column < 1) {
				t.Fatalf("fault %+v outside its record", fault)
			}
			if !small.Scan() {
				t.Fatal("a record is lost byte by byte")
			}
			q := small.Record()
			if !bytes.Equal(q.Raw(), r.Raw()) || q.Offset() != r.Offset() || !slices.Equal(q.Strings(nil), r.Strings(nil)) ||
				(q.Fault() == nil) != (fault == nil) || fault != nil && *q.Fault() != *fault {
				t.Fatalf("record %q %v differs from %q %v byte by byte", r.Raw(), fault, q.Raw(), q.Fault())
			}
		}
		lineEnds(len(in))
		if s.Err() != nil || small.Scan() {
			t.Fatal(s.Err())
		}
		// With everything to be detected there are no promises but to come to an end.
		for s := NewScanner(bytes.NewReader(in), ScannerOptions{MaxRecord: int(most)}); s.Scan(); {
			checkCells(t, s.Record())
		}
	})
}

// checkCells asks a record everything.
func checkCells(t *testing.T, r *Record) {
	size := 0
	all := r.Strings(nil)
	for i := range r.Len() {
		raw := r.RawCell(i)
		size += len(raw) + 1
		if string(r.Cell(i)) != all[i] || len(all[i]) > len(raw) {
			t.Fatalf("cell %d is %q or %q, raw %q", i, r.Cell(i), all[i], raw)
		}
		if r.Quoted(i) && (len(raw) < 2 || raw[0] != r.quote || raw[len(raw)-1] != r.quote) {
			t.Fatalf("cell %q is not quoted", raw)
		}
		if line, column := r.CellPos(i); line < r.Line() || column < 1 {
			t.Fatalf("cell at line %d, column %d", line, column)
		}
	}
	if f := r.Fault(); size-1 != len(r.Raw()) && (f == nil || size-1 > len(r.Raw())) {
		t.Fatalf("cells make %d bytes of %d", size-1, len(r.Raw()))
	}
}

// What is written is read back, byte for byte.
func FuzzRoundTrip(f *testing.F) {
	f.Add("a\x1Fb", byte(','), byte(0))
	f.Add("\x1F\"\x1F\r\n\x1F, \x1E\x1E\x1F\x1E\uFEFFx", byte(';'), byte(7))
	f.Add("=1\x1F'=1\x1F+85291234567", byte('\t'), byte(8))
	f.Fuzz(func(t *testing.T, text string, comma, how byte) {
		o := WriterOptions{Comma: comma, CRLF: how&1 != 0, BOM: how&2 != 0, QuoteAll: how&4 != 0, Guard: how&8 != 0}
		if comma == 0 || comma == '"' || !(Dialect{Comma: comma}).possible() || !utf8.ValidString(text) || strings.Contains(text, "\x00") {
			return
		}
		var want [][]string
		var b bytes.Buffer
		w := NewWriter(&b, o)
		for row := range strings.SplitSeq(text, "\x1E") {
			want = append(want, strings.Split(row, "\x1F"))
			if err := w.WriteRow(want[len(want)-1]...); err != nil {
				t.Fatal(err)
			}
		}
		if err := w.Flush(); err != nil {
			t.Fatal(err)
		}
		in := ScannerOptions{Dialect: Dialect{Comma: comma, Encoding: UTF8}, MaxColumns: 1 << 20, MaxRecord: 1 << 24}
		s := NewScanner(bytes.NewReader(b.Bytes()), in)
		var again bytes.Buffer
		w = NewWriter(&again, WriterOptions{Comma: comma, CRLF: o.CRLF, BOM: o.BOM})
		for s.Scan() {
			row := s.Record().Strings(nil)
			if o.Guard {
				for i := range row {
					row[i] = UnescapeFormula(row[i])
				}
			}
			if f := s.Record().Fault(); f != nil || len(want) == 0 || !slices.Equal(row, want[0]) {
				t.Fatalf("read %q (%v), want %q", row, f, want)
			}
			want = want[1:]
			if err := w.WriteRecord(s.Record()); err != nil {
				t.Fatal(err)
			}
		}
		w.Flush()
		if s.Err() != nil || len(want) > 0 {
			t.Fatalf("error %v, %d rows missing", s.Err(), len(want))
		}
		if !bytes.Equal(again.Bytes(), b.Bytes()) {
			t.Fatalf("records are %q when written again, were %q", again.Bytes(), b.Bytes())
		}
	})
}

// The guard comes off again, and under it nothing is left that a spreadsheet would run.
func FuzzEscape(f *testing.F) {
	for _, s := range []string{"", "+85291234567", "=1+1", "'=1", "''=1", "'", "'a", " \u00A0=1", "＝1", "\t=1", "\ta", "-5", "a=1", "\xFF=1", "\u200B@x", "\r", "\u3164=1"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		e := EscapeFormula(s)
		if got := UnescapeFormula(e); got != s {
			t.Fatalf("%q comes back as %q", s, got)
		}
		rest := strings.TrimLeft(e, " \u00A0\u3000\x0B\x0C\x1B\x7F\u200B\uFEFF\u0085")
		if rest != "" && strings.ContainsRune("=+-@\t\r\n", rune(rest[0])) ||
			strings.HasPrefix(rest, "＝") || strings.HasPrefix(rest, "＋") || strings.HasPrefix(rest, "－") || strings.HasPrefix(rest, "＠") {
			t.Fatalf("%q is not guarded in %q", s, e)
		}
		if e != s && e != "'"+s {
			t.Fatalf("%q became %q", s, e)
		}
	})
}

// Whatever the row, what the doctor proposes is written as it says, has no new fault and does not have the old one.
func FuzzDoctor(f *testing.F) {
	f.Add("Lee,+85291234567,Head of Marketing, Asia Division,ann@example.com,12/14/1980,HK")
	f.Add("Lee,85291234567,\"a\nb\",x@example.com;y,14/12/1980,HK,,")
	f.Add("Lee,+85291234567 / +85291234568,, ,,33232,HK")
	f.Add(" ,\"\",'+1, --,x, 12/14/1980,,,,1")
	f.Fuzz(func(t *testing.T, row string) {
		sc := NewScanner(strings.NewReader("Last name,Mobile,Job Title,Email,Birthdate,Country,Mobile 2,Custom\n"+row), ScannerOptions{Dialect: Dialect{Comma: ',', Encoding: UTF8}})
		h, err := ReadHeader(sc, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		d, dr := NewDecoder(h.Mapping, nil, DecodeOptions{}), NewDoctor(h.Mapping, nil, DecodeOptions{})
		for sc.Scan() {
			rec := sc.Record()
			before := slices.Clone(d.Decode(rec).Faults)
			for _, p := range dr.Propose(rec) {
				var dst Record
				if p.Cells == nil {
					continue
				}
				if !Repair(rec, &p, &dst) || !slices.Equal(dst.Strings(nil), p.Cells) || dst.Fault() != nil {
					t.Fatalf("%q: %+v gives %q", rec.Raw(), p, dst.Raw())
				}
				for _, a := range d.Decode(&dst).Faults {
					known := slices.ContainsFunc(before, func(b *Fault) bool { return b.Code == a.Code && b.Cell == a.Cell })
					if !a.Warning && (!known || a.Code == p.Code && a.Column == p.Column) {
						t.Fatalf("%q: %+v has %v", rec.Raw(), p, a)
					}
				}
			}
			var dst Record
			if used, ok := dr.Mend(rec, 0, &dst); ok != !d.Decode(&dst).Rejected() || !ok && len(before) == 0 {
				t.Fatalf("%q: %v, %v", rec.Raw(), used, ok)
			}
		}
	})
}
