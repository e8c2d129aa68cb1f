package search

import (
	"strings"

	"github.com/extcontacts/extcontacts/internal/fold"
)

// Needs returns what the [Text] of every contact that matches must hold: of
// each list at least one text as a substring. An empty answer narrows nothing.
// A store that narrows by it must still ask [Query.Match].
func (q *Query) Needs() [][]string {
	if q.root == nil {
		return nil
	}
	return q.root.needs()
}

func (n *node) needs() [][]string {
	switch n.kind {
	case andNode:
		return n.needsAll()
	case orNode:
		var joined []string
		for _, k := range n.kids {
			clause := narrowest(k.needs())
			if clause == nil {
				return nil
			}
			joined = append(joined, clause...)
		}
		return [][]string{joined}
	case notNode:
		return nil
	}
	if list := n.m.needs(); list != nil {
		return [][]string{list}
	}
	return nil
}

func (n *node) needsAll() [][]string {
	var all [][]string
	runs := n.runs
	for i, k := range n.kids {
		for len(runs) > 0 && i >= runs[0].to {
			runs = runs[1:]
		}
		if len(runs) == 0 || i < runs[0].from {
			all = append(all, k.needs()...)
			continue
		}
		for _, clause := range k.needs() { // the whole number, or this word of it
			all = append(all, append(append([]string{}, clause...), runs[0].fragments...))
		}
	}
	return all
}

// narrowest is the clause whose weakest alternative is the longest.
func narrowest(clauses [][]string) []string {
	var best []string
	length := 0
	for _, c := range clauses {
		weakest := len(c[0])
		for _, s := range c {
			weakest = min(weakest, len(s))
		}
		if weakest > length {
			best, length = c, weakest
		}
	}
	return best
}

func (m *wordMatch) needs() []string {
	var list []string
	switch {
	case m.typing != nil: // what keeps the word as it is keeps its pieces
		list = append(list, m.typing.pieces()...)
	case m.pattern != nil && m.pattern[0] != ' ' && isPhoneText(string(m.pattern)): // a part that looks like a number
		return nil
	case m.pattern != nil:
		list = append(list, string(m.pattern))
	}
	if m.initials != nil {
		list = append(list, string(m.initials))
	}
	for _, p := range m.nicknames {
		list = append(list, string(p))
	}
	return append(list, m.digits...)
}

func (m *idsMatch) needs() []string { return nil }

func (m anyMatch) needs() []string {
	var list []string
	for _, one := range m {
		n := one.needs()
		if n == nil {
			return nil
		}
		list = append(list, n...)
	}
	return list
}

func (m *setMatch) needs() []string {
	if m.f.kind == phoneKind {
		return []string{anchor}
	}
	return nil
}

func (m *textMatch) needs() []string { return m.f.needs(string(m.pattern)) }

func (f *field) needs(pattern string) []string {
	if !f.narrow || pattern == "" || pattern[0] != ' ' && isPhoneText(pattern) {
		return nil
	}
	return []string{pattern}
}

func (m *compareMatch) needs() []string {
	switch m.op {
	case Equal:
		return m.f.needs(string(pattern(m.value, true)))
	case StartsWith:
		return m.f.needs(string(pattern(m.value, false)))
	}
	return nil
}

func (m *domainMatch) needs() []string {
	words := fold.Words(nil, m.domain)
	if len(words) == 0 {
		return nil
	}
	return m.f.needs(" " + strings.TrimSuffix(string(words), " "))
}

func (m *phoneMatch) needs() []string  { return m.fragments }
func (m *exactMatch) needs() []string  { return nil }
func (m *numberMatch) needs() []string { return nil }
func (m *dateMatch) needs() []string   { return nil }
