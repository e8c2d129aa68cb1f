package contacts

import (
	"maps"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"
)

// checkText applies the rules that every text obeys: valid UTF-8, no control
// characters but tab and line ends, no U+FFFD (the mark of text that was
// already damaged), and at most maxLen code points (0: no limit).
func checkText(s string, maxLen int) error {
	i := 0
	for ; i+8 <= len(s); i += 8 { // eight printable ASCII bytes at a time
		w := uint64(s[i]) | uint64(s[i+1])<<8 | uint64(s[i+2])<<16 | uint64(s[i+3])<<24 |
			uint64(s[i+4])<<32 | uint64(s[i+5])<<40 | uint64(s[i+6])<<48 | uint64(s[i+7])<<56
		if (w|(w-0x2020202020202020)|((w^0x7f7f7f7f7f7f7f7f)-0x0101010101010101))&0x8080808080808080 != 0 {
			break
		}
	}
	for i < len(s) && s[i] >= ' ' && s[i] < 0x7f {
		i++
	}
	n := len(s)
	if i < n {
		var err error
		if n, err = checkRunes(s, i); err != nil {
			return err
		}
	}
	if maxLen > 0 && n > maxLen {
		return &ValueError{Code: "text_too_long", Hint: "at most " + strconv.Itoa(maxLen) + " characters"}
	}
	return nil
}

// checkRunes is checkText for the text from i on, behind printable ASCII. It returns the number of code points of all of s.
func checkRunes(s string, i int) (n int, err error) {
	n = i
	damaged := false
	for i < len(s) {
		if b := s[i]; b < utf8.RuneSelf {
			if b < ' ' && b != '\t' && b != '\n' && b != '\r' || b == 0x7f {
				return n, &ValueError{Code: "text_control_character", Hint: "control characters cannot be stored"}
			}
			i++
			n++
			continue
		}
		r, size := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError {
			if size == 1 {
				return n, &ValueError{Code: "text_invalid_utf8", Hint: "the text is not valid UTF-8"}
			}
			damaged = true
		}
		i += size
		n++
	}
	if damaged {
		return n, &ValueError{Code: "text_damaged", Hint: "the text holds U+FFFD, the mark of a character lost in an earlier conversion"}
	}
	return n, nil
}

// trimText is strings.TrimSpace, quick for what needs no trimming.
func trimText(s string) string {
	if s == "" || isTrim(s) {
		return s
	}
	return trimUnicode(s)
}

// isTrim reports for most texts, which must not be empty, that there is no
// white space around them.
func isTrim(s string) bool {
	first, last := s[0], s[len(s)-1]
	return first > ' ' && first < utf8.RuneSelf && last > ' ' && last < utf8.RuneSelf
}

// trimUnicode is trimText for texts that begin or end with a space or not in ASCII. The white space of Unicode begins with one
// of four bytes, and most letters do not.
func trimUnicode(s string) string {
	switch b := s[0]; {
	case b <= ' ', b == 0xC2, b == 0xE1, b == 0xE2, b == 0xE3 && strings.HasPrefix(s, "\u3000"):
		return strings.TrimSpace(s)
	}
	if b := s[len(s)-1]; b > ' ' && b < utf8.RuneSelf {
		return s
	}
	if r, _ := utf8.DecodeLastRuneInString(s); !unicode.IsSpace(r) {
		return s
	}
	return strings.TrimSpace(s)
}

func sortedKeys[V any](m map[string]V) []string {
	if len(m) == 0 {
		return nil
	}
	return slices.Sorted(maps.Keys(m))
}
