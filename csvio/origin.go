package csvio

import (
	"bytes"

	"golang.org/x/text/transform"
)

// origins remembers where decoded text stood in the file: the bytes that were read for the text that the scanner has in memory, to be
// decoded again up to the place that somebody asks for. Only faults ask.
type origins struct {
	chunks []origin
	text   int64 // of the next chunk
	source int64
	// skip returns how many bytes of raw make the first n bytes of its text.
	skip   func(o *origin, raw []byte, n int) int
	states bool // the encoding has states, between which escape sequences lead
	// The last answer: the next question is likely about a place behind it.
	last struct {
		text, source int64
		chunk        int64 // its place in the text, -1 if there is no answer
	}
}

// origin is some bytes of the file that were decoded at once, whole characters.
type origin struct {
	text, source int64 // where its text and its bytes begin
	raw          []byte
	escape       []byte // in an encoding with states: what leads into the one at the beginning
}

// add notes that raw, n bytes of text, was decoded.
func (o *origins) add(raw []byte, n int, escape []byte) {
	if k := len(o.chunks) - 1; k >= 0 && len(o.chunks[k].raw)+len(raw) <= originSize {
		o.chunks[k].raw = append(o.chunks[k].raw, raw...)
	} else if len(raw) > 0 {
		o.chunks = append(o.chunks, origin{o.text, o.source, bytes.Clone(raw), escape})
	}
	o.text += int64(n)
	o.source += int64(len(raw))
}

// originSize is how many bytes are remembered together: readers may give them one by one.
const originSize = 16 << 10

// forget drops what is before a place in the text.
func (o *origins) forget(before int64) {
	n := 0
	for n+1 < len(o.chunks) && o.chunks[n+1].text <= before {
		n++
	}
	if n > 0 {
		o.chunks = append(o.chunks[:0], o.chunks[n:]...)
		clear(o.chunks[len(o.chunks):cap(o.chunks)])
	}
}

// at returns the offset in the file of a place in the text.
func (o *origins) at(text int64) int64 {
	i := len(o.chunks) - 1
	for i > 0 && o.chunks[i].text > text {
		i--
	}
	if i < 0 || text >= o.text {
		return o.source
	}
	c := &o.chunks[i]
	from, start := int64(0), c.text
	if !o.states && o.last.chunk == c.text && o.last.text <= text && o.last.text >= c.text {
		from, start = o.last.source-c.source, o.last.text
	}
	source := c.source + from + int64(o.skip(c, c.raw[from:], int(text-start)))
	o.last.chunk, o.last.text, o.last.source = c.text, text, source
	return source
}

// legacySkip is skip for what a decoder of x/text reads. Inside a character it stops before it.
func legacySkip(t transform.Transformer) func(o *origin, raw []byte, n int) int {
	var buf [4 << 10]byte
	return func(o *origin, raw []byte, n int) int {
		t.Reset()
		if o.escape != nil {
			t.Transform(buf[:], o.escape, false)
		}
		src := 0
		for n > 0 && src < len(raw) {
			nDst, nSrc := 0, 0
			for room := min(n, len(buf)); nSrc == 0 && room <= max(4, min(n, len(buf))); room++ { // some decoders want more than they need
				nDst, nSrc, _ = t.Transform(buf[:room], raw[src:], true)
			}
			got := len(markUndecodable(buf[:nDst]))
			if nSrc == 0 || got > n {
				break
			}
			n -= got
			src += nSrc
		}
		return src
	}
}

// lastEscape returns the last escape sequence of ISO-2022-JP in raw, or before if it has none.
func lastEscape(raw, before []byte) []byte {
	i := bytes.LastIndexByte(raw, 0x1B)
	if i < 0 {
		return before
	}
	n := 3
	if bytes.HasPrefix(raw[i:], []byte("\x1B$(")) {
		n = 4
	}
	return bytes.Clone(raw[i:min(i+n, len(raw))])
}
