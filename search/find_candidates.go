package search

import (
	"bytes"
	"unicode/utf8"
)

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
		if m.also == nil && f.s.far == nil {
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
		from, to, _, ok := f.s.gramSpan(frag)
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
