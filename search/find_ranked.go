package search

import (
	"bytes"
	"math"
	"slices"
	"strings"
	"unicode/utf8"
)

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
			if sc < f.least {
				return
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
	check := (f.checked || len(fragments) > 1) && f.s.far == nil
	f.frags, f.beside = f.frags[:0], nil
	for _, frag := range fragments {
		if whole && len(strings.Trim(frag, anchor)) < f.s.shortest {
			continue
		}
		if whole {
			frag = anchor + strings.Trim(frag, anchor) + anchor
		}
		from, to, beside, ok := f.s.gramSpan(frag)
		if !ok {
			continue
		}
		if len(fragments) == 1 {
			f.beside = beside
		}
		if len(frag) > gramLength || len(fragments) > 1 {
			f.frags = append(f.frags, frag)
		}
		for i := from; i < to; i++ {
			f.lists = append(f.lists, f.s.grams.docs(i))
		}
	}
	if len(f.lists) > 0 {
		f.take(f.lists, sc, check)
	}
	f.lists, f.frags, f.beside = f.lists[:0], f.frags[:0], nil
}

// take adds the best documents of several lists that are not among the hits
// yet, as many as are missing. With check set each is asked for its score.
func (f *finder) take(lists [][]byte, sc int, check bool) {
	if f.tally != nil {
		f.tally.take(f, lists, sc)
		return
	}
	want := f.k - len(f.hits)
	from := uint32(0)
	if sc == f.at {
		from = f.from
	}
	class := f.class[:0]
	limit := uint32(math.MaxUint32)
	many := want > 512
	beside, next := f.beside, uint32(0) // there is one list then
	for _, list := range lists {
		doc := uint32(0)
		for len(list) > 0 {
			var d uint32
			d, list = nextDelta(list)
			if doc += d; doc >= limit {
				break
			}
			for f.beside != nil && next < doc && len(beside) > 0 {
				d, beside = nextDelta(beside)
				next += d
			}
			if doc < from || f.beside != nil && next != doc || !f.counts(doc) {
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
			} else if f.has(doc) || len(f.frags) > 0 && !f.s.holds(doc, f.frags) {
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
			if f.seen == nil && f.score(doc) == sc || f.seen != nil && !f.seen.has(doc) && (len(f.frags) == 0 || f.s.holds(doc, f.frags)) {
				kept = append(kept, doc)
			}
		}
		class = kept
	}
	for _, doc := range class {
		f.hits = append(f.hits, found{doc, sc})
		if f.seen != nil {
			f.seen.set(doc)
		}
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

func (f *finder) has(doc uint32) bool {
	if f.seen != nil {
		return f.seen.has(doc)
	}
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
