package csvio

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
)

// EncodeOptions say how contacts are written. The zero value is ready to use.
type EncodeOptions struct {
	// Columns are the fields to write, by name or CSV header, or a group of fields: "phones", "emails", "socials", "address",
	// "custom", "external_ids". Nil means all: the built-in ones in the order of the template, the custom ones, external ids.
	// Numbered columns and those of the primary phone number and email address come along with their fields.
	Columns []string
	// Dates is the format of dates; a reader must be told the same.
	Dates contacts.DateFormat
	// Guard guards formulas, see [EscapeFormula]. It need not be set where the [Writer] has its own guard on.
	Guard bool
}

// ErrShape is returned by [Encoder.Write] for a contact that has more values than the encoder has columns, because its
// [Shape] has not seen it. The contact is not written.
var ErrShape = errors.New("csvio: the contact needs more columns than the header has")

// Encoder writes contacts as rows. What it writes reads back as equal contacts if all columns are written: every phone
// number, email address, handle, label, custom value and external id, and which are primary. Verifications are
// left out: they are facts that a file cannot claim.
type Encoder struct {
	w      *Writer
	o      EncodeOptions
	groups []group
	header []string
	schema *contacts.Schema
	values []string
	all    bool // every field of the schema is written
}

// group is the columns of one field.
type group struct {
	field   *contacts.Field // nil for a primary mark
	kind    uint8           // of a phone number
	columns int
	typed   []bool // which of the columns are followed by one for the typed text
	mark    string // primaryPhone, primaryEmail
	source  string // of an external id
	custom  string // the key of a custom field
}

// NewEncoder returns an encoder of contacts of the schema. The shape is that of all contacts to come; nil gives each list one
// column. The error is a [*HeaderError] with the code unknown_field for a column that there is not.
func NewEncoder(w *Writer, s *contacts.Schema, sh *Shape, o EncodeOptions) (*Encoder, error) {
	e := &Encoder{w: w, o: o, schema: s, all: o.Columns == nil}
	fields, err := chooseFields(s, sh, o.Columns)
	if err != nil {
		return nil, err
	}
	phones, emails := false, false
	for _, f := range fields {
		g := group{field: f, columns: 1}
		if f.IsList() {
			g.columns = sh.columns(f.Name)
			phones = phones || f.Kind == contacts.PhoneField
			emails = emails || f.Kind == contacts.EmailField
		}
		if key, ok := strings.CutPrefix(f.Name, "custom."); ok {
			g.custom = key
		}
		if f.Kind == contacts.ExternalIDField {
			g.source = f.Key()
		}
		if f.Kind == contacts.PhoneField {
			k, _ := contacts.ParsePhoneKind(strings.TrimPrefix(f.Name, "phones."))
			g.kind = uint8(k)
			for n := range g.columns {
				g.typed = append(g.typed, sh.needsTyped(f.Name, n))
			}
		}
		e.groups = append(e.groups, g)
	}
	if phones && sh != nil && sh.primaryPhone {
		e.groups = append(e.groups, group{columns: 1, mark: primaryPhone})
	}
	if emails && sh != nil && sh.primaryEmail {
		e.groups = append(e.groups, group{columns: 1, mark: primaryEmail})
	}
	e.header = headerOf(s, e.groups)
	return e, nil
}

// chooseFields finds the fields to write.
func chooseFields(s *contacts.Schema, sh *Shape, columns []string) ([]*contacts.Field, error) {
	var all []*contacts.Field
	for f := range s.Fields() {
		all = append(all, f)
	}
	if sh != nil {
		// A field that the schema has no more: its values are written, and a reader is told that they are unknown.
		for _, key := range slices.Sorted(maps.Keys(sh.custom)) {
			if _, ok := s.Field("custom." + key); !ok {
				all = append(all, &contacts.Field{Name: "custom." + key, Column: "custom." + key})
			}
		}
	}
	for _, source := range sh.sourceList() {
		all = append(all, contacts.NewExternalIDField(source))
	}
	if columns == nil {
		return all, nil
	}
	var chosen []*contacts.Field
	add := func(f *contacts.Field) {
		if !slices.Contains(chosen, f) {
			chosen = append(chosen, f)
		}
	}
	p := newMapper(nil, s)
	for _, name := range columns {
		name = strings.TrimSpace(name)
		found := slices.Contains([]string{"custom", "external_ids"}, name)
		target, ok := p.resolve(name)
		if name == "address" {
			ok = false
		}
		if ok && (target == primaryPhone || target == primaryEmail) {
			continue // they come along
		}
		for _, f := range all {
			if ok && f.Name == target || !ok && strings.HasPrefix(f.Name, name+".") && !strings.Contains(name, ".") {
				add(f)
				found = true
			}
		}
		if source, is := strings.CutPrefix(target, externalPrefix); ok && is && !found {
			chosen = append(chosen, contacts.NewExternalIDField(source))
			found = true
		}
		if !found {
			return nil, p.unknownField(name, name)
		}
	}
	if len(chosen) == 0 {
		return nil, &HeaderError{Code: CodeUnknownField, Hint: "no column is chosen"}
	}
	return chosen, nil
}

// headerOf makes the header. A header that would not be read as its field, because a custom field has the name of another
// one or of a column with a meaning of its own, gives way to the field's path.
func headerOf(s *contacts.Schema, groups []group) []string {
	var header, want, plain []string
	add := func(column, path, suffix, field string) {
		header = append(header, column+suffix)
		plain = append(plain, path+suffix)
		want = append(want, field)
	}
	for _, g := range groups {
		switch g.mark {
		case primaryPhone:
			add("Primary Phone", primaryPhone, "", primaryPhone)
			continue
		case primaryEmail:
			add("Primary Email", primaryEmail, "", primaryEmail)
			continue
		}
		for n := range g.columns {
			suffix := ""
			if n > 0 {
				suffix = " " + strconv.Itoa(n+1)
			}
			add(g.field.Column, g.field.Name, suffix, g.field.Name)
			if g.typed != nil && g.typed[n] {
				add(g.field.Column, g.field.Name, suffix+typedSuffix, "")
			}
		}
	}
	for range 3 {
		m, err := MapHeader(header, s, nil)
		changed := false
		for i := range header {
			right := err == nil && m.Columns[i].Status == Mapped && m.Columns[i].Field == want[i]
			if !right && header[i] != plain[i] {
				header[i], changed = plain[i], true
				if i+1 < len(header) && strings.HasSuffix(plain[i+1], typedSuffix) {
					header[i+1] = plain[i+1] // it is found by the header before it
				}
			}
		}
		if !changed {
			break
		}
	}
	return header
}

const typedSuffix = " (as typed)"

// Header returns the header.
func (e *Encoder) Header() []string { return slices.Clone(e.header) }

// WriteHeader writes the header. Call it first.
func (e *Encoder) WriteHeader() error {
	if e.w.err != nil {
		return e.w.err
	}
	buf := e.w.buf
	for i, h := range e.header {
		if i > 0 {
			buf = append(buf, e.w.o.Comma)
		}
		buf = e.cell(buf, h)
	}
	return e.w.endRow(buf)
}

// Write writes a contact, which must be normalised. It returns [ErrShape] rather than leave out a value of a field that is
// written, and whatever the [Writer] returns.
func (e *Encoder) Write(c *contacts.Contact) error {
	if e.w.err != nil {
		return e.w.err
	}
	buf := e.w.buf
	sources, custom := 0, 0
	for i := range e.groups {
		g := &e.groups[i]
		if i > 0 {
			buf = append(buf, e.w.o.Comma)
		}
		switch {
		case g.mark != "":
			buf = e.cell(buf, primaryCell(c, g.mark, e.schema))
			continue
		case g.source != "":
			if c.ExternalIDs[g.source] != "" {
				sources++
			}
		case g.custom != "":
			if !c.Custom[g.custom].IsZero() {
				custom++
			}
			if g.field.Kind == 0 {
				buf = e.cell(buf, c.Custom[g.custom].Text())
				continue
			}
		}
		if g.columns == 1 && (g.typed == nil || !g.typed[0]) {
			value, n := g.field.First(c, e.o.Dates)
			if n > 1 {
				return ErrShape // what was appended is behind the end of what the writer holds
			}
			if n == 1 || e.w.o.QuoteAll {
				buf = e.cell(buf, value)
			}
			continue
		}
		e.values = g.field.Get(e.values[:0], c, e.o.Dates)
		if len(e.values) > g.columns {
			return ErrShape
		}
		buf = e.group(buf, g, c)
	}
	if e.all && (sources < len(c.ExternalIDs) || custom < len(c.Custom)) {
		return ErrShape
	}
	if len(buf) == len(e.w.buf) { // an empty line is no record
		buf = append(buf, `""`...)
	}
	return e.w.endRow(buf)
}

// group appends the cells of one field.
func (e *Encoder) group(buf []byte, g *group, c *contacts.Contact) []byte {
	for n := range g.columns {
		if n > 0 {
			buf = append(buf, e.w.o.Comma)
		}
		cell := ""
		if n < len(e.values) {
			cell = e.values[n]
		}
		buf = e.cell(buf, cell)
		if g.typed != nil && g.typed[n] {
			buf = e.cell(append(buf, e.w.o.Comma), typedCell(c, contacts.PhoneKind(g.kind), n))
		}
	}
	return buf
}

// typedCell is the typed text of the nth number of a kind, where the number does not say it.
func typedCell(c *contacts.Contact, kind contacts.PhoneKind, n int) string {
	for i := range c.Phones {
		if c.Phones[i].Kind != kind {
			continue
		}
		if n == 0 {
			if p := c.Phones[i].Phone; needsTyped(p) {
				return p.Raw()
			}
			return ""
		}
		n--
	}
	return ""
}

// primaryCell is the primary number or address, with the header of its kind before it where another kind has the same.
func primaryCell(c *contacts.Contact, mark string, s *contacts.Schema) string {
	if mark == primaryPhone {
		if len(c.Phones) == 0 {
			return ""
		}
		p := &c.Phones[0]
		for i := range c.Phones[1:] {
			if c.Phones[i+1].Phone.Number() == p.Phone.Number() {
				f, _ := s.Field("phones." + p.Kind.String())
				return f.Column + ": " + p.Phone.Number()
			}
		}
		return p.Phone.Number()
	}
	if len(c.Emails) == 0 {
		return ""
	}
	p := &c.Emails[0]
	for i := range c.Emails[1:] {
		if c.Emails[i+1].Email.Key() == p.Email.Key() {
			f, _ := s.Field("emails." + p.Kind.String())
			return f.Column + ": " + p.Email.Key()
		}
	}
	return p.Email.Key()
}

// cell appends a cell, guarded. Without a guard only those cells are, which reading would take for guarded ones, for the marker that
// empties a field or for a text in a formula.
func (e *Encoder) cell(buf []byte, cell string) []byte {
	if cell == "" && !e.w.o.QuoteAll {
		return buf
	}
	if !e.w.o.Guard && cell != "" && (e.o.Guard || cell[0] == '\'' || cell == DefaultClear || cell[0] == '=' && unwrapText(cell) != cell) {
		cell = EscapeFormula(cell)
	}
	return e.w.appendCell(buf, cell)
}
