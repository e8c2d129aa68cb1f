package csvio

import (
	"bytes"
	"errors"
	"io"
)

// ScannerOptions are the limits of a [Scanner]. The zero value is ready to use.
type ScannerOptions struct {
	// Dialect of the file; what is zero in it is detected from the first [HeadSize] bytes.
	// An Encoding of Unicode that is declared is taken at its word: the input is not tested for being binary.
	// Where another one is declared a byte order mark of Unicode at the beginning goes before it.
	Dialect Dialect
	// MaxRecord is the length of the longest record in bytes of UTF-8; 0 means DefaultMaxRecord.
	// It bounds the scanner's memory, and how far an unclosed quote is followed.
	MaxRecord int
	// MaxColumns is the largest number of cells in a record; 0 means DefaultMaxColumns.
	MaxColumns int
}

const (
	// DefaultMaxRecord is 1 MiB: 5,000 times a usual contact, more than 30 cells of 32,767 characters
	// (the most a spreadsheet keeps in one) in most scripts, and still nothing to a small machine.
	DefaultMaxRecord = 1 << 20
	// DefaultMaxColumns is 10,000; the widest spreadsheets have 16,384, the widest contact exports some 500.
	DefaultMaxColumns = 10_000

	maxMaxRecord = 1 << 30 // places in a record are int32
	startBuffer  = 128 << 10
	readAtLeast  = 4 << 10 // room that a read is offered
	manyEmpty    = 100     // reads without data or error before giving up, as bufio does
)

// Scanner reads the records of a CSV file one by one, as views of its own memory. It follows RFC 4180 and
// takes what files really have besides: any mixture of CR, LF and CRLF as line ends, blank lines
// (skipped), quotes in the middle of an unquoted cell (text like any other).
//
// A record at fault is handed out with its [Record.Fault] and costs no other record:
//
//   - A quoted cell must be followed by a delimiter or a line end. If text follows on the same line, the cell
//     is taken as written, up to the next delimiter, and the record goes on ([CodeTextAfterQuote]).
//   - If the cell has line ends in it and text follows its closing quote, or it is not closed before the
//     end of the file or within MaxRecord bytes of the record's start, then its opening quote is taken to be
//     the mistake ([CodeUnclosedQuote]): the record ends at the first line end after that quote, the quote
//     and all that follows it on the line are plain text, and scanning goes on with the next line.
//   - If the cells of a record are as many as were announced ([Scanner.ExpectColumns]) only if a quote that spans lines is
//     taken for text, then it is the mistake, too.
//   - A record that is too long otherwise is cut there and skipped up to the next line end ([CodeRowTooLong]).
//
// Which rule applies depends on the bytes alone, never on how the reader portions them. A record that a
// failing reader leaves unfinished is not handed out.
//
// A Scanner is used by one goroutine. Its memory is bounded by 64 KiB and about three times MaxRecord,
// twice that where the file is not UTF-8, and four bytes a column.
type Scanner struct {
	r       io.Reader
	o       ScannerOptions
	dialect Dialect
	ev      Evidence
	err     error

	buf      []byte
	pos, end int   // what is not yet scanned: buf[pos:end]
	base     int64 // offset of buf[0] in the text
	rerr     error // of the reader; io.EOF at the regular end
	line     int   // of pos
	row      int
	started  bool
	expect   int      // cells of a sound record, 0 if unknown
	legacy   bool     // the text is decoded from an encoding that is not Unicode's
	origins  *origins // where the text stood in the file, nil for UTF-8
	skip     bool     // the rest of the line at pos belongs to a record that was too long

	// Where the next LF, CR and quote at or after pos are, at the least: there is none before.
	at cursors
	// at when parse began: what is behind a cut is searched again from there.
	mark cursors
	// buf[pos:valid] is valid UTF-8 without NUL.
	valid int

	rec Record
}

// cursors are indexes of the first LF, CR and quote from some place on.
type cursors struct{ lf, cr, quote int }

// NewScanner returns a scanner of r. It reads nothing yet.
func NewScanner(r io.Reader, o ScannerOptions) *Scanner {
	if o.MaxRecord <= 0 {
		o.MaxRecord = DefaultMaxRecord
	}
	o.MaxRecord = min(o.MaxRecord, maxMaxRecord)
	if o.MaxColumns <= 0 {
		o.MaxColumns = DefaultMaxColumns
	}
	s := &Scanner{r: r, o: o, line: 1}
	s.setDialect(o.Dialect)
	if !s.dialect.possible() {
		s.started, s.err = true, ErrDialect
	}
	return s
}

// scanMemory returns a scanner of a text in memory, of which the dialect is known.
func scanMemory(text []byte, d Dialect) *Scanner {
	s := NewScanner(nil, ScannerOptions{Dialect: d})
	s.buf, s.end, s.rerr, s.started = text, len(text), io.EOF, true
	return s
}

func (s *Scanner) setDialect(d Dialect) {
	if d.Quote == 0 {
		d.Quote = '"'
	}
	s.dialect = d
	s.rec.comma, s.rec.quote, s.rec.escape = d.Comma, d.Quote, d.Escape
	s.rec.ends = append(s.rec.ends[:0], -1)
}

// Scan moves to the next record, which [Scanner.Record] then returns. It returns false at the end of the
// file and after an error that ends the reading, which [Scanner.Err] tells. A record at fault is no such error.
func (s *Scanner) Scan() bool {
	if !s.started {
		s.started = true
		s.start()
	}
	if s.err != nil {
		return false
	}
	if s.skip && !s.skipLine() {
		return s.stop()
	}
	for { // the line end of the record before, and blank lines
		for s.pos < s.end {
			switch s.buf[s.pos] {
			case '\n':
				s.pos++
			case '\r':
				if s.pos+1 == s.end && s.more() {
					s.fill()
					continue
				}
				s.pos++
				if s.pos < s.end && s.buf[s.pos] == '\n' {
					s.pos++
				}
			default:
				return s.record()
			}
			s.line++
		}
		if !s.more() {
			return s.stop()
		}
		s.fill()
	}
}

// record finds the record at pos, where there is at least one byte that is no line end.
func (s *Scanner) record() bool {
	for {
		stop := min(s.find(&s.at.lf, '\n', s.pos), s.find(&s.at.cr, '\r', s.pos))
		if stop < s.end && stop-s.pos <= s.o.MaxRecord && s.find(&s.at.quote, s.dialect.Quote, s.pos) > stop {
			s.split(s.buf[s.pos:stop])
			s.accept(stop-s.pos, fault{})
			return true
		}
		if stop < s.end || !s.more() || s.end-s.pos >= s.window() {
			n, f := s.parse()
			if n >= 0 {
				s.accept(n, f)
				return true
			}
			s.at = s.mark // it may be beyond what is scanned again
		}
		if !s.more() {
			return s.stop()
		}
		have := s.end - s.pos
		s.fill()
		// What is long is parsed again only when there is half as much more of it: linear time in all.
		for want := have + have/2; have > readAtLeast && s.end-s.pos < min(want, s.window()) && s.more(); {
			s.fill()
		}
	}
}

// find returns the index of the next c at or after from, or end. at remembers it.
func (s *Scanner) find(at *int, c byte, from int) int {
	i := max(*at, from)
	if i < s.end && s.buf[i] != c {
		if k := bytes.IndexByte(s.buf[i:s.end], c); k >= 0 {
			i += k
		} else {
			i = s.end
		}
	}
	*at = i
	return i
}

// window is how many bytes of a record are enough to judge it: the longest record and a CRLF.
func (s *Scanner) window() int { return s.o.MaxRecord + 2 }

// accept makes the n bytes at pos the current record, its cells being found, and moves behind it.
func (s *Scanner) accept(n int, f fault) {
	s.row++
	stop := s.pos + n
	r := &s.rec
	r.raw = s.buf[s.pos:stop:stop]
	r.row, r.line, r.offset, r.origins = s.row, s.line, s.base+int64(s.pos), s.origins
	r.cells = len(r.ends) - 1
	if r.cells > s.o.MaxColumns {
		r.cells = s.o.MaxColumns
		if f.code == "" {
			f = fault{code: CodeTooManyColumns, at: int(r.ends[r.cells]) + 1, cell: r.cells}
		}
		r.ends = r.ends[:r.cells+1]
	}
	if f.code == "" && stop > s.valid {
		f = s.validate(stop)
	}
	if f.code != "" {
		line, column := r.pos(f.at)
		r.fault = &RowError{Row: r.row, Line: line, Column: column, Cell: f.cell, Offset: r.offsetOf(f.at), Code: f.code}
	}
	s.pos = stop
	s.line += r.lines
}

// validate extends valid as far as the bytes in memory allow, and reports a fault if that is not up to stop.
func (s *Scanner) validate(stop int) fault {
	from := max(s.valid, s.pos)
	s.valid = from + validPrefix(s.buf[from:s.end])
	if s.valid >= stop {
		return fault{}
	}
	f := fault{code: CodeInvalidUTF8, at: s.valid - s.pos}
	switch {
	case s.buf[s.valid] == 0:
		f.code = CodeNULByte
	case s.legacy:
		f.code = CodeUndecodable
	}
	for f.cell < s.rec.cells-1 && int(s.rec.ends[f.cell+1]) < f.at {
		f.cell++
	}
	return f
}

// skipLine drops bytes up to the next line end; it returns false if there is none.
func (s *Scanner) skipLine() bool {
	for {
		if i := indexLineEnd(s.buf[s.pos:s.end]); i >= 0 {
			s.pos += i
			s.skip = false
			return true
		}
		s.pos = s.end
		if !s.more() {
			return false
		}
		s.fill()
	}
}

// more reports whether the reader may have more bytes.
func (s *Scanner) more() bool { return s.rerr == nil }

// fill reads at least one byte or sets rerr. It moves what is not scanned to the front of buf.
func (s *Scanner) fill() {
	if s.pos > 0 && (s.pos == s.end || len(s.buf)-s.end < readAtLeast) {
		n := s.pos
		copy(s.buf, s.buf[n:s.end])
		s.base += int64(n)
		if s.origins != nil {
			s.origins.forget(s.base)
		}
		s.pos, s.end = 0, s.end-n
		s.at = cursors{max(s.at.lf-n, 0), max(s.at.cr-n, 0), max(s.at.quote-n, 0)}
		s.valid = max(s.valid-n, 0)
	}
	if len(s.buf)-s.end < readAtLeast {
		s.buf = append(make([]byte, 0, max(startBuffer, 2*len(s.buf))), s.buf[:s.end]...)
		s.buf = s.buf[:cap(s.buf)]
	}
	for range manyEmpty {
		n, err := s.r.Read(s.buf[s.end:])
		if n < 0 || n > len(s.buf)-s.end {
			s.rerr = errBadCount
			return
		}
		s.end += n
		s.rerr = err
		if n > 0 || err != nil {
			return
		}
	}
	s.rerr = io.ErrNoProgress
}

var errBadCount = errors.New("reader returned an impossible count")

// stop ends the reading.
func (s *Scanner) stop() bool {
	if s.err == nil && s.rerr != io.EOF {
		s.err = &FileError{Code: CodeRead, Offset: s.base + int64(s.end), Err: s.rerr}
	}
	s.rec.raw, s.rec.cells = nil, 0
	return false
}

// start reads the head of the file, finds out what the dialect leaves open and takes the byte order mark off.
func (s *Scanner) start() {
	d := s.dialect
	want := HeadSize
	if d.Comma != 0 && (d.Encoding == UTF8 || d.Encoding == UTF16LE || d.Encoding == UTF16BE) {
		want = len(bomUTF8)
	}
	switch {
	case d.Encoding == UTF16LE || d.Encoding == UTF16BE:
		s.decode(d.Encoding)
	default:
		s.head(want)
	}
	if d.Encoding.isLegacy() {
		d.Encoding = s.startLegacy(d.Encoding)
	}
	if d.Encoding == EncodingAuto {
		head := s.buf[:min(s.end, HeadSize)]
		d.Encoding, s.ev.BOM = sniffEncoding(head)
		if d.Encoding == UTF8 {
			if kind, at, isBinary := sniffBinary(head); isBinary {
				s.ev.Binary, s.ev.Kind = true, kind
				s.err = &FileError{Code: CodeBinary, Offset: int64(at), Kind: kind}
			}
		} else {
			s.decode(d.Encoding)
		}
	}
	s.head(want)
	if s.o.Dialect.Encoding == EncodingAuto {
		head := s.buf[:min(s.end, HeadSize)]
		s.ev.UTF8 = validHead(head, s.end <= HeadSize && !s.more())
		if !s.ev.UTF8 && !s.ev.Binary && d.Encoding == UTF8 {
			s.ev.Suggest, s.ev.Why = suggest(head)
		}
	}
	if bytes.HasPrefix(s.buf[:s.end], []byte(bomUTF8)) {
		s.ev.BOM = true
		s.pos = len(bomUTF8)
	}
	if d.Comma == 0 {
		size := min(s.end, HeadSize)
		d.Quote = s.o.Dialect.Quote
		detectDialect(s.buf[s.pos:max(size, s.pos)], &d, size == s.end && !s.more(), &s.ev)
	}
	s.setDialect(d)
}

// startLegacy puts the decoder of a declared legacy encoding in place. A byte order mark of Unicode at the start is no text
// in any of them: then the mark is right and the declaration is not. It returns the encoding in use.
func (s *Scanner) startLegacy(e Encoding) Encoding {
	head := s.buf[:min(s.end, HeadSize)]
	marked, bom := sniffEncoding(head)
	switch {
	case bom && marked == UTF8:
		return UTF8
	case bom:
		e = marked
	default:
		if kind, at, isBinary := sniffBinary(head); isBinary {
			s.ev.Binary, s.ev.Kind = true, kind
			s.err = &FileError{Code: CodeBinary, Offset: int64(at), Kind: kind}
		}
		if valid := validPrefix(head); len(head)-valid <= 4 && multibytes(head[:valid]) > 0 {
			s.ev.Suggest, s.ev.Why = UTF8, "the text is valid UTF-8, which text in the declared encoding hardly ever is"
		}
	}
	s.decode(e)
	return e
}

// head fills the buffer up to n bytes, if there are so many.
func (s *Scanner) head(n int) {
	for s.end < n && s.more() {
		s.fill()
	}
}

// decode puts a decoder between the reader and the buffer, of which nothing is scanned yet.
func (s *Scanner) decode(e Encoding) {
	readers := []io.Reader{bytes.NewReader(bytes.Clone(s.buf[:s.end]))}
	if s.rerr != nil {
		readers = append(readers, failingReader{s.rerr})
	} else {
		readers = append(readers, s.r)
	}
	if r := io.MultiReader(readers...); e.isLegacy() {
		d := newLegacyReader(r, e)
		s.r, s.legacy, s.origins = d, true, &d.origins
	} else {
		d := newUTF16Reader(r, e == UTF16BE)
		s.r, s.origins = d, &d.origins
	}
	s.end, s.rerr = 0, nil
}

type failingReader struct{ err error }

func (f failingReader) Read([]byte) (int, error) { return 0, f.err }

// Record returns the current record. It is always the same one, changed by each call of [Scanner.Scan].
func (s *Scanner) Record() *Record { return &s.rec }

// Err returns what ended the reading before the end of the file, a [*FileError] or
// [ErrDialect], or nil.
func (s *Scanner) Err() error { return s.err }

// Dialect returns the dialect of the file: before the first Scan as given, after it with what was detected.
func (s *Scanner) Dialect() Dialect { return s.dialect }

// Evidence returns what the detection saw in the first Scan. What did not have to be detected is zero.
func (s *Scanner) Evidence() Evidence { return s.ev }

// ExpectColumns tells the scanner how many cells a record should have, as a rule those of the header. It serves to find quotes
// that are opened by mistake and closed, as it seems properly, by another mistake lines later, so that they swallow the
// rows between. A record is taken for such a one if all of this holds:
//
//   - it has another number of cells, at least one of them with a line end in it;
//   - if the opening quote of that cell (the first such cell that fits, of the first four) is taken for text, the line that it
//     stands on ends the record with n cells, and
//   - all of the lines behind it, up to the record's end, read by themselves are sound records of n cells each.
//
// It is refused with [CodeUnclosedQuote] at that quote, and the lines behind it are records of their own. Whatever the
// rule, it depends on the bytes of the one record alone, which MaxRecord bounds. It finds no quote whose record has n cells by
// chance. n below 2 turns it off.
func (s *Scanner) ExpectColumns(n int) { s.expect = n }

// Row returns how many records were read so far.
func (s *Scanner) Row() int { return s.row }

// CountRows begins to count anew: the next record is row 1. Called when the header has been read it makes row numbers those
// of the data.
func (s *Scanner) CountRows() { s.row = 0 }
