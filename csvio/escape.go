package csvio

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// EscapeFormula guards a cell that a spreadsheet would run as a formula by a leading apostrophe. Such a cell
// begins, after what spreadsheets and the programs before them trim away (white space, control and invisible
// characters), with one of = + - @ or their full-width forms, or it has a TAB, CR or LF in what is trimmed
// away. A cell that looks guarded already, apostrophes before such a beginning, gets one more, so that
// [UnescapeFormula] gives back every cell exactly. Any other cell is returned as it is.
func EscapeFormula(s string) string {
	if needsGuard(s) {
		return "'" + s
	}
	return s
}

// UnescapeFormula takes off the apostrophe that [EscapeFormula] has put on: UnescapeFormula(EscapeFormula(s)) == s.
func UnescapeFormula(s string) string {
	if s != "" && s[0] == '\'' && needsGuard(s) {
		return s[1:]
	}
	return s
}

// unwrapText returns the text in ="…", by which programs keep a spreadsheet from taking a text for a number (="00123"). Anything else,
// real formulas among it, is returned as it is.
func unwrapText(s string) string {
	if len(s) < 3 || s[:2] != `="` || s[len(s)-1] != '"' {
		return s
	}
	text := s[2 : len(s)-1]
	if strings.Contains(text, `"`) {
		if strings.Contains(strings.ReplaceAll(text, `""`, ""), `"`) {
			return s
		}
		return strings.ReplaceAll(text, `""`, `"`)
	}
	return text
}

// unwrapped takes the guard of a formula, or else ="…", off a cell, and space around the text.
func unwrapped(cell string) string {
	if text := UnescapeFormula(cell); text != cell {
		return strings.TrimSpace(text)
	}
	return strings.TrimSpace(unwrapText(cell))
}

// needsGuard reports whether s is a formula, with or without apostrophes before it.
func needsGuard(s string) bool {
	if s == "" {
		return false
	}
	switch c := s[0]; { // most cells are decided by their first byte
	case c <= ' ', c == '=', c == '+', c == '-', c == '@', c == '\'', c >= 0x7F:
	default:
		return false
	}
	for s != "" && s[0] == '\'' {
		s = s[1:]
	}
	for _, r := range s {
		switch r {
		case '=', '+', '-', '@', '＝', '＋', '－', '＠', '\t', '\r', '\n':
			return true
		}
		if !trimmed(r) {
			return false
		}
	}
	return false
}

// trimmed reports whether some program drops r from the beginning of a cell: white space, controls, and
// characters that are not seen (zero-width and direction marks, a byte order mark).
func trimmed(r rune) bool {
	if r < utf8.RuneSelf {
		return r <= ' ' || r == 0x7F
	}
	return unicode.IsSpace(r) || unicode.IsControl(r) || unicode.Is(unicode.Cf, r) || r == utf8.RuneError ||
		strings.ContainsRune("\u115F\u1160\u3164\uFFA0\u2800", r) // fillers and the blank Braille pattern
}
