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
	n := len(s)
	if !isPrintable(s) {
		var err error
		if n, err = checkRunes(s); err != nil {
			return err
		}
	}
	if maxLen > 0 && n > maxLen {
		return &ValueError{Code: "text_too_long", Hint: "at most " + strconv.Itoa(maxLen) + " characters"}
	}
	return nil
}

// isPrintable reports whether s is printable ASCII and nothing else. It looks at eight bytes at a time, the last of them twice where
// they do not come out even.
func isPrintable(s string) bool {
	switch n := len(s); {
	case n >= 8:
		for i := 0; i < n-8; i += 8 {
			if unprintable(word(s[i:])) {
				return false
			}
		}
		return !unprintable(word(s[n-8:]))
	case n >= 4:
		t := s[n-4:]
		return !unprintable(uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
			uint64(t[0])<<32 | uint64(t[1])<<40 | uint64(t[2])<<48 | uint64(t[3])<<56)
	case n > 0:
		const spaces = 0x2020202020000000
		return !unprintable(uint64(s[0]) | uint64(s[n/2])<<8 | uint64(s[n-1])<<16 | spaces)
	}
	return true
}

// word is the first eight bytes of s as a number.
func word(s string) uint64 {
	_ = s[7]
	return uint64(s[0]) | uint64(s[1])<<8 | uint64(s[2])<<16 | uint64(s[3])<<24 |
		uint64(s[4])<<32 | uint64(s[5])<<40 | uint64(s[6])<<48 | uint64(s[7])<<56
}

// unprintable reports whether one of eight bytes is a control character or not ASCII.
func unprintable(w uint64) bool {
	return (w|(w-0x2020202020202020)|((w^0x7f7f7f7f7f7f7f7f)-0x0101010101010101))&0x8080808080808080 != 0
}

// checkRunes is checkText for any text but for its length: it returns the number of code points.
func checkRunes(s string) (n int, err error) {
	damaged := false
	for i, r := range s {
		n++
		switch {
		case r < ' ' && r != '\t' && r != '\n' && r != '\r' || r == 0x7f:
			return n, &ValueError{Code: "text_control_character", Hint: "control characters cannot be stored"}
		case r == utf8.RuneError:
			if _, size := utf8.DecodeRuneInString(s[i:]); size == 1 {
				return n, &ValueError{Code: "text_invalid_utf8", Hint: "the text is not valid UTF-8"}
			}
			damaged = true
		}
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
