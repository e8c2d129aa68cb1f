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
	var buf [shortTexts]byte
	return twoTexts(append(appendFirst(buf[:0], first), second...))
}

// shortTexts is room for most pairs of texts, so that only their string is allocated.
const shortTexts = 96

// appendFirst begins the long form; the second text follows.
func appendFirst[T string | []byte](dst []byte, first T) []byte {
	return append(binary.AppendUvarint(append(dst, 0), uint64(len(first))), first...)
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
