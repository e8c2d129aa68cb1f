package search

import (
	"bytes"
	"encoding/binary"
	"math"

	"github.com/extcontacts/extcontacts/contacts"
)

// found is a document of a segment with its score.
type found struct {
	doc   uint32
	score int
}

// finder looks for the best documents of one segment.
type finder struct {
	q    *Query
	s    *segment
	k    int
	from uint32 // among documents with the score below, the first that counts
	at   int    // the score where the answer begins
	// least is a score below which nothing is wanted.
	least int
	hits  []found
	// best are the hits of several segments, and orders the places of some.
	best   []segHit
	orders []byte

	checked bool     // each document is looked at before it counts
	filters []bitset // of which each must have the document
	own     []bitset // those of them that the finder may use again
	d       document
	frags   []string // of which a phone number must hold one, if there are any
	beside  []byte   // documents among which are all that hold it, if not nil
	tally   *tally   // takes the documents over, where there are several words
	several tally
	seen    bitset // the hits, where they are many and the segment has no rows
	class   []uint32
	lists   [][]byte
	words   [5][]uint32 // by how: byTypos to byNickname, of the segment
	ready   [5]bool
	bits    []bitset // free ones
}

// rankable reports whether an index can answer the query in its order: there
// are no sort keys, and what rows cannot tell stands beside the free words,
// where it decides whether a contact matches and not how well.
func (q *Query) rankable() bool {
	if len(q.sorts) > 0 {
		return false
	}
	n := q.root
	if n == nil || n.known {
		return true
	}
	if n.kind != andNode {
		return !n.free
	}
	for _, k := range n.kids {
		if !k.known && k.free {
			return false
		}
	}
	return true
}

// single is the one free word that ranks the matches, with the number of its
// node among the kids of the root: nil where there are several, or none, or
// one that is no word.
func (q *Query) single() (*wordMatch, *node) {
	n := q.root
	if n == nil {
		return nil, nil
	}
	if n.kind == andNode {
		if len(n.runs) > 0 {
			return nil, nil
		}
		var one *node
		for _, k := range n.kids {
			if !k.free {
				continue
			}
			if k.kind == notNode {
				continue
			}
			if one != nil {
				return nil, nil
			}
			one = k
		}
		n = one
	}
	if n == nil || n.kind != wordNode && n.kind != phraseNode {
		return nil, nil
	}
	w := n.m.(*wordMatch)
	if w.pattern != nil && bytes.IndexByte(bytes.Trim(w.pattern, " "), ' ') >= 0 {
		return nil, nil
	}
	return w, n
}

// top finds the best k documents. The order of equal scores is that of the
// documents.
func (f *finder) top() {
	f.hits = f.hits[:0]
	f.ready = [5]bool{}
	f.filters = f.filters[:0]
	if w, n := f.q.single(); w != nil {
		f.checked = f.q.anyState || f.at < math.MaxInt || f.k > 64
		if f.s.far != nil && f.k > 64 {
			f.seen = f.empty()
		}
		if f.q.root.kind == andNode {
			for _, k := range f.q.root.kids {
				if k != n && !f.filter(k) {
					f.checked = true
				}
			}
		}
		if f.s.far != nil { // there are no rows: the contacts will tell
			f.checked = false
		}
		f.ranked(w)
		f.free(f.seen)
		f.seen = nil
	} else {
		f.all()
	}
	for _, b := range f.own {
		f.free(b)
	}
	f.filters, f.own = f.filters[:0], f.own[:0]
}

// filter adds the documents that can meet a condition, and reports whether
// they all do.
func (f *finder) filter(n *node) bool {
	m, ok := n.m.(*textMatch)
	exact := ok && m.op == Contains && n.kind == condNode && m.f.inRows() && m.f.place() >= inCompany && m.pattern != nil && bytes.IndexByte(m.pattern[1:], ' ') < 0
	if exact {
		if b := f.s.kept(n); b != nil {
			f.filters = append(f.filters, b)
			return true
		}
	}
	b := f.candidates(n)
	if b == nil {
		return false
	}
	f.filters = append(f.filters, b)
	if !exact || !f.s.keep(n, b) {
		f.own = append(f.own, b)
	}
	return exact
}

// Conditions that many contacts meet are asked again and again, such as labels
// beside a word: a segment keeps the documents of some.
const (
	keptDocs  = 2048 // documents of a segment at least
	keptSets  = 32
	keptShare = 64 // one document in so many at least
)

func (n *node) setKey() string { return n.field + ":" + n.value }

func (s *segment) kept(n *node) bitset {
	if b, ok := s.sets.Load(n.setKey()); ok {
		return b.(bitset)
	}
	return nil
}

// keep takes the set over, unless it is small or there are enough.
func (s *segment) keep(n *node, b bitset) bool {
	if s.docs < keptDocs || b.size() < s.docs/keptShare || s.setCount.Add(1) > keptSets {
		return false
	}
	_, twice := s.sets.LoadOrStore(n.setKey(), b)
	return !twice
}

// place takes a position in the order of the query apart: the score and the
// order among equal ones.
func (q *Query) place(after []byte) (score int, order []byte) {
	if !q.ranked {
		return 0, after
	}
	if len(after) < 4 {
		return math.MaxInt, nil
	}
	return int(math.MaxUint32 - binary.BigEndian.Uint32(after)), after[4:]
}

// matchRow is what a leaf says of a document of an index.
func (n *node) matchRow(d *document) (int, bool) {
	if !n.known {
		return 0, true // the contact decides
	}
	switch m := n.m.(type) {
	case *wordMatch:
		return m.match(d)
	case *textMatch:
		ok := false
		d.rowTexts(&m.f, func(words []byte) bool {
			ok = bytes.Contains(words, m.pattern)
			return !ok
		})
		return 0, ok
	case *phoneMatch:
		ok := false
		d.phones(m.f.name != "phone", func(digits []byte) bool {
			d.buf = append(append(append(d.buf[:0], anchor...), digits...), anchor...)
			for _, f := range m.fragments {
				ok = ok || bytes.Contains(d.buf, []byte(f))
			}
			return !ok
		})
		return 0, ok
	case *exactMatch:
		return 0, d.seg.state(d.doc).String() == m.value
	case *idsMatch:
		_, ok := m.ids[d.seg.ids.id(d.doc)]
		return 0, ok
	}
	return 0, true
}

// learn notes of every node whether rows tell what it means, and whether free
// words are in it.
func (n *node) learn() {
	if n == nil {
		return
	}
	switch n.kind {
	case andNode, orNode, notNode:
		n.known, n.free = true, false
		for _, k := range n.kids {
			k.learn()
			n.known, n.free = n.known && k.known, n.free || k.free
		}
		return
	}
	switch m := n.m.(type) {
	case *wordMatch:
		n.known, n.free = true, true
	case *textMatch:
		n.known = m.f.inRows() && m.pattern != nil
	case *phoneMatch:
		n.known = m.f.name == "phone" || m.f.name == contacts.WhatsApp.String()
	case *exactMatch:
		n.known = m.f.name == "is"
	case *idsMatch:
		n.known = m.also == nil
	}
}
