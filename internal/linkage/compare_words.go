package linkage

import (
	"math/bits"
	"strings"
)

// words compares two sets of words.
func (c *comparer) words(f Field, x, y, mx, my []uint32, e *Evidence) {
	if x[0] == y[0] {
		e.Level[f], e.Info[f] = Equal, c.info(f, x[0])
		return
	}
	wa, wb, like := x[0], y[0], wholesMayBeAlike(mx[0], my[0])
	if len(x) > 1 {
		x, mx = x[1:], mx[1:]
	}
	if len(y) > 1 {
		y, my = y[1:], my[1:]
	}
	if len(x) > len(y) {
		x, y, mx, my = y, x, my, mx
	}
	v := c.t.vals[f]
	var all [2]float32
	var common, commonY float32
	var used uint64
	for j := range y {
		all[1] += c.idf(f, y[j])
	}
	for i, p := range x {
		ip := c.idf(f, p)
		all[0] += ip
		hit := -1
		for j, q := range y {
			if p == q && (j > 63 || used>>j&1 == 0) {
				hit = j
				break
			}
		}
		if hit >= 0 {
			common += ip
			commonY += ip
			used |= 1 << hit
			continue
		}
		for j, q := range y {
			if used>>j&1 == 1 || !wordsMayBeAlike(mx[i], my[j]) {
				continue
			}
			tp, tq := v.text(p), v.text(q)
			n := min(len(tp), len(tq))
			edits := 0
			switch {
			case n >= 6:
				edits = 2
			case n >= 4:
				edits = 1
			}
			like := edits > 0 && !digits(tp) && !digits(tq) && v.near(p, q, edits) && v.within(p, q, edits) <= edits
			if !like && (n < 3 || !strings.HasPrefix(tp, tq) && !strings.HasPrefix(tq, tp) || digits(tp)) {
				continue
			}
			iq := c.idf(f, q)
			common += 0.8 * ip
			commonY += 0.8 * iq
			used |= 1 << j
			break
		}
	}
	clash := c.houseNumbers(f, x, y)
	if !clash && like && common < 0.75*max(all[0], all[1]) && c.wholes(f, wa, wb) {
		e.Level[f], e.Info[f] = Typo, max(0, min(c.info(f, wa), c.info(f, wb))-4)
		return
	}
	r, s := common/max(all[0], 0.01), commonY/max(all[1], 0.01)
	lo, hi := min(r, s), max(r, s)
	info := min(common, commonY, c.top)
	switch {
	case lo >= 0.95:
		e.Level[f], e.Info[f] = Equal, info-0.5
	case lo >= 0.75:
		e.Level[f], e.Info[f] = Typo, info-1
	case hi >= 0.85:
		e.Level[f], e.Info[f] = Variant, 0.9*info-1
	case lo >= 0.45 && !clash:
		e.Level[f], e.Info[f] = Partial, 0.7*info-2
	case hi >= 0.4:
		e.Level[f], e.Info[f] = Loose, 0.4*info-2
	default:
		e.Level[f], e.Info[f] = Differ, c.differ[f]
	}
	if e.Level[f] < Differ && e.Info[f] < 0 {
		e.Info[f] = 0
	}
}

// houseNumbers reports whether both streets have numbers and none in common,
// nor one that is like another.
func (c *comparer) houseNumbers(f Field, x, y []uint32) bool {
	if f != Street {
		return false
	}
	v, both := c.t.vals[f], false
	for _, p := range x {
		for _, q := range y {
			tp, tq := v.text(p), v.text(q)
			if !digits(tp) || !digits(tq) {
				continue
			}
			both = true
			if strings.Contains(tp, tq) || strings.Contains(tq, tp) || len(tp) > 1 && v.within(p, q, 1) <= 1 {
				return false
			}
		}
	}
	return both
}

// wholes reports whether two texts are one but for slips across its words.
func (c *comparer) wholes(f Field, p, q uint32) bool {
	v := c.t.vals[f]
	a, b := v.text(p), v.text(q)
	n := max(len(a), len(b))
	return n >= 10 && n <= 40 && bits.OnesCount64(v.list[p].mask^v.list[q].mask) <= n/6 && letterDiff(a, b) <= n/6 && c.like.jaro(a, b) >= 0.88
}

func digits(s string) bool { return s[0] >= '0' && s[0] <= '9' }
