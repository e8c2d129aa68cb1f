package csvio

import "bytes"

// LineEnds counts the line ends in the beginning of a file, those inside of cells too.
type LineEnds struct {
	LF   int `json:"lf,omitzero"`
	CRLF int `json:"crlf,omitzero"`
	CR   int `json:"cr,omitzero"`
}

// Mixed reports that there is more than one sort of line end, which is read as any other file is.
func (l LineEnds) Mixed() bool {
	return l.LF > 0 && l.CRLF > 0 || l.LF > 0 && l.CR > 0 || l.CRLF > 0 && l.CR > 0
}

func countEnds(text []byte) LineEnds {
	crlf := bytes.Count(text, []byte("\r\n"))
	return LineEnds{LF: bytes.Count(text, []byte{'\n'}) - crlf, CRLF: crlf, CR: bytes.Count(text, []byte{'\r'}) - crlf}
}

// detectDialect finds the delimiter, the quote and the escape of decoded text, where d leaves them open. If the text is not the whole
// file, its last record may be cut.
func detectDialect(text []byte, d *Dialect, whole bool, ev *Evidence) {
	quote := d.Quote
	if quote == 0 {
		quote = '"'
	}
	ev.LineEnds = countEnds(text)
	d.Comma = detectComma(text, quote, whole, ev)
	if d.Quote == 0 && singleQuoted(text, d.Comma) {
		quote = '\''
		d.Comma = detectComma(text, quote, whole, ev)
	}
	d.Quote = quote
	if d.Escape == 0 && bytes.Contains(text, []byte{'\\', quote}) && faults(text, *d, whole) > 0 {
		escaped := *d
		escaped.Escape = '\\'
		if faults(text, escaped, whole) == 0 {
			*d = escaped
			d.Comma = detectComma(text, quote, whole, ev)
		}
	}
}

// singleQuoted reports whether the header has each of its cells, two at the least, in single quotes.
func singleQuoted(text []byte, comma byte) bool {
	line := bytes.TrimPrefix(firstLine(text), []byte(bomUTF8))
	n := 0
	for cell := range bytes.SplitSeq(line, []byte{comma}) {
		if len(cell) < 2 || cell[0] != '\'' || cell[len(cell)-1] != '\'' {
			return false
		}
		n++
	}
	return n > 1
}

// faults counts the damaged quotes.
func faults(text []byte, d Dialect, whole bool) int {
	d.Encoding = UTF8
	s := scanMemory(text, d)
	n, last := 0, false
	for range detectRecords {
		if !s.Scan() {
			break
		}
		f := s.Record().Fault()
		if last = f != nil && (f.Code == CodeUnclosedQuote || f.Code == CodeTextAfterQuote); last {
			n++
		}
	}
	if last && !whole && s.pos == s.end {
		n-- // the text was cut there
	}
	return n
}
