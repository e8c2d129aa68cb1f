package tables

import (
	"testing"

	"pgregory.net/rapid"
)

// TestFoldPlain: the quick way makes what the general one makes.
func TestFoldPlain(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.StringOfN(rapid.SampledFrom([]rune("the THE xé.  '&-7")), 0, 20, -1).Draw(t, "s")
		if key, ok := foldPlain([]byte("x"), s); ok && string(key) != string(foldASCII([]byte("x"), s)) {
			t.Fatalf("%q is %q, not %q", s, key, foldASCII([]byte("x"), s))
		}
	})
	for _, s := range []string{"Hong Kong", "a", "United States 1", "Netherlands", "theatre"} {
		if key, ok := foldPlain(nil, s); !ok || string(key) != string(foldASCII(nil, s)) {
			t.Errorf("%q: %q %v", s, key, ok)
		}
	}
	for _, s := range []string{"", " a", "a ", "a  b", "The Gambia", "the", "of the", "a.b", "é"} {
		if _, ok := foldPlain(nil, s); ok {
			t.Errorf("%q is taken for plain", s)
		}
	}
}
