package search

import (
	"bytes"
	"sort"
	"unicode/utf8"
)

// near finds the words of a segment within the typing errors of a word: those
// with one, and those with two.
func (s *segment) near(t *typing, one, two []uint32) ([]uint32, []uint32) {
	if t.max == 1 {
		return s.nearOne(t, one), two
	}
	return s.nearTwo(t, one, two)
}

// nearOne looks at the words that keep the first half of the typed one, at
// those that keep the last half, and at the one with the letters in the middle
// swapped: a word with one error is among them.
func (s *segment) nearOne(t *typing, found []uint32) []uint32 {
	w, n := t.letters, len(t.letters)
	h := n / 2
	left, right := string(w[:h]), string(w[h:])
	size := len(left) + len(right)
	least, most := size-utf8.UTFMax, size+utf8.UTFMax
	if t.ascii != nil {
		least = size - 1
	}
	from, to := s.words.span([]byte(left))
	for i := from; i < to; i++ {
		if size := int(s.words.key[i+1] - s.words.key[i]); size < least || size > most {
			continue
		}
		if word := s.words.text(i); t.distance(word) == 1 && typable(word) {
			found = append(found, uint32(i))
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

// nearTwo goes through the words in their order and keeps the rows of the
// alignment for the letters that neighbours share. Where no row can come back
// under the limit it skips all words that begin so.
func (s *segment) nearTwo(t *typing, one, two []uint32) ([]uint32, []uint32) {
	a := t.letters
	var rows [maxTyped + 5][maxTyped + 1]uint8
	var ends [maxTyped + 5]int // of each letter of the word in bytes
	var runes [maxTyped + 5]rune
	for j := range len(a) + 1 {
		rows[0][j] = uint8(j)
	}
	most := uint8(t.max)
	depth := 0 // letters of which the rows are made
	var before []byte
next:
	for i := 0; i < s.words.len(); {
		word := s.words.text(i)
		shared := 0
		for shared < len(word) && shared < len(before) && word[shared] == before[shared] {
			shared++
		}
		for depth > 0 && ends[depth] > shared {
			depth--
		}
		before = word
		for at := ends[depth]; at < len(word); {
			if depth > len(a)+t.max { // too long, and so is all that begins so
				_, i = s.skip(i, word[:at])
				continue next
			}
			r, n := utf8.DecodeRune(word[at:])
			at += n
			depth++
			ends[depth], runes[depth] = at, r
			row, prev := &rows[depth], &rows[depth-1]
			row[0] = uint8(depth)
			least, over := row[0], prev[0]
			for j := 1; j <= len(a); j++ {
				cost := uint8(1)
				if a[j-1] == r {
					cost = 0
				}
				v := min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
				if depth > 1 && j > 1 && a[j-2] == r && a[j-1] == runes[depth-1] {
					v = min(v, rows[depth-2][j-2]+1)
				}
				row[j] = v
				least, over = min(least, v), min(over, prev[j])
			}
			if least > most && over >= most {
				_, i = s.skip(i, word[:at])
				continue next
			}
		}
		if d := rows[depth][len(a)]; d > 0 && d <= most && typable(word) {
			if d == 1 {
				one = append(one, uint32(i))
			} else {
				two = append(two, uint32(i))
			}
		}
		i++
	}
	return one, two
}

// skip is the words from i on that begin so.
func (s *segment) skip(i int, prefix []byte) (from, to int) {
	step, n := 1, s.words.len()-i
	for step < n && bytes.HasPrefix(s.words.text(i+step), prefix) {
		step *= 2
	}
	low := i + step/2
	return i, low + sort.Search(min(step, n)-step/2, func(k int) bool { return !bytes.HasPrefix(s.words.text(low+k), prefix) })
}

// holding appends the words that hold a part, but not at their beginning.
func (s *segment) holding(part []byte, dst []uint32) []uint32 {
	if len(part) < 3 {
		return dst
	}
	best, least := -1, 0
	for k := 0; k+3 <= len(part); k++ {
		key := threeBytes(part[k:])
		a, b := s.parts.span(key, key+1)
		if a == b {
			return dst
		}
		if n := len(s.parts.docs(a)); best < 0 || n < least {
			best, least = a, n
		}
	}
	word := uint32(0)
	for list := s.parts.docs(best); len(list) > 0; {
		var d uint32
		d, list = nextDelta(list)
		word += d
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
