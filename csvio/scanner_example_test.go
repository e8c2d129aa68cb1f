package csvio_test

import (
	"fmt"
	"os"
	"strings"

	"github.com/extcontacts/extcontacts/csvio"
)

func ExampleScanner() {
	file := "Name;Note\nAnna;\"two\nlines\"\nBob;\"not closed\nCid;fine\n"
	s := csvio.NewScanner(strings.NewReader(file), csvio.ScannerOptions{})
	for s.Scan() {
		r := s.Record()
		if err := r.Fault(); err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Printf("line %d: %q\n", r.Line(), r.Strings(nil))
	}
	if err := s.Err(); err != nil {
		fmt.Println(err)
	}
	// Output:
	// line 1: ["Name" "Note"]
	// line 2: ["Anna" "two\nlines"]
	// csvio: row 3, line 4, column 5: unclosed_quote
	// line 5: ["Cid" "fine"]
}

func ExampleDetect() {
	d, ev := csvio.Detect([]byte("Name;Price\nAnna;1,5\nBob;2,5\n"))
	fmt.Printf("%q %v, %d of %d records have %d columns\n", d.Comma, d.Encoding, ev.Agree, ev.Records, ev.Columns)
	// Output: ';' utf-8, 3 of 3 records have 2 columns
}

func ExampleWriter() {
	w := csvio.NewWriter(os.Stdout, csvio.WriterOptions{Guard: true})
	w.WriteRow("Chan, Anna", "+85291234567", `=HYPERLINK("…")`)
	w.WriteRow("")
	if err := w.Flush(); err != nil {
		fmt.Println(err)
	}
	// Output:
	// "Chan, Anna",'+85291234567,"'=HYPERLINK(""…"")"
	// ""
}

func ExampleEscapeFormula() {
	e := csvio.EscapeFormula("+85291234567")
	fmt.Println(e, csvio.UnescapeFormula(e))
	// Output: '+85291234567 +85291234567
}

// A file of an old spreadsheet is not UTF-8. The detection suggests the encoding, whoever imports the file declares it.
func ExampleEncoding() {
	file := "Name;City\nJ\xF6rg M\xFCller;Z\xFCrich\n"
	_, ev := csvio.Detect([]byte(file))
	fmt.Println(ev.UTF8, ev.Suggest)

	e, err := csvio.ParseEncoding("latin1") // as a user may call it
	if err != nil {
		fmt.Println(err)
		return
	}
	s := csvio.NewScanner(strings.NewReader(file), csvio.ScannerOptions{Dialect: csvio.Dialect{Encoding: e}})
	for s.Scan() {
		fmt.Println(s.Record().Strings(nil))
	}
	// Output:
	// false windows-1252
	// [Name City]
	// [Jörg Müller Zürich]
}

// A quote that is opened by mistake can swallow rows up to the next mistake. Who knows how many cells a row has gets them back.
func ExampleScanner_ExpectColumns() {
	file := "Name,Size,City\nAnna,\"medium,Rome\nBob,12,Oslo\nCid,13,Bern\"\nDan,14,Graz\n"
	s := csvio.NewScanner(strings.NewReader(file), csvio.ScannerOptions{})
	for s.Scan() {
		s.ExpectColumns(3)
		if err := s.Record().Fault(); err != nil {
			fmt.Println(err)
			continue
		}
		fmt.Printf("%q\n", s.Record().Strings(nil))
	}
	// Output:
	// ["Name" "Size" "City"]
	// csvio: row 2, line 2, column 6: unclosed_quote
	// ["Bob" "12" "Oslo"]
	// ["Cid" "13" "Bern\""]
	// ["Dan" "14" "Graz"]
}
