package contacts

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// phoneMark is what a rune means inside a typed number.
type phoneMark uint8

const (
	phoneOther     phoneMark = iota
	phoneDigit               // a decimal digit of any script
	phonePlus                // + and its full-width form
	phoneSeparator           // space, hyphen, dot, or a mark that has no width
	phoneOpen                // ( or [
	phoneClose               // ) or ]
	phoneSlash
)

// classifyPhoneRune returns the meaning of r and, for a digit, its ASCII form.
func classifyPhoneRune(r rune) (phoneMark, byte) {
	if '0' <= r && r <= '9' {
		return phoneDigit, byte(r)
	}
	switch r {
	case ' ', '-', '.', '\t':
		return phoneSeparator, 0
	case '+', '＋', '﹢':
		return phonePlus, 0
	case '(', '[', '（', '［':
		return phoneOpen, 0
	case ')', ']', '）', '］':
		return phoneClose, 0
	case '/', '／':
		return phoneSlash, 0
	case '‐', '‑', '‒', '–', '—', '―', '−', '－', '﹣', 'ー', // hyphens and dashes
		'．', '·', '・', '･', '∙', '•': // dots
		return phoneSeparator, 0
	}
	if r < utf8.RuneSelf {
		return phoneOther, 0
	}
	if d, ok := decimalDigit(r); ok {
		return phoneDigit, '0' + d
	}
	if invisible(r) || unicode.Is(unicode.Zs, r) {
		return phoneSeparator, 0
	}
	return phoneOther, 0
}

// decimalDigit returns the value of a digit of any script. Unicode keeps the ten digits of a script
// together and in order, so that every range of category Nd begins with a zero.
func decimalDigit(r rune) (byte, bool) {
	if !unicode.Is(unicode.Nd, r) {
		return 0, false
	}
	for _, rg := range unicode.Nd.R16 {
		if lo := rune(rg.Lo); lo <= r && r <= rune(rg.Hi) {
			return byte((r - lo) % 10), true
		}
	}
	for _, rg := range unicode.Nd.R32 {
		if lo := rune(rg.Lo); lo <= r && r <= rune(rg.Hi) {
			return byte((r - lo) % 10), true
		}
	}
	return 0, false
}

// invisible reports the marks that copying out of chats and web pages leaves behind:
// bidirectional controls, zero-width spaces and joiners, the soft hyphen, the byte order mark.
func invisible(r rune) bool {
	return r == 0xAD || r == 0x61C || r == 0xFEFF ||
		0x200B <= r && r <= 0x200F || 0x202A <= r && r <= 0x202E ||
		0x2060 <= r && r <= 0x2064 || 0x2066 <= r && r <= 0x2069
}

// leadingPhoneDigit returns the digit s begins with and its length in bytes.
func leadingPhoneDigit(s string) (byte, int) {
	r, size := utf8.DecodeRuneInString(s)
	if mark, d := classifyPhoneRune(r); mark == phoneDigit {
		return d, size
	}
	return 0, 0
}

// countPhoneDigits returns how many decimal digits s has.
func countPhoneDigits(s string) int {
	n := 0
	for _, r := range s {
		if mark, _ := classifyPhoneRune(r); mark == phoneDigit {
			n++
		}
	}
	return n
}

// refuse names what is wrong with s, the rest of the text from a mark on that ends the number.
func (sc *phoneScan) refuse(s string) error {
	more := countPhoneDigits(s)
	switch {
	case sc.n > 0 && more > 0 && isExtension(s):
		return invalid("phone_extension", "put the extension into a field of its own")
	case sc.n >= phoneMinDigits-1 && more >= phoneMinDigits-1,
		sc.n >= phoneMinDigits && more > 0 && !startsWithLetter(s):
		return invalid("phone_two_numbers", "one number in a cell; put the second into another column")
	}
	return invalid("phone_bad_character", "write + and digits only: +[country code][area code][number]")
}

// isExtension reports whether s begins like ";ext=7", "ext. 7", "x7" or "#7".
func isExtension(s string) bool {
	s = strings.ToLower(strings.TrimLeft(s, ";, "))
	for _, word := range [...]string{"extension", "extn", "ext", "x", "#", "доб", "anexo", "ramal", "poste"} {
		if rest, ok := strings.CutPrefix(s, word); ok {
			rest = strings.TrimLeft(rest, ".:= ")
			d, _ := leadingPhoneDigit(rest)
			return d != 0
		}
	}
	return false
}

func startsWithLetter(s string) bool {
	r, _ := utf8.DecodeRuneInString(s)
	return unicode.IsLetter(r)
}

// damagedPhone reports the traces of a spreadsheet that took the cell for a number or a formula.
func damagedPhone(s string) bool {
	if s == "" {
		return false
	}
	if s[0] == '=' {
		return true // a formula; the harmless ="…" is unwrapped before
	}
	if s[0] == '#' {
		// #NAME?, #REF!, #VALUE!, and the ##### of a narrow column
		return strings.HasPrefix(s, "##") || len(s) > 1 && 'A' <= s[1] && s[1] <= 'Z'
	}
	digits := strings.TrimPrefix(s, "+")
	signed := strings.HasPrefix(digits, "-")
	digits = strings.TrimPrefix(digits, "-")
	whole, rest := cutDigits(digits)
	if whole == "" {
		return false
	}
	if signed && rest == "" {
		return true // -12838: +852-9123-… was taken for a subtraction
	}
	fraction := ""
	if rest != "" && (rest[0] == '.' || rest[0] == ',') {
		fraction, rest = cutDigits(rest[1:])
	}
	switch {
	case rest != "" && (rest[0] == 'E' || rest[0] == 'e'):
		exponent, tail := cutDigits(strings.TrimLeft(rest[1:], "+-"))
		return exponent != "" && tail == "" // 8.52912E+10
	case rest == "" && fraction != "" && len(whole) >= phoneMinDigits && len(digits) == len(s):
		return strings.Trim(fraction, "0") == "" // 85291234567.0
	}
	return false
}

// cutDigits splits s behind its leading ASCII digits.
func cutDigits(s string) (digits, rest string) {
	i := 0
	for i < len(s) && s[i]-'0' <= 9 {
		i++
	}
	return s[:i], s[i:]
}

// cutTelURI returns the number inside a tel: URI (RFC 3966), and any other text as it is.
// The country code of a local number may stand in its phone-context; an extension is left for scan to refuse.
func cutTelURI(s string) (string, error) {
	if len(s) < 4 || !strings.EqualFold(s[:4], "tel:") {
		return s, nil
	}
	number, params, _ := strings.Cut(s[4:], ";")
	context, ext := "", ""
	for param := range strings.SplitSeq(params, ";") {
		name, value, _ := strings.Cut(param, "=")
		switch strings.ToLower(name) {
		case "":
		case "phone-context":
			context = value
		case "ext":
			ext = ";ext=" + value
		default:
			return "", invalid("phone_bad_character", "a tel: URI may have a phone-context, and nothing else")
		}
	}
	if strings.HasPrefix(context, "+") && !strings.HasPrefix(number, "+") {
		number = context + " " + number
	}
	return number + ext, nil
}

// callingCodeLen returns the length of the calling code that digits begin with, by the zones of
// ITU-T E.164 annex D: one digit for 1 and 7, two for the old large countries, else three.
func callingCodeLen(digits []byte) int {
	if len(digits) == 0 || digits[0] == '1' || digits[0] == '7' {
		return 1
	}
	if len(digits) == 1 {
		return 2
	}
	switch string(digits[:2]) {
	case "20", "27", "30", "31", "32", "33", "34", "36", "39", "40", "41", "43", "44", "45", "46", "47", "48", "49",
		"51", "52", "53", "54", "55", "56", "57", "58", "60", "61", "62", "63", "64", "65", "66",
		"81", "82", "84", "86", "90", "91", "92", "93", "94", "95", "98":
		return 2
	}
	return 3
}

// keepsZero reports the calling codes whose international numbers have a leading zero of their own,
// so that a zero in parentheses there is part of the number: Italy, San Marino and Vatican City,
// Côte d'Ivoire, Niger, Benin, Gabon, Congo.
func keepsZero(callingCode []byte) bool {
	switch string(callingCode) {
	case "39", "378", "379", "225", "227", "229", "241", "242":
		return true
	}
	return false
}
