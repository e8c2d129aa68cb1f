package search

import (
	"unicode"
	"unicode/utf8"

	"github.com/extcontacts/extcontacts/internal/fold"
)

// From these lengths on a free word may have one typing error, or two. Shorter
// words are too near to each other: ann, dan and jan are three people.
const (
	oneTypo  = 4
	twoTypos = 8
)

// typing is a word that may have been mistyped: a letter too much, too few,
// another one, or two neighbours swapped. It is compared with words of three
// letters or more and without digits.
type typing struct {
	letters []rune
	ascii   []byte // the same, where all of them are ASCII
	max     int    // the typing errors that are forgiven
}

// mistyped returns how a folded word is looked for beside the letters that
// were typed, nil where it is too short or no plain word.
func mistyped(word string) *typing {
	t := &typing{letters: []rune(word)}
	switch n := len(t.letters); {
	case n < oneTypo || n > maxTyped:
		return nil
	case n < twoTypos:
		t.max = 1
	default:
		t.max = 2
	}
	for _, r := range t.letters {
		if !unicode.IsLetter(r) && !unicode.Is(unicode.M, r) || fold.Ideograph(r) {
			return nil
		}
	}
	if len(t.letters) == len(word) {
		t.ascii = []byte(word)
	}
	return t
}

// maxTyped is the length from which a word is no name that anybody typed by
// hand; it bounds the cost of comparing.
const maxTyped = 40

// distance is the number of typing errors between the typed word and another
// one (optimal string alignment), t.max+1 where there are more.
func (t *typing) distance(word []byte) int {
	n := len(t.letters)
	if len(word) < n-t.max || len(word) > (n+t.max)*utf8.UTFMax {
		return t.max + 1
	}
	if t.ascii != nil && isASCII(word) {
		return errorsBetween(t.ascii, word, t.max)
	}
	var buf [64]rune
	runes := buf[:0]
	for i := 0; i < len(word); {
		r, size := utf8.DecodeRune(word[i:])
		if runes = append(runes, r); len(runes) > n+t.max {
			return t.max + 1
		}
		i += size
	}
	return errorsBetween(t.letters, runes, t.max)
}

func isASCII(b []byte) bool {
	for _, c := range b {
		if c >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// errorsBetween is the optimal string alignment distance, most+1 where it is
// greater than most. What both words begin and end with costs nothing.
func errorsBetween[T byte | rune](a, b []T, most int) int {
	if len(a)-len(b) > most || len(b)-len(a) > most {
		return most + 1
	}
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	switch {
	case len(a) == 0 || len(b) == 0:
		return len(a) + len(b) // at most most, see above
	case len(a) == 1 && len(b) == 1, len(a) == 2 && len(b) == 2 && a[0] == b[1] && a[1] == b[0]:
		return 1
	case most == 1:
		return 2
	}
	return alignment(a, b, most)
}

func alignment[T byte | rune](a, b []T, most int) int {
	var rows [3][maxTyped + 4]uint8
	before, prev, row := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		prev[j] = uint8(j)
	}
	for i := 1; i <= len(a); i++ {
		row[0] = uint8(i)
		least := row[0]
		for j := 1; j <= len(b); j++ {
			cost := uint8(1)
			if a[i-1] == b[j-1] {
				cost = 0
			}
			v := min(prev[j]+1, row[j-1]+1, prev[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				v = min(v, before[j-2]+1)
			}
			row[j] = v
			least = min(least, v)
		}
		if int(least) > most && i > 1 { // a swap looks two rows back
			var over uint8 = 255
			for j := range len(b) + 1 {
				over = min(over, prev[j])
			}
			if int(over) > most {
				return most + 1
			}
		}
		before, prev, row = prev, row, before
	}
	return min(int(prev[len(b)]), most+1)
}

// pieces are texts of which the words within the typing errors hold at least
// one, with a space at the beginning or the end of the word.
//
// With one error a word keeps its first half or its last one, or two letters
// of different halves are swapped. With two it keeps one of three parts: a
// letter stands between them, so that no single error touches two.
func (t *typing) pieces() []string {
	w, n := t.letters, len(t.letters)
	if t.max == 1 {
		h := n / 2
		swapped := append(append(append([]rune{}, w[:h-1]...), w[h], w[h-1]), w[h+1:]...)
		return []string{" " + string(w[:h]), string(w[h:]) + " ", " " + string(swapped) + " "}
	}
	a := (n - 2 + 2) / 3
	b := a + 1 + (n-2-a)/2
	return []string{" " + string(w[:a]), string(w[a+1 : b]), string(w[b+1:]) + " "}
}
