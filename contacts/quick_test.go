package contacts

import (
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// TestSpacedPhone: the quick way reads what the scan reads.
func TestSpacedPhone(t *testing.T) {
	read := 0
	rapid.Check(t, func(t *rapid.T) {
		s := "+" + rapid.StringOfN(rapid.SampledFrom([]rune("0123456789  -.")), 1, 26, -1).Draw(t, "s")
		quick, ok := spacedPhone(s)
		if !ok {
			return
		}
		read++
		var sc phoneScan
		if err := sc.scan(unwrapPhone(s)); err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		if err := sc.check(); err != nil {
			t.Fatalf("%q: %v", s, err)
		}
		if want := makePhone(sc.buf[:sc.n], s); quick != want || quick != MakePhone(want.Number(), s) || quick.Raw() != s {
			t.Fatalf("%q is %q %q, not %q %q", s, quick.Number(), quick.Raw(), want.Number(), want.Raw())
		}
	})
	if read == 0 {
		t.Error("no number was read")
	}
}

// TestIsPrintable: eight bytes at a time is the same as one at a time.
func TestIsPrintable(t *testing.T) {
	for n := range 30 {
		text := strings.Repeat("~", n)
		if !isPrintable(text) {
			t.Errorf("%d printable bytes are refused", n)
		}
		for i := range n {
			for _, c := range []byte{0, '\n', 0x1f, 0x7f, 0x80, 0xff} {
				if bad := text[:i] + string([]byte{c}) + text[i+1:]; isPrintable(bad) {
					t.Errorf("%q is accepted", bad)
				}
			}
			if good := text[:i] + " " + text[i+1:]; !isPrintable(good) {
				t.Errorf("%q is refused", good)
			}
		}
	}
}
