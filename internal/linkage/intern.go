package linkage

import (
	"hash/maphash"
	"math/bits"
	"strings"
	"unicode/utf8"
)

// values are the distinct texts of a field, each with a number. Zero is no
// value.
type values struct {
	seed  maphash.Seed
	slots []uint64 // by hash: the hash above, the number below, zero where free
	list  []value
	slabs []string        // the texts, many in each
	count []uint32        // records that hold it
	last  []uint32        // the record counted last, plus one
	wide  bool            // some are not ASCII
	phone bool            // all are numbers, see packed
	digit []uint64        // of numbers, the digits: see packed
	store strings.Builder // the last slab
}

// value is where a text stands, and the letters that occur in it; see letters.
type value struct {
	mask     uint64
	slab     uint32
	at, size uint16
}

const (
	slabSize = 1 << 16
	ownSlab  = slabSize - 1 // the size of a text that is a slab, or longer than one
)

func newValues() *values {
	return &values{seed: maphash.MakeSeed(), slots: make([]uint64, 64), list: make([]value, 1), slabs: []string{""}, count: []uint32{0}, last: []uint32{0}}
}

// text is the text of a value.
func (v *values) text(id uint32) string {
	x := &v.list[id]
	if x.size == ownSlab {
		return v.slabs[x.slab]
	}
	return v.slabs[x.slab][x.at:][:x.size]
}

// size is how long it is.
func (v *values) size(id uint32) int {
	if n := v.list[id].size; n < ownSlab {
		return int(n)
	}
	return len(v.text(id))
}

// add returns the number of a text and counts the record.
func (v *values) add(text string, rec uint32) uint32 {
	if v.slots == nil {
		v.index()
	}
	h := maphash.String(v.seed, text) >> 32
	at := h & uint64(len(v.slots)-1)
	for v.slots[at] != 0 {
		if slot := v.slots[at]; slot>>32 == h && v.text(uint32(slot)) == text {
			v.counted(uint32(slot), rec)
			return uint32(slot)
		}
		at = (at + 1) & uint64(len(v.slots)-1)
	}
	id := uint32(len(v.list))
	v.slots[at] = h<<32 | uint64(id)
	v.wide = v.wide || !ascii(text)
	x := v.keep(text)
	if v.phone {
		v.digit = append(v.digit, packed(text))
	} else {
		x.mask = letters(text)
	}
	v.list = append(v.list, x)
	v.count = append(v.count, 1)
	v.last = append(v.last, rec+1)
	if len(v.list) > len(v.slots)*3/4 {
		more := make([]uint64, 2*len(v.slots))
		for _, slot := range v.slots {
			if slot != 0 {
				put(more, slot)
			}
		}
		v.slots = more
	}
	return id
}

// counted counts a record that holds the value, once.
func (v *values) counted(id, rec uint32) {
	if v.slots == nil {
		v.index()
	}
	if v.last[id] != rec+1 {
		v.last[id] = rec + 1
		v.count[id]++
	}
}

// forget drops what only finds numbers; it is made anew where it is needed.
func (v *values) forget() { v.slots, v.last = nil, nil }

func (v *values) index() {
	v.last = make([]uint32, len(v.list))
	v.slots = make([]uint64, max(64, 1<<bits.Len(uint(2*len(v.list)))))
	for id := 1; id < len(v.list); id++ {
		put(v.slots, maphash.String(v.seed, v.text(uint32(id)))>>32<<32|uint64(id))
	}
}

// put gives a slot its place.
func put(slots []uint64, slot uint64) {
	at := slot >> 32 & uint64(len(slots)-1)
	for slots[at] != 0 {
		at = (at + 1) & uint64(len(slots)-1)
	}
	slots[at] = slot
}

// keep copies a text to where many stand side by side.
func (v *values) keep(text string) value {
	if len(text) >= ownSlab {
		v.slabs = append(v.slabs, strings.Clone(text))
		v.store = strings.Builder{}
		return value{slab: uint32(len(v.slabs) - 1), size: ownSlab}
	}
	if v.store.Cap() == 0 || v.store.Len()+len(text) > v.store.Cap() {
		v.store = strings.Builder{}
		v.store.Grow(max(len(text), min(slabSize-1, 64*len(v.list))))
		v.slabs = append(v.slabs, "")
	}
	at := v.store.Len()
	v.store.WriteString(text)
	v.slabs[len(v.slabs)-1] = v.store.String()
	return value{slab: uint32(len(v.slabs) - 1), at: uint16(at), size: uint16(len(text))}
}

// letters is the multiset of letters and digits of a text: the lower half
// holds those that occur, the upper half those that occur twice. Texts at a
// distance of one differ in two of them at most.
func letters(s string) uint64 {
	var one, two uint32
	for i := range len(s) {
		var b uint32
		switch c := s[i]; {
		case c >= 'a' && c <= 'z':
			b = 1 << (c - 'a')
		case c >= '0' && c <= '9':
			b = 1 << (26 + (c-'0')%6)
		default:
			b = 1 << (c % 32)
		}
		two |= one & b
		one |= b
	}
	return uint64(two)<<32 | uint64(one)
}

// figures is the multiset of digits of a number: three bits for each.
func figures(s string) uint64 {
	var n [10]uint8
	mask := uint64(0)
	for i := range len(s) {
		if d := s[i] - '0'; d < 10 && n[d] < 3 {
			mask |= 1 << (3*d + n[d])
			n[d]++
		}
	}
	return mask
}

// packed is a number of up to nine digits: half a byte for each, the last one
// lowest, and how many there are on top.
func packed(s string) uint64 {
	d := uint64(len(s)) << 60
	for i := range len(s) {
		d |= uint64(s[i]-'0') << (4 * (len(s) - 1 - i))
	}
	return d
}

// near reports whether two texts can be within the given number of edits.
func (v *values) near(a, b uint32, edits int) bool {
	d := v.size(a) - v.size(b)
	return d <= edits && -d <= edits && bits.OnesCount32(uint32(v.list[a].mask^v.list[b].mask)) <= 2*edits
}

// reach reports whether the Jaro-Winkler similarity of two texts can be as
// high as said: no more of their letters can match than they have in common.
func (v *values) reach(a, b uint32, least float64) bool {
	la, lb := v.size(a), v.size(b)
	if la == 0 || lb == 0 {
		return false
	}
	common := float64(min(la, lb, (la+lb-bits.OnesCount64(v.list[a].mask^v.list[b].mask))/2))
	j := (common/float64(la) + common/float64(lb) + 1) / 3
	return j+0.4*(1-j) >= least-1e-9 || v.wide && (!ascii(v.text(a)) || !ascii(v.text(b)))
}

// ascii reports whether each letter of a text is a byte.
func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}
