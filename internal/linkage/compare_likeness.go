package linkage

import (
	"math/bits"
	"slices"
	"strings"
)

// word compares two words of names.
func (c *comparer) word(p, q uint32, f Field) (Level, float32) {
	if p == q {
		if c.t.names.size(p) == 1 {
			return Partial, 3
		}
		return Equal, c.nameInfo(p, f)
	}
	if c.t.words[p].unlike(&c.t.words[q], f) {
		return Differ, c.differ[f]
	}
	if p > q {
		p, q = q, p
	}
	key := uint64(p)<<34 | uint64(q)<<4
	if f == Family {
		key |= 1 << 3
	}
	var none uint64
	near := &none
	if c.near != nil {
		near = &c.near[key*0x9e3779b97f4a7c15>>(64-nearBits)]
	}
	if *near&^7 != key {
		*near = key | uint64(c.likeness(p, q, f))
	}
	l := Level(*near & 7)
	if l >= Differ {
		return l, c.differ[f]
	}
	if l == Typo {
		count := c.t.giv
		if f == Family {
			count = c.t.fam
		}
		if float64(min(count[p], count[q])) > 3*(1+c.dup) { // two names, both in use
			l = Loose
		}
	}
	i := min(c.nameInfo(p, f), c.nameInfo(q, f))
	switch l {
	case Variant:
		i -= 2
	case Typo:
		i -= 2.5
	case Partial:
		i = 3.5
	case Loose:
		i = i/2 - 1
	}
	return l, max(0, i)
}

func (c *comparer) likeness(p, q uint32, f Field) Level {
	v := c.t.names
	a, b := v.text(p), v.text(q)
	if len(a) > len(b) {
		a, b = b, a
	}
	n := len(a)
	if numbered(a, b) {
		return Differ
	}
	if v.wide && (!ascii(a) || !ascii(b)) {
		return c.likenessRunes(a, b)
	}
	switch {
	case n == 1:
		if b[0] == a[0] {
			return Partial
		}
		return Differ
	case f == Given && nicknames(c.t.nick[p], c.t.nick[q]):
		return Variant
	case n >= 4 && v.near(p, q, 1) && v.within(p, q, 1) <= 1, n == 3 && len(b) == 4 && v.within(p, q, 1) <= 1, n >= 7 && v.near(p, q, 2) && v.within(p, q, 2) <= 2:
		return Typo
	case n >= 3 && strings.HasPrefix(b, a):
		if f == Given || n >= 4 {
			return Variant
		}
		return Loose
	case n == 3 && len(b) == 3 && v.within(p, q, 1) <= 1:
		return Loose
	case f == Given && n == 2 && strings.HasPrefix(b, a):
		return Partial
	}
	if bits.OnesCount32(uint32(v.list[p].mask^v.list[q].mask)) > 6 && !(len(b) >= 2*n && strings.Contains(b, a)) {
		return Differ // no two words so like each other have so few letters in common
	}
	same := c.t.sound[p] == c.t.sound[q]
	j, least := 0.0, 0.85
	if same {
		least = 0.75
	}
	if v.reach(p, q, least) {
		j = c.like.jaro(a, b)
	}
	switch {
	case n >= 4 && (j >= 0.92 || same && j >= 0.85):
		return Typo
	case n >= 4 && shuffled(a, b):
		return Loose
	case j >= 0.85, same && j >= 0.75, len(b) >= 2*n && n >= 4 && strings.Contains(b, a):
		return Loose
	}
	return Differ
}

// numbered reports whether two words are one with two numbers behind it, such as
// Room101 and Room102, or two numbers.
func numbered(a, b string) bool {
	if a[len(a)-1] > '9' || b[len(b)-1] > '9' {
		return false
	}
	x, y := strings.TrimRight(a, "0123456789"), strings.TrimRight(b, "0123456789")
	return len(x) < len(a) && len(y) < len(b) && x == y
}

// likenessRunes is likeness of words of which one is not written in plain
// letters: what counts are its code points. In Chinese, Japanese and Korean
// one of them is a name, in other scripts an initial.
func (c *comparer) likenessRunes(a, b string) Level {
	x, y := []rune(a), []rune(b)
	if len(x) > len(y) {
		x, y = y, x
	}
	n := len(x)
	dense := n > 0 && x[0] >= 0x2e80
	switch {
	case n == 0:
		return Differ
	case n == 1 && !dense && x[0] == y[0]:
		return Partial
	case n == 1, dense && n == 2 && len(y) == 2:
		return Differ
	}
	edits := edits(x, y, 2)
	switch {
	case n >= 4 && edits <= 1, n >= 7 && edits <= 2, n == 3 && len(y) == 4 && edits <= 1:
		return Typo
	case n >= 3 && slices.Equal(x, y[:n]):
		return Variant
	case n == 3 && len(y) == 3 && edits <= 1, c.like.jaro(a, b) >= 0.85:
		return Loose
	}
	return Differ
}

// shuffled reports whether two words have the same letters, but one.
func shuffled(a, b string) bool { return letterDiff(a, b) <= (len(a)+len(b))/8 }

// scrambled reports whether two addresses are one with several slips.
func (c *comparer) scrambled(p, q uint32) bool {
	v := c.t.vals[Email]
	a, b := v.text(p), v.text(q)
	if len(a) < 10 {
		return false
	}
	d := 99
	if len(a) >= 12 {
		d = letterDiff(a, b)
	}
	if d <= 1 {
		return true
	}
	least := 0.93
	if d <= 4 {
		least = 0.85
	}
	return v.reach(p, q, least) && c.like.jaro(a, b) >= least
}

// letterDiff counts the letters that one of two words has more than the other.
func letterDiff(a, b string) int {
	var n [32]int8
	for i := range len(a) {
		n[a[i]&31]++
	}
	for i := range len(b) {
		n[b[i]&31]--
	}
	d := 0
	for _, x := range n {
		d += int(max(x, -x))
	}
	return d
}
