package search

import (
	"bytes"
	"cmp"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/internal/fold"
)

// Match is how well a contact matches a query.
type Match struct {
	// Score ranks matches of one query, the better ones higher: the sum, over
	// the free words and phrases, of how each matched (a whole word, then the
	// beginning of one, a nickname, initials, a part of a word, one typing
	// error, two) and then where (name, company, email, phone, label). It
	// depends on nothing but the contact and the query.
	Score int `json:"score"`
	// Reasons say what matched; only [Query.Explain] computes them.
	Reasons []Reason `json:"reasons,omitempty"`
}

// Match reports whether a contact matches the query, and how well. It is the
// definition of what a query means. The contact must be normalised.
func (q *Query) Match(c *contacts.Contact) (Match, bool) {
	if !q.anyState && c.State != contacts.Live {
		return Match{}, false
	}
	if q.root == nil {
		return Match{}, true
	}
	d := q.docs.Get().(*document)
	d.reset(c)
	score, ok := q.root.match(d)
	d.c = nil
	q.docs.Put(d)
	return Match{Score: score}, ok
}

// matcher is the meaning of a leaf.
type matcher interface {
	match(d *document) (score int, ok bool)
	// needs are alternatives of which Text holds at least one where the leaf
	// matches; nil where nothing is known.
	needs() []string
}

func (n *node) match(d *document) (int, bool) {
	switch n.kind {
	case andNode:
		return n.matchAll(d)
	case orNode:
		best, found := 0, false
		for _, k := range n.kids {
			if s, ok := k.match(d); ok {
				best, found = max(best, s), true
			}
		}
		return best, found
	case notNode:
		if d.seg != nil && !n.known {
			return 0, true
		}
		_, ok := n.kids[0].match(d)
		return 0, !ok
	}
	if d.seg != nil {
		return n.matchRow(d)
	}
	return n.m.match(d)
}

func (n *node) matchAll(d *document) (int, bool) {
	total, runs := 0, n.runs
	for i := 0; i < len(n.kids); i++ {
		if len(runs) > 0 && runs[0].from == i {
			r := runs[0]
			runs = runs[1:]
			if s := d.findDigits(r.fragments); s > 0 {
				total += s * (r.to - r.from) // as many words as were typed
				i = r.to - 1
				continue
			}
		}
		s, ok := n.kids[i].match(d)
		if !ok {
			return 0, false
		}
		total += s
	}
	return total, true
}

// wordMatch is a free word or phrase.
type wordMatch struct {
	pattern   []byte   // see pattern; without the space in front it may stand inside a word
	digits    []string // fragments of phone numbers
	typing    *typing
	initials  []byte
	nicknames [][]byte // patterns
}

// inside reports whether the word may stand inside another one.
func (m *wordMatch) inside() bool { return len(m.pattern) > 0 && m.pattern[0] != ' ' }

func (m *wordMatch) match(d *document) (int, bool) {
	score := d.match(m)
	return score, score > 0
}

// idsMatch is the contacts that something the host knows names.
type idsMatch struct {
	ids  map[contacts.ID]struct{}
	also matcher // what the contact itself tells; nil for nothing
}

func (m *idsMatch) match(d *document) (int, bool) {
	if _, ok := m.ids[d.c.ID]; ok {
		return 0, true
	}
	if m.also == nil {
		return 0, false
	}
	return m.also.match(d)
}

// anyMatch is a list of conditions of which one must hold.
type anyMatch []matcher

func (m anyMatch) match(d *document) (int, bool) {
	for _, one := range m {
		if _, ok := one.match(d); ok {
			return 0, true
		}
	}
	return 0, false
}

// setMatch asks whether a field has a value.
type setMatch struct{ f field }

func (m *setMatch) match(d *document) (int, bool) {
	d.vals = m.f.get(d.vals[:0], d.c)
	return 0, len(d.vals) > 0
}

// textMatch looks for words inside a field.
type textMatch struct {
	f       field
	op      Op
	pattern []byte
	whole   bool
	literal string // instead of words, for values without any
}

func (m *textMatch) match(d *document) (int, bool) {
	d.vals = m.f.get(d.vals[:0], d.c)
	for _, v := range d.vals {
		if m.pattern == nil {
			if strings.Contains(fold.String(v), m.literal) {
				return 0, true
			}
			continue
		}
		d.buf = fold.Words(append(d.buf[:0], ' '), v)
		if bytes.Contains(d.buf, m.pattern) {
			return 0, true
		}
	}
	return 0, false
}

// compareMatch compares the folded text of a field.
type compareMatch struct {
	f     field
	op    Op
	value string
}

func (m *compareMatch) match(d *document) (int, bool) {
	d.vals = m.f.get(d.vals[:0], d.c)
	for _, v := range d.vals {
		v = canonicalText(v)
		if m.op == StartsWith && strings.HasPrefix(v, m.value) || m.op != StartsWith && m.op.holds(cmp.Compare(v, m.value)) {
			return 0, true
		}
	}
	return 0, false
}

// holds reports whether the operator accepts the outcome of a comparison.
func (o Op) holds(order int) bool {
	switch o {
	case Less:
		return order < 0
	case LessOrEqual:
		return order <= 0
	case Greater:
		return order > 0
	case GreaterOrEqual:
		return order >= 0
	}
	return order == 0
}

// domainMatch looks at the domain of an email address: the same one, one
// below it, or for : one that begins so.
type domainMatch struct {
	f      field
	domain string
	whole  bool
}

func (m *domainMatch) match(d *document) (int, bool) {
	d.vals = m.f.get(d.vals[:0], d.c)
	for _, v := range d.vals {
		domain := fold.String(v[strings.LastIndexByte(v, '@')+1:])
		if domain == m.domain || !m.whole && (strings.HasPrefix(domain, m.domain) || strings.HasSuffix(domain, "."+m.domain)) {
			return 0, true
		}
	}
	return 0, false
}

// phoneMatch looks for digits in phone numbers.
type phoneMatch struct {
	f         field
	fragments []string
}

func (m *phoneMatch) match(d *document) (int, bool) {
	d.vals = m.f.get(d.vals[:0], d.c)
	for _, v := range d.vals {
		digits := numberDigits(v)
		if digits == "" {
			continue
		}
		d.buf = append(append(append(d.buf[:0], anchor...), digits...), anchor...)
		for _, f := range m.fragments {
			if bytes.Contains(d.buf, []byte(f)) {
				return 0, true
			}
		}
	}
	return 0, false
}

// exactMatch compares byte by byte.
type exactMatch struct {
	f     field
	op    Op
	value string
}

func (m *exactMatch) match(d *document) (int, bool) {
	d.vals = m.f.get(d.vals[:0], d.c)
	for _, v := range d.vals {
		if m.op == StartsWith && strings.HasPrefix(v, m.value) || m.op != StartsWith && m.op.holds(cmp.Compare(v, m.value)) {
			return 0, true
		}
	}
	return 0, false
}

// numberMatch compares numbers.
type numberMatch struct {
	f   field
	op  Op
	key []byte
}

func (m *numberMatch) match(d *document) (int, bool) {
	d.vals = m.f.get(d.vals[:0], d.c)
	for _, v := range d.vals {
		d.buf = decimalKey(d.buf[:0], v)
		if m.op.holds(bytes.Compare(d.buf, m.key)) {
			return 0, true
		}
	}
	return 0, false
}

// dateMatch compares days and instants.
type dateMatch struct {
	f    field
	op   Op
	span span
}

func (m *dateMatch) match(d *document) (int, bool) {
	if m.f.stamp != nil {
		return 0, m.span.matchTime(m.op, m.f.stamp(d.c))
	}
	d.vals = m.f.get(d.vals[:0], d.c)
	for _, v := range d.vals {
		if day, err := contacts.ParseDate(v); err == nil && m.span.matchDate(m.op, day) {
			return 0, true
		}
	}
	return 0, false
}
