// Package tables holds what the generator of the country and language tables and the code that reads them
// must agree on: the folding of a name to its key, and the hash of a key. The sources are the .tsv files
// beside it and, for names in other languages, the CLDR data in golang.org/x/text.
package tables

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

//go:generate go run ./gen

// MaxName is the longest text, in bytes, that Fold looks at; longer ones have no key.
const MaxName = 192

// Fold appends the key of a name to dst: lower case, Latin letters without accents, punctuation as single
// spaces, apostrophes and full stops left out, "&" as "and", without the word "the". So "Korea, Republic of",
// "Korea (the Republic of)" and "KOREA - REPUBLIC OF" have one key.
func Fold(dst []byte, s string) []byte {
	if len(s) > MaxName {
		return dst
	}
	base := len(dst)
	if key, ok := foldPlain(dst, s); ok {
		return key
	}
	if isASCII(s) {
		return foldASCII(dst[:base], s)
	}
	for range maxFolds {
		dst = foldASCII(dst[:base], foldUnicode(s))
		if key := string(dst[base:]); key == s || isASCII(key) {
			break
		} else {
			s = key
		}
	}
	return dst
}

// maxFolds bounds how often a text beyond ASCII is folded until it stays as it is: what is left out can bring a mark
// together with another letter. Names need it once.
const maxFolds = MaxName

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// foldPlain folds words of ASCII letters and digits with single spaces between them, as most names are; ok is false for anything else.
// It is there for speed, foldASCII makes the same of them.
func foldPlain(dst []byte, s string) (key []byte, ok bool) {
	space := true     // a space would be the first of the text, or the second in a row
	word := uint64(0) // the last letters of the current word
	for i := range len(s) {
		c := plainBytes[s[i]]
		if c > ' ' {
			word = word<<8 | uint64(c)
			space = false
		} else {
			if c == 0 || space || word == the {
				return dst, false
			}
			space, word = true, 0
		}
		dst = append(dst, c)
	}
	return dst, !space && word != the
}

// the is the word that names are folded without, as foldPlain packs it.
const the = 't'<<16 | 'h'<<8 | 'e'

// plainBytes is the folded form of letters, digits and the space, 0 for other bytes.
var plainBytes = [256]byte{' ': ' ',
	'0': '0', '1': '1', '2': '2', '3': '3', '4': '4', '5': '5', '6': '6', '7': '7', '8': '8', '9': '9',
	'a': 'a', 'b': 'b', 'c': 'c', 'd': 'd', 'e': 'e', 'f': 'f', 'g': 'g', 'h': 'h', 'i': 'i', 'j': 'j', 'k': 'k', 'l': 'l', 'm': 'm',
	'n': 'n', 'o': 'o', 'p': 'p', 'q': 'q', 'r': 'r', 's': 's', 't': 't', 'u': 'u', 'v': 'v', 'w': 'w', 'x': 'x', 'y': 'y', 'z': 'z',
	'A': 'a', 'B': 'b', 'C': 'c', 'D': 'd', 'E': 'e', 'F': 'f', 'G': 'g', 'H': 'h', 'I': 'i', 'J': 'j', 'K': 'k', 'L': 'l', 'M': 'm',
	'N': 'n', 'O': 'o', 'P': 'p', 'Q': 'q', 'R': 'r', 'S': 's', 'T': 't', 'U': 'u', 'V': 'v', 'W': 'w', 'X': 'x', 'Y': 'y', 'Z': 'z',
}

// foldASCII does the work; bytes beyond ASCII are taken as letters.
func foldASCII(dst []byte, s string) []byte {
	base := len(dst)
	word := base // where the current word begins
	for i := 0; i < len(s); i++ {
		switch c := s[i]; {
		case 'a' <= c && c <= 'z', '0' <= c && c <= '9', c >= utf8.RuneSelf:
			dst = append(dst, c)
		case 'A' <= c && c <= 'Z':
			dst = append(dst, c|0x20)
		case c == '\'', c == '.', c == '`':
		case c == '&':
			dst = append(endWord(dst, base, word), "and "...)
			word = len(dst)
		default:
			dst = endWord(dst, base, word)
			word = len(dst)
		}
	}
	dst = endWord(dst, base, word)
	if len(dst) > base {
		dst = dst[:len(dst)-1]
	}
	return dst
}

// endWord puts a space behind the word, or drops the word when it is "the". Of no word at all it makes nothing.
func endWord(dst []byte, base, word int) []byte {
	switch {
	case len(dst) == word:
		return dst
	case string(dst[word:]) == "the":
		return dst[:word]
	}
	return append(dst, ' ')
}

// foldUnicode brings a name near ASCII: compatibility forms composed, lower case, accents off Latin letters,
// curly apostrophes as straight ones, other punctuation as space. Marks on other scripts stay, they are letters there.
func foldUnicode(s string) string {
	var b strings.Builder
	latin := false
	for _, r := range norm.NFKD.String(s) {
		r = unicode.ToLower(r)
		switch {
		case unicode.Is(unicode.Mn, r):
			if latin || r == '\u0307' { // the dot that lower-casing leaves of a Turkish capital I
				continue
			}
		case unicode.Is(unicode.Cf, r):
			continue // joiners and bidirectional marks
		case r == '’' || r == '‘' || r == 'ʻ' || r == 'ʼ' || r == '´' || r == '′':
			r = '\''
		case r >= utf8.RuneSelf && (unicode.IsPunct(r) || unicode.IsSpace(r)):
			r = ' '
		}
		latin = unicode.Is(unicode.Latin, r) || latin && unicode.Is(unicode.Mn, r)
		if ascii, ok := plainLetter(r); ok {
			b.WriteString(ascii)
			continue
		}
		b.WriteRune(r)
	}
	return norm.NFC.String(b.String())
}

// plainLetter spells the Latin letters that have no decomposition.
func plainLetter(r rune) (string, bool) {
	switch r {
	case 'ß':
		return "ss", true
	case 'æ':
		return "ae", true
	case 'œ':
		return "oe", true
	case 'ø':
		return "o", true
	case 'đ', 'ð':
		return "d", true
	case 'ł':
		return "l", true
	case 'ı':
		return "i", true
	case 'þ':
		return "th", true
	}
	return "", false
}

// Hash is FNV-1a.
func Hash(key []byte) uint32 {
	h := uint32(2166136261)
	for _, c := range key {
		h = (h ^ uint32(c)) * 16777619
	}
	return h
}
