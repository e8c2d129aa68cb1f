package csvio

import (
	"bytes"
	"io"
)

// Dialect says how cells are separated and quoted and how characters are encoded.
// The zero value means: find out from the beginning of the file.
type Dialect struct {
	// Comma separates cells. 0 means to detect it among , ; tab and |. It must be ASCII, not the quote
	// and not CR, LF or NUL.
	Comma byte `json:"comma"`
	// Quote encloses cells that hold a delimiter, a quote (doubled) or a line end. 0 means '"', unless Comma is detected too and
	// every cell of the first record is in single quotes.
	Quote byte `json:"quote"`
	// Escape stands before a quote, or before itself, inside of quotes, as programs that do not know doubled quotes write them;
	// doubled ones are read as well. 0 means none, unless Comma is detected too and the quotes of the file make sense
	// only with a backslash.
	Escape byte `json:"escape,omitzero"`
	// Encoding is the character encoding; EncodingAuto means to detect it.
	Encoding Encoding `json:"encoding"`
}

// possible reports whether the delimiter and the quote can do their work; zero ones are yet to be chosen.
func (d Dialect) possible() bool {
	for _, c := range [...]byte{d.Comma, d.Quote, d.Escape} {
		if c >= 0x80 || c == '\r' || c == '\n' {
			return false
		}
	}
	return d.Encoding < encodings && (d.Comma == 0 || d.Comma != d.Quote) && (d.Escape == 0 || d.Escape != d.Quote && d.Escape != d.Comma)
}

// Evidence is what [Detect] saw: why a dialect was chosen, and what speaks against it.
type Evidence struct {
	// BOM reports whether a byte order mark told the encoding.
	BOM bool `json:"bom,omitzero"`
	// UTF8 reports whether the text is valid UTF-8 (after decoding, if it is UTF-16) without NULs.
	// If false, some rows will be refused; probably the file is in an encoding that has to be declared.
	UTF8 bool `json:"utf8"`
	// Suggest is the encoding that the text is likely in, where that is neither the one in use nor
	// EncodingAuto, which stands for no suggestion; Why tells a person what speaks for it. It is for a person to
	// confirm and to declare: nothing is ever read by a guess.
	Suggest Encoding `json:"suggest,omitzero"`
	Why     string   `json:"why,omitzero"`
	// Binary reports that the input is no text at all; Kind names its format where known, see [FileError].
	Binary bool   `json:"binary,omitzero"`
	Kind   string `json:"kind,omitzero"`
	// SepLine reports that the first line is "sep=" and a delimiter, as Excel understands it.
	// The scanner hands it out as a record like any other.
	SepLine bool `json:"sep_line,omitzero"`
	// LineEnds are those of the beginning of the file.
	LineEnds LineEnds `json:"line_ends"`
	// Records is how many records were looked at, Columns the number of cells most of them have, and
	// Agree how many of them have it. Columns of 1 means that no delimiter was found.
	Records int `json:"records"`
	Columns int `json:"columns"`
	Agree   int `json:"agree"`
}

// HeadSize is how much of a file's beginning is looked at to detect its dialect.
const HeadSize = 64 << 10

// detectRecords bounds the records looked at: enough for a judgement, cheap for wide heads of short rows.
const detectRecords = 500

// The delimiters that are detected, the likelier first: it wins a draw.
const delimiters = ",;\t|"

// Detect tells the dialect of a file from its first bytes, up to [HeadSize] of them; longer input is cut.
// The delimiter is the one that gives the most records the same number of cells, which the first
// record should have as well; quoted text is left out of account. The quote is '"', or the apostrophe where every cell of
// the first record is in such; a backslash is the escape where damaged quotes are sound with it.
//
// The encoding is that of a byte order mark, UTF-16 without one where the pattern of its bytes is beyond doubt, and
// otherwise UTF-8. Where the text is not, [Evidence].Suggest may name a likely encoding.
func Detect(head []byte) (Dialect, Evidence) {
	head = head[:min(len(head), HeadSize)]
	whole := len(head) < HeadSize
	var ev Evidence
	var d Dialect
	d.Encoding, ev.BOM = sniffEncoding(head)
	switch d.Encoding {
	case UTF16LE, UTF16BE:
		// The reader cannot fail: its source is memory.
		head, _ = io.ReadAll(newUTF16Reader(bytes.NewReader(head), d.Encoding == UTF16BE))
	default:
		ev.Kind, _, ev.Binary = sniffBinary(head)
	}
	ev.UTF8 = validHead(head, whole)
	if !ev.UTF8 && !ev.Binary && d.Encoding == UTF8 {
		ev.Suggest, ev.Why = suggest(head)
	}
	detectDialect(head, &d, whole, &ev)
	return d, ev
}

// detectComma chooses the delimiter of decoded text and fills the counts of ev. If the text is not the
// whole file, its last record may be cut and does not count.
func detectComma(text []byte, quote byte, whole bool, ev *Evidence) byte {
	text = bytes.TrimPrefix(text, []byte(bomUTF8))
	if line := firstLine(text); len(line) == 5 && bytes.EqualFold(line[:4], []byte("sep=")) &&
		bytes.IndexByte([]byte(delimiters), line[4]) >= 0 {
		ev.SepLine = true
		ev.count(text[5:], line[4], quote, whole)
		return line[4]
	}
	best, bestScore := byte(delimiters[0]), -1.0
	for i := range len(delimiters) {
		try := *ev
		if score := try.count(text, delimiters[i], quote, whole); score > bestScore {
			best, bestScore, *ev = delimiters[i], score, try
		}
	}
	return best
}

// count fills Records, Columns and Agree for one delimiter and returns its score: the square of the share
// of agreeing records, times the delimiters in such a record. Records that agree with the first one, the
// header, count four times as much as others: text cells hold all delimiters now and then, a header rarely does.
func (ev *Evidence) count(text []byte, comma, quote byte, whole bool) float64 {
	s := scanMemory(text, Dialect{Comma: comma, Quote: quote, Encoding: UTF8})
	counts := make(map[int]int)
	header, last := 0, 0
	ev.Records = 0
	for ev.Records < detectRecords && s.Scan() {
		last = s.Record().Len()
		if ev.Records == 0 {
			header = last
		}
		ev.Records++
		counts[last]++
	}
	if !whole && ev.Records > 1 && ev.Records < detectRecords {
		ev.Records--
		counts[last]--
	}
	ev.Columns, ev.Agree = 1, 0
	best := 0.0
	for columns, n := range counts {
		share := float64(n) / float64(max(ev.Records, 1))
		score := share * share * float64(columns-1)
		if columns != header {
			score /= 4
		}
		if score > best || score == best && (n > ev.Agree || n == ev.Agree && columns > ev.Columns) {
			best, ev.Columns, ev.Agree = score, columns, n
		}
	}
	return best
}

// validHead reports whether a head of a file is valid UTF-8; its end may be cut within a character if it is not whole.
func validHead(head []byte, whole bool) bool {
	valid := validPrefix(head)
	return valid == len(head) || !whole && len(head)-valid <= 4
}

func firstLine(text []byte) []byte {
	if i := indexLineEnd(text); i >= 0 {
		return text[:i]
	}
	return text
}

// indexLineEnd returns the index of the first CR or LF, or -1. It looks for both piece by piece, so that
// a far LF costs nothing where a CR is near.
func indexLineEnd(b []byte) int {
	const piece = 512
	for from := 0; from < len(b); from += piece {
		p := b[from:min(from+piece, len(b))]
		i := bytes.IndexByte(p, '\n')
		if i >= 0 {
			p = p[:i]
		}
		if j := bytes.IndexByte(p, '\r'); j >= 0 {
			return from + j
		}
		if i >= 0 {
			return from + i
		}
	}
	return -1
}

// countLineEnds counts CR, LF and CRLF, each as one.
func countLineEnds(b []byte) int {
	n := bytes.Count(b, []byte{'\n'})
	if bytes.IndexByte(b, '\r') >= 0 {
		n += bytes.Count(b, []byte{'\r'}) - bytes.Count(b, []byte("\r\n"))
	}
	return n
}
