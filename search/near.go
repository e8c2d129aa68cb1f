package search

import (
	"bytes"
	"math/bits"
	"slices"
	"sort"
	"unicode/utf8"
)

// nearOne looks at the words that keep the first half of the typed one, at
// those that keep the last half, and at the one with the letters in the middle
// swapped: a word with one error is among them.
func (s *segment) nearOne(t *typing, found []uint32) []uint32 {
	if s.far != nil {
		return s.near(t, 1, found)
	}
	w, n := t.letters, len(t.letters)
	h := n / 2
	left, right := string(w[:h]), string(w[h:])
	size := len(left) + len(right)
	least, most := size-utf8.UTFMax, size+utf8.UTFMax
	if t.ascii != nil {
		least = size - 1
	}
	from, to := s.words.span([]byte(left))
	at, _ := slices.BinarySearch(s.typed, uint32(from))
	for _, i := range s.typed[at:] {
		if int(i) >= to {
			break
		}
		if size := int(s.words.key[i+1] - s.words.key[i]); size < least || size > most {
			continue
		}
		if t.distance(s.words.text(int(i))) == 1 {
			found = append(found, i)
		}
	}
	tail := []byte(right)
	for size := max(least, 1); size <= most; size++ {
		i := sort.Search(len(s.turns), func(i int) bool { return s.compareTail(int(s.turns[i]), size, tail) >= 0 })
		for ; i < len(s.turns) && s.compareTail(int(s.turns[i]), size, tail) == 0; i++ {
			word := s.words.text(int(s.turns[i]))
			if t.distance(word) == 1 && !bytes.HasPrefix(word, []byte(left)) {
				found = append(found, s.turns[i])
			}
		}
	}
	swapped := string(w[:h-1]) + string(w[h]) + string(w[h-1]) + string(w[h+1:])
	if i := s.words.find([]byte(swapped)); i >= 0 && w[h] != w[h-1] && typable([]byte(swapped)) {
		if word := s.words.text(i); !bytes.HasPrefix(word, []byte(left)) && !bytes.HasSuffix(word, tail) {
			found = append(found, uint32(i))
		}
	}
	return found
}

// near looks at all words, of a segment that has few.
func (s *segment) near(t *typing, errors int, found []uint32) []uint32 {
	for i := range s.words.len() {
		if word := s.words.text(i); t.distance(word) == errors && typable(word) {
			found = append(found, uint32(i))
		}
	}
	return found
}

// compareTail compares a word with those of a size that end so.
func (s *segment) compareTail(word, size int, tail []byte) int {
	w := s.words.text(word)
	switch {
	case len(w) < size:
		return -1
	case len(w) > size:
		return 1
	case len(w) < len(tail): // sizes ascend: this one has none that end so
		return -1
	}
	return compareTurned(w[len(w)-len(tail):], tail)
}

// nearTwo looks at the words of like length. Most of them have too many other
// letters, which costs less to see than the distance.
func (s *segment) nearTwo(t *typing, found []uint32) []uint32 {
	if s.far != nil {
		return s.near(t, 2, found)
	}
	size := 0
	for _, r := range t.letters {
		size += utf8.RuneLen(r)
	}
	least, most := size-t.max*utf8.UTFMax, size+t.max*utf8.UTFMax
	if t.ascii != nil {
		least = size - t.max
	}
	from := sort.Search(len(s.turns), func(i int) bool { return len(s.words.text(int(s.turns[i]))) >= least })
	letters, plain := letterSet(t.ascii)
	for _, i := range s.turns[from:] {
		word := s.words.text(int(i))
		if len(word) > most {
			break
		}
		if plain && len(t.ascii) > 0 {
			if len(word) > size+t.max {
				if isASCII(word) {
					continue
				}
			} else if set, ascii := letterSet(word); ascii && bits.OnesCount32(set^letters) > 2*t.max {
				continue // an error changes two kinds of letters at most
			}
		}
		if t.distance(word) == 2 {
			found = append(found, i)
		}
	}
	return found
}

// letterSet is the kinds of letters of a word as bits; false where some are
// not ASCII.
func letterSet(w []byte) (set uint32, ascii bool) {
	for _, b := range w {
		if b >= utf8.RuneSelf {
			return 0, false
		}
		set |= 1 << (b & 31)
	}
	return set, true
}

// holding appends the words that hold a part, but not at their beginning.
func (s *segment) holding(in *numbers, part []byte, dst []uint32) []uint32 {
	if len(part) < 3 {
		return dst
	}
	if s.far != nil { // of few words, which are in no list
		for i := 0; in == &s.parts && i < s.words.len(); i++ {
			if w := s.words.text(i); len(w) > len(part) && bytes.Contains(w[1:], part) && !bytes.HasPrefix(w, part) {
				dst = append(dst, uint32(i))
			}
		}
		return dst
	}
	// The two shortest lists leave few words to look at.
	var short, next []byte
	for k := 0; k+3 <= len(part); k++ {
		key := threeBytes(part[k:])
		a, b := in.span(key, key+1)
		if a == b {
			return dst
		}
		switch list := in.docs(a); {
		case short == nil || len(list) < len(short):
			short, next = list, short
		case next == nil || len(list) < len(next):
			next = list
		}
	}
	word, other := uint32(0), uint32(0)
	both := next != nil
	if both {
		other, next = nextDelta(next)
	}
	for len(short) > 0 {
		var d uint32
		d, short = nextDelta(short)
		word += d
		if both {
			for other < word && len(next) > 0 {
				d, next = nextDelta(next)
				other += d
			}
			if other < word {
				return dst
			}
			if other > word {
				continue
			}
		}
		w := s.words.text(int(word))
		for i := 1; i+len(part) <= len(w); i++ { // words are short: no search beats looking
			if w[i] == part[0] && string(w[i:i+len(part)]) == string(part) {
				if !bytes.HasPrefix(w, part) {
					dst = append(dst, word)
				}
				break
			}
		}
	}
	return dst
}
