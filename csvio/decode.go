package csvio

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/extcontacts/extcontacts/contacts"
)

const (
	// DefaultLastName is what an import fills in for a missing last name, as the contact format guidelines say.
	DefaultLastName = "customer"
	// DefaultClear is the cell that empties a field.
	DefaultClear = "--"
	// NoClear as the marker of [DecodeOptions] means that no cell does: no cell that is read can hold it.
	NoClear = "\x00"
)

// DecodeOptions say how cells are read. The zero value is ready to use.
type DecodeOptions struct {
	// Parse says how dates and national phone numbers are read. With a numbering plan numbers that it doubts are
	// warnings, unless StrictPhones refuses them.
	Parse contacts.ParseOptions
	// LastName is filled in for a missing last name by [Decoder.FillLastName]; "" means [DefaultLastName].
	LastName string
	// RequireLastName fills in nothing: validation will refuse the contact.
	RequireLastName bool
	// Clear is the cell that empties its field; "" means [DefaultClear].
	Clear string
}

// Decoder makes contacts of the records of a file. It reads cells without the white space around them; a blank cell means
// nothing. A guarded formula ('=1+1) is read without its guard, see [UnescapeFormula], and ="00123", by which programs keep a
// spreadsheet from taking a text for a number, as that text.
//
// A row may have fewer cells than the header has columns: the missing ones are blank. More cells are refused unless they
// are blank, and even then if a cell that begins with a space tells that a comma has shifted the row.
type Decoder struct {
	m        *Mapping
	schema   *contacts.Schema
	o        DecodeOptions
	fields   []*contacts.Field
	specs    []spec
	cells    []string
	filled   []int32  // the cells of the row that have a value and a field
	required []string // the keys of custom fields that are required
	extra    int      // the fewest blank cells behind the last column that a row had so far, or -1
	spaced   bool     // the file has a space behind its delimiters
	row      Row
	quick    quick
	dates    []dateColumn
	room     [lists]int // how many values a row may have in each list

	text     strings.Builder    // of the last rows
	contacts []contacts.Contact // memory for the next ones
	phones   []contacts.ContactPhone
	emails   []contacts.ContactEmail
	socials  []contacts.Social
	labels   []string
	spare    spare
}

// NewDecoder returns a decoder of the records that follow the header m was made of, with the schema m was made with.
func NewDecoder(m *Mapping, s *contacts.Schema, o DecodeOptions) *Decoder {
	if o.LastName == "" {
		o.LastName = DefaultLastName
	}
	if o.Clear == "" {
		o.Clear = DefaultClear
	}
	d := &Decoder{m: m, schema: s, o: o, fields: m.fields, specs: m.specs, extra: -1}
	for _, c := range m.Columns {
		d.spaced = d.spaced || strings.HasPrefix(c.Header, " ")
	}
	for f := range s.Fields() {
		if f.Required && f.Name != "last_name" {
			d.required = append(d.required, f.Key())
		}
	}
	d.row.Present, d.row.Clear = newFieldSet(m.fields), newFieldSet(m.fields)
	d.prepareDates()
	d.prepareQuick()
	return d
}

// Decode reads one record into a contact in normal form, see [contacts.Contact.Normalize]. Contacts, their lists and their texts are cut off blocks for 16 rows or so: one that is kept for long
// without the others keeps their memory, too, some 20 KB.
func (d *Decoder) Decode(rec *Record) *Row {
	r := &d.row
	r.Row, r.Line, r.Contact, r.Faults, r.Blank, r.Filled = rec.Row(), rec.Line(), nil, nil, false, false
	r.PrimaryPhone, r.PrimaryEmail = false, false
	r.Present.clear()
	r.Clear.clear()
	if e := rec.Fault(); e != nil {
		d.damage(e)
		return r
	}
	if d.quick.on && d.quickRow(rec) {
		return r
	}
	values, mapped := d.read(rec)
	if len(d.cells) > len(d.specs) {
		values = d.extraCells(rec) || values
	}
	if !values {
		r.Blank = true
		return r
	}
	if d.isNoRow(rec) {
		return r
	}
	if !mapped {
		d.report(rec, -1, "", CodeNothingMapped, "", "")
		return r
	}
	c := d.lend()
	r.Contact = c
	if d.m.several {
		d.oneAddress()
	}
	primary := false
	for _, i := range d.filled {
		s, cell := &d.specs[i], d.cells[i]
		switch {
		case s.op == opSet && !s.multi && cell[0] != '\'' && cell[0] != '=' && cell != d.o.Clear:
			d.value(rec, int(i), s, s.field, cell, false)
		case s.op == opPrimaryPhone || s.op == opPrimaryEmail:
			primary = true
		default:
			d.cell(rec, int(i), s, cell)
		}
	}
	if primary {
		d.primaries(rec)
	}
	if d.m.codeCol >= 0 {
		d.stillDamaged(rec)
	}
	for i := range c.Phones {
		r.PrimaryPhone = r.PrimaryPhone || c.Phones[i].Primary
	}
	for i := range c.Emails {
		r.PrimaryEmail = r.PrimaryEmail || c.Emails[i].Primary
	}
	d.keep(c)
	c.Normalize()
	return r
}

// read takes the cells out of the record, trimmed, as pieces of one string, and notes which of them are to be decoded. It tells whether there is
// any value, and any that is mapped.
func (d *Decoder) read(rec *Record) (values, mapped bool) {
	d.filled = d.filled[:0]
	if rec.quoted {
		d.cells = rec.Strings(d.cells[:0])
		for i := range min(len(d.cells), len(d.specs)) {
			if d.cells[i] != "" {
				d.cells[i] = trim(d.cells[i])
				values = d.note(i) || values
			}
		}
		return values || len(d.filled) > 0, len(d.filled) > 0
	}
	if cap(d.cells) < rec.cells {
		d.cells = make([]string, rec.cells)
	}
	d.cells = d.cells[:rec.cells]
	text, start := d.textOf(rec.raw), 0
	for i, end := range rec.ends[1 : rec.cells+1] {
		if start == int(end) {
			d.cells[i] = ""
		} else {
			d.cells[i] = trim(text[start:end])
			if i < len(d.specs) {
				values = d.note(i) || values
			}
		}
		start = int(end) + 1
	}
	return values || len(d.filled) > 0, len(d.filled) > 0
}

// note takes a cell into account that may have a value, and reports whether it is one of a column that is not read.
func (d *Decoder) note(i int) bool {
	if d.cells[i] == "" {
		return false
	}
	s := &d.specs[i]
	if s.op == opSkip {
		return d.m.Columns[i].Status != Ignored || d.m.Columns[i].How != ByExact
	}
	d.filled = append(d.filled, int32(i))
	return false
}

// trim is strings.TrimSpace for a text that is not empty, quick for most texts: the white space of Unicode begins with one of four
// bytes, with which few letters begin.
func trim(s string) string {
	first, last := s[0], s[len(s)-1]
	if first > ' ' && first < utf8.RuneSelf && last > ' ' && last < utf8.RuneSelf {
		return s
	}
	if first <= ' ' || first == 0xC2 || first == 0xE1 || first == 0xE2 || first == 0xE3 && strings.HasPrefix(s, "\u3000") {
		return strings.TrimSpace(s)
	}
	if r, _ := utf8.DecodeLastRuneInString(s); unicode.IsSpace(r) {
		return strings.TrimSpace(s)
	}
	return s
}

// cell reads one cell into the contact.
func (d *Decoder) cell(rec *Record, i int, s *spec, cell string) {
	switch s.op {
	case opBirthPart:
		d.birthdate(rec, i)
		return
	case opStreetLine:
		d.streetLine(rec, i, s, cell)
		return
	}
	field := s.field
	if cell == d.o.Clear {
		if s.op == opByLabel {
			field, _ = d.labelled(s)
		}
		d.row.Clear.add(field)
		return
	}
	if cell[0] == '\'' || cell[0] == '=' && s.list != phoneList && s.list != socialList { // a phone number keeps the text that it was typed as
		if cell = unwrapped(cell); cell == "" {
			return
		}
	}
	starred := false
	if s.op == opByLabel {
		field, starred = d.labelled(s)
	}
	if !s.multi {
		d.value(rec, i, s, field, cell, starred)
		return
	}
	for part := range strings.SplitSeq(cell, ":::") {
		part = strings.TrimSpace(part)
		if s.list == labelList {
			if part = strings.TrimSpace(strings.TrimPrefix(part, "* ")); part == "myContacts" || part == "My Contacts" {
				continue
			}
		}
		if part != "" {
			d.value(rec, i, s, field, part, starred)
			starred = false
		}
	}
}

// value sets one value.
func (d *Decoder) value(rec *Record, i int, s *spec, field int, text string, primary bool) {
	f := d.fields[field]
	d.row.Present.add(field)
	c := d.row.Contact
	if f.Kind == contacts.DateField {
		d.noteDate(i, text)
	}
	if err := f.Set(c, text, &d.o.Parse); err != nil {
		d.refuse(rec, i, f, text, err)
		return
	}
	switch s.list {
	case phoneList:
		p := &c.Phones[len(c.Phones)-1]
		p.Primary = primary
		if s.typed >= 0 && s.typed < len(d.cells) && d.cells[s.typed] != "" {
			d.typed(rec, s.typed, p)
		}
		if plan := d.o.Parse.Plan; plan != nil && !d.o.Parse.StrictPhones {
			if code := plan.Check(p.Phone); code != "" {
				d.report(rec, i, f.Name, code, text, "the numbering plan of the country does not have this number").Warning = true
			}
		}
	case emailList:
		c.Emails[len(c.Emails)-1].Primary = primary
	}
}

// refuse reports why a field does not take the text of cell i.
func (d *Decoder) refuse(rec *Record, i int, f *contacts.Field, text string, err error) {
	code, hint := "invalid", ""
	if e, ok := err.(*contacts.ValueError); ok {
		code, hint = e.Code, e.Hint
	}
	d.report(rec, i, f.Name, code, text, hint)
}

// typed gives a phone number the text that it was typed as, from a column of its own.
func (d *Decoder) typed(rec *Record, i int, p *contacts.ContactPhone) {
	text := d.cells[i]
	if text[0] == '\'' {
		text = UnescapeFormula(text)
	}
	if !typedFits(p.Phone.Number(), text) {
		d.report(rec, i, d.fields[d.specs[i].field].Name, CodeTypedMismatch, text, "")
		return
	}
	p.Phone = contacts.MakePhone(p.Phone.Number(), text)
}

// FillLastName fills in the last name where the contact has none, unless the options require one, and reports whether it
// did. It is a step of its own because the contact that is to be updated may have a name already.
func (d *Decoder) FillLastName(r *Row) bool {
	if r.Contact == nil || r.Contact.LastName != "" || d.o.RequireLastName {
		return false
	}
	r.Contact.LastName, r.Filled = d.o.LastName, true
	return true
}
