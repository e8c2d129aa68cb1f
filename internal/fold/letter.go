package fold

import (
	"sync"
	"unicode"
)

// letter returns the folding of a lower-case letter that Unicode does not
// decompose, or that is typed in more than one way.
func letter(r rune) (string, bool) {
	switch r {
	case 'ß':
		return "ss", true
	case 'æ':
		return "ae", true
	case 'œ':
		return "oe", true
	case 'ø':
		return "o", true
	case 'ł':
		return "l", true
	case 'đ', 'ð', 'ɖ':
		return "d", true
	case 'þ':
		return "th", true
	case 'ı':
		return "i", true
	case 'ħ':
		return "h", true
	case 'ŧ':
		return "t", true
	case 'ŋ':
		return "n", true
	case 'ĸ':
		return "k", true
	case 'ƒ':
		return "f", true
	case 'ς':
		return "σ", true
	case '\u0649', '\u06cc', '\u06d2': // alef maksura, Farsi yeh, yeh barree
		return "\u064a", true
	case '\u06a9': // keheh
		return "\u0643", true
	case '\u0629', '\u06c1', '\u06be': // teh marbuta, heh goal, heh doachashmee
		return "\u0647", true
	case '\u0671': // alef wasla
		return "\u0627", true
	case '’', '‘', '‛', '′', 'ʼ', 'ʻ', 'ʹ', '׳':
		return "'", true
	case '“', '”', '„', '‟', '«', '»':
		return `"`, true
	case '‐', '‑', '‒', '–', '—', '―', '−', '⸺':
		return "-", true
	case '・': // stands between the parts of a foreign name in Japanese
		return " ", true
	}
	return "", false
}

// apostrophe reports whether r, a rune of a folded text, joins two parts of a
// name without parting them: O'Brien is one word.
func apostrophe(r rune) bool { return r == '\'' || r == '`' }

// droppedMark reports whether r is a mark that readers do without.
func droppedMark(r rune) bool {
	switch {
	case r < 0x300:
		return false
	case r <= 0x36f, r >= 0x483 && r <= 0x489, // Latin, Greek, Cyrillic
		r >= 0x591 && r <= 0x5bd, r == 0x5bf, r == 0x5c1, r == 0x5c2, r == 0x5c4, r == 0x5c5, r == 0x5c7, // Hebrew
		r >= 0x610 && r <= 0x61a, r >= 0x64b && r <= 0x65f, r == 0x670, r >= 0x6d6 && r <= 0x6dc, // Arabic
		r >= 0x6df && r <= 0x6e4, r == 0x6e7, r == 0x6e8, r >= 0x6ea && r <= 0x6ed,
		r >= 0x1ab0 && r <= 0x1aff, r >= 0x1dc0 && r <= 0x1dff, r >= 0x20d0 && r <= 0x20ff, r >= 0xfe20 && r <= 0xfe2f:
		return true
	}
	return false
}

// ignorable reports whether r has no shape of its own: what Unicode calls
// default ignorable, and the Arabic tatweel, which only stretches a word.
func ignorable(r rune) bool {
	switch {
	case r < 0xad:
		return false
	case r == 0xad, r == 0x34f, r == 0x61c, r == 0x640, r == 0x115f, r == 0x1160, r == 0x17b4, r == 0x17b5,
		r >= 0x180b && r <= 0x180f, r >= 0x200b && r <= 0x200f, r >= 0x202a && r <= 0x202e, r >= 0x2060 && r <= 0x206f,
		r == 0x3164, r >= 0xfe00 && r <= 0xfe0f, r == 0xfeff, r == 0xffa0, r >= 0xfff0 && r <= 0xfff8,
		r >= 0x1bca0 && r <= 0x1bca3, r >= 0x1d173 && r <= 0x1d17a, r >= 0xe0000 && r <= 0xe0fff:
		return true
	}
	return false
}

// digit returns the ASCII digit of a decimal digit of any script. Unicode
// keeps the ten digits of a script in one row, zero first.
func digit(r rune) (byte, bool) {
	if !unicode.IsDigit(r) {
		return 0, false
	}
	for _, row := range unicode.Nd.R16 {
		if r <= rune(row.Hi) {
			return byte('0' + (r-rune(row.Lo))%10), r >= rune(row.Lo)
		}
	}
	for _, row := range unicode.Nd.R32 {
		if r <= rune(row.Hi) {
			return byte('0' + (r-rune(row.Lo))%10), r >= rune(row.Lo)
		}
	}
	return 0, false
}

// table holds the folding of the simple runes below U+1F00, the alphabets of
// Europe and Vietnam, which texts hold most: it spares them package norm.
var table = sync.OnceValue(func() *[0x1f00]string {
	t := new([0x1f00]string)
	for r := rune(0x80); r < 0x1f00; r++ {
		if simple(r) {
			t[r] = string(appendSlow(nil, string(r)))
		}
	}
	return t
})
