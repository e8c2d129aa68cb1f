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
	Field string
	// Rule says how it matched: exact (a whole word), prefix (the beginning of
	// a word), phrase (several words), digits (a part of a phone number) or
	// filter (a condition on the field).
	Rule string
	// Text is the value as it is shown, and Start and End the bytes of it that
	// matched. A condition that no single value meets, such as one that a
	// field is not set, has no Text.
	Text       string
	Start, End int
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
			dst = explainWords(dst, d.c, f, m.pattern, "")
		}
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

// explainWords finds the words of a pattern in the values of a field.
func explainWords(dst []Reason, c *contacts.Contact, f field, p []byte, rule string) []Reason {
	if p == nil {
		return dst
	}
	whole := p[len(p)-1] == ' '
	want := bytes.Fields(p)
	for _, v := range f.get(nil, c) {
		if r, ok := findWords(v, want, whole); ok {
			if r.Field = f.name; rule != "" {
				r.Rule = rule
			}
			dst = append(dst, r)
			if f.name == "name" {
				break // the other value is the same name turned round
			}
		}
	}
	return dst
}

// findWords finds words one after another in a text, the best place first.
func findWords(text string, want [][]byte, whole bool) (Reason, bool) {
	type word struct {
		place fold.Span
		text  []byte
	}
	var words []word
	for sp, w := range fold.Spans(text) {
		words = append(words, word{sp, slices.Clone(w)})
	}
	last := len(want) - 1
	best, found := Reason{Text: text}, false
next:
	for i := 0; i+last < len(words); i++ {
		for j, w := range want {
			have := words[i+j].text
			if !bytes.Equal(have, w) && (whole || j < last || !bytes.HasPrefix(have, w)) {
				continue next
			}
		}
		end := words[i+last]
		rule := "exact"
		switch {
		case last > 0:
			rule = "phrase"
		case len(end.text) > len(want[last]):
			rule = "prefix"
		}
		if found && rule != "exact" {
			continue
		}
		found = true
		best.Rule, best.Start, best.End = rule, words[i].place.Start, end.place.End
		if len(end.text) > len(want[last]) { // only the part of the last word that was typed
			best.End = partEnd(text, end.place, want[last])
		}
		if rule == "exact" {
			break
		}
	}
	return best, found
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
