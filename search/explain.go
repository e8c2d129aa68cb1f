package search

import (
	"bytes"
	"slices"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/internal/fold"
)

// Reason is one place where a contact matches a query.
type Reason struct {
	// Field names the field, as queries do.
	Field string `json:"field"`
	// Rule says how it matched: exact (a whole word), prefix (the beginning of
	// a word), phrase (several words), nickname (another form of the name),
	// initials, substring (a part of a word), typo (with a typing error or
	// two), digits (a part of a phone number) or filter (a condition on the
	// field).
	Rule string `json:"rule"`
	// Text is the value as it is shown, and Start and End the bytes of it that
	// matched. A condition that no single value meets, such as one that a
	// field is not set, has no Text.
	Text  string `json:"text,omitzero"`
	Start int    `json:"start"`
	End   int    `json:"end"`
}

// Explain is [Query.Match] with reasons: for every word and condition of the
// query that holds, each field that it holds for, in the order of the query.
// What stands behind NOT gives no reason.
func (q *Query) Explain(c *contacts.Contact) (Match, bool) {
	m, ok := q.Match(c)
	if !ok || q.root == nil {
		return m, ok
	}
	d := &document{}
	d.reset(c)
	m.Reasons = q.root.explain(nil, d)
	return m, true
}

func (n *node) explain(dst []Reason, d *document) []Reason {
	switch n.kind {
	case notNode:
		return dst
	case andNode, orNode:
		runs := n.runs
		for i := 0; i < len(n.kids); i++ {
			if len(runs) > 0 && runs[0].from == i {
				r := runs[0]
				runs = runs[1:]
				if d.findDigits(r.fragments) > 0 { // the words are one number
					for _, f := range phoneFields() {
						dst = explainDigits(dst, d.c, f, r.fragments, "digits")
					}
					i = r.to - 1
					continue
				}
			}
			dst = n.kids[i].explain(dst, d)
		}
		return dst
	}
	if _, ok := n.m.match(d); !ok {
		return dst
	}
	switch m := n.m.(type) {
	case *wordMatch:
		start := len(dst)
		for _, name := range []string{"first_name", "last_name", "name", "company", "email", "label"} {
			if name == "name" && len(dst) > start {
				continue // told by its parts already
			}
			f, _ := findField(name, nil)
			dst = explainWord(dst, d.c, f, m)
		}
		dst = explainInitials(dst, d, m)
		for _, f := range phoneFields() {
			dst = explainDigits(dst, d.c, f, m.digits, "digits")
		}
		return dst
	case *textMatch:
		if m.pattern != nil {
			return explainWords(dst, d.c, m.f, m.pattern, "filter")
		}
	case *phoneMatch:
		return explainDigits(dst, d.c, m.f, m.fragments, "filter")
	}
	return append(dst, Reason{Field: n.field, Rule: "filter"})
}

func phoneFields() []field {
	return []field{phonesField("phone", 0), socialField(contacts.WhatsApp.String(), contacts.WhatsApp)}
}

// explainWord finds a free word in the values of a field.
func explainWord(dst []Reason, c *contacts.Contact, f field, m *wordMatch) []Reason {
	for _, v := range f.get(nil, c) {
		t := spansOf(v)
		r, ok := t.find(m.pattern)
		for _, p := range m.nicknames {
			if ok || f.name != "first_name" && f.name != "last_name" && f.name != "name" {
				break
			}
			if r, ok = t.find(p); ok {
				r.Rule = "nickname"
			}
		}
		if !ok && m.typing != nil {
			r, ok = t.findMistyped(m.typing)
		}
		if ok {
			r.Field = f.name
			dst = append(dst, r)
			if f.name == "name" {
				break // the other value is the same name turned round
			}
		}
	}
	return dst
}

// explainInitials names the whole name, of which every word counts.
func explainInitials(dst []Reason, d *document, m *wordMatch) []Reason {
	d.prepare()
	if m.initials == nil || !bytes.Contains(d.text[d.initials:d.digits], m.initials) {
		return dst
	}
	name := fullNames(nil, d.c)[0]
	return append(dst, Reason{Field: "name", Rule: "initials", Text: name, End: len(name)})
}

// explainWords finds the words of a pattern in the values of a field.
func explainWords(dst []Reason, c *contacts.Contact, f field, p []byte, rule string) []Reason {
	for _, v := range f.get(nil, c) {
		if r, ok := spansOf(v).find(p); ok {
			r.Field, r.Rule = f.name, rule
			dst = append(dst, r)
			if f.name == "name" {
				break
			}
		}
	}
	return dst
}

// spanned is a value with its words, each with a space behind it, and their
// places in it.
type spanned struct {
	value  string
	words  []byte // with a space in front
	starts []int  // of each word in words
	places []fold.Span
}

func spansOf(value string) *spanned {
	t := &spanned{value: value, words: []byte{' '}}
	for sp, w := range fold.Spans(value) {
		t.starts = append(t.starts, len(t.words))
		t.places = append(t.places, sp)
		t.words = append(append(t.words, w...), ' ')
	}
	return t
}

// at is the number of the word that has the byte i of words.
func (t *spanned) at(i int) int {
	n, found := slices.BinarySearch(t.starts, i)
	if !found {
		n--
	}
	return n
}

// find finds a pattern, the best place first.
func (t *spanned) find(p []byte) (Reason, bool) {
	best, found := Reason{Text: t.value}, false
	if len(p) == 0 {
		return best, false
	}
	for from := 0; ; {
		i := bytes.Index(t.words[from:], p)
		if i < 0 {
			return best, found
		}
		i += from
		from = i + 1
		start, end := i, i+len(p)
		if p[0] == ' ' {
			start++
		}
		if p[len(p)-1] == ' ' {
			end--
		}
		first, last := t.at(start), t.at(end-1)
		rule := "exact"
		switch {
		case t.starts[first] < start:
			rule = "substring"
		case last > first:
			rule = "phrase"
		case t.words[end] != ' ':
			rule = "prefix"
		}
		if found && (rule != "exact" && best.Rule != "substring" || rule == "substring") {
			continue
		}
		found = true
		best.Rule, best.Start, best.End = rule, t.places[first].Start, t.places[last].End
		if t.starts[first] < start {
			best.Start = partEnd(t.value, t.places[first], t.words[t.starts[first]:start])
		}
		if t.words[end] != ' ' { // only the part of the last word that was typed
			best.End = partEnd(t.value, t.places[last], t.words[t.starts[last]:end])
		}
		if best.Start >= best.End { // folding made one letter of them
			best.Start, best.End = t.places[first].Start, t.places[last].End
		}
		if rule == "exact" {
			return best, true
		}
	}
}

// findMistyped finds the word with the fewest typing errors.
func (t *spanned) findMistyped(ty *typing) (Reason, bool) {
	best, least := Reason{Text: t.value, Rule: "typo"}, ty.max+1
	for i, start := range t.starts {
		w := t.words[start : start+bytes.IndexByte(t.words[start:], ' ')]
		if n := ty.distance(w); n < least && typable(w) {
			least, best.Start, best.End = n, t.places[i].Start, t.places[i].End
		}
	}
	return best, least <= ty.max
}

// partEnd finds where the beginning of a word ends in the text, by folding
// more and more of it.
func partEnd(text string, place fold.Span, part []byte) int {
	for i := range text[place.Start:place.End] {
		if i > 0 {
			w := bytes.TrimSuffix(fold.Words(nil, text[place.Start:place.Start+i]), []byte{' '})
			if len(w) >= len(part) {
				return place.Start + i
			}
		}
	}
	return place.End
}

func explainDigits(dst []Reason, c *contacts.Contact, f field, fragments []string, rule string) []Reason {
	for _, v := range f.get(nil, c) {
		if !strings.HasPrefix(v, "+") {
			continue
		}
		digits := anchor + v[1:] + anchor // each byte where it is in v
		for _, frag := range fragments {
			if i := strings.Index(digits, frag); i >= 0 {
				end := min(i+len(frag), len(v))
				dst = append(dst, Reason{Field: f.name, Rule: rule, Text: v, Start: i, End: end})
				break
			}
		}
	}
	return dst
}
