package search

import (
	"bytes"
	"errors"
	"fmt"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/internal/fold"
)

// resolver checks a tree, brings it into canonical form and gives its leaves
// their meaning.
type resolver struct {
	o       *Options
	clauses int
	states  bool // an is: clause was seen
	free    bool // free text was seen
	fields  map[string]bool
	named   map[string]bool // of these, those written in the query
}

// resolve returns nil for a node without content.
func (r *resolver) resolve(n *node) (*node, error) {
	if n == nil {
		return nil, nil
	}
	switch n.kind {
	case andNode, orNode:
		return r.resolveJoin(n)
	case notNode:
		if n.kids[0] == nil {
			return nil, n.fault("unexpected", "NOT needs a term")
		}
		kid, err := r.resolve(n.kids[0])
		if err != nil || kid == nil {
			return nil, err
		}
		if kid.kind == notNode {
			return kid.kids[0], nil
		}
		return &node{kind: notNode, kids: []*node{kid}, at: n.at, end: n.end}, nil
	}
	if r.clauses += max(1, len(n.values)); r.clauses > MaxClauses {
		return nil, n.fault("too_many_clauses", fmt.Sprintf("at most %d words and conditions", MaxClauses))
	}
	for _, s := range append([]string{n.value}, n.values...) {
		if !utf8.ValidString(s) {
			return nil, n.fault("invalid_utf8", "the value is not valid UTF-8")
		}
	}
	c := *n
	if n.kind == wordNode || n.kind == phraseNode {
		return r.resolveFree(&c)
	}
	return r.resolveCond(&c)
}

func (r *resolver) resolveJoin(n *node) (*node, error) {
	out := &node{kind: n.kind, at: n.at, end: n.end}
	for _, k := range n.kids {
		kid, err := r.resolve(k)
		switch {
		case err != nil:
			return nil, err
		case kid == nil:
		case kid.kind == n.kind:
			out.kids = append(out.kids, kid.kids...)
		default:
			out.kids = append(out.kids, kid)
		}
	}
	switch len(out.kids) {
	case 0:
		return nil, nil
	case 1:
		return out.kids[0], nil
	}
	if out.kind == andNode {
		out.runs = digitRuns(out.kids)
	}
	return out, nil
}

func (r *resolver) resolveFree(n *node) (*node, error) {
	if n.value = canonicalWord(n.value); len(n.value) > MaxLength { // some characters fold to eighteen
		return nil, n.fault("too_long", "the canonical form of the query is too long")
	}
	w := &wordMatch{pattern: pattern(n.value, n.kind == phraseNode)}
	if isPhoneLike(n.value) {
		w.digits = fragments(n.value, minFragment)
	}
	switch {
	case w.pattern == nil && w.digits == nil:
		return nil, nil
	case n.op == Inside:
		if err := n.checkPart(w.pattern); err != nil {
			return nil, err
		}
		w.pattern = w.pattern[1:]
	case n.kind == wordNode && n.op == 0:
		r.people(w)
	}
	n.m = w
	r.free = true
	for _, f := range []string{"name", "company", "email", "phone", "label"} {
		r.fields[f] = true
	}
	return n, nil
}

// people lets a free word find what people mean by it.
func (r *resolver) people(w *wordMatch) {
	word := string(w.pattern[1:])
	if r.o.Nicknames {
		for _, name := range Nicknames(word) {
			w.nicknames = append(w.nicknames, pattern(name, true))
		}
	}
	if r.o.Exact {
		return
	}
	w.initials = initialsOf(word)
	if !strings.Contains(word, " ") {
		w.typing = mistyped(word)
	}
}

// initialsOf is how Text holds the initials that a word may be: j.s., js and
// j s. It is nil for others.
func initialsOf(word string) []byte {
	letters, n := []byte(initial), 0
	dotted := strings.Contains(word, " ")
	for part := range strings.SplitSeq(word, " ") {
		for i, r := range part {
			if !unicode.IsLetter(r) || fold.Ideograph(r) || dotted && i > 0 {
				return nil
			}
			letters = utf8.AppendRune(letters, r)
			n++
		}
	}
	if n < leastInitials || n > mostInitials {
		return nil
	}
	return append(letters, initial...)
}

// minPart is the number of letters from which a part of a word is looked for:
// shorter ones are in nearly every contact, and no index helps to find them.
const minPart = 3

func (n *node) checkPart(p []byte) error {
	if letters := utf8.RuneCount(p) - bytes.Count(p, []byte{' '}); letters >= minPart || strings.ContainsFunc(string(p), fold.Ideograph) {
		return nil
	}
	return n.fault("too_short", "a part of a word has at least 3 letters")
}

// find resolves a field name that could be written in a query.
func (r *resolver) find(name string) (field, bool) {
	for i := range len(name) {
		if !isNameByte(name[i], i == 0) {
			return field{}, false
		}
	}
	if last := r.o.LastActivity; last != nil && strings.EqualFold(name, "last_activity") {
		return stamped("last_activity", func(c *contacts.Contact) time.Time { return last(c.ID) }), true
	}
	return findField(name, r.o.Schema)
}

func (r *resolver) resolveCond(n *node) (*node, error) {
	f, ok := r.find(n.field)
	if !ok {
		return nil, n.fault("unknown_field", suggest(n.field, fieldNames(r.o.Schema)))
	}
	n.field = f.name
	r.fields[f.name] = true
	r.named[f.name] = true
	if f.name == "is" {
		r.states = true
	}
	if (f.name == "act" || f.name == "source") && n.kind != setNode {
		return r.known(n, f)
	}
	switch n.kind {
	case setNode:
		if f.name == "act" {
			return nil, n.badOperator(f)
		}
		n.m = &setMatch{f}
		return n, nil
	case inNode:
		if len(n.values) == 0 {
			return nil, n.fault("missing_value", "the list is empty")
		}
		if len(n.values) == 1 {
			return r.value(&node{kind: condNode, op: Equal, field: n.field, value: n.values[0], at: n.at, end: n.end}, f)
		}
		any := anyMatch{}
		for i, v := range n.values {
			one, err := r.value(&node{kind: condNode, op: Equal, value: v, at: n.at, end: n.end}, f)
			if err != nil {
				return nil, err
			}
			n.values[i] = one.value
			any = append(any, one.m)
		}
		n.m = any
		return n, nil
	}
	return r.value(n, f)
}

// known resolves a condition that names contacts by what the host knows.
func (r *resolver) known(n *node, f field) (*node, error) {
	switch {
	case n.kind == quoteNode || n.kind == condNode && n.op == Contains:
		n.kind, n.op = condNode, Equal
	case n.kind == inNode && len(n.values) == 0:
		return nil, n.fault("missing_value", "the list is empty")
	case n.kind == condNode && n.op != Equal:
		return nil, n.badOperator(f)
	}
	m := &idsMatch{ids: map[contacts.ID]struct{}{}}
	any := anyMatch{}
	values := n.values
	if n.kind == condNode {
		values = []string{n.value}
	}
	for i, v := range values {
		v = strings.TrimSpace(v)
		if f.name == "source" {
			v = canonicalText(v)
			any = append(any, &compareMatch{f: f, op: Equal, value: v})
			m.also = any
		} else if r.o.Contacts == nil {
			return nil, n.fault("bad_operator", "acts are not known here")
		}
		if v == "" {
			return nil, n.fault("missing_value", "a value is missing")
		}
		values[i] = v
		if r.o.Contacts == nil {
			continue
		}
		ids, err := r.o.Contacts(f.name, v)
		if err != nil {
			return nil, err
		}
		for _, id := range ids {
			m.ids[id] = struct{}{}
		}
	}
	if n.m = m; n.kind == condNode {
		n.value = values[0]
	} else if n.values = values; len(values) == 1 {
		n.kind, n.op, n.value, n.values = condNode, Equal, values[0], nil
	}
	return n, nil
}

// value gives a condition its canonical value and its meaning.
func (r *resolver) value(n *node, f field) (*node, error) {
	if n.kind == quoteNode && f.kind != textKind && f.kind != emailKind {
		n.kind, n.op = condNode, Contains
	}
	if canonicalText(n.value) == "" {
		return nil, n.fault("missing_value", "a value is missing; "+f.name+":* asks whether there is one")
	}
	var err error
	switch f.kind {
	case textKind, emailKind:
		err = r.textValue(n, f)
	case phoneKind:
		err = r.phoneValue(n, f)
	default:
		if n.op == Contains {
			n.op = Equal
		}
		if n.op == Inside {
			return nil, n.badOperator(f)
		}
		err = r.plainValue(n, f)
	}
	if err != nil {
		if e, ok := errors.AsType[*contacts.ValueError](err); ok {
			code := "bad_value"
			if strings.HasPrefix(e.Code, "bad_") {
				code = e.Code
			}
			return nil, n.fault(code, e.Hint)
		}
		return nil, err
	}
	return n, nil
}

func (n *node) badOperator(f field) error {
	return n.fault("bad_operator", f.name+" cannot be compared like this")
}

func (r *resolver) textValue(n *node, f field) error {
	if n.kind == quoteNode || n.op == Contains {
		if f.kind == emailKind && n.value[0] == '@' && n.kind == condNode {
			return r.domainValue(n, f)
		}
		n.value = canonicalText(n.value)
		m := &textMatch{f: f, op: n.op, whole: n.kind == quoteNode}
		if v := trimWord(n.value); v != "" {
			n.value = v
			m.pattern = pattern(v, m.whole)
		} else {
			m.literal = n.value
		}
		n.m = m
		return nil
	}
	if n.op == Inside {
		n.value = canonicalText(n.value)
		m := &textMatch{f: f, op: Inside, pattern: pattern(n.value, false)}
		if m.pattern == nil {
			return n.fault("too_short", "a part of a word has at least 3 letters")
		}
		if err := n.checkPart(m.pattern); err != nil {
			return err
		}
		m.pattern = m.pattern[1:]
		n.m = m
		return nil
	}
	if f.kind == emailKind && n.op == Equal {
		if n.value[0] == '@' {
			return r.domainValue(n, f)
		}
		e, err := contacts.ParseEmail(n.value)
		if err != nil {
			return err
		}
		n.value = e.Key()
		n.m = &compareMatch{f: f, op: Equal, value: fold.String(n.value)}
		return nil
	}
	n.value = canonicalText(n.value)
	n.m = &compareMatch{f: f, op: n.op, value: n.value}
	return nil
}

func (r *resolver) domainValue(n *node, f field) error {
	n.value = "@" + strings.Trim(canonicalText(n.value), "@. ")
	if strings.ContainsAny(n.value[1:], " @") || n.value == "@" {
		return &contacts.ValueError{Code: "bad_value", Hint: "a domain such as @example.com"}
	}
	n.m = &domainMatch{f: f, domain: n.value[1:], whole: n.op == Equal}
	return nil
}

func (r *resolver) phoneValue(n *node, f field) error {
	switch n.op {
	case Contains, StartsWith, Equal, Inside:
	default:
		return n.badOperator(f)
	}
	if n.op == Equal {
		if p, err := contacts.ParsePhone(n.value); err == nil {
			n.value = p.Number()
			n.m = &phoneMatch{f: f, fragments: []string{anchor + n.value[1:] + anchor}}
			return nil
		}
	}
	v := canonicalText(n.value)
	if !isPhoneText(v) {
		return &contacts.ValueError{Code: "bad_value", Hint: "digits of a phone number"}
	}
	frags := fragments(v, 1)
	if frags == nil {
		return &contacts.ValueError{Code: "bad_value", Hint: "digits of a phone number"}
	}
	n.value = phoneText(v)
	for i, s := range frags {
		s = strings.TrimPrefix(s, anchor)
		switch n.op {
		case Equal:
			s = anchor + s + anchor
		case StartsWith:
			s = anchor + s
		default:
			s = frags[i]
		}
		frags[i] = s
	}
	n.m = &phoneMatch{f: f, fragments: frags}
	return nil
}

func (r *resolver) plainValue(n *node, f field) error {
	n.value = strings.TrimSpace(n.value)
	switch f.kind {
	case exactKind:
		n.m = &exactMatch{f: f, op: n.op, value: n.value}
	case codeKind:
		if n.op != Equal {
			return n.badOperator(f)
		}
		v, err := f.code(n.value)
		if err != nil {
			return err
		}
		if v == "" {
			return n.fault("missing_value", "a value is missing")
		}
		n.value = v
		n.m = &exactMatch{f: f, op: Equal, value: v}
	case numberKind:
		v, ok := parseNumber(n.value)
		if !ok {
			return &contacts.ValueError{Code: "bad_number", Hint: "a plain decimal number such as -12.5"}
		}
		if n.op == StartsWith {
			return n.badOperator(f)
		}
		n.value = v
		n.m = &numberMatch{f: f, op: n.op, key: decimalKey(nil, v)}
	case dateKind, timeKind:
		sp, text, err := parseDate(n.value, r.o)
		if err != nil {
			return err
		}
		if n.op == StartsWith || sp.month > 0 && n.op != Equal {
			return n.badOperator(f)
		}
		n.value = text
		n.m = &dateMatch{f: f, op: n.op, span: sp}
	}
	return nil
}

// spaced are the parts of a text between white space.
func spaced(s string) []string { return strings.Fields(s) }

// canonicalText folds a value: one space for white space, none around it.
func canonicalText(s string) string { return strings.Join(strings.Fields(fold.String(s)), " ") }

// canonicalWord folds a free word or phrase and takes off what stands around
// its letters and digits; a phone number keeps its plus sign.
func canonicalWord(s string) string {
	s = canonicalText(s)
	if isPhoneLike(s) {
		return strings.TrimRight(strings.TrimLeft(s, " -./)"), " -./(+")
	}
	return trimWord(s)
}

func trimWord(s string) string {
	return strings.TrimFunc(s, func(r rune) bool {
		return r == utf8.RuneError || !(unicode.IsLetter(r) || unicode.IsNumber(r) || unicode.Is(unicode.M, r) || fold.Ideograph(r))
	})
}
