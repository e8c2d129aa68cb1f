package search

import (
	"bytes"
	"context"
	"encoding/binary"
	"hash/maphash"
	"iter"
	"unicode/utf8"

	"github.com/extcontacts/extcontacts/contacts"
)

// Check compares the index with the contacts, all of which seq must yield: it
// yields the ids of those of which the index says something else, of those that
// it does not have, and of those that are not there. Where blocks are missing
// or damaged, or where their keys do not belong together, the error wraps
// [ErrStored]. A contact that is written meanwhile may be among them.
func (x *Stored) Check(ctx context.Context, seq iter.Seq2[*contacts.Contact, error]) iter.Seq2[contacts.ID, error] {
	return func(yield func(contacts.ID, error) bool) {
		k := &checker{seed: maphash.MakeSeed()}
		var sums []*segmentSums
		for _, s := range x.segs {
			sum, err := k.sums(ctx, x, s)
			if err != nil {
				yield("", err)
				return
			}
			sums = append(sums, sum)
		}
		tail := map[contacts.ID]bool{}
		for _, id := range x.tail.alive() {
			tail[id] = true
		}
		for c, err := range seq {
			if err != nil {
				yield("", err)
				return
			}
			want := 1
			if tail[c.ID] {
				want = 0
			}
			sound := true
			for i, s := range x.segs {
				doc, ok := sums[i].docs[c.ID]
				if !ok || s.dead.has(doc) {
					continue
				}
				delete(sums[i].docs, c.ID)
				want--
				sound = sound && sums[i].of[doc] == k.contact(c, sums[i].heads)
			}
			if (want != 0 || !sound) && !yield(c.ID, nil) {
				return
			}
		}
		for i, s := range x.segs {
			for id, doc := range sums[i].docs {
				if !s.dead.has(doc) && !yield(id, nil) {
					return
				}
			}
		}
	}
}

// segmentSums has for each document the sum of all that a segment says of it.
type segmentSums struct {
	of    []uint64
	docs  map[contacts.ID]uint32
	heads map[string]bool
}

type checker struct {
	seed maphash.Seed
	buf  []byte
}

func (k *checker) hash(kind byte, place int, text []byte) uint64 {
	k.buf = append(append(k.buf[:0], kind, byte(place)), text...)
	return maphash.Bytes(k.seed, k.buf)
}

// sums reads all blocks of a segment.
func (k *checker) sums(ctx context.Context, x *Stored, s *storedSegment) (*segmentSums, error) {
	sum := &segmentSums{of: make([]uint64, s.docs), docs: make(map[contacts.ID]uint32, s.docs), heads: map[string]bool{}}
	bad := false
	list := func(docs []byte, h uint64) {
		for doc := uint64(0); len(docs) > 0; {
			d, n := binary.Uvarint(docs)
			if doc += d; n <= 0 || doc >= uint64(s.docs) {
				bad = true
				return
			}
			docs = docs[n:]
			sum.of[doc] += h
		}
	}
	var ends, words uint64 // of the words by their ends, and of what they must be
	var last []byte
	const step = 256
	for from := 1; from < s.blocks; from += step {
		var numbers []int64
		for i := from; i < min(from+step, s.blocks); i++ {
			numbers = append(numbers, s.block(i))
		}
		blocks, err := x.fetch(ctx, numbers)
		if err != nil {
			return nil, err
		}
		for i, data := range blocks {
			at := from + i - 1
			if at >= len(s.firsts) {
				doc := uint32((at - len(s.firsts)) * blockDocs)
				first, _, _ := (&keyBlock{data: data}).doc(doc)
				bad = bad || string(first) != s.orders[at-len(s.firsts)]
				for end := min(doc+blockDocs, uint32(s.docs)); doc < end; doc++ {
					order, digits, ok := (&keyBlock{data: data}).doc(doc)
					bad = bad || !ok
					sum.of[doc] += k.hash('d', len(order), order) + k.hash('n', 0, digits)
					if s.hidden.has(doc) {
						sum.of[doc] += k.hash('-', 0, nil)
					}
				}
				continue
			}
			b, err := parseKeyBlock(data)
			if err != nil {
				return nil, err
			}
			bad = bad || len(b.ends) == 0 || string(b.key(0)) != s.firsts[at]
			for j := range b.ends {
				key, value := b.key(j), b.value(j)
				bad = bad || bytes.Compare(key, last) <= 0
				last = append(last[:0], key...)
				switch kind, text := key[0], key[1:]; kind {
				case gramKey:
					list(value, k.hash(kind, 0, text))
				case idKey:
					list(value, k.hash(kind, 0, text))
					doc, _ := binary.Uvarint(value)
					sum.docs[contacts.ID(text)] = uint32(doc)
				case endKey, longKey:
					ends += k.hash(kind, 0, append(bytes.Clone(text), value...))
				default:
					if kind == headKey {
						sum.heads[string(text)] = true
					}
					if kind == wordKey {
						words += k.ends(text, endValue(value))
					}
					one := &table{chars: text, key: []uint32{0, uint32(len(text))}, data: value, list: []uint32{0, uint32(len(value))}}
					for place := range places {
						list(one.docs(0, place), k.hash(kind, place, text))
					}
				}
			}
		}
	}
	if bad || ends != words {
		return nil, damaged("a segment")
	}
	return sum, nil
}

// ends is the sum of the keys by which a word is found by its ends.
func (k *checker) ends(word, value []byte) (sum uint64) {
	if len(word) >= longWord {
		return k.hash(longKey, 0, append(bytes.Clone(word), value...))
	}
	for at := 1; at+leastEnd <= len(word); at++ {
		if utf8.RuneStart(word[at]) {
			key := append(append(bytes.Clone(word[at:]), 0), word...)
			sum += k.hash(endKey, 0, append(key, value...))
		}
	}
	return sum
}

// contact is the sum of what a segment with these heads must say of a contact.
func (k *checker) contact(c *contacts.Contact, heads map[string]bool) uint64 {
	b := newBuilder()
	b.add(c)
	s := b.segment()
	block, _ := s.docBlock(0, 1)
	order, digits, _ := (&keyBlock{data: block}).doc(0)
	sum := k.hash(idKey, 0, []byte(c.ID)) + k.hash('d', len(order), order) + k.hash('n', 0, digits)
	if c.State != contacts.Live {
		sum += k.hash('-', 0, nil)
	}
	for _, g := range s.grams.key {
		sum += k.hash(gramKey, 0, binary.BigEndian.AppendUint32(nil, g))
	}
	seen := map[uint64]bool{}
	add := func(kind byte, place int, text []byte) {
		if h := k.hash(kind, place, text); !seen[h] {
			seen[h] = true
			sum += h
		}
	}
	for i := range s.names.len() {
		add(initialKey, inName, s.names.text(i))
	}
	for i := range s.words.len() {
		for place := range places {
			if len(s.words.docs(i, place)) == 0 {
				continue
			}
			word := s.words.text(i)
			add(wordKey, place, word)
			for n := 1; n <= letters; n++ {
				if h := head(word, n); h != nil && heads[string(h)] {
					add(headKey, place, h)
				}
			}
		}
	}
	return sum
}
