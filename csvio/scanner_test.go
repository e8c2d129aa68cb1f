package csvio

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"errors"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

// In the inputs of scanTests § is the start of a cell, ¶ the start of a record and ∑ the place of its fault.
// They are taken out before the input is scanned.
var scanTests = []struct {
	name  string
	in    string
	want  [][]string
	codes []string // of the faulty records, in order
	o     ScannerOptions

	expect int
}{
	{name: "empty"},
	{name: "blank lines only", in: "\n\r\n\r\r\n"},
	{name: "simple", in: "¶§a,§b,§c\n", want: [][]string{{"a", "b", "c"}}},
	{name: "no last line end", in: "¶§a,§b\n¶§c,§", want: [][]string{{"a", "b"}, {"c", ""}}},
	{name: "all line ends", in: "¶§a\r\n¶§b\r¶§c\n\n\r\n\r¶§d", want: [][]string{{"a"}, {"b"}, {"c"}, {"d"}}},
	{name: "CR only", in: "¶§a,§b\r¶§c,§d\r", want: [][]string{{"a", "b"}, {"c", "d"}}},
	{name: "BOM", in: "\uFEFF¶§a,§b\n", want: [][]string{{"a", "b"}}},
	{name: "BOM before a quote", in: "\uFEFF¶§\"a\",§b\n", want: [][]string{{"a", "b"}}},
	{name: "quoted empty line", in: "¶§\"\"\n¶§a", want: [][]string{{""}, {"a"}}},
	{name: "line ends in cells", in: "¶§\"a\r\nb\",§\"c\rd\ne\"\n¶§f,§g", want: [][]string{{"a\r\nb", "c\rd\ne"}, {"f", "g"}}},
	{name: "doubled quotes", in: `¶§"a ""b"" c",§"""",§""` + "\n¶§\"x\"", want: [][]string{{`a "b" c`, `"`, ""}, {"x"}}},
	{name: "quote in a bare cell", in: "¶§12\" monitor,§b\"\"c,§ \"d\"\n¶§e", want: [][]string{{`12" monitor`, `b""c`, ` "d"`}, {"e"}}},
	{name: "spaces are kept", in: "¶§ a ,§\t\n", want: [][]string{{" a ", "\t"}}},

	{name: "text after quote", in: "¶§\"Medaka Box\"∑ Stray Bushiroad\t§b\n¶§c", o: ScannerOptions{Dialect: Dialect{Comma: '\t'}},
		want: [][]string{{`"Medaka Box" Stray Bushiroad`, "b"}, {"c"}}, codes: []string{CodeTextAfterQuote}},
	{name: "text after quote, then a cell of two lines", in: "¶§\"a\"∑x,§\"b\nc\"\n¶§d",
		want: [][]string{{`"a"x`, "b\nc"}, {"d"}}, codes: []string{CodeTextAfterQuote}},
	{name: "unclosed at the end", in: "¶§a,§∑\"bc\n", want: [][]string{{"a", `"bc`}}, codes: []string{CodeUnclosedQuote}},
	{name: "unclosed, no line end", in: "¶§a,§∑\"bc,§d", want: [][]string{{"a", `"bc`, "d"}}, codes: []string{CodeUnclosedQuote}},
	{name: "unclosed costs one row", in: "¶§a,§∑\"bc,§d\n¶§e,§f\n¶§g,§h\n",
		want: [][]string{{"a", `"bc`, "d"}, {"e", "f"}, {"g", "h"}}, codes: []string{CodeUnclosedQuote}},
	{name: "closed by a later quote", in: "¶§a,§∑\"bc\n¶§d,§\"e\"\n", want: [][]string{{"a", `"bc`}, {"d", "e"}}, codes: []string{CodeUnclosedQuote}},
	{name: "all cells quoted", in: "¶§\"a\",§∑\"b\r\n¶§\"c\",§\"d\"\r\n", want: [][]string{{"a", `"b`}, {"c", "d"}}, codes: []string{CodeUnclosedQuote}},
	{name: "unclosed after a cell of two lines", in: "¶§\"a\nb\",§∑\"c\n¶§d\n", want: [][]string{{"a\nb", `"c`}, {"d"}}, codes: []string{CodeUnclosedQuote}},
	{name: "a stray quote at the end of a line", in: "¶§a,§∑\"\n¶§b,§\"c\"\n", want: [][]string{{"a", `"`}, {"b", "c"}}, codes: []string{CodeUnclosedQuote}},
	{name: "closed on its line by the next quote", in: "¶§a,§\"b,\"∑c\"\"\n¶§d\n", want: [][]string{{"a", `"b,"c""`}, {"d"}}, codes: []string{CodeTextAfterQuote}},

	{name: "unclosed up to the limit", in: "¶§a,§∑\"b\n¶§c\n¶§d,§e\n¶§f\n", o: ScannerOptions{MaxRecord: 8},
		want: [][]string{{"a", `"b`}, {"c"}, {"d", "e"}, {"f"}}, codes: []string{CodeUnclosedQuote}},
	{name: "as long as may be", in: "¶§a,§bcdef\n¶§\"abcdef\"\r\n¶§x", o: ScannerOptions{MaxRecord: 8},
		want: [][]string{{"a", "bcdef"}, {"abcdef"}, {"x"}}},
	{name: "too long", in: "¶§a,§bcdefg∑", o: ScannerOptions{MaxRecord: 8}, want: [][]string{{"a", "bcdefg"}}},
	{name: "NUL", in: "¶§a,§b\n¶§c,§d∑\x00e\n¶§f", want: [][]string{{"a", "b"}, {"c", "d\x00e"}, {"f"}}, codes: []string{CodeNULByte}},
	{name: "invalid UTF-8", in: "¶§é,§b\n¶§c,§ü∑\xFFe,§\xFE\n¶§日本", want: [][]string{{"é", "b"}, {"c", "ü\xFFe", "\xFE"}, {"日本"}}, codes: []string{CodeInvalidUTF8}},
	{name: "cut character", in: "¶§a∑\xE2\x82\n¶§b∑\xE2\x82", want: [][]string{{"a\xE2\x82"}, {"b\xE2\x82"}}, codes: []string{CodeInvalidUTF8, CodeInvalidUTF8}},
	{name: "surrogate and overlong", in: "¶§∑\xED\xA0\x80\n¶§∑\xC0\x80\n¶§∑\xE0\x80\x80\n¶§∑\xF4\x90\x80\x80\n",
		want:  [][]string{{"\xED\xA0\x80"}, {"\xC0\x80"}, {"\xE0\x80\x80"}, {"\xF4\x90\x80\x80"}},
		codes: []string{CodeInvalidUTF8, CodeInvalidUTF8, CodeInvalidUTF8, CodeInvalidUTF8}},
	{name: "columns", in: "¶§a,§b\n¶§c,§d,∑e,f\n¶§\"g\",§h,∑i\n¶§j\n", o: ScannerOptions{MaxColumns: 2},
		want: [][]string{{"a", "b"}, {"c", "d"}, {"g", "h"}, {"j"}}, codes: []string{CodeTooManyColumns, CodeTooManyColumns}},
	{name: "rows swallowed", in: "¶§a,§∑\"b,§c\n¶§d,§e,§f\n¶§g,§h,§i\"\n¶§j,§k,§l\n", expect: 3,
		want: [][]string{{"a", `"b`, "c"}, {"d", "e", "f"}, {"g", "h", `i"`}, {"j", "k", "l"}}, codes: []string{CodeUnclosedQuote}},
	{name: "rows swallowed behind a cell of two lines", in: "¶§\"a\nb\",§∑\"c\r\n¶§d,§\"e\"\"\"\r\n¶§f,§g", expect: 2,
		want: [][]string{{"a\nb", `"c`}, {"d", `e"`}, {"f", "g"}}, codes: []string{CodeUnclosedQuote}},
	{name: "rows swallowed up to a cell of two lines", in: "¶§a,§∑\"b\n\n¶§c,§d\n¶§e\",§\"f\ng\"\n¶§h,§i", expect: 2,
		want: [][]string{{"a", `"b`}, {"c", "d"}, {`e"`, "f\ng"}, {"h", "i"}}, codes: []string{CodeUnclosedQuote}},
	{name: "a shifted row with a cell of two lines", in: "¶§a,§b,§c,§\"d,e,f,\ng,h,i,\"\n¶§j,§k,§l\n", expect: 3,
		want: [][]string{{"a", "b", "c", "d,e,f,\ng,h,i,"}, {"j", "k", "l"}}},
	{name: "a short row with a cell of two lines", in: "¶§a,§\"b\nc\"\n¶§j,§k,§l\n", expect: 3,
		want: [][]string{{"a", "b\nc"}, {"j", "k", "l"}}},
	{name: "as many cells as expected", in: "¶§a,§\"b,c\nd,e,f\ng,h\",§i\n", expect: 3, want: [][]string{{"a", "b,c\nd,e,f\ng,h", "i"}}},
	{name: "other quote", in: "¶§'a;''b',§c\"d\n", o: ScannerOptions{Dialect: Dialect{Quote: '\''}}, want: [][]string{{"a;'b", `c"d`}}},
}

type place struct{ Line, Column, Offset int }

// marks takes the marks out of a test's input and returns the places they stood at.
func marks(in string) (text string, cells, records, faults []place) {
	var b strings.Builder
	p := place{1, 1, 0}
	bom := strings.HasPrefix(in, bomUTF8)
	for i := 0; i < len(in); {
		switch {
		case strings.HasPrefix(in[i:], "§"):
			cells = append(cells, p)
			i += len("§")
			continue
		case strings.HasPrefix(in[i:], "¶"):
			records = append(records, p)
			i += len("¶")
			continue
		case strings.HasPrefix(in[i:], "∑"):
			faults = append(faults, p)
			i += len("∑")
			continue
		}
		b.WriteByte(in[i])
		p.Column++
		p.Offset++
		if bom && i == 2 {
			p.Column = 1
		}
		if in[i] == '\n' || in[i] == '\r' && !strings.HasPrefix(in[i:], "\r\n") {
			p.Line++
			p.Column = 1
		}
		i++
	}
	return b.String(), cells, records, faults
}

func TestScan(t *testing.T) {
	for _, tt := range scanTests {
		for _, how := range []struct {
			name string
			wrap func(io.Reader) io.Reader
		}{
			{"whole", func(r io.Reader) io.Reader { return r }},
			{"bytes", iotest.OneByteReader},
			{"data with error", iotest.DataErrReader},
		} {
			t.Run(tt.name+"/"+how.name, func(t *testing.T) {
				text, wantCells, wantRecords, wantFaults := marks(tt.in)
				o := tt.o
				if o.Dialect.Comma == 0 {
					o.Dialect.Comma = ','
				}
				if tt.name == "too long" {
					text += "hij,\"kl\nnext\n"
				}
				s := NewScanner(how.wrap(strings.NewReader(text)), o)
				s.ExpectColumns(tt.expect)
				var got [][]string
				var codes []string
				var cells, records, faults []place
				for s.Scan() {
					r := s.Record()
					got = append(got, r.Strings(nil))
					records = append(records, place{r.Line(), 1, int(r.Offset())})
					for i := range r.Len() {
						if string(r.Cell(i)) != got[len(got)-1][i] {
							t.Errorf("Cell(%d) = %q, Strings has %q", i, r.Cell(i), got[len(got)-1][i])
						}
						line, column := r.CellPos(i)
						cells = append(cells, place{line, column, int(r.Offset()) + cap(r.raw) - cap(r.RawCell(i))})
					}
					if f := r.Fault(); f != nil {
						codes = append(codes, f.Code)
						faults = append(faults, place{f.Line, f.Column, int(f.Offset)})
						if f.Row != r.Row() || !errors.Is(f, ErrSyntax) {
							t.Errorf("fault %v of row %d", f, r.Row())
						}
					}
				}
				if s.Err() != nil {
					t.Fatal(s.Err())
				}
				if tt.name == "too long" {
					tt.want = [][]string{{"a", "bcdefg"}, {"next"}}
					tt.codes = []string{CodeRowTooLong}
					wantRecords = append(wantRecords, place{2, 1, 16})
					wantCells = append(wantCells, place{2, 1, 16})
				}
				for _, d := range []string{
					cmp.Diff(tt.want, got), cmp.Diff(tt.codes, codes), cmp.Diff(wantRecords, records),
					cmp.Diff(wantCells, cells), cmp.Diff(wantFaults, faults),
				} {
					if d != "" {
						t.Errorf("-want +got\n%s", d)
					}
				}
			})
		}
	}
}

func TestScanReaderFails(t *testing.T) {
	text := "a,b\n\"c\nd\",e\nf,\"g\"\r\n"
	boom := errors.New("boom")
	for n := range len(text) + 1 {
		s := NewScanner(io.MultiReader(strings.NewReader(text[:n]), iotest.ErrReader(boom)), ScannerOptions{})
		rows := 0
		for s.Scan() {
			rows++
			if s.Record().Fault() != nil {
				t.Errorf("at %d: %v", n, s.Record().Fault())
			}
		}
		want := 0
		for _, end := range []int{4, 12, 18} { // the length with the first byte of each record's line end
			if n >= end {
				want++
			}
		}
		var fe *FileError
		if !errors.Is(s.Err(), boom) || !errors.As(s.Err(), &fe) || fe.Offset != int64(n) || fe.Code != CodeRead {
			t.Errorf("at %d: error %v", n, s.Err())
		}
		if rows != want {
			t.Errorf("at %d: %d rows, want %d", n, rows, want)
		}
		if s.Scan() {
			t.Errorf("at %d: Scan goes on", n)
		}
	}
}

func TestScanMisbehavedReader(t *testing.T) {
	s := NewScanner(readerFunc(func([]byte) (int, error) { return 0, nil }), ScannerOptions{})
	if s.Scan() || !errors.Is(s.Err(), io.ErrNoProgress) {
		t.Error(s.Err())
	}
	s = NewScanner(strings.NewReader("a"), ScannerOptions{Dialect: Dialect{Comma: '\n'}})
	if s.Scan() || s.Err() != ErrDialect {
		t.Error(s.Err())
	}
}

type readerFunc func([]byte) (int, error)

func (f readerFunc) Read(p []byte) (int, error) { return f(p) }

// A gigabyte in one cell, with or without line ends, must not be kept in memory.
func TestScanMemoryBounded(t *testing.T) {
	for _, piece := range []string{"x", "x\n", "\"\"\n", "a,\"b\n", ","} {
		size := 0
		tail := strings.Repeat(piece, 4096/len(piece))
		r := io.MultiReader(strings.NewReader("a,b\nc,\""), readerFunc(func(p []byte) (int, error) {
			if size > 2<<20 {
				return 0, io.EOF
			}
			n := copy(p, tail)
			n -= n % len(piece)
			size += n
			return n, nil
		}))
		s := NewScanner(r, ScannerOptions{MaxRecord: 64 << 10})
		s.ExpectColumns(2)
		for s.Scan() {
			if r := s.Record(); r.Row() == 2 {
				if f := r.Fault(); f == nil || f.Line != 2 {
					t.Errorf("%q: fault %v", piece, f)
				}
			}
		}
		if len(s.buf) > 512<<10 || cap(s.rec.arena) > 256<<10 || cap(s.rec.ends) > 64<<10 {
			t.Errorf("%q: buffer %d, arena %d, ends %d", piece, len(s.buf), cap(s.rec.arena), cap(s.rec.ends))
		}
	}
}

func TestScanAllocs(t *testing.T) {
	file := contactFile(3000)
	allocs := testing.AllocsPerRun(3, func() { scanViews(t, file, ScannerOptions{Dialect: Dialect{Comma: ',', Encoding: UTF8}}) })
	if allocs > 40 {
		t.Errorf("%v allocations for 3,000 rows", allocs)
	}
}

func TestScanLikeStdlib(t *testing.T) {
	cell := rapid.StringOfN(rapid.RuneFrom([]rune("ab,\"\n;é日\t ")), 0, 12, -1)
	rapid.Check(t, func(t *rapid.T) {
		rows := rapid.SliceOfN(rapid.SliceOfN(cell, 2, 40), 1, 6).Draw(t, "rows")
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		w.UseCRLF = rapid.Bool().Draw(t, "crlf")
		if w.UseCRLF { // the standard writer makes LF in cells CRLF then
			for _, row := range rows {
				for i := range row {
					row[i] = strings.ReplaceAll(row[i], "\n", "")
				}
			}
		}
		if err := w.WriteAll(rows); err != nil {
			t.Fatal(err)
		}
		s := NewScanner(&b, ScannerOptions{Dialect: Dialect{Comma: ','}})
		var got [][]string
		for s.Scan() {
			if s.Record().Fault() != nil {
				t.Fatal(s.Record().Fault())
			}
			got = append(got, s.Record().Strings(nil))
		}
		if !slices.EqualFunc(got, rows, slices.Equal) {
			t.Fatalf("got %q, want %q", got, rows)
		}
	})
}

// csv-spectrum, where it is at hand.
func TestScanSpectrum(t *testing.T) {
	dir := ""
	for up := "."; len(up) < 40 && dir == ""; up = filepath.Join("..", up) {
		if d := filepath.Join(up, "shared", "data", "csv-spectrum"); fileExists(d) {
			dir = d
		}
	}
	files, _ := filepath.Glob(filepath.Join(dir, "csvs", "*.csv"))
	if dir == "" || len(files) == 0 {
		t.Skip("no csv-spectrum")
	}
	for _, name := range files {
		file, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		text, err := os.ReadFile(filepath.Join(dir, "json", strings.TrimSuffix(filepath.Base(name), ".csv")+".json"))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Contains(file, []byte("\r")) { // some copies have lost it
			text = bytes.ReplaceAll(text, []byte(`\r\n`), []byte(`\n`))
		}
		var want, got []map[string]string
		if err := json.Unmarshal(text, &want); err != nil {
			t.Fatal(err)
		}
		s := NewScanner(bytes.NewReader(file), ScannerOptions{})
		var header []string
		for s.Scan() {
			cells := s.Record().Strings(nil)
			if header == nil {
				header = cells
				continue
			}
			m := map[string]string{}
			for i, c := range cells {
				m[header[i]] = c
			}
			got = append(got, m)
		}
		if d := cmp.Diff(want, got); d != "" {
			t.Errorf("%s: -want +got\n%s", filepath.Base(name), d)
		}
	}
}

func fileExists(name string) bool { _, err := os.Stat(name); return err == nil }

// A cell that is cut by the limit just before its closing quote is not a quoted one.
func TestScanCutBeforeClosingQuote(t *testing.T) {
	for _, in := range []string{"\"0123456\",b\nc", "\"0123456\"\nc", "\"0123456\"x,y\nc"} {
		s := NewScanner(strings.NewReader(in), ScannerOptions{Dialect: Dialect{Comma: ','}, MaxRecord: 8})
		if !s.Scan() {
			t.Fatal(s.Err())
		}
		r := s.Record()
		if f := r.Fault(); f == nil || f.Code != CodeRowTooLong || r.Quoted(0) || string(r.Cell(0)) != `"0123456` {
			t.Errorf("%q: %v, cell %q", in, f, r.Cell(0))
		}
		if !s.Scan() || string(r.Raw()) != "c" || r.Fault() != nil || r.Line() != 2 {
			t.Errorf("%q: then %q on line %d", in, r.Raw(), r.Line())
		}
	}
}
