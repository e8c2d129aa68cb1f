package linkage

import (
	"math/bits"
	"slices"
	"strings"
)

// Evidence is what comparing two records found: for each field how well they
// agree, and how much that says.
type Evidence struct {
	Level [Fields]Level
	// Info is how surprising the agreement would be by chance, in bits: the
	// rarer a value, the more. Of a difference it is next to nothing.
	Info [Fields]float32
	// Swapped: given and family name stand in each other's place.
	Swapped bool
	// Shared: the email or phone is one that several people hold.
	Shared [Fields]bool
	// Implied: the mailboxes are made of the name, so that they agree as soon
	// as the names do.
	Implied bool
}

// comparer compares the records of a table. It is not safe for concurrent use.
type comparer struct {
	t *Table
	*stats
	near []nearWords
	like Similarity
}

// nearWords remembers how two words of names compare.
type nearWords struct {
	pair  uint64
	level Level
}

const nearBits = 16

func newComparer(t *Table, s *stats) *comparer {
	return &comparer{t: t, stats: s, near: make([]nearWords, 1<<nearBits)}
}

// compare fills in the evidence.
func (c *comparer) compare(a, b int, e *Evidence) {
	ra, rb := c.t.row(a), c.t.row(b)
	c.others(ra, rb, e)
	c.pair(a, b, e)
	if x, y := ra.get(Email), rb.get(Email); len(x) > 0 && len(y) > 0 {
		c.email(x, y, e)
	}
}

// score is what a model says of two records; below least, it is any value
// below least. Addresses that differ are compared where something hangs on it.
func (c *comparer) score(a, b int, m *Model, prior, least float32, e *Evidence) float32 {
	ra, rb := c.t.row(a), c.t.row(b)
	c.others(ra, rb, e)
	c.pair(a, b, e)
	var w [Fields]float32
	if x, y := ra.get(Email), rb.get(Email); len(x) > 0 && len(y) > 0 {
		if !common(x, y) {
			m.bits(e, &w)
			// No likeness of addresses says more: a mailbox name that two
			// records share, at other hosts, counts for a tenth of a record at
			// least (see freq), which is less than four bits above the top.
			most := prior + c.top + 4
			for _, b := range w {
				most += b
			}
			if most < least {
				return most
			}
		}
		c.email(x, y, e)
	}
	m.bits(e, &w)
	return m.score(e, &w, prior)
}

// common reports whether two records have a value in common.
func common(x, y []uint32) bool {
	for _, p := range x {
		for _, q := range y {
			if p == q {
				return true
			}
		}
	}
	return false
}

// pair has a second first name say what it adds to the first.
func (c *comparer) pair(a, b int, e *Evidence) {
	if e.Level[Given] != Equal || e.Level[Middle] != Equal {
		return
	}
	if c.pairs == nil {
		e.Info[Middle] = min(e.Info[Middle], 3)
	} else if p := c.t.pair[a]; p != 0 && p == c.t.pair[b] {
		e.Info[Middle] = min(e.Info[Middle], max(0, c.pairs[p]-e.Info[Given]))
	}
}

// others compares all fields but Email.
func (c *comparer) others(ra, rb row, e *Evidence) {
	*e = Evidence{}
	c.person(ra, rb, e)
	for both := ra.fields() & rb.fields() &^ (1<<Given | 1<<Family | 1<<Middle | 1<<Email); both != 0; both &= both - 1 {
		f := Field(bits.TrailingZeros32(both))
		x, y := ra.get(f), rb.get(f)
		switch f {
		case Phone:
			c.phone(x, y, e)
		case Date:
			c.date(x, y, e)
		case Org, Street, Company, Title, Text:
			c.words(f, x, y, e)
		case Proof:
			c.proof(x, y, e)
		case Suffix:
			e.Level[f] = Differ
			if x[0] == y[0] {
				e.Level[f] = Equal
			}
		default:
			c.plain(f, x, y, e)
		}
	}
}

// proof compares what was proved or given out.
func (c *comparer) proof(x, y []uint32, e *Evidence) {
	v := c.t.vals[Proof]
	for _, p := range x {
		from, _, _ := strings.Cut(v.texts[p], "\x00")
		for _, q := range y {
			if p == q {
				if e.Level[Proof] = Variant; !strings.HasSuffix(v.texts[p], "\x00") {
					e.Level[Proof] = Equal
					return
				}
			}
			if other, _, _ := strings.Cut(v.texts[q], "\x00"); other == from && e.Level[Proof] == Missing {
				e.Level[Proof] = Differ
			}
		}
	}
}

// words compares two sets of words.
func (c *comparer) words(f Field, x, y []uint32, e *Evidence) {
	if x[0] == y[0] {
		e.Level[f], e.Info[f] = Equal, c.info(f, x[0])
		return
	}
	wa, wb := x[0], y[0]
	if len(x) > 1 {
		x = x[1:]
	}
	if len(y) > 1 {
		y = y[1:]
	}
	if len(x) > len(y) {
		x, y = y, x
	}
	v := c.t.vals[f]
	var all [2]float32
	var common, commonY float32
	var used uint64
	for j := range y {
		all[1] += c.idf(f, y[j])
	}
	for _, p := range x {
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
		tp := v.texts[p]
		if len(tp) < 2 {
			continue
		}
		for j, q := range y {
			tq := v.texts[q]
			if used>>j&1 == 1 || len(tq) < 2 {
				continue
			}
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
	if !clash && common < 0.75*max(all[0], all[1]) && c.wholes(f, wa, wb) {
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
			tp, tq := v.texts[p], v.texts[q]
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
	a, b := v.texts[p], v.texts[q]
	n := max(len(a), len(b))
	return n >= 10 && n <= 40 && letterDiff(a, b) <= n/6 && c.like.jaro(a, b) >= 0.88
}

func digits(s string) bool { return s[0] >= '0' && s[0] <= '9' }

// plain compares values that are one word each.
func (c *comparer) plain(f Field, x, y []uint32, e *Evidence) {
	v := c.t.vals[f]
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
			tp, tq := v.texts[p], v.texts[q]
			n := min(len(tp), len(tq))
			l := Differ
			switch {
			case n >= 4 && v.near(p, q, 1) && v.within(p, q, 1) <= 1, f != Identifier && n >= 6 && v.near(p, q, 2) && v.within(p, q, 2) <= 2:
				l = Typo
			case f == Identifier && n >= 7 && v.near(p, q, 2) && v.within(p, q, 2) <= 2:
				l = Partial
			case f == Identifier && n >= 7 && v.near(p, q, 3) && v.within(p, q, 3) <= 3:
				l = Loose
			case (f == Postcode && n >= 4 || f == City && n >= 5) && len(tp) == len(tq) && letterDiff(tp, tq) == 0:
				l = Typo
			case f == City && n >= 5 && v.reach(p, q, 0.9) && c.like.jaro(tp, tq) >= 0.9:
				l = Loose
			case f == Postcode && n >= 4 && tp[:n-2] == tq[:n-2]:
				l = Partial
			case f == City && n >= 4 && (strings.Contains(tp, tq) || strings.Contains(tq, tp)):
				l = Variant
			case f == Identifier && n >= 5 && (strings.HasSuffix(tp, tq) || strings.HasSuffix(tq, tp)):
				l = Variant
			case (f == Region || f == Country) && n <= 3 && n > 0 && tp[0] == tq[0] && (len(tp) > 3 || len(tq) > 3):
				l = Loose // WA, Western Australia
			}
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

func (c *comparer) phone(x, y []uint32, e *Evidence) {
	v := c.t.vals[Phone]
	best, info := Differ, float32(0)
	for _, p := range x {
		for _, q := range y {
			tp, tq := v.texts[p], v.texts[q]
			if p == q || len(tp) != len(tq) && min(len(tp), len(tq)) >= 7 && (strings.HasSuffix(tp, tq) || strings.HasSuffix(tq, tp)) {
				if i := min(c.info(Phone, p), c.info(Phone, q)); best != Equal || i > info {
					best, info = Equal, i
				}
				continue
			}
			n := min(len(tp), len(tq))
			if best <= Typo || n < 7 {
				continue
			}
			if v.near(p, q, 1) && v.within(p, q, 1) <= 1 {
				best, info = Typo, c.info(Phone, p)-8
				if len(tp) == len(tq) && tp[:n-2] == tq[:n-2] { // the next extension
					best, info = Partial, 2
				}
			} else if n >= 8 && v.near(p, q, 2) && v.within(p, q, 2) <= 2 && best > Loose {
				best, info = Loose, c.info(Phone, p)-12
			} else if len(tp) == len(tq) && tp[:n-2] == tq[:n-2] && best > Partial {
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

func (c *comparer) date(x, y []uint32, e *Evidence) {
	v := c.t.vals[Date]
	best, info := Differ, float32(0)
	for _, p := range x {
		for _, q := range y {
			l, i := Differ, float32(0)
			if p == q {
				l, i = Equal, c.info(Date, p)
				if s := v.texts[p]; s[4:] == "0000" {
					l, i = Partial, 4
				}
			} else {
				l, i = dates(v.texts[p], v.texts[q])
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

func (c *comparer) email(x, y []uint32, e *Evidence) {
	best, info := Differ, float32(0)
	for _, p := range x {
		for _, q := range y {
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
			m, n := c.t.mails[p], c.t.mails[q]
			if m.role || n.role {
				continue
			}
			lv := c.t.local
			tp, tq := lv.texts[m.local], lv.texts[n.local]
			k := min(len(tp), len(tq))
			l, i := Differ, float32(0)
			switch {
			case m.local == n.local && k >= 4 && m.host != 0 && n.host != 0 && c.t.host.near(m.host, n.host, 1) && c.t.host.within(m.host, n.host, 1) <= 1:
				l, i = Typo, c.top-1
			case m.local == n.local && k >= 4:
				l, i = Variant, c.locals[m.local]
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

// person compares names.
func (c *comparer) person(a, b row, e *Evidence) {
	t := c.t
	const names = 1<<Given | 1<<Family | 1<<Middle
	if a.fields()&names == 0 || b.fields()&names == 0 {
		return
	}
	ga, gb, fa, fb := a.get(Given), b.get(Given), a.get(Family), b.get(Family)
	lg, ig := c.given(ga, gb)
	lf, jf := c.family(fa, fb)
	if (lg >= Loose || lg == Missing) && (lf >= Loose || lf == Missing) && (len(ga)+len(fa) > 0 && len(gb)+len(fb) > 0) {
		// in each other's place, or one of the two in the wrong one
		l1, i1 := c.cross(ga, fb)
		l2, i2 := c.cross(fa, gb)
		if (l1 != Missing && l1 <= Typo || l2 != Missing && l2 <= Typo) && l1 < Differ && l2 < Differ {
			lg, ig, lf, jf = l1, i1, l2, i2
			if lf == Missing || lg != Missing && ig > jf { // which is which does not depend on the order
				lg, ig, lf, jf = lf, jf, lg, ig
			}
			e.Swapped = true
		}
	}
	ma, mb := a.get(Middle), b.get(Middle)
	if lg >= Loose && len(ga) > 0 && len(gb) > 0 {
		// known by the middle name
		for _, m := range ma {
			if l, i := c.word(m, gb[0], Given); l <= Typo {
				lg, ig = Loose, i-1
			}
		}
		for _, m := range mb {
			if l, i := c.word(m, ga[0], Given); l <= Typo {
				lg, ig = Loose, i-1
			}
		}
		if len(ma) > 0 && len(mb) > 0 && lg >= Loose {
			for _, m := range ma {
				for _, n := range mb {
					if m == n && len(t.names.texts[m]) > 1 {
						lg, ig = Loose, 0
					}
				}
			}
		}
	}
	if lf >= Loose && len(fa) > 0 && len(fb) > 0 {
		for _, m := range ma {
			if m == fb[0] {
				lf, jf = Loose, c.nameInfo(m, Family)-1
			}
		}
		for _, m := range mb {
			if m == fa[0] {
				lf, jf = Loose, c.nameInfo(m, Family)-1
			}
		}
	}
	e.Level[Given], e.Info[Given] = lg, max(0, ig)
	e.Level[Family], e.Info[Family] = lf, max(0, jf)
	if len(ma) > 0 && len(mb) > 0 {
		best, info := Differ, float32(0)
		for _, m := range ma {
			for _, n := range mb {
				if l, i := c.word(m, n, Given); l < best {
					best, info = l, i
				}
			}
		}
		e.Level[Middle], e.Info[Middle] = best, max(0, info)
	}
}

func (c *comparer) given(x, y []uint32) (Level, float32) {
	if len(x) == 0 || len(y) == 0 {
		return Missing, 0
	}
	return c.word(x[0], y[0], Given)
}

func (c *comparer) family(x, y []uint32) (Level, float32) {
	if len(x) == 0 || len(y) == 0 {
		return Missing, 0
	}
	best, info := Differ, c.differ[Family]
	for _, p := range x {
		for _, q := range y {
			if l, i := c.word(p, q, Family); l < best {
				best, info = l, i
			}
		}
	}
	if len(x) != len(y) && best == Equal {
		best, info = Variant, info-1
	}
	return best, info
}

// cross compares a given name with a family name.
func (c *comparer) cross(x, y []uint32) (Level, float32) {
	if len(x) == 0 || len(y) == 0 {
		return Missing, 0
	}
	l, i := c.word(x[0], y[0], Given)
	if l == Equal || l == Typo {
		i = min(c.nameInfo(x[0], Given)+c.nameInfo(y[0], Family), 2*i) / 2
	}
	return l, i
}

// word compares two words of names.
func (c *comparer) word(p, q uint32, f Field) (Level, float32) {
	if p == q {
		if len(c.t.names.texts[p]) == 1 {
			return Partial, 3
		}
		return Equal, c.nameInfo(p, f)
	}
	if p > q {
		p, q = q, p
	}
	key := uint64(p)<<32 | uint64(q)
	if f == Family {
		key |= 1 << 63
	}
	var alone nearWords
	n := &alone
	if c.near != nil {
		n = &c.near[key*0x9e3779b97f4a7c15>>(64-nearBits)]
	}
	if n.pair != key {
		*n = nearWords{key, c.likeness(p, q, f)}
	}
	l := n.level
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
	a, b := v.texts[p], v.texts[q]
	if len(a) > len(b) {
		a, b = b, a
	}
	n := len(a)
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
	if bits.OnesCount32(uint32(v.mask[p]^v.mask[q])) > 6 && !(len(b) >= 2*n && strings.Contains(b, a)) {
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
	a, b := v.texts[p], v.texts[q]
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
