package search

import (
	"bytes"
	"encoding/binary"
	"math"
	"slices"
	"strings"
	"unicode/utf8"

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
	hits []found

	checked bool     // each document is looked at before it counts
	filters []bitset // of which each must have the document
	own     []bitset // those of them that the finder may use again
	d       document
	frag    string // what a phone number must hold, if not empty
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
		if f.q.root.kind == andNode {
			for _, k := range f.q.root.kids {
				if k != n && !f.filter(k) {
					f.checked = true
				}
			}
		}
		f.ranked(w)
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
	if s.docs < headDocs || b.size() < s.docs/keptShare || s.setCount.Add(1) > keptSets {
		return false
	}
	_, twice := s.sets.LoadOrStore(n.setKey(), b)
	return !twice
}

// ranked goes through the ways and places of one word from the best score to
// the least, until there are enough.
func (f *finder) ranked(w *wordMatch) {
	word := bytes.Trim(w.pattern, " ")
	inside, whole := len(w.pattern) > 0 && w.pattern[0] != ' ', len(w.pattern) > 0 && w.pattern[len(w.pattern)-1] == ' '
	exact, from, to, heads := -1, 0, 0, -1
	if len(word) > 0 {
		switch {
		case whole:
			exact = f.s.words.find(word)
		default:
			if from = f.s.words.first(word); utf8.RuneCount(word) <= letters && f.s.heads.len() > 0 {
				heads = f.s.heads.find(word)
			}
			if heads < 0 {
				from, to = f.s.words.span(word)
			}
			if from < f.s.words.len() && bytes.Equal(f.s.words.text(from), word) {
				exact = from
			}
			if exact >= 0 && heads < 0 {
				from++
			}
		}
	}
	lesser := w.typing != nil || w.initials != nil || len(w.nicknames) > 0 || inside
	for h := byExact; ; h-- {
		if h < byPrefix && !lesser {
			return
		}
		for rank := nameRank; rank >= labelRank; rank-- {
			place := placeOf[rank]
			sc := score(h, rank)
			if sc > f.at {
				continue
			}
			f.lists = f.lists[:0]
			switch {
			case rank == phoneRank:
				if (h == byExact || h == byPrefix) && w.digits != nil {
					f.numbers(w.digits, h == byExact, sc)
				}
			case h == byExact:
				f.list(exact, place)
			case h == byPrefix && heads >= 0:
				f.lists = appendList(f.lists, f.s.heads.docs(heads, place))
			case h == byPrefix:
				for i := from; i < to; i++ {
					f.list(i, place)
				}
			case h == byInitials:
				if w.initials != nil && rank == nameRank {
					if i := f.s.names.find(w.initials[1 : len(w.initials)-1]); i >= 0 {
						f.lists = appendList(f.lists, f.s.names.docs(i, inName))
					}
				}
			case h == byNickname && rank != nameRank:
			default:
				for _, i := range f.wordsBy(h, w, word, inside) {
					f.list(int(i), place)
				}
				if inside && h == byPart && place == inEmail {
					f.class = f.s.holding(&f.s.mails, word, f.class[:0])
					for _, i := range f.class {
						f.list(int(i), place)
					}
				}
			}
			if len(f.lists) > 0 {
				f.take(f.lists, sc, f.checked)
			}
			if len(f.hits) >= f.k {
				return
			}
		}
		if h == byTypos {
			return
		}
	}
}

func (f *finder) list(i, place int) {
	if i >= 0 {
		f.lists = appendList(f.lists, f.s.words.docs(i, place))
	}
}

func appendList(lists [][]byte, list []byte) [][]byte {
	if len(list) > 0 {
		lists = append(lists, list)
	}
	return lists
}

// wordsBy are the words of the segment that the typed one stands for, in one
// of the lesser ways. They are looked up when they are wanted first.
func (f *finder) wordsBy(h how, w *wordMatch, word []byte, inside bool) []uint32 {
	if !f.ready[h] {
		f.ready[h] = true
		f.words[h] = f.words[h][:0]
		switch h {
		case byNickname:
			for _, p := range w.nicknames {
				if i := f.s.words.find(bytes.Trim(p, " ")); i >= 0 {
					f.words[h] = append(f.words[h], uint32(i))
				}
			}
		case byPart:
			if inside {
				f.words[h] = f.s.holding(&f.s.parts, word, f.words[h])
			}
		case byTypo:
			if w.typing != nil {
				f.words[h] = f.s.nearOne(w.typing, f.words[h])
			}
		case byTypos:
			if w.typing != nil && w.typing.max == 2 {
				f.words[h] = f.s.nearTwo(w.typing, f.words[h])
			}
		}
	}
	return f.words[h]
}

// numbers takes the documents with a phone number that holds one of the
// fragments, or is one of them.
func (f *finder) numbers(fragments []string, whole bool, sc int) {
	check := f.checked || len(fragments) > 1
	f.frag = ""
	for _, frag := range fragments {
		if whole && len(strings.Trim(frag, anchor)) < f.s.shortest {
			continue
		}
		if whole {
			frag = anchor + strings.Trim(frag, anchor) + anchor
		}
		from, to, ok := f.s.gramSpan(frag)
		if !ok {
			continue
		}
		if len(frag) > gramLength {
			f.frag = frag
		}
		for i := from; i < to; i++ {
			f.lists = append(f.lists, f.s.grams.docs(i))
		}
	}
	if len(f.lists) > 0 {
		f.take(f.lists, sc, check)
	}
	f.lists, f.frag = f.lists[:0], ""
}

// take adds the best documents of several lists that are not among the hits
// yet, as many as are missing. With check set each is asked for its score.
func (f *finder) take(lists [][]byte, sc int, check bool) {
	want := f.k - len(f.hits)
	from := uint32(0)
	if sc == f.at {
		from = f.from
	}
	class := f.class[:0]
	limit := uint32(math.MaxUint32)
	many := want > 512
	for _, list := range lists {
		doc := uint32(0)
		for len(list) > 0 {
			var d uint32
			d, list = nextDelta(list)
			if doc += d; doc >= limit {
				break
			}
			if doc < from || !f.counts(doc) {
				continue
			}
			if many {
				class = append(class, doc)
				continue
			}
			i := len(class)
			for i > 0 && class[i-1] > doc {
				i--
			}
			if i > 0 && class[i-1] == doc {
				continue
			}
			if check {
				if f.score(doc) != sc {
					continue
				}
			} else if f.has(doc) || f.frag != "" && !f.holds(doc) {
				continue
			}
			if len(class) == want {
				copy(class[i+1:], class[i:])
				class[i] = doc
			} else {
				class = slices.Insert(class, i, doc)
			}
			if len(class) == want {
				limit = class[want-1]
			}
		}
	}
	if many {
		slices.Sort(class)
		class = slices.Compact(class)
		kept := class[:0]
		for _, doc := range class {
			if len(kept) == want {
				break
			}
			if f.score(doc) == sc {
				kept = append(kept, doc)
			}
		}
		class = kept
	}
	for _, doc := range class {
		f.hits = append(f.hits, found{doc, sc})
	}
	f.class = class
}

// counts reports whether a document is in the segment for this query.
func (f *finder) counts(doc uint32) bool {
	if f.q.anyState {
		if f.s.dead.has(doc) {
			return false
		}
	} else if f.s.hidden.has(doc) {
		return false
	}
	for _, b := range f.filters {
		if !b.has(doc) {
			return false
		}
	}
	return true
}

// holds reports whether a number of a document holds the fragment at hand.
func (f *finder) holds(doc uint32) bool {
	d := &f.d
	d.seg, d.doc = f.s, doc
	for _, whatsapp := range []bool{false, true} {
		ok := false
		d.phones(whatsapp, func(digits []byte) bool {
			d.buf = append(append(append(d.buf[:0], anchor...), digits...), anchor...)
			ok = bytes.Contains(d.buf, []byte(f.frag))
			return !ok
		})
		if ok {
			return true
		}
	}
	return false
}

func (f *finder) has(doc uint32) bool {
	for i := range f.hits {
		if f.hits[i].doc == doc {
			return true
		}
	}
	return false
}

// score is the score of a document, -1 where it cannot match.
func (f *finder) score(doc uint32) int {
	f.d.load(f.s, doc)
	if f.q.root == nil {
		return 0
	}
	if sc, ok := f.q.root.match(&f.d); ok {
		return sc
	}
	return -1
}

// all looks at every document that can match, one after another.
func (f *finder) all() {
	var b bitset
	if f.q.root != nil {
		b = f.candidates(f.q.root)
	}
	scored := f.q.ranked
	visit := func(doc uint32) bool {
		if !f.counts(doc) {
			return true
		}
		sc := f.score(doc)
		if sc < 0 || sc > f.at || sc == f.at && doc < f.from {
			return true
		}
		if len(f.hits) == f.k {
			if sc <= f.hits[f.k-1].score {
				return true
			}
			f.hits = f.hits[:f.k-1]
		}
		i := len(f.hits)
		if scored {
			i, _ = slices.BinarySearchFunc(f.hits, sc, func(h found, sc int) int {
				if h.score >= sc {
					return -1
				}
				return 1
			})
		}
		f.hits = slices.Insert(f.hits, i, found{doc, sc})
		return scored || len(f.hits) < f.k
	}
	from := uint32(0)
	if !scored {
		from = f.from
	}
	if b == nil {
		for doc := from; doc < uint32(f.s.docs) && visit(doc); doc++ {
		}
		return
	}
	for i := int(from / 64); i < len(b); i++ {
		f.class = appendBits(f.class[:0], b[i], i)
		for _, doc := range f.class {
			if doc >= from && !visit(doc) {
				f.free(b)
				return
			}
		}
	}
	f.free(b)
}

func (f *finder) empty() bitset {
	n := f.s.docs/64 + 1
	if k := len(f.bits); k > 0 {
		b := f.bits[k-1]
		f.bits = f.bits[:k-1]
		if cap(b) >= n {
			b = b[:n]
			clear(b)
			return b
		}
	}
	return make(bitset, n)
}

func (f *finder) free(b bitset) {
	if b != nil {
		f.bits = append(f.bits, b)
	}
}

// candidates are documents among which are all that a node matches; nil means
// all there are.
func (f *finder) candidates(n *node) bitset {
	switch n.kind {
	case andNode:
		return f.candidatesAll(n)
	case orNode:
		out := f.empty()
		for _, k := range n.kids {
			b := f.candidates(k)
			if b == nil {
				f.free(out)
				return nil
			}
			out.or(b)
			f.free(b)
		}
		return out
	case notNode:
		return nil
	}
	switch m := n.m.(type) {
	case *wordMatch:
		return f.wordCandidates(m)
	case *textMatch:
		if m.f.inRows() && m.pattern != nil {
			return f.patternCandidates(m.pattern, m.f.place())
		}
	case *phoneMatch:
		return f.digitCandidates(m.fragments)
	case *compareMatch:
		if p := pattern(m.value, m.op == Equal); m.f.inRows() && p != nil && (m.op == Equal || m.op == StartsWith) {
			return f.patternCandidates(p, m.f.place())
		}
	case *domainMatch:
		if needs := m.needs(); needs != nil && m.f.inRows() {
			return f.patternCandidates([]byte(needs[0]), inEmail)
		}
	case *idsMatch:
		if m.also == nil {
			out := f.empty()
			for id := range m.ids {
				if doc := f.s.ids.find(id); doc >= 0 {
					out.set(uint32(doc))
				}
			}
			return out
		}
	}
	return nil
}

func (f *finder) candidatesAll(n *node) bitset {
	var out bitset
	join := func(b bitset) {
		if out == nil {
			out = b
		} else if b != nil {
			out.and(b)
			f.free(b)
		}
	}
	runs := n.runs
	for i := 0; i < len(n.kids); i++ {
		if len(runs) > 0 && runs[0].from == i { // the whole number, or each of its words
			r := runs[0]
			runs = runs[1:]
			var each bitset
			for ; i < r.to; i++ {
				b := f.candidates(n.kids[i])
				if each == nil {
					each = b
				} else if b != nil {
					each.and(b)
					f.free(b)
				}
			}
			i--
			if whole := f.digitCandidates(r.fragments); whole != nil && each != nil {
				each.or(whole)
				f.free(whole)
				join(each)
			} else {
				f.free(whole)
				f.free(each)
			}
			continue
		}
		join(f.candidates(n.kids[i]))
	}
	return out
}

// digitCandidates are documents with a number that can hold a fragment.
func (f *finder) digitCandidates(fragments []string) bitset {
	out := f.empty()
	for _, frag := range fragments {
		from, to, ok := f.s.gramSpan(frag)
		if !ok {
			f.free(out)
			return nil
		}
		for i := from; i < to; i++ {
			out.mark(f.s.grams.docs(i))
		}
	}
	return out
}

// markWord adds the documents with a word, in one field or, with -1, in any.
func (f *finder) markWord(b bitset, i, place int) {
	if i < 0 {
		return
	}
	if place >= 0 {
		b.mark(f.s.words.docs(i, place))
		return
	}
	for p := range places {
		b.mark(f.s.words.docs(i, p))
	}
}

// patternCandidates are documents that have the words of a pattern.
func (f *finder) patternCandidates(p []byte, place int) bitset {
	var out bitset
	list := bytes.Fields(p)
	for i, w := range list {
		last, first := i == len(list)-1, i == 0
		b := f.empty()
		switch {
		case first && p[0] != ' ': // the end of a word, or a part of one
			if len(list) == 1 && len(w) >= 3 {
				f.class = f.s.holding(&f.s.mails, w, f.s.holding(&f.s.parts, w, f.class[:0]))
				for _, word := range f.class {
					f.markWord(b, int(word), place)
				}
				f.markSpan(b, w, place)
			} else {
				f.free(b)
				continue
			}
		case last && p[len(p)-1] != ' ':
			f.markSpan(b, w, place)
		default:
			f.markWord(b, f.s.words.find(w), place)
		}
		if out == nil {
			out = b
		} else {
			out.and(b)
			f.free(b)
		}
	}
	return out
}

// markSpan adds the documents with a word that begins so.
func (f *finder) markSpan(b bitset, prefix []byte, place int) {
	if f.s.heads.len() > 0 && utf8.RuneCount(prefix) <= letters {
		if i := f.s.heads.find(prefix); i >= 0 {
			for p := range places {
				if place < 0 || place == p {
					b.mark(f.s.heads.docs(i, p))
				}
			}
			return
		}
	}
	from, to := f.s.words.span(prefix)
	for i := from; i < to; i++ {
		f.markWord(b, i, place)
	}
}

func (f *finder) wordCandidates(m *wordMatch) bitset {
	out := f.empty()
	if m.pattern != nil {
		b := f.patternCandidates(m.pattern, -1)
		if b == nil {
			f.free(out)
			return nil
		}
		out.or(b)
		f.free(b)
	}
	if m.digits != nil {
		b := f.digitCandidates(m.digits)
		if b == nil {
			f.free(out)
			return nil
		}
		out.or(b)
		f.free(b)
	}
	for _, p := range m.nicknames {
		f.markWord(out, f.s.words.find(bytes.Trim(p, " ")), inName)
	}
	if m.initials != nil {
		if i := f.s.names.find(m.initials[1 : len(m.initials)-1]); i >= 0 {
			out.mark(f.s.names.docs(i, inName))
		}
	}
	if m.typing != nil {
		f.class = f.s.nearOne(m.typing, f.class[:0])
		if m.typing.max == 2 {
			f.class = f.s.nearTwo(m.typing, f.class)
		}
		for _, i := range f.class {
			f.markWord(out, int(i), -1)
		}
	}
	return out
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
