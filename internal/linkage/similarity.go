package linkage

import "math/bits"

// jaro is the Jaro-Winkler similarity of two texts by their code points. Texts
// of more than 64 are taken for different.
//
// Winkler's bonus is a tenth of what is missing for each of up to four first
// letters in common, given from a similarity of more than 0.7 on.
func (c *similar) jaro(a, b string) float64 {
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b) <= 64 && ascii(a) && ascii(b) {
		return c.bytes(a, b)
	}
	var x, y [65]rune
	p, q := runes(x[:0], a), runes(y[:0], b)
	if len(p) > len(q) {
		p, q = q, p
	}
	if len(q) > 64 || len(p) == 0 {
		return 0
	}
	return jaroRunes(p, q)
}

// runes appends the code points of a text, 65 at most.
func runes(dst []rune, s string) []rune {
	for _, r := range s {
		if len(dst) == cap(dst) {
			break
		}
		dst = append(dst, r)
	}
	return dst
}

// similar measures how alike texts are. The zero value is ready; it is not
// safe for concurrent use.
type similar struct {
	at   [128]uint64 // where each letter stands in text, as bits
	text string
}

// bytes is jaro of ASCII texts, the shorter one first: the places of each
// letter are bits of a word, so that the first free one in the window is found
// at once.
func (c *similar) bytes(a, b string) float64 {
	if len(a) == 0 {
		return 0
	}
	if c.text != b {
		for i := range len(c.text) {
			c.at[c.text[i]&127] = 0
		}
		for i := range len(b) {
			c.at[b[i]&127] |= 1 << i
		}
		c.text = b
	}
	window := max(len(b)/2-1, 0)
	var ma, mb uint64
	free := ^uint64(0)
	in := uint64(1)<<(window+1) - 1 // the places that may match
	for i := range len(a) {
		if hit := c.at[a[i]&127] & in & free; hit != 0 {
			hit &= -hit
			free ^= hit
			ma |= 1 << i
		}
		in <<= 1
		if i < window {
			in |= 1
		}
	}
	mb = ^free
	m := bits.OnesCount64(ma)
	if m == 0 {
		return 0
	}
	t := 0
	for x, y := ma, mb; x != 0; x, y = x&(x-1), y&(y-1) {
		if a[bits.TrailingZeros64(x)&63] != b[bits.TrailingZeros64(y)&63] {
			t++
		}
	}
	p := 0
	for p < len(a) && p < 4 && a[p] == b[p] {
		p++
	}
	return winkler(m, t, len(a), len(b), p)
}

func winkler(m, t, la, lb, prefix int) float64 {
	f := float64(m)
	s := (f/float64(la) + f/float64(lb) + (f-float64(t)/2)/f) / 3
	if s > 0.7 {
		s += float64(prefix) * 0.1 * (1 - s)
	}
	return s
}

func jaroRunes(a, b []rune) float64 {
	window := max(len(b)/2-1, 0)
	var ma, mb uint64
	m := 0
	for i := range a {
		for j := max(0, i-window); j < min(len(b), i+window+1); j++ {
			if mb>>j&1 == 0 && a[i] == b[j] {
				ma |= 1 << i
				mb |= 1 << j
				m++
				break
			}
		}
	}
	if m == 0 {
		return 0
	}
	t := 0
	for x, y := ma, mb; x != 0; x, y = x&(x-1), y&(y-1) {
		if a[bits.TrailingZeros64(x)] != b[bits.TrailingZeros64(y)] {
			t++
		}
	}
	p := 0
	for p < len(a) && p < 4 && a[p] == b[p] {
		p++
	}
	return winkler(m, t, len(a), len(b), p)
}
