package search

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"unicode/utf8"

	"github.com/extcontacts/extcontacts/contacts"
)

// segment is a part of an [Index]. It never changes: where some of its
// documents die, another segment with the same body takes its place.
type segment struct {
	*body
	dead   marks // replaced or removed
	hidden marks // dead or not live
	gone   int   // of the dead
}

// body is what segments say of their documents. These are numbered in the order
// in which equal matches stand (see [Query.SortKey]), so that the beginning of
// every list is the best of it.
type body struct {
	docs  int
	words table
	heads table   // the beginnings of one and two letters that many words have
	names table   // initials
	grams numbers // five symbols of a phone number, see gram
	parts numbers // three bytes of a word that stands not in addresses alone
	mails numbers // three bytes of a word of addresses, which are many
	turns []uint32
	// turns are the words that may be mistyped, by length and then by their
	// letters from the last to the first; typed are the same in their order.
	typed []uint32

	shortest int // digits of the shortest phone number

	rows []byte // what a document is, see appendRow
	row  []uint32
	ids  idTable
	far  *view // in place of rows and ids, of a part of a stored segment

	sets     sync.Map // of setKey to bitset, see keep
	setCount atomic.Int32
}

// newSegment is a segment without documents that are dead or hidden.
func newSegment(b *body) *segment {
	return &segment{body: b, dead: newMarks(b.docs), hidden: newMarks(b.docs)}
}

// without is the segment in which more documents are dead, none of which was.
func (s *segment) without(docs []uint32) *segment {
	return &segment{s.body, s.dead.with(docs), s.hidden.with(docs), s.gone + len(docs)}
}

// idTable has the ids of the documents, and finds the document of an id.
type idTable struct {
	chars string
	width int      // of every id; 0 where they differ
	at    []uint32 // where each id begins, and the end; nil where the width is fixed
	slots []uint32 // hash table of documents + 1, in open addressing
}

func (t *idTable) id(doc uint32) contacts.ID {
	if t.width > 0 {
		return contacts.ID(t.chars[int(doc)*t.width : (int(doc)+1)*t.width])
	}
	return contacts.ID(t.chars[t.at[doc]:t.at[doc+1]])
}

// hashID is FNV-1a with a last mixing; the table is written to snapshots.
func hashID(id contacts.ID) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(id) {
		h = (h ^ uint64(id[i])) * 1099511628211
	}
	h ^= h >> 32
	h *= 0x9e3779b97f4a7c15
	return h ^ h>>29
}

func (t *idTable) slot(id contacts.ID) int {
	return int((hashID(id) >> 32) * uint64(len(t.slots)) >> 32)
}

// find is the document of an id, -1 for none.
func (t *idTable) find(id contacts.ID) int {
	for i := t.slot(id); t.slots[i] != 0; {
		if doc := t.slots[i] - 1; t.id(doc) == id {
			return int(doc)
		}
		if i++; i == len(t.slots) {
			i = 0
		}
	}
	return -1
}

// makeIDs makes the table; false where an id comes twice.
func makeIDs(ids []contacts.ID) (idTable, bool) {
	t := idTable{slots: make([]uint32, len(ids)*4/3+2), width: len(ids[0])}
	size := 0
	for _, id := range ids {
		size += len(id)
		if len(id) != t.width {
			t.width = 0
		}
	}
	var b strings.Builder
	b.Grow(size)
	for _, id := range ids {
		if t.width == 0 {
			t.at = append(t.at, uint32(b.Len()))
		}
		b.WriteString(string(id))
	}
	if t.chars = b.String(); t.width == 0 {
		t.at = append(t.at, uint32(b.Len()))
	}
	for doc, id := range ids {
		i := t.slot(id)
		for t.slots[i] != 0 {
			if t.id(t.slots[i]-1) == id {
				return t, false
			}
			if i++; i == len(t.slots) {
				i = 0
			}
		}
		t.slots[i] = uint32(doc) + 1
	}
	return t, true
}

// A row is the state; the bytes of the phone numbers, and for each of these the
// number of its digits and whether it is a WhatsApp number, and two digits a
// byte; the number of the words of the first name, and they; the same of the
// last name; and for each further value the number of its words, shifted by the
// field, and they.

// reader goes through a row.
type reader []byte

func (r *reader) next() uint32 {
	d, rest := nextDelta(*r)
	*r = rest
	return d
}

// reader is the row of a document from its words on, and its phone numbers.
func (s *segment) reader(doc uint32) (words, numbers reader) {
	r := reader(s.rows[s.row[doc]+1 : s.row[doc+1]]) // a state has one byte
	n := r.next()
	return r[n:], r[:n]
}

// state is the state of a document.
func (s *segment) state(doc uint32) contacts.State { return contacts.State(s.rows[s.row[doc]]) }

// appendOrder appends what SortKey appends last: the place of a document among
// equal matches.
func (s *segment) appendOrder(dst []byte, doc uint32) []byte {
	r, _ := s.reader(doc)
	n := r.next()
	first := r
	for range n {
		r.next()
	}
	for range r.next() {
		dst = append(append(dst, s.words.text(int(r.next()))...), ' ')
	}
	dst = append(dst, 1)
	for range n {
		dst = append(append(dst, s.words.text(int(first.next()))...), ' ')
	}
	return append(append(dst, 1), s.ids.id(doc)...)
}

// after is the first document behind a place.
func (s *segment) after(order []byte) uint32 {
	var buf [128]byte
	from, to := 0, s.docs
	for from < to {
		mid := (from + to) / 2
		if bytes.Compare(s.appendOrder(buf[:0], uint32(mid)), order) <= 0 {
			from = mid + 1
		} else {
			to = mid
		}
	}
	return uint32(from)
}

// load makes the document of a row, as prepare makes it of a contact.
func (d *document) load(s *segment, doc uint32) {
	d.c, d.ready, d.seg, d.doc = nil, true, s, doc
	d.runs, d.text = d.runs[:0], d.text[:0]
	r, numbers := s.reader(doc)
	words := func(n uint32) {
		for range n {
			d.text = append(append(d.text, s.words.text(int(r.next()))...), ' ')
		}
	}
	d.text = append(d.text, ' ')
	d.name = nameWords{first: 1}
	words(r.next())
	d.name.last = len(d.text)
	words(r.next())
	d.name.end = len(d.text)
	if d.name.first < d.name.last && d.name.last < d.name.end {
		d.text = append(d.text, d.text[d.name.first:d.name.last]...)
	}
	d.runs = append(d.runs, run{nameRank, len(d.text)})
	for len(r) > 0 {
		head := r.next()
		d.text = append(d.text, ' ')
		words(head >> 2)
		d.runs = append(d.runs, run{rankOf[head&3], len(d.text)})
	}
	d.initials = len(d.text)
	d.text = d.name.appendInitials(d.text)
	d.digits = len(d.text)
	if len(numbers) > 0 {
		d.text = append(d.text, anchor...)
	}
	for len(numbers) > 0 {
		var b [64]byte
		n := numbers.number(&b)
		d.text = append(append(d.text, b[:n]...), anchor...)
	}
}

// number reads a phone number.
func (r *reader) number(digits *[64]byte) int {
	head := r.next()
	n := int(head >> 1)
	for i := range n {
		d := (*r)[i/2] >> (4 * (i % 2)) & 15
		digits[i] = '0' + d
	}
	*r = (*r)[(n+1)/2:]
	return n
}

// phones reads the phone numbers of the row at hand, or its WhatsApp numbers.
func (d *document) phones(whatsapp bool, yield func(digits []byte) bool) {
	_, r := d.seg.reader(d.doc)
	for len(r) > 0 {
		head, _ := binary.Uvarint(r)
		var b [64]byte
		if n := r.number(&b); head&1 == 1 == whatsapp && !yield(b[:n]) {
			return
		}
	}
}

// holds reports whether a number of a document holds one of the fragments.
func (s *segment) holds(doc uint32, fragments []string) bool {
	if s.far != nil {
		_, digits := s.far.doc(doc)
		return slices.ContainsFunc(fragments, func(f string) bool { return bytes.Contains(digits, []byte(f)) })
	}
	_, r := s.reader(doc)
	var digits [64]byte
	var number [len(digits) + 2]byte
	number[0] = anchor[0]
	for len(r) > 0 {
		n := 1 + copy(number[1:], digits[:r.number(&digits)])
		number[n] = anchor[0]
		for _, f := range fragments {
			if bytes.Contains(number[:n+1], []byte(f)) {
				return true
			}
		}
	}
	return false
}

// rowTexts yields the texts that a condition on a field looks at, where rows
// have them; see [field.inRows].
func (d *document) rowTexts(f *field, yield func(words []byte) bool) {
	n := d.name
	switch f.name {
	case "first_name":
		yield(d.text[n.first-1 : n.last])
		return
	case "last_name":
		yield(d.text[n.last-1 : n.end])
		return
	case "name":
		if yield(d.text[n.first-1 : n.end]) {
			yield(d.text[n.last-1 : d.runs[0].end])
		}
		return
	}
	rank := map[string]int{"company": companyRank, "email": emailRank, "label": labelRank}[f.name]
	start := 0
	for _, r := range d.runs {
		if r.rank == rank && !yield(d.text[start:r.end]) {
			return
		}
		start = r.end
	}
}

// inRows reports whether rows have the words of a field.
func (f *field) inRows() bool {
	switch f.name {
	case "first_name", "last_name", "name", "company", "email", "label":
		return true
	}
	return false
}

// place is where the postings of a field are, -1 where several fields are.
func (f *field) place() int {
	switch f.name {
	case "first_name", "last_name", "name":
		return inName
	case "company":
		return inCompany
	case "email":
		return inEmail
	case "label":
		return inLabel
	}
	return -1
}

// The symbols of a phone number are its digits with an anchor on both sides. A
// gram is five of them as a number to the base eleven; one that begins less
// than three digits before the end does not count.
const (
	gramBase   = 11
	gramLength = 5
	gramBits   = 18
	leastGram  = 3

	// The parts of the tables of numbers that fences stand between.
	gramPart = gramBase * gramBase
	partPart = 1 << 12
)

func symbol(b byte) uint32 {
	if b == anchor[0] {
		return 10
	}
	return uint32(b - '0')
}

// appendGrams appends the grams of digits between two anchors.
func appendGrams(dst []uint64, number []byte, doc uint32) []uint64 {
	for i := 0; i+leastGram < len(number); i++ {
		g := uint32(0)
		for j := range gramLength {
			s := uint32(10)
			if i+j < len(number) {
				s = symbol(number[i+j])
			}
			g = g*gramBase + s
		}
		dst = append(dst, uint64(g)<<32|uint64(doc))
	}
	return dst
}

// gramSpan is the grams of numbers that hold a fragment; false where it is too
// short. Who holds one of at most five symbols has any of the grams; who holds
// a longer one has the gram of the span, the rarest in it, and beside, the
// documents of the next rarest.
func (s *segment) gramSpan(fragment string) (from, to int, beside []byte, ok bool) {
	digits := len(strings.Trim(fragment, anchor))
	if digits < leastGram || digits == leastGram && fragment[0] == anchor[0] && fragment[len(fragment)-1] == anchor[0] {
		return 0, 0, nil, false
	}
	if n := len(fragment); n < gramLength {
		lo, size := uint32(0), uint32(1)
		for i := range n {
			lo = lo*gramBase + symbol(fragment[i])
		}
		for range gramLength - n {
			lo, size = lo*gramBase, size*gramBase
		}
		from, to = s.grams.span(lo, lo+size)
		return from, to, nil, true
	}
	var rarest []byte
	for i := 0; i+gramLength <= len(fragment); i++ {
		g := uint32(0)
		for j := range gramLength {
			g = g*gramBase + symbol(fragment[i+j])
		}
		a, b := s.grams.span(g, g+1)
		if a == b {
			return a, b, nil, true
		}
		switch list := s.grams.docs(a); {
		case rarest == nil || len(list) < len(rarest):
			from, to, rarest, beside = a, b, list, rarest
		case beside == nil || len(list) < len(beside):
			beside = list
		}
	}
	return from, to, beside, true
}

// head is the beginning of so many letters of a word, nil for shorter ones.
func head(word []byte, letters int) []byte {
	i := 0
	for range letters {
		if i == len(word) {
			return nil
		}
		_, n := utf8.DecodeRune(word[i:])
		i += n
	}
	return word[:i]
}
