package search

import (
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
)

// Op is what a condition on a field asks.
type Op uint8

// The operators. Which of them a field has depends on its kind: see the table
// in the package comment.
const (
	Contains       Op = iota + 1 // field:value   has words that begin so
	Equal                        // field=value
	Less                         // field<value
	LessOrEqual                  // field<=value
	Greater                      // field>value
	GreaterOrEqual               // field>=value
	StartsWith                   // field:value*
	Inside                       // field:*value*  has it anywhere, in the middle of a word too
)

var opText = [...]string{Contains: ":", Equal: "=", Less: "<", LessOrEqual: "<=", Greater: ">", GreaterOrEqual: ">=", StartsWith: ":", Inside: ":"}

// String is the operator as a query writes it.
func (o Op) String() string {
	if int(o) >= len(opText) {
		return ""
	}
	return opText[o]
}

type nodeKind uint8

const (
	andNode nodeKind = iota
	orNode
	notNode
	wordNode   // a free word: one or more folded words, the last one a prefix; with op StartsWith or Inside a literal one
	phraseNode // a free phrase: whole words
	condNode   // field op value
	quoteNode  // field:"value", a phrase in a field
	inNode     // field in (values)
	setNode    // field:*
)

// node is one node of a query: as it was read, and after resolve in its
// canonical form with its meaning attached.
type node struct {
	kind    nodeKind
	op      Op
	kids    []*node
	field   string
	value   string
	values  []string
	at, end int

	m    matcher // of a leaf
	runs []digitRun

	known bool // the rows of an index tell whether it matches
	free  bool // it has free words, which make the score
}

// Expr is an expression under construction: a condition or several joined.
// The zero Expr matches everything. Expressions are immutable values; [New]
// checks them and makes a [Query].
type Expr struct{ n *node }

// Word matches contacts with a word that begins with text, or nearly is it, in
// the fields that free words search. White space in text separates several
// words; all of them must be found, in any order.
func Word(text string) Expr {
	return Expr{words(text, func(w string) *node { return &node{kind: wordNode, value: w} })}
}

// Prefix matches contacts with a word that begins with text, letter by letter:
// no typing errors, nicknames or initials.
func Prefix(text string) Expr { return Expr{&node{kind: wordNode, op: StartsWith, value: text}} }

// Substring matches contacts that have text anywhere in a field that free
// words search, in the middle of a word too. It needs three letters, or one
// ideograph.
func Substring(text string) Expr { return Expr{&node{kind: wordNode, op: Inside, value: text}} }

// Phrase matches contacts that have the words of text whole and one after
// another in one field.
func Phrase(text string) Expr { return Expr{&node{kind: phraseNode, value: text}} }

// Where is a condition on one field. The value is never read as query syntax.
// Contains with white space in the value asks for every word of it.
func Where(field string, op Op, value string) Expr {
	if op == Contains {
		return Expr{words(value, func(w string) *node { return &node{kind: condNode, op: op, field: field, value: w} })}
	}
	return Expr{&node{kind: condNode, op: op, field: field, value: value}}
}

// WherePhrase matches contacts that have the words of text whole and one
// after another in the given field.
func WherePhrase(field, text string) Expr {
	return Expr{&node{kind: quoteNode, field: field, value: text}}
}

// In matches contacts whose field equals one of the values; none where there
// are no values.
func In(field string, values ...string) Expr {
	return Expr{&node{kind: inNode, field: field, values: slices.Clone(values)}}
}

// IsSet matches contacts whose field has a value.
func IsSet(field string) Expr { return Expr{&node{kind: setNode, field: field}} }

// Is matches contacts in a state. A query without Is matches live contacts only.
func Is(s contacts.State) Expr { return Where("is", Equal, s.String()) }

// And matches what all of the expressions match.
func And(list ...Expr) Expr { return Expr{join(andNode, list)} }

// Or matches what any of the expressions matches.
func Or(list ...Expr) Expr { return Expr{join(orNode, list)} }

// Not matches what e does not match.
func Not(e Expr) Expr { return Expr{&node{kind: notNode, kids: []*node{e.n}}} }

func join(kind nodeKind, list []Expr) *node {
	n := &node{kind: kind}
	for _, e := range list {
		n.kids = append(n.kids, e.n)
	}
	return n
}

// words makes one leaf of each part of the text between white space.
func words(text string, leaf func(string) *node) *node {
	parts := spaced(text)
	switch len(parts) {
	case 0:
		return leaf(text)
	case 1:
		return leaf(parts[0])
	}
	n := &node{kind: andNode}
	for _, p := range parts {
		n.kids = append(n.kids, leaf(p))
	}
	return n
}
