package csvio

import (
	"errors"
	"io"
	"strings"
)

// WriterOptions are the ways to write CSV. The zero value writes commas and LF, and quotes where needed.
type WriterOptions struct {
	// Comma separates cells; 0 means ','. It must be ASCII, not '"' and not CR, LF or NUL.
	Comma byte
	// CRLF ends records with CR LF, as RFC 4180 has it, rather than LF.
	CRLF bool
	// BOM begins the file with a byte order mark, by which Excel knows UTF-8.
	BOM bool
	// QuoteAll quotes every cell.
	QuoteAll bool
	// Guard writes cells through [EscapeFormula]. It is off for files that machines read.
	Guard bool
}

// Writer writes records as RFC 4180 CSV with '"' for a quote, buffered: after the last one call
// [Writer.Flush]. Cells are written byte for byte, line ends in them included, and are not checked for being
// UTF-8. The first error of the underlying writer is kept and returned by every later call. A Writer is used by one goroutine.
type Writer struct {
	w    io.Writer
	o    WriterOptions
	buf  []byte
	err  error
	fine [256]bool // bytes that may stand anywhere in an unquoted cell
}

const writeSize = 32 << 10 // bytes that are gathered for one write

// NewWriter returns a writer to w.
func NewWriter(w io.Writer, o WriterOptions) *Writer {
	if o.Comma == 0 {
		o.Comma = ','
	}
	wr := &Writer{w: w, o: o, buf: make([]byte, 0, writeSize+4<<10)}
	if !(Dialect{Comma: o.Comma, Quote: '"'}).possible() {
		wr.err = ErrDialect
	}
	for c := range wr.fine {
		wr.fine[c] = !strings.ContainsRune("\"\r\n", rune(c)) && byte(c) != o.Comma
	}
	if o.BOM {
		wr.buf = append(wr.buf, bomUTF8...)
	}
	return wr
}

// ErrEmptyRow is returned for a row without cells, for which CSV has no notation.
var ErrEmptyRow = errors.New("csvio: a row without cells cannot be written")

// WriteRow writes one record. A single empty cell is written as "", because an empty line is no record.
func (w *Writer) WriteRow(cells ...string) error {
	if w.err != nil {
		return w.err
	}
	if len(cells) == 0 {
		return ErrEmptyRow
	}
	buf := w.buf
	for i, cell := range cells {
		if i > 0 {
			buf = append(buf, w.o.Comma)
		}
		if cell == "" && !w.o.QuoteAll {
			continue
		}
		buf = w.appendCell(buf, cell)
	}
	if len(cells) == 1 && cells[0] == "" && !w.o.QuoteAll {
		buf = append(buf, `""`...)
	}
	return w.endRow(buf)
}

// WriteRaw writes the bytes of a record as they are, followed by further cells: for the log of refused
// rows. raw must be a sound record in the writer's dialect, of at least one byte, without its line end.
// Formulas in raw are not guarded.
func (w *Writer) WriteRaw(raw []byte, extra ...string) error {
	if w.err != nil {
		return w.err
	}
	if len(raw) == 0 {
		return ErrEmptyRow
	}
	return w.endRow(w.appendExtra(append(w.buf, raw...), extra))
}

// WriteRecord writes a record that was read, followed by further cells: for the log of refused rows. The
// cells' bytes are not changed: a record with sound quotes, in the writer's own dialect, is written as it
// stood in the file (unless the writer quotes all cells or guards formulas); otherwise its cells are
// quoted anew, so that reading gives their [Record.Cell] values and a broken quote does no harm to what follows.
func (w *Writer) WriteRecord(r *Record, extra ...string) error {
	if w.err != nil {
		return w.err
	}
	if r.Len() == 0 {
		return ErrEmptyRow
	}
	if w.asWritten(r) {
		return w.WriteRaw(r.Raw(), extra...)
	}
	buf := w.buf
	for i := range r.Len() {
		if i > 0 {
			buf = append(buf, w.o.Comma)
		}
		if cell := r.Cell(i); len(cell) > 0 || w.o.QuoteAll || r.Len() == 1 && len(extra) == 0 {
			buf = w.appendCell(buf, string(cell))
		}
	}
	return w.endRow(w.appendExtra(buf, extra))
}

// asWritten reports whether r can be written as it stood.
func (w *Writer) asWritten(r *Record) bool {
	if w.o.QuoteAll || w.o.Guard || r.quote != '"' || r.escape != 0 || r.comma != w.o.Comma {
		return false
	}
	if r.fault == nil {
		return true
	}
	switch r.fault.Code {
	case CodeInvalidUTF8, CodeNULByte, CodeTooManyColumns:
		return true
	default:
		return false
	}
}

func (w *Writer) appendExtra(buf []byte, extra []string) []byte {
	for _, cell := range extra {
		buf = append(buf, w.o.Comma)
		if cell != "" || w.o.QuoteAll {
			buf = w.appendCell(buf, cell)
		}
	}
	return buf
}

// appendCell appends one cell, quoted if it must be.
func (w *Writer) appendCell(buf []byte, cell string) []byte {
	guard := w.o.Guard && needsGuard(cell)
	if !w.o.QuoteAll && !w.needsQuotes(cell) && !(guard && w.o.Comma == '\'') {
		if guard {
			buf = append(buf, '\'')
		}
		return append(buf, cell...)
	}
	buf = append(buf, '"')
	if guard {
		buf = append(buf, '\'')
	}
	for {
		i := strings.IndexByte(cell, '"')
		if i < 0 {
			break
		}
		buf = append(append(buf, cell[:i+1]...), '"')
		cell = cell[i+1:]
	}
	return append(append(buf, cell...), '"')
}

// needsQuotes reports whether a cell must be quoted: for a delimiter, a quote or a line end in it, for a
// space or tab at its ends, which other programs trim, and for a byte order mark, which readers take off.
func (w *Writer) needsQuotes(cell string) bool {
	if cell == "" {
		return true
	}
	for i := range len(cell) {
		if !w.fine[cell[i]] {
			return true
		}
	}
	first, last := cell[0], cell[len(cell)-1]
	return first == ' ' || first == '\t' || last == ' ' || last == '\t' || first == bomUTF8[0] && strings.HasPrefix(cell, bomUTF8)
}

// endRow ends the record at the end of buf.
func (w *Writer) endRow(buf []byte) error {
	if w.o.CRLF {
		buf = append(buf, '\r')
	}
	w.buf = append(buf, '\n')
	if len(w.buf) >= writeSize {
		return w.Flush()
	}
	return nil
}

// Flush writes what is buffered to the underlying writer.
func (w *Writer) Flush() error {
	if w.err != nil || len(w.buf) == 0 {
		return w.err
	}
	n, err := w.w.Write(w.buf)
	if err == nil && n < len(w.buf) {
		err = io.ErrShortWrite
	}
	w.buf = w.buf[:0]
	w.err = err
	return err
}
