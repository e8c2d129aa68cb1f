package search

import (
	"encoding/binary"
	"maps"
	"slices"
	"sort"
	"strings"
)

const (
	tierSize   = 128 // documents that the open tier gathers: few enough to look through
	mergeWidth = 8   // segments of like size that become one
	grams      = 1000
)

// tier gathers new documents, without order.
type tier struct {
	docs  int
	words map[string][]uint32
	grams [grams][]uint32
}

func (t *tier) reset() {
	t.docs = 0
	t.words = map[string][]uint32{}
	for i := range t.grams {
		t.grams[i] = t.grams[i][:0]
	}
}

func (t *tier) add(doc uint32, text []byte) {
	t.docs++
	terms(text, func(w []byte) {
		if list := t.words[string(w)]; len(list) == 0 || list[len(list)-1] != doc {
			t.words[string(w)] = append(list, doc)
		}
	}, func(g int) {
		if list := t.grams[g]; len(list) == 0 || list[len(list)-1] != doc {
			t.grams[g] = append(list, doc)
		}
	})
}

func (t *tier) collect(dst []uint32, l lookup) []uint32 {
	switch {
	case l.word == "":
		return append(dst, t.grams[l.gram]...)
	case !l.prefix:
		return append(dst, t.words[l.word]...)
	}
	start := len(dst)
	for w, list := range t.words {
		if strings.HasPrefix(w, l.word) {
			dst = append(dst, list...)
		}
	}
	return dst[:start+len(ascending(dst[start:]))]
}

func ascending(docs []uint32) []uint32 {
	slices.Sort(docs)
	return slices.Compact(docs)
}

// segment makes an immutable segment of the tier.
func (t *tier) segment() *segment {
	b := newSegmentBuilder()
	for _, w := range slices.Sorted(maps.Keys(t.words)) {
		b.word(w, t.words[w])
	}
	for g := range t.grams {
		b.gram(t.grams[g])
	}
	return b.done(t.docs)
}

// segment is a sorted dictionary of words, each with the ascending list of the
// documents that have it, and such a list for every three digits. Lists are
// written as differences in varints.
type segment struct {
	docs  int
	chars string   // the words one after another
	word  []uint32 // where each word begins in chars, and the end
	list  []uint32 // where each word's list begins in data, then each gram's, and the end
	data  []byte
}

func (s *segment) words() int         { return len(s.word) - 1 }
func (s *segment) text(i int) string  { return s.chars[s.word[i]:s.word[i+1]] }
func (s *segment) bytes(i int) []byte { return s.data[s.list[i]:s.list[i+1]] }
func (s *segment) first(w string) int {
	return sort.Search(s.words(), func(i int) bool { return s.text(i) >= w })
}
func (s *segment) span(l lookup) (from, to int) {
	if l.word == "" {
		return s.words() + l.gram, s.words() + l.gram + 1
	}
	from = s.first(l.word)
	if !l.prefix {
		if from < s.words() && s.text(from) == l.word {
			return from, from + 1
		}
		return from, from
	}
	return from, from + sort.Search(s.words()-from, func(i int) bool { return !strings.HasPrefix(s.text(from+i), l.word) })
}

// size bounds the number of documents of a lookup: a posting takes a byte at least.
func (s *segment) size(l lookup) int {
	from, to := s.span(l)
	return int(s.list[to] - s.list[from])
}

// collect appends the documents of a lookup in ascending order.
func (s *segment) collect(dst []uint32, l lookup) []uint32 {
	from, to := s.span(l)
	start := len(dst)
	for i := from; i < to; i++ {
		dst = s.decode(dst, i)
	}
	if to-from > 1 {
		dst = dst[:start+len(ascending(dst[start:]))]
	}
	return dst
}

func (s *segment) decode(dst []uint32, i int) []uint32 {
	doc := uint32(0)
	for b := s.bytes(i); len(b) > 0; {
		if b[0] < 0x80 {
			doc += uint32(b[0])
			b = b[1:]
		} else {
			d, n := binary.Uvarint(b)
			doc += uint32(d)
			b = b[n:]
		}
		dst = append(dst, doc)
	}
	return dst
}

// mark sets the bits of the documents of a lookup.
func (s *segment) mark(bits []uint64, l lookup) {
	var buf []uint32
	from, to := s.span(l)
	for i := from; i < to; i++ {
		buf = s.decode(buf[:0], i)
		for _, doc := range buf {
			bits[doc/64] |= 1 << (doc % 64)
		}
	}
}

// segmentBuilder writes a segment: the words in ascending order, then all grams.
type segmentBuilder struct {
	s     segment
	chars []byte
}

func newSegmentBuilder() *segmentBuilder { return &segmentBuilder{} }

func (b *segmentBuilder) word(w string, docs []uint32) {
	if len(docs) == 0 {
		return
	}
	b.s.word = append(b.s.word, uint32(len(b.chars)))
	b.chars = append(b.chars, w...)
	b.gram(docs)
}

func (b *segmentBuilder) gram(docs []uint32) {
	b.s.list = append(b.s.list, uint32(len(b.s.data)))
	last := uint32(0)
	for _, doc := range docs {
		b.s.data = binary.AppendUvarint(b.s.data, uint64(doc-last))
		last = doc
	}
}

func (b *segmentBuilder) done(docs int) *segment {
	b.s.docs = docs
	b.s.word = slices.Clip(append(b.s.word, uint32(len(b.chars))))
	b.s.list = slices.Clip(append(b.s.list, uint32(len(b.s.data))))
	b.s.chars = string(b.chars)
	b.s.data = slices.Clone(b.s.data)
	s := b.s
	return &s
}

// mergeSegments makes one segment of several whose documents ascend, without
// the documents that alive does not want.
func mergeSegments(segs []*segment, alive func(doc uint32) bool) *segment {
	b := newSegmentBuilder()
	at := make([]int, len(segs))
	var docs []uint32
	collect := func(s *segment, i int) {
		start := len(docs)
		docs = s.decode(docs, i)
		kept := docs[:start]
		for _, doc := range docs[start:] {
			if alive(doc) {
				kept = append(kept, doc)
			}
		}
		docs = kept
	}
	for {
		least, found := "", false
		for k, s := range segs {
			if at[k] < s.words() && (!found || s.text(at[k]) < least) {
				least, found = s.text(at[k]), true
			}
		}
		if !found {
			break
		}
		docs = docs[:0]
		for k, s := range segs {
			if at[k] < s.words() && s.text(at[k]) == least {
				collect(s, at[k])
				at[k]++
			}
		}
		b.word(least, docs)
	}
	for g := range grams {
		docs = docs[:0]
		for _, s := range segs {
			collect(s, s.words()+g)
		}
		b.gram(docs)
	}
	n := 0
	for _, s := range segs {
		n += s.docs
	}
	return b.done(n)
}

// renumber gives the documents new numbers in the same order.
func (s *segment) renumber(number []uint32) {
	var data []byte
	var docs []uint32
	live := map[uint32]struct{}{}
	for i := range len(s.list) - 1 {
		docs = s.decode(docs[:0], i)
		s.list[i] = uint32(len(data))
		last := uint32(0)
		for _, doc := range docs {
			n := number[doc]
			data = binary.AppendUvarint(data, uint64(n-last))
			last = n
			live[n] = struct{}{}
		}
	}
	s.list[len(s.list)-1] = uint32(len(data))
	s.data = data
	s.docs = len(live)
}
