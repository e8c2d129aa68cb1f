package search

import (
	"bytes"
	"encoding/binary"
	"math/bits"
	"slices"
	"sort"
)

// The fields of a posting, in the order in which they rank.
const (
	inName = iota
	inCompany
	inEmail
	inLabel
	places
)

// rankOf is the rank of a posting's field, and placeOf the field of a rank.
var (
	rankOf  = [places]int{nameRank, companyRank, emailRank, labelRank}
	placeOf = [ranks]int{nameRank: inName, companyRank: inCompany, emailRank: inEmail, labelRank: inLabel}
)

// table is a sorted list of keys, each with the documents that have it in each
// field: a byte that says which fields there are, the length of each list but
// the last, and the lists, differences of ascending numbers as varints.
type table struct {
	chars []byte   // the keys one after another
	key   []uint32 // where each key begins in chars, and the end
	data  []byte
	list  []uint32 // where each key's lists begin in data, and the end
	fence []uint32 // the first key of every two bytes; nil for small tables
}

func (t *table) len() int          { return max(len(t.key)-1, 0) }
func (t *table) text(i int) []byte { return t.chars[t.key[i]:t.key[i+1]] }

// first is the place of the first key that is not less.
func (t *table) first(key []byte) int {
	from, to := 0, t.len()
	if t.fence != nil && len(key) > 1 {
		h := int(key[0])<<8 | int(key[1])
		from, to = int(t.fence[h]), int(t.fence[h+1])
	}
	for from < to {
		mid := int(uint(from+to) >> 1)
		if bytes.Compare(t.text(mid), key) < 0 {
			from = mid + 1
		} else {
			to = mid
		}
	}
	return from
}

// fenceSize is the number of keys from which the fence pays.
const fenceSize = 4096

func (t *table) makeFence() {
	if t.len() < fenceSize {
		return
	}
	t.fence = make([]uint32, 1<<16+1)
	i := 0
	for h := range t.fence {
		for i < t.len() && twoBytes(t.text(i)) < h {
			i++
		}
		t.fence[h] = uint32(i)
	}
}

// twoBytes is the beginning of a key as a number. A shorter key stands before
// all longer ones.
func twoBytes(key []byte) int {
	if len(key) < 2 {
		return int(key[0]) << 8
	}
	return int(key[0])<<8 | int(key[1])
}

// find is the place of a key, -1 where it is not in the table.
func (t *table) find(key []byte) int {
	if i := t.first(key); i < t.len() && bytes.Equal(t.text(i), key) {
		return i
	}
	return -1
}

// span is the keys that begin so.
func (t *table) span(prefix []byte) (from, to int) {
	from = t.first(prefix)
	n := t.len() - from
	if n == 0 || !bytes.HasPrefix(t.text(from), prefix) {
		return from, from
	}
	step := 1 // the keys are few: look near first
	for step < n && bytes.HasPrefix(t.text(from+step), prefix) {
		step *= 2
	}
	low := from + step/2
	return from, low + sort.Search(min(step, n)-step/2, func(i int) bool { return !bytes.HasPrefix(t.text(low+i), prefix) })
}

// docs is the list of one field, nil for none.
func (t *table) docs(i, place int) []byte {
	e := t.entry(i)
	mask := e[0]
	if mask>>place&1 == 0 {
		return nil
	}
	e = e[1:]
	if mask&(mask-1) == 0 {
		return e
	}
	var sizes [places]int
	n := bits.OnesCount8(mask)
	for k := range n - 1 {
		size, w := binary.Uvarint(e)
		sizes[k], e = int(size), e[w:]
	}
	at := bits.OnesCount8(mask & (1<<place - 1))
	for k := range at {
		e = e[sizes[k]:]
	}
	if at < n-1 {
		e = e[:sizes[at]]
	}
	return e
}

// entry is the lists of a key, all fields together.
func (t *table) entry(i int) []byte { return t.data[t.list[i]:t.list[i+1]] }

// add appends a key and its lists, which ascend.
func (t *table) add(key []byte, lists *[places][]uint32) {
	t.key = append(t.key, uint32(len(t.chars)))
	t.chars = append(t.chars, key...)
	t.list = append(t.list, uint32(len(t.data)))
	head := len(t.data)
	t.data = append(t.data, 0)
	var sizes [places]int
	var mask byte
	last := 0
	for p, docs := range lists {
		if len(docs) > 0 {
			mask |= 1 << p
			sizes[p] = deltaSize(docs)
			last = p
		}
	}
	t.data[head] = mask
	for p, docs := range lists {
		if p != last && len(docs) > 0 {
			t.data = binary.AppendUvarint(t.data, uint64(sizes[p]))
		}
	}
	for _, docs := range lists {
		t.data = appendDeltas(t.data, docs)
	}
}

func (t *table) done() {
	t.key = append(t.key, uint32(len(t.chars)))
	t.list = append(t.list, uint32(len(t.data)))
	t.chars, t.data, t.key, t.list = tight(t.chars), tight(t.data), tight(t.key), tight(t.list)
	t.makeFence()
}

// tight gives back what append has reserved.
func tight[T any](s []T) []T {
	if cap(s)-len(s) <= cap(s)/32 {
		return s
	}
	return append(make([]T, 0, len(s)), s...)
}

func deltaSize(docs []uint32) int {
	n, last := 0, uint32(0)
	for _, d := range docs {
		n += (bits.Len32((d-last)|1) + 6) / 7
		last = d
	}
	return n
}

func appendDeltas(dst []byte, docs []uint32) []byte {
	last := uint32(0)
	for _, d := range docs {
		if d-last < 0x80 {
			dst = append(dst, byte(d-last))
		} else {
			dst = binary.AppendUvarint(dst, uint64(d-last))
		}
		last = d
	}
	return dst
}

// nextDelta reads one difference and what follows it.
func nextDelta(b []byte) (uint32, []byte) {
	if b[0] < 0x80 {
		return uint32(b[0]), b[1:]
	}
	if len(b) > 1 && b[1] < 0x80 {
		return uint32(b[0]&0x7f) | uint32(b[1])<<7, b[2:]
	}
	d, n := binary.Uvarint(b)
	return uint32(d), b[n:]
}

// bitset is a set of document numbers.
type bitset []uint64

func newBitset(n int) bitset { return make(bitset, n/64+1) }

func (b bitset) has(i uint32) bool { return b[i/64]>>(i%64)&1 != 0 }
func (b bitset) set(i uint32)      { b[i/64] |= 1 << (i % 64) }

func (b bitset) size() (n int) {
	for _, w := range b {
		n += bits.OnesCount64(w)
	}
	return n
}

func (b bitset) mark(list []byte) {
	doc := uint32(0)
	for len(list) > 0 {
		var d uint32
		d, list = nextDelta(list)
		doc += d
		b[doc/64] |= 1 << (doc % 64)
	}
}

func (b bitset) and(o bitset) {
	for i := range b {
		b[i] &= o[i]
	}
}

func (b bitset) or(o bitset) {
	for i := range b {
		b[i] |= o[i]
	}
}

// marks is a set of document numbers most of which are not in it, and of which a
// copy with a few more costs little: the pages without any are nil, and copies
// share the others.
type marks []*markPage

type markPage [64]uint64

const markBits = 12 // of a number inside a page

func newMarks(n int) marks { return make(marks, n>>markBits+1) }

func (m marks) has(i uint32) bool {
	p := m[i>>markBits]
	return p != nil && p[i>>6&63]>>(i&63)&1 != 0
}

// set changes the set, which must not be shared.
func (m marks) set(i uint32) {
	p := &m[i>>markBits]
	if *p == nil {
		*p = new(markPage)
	}
	(*p)[i>>6&63] |= 1 << (i & 63)
}

// with is a copy that has more, which ascend.
func (m marks) with(more []uint32) marks {
	c := slices.Clone(m)
	for _, i := range more {
		if p := &c[i>>markBits]; *p == m[i>>markBits] && *p != nil {
			page := **p
			*p = &page
		}
		c.set(i)
	}
	return c
}

// all are the numbers in it.
func (m marks) all() (list []uint32) {
	for n, p := range m {
		if p == nil {
			continue
		}
		for i, w := range p {
			list = appendBits(list, w, n<<(markBits-6)+i)
		}
	}
	return list
}

// numbers is a sorted list of numbers, each with an ascending list: the
// documents of five digits in a row, or the words of three bytes.
type numbers struct {
	key   []uint32
	list  []uint32 // where each list begins in data, and the end
	data  []byte
	fence []uint32 // the first key of every part keys; nil for small tables
	part  uint32
}

// makeFence notes where keys begin that are part numbers apart.
func (t *numbers) makeFence(part uint32) {
	if t.part = part; len(t.key) < 512 {
		return
	}
	t.fence = make([]uint32, t.key[len(t.key)-1]/part+2)
	i := 0
	for h := range t.fence {
		for i < len(t.key) && t.key[i] < uint32(h)*part {
			i++
		}
		t.fence[h] = uint32(i)
	}
}

// first is the place of the first key that is not less.
func (t *numbers) first(key uint32) int {
	from, to := 0, len(t.key)
	if t.fence != nil {
		h := int(key / t.part)
		if h >= len(t.fence)-1 {
			h = len(t.fence) - 2
		}
		from, to = int(t.fence[h]), int(t.fence[h+1])
		if h == len(t.fence)-2 {
			to = len(t.key)
		}
	}
	for from < to {
		mid := int(uint(from+to) >> 1)
		if t.key[mid] < key {
			from = mid + 1
		} else {
			to = mid
		}
	}
	return from
}

func (t *numbers) docs(i int) []byte { return t.data[t.list[i]:t.list[i+1]] }

// span is the keys in [from, to).
func (t *numbers) span(from, to uint32) (int, int) {
	a := t.first(from)
	if to == from+1 {
		if a < len(t.key) && t.key[a] == from {
			return a, a + 1
		}
		return a, a
	}
	return a, t.first(to)
}

// fewPairs are sorted by comparing them.
const fewPairs = 512

// groupNumbers makes the list of pairs: key in the upper half, value in the
// lower one, values ascending among equal keys. The keys have so many bits.
func groupNumbers(pairs []uint64, keyBits int, part uint32) numbers {
	pairs = sortPairs(pairs, keyBits)
	t := numbers{data: make([]byte, 0, 2*len(pairs))}
	if len(pairs) < fewPairs {
		t.key, t.list = make([]uint32, 0, len(pairs)), make([]uint32, 0, len(pairs)+1)
	}
	var docs []uint32
	flush := func() { t.data = appendDeltas(t.data, docs) }
	for i, p := range pairs {
		key, doc := uint32(p>>32), uint32(p)
		if i == 0 || key != uint32(pairs[i-1]>>32) {
			flush()
			docs = docs[:0]
			t.key = append(t.key, key)
			t.list = append(t.list, uint32(len(t.data)))
		}
		if n := len(docs); n == 0 || docs[n-1] != doc {
			docs = append(docs, doc)
		}
	}
	flush()
	t.list = append(t.list, uint32(len(t.data)))
	t.data, t.key, t.list = tight(t.data), tight(t.key), tight(t.list)
	t.makeFence(part)
	return t
}

// sortPairs sorts by the upper half and keeps the order of equal ones, which
// ascend.
func sortPairs(pairs []uint64, keyBits int) []uint64 {
	if len(pairs) < fewPairs {
		slices.Sort(pairs)
		return pairs
	}
	const digit = 9
	to := make([]uint64, len(pairs))
	for shift := 0; shift < keyBits; shift += digit {
		var at [1 << digit]uint32
		for _, p := range pairs {
			at[p>>(32+shift)&(1<<digit-1)]++
		}
		sum := uint32(0)
		for i, n := range at {
			at[i] = sum
			sum += n
		}
		for _, p := range pairs {
			h := p >> (32 + shift) & (1<<digit - 1)
			to[at[h]] = p
			at[h]++
		}
		pairs, to = to, pairs
	}
	return pairs
}

func appendBits(dst []uint32, w uint64, i int) []uint32 {
	for ; w != 0; w &= w - 1 {
		dst = append(dst, uint32(i*64+bits.TrailingZeros64(w)))
	}
	return dst
}
