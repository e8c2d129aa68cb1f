package csvio

import (
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/extcontacts/extcontacts/contacts"
)

// report adds a fault of cell i (-1: of the row).
func (d *Decoder) report(rec *Record, i int, field, code, value, hint string) *Fault {
	f := &Fault{Row: d.row.Row, Line: d.row.Line, Offset: -1, Cell: i, Code: code, Field: field, Value: strings.Clone(value), Hint: hint}
	if i >= 0 {
		f.Line, _ = rec.CellPos(i)
		f.Offset = rec.offsetOf(int(rec.ends[i]) + 1)
		if i < len(d.m.Columns) {
			f.Column = d.m.Columns[i].Header
		}
	}
	d.row.Faults = append(d.row.Faults, f)
	return f
}

// damage reports what the scanner found.
func (d *Decoder) damage(e *RowError) {
	f := &Fault{Row: e.Row, Line: e.Line, Offset: e.Offset, Cell: e.Cell, Code: e.Code, Hint: rowHint(e.Code), cause: e}
	if e.Cell < len(d.m.Columns) {
		f.Column, f.Field = d.m.Columns[e.Cell].Header, d.m.Columns[e.Cell].Field
	}
	d.row.Faults = append(d.row.Faults, f)
}

// extraCells judges a row with more cells than columns and reports whether one of those has a value.
func (d *Decoder) extraCells(rec *Record) (values bool) {
	const hint = "put a text that holds the delimiter in double quotes"
	n := len(d.cells) - len(d.specs)
	for i := len(d.specs); i < len(d.cells); i++ {
		if text := strings.TrimSpace(d.cells[i]); text != "" {
			d.report(rec, i, "", CodeTooManyCells, text, hint)
			return true
		}
	}
	if i := d.spacedCell(rec); i > 0 {
		d.report(rec, i, d.m.Columns[i].Field, CodeRowShifted, d.cells[i], hint)
		return true
	}
	if d.extra >= 0 && n > d.extra {
		d.report(rec, len(d.specs), "", CodeExtraCells, "", hint).Warning = true
	}
	if d.extra < 0 || n < d.extra {
		d.extra = n
	}
	return false
}

// spacedCell finds a cell that is likely the rest of a text with an unquoted comma: it begins with a space, which no cell of
// the header does, and there is text before it. 0 if there is none.
func (d *Decoder) spacedCell(rec *Record) int { return d.cellAfterComma(rec, rec.RawCell) }

func (d *Decoder) cellAfterComma(rec *Record, of func(int) []byte) int {
	if d.spaced {
		return 0
	}
	for i := 1; i < min(len(d.specs), len(d.cells)); i++ {
		cell := of(i)
		if len(cell) > 1 && cell[0] == ' ' && d.cells[i] != "" && len(rec.RawCell(i-1)) > 0 && d.m.Columns[i].Status != Ignored {
			return i
		}
	}
	return 0
}

// stillDamaged refuses a row of an error log that stands for damaged quotes as long as a cell begins with a quote, one
// that was shifted as long as a cell begins with a space, and one that was cut as long as its _code is not cleared.
func (d *Decoder) stillDamaged(rec *Record) {
	if d.m.codeCol >= len(d.cells) {
		return
	}
	codes := strings.Split(d.cells[d.m.codeCol], "; ")
	if slices.Contains(codes, CodeRowTooLong) {
		d.report(rec, d.m.codeCol, "", CodeStillDamaged, "", "replace the row by the original one, then clear the _code cell")
		return
	}
	if slices.Contains(codes, CodeRowShifted) {
		// Quotes that a program put around the cell on the way do not mend it.
		if i := d.cellAfterComma(rec, rec.Cell); i > 0 {
			d.report(rec, i, d.m.Columns[i].Field, CodeStillDamaged, d.cells[i],
				"join the cells that the comma has divided, or take the space away if the cell is right as it is")
		}
		return
	}
	if !slices.Contains(codes, CodeUnclosedQuote) && !slices.Contains(codes, CodeTextAfterQuote) {
		return
	}
	for i := range min(len(d.cells), len(d.specs)) {
		if d.m.Columns[i].Status != Ignored && strings.HasPrefix(d.cells[i], `"`) {
			d.report(rec, i, d.m.Columns[i].Field, CodeStillDamaged, d.cells[i],
				"mend the quotes of the cell; if it is right as it is, clear the _code cell")
		}
	}
}

// primaries marks the phone number and the email address that columns for the primary one name, or adds them.
func (d *Decoder) primaries(rec *Record) {
	c := d.row.Contact
	for i := range min(len(d.cells), len(d.specs)) {
		s := &d.specs[i]
		if s.op != opPrimaryPhone && s.op != opPrimaryEmail || d.cells[i] == "" {
			continue
		}
		text := strings.TrimSpace(UnescapeFormula(d.cells[i]))
		if text == "" || d.cells[i] == d.o.Clear {
			continue // a contact with values has a primary one: there is nothing to clear
		}
		names := emailKinds[:]
		if s.op == opPrimaryPhone {
			names = phoneKinds[:]
		}
		kind := 0
		if word, rest, ok := strings.Cut(text, ": "); ok {
			for k, name := range names {
				if f, _ := d.schema.Field(name); strings.EqualFold(f.Column, word) {
					kind, text = k+1, strings.TrimSpace(rest)
				}
			}
		}
		probe := *s
		if s.op == opPrimaryPhone {
			probe.list = phoneList
			p, err := d.o.Parse.ParsePhone(text)
			if err == nil && markPhone(c, p, contacts.PhoneKind(kind)) {
				continue
			}
		} else {
			probe.list = emailList
			e, err := contacts.ParseEmail(text)
			if err == nil && markEmail(c, e, contacts.EmailKind(kind)) {
				continue
			}
		}
		probe.typed = -1
		d.value(rec, i, &probe, s.field, text, true)
	}
}

func markPhone(c *contacts.Contact, p contacts.Phone, kind contacts.PhoneKind) bool {
	best := -1
	for i := range c.Phones {
		q := &c.Phones[i]
		if q.Phone.Number() == p.Number() && (kind == 0 || q.Kind == kind) && (best < 0 || q.Kind < c.Phones[best].Kind) {
			best = i
		}
	}
	for i := range c.Phones {
		if best >= 0 {
			c.Phones[i].Primary = i == best
		}
	}
	return best >= 0
}

func markEmail(c *contacts.Contact, e contacts.Email, kind contacts.EmailKind) bool {
	best := -1
	for i := range c.Emails {
		q := &c.Emails[i]
		if q.Email.Key() == e.Key() && (kind == 0 || q.Kind == kind) && (best < 0 || q.Kind < c.Emails[best].Kind) {
			best = i
		}
	}
	for i := range c.Emails {
		if best >= 0 {
			c.Emails[i].Primary = i == best
		}
	}
	return best >= 0
}

// typedFits reports whether a text can be what the number was typed as: it ends in the same four digits (as letters
// on the keys of a telephone, too), and it is no longer than a number's text may be.
func typedFits(number, text string) bool {
	if len(text) > maxTyped || len(number) < 4 {
		return false
	}
	digits := make([]byte, 0, maxTyped)
	for _, r := range text {
		switch {
		case 'a' <= r|0x20 && r|0x20 <= 'z':
			digits = append(digits, "22233344455566677778889999"[r|0x20-'a'])
		case unicode.IsDigit(r):
			digits = append(digits, digitValue(r))
		case r == utf8.RuneError || !unicode.IsGraphic(r) && !unicode.Is(unicode.Cf, r) && r != '\t':
			return false
		}
	}
	return strings.HasSuffix(string(digits), number[len(number)-4:])
}

const maxTyped = 64

// digitValue is the ASCII form of a decimal digit of any script: Unicode keeps the ten of a script together and in order.
func digitValue(r rune) byte {
	for _, rg := range unicode.Nd.R16 {
		if lo := rune(rg.Lo); lo <= r && r <= rune(rg.Hi) {
			return '0' + byte((r-lo)%10)
		}
	}
	for _, rg := range unicode.Nd.R32 {
		if lo := rune(rg.Lo); lo <= r && r <= rune(rg.Hi) {
			return '0' + byte((r-lo)%10)
		}
	}
	return '0'
}

// Explain turns the faults of a contact into faults of the row that it came from, each with the column that could
// mend it, where the file has one.
func (d *Decoder) Explain(r *Row, es contacts.FieldErrors) []*Fault {
	var faults []*Fault
	for _, e := range es {
		f := &Fault{Row: r.Row, Line: r.Line, Offset: -1, Cell: -1, Code: e.Code, Field: e.Path, Value: e.Value, Hint: e.Hint}
		name := elementField(r.Contact, e.Path)
		for i, c := range d.m.Columns {
			if c.Status == Mapped && c.Field == name {
				f.Cell, f.Column = i, c.Header
				break
			}
		}
		faults = append(faults, f)
	}
	return faults
}

// Validate says what is wrong with the row's contact as a whole, as [Decoder.Explain] of what contacts.Validate finds. The
// contact must be as Decode and FillLastName have left it, normalised or not: its values have been checked when they
// were read, so that only what depends on several cells, or on their absence, is left to be checked.
func (d *Decoder) Validate(r *Row) []*Fault {
	c := r.Contact
	if c == nil {
		return nil
	}
	sound := c.LastName != "" && !(d.o.LastName != DefaultLastName && r.Filled) && len(c.Phones) <= contacts.MaxValues &&
		len(c.Emails) <= contacts.MaxValues && len(c.Socials) <= contacts.MaxValues && len(c.Labels) <= contacts.MaxValues
	for _, key := range d.required {
		sound = sound && !c.Custom[key].IsZero()
	}
	if sound {
		return nil
	}
	es := contacts.Validate(c, d.schema)
	if len(es) == 0 {
		return nil
	}
	return d.Explain(r, es)
}

// elementField is the name of the field that a fault's path is about: "phones[1]" of a work number is "phones.work".
func elementField(c *contacts.Contact, path string) string {
	name, index, ok := strings.Cut(strings.TrimSuffix(path, "]"), "[")
	i, err := strconv.Atoi(index)
	if !ok || err != nil || c == nil || i < 0 {
		return path
	}
	switch {
	case name == "phones" && i < len(c.Phones):
		return "phones." + c.Phones[i].Kind.String()
	case name == "emails" && i < len(c.Emails):
		return "emails." + c.Emails[i].Kind.String()
	case name == "socials" && i < len(c.Socials):
		return "socials." + c.Socials[i].Channel.String()
	}
	return name
}
