package search

import (
	"bytes"
	"cmp"
	"encoding/binary"
	"slices"
	"unicode"
	"unicode/utf8"
	"unsafe"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/internal/fold"
)

// builder gathers documents and makes a segment of them.
type builder struct {
	number map[string]uint32 // of each word
	names  []string          // the words by number
	ids    []contacts.ID
	start  []int    // where each document begins in words
	words  []uint32 // rows as numbers, without phones
	phones [][2]int // the digits of each document in digits
	digits []byte   // for each number one byte of kind, the digits, an anchor
	skip   []bool   // documents of which a later one has the id; nil for none
	buf    []byte
	arena  []byte // the texts of names
}

func newBuilder() *builder { return &builder{number: map[string]uint32{}} }

// add takes a contact in.
func (b *builder) add(c *contacts.Contact) {
	b.open(c.ID, c.State)
	b.value(c.FirstName, -1)
	b.value(c.LastName, -1)
	if c.Company != "" {
		b.value(c.Company, inCompany)
	}
	for i := range c.Emails {
		e := c.Emails[i].Email
		b.value(e.Address(), inEmail)
		if !sameFolded(e.Key(), e.Address()) {
			b.value(e.Key(), inEmail)
		}
	}
	for _, l := range c.Labels {
		b.value(l, inLabel)
	}
	b.words = append(b.words, 0)
	eachNumber(c, func(digits string, whatsapp bool) {
		kind := byte('0')
		if whatsapp {
			kind = '1'
		}
		b.digits = append(append(append(b.digits, kind), digits...), anchor...)
	})
	b.close()
}

func (b *builder) open(id contacts.ID, state contacts.State) {
	b.ids, b.start, b.phones = roomy(b.ids, 1), roomy(b.start, 1), roomy(b.phones, 1)
	b.words, b.digits = roomy(b.words, someWords), roomy(b.digits, someDigits)
	b.ids = append(b.ids, id)
	b.start = append(b.start, len(b.words))
	b.words = append(b.words, uint32(state))
	b.phones = append(b.phones, [2]int{len(b.digits), 0})
}

// Few contacts have more words, or more digits.
const (
	someWords  = 64
	someDigits = 64
)

// roomy doubles a list that has no room for n more: append grows long ones by
// a quarter, which copies each element four times.
func roomy[T any](s []T, n int) []T {
	if cap(s)-len(s) >= n {
		return s
	}
	return slices.Grow(s, max(n, len(s)))
}

func (b *builder) close() { b.phones[len(b.phones)-1][1] = len(b.digits) }

// value adds the words of a value: place -1 is a name, which stands even
// without words; a value without words is left out.
func (b *builder) value(s string, place int) {
	b.buf = fold.Words(b.buf[:0], s)
	at := len(b.words)
	b.words = append(b.words, 0)
	for rest := b.buf; len(rest) > 0; {
		i := bytes.IndexByte(rest, ' ')
		n, ok := b.number[string(rest[:i])]
		if !ok {
			n = uint32(len(b.names))
			w := b.text(rest[:i])
			b.names = append(b.names, w)
			b.number[w] = n
		}
		b.words = append(b.words, n)
		rest = rest[i+1:]
	}
	n := uint32(len(b.words) - at - 1)
	switch {
	case place < 0:
		b.words[at] = n
	case n == 0:
		b.words = b.words[:at]
	default:
		b.words[at] = n<<2 | uint32(place)
	}
}

// text keeps a word. Many words share a piece of memory.
func (b *builder) text(w []byte) string {
	if cap(b.arena)-len(b.arena) < len(w) {
		b.arena = make([]byte, 0, max(len(w), min(1<<16, 16*len(b.ids)+64)))
	}
	at := len(b.arena)
	b.arena = append(b.arena, w...)
	return unsafe.String(&b.arena[at], len(w))
}

// dropTwice marks all documents of an id but the last.
func (b *builder) dropTwice() {
	b.skip = make([]bool, len(b.ids))
	last := make(map[contacts.ID]int, len(b.ids))
	for i, id := range b.ids {
		if before, twice := last[id]; twice {
			b.skip[before] = true
		}
		last[id] = i
	}
}

// doc is one gathered document.
func (b *builder) doc(i int) []uint32 {
	if i+1 < len(b.start) {
		return b.words[b.start[i]:b.start[i+1]]
	}
	return b.words[b.start[i]:]
}

// eachWord calls f with every word of a document and its field.
func eachWord(doc []uint32, f func(word *uint32, place int)) {
	at := 1
	for range 2 {
		n := int(doc[at])
		for k := range n {
			f(&doc[at+1+k], inName)
		}
		at += 1 + n
	}
	for doc[at] != 0 {
		n, place := int(doc[at]>>2), int(doc[at]&3)
		for k := range n {
			f(&doc[at+1+k], place)
		}
		at += 1 + n
	}
}

// segment makes a segment of what was gathered; the builder is used up.
func (b *builder) segment() *segment {
	slots := b.renumber()
	order := b.order()
	ids := make([]contacts.ID, len(order))
	for doc, i := range order {
		ids[doc] = b.ids[i]
	}
	s := newSegment(&body{docs: len(order)})
	var once bool
	if s.ids, once = makeIDs(ids); !once {
		b.dropTwice()
		return b.segment()
	}
	s.row = make([]uint32, 0, s.docs+1)
	s.rows = make([]byte, 0, 2*len(b.words)+len(b.digits)/2)
	sum := uint32(0)
	for i, n := range slots {
		slots[i] = sum
		sum += n
	}
	lists := make([]uint32, sum)
	filled := slices.Clone(slots)
	grams := make([]uint64, 0, len(b.digits))
	names := map[string][]uint32{}
	var initials, numbers []byte
	for doc, i := range order {
		words := b.doc(int(i))
		if contacts.State(words[0]) != contacts.Live {
			s.hidden.set(uint32(doc))
		}
		eachWord(words, func(w *uint32, place int) {
			slot := *w*places + uint32(place)
			if n := filled[slot]; n == slots[slot] || lists[n-1] != uint32(doc) {
				lists[n] = uint32(doc)
				filled[slot]++
			}
		})
		s.row = append(s.row, uint32(len(s.rows)))
		s.rows = append(s.rows, byte(words[0]))
		numbers = numbers[:0]
		digits := b.digits[b.phones[i][0]:b.phones[i][1]]
		for len(digits) > 0 {
			end := bytes.IndexByte(digits, anchor[0])
			number := digits[1:end]
			if s.shortest == 0 || len(number) < s.shortest {
				s.shortest = len(number)
			}
			numbers = binary.AppendUvarint(numbers, uint64(len(number)<<1|int(digits[0]-'0')))
			for k := 0; k < len(number); k += 2 {
				two := number[k] - '0'
				if k+1 < len(number) {
					two |= (number[k+1] - '0') << 4
				}
				numbers = append(numbers, two)
			}
			b.buf = append(append(append(b.buf[:0], anchor...), number...), anchor...)
			grams = appendGrams(grams, b.buf, uint32(doc))
			digits = digits[end+1:]
		}
		s.rows = append(binary.AppendUvarint(s.rows, uint64(len(numbers))), numbers...)
		for _, n := range words[1 : len(words)-1] {
			s.rows = binary.AppendUvarint(s.rows, uint64(n))
		}
		initials = b.initials(initials[:0], words)
		for rest := initials; len(rest) > 1; {
			end := 1 + bytes.IndexByte(rest[1:], initial[0])
			key := rest[1:end]
			if list := names[string(key)]; len(list) == 0 || list[len(list)-1] != uint32(doc) {
				names[string(key)] = append(list, uint32(doc))
			}
			rest = rest[end:]
		}
	}
	s.row = append(s.row, uint32(len(s.rows)))
	s.rows, s.row = tight(s.rows), tight(s.row)
	s.grams = groupNumbers(grams, gramBits, gramPart)
	for w, name := range b.names {
		var of [places][]uint32
		for p := range places {
			slot := w*places + p
			of[p] = lists[slots[slot]:filled[slot]]
		}
		s.words.add([]byte(name), &of)
	}
	s.words.done()
	keys := make([]string, 0, len(names))
	for k := range names {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	for _, k := range keys {
		s.names.add([]byte(k), &[places][]uint32{names[k]})
	}
	s.names.done()
	s.makeHeads()
	s.makeParts()
	s.makeTurns()
	return s
}

// initials is what Text holds of the name of a document.
func (b *builder) initials(dst []byte, doc []uint32) []byte {
	b.buf = append(b.buf[:0], ' ')
	n := nameWords{first: 1}
	at := 1
	for k := range 2 {
		for _, w := range doc[at+1 : at+1+int(doc[at])] {
			b.buf = append(append(b.buf, b.names[w]...), ' ')
		}
		at += 1 + int(doc[at])
		if k == 0 {
			n.last = len(b.buf)
		}
	}
	n.end = len(b.buf)
	text := len(b.buf)
	b.buf = n.appendInitials(b.buf)
	return append(dst, b.buf[text:]...)
}

// renumber numbers the words in their order and drops those of no document. It
// returns how often each stands in each place, and room for one more.
func (b *builder) renumber() []uint32 {
	used := make([]bool, len(b.names))
	for i := range b.ids {
		if b.skip == nil || !b.skip[i] {
			eachWord(b.doc(i), func(w *uint32, _ int) { used[*w] = true })
		}
	}
	type named struct {
		name string
		old  uint32
	}
	list := make([]named, 0, len(b.names))
	for i, name := range b.names {
		if used[i] {
			list = append(list, named{name, uint32(i)})
		}
	}
	if !slices.IsSortedFunc(list, func(x, y named) int { return cmp.Compare(x.name, y.name) }) {
		slices.SortFunc(list, func(x, y named) int { return cmp.Compare(x.name, y.name) })
	}
	number := make([]uint32, len(b.names))
	names := make([]string, len(list))
	for i, w := range list {
		number[w.old], names[i] = uint32(i), w.name
	}
	counts := make([]uint32, len(names)*places+1)
	for i := range b.ids {
		if b.skip == nil || !b.skip[i] {
			eachWord(b.doc(i), func(w *uint32, place int) {
				*w = number[*w]
				counts[*w*places+uint32(place)]++
			})
		}
	}
	b.names = names
	return counts
}

// order is the documents in the order of equal matches.
func (b *builder) order() []uint32 {
	type place struct {
		head uint64 // the first two words of the last name, as far as there are
		doc  uint32
	}
	list := make([]place, 0, len(b.ids))
	for i := range b.ids {
		if b.skip != nil && b.skip[i] {
			continue
		}
		_, last := b.name(uint32(i))
		h := uint64(0)
		if len(last) > 0 {
			h = uint64(last[0]+1) << 32
		}
		if len(last) > 1 {
			h |= uint64(last[1] + 1)
		}
		list = append(list, place{h, uint32(i)})
	}
	slices.SortFunc(list, func(x, y place) int {
		if x.head != y.head {
			return cmp.Compare(x.head, y.head)
		}
		xf, xl := b.name(x.doc)
		yf, yl := b.name(y.doc)
		if c := slices.Compare(xl, yl); c != 0 {
			return c
		}
		if c := slices.Compare(xf, yf); c != 0 {
			return c
		}
		return cmp.Compare(b.ids[x.doc], b.ids[y.doc])
	})
	out := make([]uint32, len(list))
	for i, p := range list {
		out[i] = p.doc
	}
	return out
}

func (b *builder) name(i uint32) (first, last []uint32) {
	d := b.words[b.start[i]+1:]
	first = d[1 : 1+d[0]]
	d = d[1+d[0]:]
	return first, d[1 : 1+d[0]]
}

// Many words begin with the same one or two letters: their documents are kept
// together, in segments from a size on.
const (
	headDocs  = 64
	headWords = 8
	letters   = 2
)

func (s *segment) makeHeads() {
	defer s.heads.done()
	if s.docs < headDocs {
		return
	}
	marks := newBitset(s.docs)
	n := s.words.len()
	emit := func(key []byte, from, to int) {
		if to-from < headWords {
			return
		}
		var lists [places][]uint32
		for p := range places {
			total := 0
			for i := from; i < to; i++ {
				list := s.words.docs(i, p)
				marks.mark(list)
				total += len(list)
			}
			if total == 0 {
				continue
			}
			lists[p] = marks.drain(make([]uint32, 0, total))
		}
		s.heads.add(key, &lists)
	}
	for i := 0; i < n; {
		one := head(s.words.text(i), 1)
		_, end := s.words.span(one)
		emit(one, i, end)
		for j := i; j < end; {
			two := head(s.words.text(j), 2)
			if two == nil {
				j++
				continue
			}
			_, k := s.words.span(two)
			emit(two, j, k)
			j = k
		}
		i = end
	}
}

// drain empties the set.
func (b bitset) drain(dst []uint32) []uint32 {
	for i, w := range b {
		if w == 0 {
			continue
		}
		dst = appendBits(dst, w, i)
		b[i] = 0
	}
	return dst
}

// makeParts lists for every three bytes the words that hold them.
func (s *segment) makeParts() {
	parts := make([]uint64, 0, len(s.words.chars))
	var mails []uint64
	for i := range s.words.len() {
		w := s.words.text(i)
		to := &parts
		if s.words.data[s.words.list[i]] == 1<<inEmail {
			to = &mails
		}
		for k := 0; k+3 <= len(w); k++ {
			*to = append(*to, uint64(threeBytes(w[k:]))<<32|uint64(i))
		}
	}
	s.parts = groupNumbers(parts, 24, partPart)
	s.mails = groupNumbers(mails, 24, partPart)
}

func threeBytes(b []byte) uint32 { return uint32(b[0])<<16 | uint32(b[1])<<8 | uint32(b[2]) }

// makeTurns sorts the words that may be mistyped by length and then from their
// ends.
func (s *segment) makeTurns() {
	type turned struct {
		tail uint64 // the length and the last seven bytes, the last one first
		word uint32
	}
	var list []turned
	for i := range s.words.len() {
		w := s.words.text(i)
		if len(w) > maxTyped*utf8.UTFMax || !typable(w) {
			continue
		}
		t := turned{tail: uint64(min(len(w), 255)) << 56, word: uint32(i)}
		for k := range min(len(w), 7) {
			t.tail |= uint64(w[len(w)-1-k]) << (48 - 8*k)
		}
		list = append(list, t)
	}
	slices.SortFunc(list, func(x, y turned) int {
		if x.tail != y.tail {
			return cmp.Compare(x.tail, y.tail)
		}
		return compareTurned(s.words.text(int(x.word)), s.words.text(int(y.word)))
	})
	s.turns = make([]uint32, len(list))
	for i, t := range list {
		s.turns[i] = t.word
	}
	s.makeTyped()
}

func (s *segment) makeTyped() {
	s.typed = slices.Clone(s.turns)
	slices.Sort(s.typed)
}

// compareTurned compares words of one length from their ends.
func compareTurned(a, b []byte) int {
	for i, j := len(a)-1, len(b)-1; i >= 0 && j >= 0; i, j = i-1, j-1 {
		if a[i] != b[j] {
			return cmp.Compare(a[i], b[j])
		}
	}
	return cmp.Compare(len(a), len(b))
}

// typable reports whether a word can be mistyped for another one: it has three
// letters at least and no digits.
func typable(w []byte) bool {
	if len(w) < oneTypo-1 {
		return false
	}
	n := 0
	for i := 0; i < len(w); n++ {
		if b := w[i]; b < utf8.RuneSelf {
			if b < 'a' || b > 'z' {
				return false
			}
			i++
			continue
		}
		r, size := utf8.DecodeRune(w[i:])
		if !unicode.IsLetter(r) && !unicode.Is(unicode.M, r) {
			return false
		}
		i += size
	}
	return n >= oneTypo-1
}

// mergeSegments makes one segment of the documents of several that are not dead,
// nil of none.
func mergeSegments(segs []*segment) *segment {
	b := &builder{}
	numbers := make([][]uint32, len(segs))
	at := make([]int, len(segs))
	for k, s := range segs {
		numbers[k] = make([]uint32, s.words.len())
	}
	for {
		var least []byte
		for k, s := range segs {
			if at[k] < s.words.len() {
				if w := s.words.text(at[k]); least == nil || bytes.Compare(w, least) < 0 {
					least = w
				}
			}
		}
		if least == nil {
			break
		}
		for k, s := range segs {
			if at[k] < s.words.len() && bytes.Equal(s.words.text(at[k]), least) {
				numbers[k][at[k]] = uint32(len(b.names))
				at[k]++
			}
		}
		b.names = append(b.names, string(least))
	}
	var digits [64]byte
	for k, s := range segs {
		for doc := range uint32(s.docs) {
			if s.dead.has(doc) {
				continue
			}
			r, phones := s.reader(doc)
			b.open(s.ids.id(doc), s.state(doc))
			words := func(n uint32) {
				for range n {
					b.words = append(b.words, numbers[k][r.next()])
				}
			}
			for range 2 {
				n := r.next()
				b.words = append(b.words, n)
				words(n)
			}
			for len(r) > 0 {
				head := r.next()
				b.words = append(b.words, head)
				words(head >> 2)
			}
			b.words = append(b.words, 0)
			for len(phones) > 0 {
				head, _ := binary.Uvarint(phones)
				n := phones.number(&digits)
				b.digits = append(append(append(b.digits, '0'+byte(head&1)), digits[:n]...), anchor...)
			}
			b.close()
		}
	}
	if len(b.ids) == 0 {
		return nil
	}
	return b.segment()
}
