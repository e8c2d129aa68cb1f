package csvio

import (
	"io"
	"unicode/utf8"

	"golang.org/x/text/transform"
)

// undecodable stands in decoded text for bytes that are no character: a byte that UTF-8 never has, so that the scanner refuses
// the row.
const undecodable = 0xFF

// legacyReader turns text in a legacy encoding into UTF-8. What is no character there becomes the byte FF, and so do
// U+FFFD, which tells of damage done before, and the control characters from U+0080 to U+009F: no contact has them, and
// where a table gives them the file is in another encoding.
type legacyReader struct {
	r    io.Reader
	t    transform.Transformer
	in   []byte // read, not yet decoded: between calls at most the beginning of a character
	out  []byte // decoded, not yet handed out
	text []byte // the memory of out
	err  error
	origins
	escape []byte // in an encoding with states: the last escape sequence
}

func newLegacyReader(r io.Reader, e Encoding) *legacyReader {
	d := &legacyReader{r: r, t: e.coding().NewDecoder().Transformer, in: make([]byte, 0, 16<<10), text: make([]byte, 64<<10)}
	d.skip = legacySkip(e.coding().NewDecoder().Transformer)
	d.last.chunk, d.states = -1, e == ISO2022JP
	return d
}

// Read implements io.Reader.
func (d *legacyReader) Read(p []byte) (int, error) {
	if len(p) == 0 {
		return 0, nil
	}
	for len(d.out) == 0 {
		if len(d.in) > 0 && d.err == io.EOF {
			d.decode()
			continue
		}
		if d.err != nil {
			return 0, d.err
		}
		n, err := d.r.Read(d.in[len(d.in):cap(d.in)])
		if n < 0 || n > cap(d.in)-len(d.in) {
			return 0, errBadCount
		}
		d.in = d.in[:len(d.in)+n]
		d.err = err
		d.decode()
		if n == 0 && err == nil {
			return 0, nil
		}
	}
	n := copy(p, d.out)
	d.out = d.out[n:]
	return n, nil
}

// decode moves the complete characters of in to out, which is empty. No character is longer than four bytes, of which none makes
// more than four bytes of UTF-8: the memory for the text suffices.
func (d *legacyReader) decode() {
	nDst, nSrc, _ := d.t.Transform(d.text, d.in, d.err == io.EOF)
	if nSrc == 0 && (d.err == io.EOF || len(d.in) == cap(d.in)) && len(d.in) > 0 {
		d.text[nDst] = undecodable // no decoder of x/text stops here; a damaged character would be the reason
		nDst, nSrc = nDst+1, len(d.in)
	}
	d.out = markUndecodable(d.text[:nDst])
	d.add(d.in[:nSrc], len(d.out), d.escape)
	if d.states {
		d.escape = lastEscape(d.in[:nSrc], d.escape)
	}
	d.in = d.in[:copy(d.in, d.in[nSrc:])]
}

// markUndecodable puts an FF in the place of each U+FFFD and each C1 control character of a text.
func markUndecodable(b []byte) []byte {
	i := 0
	for i < len(b) && !badAt(b, i) {
		i++
	}
	n := i
	for i < len(b) {
		if badAt(b, i) {
			_, size := utf8.DecodeRune(b[i:])
			b[n] = undecodable
			i += size
		} else {
			b[n] = b[i]
			i++
		}
		n++
	}
	return b[:n]
}

func badAt(b []byte, i int) bool {
	switch b[i] {
	case 0xC2:
		return b[i+1] < 0xA0
	case 0xEF:
		return b[i+1] == 0xBF && b[i+2] == 0xBD
	}
	return false
}
