package search

import (
	"encoding/binary"
	"math"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/internal/fold"
)

// SortKey appends the contact's place in the order of the answer: comparing
// the keys of two matches byte by byte (bytes.Compare) orders them. The order
// is total, for the id is its last part.
//
// Where the query names sort keys they come first: contacts without a value
// last, texts folded and by bytes, numbers and dates by size, several values
// by the first of them. Otherwise, and among equals, the order is the score
// from high to low (where the query has free text), the folded words of the
// last name, those of the first name, the id.
func (q *Query) SortKey(dst []byte, c *contacts.Contact, m Match) []byte {
	for i := range q.sorts {
		dst = q.sorts[i].key(dst, c)
	}
	if q.ranked {
		dst = binary.BigEndian.AppendUint32(dst, math.MaxUint32-uint32(m.Score))
	}
	dst = appendWords(dst, c.LastName)
	dst = appendWords(dst, c.FirstName)
	return append(dst, c.ID...)
}

// appendWords appends the words of a text, each with a space behind it, and
// the end. No word holds a byte as small as these.
func appendWords(dst []byte, s string) []byte { return append(fold.Words(dst, s), 1) }

// Compare orders two matches of the query; see [Query.SortKey]. It is zero for
// one contact only.
func (q *Query) Compare(a *contacts.Contact, am Match, b *contacts.Contact, bm Match) int {
	var abuf, bbuf [128]byte
	x, y := q.SortKey(abuf[:0], a, am), q.SortKey(bbuf[:0], b, bm)
	return compareBytes(x, y)
}

func compareBytes(a, b []byte) int {
	switch {
	case string(a) < string(b):
		return -1
	case string(a) > string(b):
		return 1
	}
	return 0
}

// appendKey appends a text so that what follows cannot change its order: the
// zero byte is written as 0 255 and the end as 0 1.
func appendKey(dst []byte, s string) []byte {
	for i := range len(s) {
		if dst = append(dst, s[i]); s[i] == 0 {
			dst = append(dst, 0xff)
		}
	}
	return append(dst, 0, 1)
}

func (s *Sort) key(dst []byte, c *contacts.Contact) []byte {
	var buf [4]string
	vals := s.f.get(buf[:0], c)
	if len(vals) == 0 {
		return append(dst, 1)
	}
	dst = append(dst, 0)
	start := len(dst)
	switch s.f.kind {
	case numberKind:
		dst = decimalKey(dst, vals[0])
	case textKind, emailKind:
		dst = appendKey(dst, canonicalText(vals[0]))
	default:
		dst = appendKey(dst, vals[0])
	}
	if s.Desc {
		for i := start; i < len(dst); i++ {
			dst[i] = ^dst[i]
		}
	}
	return dst
}
