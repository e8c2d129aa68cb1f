package csvio

import (
	"bytes"
	"encoding/binary"
	"io"
	"math/bits"
	"unicode/utf16"
	"unicode/utf8"
)

const bomUTF8 = "\xEF\xBB\xBF"

// sniffEncoding tells the encoding of a file from its first bytes, and whether a byte order mark said so.
func sniffEncoding(head []byte) (e Encoding, bom bool) {
	switch {
	case bytes.HasPrefix(head, []byte(bomUTF8)):
		return UTF8, true
	case bytes.HasPrefix(head, []byte("\xFF\xFE")):
		return UTF16LE, true
	case bytes.HasPrefix(head, []byte("\xFE\xFF")):
		return UTF16BE, true
	case looksUTF16(head, 1):
		return UTF16LE, false
	case looksUTF16(head, 0):
		return UTF16BE, false
	default:
		return UTF8, false
	}
}

// looksUTF16 reports whether head is UTF-16 text whose zero bytes (the upper halves of ASCII) stand at
// offsets of the given parity: at least one byte in 32 is zero, all of that parity, no code unit is zero,
// surrogates pair up, and there is a line end or a delimiter. A UTF-8 file with a few stray NULs fails this.
func looksUTF16(head []byte, parity int) bool {
	head = head[:len(head)&^1]
	zeros, marks := 0, 0
	high := false // a high surrogate waits for its low one
	for i := 0; i < len(head); i += 2 {
		upper, lower := head[i+parity], head[i+1-parity]
		if lower == 0 && (upper == 0 || bytes.IndexByte([]byte("\n\r,;\t|\""), upper) >= 0) {
			return false // a zero unit, or a mark of a CSV file in the other byte order
		}
		if upper == 0 {
			zeros++
			switch lower {
			case '\n', '\r', ',', ';', '\t', '|':
				marks++
			}
		}
		switch isHigh, isLow := upper&0xFC == 0xD8, upper&0xFC == 0xDC; {
		case isLow != high:
			return false
		default:
			high = isHigh
		}
	}
	return zeros >= 2 && zeros*32 >= len(head) && marks > 0
}

// sniffBinary reports whether head, which is not UTF-16, is that of a binary file: by a well-known first
// few bytes, or because control bytes no text uses are at least four and over 5 % of it. (Of random bytes they are 10 %.)
func sniffBinary(head []byte) (kind string, offset int, isBinary bool) {
	first, count := -1, 0
	for i, c := range head {
		if isBinaryControl(c) {
			if first < 0 {
				first = i
			}
			count++
		}
	}
	for _, m := range [...]struct{ magic, kind string }{
		{"PK\x03\x04", "zip"},
		{"\x1F\x8B", "gzip"},
		{"\xD0\xCF\x11\xE0", "xls"},
		{"\x89PNG", "png"},
		{"\xFF\xD8\xFF", "jpeg"},
		{"SQLite format 3\x00", "sqlite"},
	} {
		if bytes.HasPrefix(head, []byte(m.magic)) {
			return m.kind, 0, true
		}
	}
	if bytes.HasPrefix(head, []byte("%PDF-")) && (count > 0 || !utf8.Valid(head)) {
		return "pdf", 0, true
	}
	return "", first, count >= 4 && count*20 > len(head)
}

// isBinaryControl reports whether c is a control byte that no text file uses: all of C0 but BEL to CR and ESC, and DEL.
func isBinaryControl(c byte) bool {
	return c < 7 || c > 13 && c < 32 && c != 27 || c == 127
}

const (
	lows  = 0x0101010101010101
	highs = 0x8080808080808080
)

// validPrefix returns how many leading bytes of b are valid UTF-8 without a NUL. It stops before the first
// byte of a sequence that is wrong or not yet complete.
func validPrefix(b []byte) int {
	i := 0
	for i < len(b) {
		for len(b)-i >= 8 {
			for len(b)-i >= 32 { // long ASCII runs: no high byte, no zero
				p := b[i : i+32 : i+32]
				w0, w1 := binary.LittleEndian.Uint64(p), binary.LittleEndian.Uint64(p[8:])
				w2, w3 := binary.LittleEndian.Uint64(p[16:]), binary.LittleEndian.Uint64(p[24:])
				if (w0|w1|w2|w3|(w0-lows)|(w1-lows)|(w2-lows)|(w3-lows))&highs != 0 {
					break
				}
				i += 32
			}
			if len(b)-i < 8 {
				break
			}
			w := binary.LittleEndian.Uint64(b[i:])
			high := w & highs
			// Without high bytes the test for a zero byte is exact up to the first zero, and that is all we need.
			if (w-lows)&^w&highs != 0 {
				break
			}
			if high != 0 {
				i += bits.TrailingZeros64(high) >> 3
				break
			}
			i += 8
		}
		if i >= len(b) {
			break
		}
		switch c := b[i]; {
		case c < 0x80:
			if c == 0 {
				return i
			}
			i++
		case c < 0xE0:
			if c < 0xC2 || len(b)-i < 2 || b[i+1]&0xC0 != 0x80 {
				return i
			}
			i += 2
		case c > 0xE0 && c < 0xF0 && c != 0xED:
			if len(b)-i < 3 || b[i+1]&0xC0 != 0x80 || b[i+2]&0xC0 != 0x80 {
				return i
			}
			i += 3
		default:
			r, n := utf8.DecodeRune(b[i:])
			if r == utf8.RuneError && n == 1 {
				return i
			}
			i += n
		}
	}
	return i
}

// utf16Reader turns UTF-16 into UTF-8. What is no character stays recognisable as damage: a lone surrogate
// becomes the three bytes UTF-8 would give it if it were allowed to, half a code unit at the end becomes
// the byte FF. Both are invalid UTF-8, so that the scanner refuses the row they stand in.
type utf16Reader struct {
	r    io.Reader
	big  bool
	in   []byte // read, not yet decoded: at most a high surrogate and half a unit between calls
	out  []byte // decoded, not yet handed out
	text []byte // the memory of out
	err  error
	origins
}

func newUTF16Reader(r io.Reader, big bool) *utf16Reader {
	d := &utf16Reader{r: r, big: big, in: make([]byte, 0, 16<<10), text: make([]byte, 0, 24<<10)}
	var buf []byte
	d.skip = func(_ *origin, raw []byte, n int) int {
		var used int
		buf, used = d.appendText(buf[:0], raw, true, n)
		return used
	}
	d.last.chunk = -1
	return d
}

// Read implements io.Reader.
func (d *utf16Reader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for len(d.out) == 0 {
		if d.err != nil {
			return 0, d.err
		}
		n, err := d.r.Read(d.in[len(d.in):cap(d.in)])
		d.in = d.in[:len(d.in)+n]
		d.err = err
		d.decode(err == io.EOF)
		if n == 0 && err == nil {
			return 0, nil
		}
	}
	n := copy(p, d.out)
	d.out = d.out[n:]
	return n, nil
}

func (d *utf16Reader) unit(in []byte) rune {
	if d.big {
		return rune(binary.BigEndian.Uint16(in))
	}
	return rune(binary.LittleEndian.Uint16(in))
}

// decode moves the complete characters of in to out; final says that nothing follows.
func (d *utf16Reader) decode(final bool) {
	text, i := d.appendText(d.text[:0], d.in, final, -1)
	d.add(d.in[:i], len(text), nil)
	d.in = d.in[:copy(d.in, d.in[i:])]
	d.out, d.text = text, text
}

// appendText decodes up to the incomplete character at the end of in, or as soon as there are most bytes of text, if that is not
// negative. It returns how many bytes of in it has used.
func (d *utf16Reader) appendText(text, in []byte, final bool, most int) ([]byte, int) {
	i := 0
	for ; i+2 <= len(in) && (most < 0 || len(text) < most); i += 2 {
		r := d.unit(in[i:])
		if !utf16.IsSurrogate(r) {
			text = utf8.AppendRune(text, r)
			continue
		}
		if r < 0xDC00 {
			if i+4 > len(in) && !final {
				break // its second half is still to come
			}
			if i+4 <= len(in) {
				if pair := utf16.DecodeRune(r, d.unit(in[i+2:])); pair != utf8.RuneError {
					text = utf8.AppendRune(text, pair)
					i += 2
					continue
				}
			}
		}
		text = append(text, 0xE0|byte(r>>12), 0x80|byte(r>>6)&0x3F, 0x80|byte(r)&0x3F)
	}
	if final && i < len(in) && most < 0 {
		text = append(text, 0xFF)
		i = len(in)
	}
	return text, i
}
