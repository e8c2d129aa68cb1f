package linkage

import "math/bits"

// Most pairs that share a key are two people. They are told apart by what
// stands in their rows: the values' numbers and a mark of each, made of its
// letters, its size and the like. What is not equal nor alike by its mark differs; of all
// else the best is believed. Where even that is too little, the pair is given
// up before any text is read.

// mark is what a row holds of a value besides its number. Whole says that the
// value is a set of words, not one of them.
func (t *Table) mark(f Field, id uint32, whole bool) uint32 {
	v := t.vals[f]
	switch f {
	case Email:
		return t.mailMark(t.mails[id])
	case Phone:
		return uint32(v.digit[id]>>60)<<28 | uint32(v.digit[id])&(1<<28-1)
	case Postcode:
		return codeMark(v.text(id))
	case Org, Street, Company, Title, Text:
		m := lettersOf(v, id)
		if s := v.text(id); !whole && (len(s) < 3 || digits(s)) {
			m |= alone
		}
		return m
	}
	if s := v.text(id); allDigits(s) { // an identifier
		return uint32(figures(s)) | figured
	}
	return uint32(v.list[id].mask) &^ figured
}

// lettersOf is a mark of the letters of a text and its size.
func lettersOf(v *values, id uint32) uint32 {
	return uint32(v.list[id].mask)&lettered | uint32(min(v.size(id), longest))<<26
}

// marked appends the marks of the values of a field.
func (t *Table) marked(dst []uint32, f Field, ids []uint32) []uint32 {
	for i, id := range ids {
		m := uint32(0)
		switch f {
		case Given, Family, Middle: // words of names have theirs in the table
		case Date, Suffix, City, Region, Country, Proof: // they are compared at once, or believed
		default:
			m = t.mark(f, id, i == 0 && len(ids) > 1)
		}
		dst = append(dst, m)
	}
	return dst
}

const (
	figured  = 1 << 31   // marks what is made of digits alone
	lettered = 1<<26 - 1 // the letters of a mark; behind them stands its size
	alone    = 1 << 31   // marks a word that nothing but itself is like
)

func allDigits(s string) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return true
}

// marks returns the marks of the values of a field, in their order.
func (r row) marks(f Field) []uint32 {
	have := r[0]
	if have>>f&1 == 0 {
		return nil
	}
	n := uint32(bits.OnesCount32(have))
	k := uint32(bits.OnesCount32(have & (1<<f - 1)))
	start := n + 1
	if k > 0 {
		start = r[k]
	}
	values := r[n] - (n + 1)
	return r[start+values : r[k+1]+values]
}

// differing is how many letters are in one of two marks alone.
func differing(a, b uint32) int { return bits.OnesCount32(a ^ b) }

// inside reports whether all letters of one mark are in the other.
func inside(a, b uint32) bool { return a&^b == 0 || b&^a == 0 }

// nameWord is what tells two words of names apart without their letters.
type nameWord struct {
	mask  uint64
	head  uint32 // the first four letters
	sound uint16 // a hash of it
	size  uint8
	flags uint8
}

const (
	open  = 1 << iota // an initial or another script: any may be like it
	known             // it has other forms
)

func (t *Table) nameWord(w string, id uint32) nameWord {
	n := nameWord{mask: t.names.list[id].mask, sound: uint16(mix(t.sound[id], 0)), size: uint8(min(len(w), 255))}
	for i := range min(len(w), 4) {
		n.head |= uint32(w[i]) << (8 * i)
	}
	if len(w) == 1 || len(w) > 64 || !ascii(w) {
		n.flags = open
	}
	if len(t.nick[id]) > 0 {
		n.flags |= known
	}
	return n
}

// unlike reports whether two words of names surely differ; it asks what
// [comparer.likeness] does, of what is known of the letters.
func (a *nameWord) unlike(b *nameWord, f Field) bool {
	if (a.flags|b.flags)&open != 0 || f == Given && a.flags&b.flags&known != 0 {
		return false
	}
	la, lb := int(a.size), int(b.size)
	n, more := min(la, lb), max(la-lb, lb-la)
	once, all := differing(uint32(a.mask), uint32(b.mask)), bits.OnesCount64(a.mask^b.mask)
	if once <= 2 && more <= 1 || once <= 4 && more <= 2 && n >= 7 || all <= (la+lb)/8 || inside(uint32(a.mask), uint32(b.mask)) {
		return false
	}
	least := float32(0.85)
	if a.sound == b.sound {
		least = 0.75
	}
	// Without what equal beginnings add.
	bonus := 0.1 * float32(min(bits.TrailingZeros32(a.head^b.head)/8, 4))
	common := float32(min(n, (la+lb-all)/2))
	return (common/float32(la)+common/float32(lb)+1)/3 < (least-bonus)/(1-bonus)-1e-5
}

// byCost are the fields in the order in which they are compared while a pair
// may still be one entity.
var byCost = [...]Field{Phone, Email, Postcode, Company, Street, Title, Org, Text, Identifier, Proof}

// promising compares two records, of which the names are compared, field by
// field, as long as the rest might still make one entity of them. It reports
// whether it did; all fields are compared then.
func (c *comparer) promising(ra, rb row, e *Evidence, enough float32) bool {
	both := ra.fields() & rb.fields()
	w := c.bounds(ra, rb, both, e)
	sum := total(&w)
	for _, f := range byCost {
		if both>>f&1 == 0 {
			continue
		}
		if sum < enough {
			return false
		}
		c.field(f, ra, rb, e)
		was := w[f]
		switch w[f] = c.model.weigh(f, e); f {
		case Company, Title, Street, Postcode: // they say what they do together
			sum = total(&w)
		default:
			sum += w[f] - was
		}
	}
	return sum >= enough
}

// mayShareKey reports whether two records may have an address, a number or a
// proof in common.
func mayShareKey(ra, rb row) bool {
	both := ra.fields() & rb.fields()
	if both>>Proof&1 == 1 || both>>Email&1 == 1 && common(ra.get(Email), rb.get(Email)) {
		return true
	}
	for _, a := range ra.marks(Phone) {
		for _, b := range rb.marks(Phone) {
			if a == b || likest(Phone, a, b) == Equal {
				return true
			}
		}
	}
	return false
}

// bounds are the most that each field may say. Names, dates, suffixes, cities,
// regions and countries are told exactly.
func (c *comparer) bounds(ra, rb row, both uint32, e *Evidence) (w [Fields]float32) {
	m := c.model
	for _, f := range [...]Field{Given, Family, Middle} {
		w[f] = m.weigh(f, e)
	}
	if e.Swapped {
		w[Given]--
	}
	named := w[Given] > 0 || w[Family] > 0
	for both &^= 1<<Given | 1<<Family | 1<<Middle; both != 0; both &= both - 1 {
		f := Field(bits.TrailingZeros32(both))
		switch f {
		case Suffix, Date, City, Region, Country:
			c.field(f, ra, rb, e)
			w[f] = m.weigh(f, e)
		case Proof:
			w[f] = proofs[Equal]
		case Email, Phone, Identifier, Postcode:
			w[f] = c.most(f, ra, rb)
		default:
			w[f] = c.mostOfWords(f, ra, rb)
		}
	}
	if named { // as in [Model.bits]
		w[Country] = min(w[Country], 0)
	}
	return w
}

// total is the sum of what the fields say by themselves, as in [Model.bits].
func total(w *[Fields]float32) float32 {
	job := w[Company] + w[Title]
	if w[Company] < 0 && w[Title] < 0 {
		job = min(w[Company], w[Title])
	}
	return w[Given] + w[Family] + w[Middle] + w[Org] + w[Email] + w[Phone] + w[Date] + w[Identifier] + w[Text] + w[Suffix] + w[Proof] + job + address(w)
}

// address is what the fields of an address say together: see [onePlace].
func address(w *[Fields]float32) float32 {
	var top, next, low, up, down float32
	for _, b := range [...]float32{w[Street], w[City], w[Region], w[Postcode], w[Country]} {
		if b > 0 {
			up += b
			if b > top {
				top, next = b, top
			} else if b > next {
				next = b
			}
		} else {
			down += b
			if b < low {
				low = b
			}
		}
	}
	return 0.85*top + 0.25*next + 0.15*up + 0.5*(low+down)
}

// most is the most that a field says whose values are one word each.
func (c *comparer) most(f Field, ra, rb row) float32 {
	x, y, mx, my := ra.get(f), rb.get(f), ra.marks(f), rb.marks(f)
	best := c.unlike[f]
	for i, p := range x {
		for j, q := range y {
			if p == q {
				best = max(best, c.model.weight[f][Equal]+c.info(f, p))
			} else if l := likest(f, mx[i], my[j]); l < Differ {
				best = max(best, c.alike[f][l])
			}
		}
	}
	return best
}

// likest is the best level that two values may have which are not the same, by
// their marks; those of less likeness are possible, too. See [comparer.plain]
// and its like.
func likest(f Field, a, b uint32) Level {
	switch f {
	case Phone:
		x, more := uint64(a^b)&window, int(a>>28)-int(b>>28)
		switch {
		case min(a, b)>>28 < 7:
		case x == 0:
			return Equal
		case slip(uint64(a)&window, uint64(b)&window, more, 7):
			return Typo
		case more == 0 && x < 256: // the next extension
			return Partial
		case more == 0 && replaced(x) <= 2:
			return Loose
		}
		return Differ
	case Email:
		d, more, _ := classes(a, b)
		switch {
		case d == 0 && more == 0:
			return Variant
		case !oneHost(a, b):
			if d <= 2 && more <= 1 {
				return Loose
			}
		case d <= 4 && more <= 2:
			return Typo
		case d <= 6 && more <= 3:
			return Loose
		}
		return Differ
	case Postcode:
		d, more, longer := classes(a, b)
		n := longer - more
		switch {
		case longer == unsized:
			return Typo
		case n < 4:
		case d <= 2 && more <= 1, n >= 6 && d <= 4 && more <= 2:
			return Typo
		case more == 0 && (a^b)>>24 == 0, more > 0 && d <= 4+more:
			return Partial
		}
		return Differ
	}
	if (a^b)&figured != 0 || differing(a, b) <= 6 || inside(a, b) {
		return Variant
	}
	return Differ
}

// window are the bits of the digits in the mark of a number, the last seven.
const window = 1<<28 - 1

// The mark of an address or a postcode has bits of the letters in it, its size
// and a hash of what else tells it from others. Unsized are those that are longer
// than the size can say, and postcodes that are not written in plain letters, of
// which nothing is known.
const unsized = 15

// classes is in how many bits of letters two such marks differ, and in size,
// and the greater size.
func classes(a, b uint32) (differ, more, longer int) {
	la, lb := int(a>>20&unsized), int(b>>20&unsized)
	longer, more = max(la, lb), max(la-lb, lb-la)
	if longer == unsized {
		more = 0
	}
	return bits.OnesCount32((a ^ b) & (1<<20 - 1)), more, longer
}

// letterClass has a bit for each letter; rare ones share theirs.
const letterClass = "\x00\x01\x02\x03\x04\x05\x06\x07\x08\x09\x0a\x0b\x0c\x0d\x0e\x0f\x09\x10\x11\x12\x13\x05\x01\x09\x0f\x09"

// role is the bit of the mark of a mailbox that several people use.
const role = 1 << 31

// mailMark is the mark of an address: the hash is that of the host.
func (t *Table) mailMark(m mail) uint32 {
	local := t.local.text(m.local)
	mark := uint32(min(len(local), unsized))<<20 | uint32(text(t.host.text(m.host)))<<24&^role
	for i := range len(local) {
		if c := local[i] - 'a'; int(c) < len(letterClass) {
			mark |= 1 << letterClass[c]
		}
	}
	if m.role {
		mark |= role
	}
	return mark
}

// oneHost reports whether two addresses may be of one host, by their marks.
func oneHost(a, b uint32) bool { return (a^b)&^role>>24 == 0 }

// codeMark is the mark of a postcode: two bits for each of ten kinds of letters
// and digits, and the hash of all but its last two.
func codeMark(s string) uint32 {
	if len(s) >= unsized || !ascii(s) {
		return unsized << 20
	}
	m := uint32(len(s)) << 20
	for i := range len(s) {
		bit := uint32(1) << (2 * (s[i] % 10))
		m |= bit | m&bit<<1
	}
	if len(s) > 2 {
		m |= uint32(text(s[:len(s)-2])) << 24
	}
	return m
}

// mostOfWords is the most that a set of words says.
func (c *comparer) mostOfWords(f Field, ra, rb row) float32 {
	x, y := ra.get(f), rb.get(f)
	if x[0] == y[0] {
		return c.model.weight[f][Equal] + c.info(f, x[0])
	}
	mx, my := ra.marks(f), rb.marks(f)
	best := c.unlike[f]
	if wholesMayBeAlike(mx[0], my[0]) {
		best = c.alike[f][Typo]
	}
	if len(x) > 1 {
		x, mx = x[1:], mx[1:]
	}
	if len(y) > 1 {
		y, my = y[1:], my[1:]
	}
	common, equal := float32(0), false
	for i, p := range x {
		for j, q := range y {
			if p == q || wordsMayBeAlike(mx[i], my[j]) {
				common += c.idf(f, p)
				equal = equal || p == q
				if p == q {
					break
				}
			}
		}
	}
	if common == 0 {
		return best
	}
	l := Typo
	if equal {
		l = Equal
	}
	return max(best, min(c.alike[f][l], c.readiest[f]+common))
}

// wordsMayBeAlike reports whether two words of a set may be alike, by their
// marks; see [comparer.words].
func wordsMayBeAlike(a, b uint32) bool {
	if (a|b)&alone != 0 {
		return false
	}
	edits, more := 0, sizeOf(a)-sizeOf(b)
	switch n := min(sizeOf(a), sizeOf(b)); {
	case n >= 6:
		edits = 2
	case n >= 4:
		edits = 1
	}
	a, b, unsized := a&lettered, b&lettered, long(a) || long(b)
	return edits > 0 && differing(a, b) <= 2*edits && (unsized || more <= edits && -more <= edits) || inside(a, b)
}

// wholesMayBeAlike reports whether two texts may be one but for slips, by their
// marks; see [comparer.wholes].
func wholesMayBeAlike(a, b uint32) bool {
	n := max(sizeOf(a), sizeOf(b))
	if n == longest {
		n = 40
	}
	return n >= 10 && differing(a&lettered, b&lettered) <= n/6
}

// longest is the size that a mark can tell; longer ones have it, too.
const longest = 31

func sizeOf(mark uint32) int { return int(mark >> 26 & longest) }
func long(mark uint32) bool  { return sizeOf(mark) == longest }
