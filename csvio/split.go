package csvio

import (
	"bytes"
	"encoding/binary"
	"io"
	"math/bits"
)

// fault is a RowError in the making: a place in the record's raw bytes.
type fault struct {
	code     string
	at, cell int
}

// split finds the cells of a line that has no quote in it.
func (s *Scanner) split(line []byte) {
	r := &s.rec
	r.reset()
	s.splitPart(line, 0)
	s.endCell(len(line))
}

// splitPart records the ends of the cells that a delimiter ends in part[from:], which has no quotes.
//
// It makes a bit map of the delimiters in up to 64 bytes, looking at eight bytes at a time, and then stores their
// places four at a time: in a file with many empty cells it cannot be foreseen how many there are, and
// a wrong guess by the processor costs more than stores that are not needed. It may look behind part.
func (s *Scanner) splitPart(part []byte, i int) {
	r := &s.rec
	comma := uint64(s.dialect.Comma) * lows
	n := len(r.ends)
	ends := r.ends[:cap(r.ends)]
	whole := part[:cap(part)]
	for i < len(part) {
		if i+64 > len(whole) {
			r.ends = ends[:n]
			s.splitRest(part, i)
			return
		}
		p := (*[64]byte)(whole[i:])
		m := equal8(p[0:8], comma) | equal8(p[8:16], comma)<<8 |
			equal8(p[16:24], comma)<<16 | equal8(p[24:32], comma)<<24
		rest := len(part) - i
		if rest > 32 {
			m |= equal8(p[32:40], comma)<<32 | equal8(p[40:48], comma)<<40 |
				equal8(p[48:56], comma)<<48 | equal8(p[56:64], comma)<<56
		}
		if rest < 64 {
			m &= 1<<uint(rest) - 1 // what is behind part does not count
		}
		if n+68 > len(ends) {
			if n > s.o.MaxColumns+1 { // enough to refuse it
				break
			}
			ends = growEnds(ends, n)
		}
		next := n + bits.OnesCount64(m)
		for ; n < next; n += 4 {
			e := (*[4]int32)(ends[n:])
			e[0] = int32(i + bits.TrailingZeros64(m))
			m &= m - 1
			e[1] = int32(i + bits.TrailingZeros64(m))
			m &= m - 1
			e[2] = int32(i + bits.TrailingZeros64(m))
			m &= m - 1
			e[3] = int32(i + bits.TrailingZeros64(m))
			m &= m - 1
		}
		n = next
		i += 64
	}
	r.ends = ends[:n]
}

// equal8 returns a bit for each of eight bytes that equals those of pattern, the first byte in the lowest bit.
func equal8(p []byte, pattern uint64) uint64 {
	x := binary.LittleEndian.Uint64(p) ^ pattern
	// The high bit of each byte of x that is zero; exact, no carry runs between bytes.
	m := ^((x&^highs + ^uint64(highs)) | x) & highs
	return m >> 7 * 0x0102040810204080 >> 56 // the product brings bit 8k to bit 56+k
}

// splitRest does the work of splitPart byte by byte, at the end of memory.
func (s *Scanner) splitRest(part []byte, i int) {
	for ; i < len(part); i++ {
		if part[i] == s.dialect.Comma {
			s.endCell(i)
		}
	}
}

// endCell records that a cell ends at i. One more than are allowed are kept at the least, to know where it starts.
func (s *Scanner) endCell(i int) {
	if len(s.rec.ends) <= s.o.MaxColumns+1 {
		s.rec.ends = append(s.rec.ends, int32(i))
	}
}

// growEnds makes room after the n entries in use.
func growEnds(ends []int32, n int) []int32 {
	grown := make([]int32, max(2*len(ends), 256))
	copy(grown, ends[:n])
	return grown
}

// incomplete is what parse returns if the record may go on in bytes that are not in memory.
const incomplete = -1

// parse finds the cells of the record at pos, quoted or not, and returns its length. It looks at no more
// than a window of it.
func (s *Scanner) parse() (int, fault) {
	w := s.buf[s.pos:s.end]
	over := len(w) >= s.window() // running out of w means that the record is too long
	if over {
		w = w[:s.window()]
	}
	partial := !over && s.rerr != io.EOF // running out of w means that there is more, or was to be
	comma, quote := s.dialect.Comma, s.dialect.Quote
	r := &s.rec
	r.reset()
	r.quoted = true
	s.mark = s.at
	var f fault
	i, open, inside := 0, -1, false
	for {
		// A cell starts at i.
		open = -1
		if i < len(w) && w[i] == quote {
			open = i
			closing, doubled := findClosing(w, i+1, quote, s.dialect.Escape)
			if closing+1 == len(w) && partial {
				return incomplete, f // the next byte may make it a doubled quote
			}
			if closing < 0 {
				i, inside = len(w), true
				break
			}
			i = closing + 1
			switch {
			case i == len(w) || w[i] == comma || w[i] == '\n' || w[i] == '\r':
				if doubled {
					r.addUnquoted(w[open+1:closing], quote, s.dialect.Escape)
				}
			case indexLineEnd(w[open:closing]) >= 0:
				return s.cut(w, open, f)
			default:
				if f.code == "" {
					f = fault{code: CodeTextAfterQuote, at: i, cell: len(r.ends) - 1}
				}
				for i < len(w) && w[i] != comma && w[i] != '\n' && w[i] != '\r' {
					i++
				}
				r.addBroken(w[open:i])
			}
		} else {
			i = s.unquoted(w, i)
			if i < len(w) && w[i] == quote {
				continue
			}
		}
		s.endCell(i)
		if i == len(w) || w[i] != comma {
			break
		}
		i++
	}
	switch {
	case i == len(w) && partial:
		return incomplete, f
	case inside || i == len(w) && over || i > s.o.MaxRecord:
		return s.cut(w, open, f)
	default:
		if i > 0 && indexLineEnd(w[:i]) >= 0 {
			r.lines = countLineEnds(w[:i])
			if s.expect > 1 && len(r.ends)-1 != s.expect && f.code == "" {
				if open := s.swallowing(w[:i:i]); open >= 0 {
					return s.cut(w, open, f)
				}
			}
		}
		return i, f
	}
}

// unquoted finds cells without quotes from i on, where one starts. It returns the start of the next cell
// that has quotes, or the end of the line or of w, where the last cell it found is not recorded yet.
func (s *Scanner) unquoted(w []byte, i int) int {
	stop := min(s.find(&s.at.lf, '\n', s.pos+i), s.find(&s.at.cr, '\r', s.pos+i)) - s.pos
	stop = min(stop, len(w))
	for {
		next := min(s.find(&s.at.quote, s.dialect.Quote, s.pos+i)-s.pos, stop)
		s.splitPart(w[:next], i)
		if next == stop || w[next-1] == s.dialect.Comma {
			return next
		}
		i = next + 1 // a quote in the middle of the cell is text
	}
}

// findClosing returns the index of the quote that closes a cell with text from i on, or -1, and whether
// there are doubled or escaped quotes in the text.
func findClosing(w []byte, i int, quote, escape byte) (closing int, doubled bool) {
	for {
		k := bytes.IndexByte(w[i:], quote)
		if k < 0 {
			return -1, doubled
		}
		if escape != 0 {
			if e := bytes.IndexByte(w[i:i+k], escape); e >= 0 {
				doubled = true
				i += e + 2 // it is before the quote, so that there is one more byte
				continue
			}
		}
		i += k
		if i+1 == len(w) || w[i+1] != quote {
			return i, doubled
		}
		doubled = true
		i += 2
	}
}

// cut ends a record in w that does not end properly, in a cell that opens with a quote at open or, if that is
// negative, without one.
func (s *Scanner) cut(w []byte, open int, f fault) (int, fault) {
	s.at = s.mark // it may be beyond the cut
	r, most := &s.rec, s.o.MaxRecord
	stop, literal := most, false
	if open >= 0 {
		stop = len(w)
		if nl := indexLineEnd(w[open:]); nl >= 0 {
			stop = open + nl
		}
		literal = stop <= most
	}
	if literal {
		r.dropCells(open)
		r.literal = len(r.ends) - 1
		if f.code == "" || f.at > open {
			f = fault{code: CodeUnclosedQuote, at: open, cell: r.literal}
		}
		s.splitPart(w[:stop], open)
	} else {
		stop = most
		r.dropCells(most)
		if start := int(r.ends[len(r.ends)-1]) + 1; start < most && w[start] == s.dialect.Quote {
			r.literal = len(r.ends) - 1
		}
		f = fault{code: CodeRowTooLong, at: most, cell: len(r.ends) - 1}
		s.skip = true
	}
	s.endCell(stop)
	r.lines = countLineEnds(w[:stop])
	return stop, f
}

// mostTries bounds the cells that swallowing tries, and so its work to a few times the length of the record.
const mostTries = 4

// swallowing returns the place of the quote by which a record swallows others, see [Scanner.ExpectColumns], or -1.
func (s *Scanner) swallowing(raw []byte) int {
	tries := 0
	ends := s.rec.ends
	for cell := 0; cell+1 < len(ends) && cell < s.expect && tries < mostTries; cell++ {
		open := int(ends[cell]) + 1
		if open >= len(raw) || raw[open] != s.dialect.Quote {
			continue
		}
		stop := indexLineEnd(raw[open:int(ends[cell+1])])
		if stop < 0 {
			continue
		}
		tries++
		stop += open
		if cell+1+bytes.Count(raw[open:stop], []byte{s.dialect.Comma}) == s.expect && s.allExpected(raw[stop:]) {
			return open
		}
	}
	return -1
}

// allExpected reports whether a text is sound records with the expected number of cells and nothing else.
func (s *Scanner) allExpected(text []byte) bool {
	sub := scanMemory(text, s.dialect)
	sub.o.MaxRecord, sub.o.MaxColumns = s.o.MaxRecord, s.o.MaxColumns
	n := 0
	for sub.Scan() {
		if n++; sub.rec.cells != s.expect || sub.rec.fault != nil {
			return false
		}
	}
	return n > 0
}

// dropCells forgets the cells that end at or after i.
func (r *Record) dropCells(i int) {
	for len(r.ends) > 1 && int(r.ends[len(r.ends)-1]) >= i {
		r.ends = r.ends[:len(r.ends)-1]
	}
}

// addUnquoted records the value of the cell in work, of which text stands between the quotes.
func (r *Record) addUnquoted(text []byte, quote, escape byte) {
	start := len(r.arena)
	for i := 0; escape != 0 && i < len(text); i++ {
		if next := i + 1; next < len(text) && (text[i] == escape && (text[next] == quote || text[next] == escape) || text[i] == quote && text[next] == quote) {
			i = next
		}
		r.arena = append(r.arena, text[i])
	}
	for escape == 0 {
		k := bytes.IndexByte(text, quote)
		if k < 0 {
			break
		}
		r.arena = append(r.arena, text[:k+1]...)
		text = text[k+2:]
	}
	if escape == 0 {
		r.arena = append(r.arena, text...)
	}
	r.odd = append(r.odd, oddCell{cell: len(r.ends) - 1, start: start, end: len(r.arena)})
}

// addBroken records that the value of the cell in work is the cell as written.
func (r *Record) addBroken(raw []byte) {
	start := len(r.arena)
	r.arena = append(r.arena, raw...)
	r.odd = append(r.odd, oddCell{cell: len(r.ends) - 1, start: start, end: len(r.arena), broken: true})
}
