package search

import (
	"fmt"
	"strings"
	"unicode"
	"unicode/utf8"
)

// The limits of a query. Each is far beyond what a person types and keeps the
// cost of any query small.
const (
	// MaxLength is the length of a query in bytes: reading one costs well
	// under a millisecond.
	MaxLength = 4 << 10
	// MaxDepth is the depth of brackets and NOTs: queries are walked by
	// recursion.
	MaxDepth = 32
	// MaxClauses is the number of words and conditions, the values of an "in"
	// list counted singly: each costs a test per contact.
	MaxClauses = 250
)

// parser reads a query from left to right.
type parser struct {
	s     string
	o     *Options
	i     int
	depth int
	sorts []Sort
}

func parse(s string, o *Options) (*node, []Sort, error) {
	p := &parser{s: s, o: o}
	if len(s) > MaxLength {
		return nil, nil, p.errorAt(MaxLength, len(s), "too_long", fmt.Sprintf("a query has at most %d bytes", MaxLength))
	}
	if !utf8.ValidString(s) {
		i := 0
		for {
			r, n := utf8.DecodeRuneInString(s[i:])
			if r == utf8.RuneError && n == 1 {
				return nil, nil, p.errorAt(i, i+1, "invalid_utf8", "the query is not valid UTF-8")
			}
			i += n
		}
	}
	n, err := p.or()
	if err != nil {
		return nil, nil, err
	}
	if p.i < len(p.s) { // only a bracket ends an expression early
		return nil, nil, p.errorAt(p.i, p.i+1, "unexpected", "a closing bracket without an opening one")
	}
	return n, p.sorts, nil
}

func (p *parser) errorAt(at, end int, code, hint string) error {
	return &SyntaxError{Offset: at, End: min(end, len(p.s)), Code: code, Hint: hint}
}

func (p *parser) space() {
	for p.i < len(p.s) {
		r, n := utf8.DecodeRuneInString(p.s[p.i:])
		if !unicode.IsSpace(r) {
			return
		}
		p.i += n
	}
}

// keyword consumes a word in capitals that stands alone.
func (p *parser) keyword(k string) bool {
	rest, ok := strings.CutPrefix(p.s[p.i:], k)
	if !ok || rest != "" && !endsWord(rest) {
		return false
	}
	p.i += len(k)
	return true
}

// endsWord reports whether a bare word cannot go on with the text.
func endsWord(rest string) bool {
	r, _ := utf8.DecodeRuneInString(rest)
	return r == '(' || r == ')' || r == '"' || unicode.IsSpace(r)
}

func (p *parser) or() (*node, error) {
	at := p.i
	left, err := p.and(false)
	if err != nil {
		return nil, err
	}
	n := &node{kind: orNode, kids: []*node{left}, at: at}
	for {
		p.space()
		if !p.keyword("OR") {
			break
		}
		right, err := p.and(true)
		if err != nil {
			return nil, err
		}
		n.kids = append(n.kids, right)
	}
	n.end = p.i
	if len(n.kids) == 1 {
		return left, nil
	}
	return n, nil
}

// and reads terms up to OR, a closing bracket or the end.
func (p *parser) and(needed bool) (*node, error) {
	n := &node{kind: andNode, at: p.i}
	read := 0
	for {
		p.space()
		here := p.i
		if p.i == len(p.s) || p.s[p.i] == ')' {
			break
		}
		if p.keyword("OR") {
			if p.i = here; read == 0 {
				return nil, p.errorAt(here, here+2, "unexpected", "OR stands between two terms")
			}
			break
		}
		if p.keyword("AND") {
			if read == 0 {
				return nil, p.errorAt(here, here+3, "unexpected", "AND stands between two terms")
			}
			needed = true
			read = 0
			continue
		}
		kid, err := p.not()
		if err != nil {
			return nil, err
		}
		needed = false
		read++
		if kid != nil {
			n.kids = append(n.kids, kid)
		}
	}
	if needed {
		return nil, p.errorAt(p.i, p.i+1, "unexpected", "a term is missing here")
	}
	n.end = p.i
	if len(n.kids) == 1 {
		return n.kids[0], nil
	}
	return n, nil
}

func (p *parser) enter() error {
	if p.depth++; p.depth > MaxDepth {
		return p.errorAt(p.i, p.i+1, "too_deep", fmt.Sprintf("at most %d levels of brackets and NOT", MaxDepth))
	}
	return nil
}

// minus reports whether a minus sign here means NOT: it begins a term, and
// does not join two groups of a phone number such as (212)-555.
func (p *parser) minus() bool {
	if p.s[p.i] != '-' || p.i+1 == len(p.s) {
		return false
	}
	if r, _ := utf8.DecodeRuneInString(p.s[p.i+1:]); unicode.IsSpace(r) || r == ')' || r == '-' {
		return false
	}
	return p.i == 0 || p.s[p.i-1] != ')'
}

func (p *parser) not() (*node, error) {
	at := p.i
	switch {
	case p.minus():
		p.i++
	case p.keyword("NOT"):
		p.space()
	default:
		return p.primary()
	}
	if err := p.enter(); err != nil {
		return nil, err
	}
	if p.i == len(p.s) || p.s[p.i] == ')' {
		return nil, p.errorAt(at, p.i, "unexpected", "a term is missing behind NOT")
	}
	for _, k := range []string{"AND", "OR"} {
		if here := p.i; p.keyword(k) {
			return nil, p.errorAt(here, p.i, "unexpected", "a term is missing behind NOT")
		}
	}
	kid, err := p.not()
	if err != nil {
		return nil, err
	}
	p.depth--
	return &node{kind: notNode, kids: []*node{kid}, at: at, end: p.i}, nil
}

func (p *parser) primary() (*node, error) {
	at := p.i
	switch p.s[p.i] {
	case '(':
		if err := p.enter(); err != nil {
			return nil, err
		}
		p.i++
		n, err := p.or()
		if err != nil {
			return nil, err
		}
		if p.i == len(p.s) {
			return nil, p.errorAt(at, at+1, "unclosed_bracket", "the closing bracket is missing")
		}
		p.i++
		p.depth--
		return n, nil
	case '"':
		v, err := p.quoted()
		if err != nil {
			return nil, err
		}
		n := &node{kind: phraseNode, value: v, at: at}
		if p.i < len(p.s) && p.s[p.i] == '*' {
			p.i++
			n.kind, n.op = wordNode, StartsWith
		}
		n.end = p.i
		return n, nil
	}
	if name, op, ok := p.condition(); ok {
		return p.operand(at, name, op)
	}
	if strings.HasPrefix(p.s[p.i:], `*"`) {
		p.i++
		v, err := p.quoted()
		if err != nil {
			return nil, err
		}
		if p.i < len(p.s) && p.s[p.i] == '*' {
			p.i++
		}
		return &node{kind: wordNode, op: Inside, value: v, at: at, end: p.i}, nil
	}
	w := p.bare("")
	op, err := p.stars(w, at)
	return &node{kind: wordNode, op: op, value: w.text, at: at, end: p.i}, err
}
