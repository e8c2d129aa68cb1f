package search

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// condition reads a field name and the operator behind it. Where there is no
// operator nothing is consumed. The operator is one of the texts
// : = != < <= > >= in.
func (p *parser) condition() (name, op string, ok bool) {
	i := p.i
	for i < len(p.s) && isNameByte(p.s[i], i == p.i) {
		i++
	}
	if i == p.i || i == len(p.s) {
		return "", "", false
	}
	name = p.s[p.i:i]
	if p.s[i] == ':' {
		p.i = i + 1
		return name, ":", true
	}
	j := i
	for j < len(p.s) && (p.s[j] == ' ' || p.s[j] == '\t') {
		j++
	}
	for _, op := range []string{"!=", "<=", ">=", "=", "<", ">"} {
		if strings.HasPrefix(p.s[j:], op) {
			p.i = j + len(op)
			return name, op, true
		}
	}
	if j > i && len(p.s)-j > 2 && strings.EqualFold(p.s[j:j+2], "in") {
		if rest := strings.TrimLeft(p.s[j+2:], " \t"); strings.HasPrefix(rest, "(") {
			p.i = len(p.s) - len(rest) + 1
			return name, "in", true
		}
	}
	return "", "", false
}

func isNameByte(b byte, first bool) bool {
	letter := b|0x20 >= 'a' && b|0x20 <= 'z'
	return letter || !first && (b >= '0' && b <= '9' || b == '_' || b == '.' || b == '-')
}

// operand reads what stands behind an operator and makes the condition.
func (p *parser) operand(at int, name, op string) (*node, error) {
	if op == "in" {
		return p.list(at, name)
	}
	p.space()
	start := p.i
	if p.i == len(p.s) || p.s[p.i] == ')' || p.s[p.i] == '(' {
		return nil, p.errorAt(at, p.i, "missing_value", "a value is missing behind the operator")
	}
	n := &node{kind: condNode, field: name, at: at}
	star, inside := false, false
	if op == ":" && strings.HasPrefix(p.s[p.i:], `*"`) {
		p.i++
		inside = true
	}
	if p.s[p.i] == '"' {
		v, err := p.quoted()
		if err != nil {
			return nil, err
		}
		n.value = v
		if p.i < len(p.s) && p.s[p.i] == '*' {
			p.i++
			star = true
		} else if op == ":" && !inside {
			n.kind = quoteNode
		}
	} else if text, ok := p.period(name); ok && op != "in" {
		n.value = text
	} else {
		w := p.bare("")
		n.value = w.raw
		if op == ":" { // only : has patterns; elsewhere * is a character
			n.value = w.text
			how, err := p.stars(w, at)
			if err != nil {
				return nil, err
			}
			star, inside = how == StartsWith, how == Inside
		}
	}
	n.end = p.i
	if strings.EqualFold(name, "sort") && op == ":" {
		return nil, p.sortClause(n, start)
	}
	if strings.EqualFold(name, "external") && op == ":" && n.kind == condNode && !star && !inside {
		// external:SOURCE asks for an id in the source, external:SOURCE=ID for one id
		source, id, eq := strings.Cut(n.value, "=")
		n.field, n.value, n.op = "external_ids."+source, id, Equal
		if !eq {
			n.kind, n.op = setNode, 0
		}
		return n, nil
	}
	switch op {
	case ":":
		switch {
		case star && n.value == "" && p.s[start] == '*':
			n.kind = setNode
		case inside:
			n.op = Inside
		case star:
			n.op = StartsWith
		case n.kind == condNode:
			n.op = Contains
		}
	case "=":
		n.op = Equal
	case "!=":
		n.op = Equal
		return &node{kind: notNode, kids: []*node{n}, at: at, end: p.i}, nil
	case "<":
		n.op = Less
	case "<=":
		n.op = LessOrEqual
	case ">":
		n.op = Greater
	case ">=":
		n.op = GreaterOrEqual
	}
	return n, nil
}

func (p *parser) sortClause(n *node, start int) error {
	if p.depth > 0 {
		return p.errorAt(n.at, n.end, "misplaced_sort", "sort: stands outside of brackets and NOT")
	}
	for name := range strings.SplitSeq(n.value, ",") {
		s := Sort{Field: name}
		s.Field, s.Desc = strings.CutPrefix(name, "-")
		s.at, s.end = start, n.end
		p.sorts = append(p.sorts, s)
	}
	return nil
}

// list reads the values of "in" up to the closing bracket.
func (p *parser) list(at int, name string) (*node, error) {
	n := &node{kind: inNode, field: name, at: at}
	for {
		p.space()
		if p.i == len(p.s) {
			return nil, p.errorAt(at, p.i, "unclosed_bracket", "the closing bracket of the list is missing")
		}
		var v string
		var err error
		switch p.s[p.i] {
		case '"':
			v, err = p.quoted()
		case ')', ',', '(':
			return nil, p.errorAt(p.i, p.i+1, "missing_value", "a list has values separated by commas")
		default:
			// words of one value may stand without quotes: in (Hong Kong, Macao)
			for p.i < len(p.s) && p.s[p.i] != ',' && !strings.ContainsRune(`()"`, rune(p.s[p.i])) {
				if v != "" {
					v += " "
				}
				v += p.bare(",").raw
				p.space()
			}
		}
		if err != nil {
			return nil, err
		}
		n.values = append(n.values, v)
		p.space()
		if p.i < len(p.s) && p.s[p.i] == ',' {
			p.i++
			continue
		}
		if p.i == len(p.s) {
			return nil, p.errorAt(at, p.i, "unclosed_bracket", "the closing bracket of the list is missing")
		}
		if p.s[p.i] != ')' {
			return nil, p.errorAt(p.i, p.i+1, "unexpected", "a list has values separated by commas")
		}
		p.i++
		n.end = p.i
		return n, nil
	}
}

// bareWord is a word without quotes. Stars at its ends, if no backslash stands
// before them, are patterns and not part of the text.
type bareWord struct {
	text, raw          string // raw with all stars
	first, last, inner bool   // where stars stand
}

// bare reads a word up to white space, a quote, a bracket or one of the stop
// characters. A backslash takes the meaning from the character behind it.
func (p *parser) bare(stop string) bareWord {
	var b strings.Builder
	var stars []int
	start := p.i
	for p.i < len(p.s) {
		r, n := utf8.DecodeRuneInString(p.s[p.i:])
		if unicode.IsSpace(r) || strings.ContainsRune(`()"`, r) || stop != "" && strings.ContainsRune(stop, r) {
			break
		}
		if r == '\\' && p.i+n < len(p.s) {
			p.i += n
			r, n = utf8.DecodeRuneInString(p.s[p.i:])
		} else if r == '*' {
			stars = append(stars, b.Len())
		}
		p.i += n
		b.WriteRune(r)
	}
	if p.i == start { // cannot happen: callers look before they read
		p.i = len(p.s)
	}
	w := bareWord{raw: b.String()}
	w.text = w.raw
	if n := len(stars); n > 0 && stars[n-1] == len(w.raw)-1 {
		w.last, w.text, stars = true, w.text[:len(w.text)-1], stars[:n-1]
	}
	if len(stars) > 0 && stars[0] == 0 {
		w.first, w.text, stars = true, w.text[1:], stars[1:]
	}
	w.inner = len(stars) > 0
	return w
}

// stars is the operator that the stars of a word ask for, 0 for none.
func (p *parser) stars(w bareWord, at int) (Op, error) {
	switch {
	case w.inner:
		return 0, p.errorAt(at, p.i, "too_many_wildcards", "a star stands at the beginning or the end of a word; put a real star into quotes")
	case w.first:
		return Inside, nil
	case w.last:
		return StartsWith, nil
	}
	return 0, nil
}

// quoted reads a text in double quotes.
func (p *parser) quoted() (string, error) {
	at := p.i
	var b strings.Builder
	for i := p.i + 1; i < len(p.s); i++ {
		switch p.s[i] {
		case '"':
			p.i = i + 1
			return b.String(), nil
		case '\\':
			if i+1 < len(p.s) {
				i++
			}
		}
		b.WriteByte(p.s[i])
	}
	return "", p.errorAt(at, len(p.s), "unclosed_quote", "the closing quote is missing")
}
