package linkage

import (
	"math/bits"
	"unicode/utf8"
)

// Similarity measures how alike texts are. It is not safe for concurrent use.
type Similarity struct {
	at   [128]uint64 // where each letter stands in text, as bits
	text string
	wide bool // text is not ASCII, or longer than a word has bits
}

// NewSimilarity returns what measures.
func NewSimilarity() *Similarity { return &Similarity{} }

// JaroWinkler is the Jaro-Winkler similarity of two texts by their code
// points, 0 to 1, with a bonus of a tenth of what is missing for each of up to
// four first letters in common, given from a Jaro similarity of more than 0.7
// on. It is fastest where b is that of the call before. Texts of more than 64
// letters are taken for different.
func (s *Similarity) JaroWinkler(a, b string) float64 {
	if s.text != b {
		s.set(b)
	}
	if !s.wide && len(a) <= 64 {
		if j, ok := s.bytes(a); ok {
			return j
		}
	}
	var x, y [65]rune
	p, q := runes(x[:0], a), runes(y[:0], b)
	if len(p) > 64 || len(q) > 64 {
		return 0
	}
	return jaroRunes(p, q)
}

// jaro is JaroWinkler of two texts in an order that does not depend on which
// comes first, where they are not of one length.
func (s *Similarity) jaro(a, b string) float64 {
	if len(a) > len(b) {
		a, b = b, a
	}
	return s.JaroWinkler(a, b)
}

// set notes where each letter of a text stands.
func (s *Similarity) set(b string) {
	if !s.wide {
		for i := range len(s.text) {
			s.at[s.text[i]&127] = 0
		}
	}
	if s.text, s.wide = b, len(b) > 64 || !ascii(b); s.wide {
		return
	}
	for i := range len(b) {
		s.at[b[i]&127] |= 1 << i
	}
}

// bytes compares an ASCII text with the one that is set: the places of each
// letter are bits of a word, so that the first free one in the window is found
// at once. It reports false where the text is not ASCII.
func (s *Similarity) bytes(a string) (float64, bool) {
	b := s.text
	window := max(max(len(a), len(b))/2-1, 0)
	free := ^uint64(0)
	in := uint64(1)<<(window+1) - 1 // the places that may match
	var ma uint64
	var all byte
	for i := range len(a) {
		all |= a[i]
		hit := s.at[a[i]&127] & in & free
		hit &= -hit
		free ^= hit
		ma |= (hit | -hit) >> 63 << (i & 63)
		in <<= 1
		if i < window {
			in |= 1
		}
	}
	if all >= utf8.RuneSelf {
		return 0, false
	}
	if ma == 0 {
		return 0, true
	}
	t := 0
	for x, y := ma, ^free; x != 0; x, y = x&(x-1), y&(y-1) {
		if a[bits.TrailingZeros64(x)] != b[bits.TrailingZeros64(y)] {
			t++
		}
	}
	p := 0
	for n := min(len(a), len(b), 4); p < n && a[p] == b[p]; p++ {
	}
	return winkler(bits.OnesCount64(ma), t, len(a), len(b), p), true
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

func winkler(m, t, la, lb, prefix int) float64 {
	f := float64(m)
	s := (f/float64(la) + f/float64(lb) + (f-float64(t/2))/f) / 3
	if s > 0.7 {
		s += float64(prefix) * 0.1 * (1 - s)
	}
	return s
}

func jaroRunes(a, b []rune) float64 {
	window := max(max(len(a), len(b))/2-1, 0)
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
	for n := min(len(a), len(b), 4); p < n && a[p] == b[p]; p++ {
	}
	return winkler(m, t, len(a), len(b), p)
}
