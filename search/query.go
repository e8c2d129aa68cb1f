package search

import (
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
)

// Options say how a query is read. The zero value has no custom fields, no
// clock, UTC, and dates as MM/DD/YYYY or ISO.
type Options struct {
	// Schema has the custom fields that queries can name.
	Schema *contacts.Schema
	// Now gives relative dates a meaning. Without it they are refused.
	Now time.Time
	// Location is the time zone of days; nil means UTC.
	Location *time.Location
	// Dates is the order of dates that are not in ISO form.
	Dates contacts.DateFormat
	// Exact takes free words as they are typed: typing errors are not
	// forgiven, and letters are no initials.
	Exact bool
	// Nicknames lets free words find other forms of a given name too: bob
	// finds Robert, liz Elizabeth. See [Nicknames].
	Nicknames bool
	// Contacts names the contacts behind act:ID and source:NAME, which only
	// the host knows; field is "act" or "source". Its errors are returned as
	// they are. Without it act is refused, and source looks at the external
	// ids of a contact alone.
	Contacts func(field, value string) ([]contacts.ID, error)
	// LastActivity is the time of the last activity of a contact, zero for
	// none, which only the host knows: the meaning of last_activity, which is
	// unknown without it. It is called while the query is answered.
	LastActivity func(contacts.ID) time.Time
}

func (o *Options) location() *time.Location {
	if o.Location == nil {
		return time.UTC
	}
	return o.Location
}

// Sort is one key of the order of the answer.
type Sort struct {
	Field string
	Desc  bool

	at, end int
	f       field
}

// Query is a checked query. It is immutable and safe for concurrent use.
type Query struct {
	root     *node // nil matches everything
	sorts    []Sort
	text     string
	anyState bool // an is: clause chooses the states
	ranked   bool // there is free text to rank by
	fields   []string
	named    []string
	docs     sync.Pool
}

// Parse reads a query; see the package comment for the language. An empty
// text matches every live contact. The error is a *[SyntaxError], or one of
// [Options.Contacts].
func Parse(text string, o Options) (*Query, error) {
	n, sorts, err := parse(text, &o)
	if err != nil {
		return nil, err
	}
	return build(n, sorts, &o)
}

// New checks an expression and makes a query of it. A part without content (a
// zero Expr, a word without letters) does not count. The error is a
// *[SyntaxError] without a place.
func New(e Expr, o Options, sorts ...Sort) (*Query, error) {
	if err := checkDepth(e.n, 0); err != nil {
		return nil, err
	}
	return build(e.n, slices.Clone(sorts), &o)
}

func checkDepth(n *node, depth int) error {
	if n == nil {
		return nil
	}
	if len(n.kids) > 0 {
		depth++
	}
	if depth > MaxDepth {
		return n.fault("too_deep", "too many levels")
	}
	for _, k := range n.kids {
		if err := checkDepth(k, depth); err != nil {
			return err
		}
	}
	return nil
}

func build(n *node, sorts []Sort, o *Options) (*Query, error) {
	r := resolver{o: o, fields: map[string]bool{}, named: map[string]bool{}}
	root, err := r.resolve(n)
	if err != nil {
		return nil, err
	}
	for i := range sorts {
		s := &sorts[i]
		f, ok := r.find(s.Field)
		if !ok {
			return nil, &SyntaxError{Offset: s.at, End: s.end, Code: "unknown_field", Hint: suggest(s.Field, fieldNames(o.Schema))}
		}
		s.Field, s.f = f.name, f
		r.fields[f.name] = true
		r.named[f.name] = true
	}
	if len(sorts) > maxSorts {
		return nil, &SyntaxError{Code: "too_many_clauses", Hint: "at most 8 sort keys"}
	}
	root.learn()
	q := &Query{root: root, sorts: sorts, anyState: r.states, ranked: r.free}
	var b strings.Builder
	if root != nil {
		root.write(&b)
	}
	for _, s := range sorts {
		if b.Len() > 0 {
			b.WriteByte(' ')
		}
		b.WriteString("sort:")
		if s.Desc {
			b.WriteByte('-')
		}
		b.WriteString(s.Field)
	}
	q.text = b.String()
	if len(q.text) > MaxLength {
		return nil, &SyntaxError{Code: "too_long", Hint: "the canonical form of the query is too long"}
	}
	for name := range r.fields {
		q.fields = append(q.fields, name)
	}
	slices.Sort(q.fields)
	q.named = slices.Sorted(maps.Keys(r.named))
	q.docs.New = func() any { return new(document) }
	return q, nil
}

// maxSorts bounds the length of a position in the order.
const maxSorts = 8

// String is the canonical form: a query that means the same and reads back as
// the same text. Values are folded, names are written out, relative dates
// stay relative.
func (q *Query) String() string { return q.text }

// Fields are the names of the fields that the query looks at or sorts by, in
// ascending order: what a policy must allow. Free text looks at name,
// company, email, phone and label.
func (q *Query) Fields() []string { return slices.Clone(q.fields) }

// Named are the names of the fields that the query names in a condition or as a
// sort key, in ascending order: those of Fields without what free text adds.
func (q *Query) Named() []string { return slices.Clone(q.named) }

// HasText reports whether the query has free words or phrases, so that
// matches have ranks.
func (q *Query) HasText() bool { return q.ranked }

// Sorts are the sort keys that the query names.
func (q *Query) Sorts() []Sort { return slices.Clone(q.sorts) }
