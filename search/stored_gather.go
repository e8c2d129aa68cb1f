package search

import (
	"bytes"
	"encoding/binary"
	"slices"
	"strings"
	"unicode/utf8"
)

// The ways in which a free word is found, in the order in which a query looks
// for them: what comes later ranks lower, and costs more to look for.
const (
	plainStage = iota // whole words, beginnings, nicknames, initials, numbers
	nameStage         // parts of names
	oneStage          // parts of other words, and words with one typing error
	twoStage          // words with two
	lastStage  = twoStage
)

// stageEnds is the least score of each stage.
var stageEnds = [...]int{plainStage: score(byInitials, 0), nameStage: score(byPart, nameRank), oneStage: score(byTypo, 0), twoStage: 0}

// part is the part of a stored segment that a query can ask for: a segment
// with few words, which has no rows. Who asks for more than was gathered finds
// too little; so each way of [finder] to look for something has one here.
type part struct {
	*view
	stage int
	words []gathered
	heads []gathered
	names []gathered
	grams []gathered
	buf   []byte
}

type gathered struct{ key, lists []byte }

func (p *part) add(to *[]gathered, kind byte, word []byte) {
	p.buf = append(append(p.buf[:0], kind), word...)
	if lists := p.get(p.buf); lists != nil {
		*to = append(*to, gathered{word, lists})
	}
}

// span gathers the words that begin so and that want says yes to.
func (p *part) span(prefix []byte, want func(word []byte) bool) {
	p.prefixed(append([]byte{wordKey}, prefix...), func(key, lists []byte) {
		if want == nil || want(key[1:]) {
			p.words = append(p.words, gathered{key[1:], lists})
		}
	})
}

// ending gathers the words of some fields that have something with this
// beginning among their ends, and that want says yes to.
func (p *part) ending(beginning []byte, fields byte, want func(word []byte) bool) {
	add := func(word, has []byte) {
		switch {
		case len(has) == 0 || has[0]&fields == 0 || !want(word):
		case len(has) > 1:
			p.words = append(p.words, gathered{word, has})
		default:
			p.add(&p.words, wordKey, word)
		}
	}
	p.prefixed(append([]byte{endKey}, beginning...), func(key, has []byte) { add(key[bytes.IndexByte(key, 0)+1:], has) })
	p.prefixed([]byte{longKey}, func(key, has []byte) { add(key[1:], has) })
}

// The fields of words that are gathered by a part of theirs.
const (
	noField  = 0
	anyField = 1<<places - 1
)

// node gathers what [finder.candidates] looks for.
func (p *part) node(n *node) {
	if n == nil {
		return
	}
	for _, r := range n.runs {
		p.digits(r.fragments)
	}
	for _, k := range n.kids {
		p.node(k)
	}
	switch m := n.m.(type) {
	case *wordMatch:
		p.word(m)
	case *textMatch:
		if m.f.inRows() && m.pattern != nil {
			p.pattern(m.pattern, anyField)
		}
	case *phoneMatch:
		p.digits(m.fragments)
	case *compareMatch:
		if w := pattern(m.value, m.op == Equal); m.f.inRows() && w != nil && (m.op == Equal || m.op == StartsWith) {
			p.pattern(w, anyField)
		}
	case *domainMatch:
		if needs := m.needs(); needs != nil && m.f.inRows() {
			p.pattern([]byte(needs[0]), anyField)
		}
	}
}

func (p *part) word(m *wordMatch) {
	if m.pattern != nil {
		parts := byte(noField)
		switch {
		case p.stage >= oneStage:
			parts = anyField
		case p.stage == nameStage:
			parts = 1 << inName
		}
		p.pattern(m.pattern, parts)
	}
	p.digits(m.digits)
	for _, w := range m.nicknames {
		p.add(&p.words, wordKey, bytes.Trim(w, " "))
	}
	if m.initials != nil {
		p.add(&p.names, initialKey, m.initials[1:len(m.initials)-1])
	}
	if t := m.typing; t != nil && p.stage >= oneStage {
		p.typing(t, 1)
		if t.max > 1 && p.stage >= twoStage {
			p.typing(t, t.max)
		}
	}
}

// pattern gathers the words of a pattern, see [finder.patternCandidates], and
// those of some fields in which it stands further behind.
func (p *part) pattern(pattern []byte, parts byte) {
	list := bytes.Fields(pattern)
	for i, w := range list {
		switch last := i == len(list)-1; {
		case i == 0 && pattern[0] != ' ':
			if len(list) == 1 && len(w) >= minPart {
				p.prefix(w)
				if parts != noField {
					p.ending(w, parts, func(word []byte) bool { return bytes.Contains(word[1:], w) })
				}
			}
		case last && pattern[len(pattern)-1] != ' ':
			p.prefix(w)
		default:
			p.add(&p.words, wordKey, w)
		}
	}
}

func (p *part) prefix(w []byte) {
	if utf8.RuneCount(w) <= letters {
		if n := len(p.heads); true {
			if p.add(&p.heads, headKey, w); len(p.heads) > n {
				p.add(&p.words, wordKey, w)
				return
			}
		}
	}
	p.span(w, nil)
}

// typing gathers the words with so many typing errors at most, by what they
// keep of the typed one; see [typing.pieces].
func (p *part) typing(t *typing, errors int) {
	near := *t
	near.max = errors
	want := func(word []byte) bool { return t.distance(word) <= errors }
	for _, piece := range near.pieces() {
		text := []byte(strings.Trim(piece, " "))
		switch begins, ends := piece[0] == ' ', piece[len(piece)-1] == ' '; {
		case begins && ends:
			p.add(&p.words, wordKey, text)
		case begins:
			p.span(text, want)
		case ends:
			p.span(text, func(word []byte) bool { return len(word) == len(text) && want(word) })
			p.ending(append(text, 0), anyField, want)
		default:
			p.span(text, want)
			p.ending(text, anyField, want)
		}
	}
}

// digits gathers the grams of fragments, anchored on both sides or not, see
// [segment.gramSpan] and [finder.numbers].
func (p *part) digits(fragments []string) {
	for _, f := range fragments {
		p.fragment(f)
		digits := strings.Trim(f, anchor)
		if whole := anchor + digits + anchor; whole != f && len(digits) >= p.s.shortest {
			p.fragment(whole)
		}
	}
}

func (p *part) fragment(f string) {
	key := func(g uint32) []byte { return binary.BigEndian.AppendUint32([]byte{gramKey}, g) }
	span := func(from, to uint32) {
		p.each(key(from), key(to), func(key, lists []byte) { p.grams = append(p.grams, gathered{key[1:], lists}) })
	}
	if len(f) < gramLength {
		from, size := uint32(0), uint32(1)
		for i := range len(f) {
			from = from*gramBase + symbol(f[i])
		}
		for range gramLength - len(f) {
			from, size = from*gramBase, size*gramBase
		}
		span(from, from+size)
		return
	}
	for i := range len(f) - gramLength + 1 {
		g := uint32(0)
		for j := range gramLength {
			g = g*gramBase + symbol(f[i+j])
		}
		span(g, g+1)
	}
}

// segment makes the segment of what was gathered.
func (p *part) segment() *segment {
	s := &segment{body: &body{docs: p.s.docs, shortest: p.s.shortest, far: p.view}, dead: p.s.dead, hidden: p.s.hidden}
	makeTable(&s.words, p.words)
	makeTable(&s.heads, p.heads)
	makeTable(&s.names, p.names)
	sortGathered(&p.grams)
	size := 0
	for _, g := range p.grams {
		size += len(g.lists)
	}
	s.grams.key, s.grams.list, s.grams.data = make([]uint32, 0, len(p.grams)), make([]uint32, 0, len(p.grams)+1), make([]byte, 0, size)
	for _, g := range p.grams {
		s.grams.key = append(s.grams.key, binary.BigEndian.Uint32(g.key))
		s.grams.list = append(s.grams.list, uint32(len(s.grams.data)))
		s.grams.data = append(s.grams.data, g.lists...)
	}
	s.grams.list = append(s.grams.list, uint32(len(s.grams.data)))
	return s
}

// sortGathered sorts by the keys and drops what was gathered twice.
func sortGathered(list *[]gathered) {
	compare := func(a, b gathered) int { return bytes.Compare(a.key, b.key) }
	if !slices.IsSortedFunc(*list, compare) {
		slices.SortFunc(*list, compare)
	}
	*list = slices.CompactFunc(*list, func(a, b gathered) bool { return bytes.Equal(a.key, b.key) })
}

func makeTable(t *table, list []gathered) {
	sortGathered(&list)
	chars, data := 0, 0
	for _, g := range list {
		chars, data = chars+len(g.key), data+len(g.lists)
	}
	bytes, numbers := make([]byte, chars+data), make([]uint32, 2*len(list)+2)
	t.chars, t.data = bytes[:0:chars], bytes[chars:chars]
	t.key, t.list = numbers[:0:len(list)+1], numbers[len(list)+1:len(list)+1]
	for _, g := range list {
		t.key = append(t.key, uint32(len(t.chars)))
		t.chars = append(t.chars, g.key...)
		t.list = append(t.list, uint32(len(t.data)))
		t.data = append(t.data, g.lists...)
	}
	t.key, t.list = append(t.key, uint32(len(t.chars))), append(t.list, uint32(len(t.data)))
	t.makeFence()
}
