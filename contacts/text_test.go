package contacts

import (
	"errors"
	"strings"
	"testing"
)

func TestCheckText(t *testing.T) {
	for _, tc := range []struct {
		text string
		max  int
		code string
	}{
		{"", 1, ""}, {"plain text of more than eight", 255, ""}, {"12345678", 8, ""}, {"12345678é", 9, ""}, {"1234567é", 7, "text_too_long"},
		{"漢字漢字", 4, ""}, {"漢字漢字", 3, "text_too_long"}, {"a\tb\r\nc", 6, ""}, {strings.Repeat("a", 16) + "\x01", 99, "text_control_character"},
		{"\x7f", 9, "text_control_character"}, {"1234567\x7f", 9, "text_control_character"}, {"é\x00", 9, "text_control_character"},
		{"1234567\x1f", 9, "text_control_character"}, {"a\xff", 9, "text_invalid_utf8"}, {"a\uFFFD", 9, "text_damaged"},
		{"~~~~~~~~", 8, ""}, {"        x", 9, ""},
	} {
		err := checkText(tc.text, tc.max)
		code := ""
		var e *ValueError
		if errors.As(err, &e) {
			code = e.Code
		}
		if code != tc.code {
			t.Errorf("%q: %q, want %q", tc.text, code, tc.code)
		}
	}
}

func TestTrimText(t *testing.T) {
	spaces := []string{"", " ", "\t", "\n", "\v", "\f", "\r", "\u0085", "\u00a0", "\u1680", "\u2000", "\u200a", "\u2028", "\u2029", "\u202f",
		"\u205f", "\u3000", "\u200b", "\ufeff", "\x1f", "\x80", "\u0e00", "あ", "é", "Ж", "漢", "a"}
	for _, before := range spaces {
		for _, in := range []string{"", "a", "é", "あ", "漢 字"} {
			for _, after := range spaces {
				s := before + in + after
				if got, want := trimText(s), strings.TrimSpace(s); got != want {
					t.Errorf("%q: %q, want %q", s, got, want)
				}
			}
		}
	}
}
