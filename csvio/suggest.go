package csvio

import (
	"fmt"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// suggest names the encoding that a text is likely in, which is not UTF-8, or EncodingAuto if nothing stands out; why is a
// sentence for people without any of the text. It is a guess, for a person to confirm.
//
// An encoding of East Asia is likely if the text has no byte that is none of its characters, and most characters are of its
// everyday ones. One of the others is likely if its letters make words: no symbol in the middle of a word, no capital
// behind a small letter, no two scripts in one word, and the usual letters of the script's languages.
func suggest(head []byte) (e Encoding, why string) {
	head = head[:min(len(head), 16<<10)]
	if multibytes(head) > 0 && !hasInvalidMajority(head) {
		return EncodingAuto, "" // UTF-8 with damage
	}
	best := 0.0
	for _, c := range eastAsian {
		if share, n := everyday(head, c.e, c.common); n >= 2 && share > 0.7 && share > best {
			best, e = share, c.e
			why = fmt.Sprintf("%.0f %% of the %d characters that are not ASCII are everyday ones of %s", 100*share, n, c.language)
		}
	}
	if e != EncodingAuto {
		return e, why
	}
	for _, c := range wordEncodings {
		if share, n := wordlike(head, c.e, c.script, c.usual); n >= 1 && share > 0.7 && share > best+0.02 { // of equals the first
			best, e = share, c.e
			why = fmt.Sprintf("the %d characters that are not ASCII stand where %s words have such, to %.0f %%", n, c.language, 100*share)
		}
	}
	return e, why
}

// hasInvalidMajority reports whether most bytes that are not ASCII are no UTF-8.
func hasInvalidMajority(b []byte) bool {
	bad, good := 0, 0
	for len(b) > 0 {
		r, n := utf8.DecodeRune(b)
		switch {
		case r == utf8.RuneError && n == 1:
			bad++
		case n > 1:
			good += n
		}
		b = b[n:]
	}
	return bad > good
}

// multibytes counts the characters of valid UTF-8 that have more than one byte.
func multibytes(b []byte) (n int) {
	for len(b) > 0 {
		r, size := utf8.DecodeRune(b)
		if size > 1 && r != utf8.RuneError {
			n++
		}
		b = b[size:]
	}
	return n
}

// eastAsian are the encodings of two and more bytes that can be suggested, and the leading bytes of their everyday characters:
// syllables and the first level of ideographs, which those who made the encodings put together.
var eastAsian = [...]struct {
	e        Encoding
	language string
	common   func(lead, trail byte) bool
}{
	{EUCJP, "Japanese", func(l, t byte) bool { return l == 0xA4 || l == 0xA5 || 0xB0 <= l && l <= 0xCF }},
	{EUCKR, "Korean", func(l, t byte) bool { return 0xB0 <= l && l <= 0xC8 && t >= 0xA1 }},
	{GB18030, "Chinese in simplified characters", func(l, t byte) bool { return 0xB0 <= l && l <= 0xD7 && t >= 0xA1 }},
	{Big5, "Chinese in traditional characters", func(l, t byte) bool { return 0xA4 <= l && l <= 0xC6 }},
	{ShiftJIS, "Japanese", func(l, t byte) bool { return l == 0x82 && t >= 0x9F || l == 0x83 || 0x88 <= l && l <= 0x97 }},
}

// everyday is the share of a language's everyday characters among all that are not ASCII, and how many these are; 0 if the text
// is not in the encoding. EUC-JP and EUC-KR share their code space with GB18030: kana tell the first, and all in the
// rows of Hangul the second.
func everyday(b []byte, e Encoding, common func(lead, trail byte) bool) (share float64, n int) {
	text, err := e.coding().NewDecoder().Bytes(b)
	if err != nil || len(text) == 0 {
		return 0, 0
	}
	if r, size := utf8.DecodeLastRune(text); r == utf8.RuneError && size == 3 {
		text = text[:len(text)-size] // the head may be cut in a character
	}
	if strings.ContainsRune(string(text), utf8.RuneError) {
		return 0, 0
	}
	usual, kana := 0, 0
	for _, r := range string(text) {
		if unicode.In(r, unicode.Hiragana, unicode.Katakana) {
			kana++
		}
	}
	for i := 0; i+1 < len(b); i++ {
		if b[i] < utf8.RuneSelf {
			continue
		}
		n++
		if e == ShiftJIS && 0xA1 <= b[i] && b[i] <= 0xDF {
			continue // half-width kana, of one byte
		}
		if common(b[i], b[i+1]) {
			usual++
		}
		i++
	}
	if n == 0 || (e == EUCJP || e == ShiftJIS) && kana*8 < n {
		return 0, 0
	}
	share = float64(usual) / float64(n)
	if e == EUCKR && share < 0.97 {
		return 0, 0
	}
	return share, n
}

// wordEncodings are the encodings of one byte that can be suggested, the likelier first: their script and the letters that
// make most of a text, where that is not Latin.
var wordEncodings = [...]struct {
	e        Encoding
	language string
	script   *unicode.RangeTable
	usual    string
}{
	{Windows1252, "Western European", unicode.Latin, ""},
	{Windows1250, "Central European", unicode.Latin, ""},
	{Windows1251, "Cyrillic", unicode.Cyrillic, cyrillicLetters},
	{KOI8R, "Cyrillic", unicode.Cyrillic, cyrillicLetters},
	{IBM866, "Cyrillic", unicode.Cyrillic, cyrillicLetters},
	{Windows1253, "Greek", unicode.Greek, "αοιετσνηρςκλμάό"},
	{Windows1255, "Hebrew", unicode.Hebrew, "יוהלאמרבתנש"},
	{Windows1256, "Arabic", unicode.Arabic, "اليمنورتبدةعه"},
	{Windows874, "Thai", unicode.Thai, "านรกเอมงยลวส่้ิีั"},
	{Macintosh, "Western European", unicode.Latin, ""},
	{IBM850, "Western European", unicode.Latin, ""},
}

const cyrillicLetters = "оеаинтсрвлкмдпуя"

// wordlike is how well the characters that are not ASCII stand where words have such, 1 at the most, and how many these are.
func wordlike(b []byte, e Encoding, script *unicode.RangeTable, usual string) (share float64, n int) {
	text, err := e.coding().NewDecoder().String(string(b))
	if err != nil {
		return 0, 0
	}
	good, common := 0, 0
	runes := []rune(text)
	at := func(i int) rune {
		if i < 0 || i >= len(runes) {
			return ' '
		}
		return runes[i]
	}
	latin := script == unicode.Latin
	for i, r := range runes {
		if r < utf8.RuneSelf {
			continue
		}
		n++
		if r == utf8.RuneError || r < 0xA0 {
			return 0, 0
		}
		if strings.ContainsRune(usual, r) {
			common++
		}
		if fits(r, at(i-1), at(i+1), script) && (!latin || !unicode.IsLetter(r) || hasASCIILetter(runes, i)) {
			good++
		}
	}
	switch share = float64(good) / float64(max(n, 1)); {
	case latin:
		return share, n
	case n < 4:
		return 0, n
	}
	// The usual letters are three in four or more of a text in the language.
	return share * min(1, float64(common)/float64(n)/0.75), n
}

// fits reports whether a character that is not ASCII can stand between two others in a word of a script or around one.
func fits(r, before, after rune, script *unicode.RangeTable) bool {
	if unicode.IsMark(r) {
		return unicode.Is(script, r) && (unicode.Is(script, before))
	}
	if !unicode.IsLetter(r) {
		// Quotes, dashes and signs stand at the edge of words; a typographic apostrophe and a dash also inside.
		return strings.ContainsRune("’‘“”–—…«»°§€£©®™¿¡·", r) && (r == '’' || r == '–' || r == '·' || !unicode.IsLetter(before) || !unicode.IsLetter(after))
	}
	if unicode.IsUpper(r) && unicode.IsLower(before) || !unicode.Is(script, r) || r == 'ª' || r == 'º' || r == 'ƒ' {
		return false
	}
	return script == unicode.Latin || !isASCIILetter(before) && !isASCIILetter(after)
}

// hasASCIILetter reports whether the word around runes[i] has a letter of ASCII, as most words in Latin script do, or is that
// one letter.
func hasASCIILetter(runes []rune, i int) bool {
	from, to := i, i+1
	for from > 0 && i-from < 32 && unicode.IsLetter(runes[from-1]) {
		from--
	}
	for to < len(runes) && to-i < 32 && unicode.IsLetter(runes[to]) {
		to++
	}
	return to-from == 1 || slices.ContainsFunc(runes[from:to], isASCIILetter)
}

func isASCIILetter(r rune) bool { return r < utf8.RuneSelf && unicode.IsLetter(r) }
