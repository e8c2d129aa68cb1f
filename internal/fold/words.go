package fold

import (
	"iter"
	"slices"
	"unicode"
	"unicode/utf8"
)

// Words appends the folded words of s to dst, each followed by one space.
//
// A word is a run of letters, marks and digits. An apostrophe joins: O'Brien
// is the word obrien. Every ideograph, kana, Hangul syllable and pictograph is
// a word of its own, so that any part of a name written without spaces is
// found as consecutive words. Everything else parts words.
func Words(dst []byte, s string) []byte {
	start := len(dst)
	dst = slices.Grow(dst, len(s)+1)
	out := dst[start : start+len(s)+1]
	n, open := 0, false
	for i := range len(s) {
		b := s[i]
		if b >= utf8.RuneSelf {
			return wordsOf(dst, s, nil)
		}
		switch c := asciiWords[b]; {
		case c > ' ':
			out[n], open = c, true
			n++
		case c == ' ' && open:
			out[n], open = ' ', false
			n++
		}
	}
	if open {
		out[n] = ' '
		n++
	}
	return dst[:start+n]
}

// asciiWords has for each letter and digit what it is in a word, a space for
// what parts words, and NUL for the apostrophes, which join.
const asciiWords = "                                " +
	"       \x00        0123456789      " +
	" abcdefghijklmnopqrstuvwxyz     " +
	"\x00abcdefghijklmnopqrstuvwxyz     "

// Span is a word of a text: its place in the text as it was given, in bytes.
type Span struct{ Start, End int }

// Spans yields the folded words of s with their places in s. The bytes are
// valid until the next step.
func Spans(s string) iter.Seq2[Span, []byte] {
	return func(yield func(Span, []byte) bool) {
		var spans []Span
		words := wordsOf(nil, s, &spans)
		i := 0
		for _, sp := range spans {
			n := i
			for words[n] != ' ' {
				n++
			}
			if !yield(sp, words[i:n:n]) {
				return
			}
			i = n + 1
		}
	}
}

// wordsOf is Words for any text. Where spans is not nil it collects the places.
func wordsOf(dst []byte, s string, spans *[]Span) []byte {
	w := splitter{dst: dst, start: len(dst), spans: spans}
	text := strip(s)
	place := func(i int) int { return i }
	if len(text) != len(s) && spans != nil {
		place = places(s)
	}
	var buf [64]byte
	for i := 0; i < len(text); {
		n := cluster(text[i:])
		w.span = Span{place(i), place(i + n)}
		w.cluster(appendCluster(buf[:0], text[i:i+n]))
		i += n
	}
	w.close()
	return w.dst
}

// places maps the offsets of strip(s) to those of s.
func places(s string) func(int) int {
	marks := 0
	var at []int
	for i, r := range s {
		if unseen(r, &marks) {
			continue
		}
		// strip writes the runes out anew: invalid bytes take three there.
		for range utf8.RuneLen(r) {
			at = append(at, i)
		}
	}
	at = append(at, len(s))
	return func(i int) int { return at[min(i, len(at)-1)] }
}

// splitter parts folded text into words.
type splitter struct {
	dst   []byte
	start int
	alone bool // the word at the end of dst is a single ideograph
	span  Span // the place of the cluster at hand
	spans *[]Span
}

func (w *splitter) open() bool { return len(w.dst) > w.start && w.dst[len(w.dst)-1] != ' ' }

func (w *splitter) close() {
	if w.open() {
		w.dst = append(w.dst, ' ')
	}
	w.alone = false
}

func (w *splitter) cluster(folded []byte) {
	for i := 0; i < len(folded); {
		r, n := utf8.DecodeRune(folded[i:])
		kind := classify(r)
		if kind == ideograph || kind == inWord && w.alone && !unicode.Is(unicode.M, r) {
			w.close()
		}
		switch kind {
		case inWord, ideograph:
			if w.spans != nil {
				if !w.open() {
					*w.spans = append(*w.spans, w.span)
				}
				(*w.spans)[len(*w.spans)-1].End = w.span.End
			}
			w.dst = append(w.dst, folded[i:i+n]...)
			w.alone = w.alone || kind == ideograph
		case between:
			w.close()
		}
		i += n
	}
}

// class is what a rune is to words.
type class uint8

const (
	between   class = iota // parts words
	inWord                 // letter, digit or mark
	ideograph              // a word of its own
	joiner                 // belongs to a word and is not seen
)

func classify(r rune) class {
	switch {
	case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
		return inWord
	case apostrophe(r):
		return joiner
	case r < 0xaa:
		return between
	case Ideograph(r):
		return ideograph
	case r == utf8.RuneError:
		return between
	case unicode.IsLetter(r), unicode.IsNumber(r), unicode.Is(unicode.M, r):
		return inWord
	}
	return between
}

// Ideograph reports whether r, a rune of a folded text, is a word by itself.
func Ideograph(r rune) bool {
	switch {
	case r < 0x1100:
		return false
	case r >= 0x4e00 && r < 0xa000, r >= 0xac00 && r < 0xd7a4:
		return true
	case r >= 0x2190 && unicode.Is(unicode.So, r):
		return r != utf8.RuneError
	}
	return unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana, unicode.Hangul, unicode.Bopomofo) && unicode.IsLetter(r) ||
		r == 'ー'
}
