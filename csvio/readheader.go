package csvio

import (
	"errors"
	"strconv"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
)

// Header is what [ReadHeader] finds at the beginning of a file.
type Header struct {
	// Mapping is what the columns mean.
	Mapping *Mapping
	// Record is a copy of the header as it stands in the file.
	Record Record
	// Preamble are the records above the header, which are not read: a title, a date of export. It is empty for most files.
	Preamble []Preamble
}

// Preamble is a record above the header.
type Preamble struct {
	// Row and Line are its number and the line on which it starts, both from 1.
	Row  int `json:"row"`
	Line int `json:"line"`
	// Text is the record as written.
	Text string `json:"text"`
}

// maxPreamble is how many records may stand above the header.
const maxPreamble = 20

// ReadHeader reads the header of a file and finds out what its columns mean, see [MapHeader], of which it has the parameters. A
// first line that names the delimiter ("sep=;") is passed over.
//
// If no column of the first record is understood, the header is looked for in the records that follow, 20 at the most: it is the
// first one with columns for a contact's identity (a name, a phone number …) in which two columns or more are understood, and at
// least half of those that have a text. What was passed over is told in Preamble and by a warning with the
// code preamble. If there is no such record the error is that of the first.
//
// ReadHeader tells the scanner how many cells to expect and makes the next record row 1. The errors are those of MapHeader and,
// for a file that cannot be read, those of [Scanner.Err]; of a vCard file, which is text, too, it says what it is; a damaged first record gives its [*RowError].
func ReadHeader(sc *Scanner, s *contacts.Schema, given map[string]string) (*Header, error) {
	h := &Header{}
	var first error
	for {
		if !sc.Scan() {
			switch {
			case sc.Err() != nil:
				return nil, sc.Err()
			case first != nil:
				return nil, first
			}
			return nil, &HeaderError{Code: CodeEmptyFile, Hint: "the first row of the file names its columns"}
		}
		rec := sc.Record()
		if sc.Row() == 1 && sc.Evidence().SepLine {
			continue
		}
		if first == nil && rec.Len() > 0 && strings.EqualFold(headerText(string(rec.Cell(0))), "BEGIN:VCARD") {
			return nil, &FileError{Code: CodeBinary, Kind: "vCard"}
		}
		m, err := mapRecord(rec, s, given)
		switch {
		case err == nil && (first == nil || m.isLikely()):
			h.Mapping = m
			rec.CopyTo(&h.Record)
			h.warn()
			sc.ExpectColumns(rec.Len())
			sc.CountRows()
			return h, nil
		case first == nil:
			var he *HeaderError
			if !errors.As(err, &he) || he.Code == CodeUnknownField {
				return nil, err
			}
			first = err
		}
		if len(h.Preamble) == maxPreamble {
			return nil, first
		}
		h.Preamble = append(h.Preamble, Preamble{Row: rec.Row(), Line: rec.Line(), Text: string(rec.Raw())})
	}
}

func mapRecord(rec *Record, s *contacts.Schema, given map[string]string) (*Mapping, error) {
	if fault := rec.Fault(); fault != nil {
		return nil, fault
	}
	return MapHeader(rec.Strings(nil), s, given)
}

// isLikely reports whether so much of a header is understood that it can hardly be a row of data.
func (m *Mapping) isLikely() bool {
	mapped, texts := 0, 0
	for _, c := range m.Columns {
		if c.Status == Mapped {
			mapped++
		}
		if headerText(c.Header) != "" {
			texts++
		}
	}
	for _, w := range m.Warnings {
		if w.Code == CodeNoIdentity {
			return false
		}
	}
	return mapped >= 2 && 2*mapped >= texts
}

// warn adds what was passed over to the warnings.
func (h *Header) warn() {
	if n := len(h.Preamble); n > 0 {
		hint := "line " + strconv.Itoa(h.Preamble[0].Line)
		if n > 1 {
			hint = "lines " + strconv.Itoa(h.Preamble[0].Line) + " to " + strconv.Itoa(h.Preamble[n-1].Line)
		}
		h.Mapping.Warnings = append(h.Mapping.Warnings, &HeaderError{Code: CodePreamble, Hint: hint + " above the header: not read"})
	}
}

// isNoRow reports rows that are not meant as contacts: the header once more, a line below the table.
func (d *Decoder) isNoRow(rec *Record) bool {
	if len(d.filled) < 3 && d.isFooter() {
		d.report(rec, -1, "", CodeFooter, "", "take the line out of the file; if it is a contact, fill in more of it")
		return true
	}
	if len(d.filled) > 0 && d.cells[d.filled[0]] == d.m.texts[d.filled[0]] && d.isRepeatedHeader() {
		d.report(rec, -1, "", CodeRepeatedHeader, "", "take the line out of the file")
		return true
	}
	return false
}

// isRepeatedHeader reports whether the row is the header once more: every cell with a value is its own column's header.
func (d *Decoder) isRepeatedHeader() bool {
	n := 0
	for i, cell := range d.cells {
		if cell == "" {
			continue
		}
		if i >= len(d.m.Columns) || cell != d.m.texts[i] {
			return false
		}
		n++
	}
	return n > 1
}

// isFooter reports whether the row is a line that programs write below a table: "Total: 12", "12 contacts", "End of report". It has one
// value, or two of which the second is a number, in a file of two columns or more.
func (d *Decoder) isFooter() bool {
	text, number := "", ""
	for _, cell := range d.cells {
		switch {
		case cell == "":
		case text == "":
			text = cell
		case number == "" && isNumber(cell, 12):
			number = cell
		default:
			return false
		}
	}
	if len(d.specs) < 2 || len(text) > 200 {
		return false
	}
	if inner, ok := strings.CutPrefix(text, "("); ok && strings.HasSuffix(inner, ")") {
		text = inner[:len(inner)-1] // "(2 rows)", as programs of databases end their tables
	}
	words := strings.FieldsFunc(strings.ToLower(text), func(r rune) bool { return r == ' ' || r == '\u00a0' || r == '\t' || r == '-' || r == '*' || r == '#' })
	if len(words) == 0 {
		return false
	}
	counted := number != "" || strings.ContainsAny(text, "0123456789:=")
	switch first := strings.TrimRight(words[0], ":=.,"); first {
	case "total", "totals", "subtotal", "count", "sum", "records", "rows", "contacts", "entries":
		return counted
	case "grand", "record", "row", "contact":
		return len(words) > 1 && (strings.HasPrefix(words[1], "total") || strings.HasPrefix(words[1], "count")) && counted
	case "end", "eof":
		return first == "eof" && len(words) == 1 || len(words) > 1 && words[1] == "of"
	case "exported", "generated", "created", "printed", "downloaded":
		return len(words) > 1 && (words[1] == "on" || words[1] == "by" || words[1] == "at" || words[1] == "from" || words[1] == "with")
	case "page":
		return len(words) > 1 && isNumber(words[1], 6)
	default:
		if !isNumber(first, 12) || len(words) < 2 {
			return false
		}
		switch strings.TrimRight(words[1], ":.") {
		case "records", "rows", "contacts", "entries", "record", "row", "contact", "entry", "total":
			return true
		}
	}
	return false
}
