// Package fold brings text into the form in which it is searched and ordered:
// without case, accents, width, ligatures and typographic variants.
//
// A folded text is meant for comparing, never for showing. Folding is done by
// the rules of Unicode compatibility decomposition (UAX #15), lower case, and
// a few letters that Unicode does not decompose although people type them in
// plain Latin: ß ss, ø o, ł l, đ d, æ ae, þ th and so on. Combining marks are
// dropped where they are optional to a reader: on Latin, Greek and Cyrillic
// letters, the points of Hebrew and the vowel marks of Arabic. They are kept
// where they make another letter: the voiced marks of kana, the vowel signs of
// the scripts of India and Thailand. Decimal digits of every script become
// ASCII digits.
//
// Folding a folded text changes nothing. All functions are pure and safe for
// concurrent use; invalid UTF-8 becomes U+FFFD.
package fold

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// String returns s folded. A text that is folded already costs no allocation.
func String(s string) string {
	i := 0
	for i < len(s) && s[i] < utf8.RuneSelf && (s[i] < 'A' || s[i] > 'Z') && (s[i] >= ' ' || s[i] == 0) {
		i++
	}
	if i == len(s) {
		return s
	}
	var buf [64]byte
	dst := Append(buf[:0], s)
	if string(dst) == s {
		return s
	}
	return string(dst)
}

// Append appends s folded to dst.
func Append(dst []byte, s string) []byte {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return appendRunes(dst, s)
		}
		dst = append(dst, asciiLower(s[i]))
	}
	return dst
}

// asciiLower is the folding of one ASCII byte; white space is one space.
func asciiLower(b byte) byte {
	switch {
	case b >= 'A' && b <= 'Z':
		return b + 'a' - 'A'
	case b >= '\t' && b <= '\r':
		return ' '
	}
	return b
}

// appendRunes folds the rest of a text from its first rune beyond ASCII on.
// The caller has appended the i bytes before it.
func appendRunes(dst []byte, s string) []byte {
	i := 0
	for s[i] < utf8.RuneSelf {
		i++
	}
	if i > 0 { // a mark belongs to the letter before it
		i--
		dst = dst[:len(dst)-1]
	}
	s = strip(s[i:])
	for i := 0; i < len(s); {
		n := cluster(s[i:])
		dst = appendCluster(dst, s[i:i+n])
		i += n
	}
	return dst
}

// cluster returns the length of the first cluster of s, which must not be
// empty: a run of bytes that folds independently of what follows it.
func cluster(s string) int {
	r, n := utf8.DecodeRuneInString(s)
	if simple(r) {
		if n == len(s) || s[n] < utf8.RuneSelf {
			return n
		}
		if next, _ := utf8.DecodeRuneInString(s[n:]); simple(next) {
			return n
		}
	}
	if r == utf8.RuneError && n == 1 {
		return 1
	}
	if b := norm.NFKC.NextBoundaryInString(s, true); b > n {
		return b
	}
	return n
}

// simple reports whether r begins a cluster in any text: it neither combines
// with the rune before it nor does Unicode call it a mark.
func simple(r rune) bool {
	switch {
	case r < 0x300:
		return true
	case r < 0x370:
		return false
	case r < 0x530:
		return r < 0x483 || r > 0x489
	case r < 0x1e00: // Hebrew, Arabic, Devanagari and Thai letters
		return r >= 0x5d0 && r <= 0x5ea || r >= 0x620 && r <= 0x63f || r >= 0x641 && r <= 0x64a || r >= 0x660 && r <= 0x669 ||
			r >= 0x671 && r <= 0x6d3 || r >= 0x904 && r <= 0x939 || r >= 0x93d && r <= 0x94c || r >= 0xe01 && r <= 0xe30
	case r < 0x1f00:
		return true
	case r < 0x3041:
		return r >= 0x2010 && r < 0x2027
	case r < 0x3097, r >= 0x30a1 && r < 0x30ff, r >= 0x4e00 && r < 0xa000, r >= 0xac00 && r < 0xd7a4:
		return true
	}
	return false
}

// appendCluster folds one cluster of a stripped text.
func appendCluster(dst []byte, s string) []byte {
	r, n := utf8.DecodeRuneInString(s)
	if n == len(s) {
		switch {
		case r < utf8.RuneSelf:
			return append(dst, asciiLower(byte(r)))
		case r >= 0x4e00 && r < 0xa000, r >= 0xac00 && r < 0xd7a4, r >= 0x3041 && r < 0x30ff && simple(r):
			return append(dst, s...)
		case r < utf8.RuneError && r < 0x1f00 && simple(r):
			return append(dst, table()[r]...)
		}
	}
	return appendSlow(dst, s)
}

// appendSlow folds a cluster through the tables of package norm.
func appendSlow(dst []byte, s string) []byte {
	if rest, ok := strings.CutPrefix(s, "´"); ok { // Unicode takes it for a space with a mark, people for an apostrophe
		dst, s = append(dst, '\''), rest
	}
	var dbuf, fbuf [64]byte
	decomposed := norm.NFKD.AppendString(dbuf[:0], s)
	folded, composed := fbuf[:0], true
	for i := 0; i < len(decomposed); {
		r, n := utf8.DecodeRune(decomposed[i:])
		i += n
		folded = appendRune(folded, r)
		composed = composed && (simple(r) || droppedMark(r))
	}
	if composed { // nothing in it combines
		return append(dst, folded...)
	}
	return norm.NFC.Append(dst, folded...)
}

// appendRune folds one rune of a decomposed text.
func appendRune(dst []byte, r rune) []byte {
	if r < utf8.RuneSelf {
		return append(dst, asciiLower(byte(r)))
	}
	if droppedMark(r) || ignorable(r) {
		return dst
	}
	if unicode.IsSpace(r) {
		return append(dst, ' ')
	}
	if d, ok := digit(r); ok {
		return append(dst, d)
	}
	r = unicode.ToLower(r)
	if t, ok := letter(r); ok {
		return append(dst, t...)
	}
	return utf8.AppendRune(dst, r)
}

// strip takes out the runes that nobody sees (joiners, direction marks,
// variation selectors) and cuts absurd piles of marks, both before text is cut
// into clusters. It returns s itself where there is nothing to do.
func strip(s string) string {
	marks := 0
	for _, r := range s {
		if unseen(r, &marks) {
			return stripped(s)
		}
	}
	return s
}

func stripped(s string) string {
	var b strings.Builder
	b.Grow(len(s))
	marks := 0
	for _, r := range s {
		if !unseen(r, &marks) {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// maxMarks is the number of marks that a letter keeps: more than any script
// stacks, and few enough that normalising is a matter of one letter.
const maxMarks = 8

func unseen(r rune, marks *int) bool {
	if r < 0xad {
		*marks = 0
		return false
	}
	if ignorable(r) || droppedMark(r) {
		return true
	}
	if r >= 0x300 && !simple(r) && unicode.Is(unicode.M, r) {
		*marks++
		return *marks > maxMarks
	}
	*marks = 0
	return false
}
