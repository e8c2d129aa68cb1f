package store

import (
	"strings"
	"testing"
	"unicode/utf8"
)

// TestIsASCII asks it of texts with any byte at any place.
func TestIsASCII(t *testing.T) {
	for n := range 20 {
		for at := range n {
			for c := range 256 {
				s := strings.Repeat("\x01", at) + string([]byte{byte(c)}) + strings.Repeat("\x7F", n-at-1)
				if got, want := isASCII(s), c > 0 && c < utf8.RuneSelf; got != want {
					t.Fatalf("%q: %v", s, got)
				}
			}
		}
	}
	if !isASCII("") {
		t.Error("no text has no such byte")
	}
}
