package search

import (
	"strings"
	"unicode"
)

// write appends the canonical text of a resolved node.
func (n *node) write(b *strings.Builder) {
	switch n.kind {
	case andNode:
		for i, k := range n.kids {
			if i > 0 {
				b.WriteByte(' ')
			}
			k.writeInside(b, k.kind == orNode)
		}
	case orNode:
		for i, k := range n.kids {
			if i > 0 {
				b.WriteString(" OR ")
			}
			k.writeInside(b, k.kind == orNode)
		}
	case notNode:
		b.WriteString("NOT ")
		n.kids[0].writeInside(b, n.kids[0].kind <= orNode)
	case wordNode:
		switch n.op {
		case StartsWith:
			writeValue(b, n.value)
			b.WriteByte('*')
		case Inside:
			b.WriteByte('*')
			writeQuoted(b, n.value)
			b.WriteByte('*')
		default:
			writeBare(b, n.value, true)
		}
	case phraseNode:
		writeQuoted(b, n.value)
	case quoteNode:
		b.WriteString(n.field + ":")
		writeQuoted(b, n.value)
	case setNode:
		b.WriteString(n.field + ":*")
	case inNode:
		b.WriteString(n.field + " in (")
		for i, v := range n.values {
			if i > 0 {
				b.WriteString(", ")
			}
			writeValue(b, v)
		}
		b.WriteByte(')')
	case condNode:
		switch {
		case n.op == Contains:
			b.WriteString(n.field + ":")
			writeBare(b, n.value, false)
		case n.op == StartsWith:
			b.WriteString(n.field + ":")
			writeValue(b, n.value)
			b.WriteByte('*')
		case n.op == Inside:
			b.WriteString(n.field + ":*")
			writeQuoted(b, n.value)
			b.WriteByte('*')
		case n.field == "is":
			b.WriteString("is:" + n.value)
		default:
			b.WriteString(n.field + n.op.String())
			writeValue(b, n.value)
		}
	}
}

func (n *node) writeInside(b *strings.Builder, brackets bool) {
	if brackets {
		b.WriteByte('(')
	}
	n.write(b)
	if brackets {
		b.WriteByte(')')
	}
}

// writeBare writes a word without quotes; what would end it, or make it
// something else, has a backslash before it.
func writeBare(b *strings.Builder, s string, free bool) {
	if free && (s == "in" || s == "AND" || s == "OR" || s == "NOT") {
		b.WriteByte('\\')
	}
	for i, r := range s {
		special := unicode.IsSpace(r) || strings.ContainsRune(`()"\*`, r)
		if free {
			special = special || strings.ContainsRune(":=<>!", r) || i == 0 && r == '-'
		}
		if special {
			b.WriteByte('\\')
		}
		b.WriteRune(r)
	}
}

// writeValue writes a value bare where it is plain, else in quotes.
func writeValue(b *strings.Builder, s string) {
	plain := s != ""
	for _, r := range s {
		if !unicode.IsLetter(r) && !unicode.IsDigit(r) && !strings.ContainsRune("_.@+-/", r) {
			plain = false
		}
	}
	if plain {
		b.WriteString(s)
		return
	}
	writeQuoted(b, s)
}

func writeQuoted(b *strings.Builder, s string) {
	b.WriteByte('"')
	for i := range len(s) {
		if s[i] == '"' || s[i] == '\\' {
			b.WriteByte('\\')
		}
		b.WriteByte(s[i])
	}
	b.WriteByte('"')
}
