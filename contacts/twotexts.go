package contacts

import (
	"encoding/binary"
	"strings"
)

// twoTexts is a text and a second form of it as one string, so that a value
// object that has both stays as small as one text and comparable with ==.
// Where both are the same, which is the rule, it is that text. Otherwise it is
// a NUL, the length of the first as a varint, the first and the second; no text
// that a store takes begins with a NUL.
type twoTexts string

func makeTwoTexts(first, second string) twoTexts {
	if first == second && !strings.HasPrefix(first, "\x00") {
		return twoTexts(first)
	}
	b := make([]byte, 0, 1+binary.MaxVarintLen32+len(first)+len(second))
	b = binary.AppendUvarint(append(b, 0), uint64(len(first)))
	return twoTexts(append(append(b, first...), second...))
}

// split returns both texts; of bytes that makeTwoTexts did not make, too, it makes something.
func (t twoTexts) split() (first, second string) {
	if t == "" || t[0] != 0 {
		return string(t), string(t)
	}
	d := decoder{s: string(t[1:])}
	n := d.uvarint()
	n = min(n, uint64(len(d.s)))
	return d.s[:n], d.s[n:]
}

// first is the first of the two.
func (t twoTexts) first() string {
	if t == "" || t[0] != 0 {
		return string(t)
	}
	first, _ := t.split()
	return first
}

// second is the second of the two.
func (t twoTexts) second() string {
	if t == "" || t[0] != 0 {
		return string(t)
	}
	_, second := t.split()
	return second
}

// sound reports whether makeTwoTexts made t.
func (t twoTexts) sound() bool {
	return t == "" || t[0] != 0 || t == makeTwoTexts(t.split())
}
