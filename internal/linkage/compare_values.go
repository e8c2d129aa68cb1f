package linkage

import (
	"math/bits"
	"strings"
)

// plain compares values that are one word each.
func (c *comparer) plain(f Field, x, y []uint32, e *Evidence) {
	best, info := Differ, c.differ[f]
	for _, p := range x {
		for _, q := range y {
			if p == q {
				if i := c.info(f, p); best != Equal || i > info {
					best, info = Equal, i
				}
				continue
			}
			if best < Partial {
				continue
			}
			l := c.level(f, p, q)
			if l < best {
				best = l
				switch l {
				case Loose:
					info = 0
					if f == Identifier || f == City {
						info = max(0, min(c.info(f, p), c.info(f, q))/3)
					}
				case Partial:
					info = max(0, min(c.info(f, p), c.info(f, q))/2)
				default:
					info = max(0, min(c.info(f, p), c.info(f, q))-slack[f])
				}
			}
		}
	}
	e.Level[f], e.Info[f] = best, info
}

// level compares two values that are one word each. How cities, regions and
// countries compare is kept: there are few of them.
func (c *comparer) level(f Field, p, q uint32) Level {
	if c.known == nil || f != City && f != Region && f != Country {
		return c.likeValues(f, p, q)
	}
	p, q = min(p, q), max(p, q)
	key := uint64(f)<<59 | uint64(p)<<31 | uint64(q)<<3
	known := &c.known[key*0x9e3779b97f4a7c15>>(64-knownBits)]
	if *known&^7 != key {
		*known = key | uint64(c.likeValues(f, p, q))
	}
	return Level(*known & 7)
}

func (c *comparer) likeValues(f Field, p, q uint32) Level {
	v := c.t.vals[f]
	tp, tq := v.text(p), v.text(q)
	n := min(len(tp), len(tq))
	switch {
	case n >= 4 && v.near(p, q, 1) && v.within(p, q, 1) <= 1, f != Identifier && n >= 6 && v.near(p, q, 2) && v.within(p, q, 2) <= 2:
		return Typo
	case f == Identifier && n >= 7 && v.near(p, q, 2) && v.within(p, q, 2) <= 2:
		return Partial
	case f == Identifier && n >= 7 && v.near(p, q, 3) && v.within(p, q, 3) <= 3:
		return Loose
	case (f == Postcode && n >= 4 || f == City && n >= 5) && len(tp) == len(tq) && letterDiff(tp, tq) == 0:
		return Typo
	case f == City && n >= 5 && v.reach(p, q, 0.9) && c.like.jaro(tp, tq) >= 0.9:
		return Loose
	case f == Postcode && n >= 4 && tp[:n-2] == tq[:n-2]:
		return Partial
	case f == City && n >= 4 && (strings.Contains(tp, tq) || strings.Contains(tq, tp)):
		return Variant
	case f == Identifier && n >= 5 && (strings.HasSuffix(tp, tq) || strings.HasSuffix(tq, tp)):
		return Variant
	case (f == Region || f == Country) && n <= 3 && n > 0 && tp[0] == tq[0] && (len(tp) > 3 || len(tq) > 3):
		return Loose // WA, Western Australia
	}
	return Differ
}

func (c *comparer) phone(x, y, mx, my []uint32, e *Evidence) {
	v := c.t.vals[Phone]
	best, info := Differ, float32(0)
	for i, p := range x {
		for j, q := range y {
			if p != q && likest(Phone, mx[i], my[j]) == Differ {
				continue
			}
			dp, dq := v.digit[p], v.digit[q]
			lp, lq := int(dp>>60), int(dq>>60)
			n := min(lp, lq)
			apart := (dp ^ dq) & (1<<(4*n) - 1) // the digits from the end in which they differ
			if p == q || lp != lq && n >= 7 && apart == 0 {
				if i := min(c.info(Phone, p), c.info(Phone, q)); best != Equal || i > info {
					best, info = Equal, i
				}
				continue
			}
			if best <= Typo || n < 7 {
				continue
			}
			next := lp == lq && apart>>8 == 0 // the next extension
			if slip(dp&^(15<<60), dq&^(15<<60), lp-lq, 15) {
				if best, info = Typo, c.info(Phone, p)-8; next {
					best, info = Partial, 2
				}
			} else if n >= 8 && best > Loose && lp == lq && replaced(apart) <= 2 {
				best, info = Loose, c.info(Phone, p)-12
			} else if next && best > Partial {
				best, info = Partial, 2
			}
		}
	}
	e.Level[Phone], e.Info[Phone] = best, max(0, info)
	if best == Equal {
		for _, p := range x {
			for _, q := range y {
				if p == q && v.count[p] > 8 {
					e.Shared[Phone] = true
				}
			}
		}
	}
}

// slip reports whether one edit makes two numbers equal, of which one has so
// many digits more. Of both, the last digits are given, so many at most.
func slip(a, b uint64, more, width int) bool {
	if more < 0 {
		a, b, more = b, a, -more
	}
	x := a ^ b
	if x == 0 {
		return more <= 1
	}
	i := bits.TrailingZeros64(x) &^ 3 // where they differ, from the end
	switch more {
	case 0:
		return x>>i < 16 || x>>i < 256 && a>>i&15 == b>>(i+4)&15 && a>>(i+4)&15 == b>>i&15
	case 1:
		return a>>(i+4) == b>>i&(1<<(4*width-4-i)-1)
	}
	return false
}

// replaced is how many digits differ in two numbers of one length, of which
// apart are the bits that do.
func replaced(apart uint64) int {
	apart |= apart >> 2
	apart |= apart >> 1
	return bits.OnesCount64(apart & 0x1111111111111111)
}

func (c *comparer) date(x, y []uint32, e *Evidence) {
	v := c.t.vals[Date]
	best, info := Differ, float32(0)
	for _, p := range x {
		for _, q := range y {
			l, i := Differ, float32(0)
			if p == q {
				l, i = Equal, c.info(Date, p)
				if s := v.text(p); s[4:] == "0000" {
					l, i = Partial, 4
				}
			} else {
				l, i = dates(v.text(p), v.text(q))
			}
			if l < best || l == best && i > info {
				best, info = l, i
			}
		}
	}
	e.Level[Date], e.Info[Date] = best, info
}

// dates compares two dates written YYYYMMDD.
func dates(a, b string) (Level, float32) {
	year, month, day := a[:4] == b[:4], a[4:6] == b[4:6], a[6:] == b[6:]
	blank := func(s string) bool { return s[4:] == "0000" }
	switch {
	case a[:4] == "0000" || b[:4] == "0000":
		if month && day {
			return Partial, 8
		}
		return Differ, 0
	case blank(a) || blank(b):
		if year {
			return Partial, 4
		}
		return Differ, 0
	case year && a[4:6] == b[6:] && a[6:] == b[4:6]:
		return Variant, 10
	}
	if year && (a[4:] == "0101" || b[4:] == "0101") {
		return Partial, 5
	}
	info := part(a[:4], b[:4], 5.5, 2.3) + part(a[4:6], b[4:6], 3.5, 1.2) + part(a[6:], b[6:], 5, 1.8)
	switch {
	case info >= 9:
		return Typo, info - 1
	case info >= 6.5:
		return Partial, info - 1
	case info >= 4.7:
		return Loose, info - 1
	}
	return Differ, 0
}

// part is what a part of a date says: where it is equal, and where it is off
// by one or in one digit.
func part(a, b string, equal, near float32) float32 {
	if a == b {
		return equal
	}
	diff, x, y := 0, 0, 0
	for i := range a {
		if a[i] != b[i] {
			diff++
		}
		x, y = x*10+int(a[i]-'0'), y*10+int(b[i]-'0')
	}
	if diff == 1 || x-y == 1 || y-x == 1 || diff == 2 && len(a) == 2 && a[0] == b[1] && a[1] == b[0] {
		return near
	}
	return 0
}

func (c *comparer) email(x, y, mx, my []uint32, e *Evidence) {
	best, info := Differ, float32(0)
	for i, p := range x {
		for j, q := range y {
			if p == q {
				if i := c.info(Email, p); best != Equal || i > info {
					best, info = Equal, i
				}
				if c.t.mails[p].role || c.t.vals[Email].count[p] > 12 {
					e.Shared[Email] = true
					info = min(info, 4)
				}
				continue
			}
			if best <= Variant {
				continue
			}
			a, b := mx[i], my[j]
			may := likest(Email, a, b)
			if (a|b)&role != 0 || may == Differ && (best <= Partial || !oneHost(a, b)) {
				continue
			}
			m, n := &c.t.mails[p], &c.t.mails[q]
			if may == Differ {
				if m.host == n.host {
					best, info = Partial, 0
				}
				continue
			}
			lv := c.t.local
			tp, tq := lv.text(m.local), lv.text(n.local)
			k := min(len(tp), len(tq))
			l, i := Differ, float32(0)
			switch {
			case m.local == n.local && k >= 4 && m.host != 0 && n.host != 0 && c.t.host.near(m.host, n.host, 1) && c.t.host.within(m.host, n.host, 1) <= 1:
				l, i = Typo, c.top-1
			case m.local == n.local && k >= 4:
				l, i = Variant, c.locals[m.local]
			case k > 0 && numbered(tp, tq): // wei.chen1 and wei.chen2: namesakes
				if m.host == n.host {
					l, i = Partial, 0
				}
			case m.host == n.host && k >= 4 && lv.near(m.local, n.local, 2) && lv.within(m.local, n.local, 2) <= 2:
				l, i = Typo, c.top-2
				if lv.within(m.local, n.local, 1) > 1 {
					i -= 2
				}
			case m.host == n.host && k >= 5 && lv.near(m.local, n.local, 3) && lv.reach(m.local, n.local, 0.92) && c.like.jaro(tp, tq) >= 0.92:
				l, i = Loose, c.top-6
			case k >= 4 && c.t.vals[Email].near(p, q, 3) && c.scrambled(p, q):
				l, i = Loose, c.top-5
			case m.host == n.host:
				l, i = Partial, 0 // colleagues, or the same provider
			case k >= 7 && lv.near(m.local, n.local, 1) && lv.within(m.local, n.local, 1) <= 1:
				l, i = Loose, c.locals[m.local]-4
			}
			if l < best || l == best && i > info {
				best, info = l, i
			}
		}
	}
	e.Level[Email], e.Info[Email] = best, max(0, info)
	if best != Equal && best < Differ {
		for _, f := range [...]Field{Given, Family} {
			if e.Level[f] != Missing && e.Level[f] < Differ {
				e.Implied = true
			}
		}
	}
}
