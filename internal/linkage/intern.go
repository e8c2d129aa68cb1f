package linkage

import "math/bits"

// values are the distinct texts of a field, each with a number. Zero is no
// value.
type values struct {
	ids   map[string]uint32
	texts []string
	mask  []uint32 // the letters that occur
	count []uint32 // records that hold it
	last  []uint32 // the record counted last, plus one
}

func newValues() *values {
	return &values{ids: map[string]uint32{}, texts: []string{""}, mask: []uint32{0}, count: []uint32{0}, last: []uint32{0}}
}

// add returns the number of a text and counts the record.
func (v *values) add(text []byte, rec uint32) uint32 {
	id, ok := v.ids[string(text)]
	if !ok {
		id = uint32(len(v.texts))
		s := string(text)
		v.ids[s] = id
		v.texts = append(v.texts, s)
		v.mask = append(v.mask, letters(s))
		v.count = append(v.count, 0)
		v.last = append(v.last, 0)
	}
	if v.last[id] != rec+1 {
		v.last[id] = rec + 1
		v.count[id]++
	}
	return id
}

// letters is a set of the letters and digits of a text: texts at a distance of
// one differ in two of them at most.
func letters(s string) uint32 {
	var m uint32
	for i := range len(s) {
		switch c := s[i]; {
		case c >= 'a' && c <= 'z':
			m |= 1 << (c - 'a')
		case c >= '0' && c <= '9':
			m |= 1 << (26 + (c-'0')%6)
		default:
			m |= 1 << (c % 32)
		}
	}
	return m
}

// near reports whether two texts can be within the given number of edits.
func (v *values) near(a, b uint32, edits int) bool {
	d := len(v.texts[a]) - len(v.texts[b])
	return d <= edits && -d <= edits && bits.OnesCount32(v.mask[a]^v.mask[b]) <= 2*edits
}
