package csvio

import (
	"bytes"
	"io"
	"slices"
	"strconv"
	"strings"
)

// ErrorLogOptions are the ways to write an error log. The zero value is ready to use.
type ErrorLogOptions struct {
	// BOM begins the log with a byte order mark; set it if the source had one ([Evidence].BOM).
	BOM bool
	// Guard guards formulas in the original cells too, at the price of their not being byte for byte those of the
	// source. Reading takes the guard off again.
	Guard bool
	// Settings are those that the source was read with: they are kept in the log, and reading it goes by them, see
	// [Mapping.Settings].
	Settings Settings
}

// ErrorLog writes the rows that were refused to a file that can be mended and imported: the header and the cells of the source,
// byte for byte and with the source's delimiter, and behind them the columns _row (the number of the record in the
// source), _code, _column and _reason, in which several faults are joined by "; ", and before them one whose header keeps the settings
// where there are any. [MapHeader] knows these columns and leaves them out. Where the source was an error log itself, its old ones make room for the new ones.
//
// Every line is well-formed, whatever the row was: one with damaged quotes is quoted anew, so that each cell shows what
// stood in the file, stray quotes included; one that was cut for its length holds what was kept of it. Both are refused
// again as long as they are not mended, see [CodeStillDamaged]. A row that is shorter than the header is filled up with
// blank cells, blank cells beyond the header are left out; those with a value stay, and shift the log's own columns. Rows
// that are not valid UTF-8 are kept as they are. The log is always UTF-8.
//
// Formulas are guarded in the log's own columns, always, and in the original cells if the options say so: by default they
// stay as they were in the sender's file. Nothing is written before the first row.
type ErrorLog struct {
	w      *Writer
	header []byte
	width  int // cells of the header, without own columns of an earlier log
	old    int // own columns of an earlier log
	rows   int
	names  []string // of the own columns
	own    [len(ownColumns) + 1]string
	raw    []byte
}

// NewErrorLog returns a log of rows of the file that the header was read from.
func NewErrorLog(w io.Writer, header *Record, o ErrorLogOptions) *ErrorLog {
	l := &ErrorLog{width: header.Len()}
	l.w = NewWriter(w, WriterOptions{Comma: header.comma, BOM: o.BOM, Guard: o.Guard})
	if n := l.width - len(ownColumns); n > 0 {
		same := true
		for i, name := range ownColumns {
			same = same && strings.EqualFold(headerText(string(header.Cell(n+i))), name)
		}
		if same {
			if _, kept := parseSettings(string(header.Cell(n - 1))); kept && n > 1 {
				n--
			}
			l.width, l.old = n, header.Len()-n
		}
	}
	l.names = ownColumns[:]
	if h := o.Settings.header(); h != "" {
		// Before the others: a row with a cell too many must not end in a blank one.
		l.names = append([]string{h}, ownColumns[:]...)
	}
	l.header = bytes.Clone(l.cells(header, l.width))
	return l
}

// Write logs one row with its faults; warnings count only where there is nothing else.
func (l *ErrorLog) Write(rec *Record, faults []*Fault) error {
	if l.rows == 0 {
		if err := l.w.WriteRaw(l.header, l.names...); err != nil {
			return err
		}
	}
	l.rows++
	l.describe(rec, faults)
	return l.w.WriteRaw(l.cells(rec, l.kept(rec)), l.own[len(l.own)-len(l.names):]...)
}

// Rows returns how many rows were logged.
func (l *ErrorLog) Rows() int { return l.rows }

// Flush writes what is buffered; a log without a row stays empty, without a byte order mark too.
func (l *ErrorLog) Flush() error {
	if l.rows == 0 {
		return nil
	}
	return l.w.Flush()
}

// kept is how many cells of a row are logged.
func (l *ErrorLog) kept(rec *Record) int {
	n := rec.Len()
	if l.old > 0 && n >= l.width+l.old {
		n -= l.old // an earlier log's own columns come last, shifted or not
	}
	for n > l.width && len(bytes.TrimSpace(rec.Cell(n-1))) == 0 {
		n--
	}
	if l.old > 0 && rec.Len() < l.width+l.old {
		n = min(n, l.width)
	}
	return n
}

// cells gives the first n cells of a record as bytes of the log, filled up to the header's width.
func (l *ErrorLog) cells(rec *Record, n int) []byte {
	l.raw = l.raw[:0]
	switch {
	case n == rec.Len() && l.w.asWritten(rec):
		l.raw = append(l.raw, rec.Raw()...)
	case n < rec.Len() && l.w.asWritten(rec):
		l.raw = append(l.raw, rec.Raw()[:rec.ends[n]]...)
	default:
		for i := range n {
			if i > 0 {
				l.raw = append(l.raw, l.w.o.Comma)
			}
			if cell := rec.Cell(i); len(cell) > 0 {
				l.raw = l.w.appendCell(l.raw, string(cell))
			}
		}
	}
	if len(l.raw) == 0 {
		l.raw = append(l.raw, `""`...)
	}
	for ; n < l.width; n++ {
		l.raw = append(l.raw, l.w.o.Comma)
	}
	return l.raw
}

// damage is what an earlier log said of a row that is not mended yet: it stands as long as the damage does.
func (l *ErrorLog) damage(rec *Record) (codes []string) {
	if l.old == 0 || rec.Len() < l.width+l.old {
		return nil
	}
	for code := range strings.SplitSeq(string(rec.Cell(rec.Len()-3)), "; ") {
		switch code {
		case CodeRowTooLong, CodeRowShifted, CodeUnclosedQuote, CodeTextAfterQuote:
			codes = append(codes, code)
		}
	}
	return codes
}

// describe fills the log's own columns.
func (l *ErrorLog) describe(rec *Record, faults []*Fault) {
	var codes, columns, reasons []string
	for _, warnings := range [...]bool{false, true} {
		for _, f := range faults {
			if f.Warning == warnings {
				codes = append(codes, f.Code)
				columns = append(columns, strings.TrimSpace(f.Column))
				reasons = append(reasons, f.Message())
			}
		}
		if len(codes) > 0 {
			break
		}
	}
	if slices.Contains(codes, CodeStillDamaged) {
		codes = append(codes, l.damage(rec)...) // behind, where no column or reason goes with them
	}
	l.own = [...]string{"", strconv.Itoa(rec.Row()), strings.Join(codes, "; "), strings.Join(columns, "; "), strings.Join(reasons, "; ")}
	if !l.w.o.Guard {
		for i, cell := range l.own {
			l.own[i] = EscapeFormula(cell)
		}
	}
}
