package csvio

import (
	"maps"
	"slices"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
)

// Status says what becomes of a column.
type Status string

// The statuses of a column.
const (
	// Mapped columns are read into their field.
	Mapped Status = "mapped"
	// Unknown columns are not understood and not read.
	Unknown Status = "unknown"
	// Ignored columns are left out on purpose: those of an error log, and those that a given mapping leaves out.
	Ignored Status = "ignored"
	// Duplicate columns mean a field that has its value from another column; they are not read.
	Duplicate Status = "duplicate"
	// Protected columns look like the library's own bookkeeping (id, owner …), which no file can set.
	Protected Status = "protected"
)

// How says by what a column was understood.
type How string

// The ways to understand a column, the stronger first.
const (
	// ByGiven: the caller's mapping says so.
	ByGiven How = "given"
	// ByExact: it is the field's own header, or its name.
	ByExact How = "exact"
	// ByAlias: it is an alias in the rule table.
	ByAlias How = "alias"
	// ByNumber: it is a further column of a field that holds several values ("Mobile 2").
	ByNumber How = "numbered"
	// ByDialect: other programs' exports call it so.
	ByDialect How = "dialect"
	// ByCompanion: it belongs to another column: the kind of its phone number, the typed text of it.
	ByCompanion How = "companion"
)

// Column is what one column of a file means.
type Column struct {
	// Header is the column's header as it stands in the file.
	Header string `json:"header"`
	// Field is the [contacts.Field].Name of the field, "primary_phone" or "primary_email"; "" if the column is not read.
	// The kind of a phone number may depend on the row, then Field is the kind without further notice.
	Field  string `json:"field,omitempty"`
	Status Status `json:"status"`
	How    How    `json:"how,omitempty"`
	// Reason tells a person why the column is not read, or what to know of it.
	Reason string `json:"reason,omitempty"`
}

// Mapping is what the columns of a file mean.
type Mapping struct {
	// Columns has one entry for each cell of the header, in order.
	Columns []Column `json:"columns"`
	// Dialect names the program whose export the header looks like: "google", "outlook", "hubspot", "chatwoot" or "".
	Dialect string `json:"dialect,omitempty"`
	// Settings are those that an [ErrorLog] kept of its source, zero for any other file. Their mapping of columns counts
	// as given already, where the given one says nothing else; the rest is for the caller to go by.
	Settings Settings `json:"settings,omitzero"`
	// Warnings are what a person should know before the file is read.
	Warnings []*HeaderError `json:"warnings,omitempty"`

	fields  []*contacts.Field // those that are mapped
	specs   []spec
	texts   []string // the headers as a person sees them
	codeCol int      // the _code column of an error log, or -1
	parts   [3]int   // the columns of the day, month and year of birth, or -1
	several bool     // there are columns of several addresses
}

const externalPrefix = "external_ids."

// MapHeader finds out what the columns of a file mean. Case, white space, punctuation, width and invisible characters of
// the headers make no difference. Given maps headers to names of fields (or their CSV headers), or to "-" for a
// column to be left out; it goes before everything else. See [Mapping.Profile] for making one.
//
// Of several columns for one field that holds one value the one with the clearest header is read (see [How]), of equals the
// first; the others are [Duplicate] and a warning says so.
//
// The error is a [*HeaderError] with the code empty_file, no_known_column or unknown_field.
func MapHeader(header []string, s *contacts.Schema, given map[string]string) (*Mapping, error) {
	if len(header) == 0 || !slices.ContainsFunc(header, func(h string) bool { return headerText(h) != "" }) {
		return nil, &HeaderError{Code: CodeEmptyFile, Hint: "the first row of the file names its columns"}
	}
	p := newMapper(header, s)
	for _, h := range header {
		if kept, ok := parseSettings(h); ok {
			p.settings = kept
			given = p.withKept(given)
			break
		}
	}
	if err := p.applyGiven(given); err != nil {
		return nil, err
	}
	for i := range p.found {
		if p.found[i].status == "" {
			p.found[i] = p.meaning(i)
		}
	}
	p.addresses()
	p.oneColumn()
	p.birthParts()
	p.wholeName()
	p.companions()
	m := p.mapping()
	if !slices.ContainsFunc(m.Columns, func(c Column) bool { return c.Status == Mapped }) {
		return nil, noKnownColumn(header)
	}
	if looksLikeData(header) {
		return nil, &HeaderError{Code: CodeNoKnownColumn, Column: 1, Header: header[0],
			Hint: "the first row holds a phone number or an email address, not headers"}
	}
	return m, nil
}

// Profile is the mapping in the form in which it can be kept and given to [MapHeader] for another file of the same make:
// what was given, and every column that was understood by its header alone.
func (m *Mapping) Profile() map[string]string {
	profile := map[string]string{}
	for i, c := range m.Columns {
		switch {
		case c.Status == Ignored && c.How == ByGiven:
			profile[headerText(c.Header)] = "-"
		case c.Status == Mapped && c.Field != "" && c.How != ByNumber && m.specs[i].standsAlone():
			profile[headerText(c.Header)] = c.Field
		}
	}
	return profile
}

// Has reports whether some column is read into the field of this name.
func (m *Mapping) Has(field string) bool {
	return slices.ContainsFunc(m.Columns, func(c Column) bool { return c.Status == Mapped && c.Field == field })
}

// finding is what a column was found to mean.
type finding struct {
	status  Status
	field   string
	how     How
	rank    int // of equal claims the lower wins
	reason  string
	address int // which address of several, from 1
}

// mapper finds the meaning of a header.
type mapper struct {
	schema   *contacts.Schema
	fields   []*contacts.Field
	columns  []string // the folded headers of fields
	aliases  [][]string
	header   []string
	texts    []string
	keys     []string
	found    []finding
	dialect  string
	link     []int // of a value column: its companion, or -1
	typed    []int
	parts    [3]int // the columns of the day, month and year of birth, or -1
	settings Settings
	warns    []*HeaderError
}

func newMapper(header []string, s *contacts.Schema) *mapper {
	p := &mapper{schema: s, header: header, found: make([]finding, len(header)), parts: [3]int{-1, -1, -1}}
	for f := range s.Fields() {
		p.fields = append(p.fields, f)
		p.columns = append(p.columns, foldHeader(f.Column))
		var aliases []string
		for _, a := range f.Aliases {
			aliases = append(aliases, foldHeader(a))
		}
		p.aliases = append(p.aliases, aliases)
	}
	for _, h := range header {
		t := headerText(h)
		p.texts = append(p.texts, t)
		p.keys = append(p.keys, foldHeader(t))
		p.link = append(p.link, -1)
		p.typed = append(p.typed, -1)
	}
	p.dialect = knownDialect(p.keys)
	return p
}

// withKept adds the mapping that an error log kept to the given one, as far as the file has its columns.
func (p *mapper) withKept(given map[string]string) map[string]string {
	all := map[string]string{}
	for name, field := range p.settings.Columns {
		if slices.Contains(p.texts, headerText(name)) {
			all[name] = field
		}
	}
	maps.Copy(all, given)
	return all
}

// applyGiven enters the caller's mapping.
func (p *mapper) applyGiven(given map[string]string) error {
	names := make([]string, 0, len(given))
	for name := range given {
		names = append(names, name)
	}
	slices.Sort(names)
	for _, name := range names {
		target := strings.TrimSpace(given[name])
		f := finding{status: Ignored, how: ByGiven, reason: "left out by the given mapping"}
		if target != "-" {
			field, ok := p.resolve(target)
			if !ok {
				return p.unknownField(name, target)
			}
			f = finding{status: Mapped, field: field, how: ByGiven}
		}
		text, used := headerText(name), false
		for i := range p.texts {
			if p.header[i] == name || p.texts[i] == text {
				p.found[i], used = f, true
			}
		}
		for i, key := range p.keys {
			if !used && key != "" && key == foldHeader(text) && p.found[i].status == "" {
				p.found[i], used = f, true
			}
		}
		if !used {
			p.warns = append(p.warns, &HeaderError{Code: CodeHeaderNotFound, Header: name, Field: target,
				Hint: "the file has no such column"})
		}
	}
	return nil
}

func (p *mapper) unknownField(header, target string) error {
	e := &HeaderError{Code: CodeUnknownField, Header: header, Field: target}
	var names []string
	for _, f := range p.fields {
		names = append(names, f.Name, f.Column)
	}
	if n := nearest(target, names); n != "" {
		e.Hint = "did you mean " + n + "?"
	} else {
		e.Hint = "see the schema for the names of fields; - leaves a column out"
	}
	return e
}

// resolve finds a field by its name, its header or an alias of it.
func (p *mapper) resolve(target string) (string, bool) {
	if name, ok := p.byName(target); ok {
		return name, true
	}
	f := p.byHeader(target, foldHeader(target))
	return f.field, f.status == Mapped && f.field != ""
}

// byName finds a field by its name, or the primary mark.
func (p *mapper) byName(name string) (string, bool) {
	if name == primaryPhone || name == primaryEmail {
		return name, true
	}
	if source, ok := strings.CutPrefix(name, externalPrefix); ok && validSource(source) {
		return name, true
	}
	for _, f := range p.fields {
		if f.Name == name {
			return name, true
		}
	}
	return "", false
}

// byHeader finds a field by its header or an alias of it.
func (p *mapper) byHeader(text, key string) finding {
	if source, ok := cutFoldPrefix(text, "External ID:"); ok && validSource(source) {
		return finding{status: Mapped, field: externalPrefix + source, how: ByExact, rank: 1}
	}
	for i, f := range p.fields {
		if key == "" && f.Column == text || key != "" && p.columns[i] == key {
			return finding{status: Mapped, field: f.Name, how: ByExact, rank: 1}
		}
	}
	for i, f := range p.fields {
		if key != "" && slices.Contains(p.aliases[i], key) {
			return finding{status: Mapped, field: f.Name, how: ByAlias, rank: 2}
		}
	}
	return finding{}
}

// meaning finds out what column i means, by itself.
func (p *mapper) meaning(i int) finding {
	text, key := p.texts[i], p.keys[i]
	if _, ok := parseSettings(p.header[i]); ok {
		return finding{status: Ignored, how: ByExact, reason: "a column of the error log"}
	}
	for _, own := range ownColumns {
		if strings.EqualFold(text, own) {
			return finding{status: Ignored, how: ByExact, reason: "a column of the error log"}
		}
	}
	if text == "" {
		return finding{status: Unknown, reason: "the column has no header"}
	}
	if name, ok := p.byName(text); ok {
		return finding{status: Mapped, field: name, how: ByExact, rank: 1}
	}
	if slices.Contains(p.keys, birthParts[1].header) {
		for _, b := range birthParts {
			if b.header == key {
				return finding{status: Mapped, field: b.field, how: ByCompanion, rank: 3}
			}
		}
	}
	if field, reason, ok := dialectMeaning(p.dialect, key); ok {
		if field == "" {
			return finding{status: Unknown, reason: reason}
		}
		if field == kindOf {
			return finding{status: Mapped, field: field, how: ByCompanion}
		}
		return finding{status: Mapped, field: field, how: ByDialect, rank: 3}
	}
	if f := p.byHeader(text, key); f.status != "" {
		return f
	}
	if base, ok := strings.CutSuffix(key, typedKey); ok && base != "" {
		return finding{status: Mapped, field: typedOf, how: ByCompanion}
	}
	if f := p.numbered(text, key); f.status != "" {
		return f
	}
	for _, k := range knownHeaders {
		if k.header == key {
			return finding{status: Mapped, field: k.field, how: ByDialect, rank: 3}
		}
	}
	if isProtected(key) {
		return finding{status: Protected, reason: "the library keeps this itself; no file can set it"}
	}
	if address, ok := streetLineMeaning(key); ok {
		return finding{status: Mapped, field: streetLine, how: ByNumber, rank: 3, address: address}
	}
	if field, address, ok := addressMeaning(key); ok {
		f := finding{status: Mapped, field: field, how: ByDialect, rank: 3, address: address + 1}
		if strings.HasSuffix(key, "address") {
			f.rank = 4 // the whole address, where there is a column for the street alone too
		}
		return f
	}
	return finding{status: Unknown, reason: "no field has this header"}
}

// numbered reads "Mobile 2", "E-mail 2 Address", "phones.mobile 2".
func (p *mapper) numbered(text, key string) finding {
	if name, _, ok := strings.Cut(text, " "); ok {
		if _, known := p.byName(name); known && foldHeader(name) != key {
			if base, _, tail, ok := cutNumber(key); ok && tail == "" && base == foldHeader(name) && p.isMulti(name) {
				return finding{status: Mapped, field: name, how: ByNumber, rank: 2}
			}
		}
	}
	base, _, tail, ok := cutNumber(key)
	if !ok {
		return finding{}
	}
	f := p.byHeader("", base+tail)
	if f.status == "" {
		for _, k := range knownHeaders {
			if k.header == base+tail && p.isMulti(k.field) {
				f = finding{status: Mapped, field: k.field}
			}
		}
	}
	if f.status == "" || !p.isMulti(f.field) {
		return finding{}
	}
	f.how, f.rank = ByNumber, 2
	return f
}

// isMulti reports whether several columns may fill the field.
func (p *mapper) isMulti(name string) bool {
	for _, f := range p.fields {
		if f.Name == name {
			return f.IsList() || f.Kind == contacts.LabelsField
		}
	}
	return name == phoneByLabel || name == emailByLabel || name == kindOf || name == typedOf || name == streetLine
}

func validSource(source string) bool {
	c := contacts.Contact{LastName: "x", ExternalIDs: map[string]string{source: "x"}}
	return source != "" && contacts.Validate(&c, nil) == nil
}

func cutFoldPrefix(s, prefix string) (string, bool) {
	if len(s) < len(prefix) || !strings.EqualFold(s[:len(prefix)], prefix) {
		return "", false
	}
	return strings.TrimSpace(s[len(prefix):]), true
}
