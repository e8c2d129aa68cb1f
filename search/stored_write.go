package search

import (
	"bytes"
	"encoding/binary"
	"slices"
	"unicode/utf8"
)

// A stored segment is a segment as blocks, of which a query reads few. The
// first block is its index, see storedSegment; then come the blocks of a
// sorted list of keys with values, and then those of the documents. Keys begin
// with a letter that says what they are:
//
//	g gram              the documents, as in segment.grams
//	h one or two letters  the documents by field, as in segment.heads
//	i initials          the documents, as in segment.names
//	k id                the document
//	l long word         the same as under s, of a word with no keys there
//	s end of a word, 0, the word  the documents by field where they are few, else the fields of the word
//	w word              the documents by field, as in segment.words
const (
	gramKey    = 'g'
	headKey    = 'h'
	initialKey = 'i'
	idKey      = 'k'
	longKey    = 'l'
	endKey     = 's'
	wordKey    = 'w'
)

const (
	blockSize = 4096 // from which on a block of keys is full
	blockDocs = 64   // documents in a block
	longWord  = 64   // bytes from which a word is not listed by its ends
	leastEnd  = 2    // bytes of an end of a word
	fewEnd    = 16   // bytes of the documents of a word up to which its ends have them
)

// endValue is what stands beside an end of a word, by its entry in the table of
// words: with the documents of rare words there, which most are, who looks for a
// part of a word need not read the block of each.
func endValue(entry []byte) []byte {
	if len(entry) <= fewEnd {
		return entry
	}
	return entry[:1]
}

// blockWriter makes the blocks of keys.
type blockWriter struct {
	blocks [][]byte
	firsts [][]byte // the first key of each
	block  []byte
	last   []byte
}

// add appends a key, which is greater than the one before: how many bytes it
// shares with that, the number of its others, the length of the value, the
// bytes and the value.
func (w *blockWriter) add(key, value []byte) {
	if len(w.block) >= blockSize {
		w.flush()
	}
	w.put(key, value)
}

// put is add to the block at hand.
func (w *blockWriter) put(key, value []byte) {
	shared := 0
	if len(w.block) == 0 {
		w.firsts = append(w.firsts, bytes.Clone(key))
	} else {
		for shared < len(w.last) && shared < len(key) && w.last[shared] == key[shared] {
			shared++
		}
	}
	for _, n := range []int{shared, len(key) - shared, len(value)} {
		w.block = binary.AppendUvarint(w.block, uint64(n))
	}
	w.block = append(append(w.block, key[shared:]...), value...)
	w.last = append(w.last[:0], key...)
}

func (w *blockWriter) flush() {
	if len(w.block) > 0 {
		w.blocks = append(w.blocks, bytes.Clone(w.block))
		w.block = w.block[:0]
	}
}

// blocks makes the blocks of a segment of which no document is dead.
func (s *segment) blocks() [][]byte {
	w := &blockWriter{}
	var key []byte
	for i, g := range s.grams.key {
		w.add(binary.BigEndian.AppendUint32(append(key[:0], gramKey), g), s.grams.docs(i))
	}
	table := func(kind byte, t *table) {
		for i := range t.len() {
			key = append(append(key[:0], kind), t.text(i)...)
			w.add(key, t.data[t.list[i]:t.list[i+1]])
		}
	}
	table(headKey, &s.heads)
	table(initialKey, &s.names)
	byID := make([]uint32, s.docs)
	for doc := range byID {
		byID[doc] = uint32(doc)
	}
	slices.SortFunc(byID, func(a, b uint32) int { return compareBytes([]byte(s.ids.id(a)), []byte(s.ids.id(b))) })
	for _, doc := range byID {
		w.add(append(append(key[:0], idKey), s.ids.id(doc)...), binary.AppendUvarint(nil, uint64(doc)))
	}
	s.addEnds(w)
	table(wordKey, &s.words)
	w.flush()
	out := append([][]byte{nil}, w.blocks...)
	var orders [][]byte
	for from := 0; from < s.docs; from += blockDocs {
		block, first := s.docBlock(uint32(from), uint32(min(from+blockDocs, s.docs)))
		out, orders = append(out, block), append(orders, first)
	}
	out[0] = indexBlock(s.docs, s.shortest, s.hidden, w.firsts, orders)
	return out
}

// addEnds adds the ends of the words, each with the words that have it.
func (s *segment) addEnds(w *blockWriter) {
	type end struct {
		head uint64 // its first bytes
		word uint32
		at   uint32
	}
	var ends []end
	var key []byte
	for i := range s.words.len() {
		word := s.words.text(i)
		if len(word) >= longWord {
			w.add(append(append(key[:0], longKey), word...), endValue(s.words.entry(i)))
			continue
		}
		for at := 1; at+leastEnd <= len(word); at++ {
			if !utf8.RuneStart(word[at]) {
				continue
			}
			var head [8]byte
			copy(head[:], word[at:])
			ends = append(ends, end{binary.BigEndian.Uint64(head[:]), uint32(i), uint32(at)})
		}
	}
	text := func(e end) []byte { return s.words.text(int(e.word))[e.at:] }
	slices.SortFunc(ends, func(a, b end) int {
		if a.head != b.head {
			if a.head < b.head {
				return -1
			}
			return 1
		}
		if c := bytes.Compare(text(a), text(b)); c != 0 {
			return c
		}
		return int(a.word) - int(b.word)
	})
	for _, e := range ends {
		key = append(append(append(key[:0], endKey), text(e)...), 0)
		w.add(append(key, s.words.text(int(e.word))...), endValue(s.words.entry(int(e.word))))
	}
}

// docBlock makes a block of documents: where each begins and the end, and of
// each the length of its place in the order, that place, which ends with the
// id, and the digits of its phone numbers between anchors.
func (s *segment) docBlock(from, to uint32) (block, first []byte) {
	var w docWriter
	var order, digits []byte
	for doc := from; doc < to; doc++ {
		order, digits = s.appendOrder(order[:0], doc), digits[:0]
		if doc == from {
			first = bytes.Clone(order)
		}
		_, r := s.reader(doc)
		if len(r) > 0 {
			digits = append(digits, anchor...)
		}
		for len(r) > 0 {
			var number [64]byte
			k := r.number(&number)
			digits = append(append(digits, number[:k]...), anchor...)
		}
		w.add(order, digits)
	}
	return w.block(), first
}

// docWriter makes a block of documents.
type docWriter struct {
	ends []int
	data []byte
}

func (w *docWriter) add(order, digits []byte) {
	w.data = append(append(binary.AppendUvarint(w.data, uint64(len(order))), order...), digits...)
	w.ends = append(w.ends, len(w.data))
}

func (w *docWriter) block() []byte {
	head := 4 * (len(w.ends) + 1)
	block := make([]byte, 0, head+len(w.data))
	block = binary.LittleEndian.AppendUint32(block, uint32(head))
	for _, end := range w.ends {
		block = binary.LittleEndian.AppendUint32(block, uint32(head+end))
	}
	return append(block, w.data...)
}

// indexBlock makes the first block.
func indexBlock[T []byte | string](docs, shortest int, hidden marks, firsts, orders []T) []byte {
	b := binary.AppendUvarint(nil, uint64(docs))
	b = binary.AppendUvarint(b, uint64(shortest))
	list := appendDeltas(nil, hidden.all())
	b = append(binary.AppendUvarint(b, uint64(len(list))), list...)
	for _, keys := range [][]T{firsts, orders} {
		b = binary.AppendUvarint(b, uint64(len(keys)))
		for _, k := range keys {
			b = append(binary.AppendUvarint(b, uint64(len(k))), k...)
		}
	}
	return b
}
