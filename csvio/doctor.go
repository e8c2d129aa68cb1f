package csvio

import (
	"cmp"
	"io"
	"slices"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
)

// Proposal is a way to mend a refused row. It is for a person, or for a host that was told to, to accept: nothing is ever
// mended unasked.
type Proposal struct {
	// Row and Line are those of the record, both from 1.
	Row  int `json:"row"`
	Line int `json:"line"`
	// Code is that of the fault which it mends, Column the header of the cell at fault, Field the path of its field; a row
	// that is shifted has no single one.
	Code   string `json:"code"`
	Column string `json:"column,omitempty"`
	Field  string `json:"field,omitempty"`
	// Cells is the mended row, nil where the damage is understood and cannot be mended, because what is lost stands nowhere.
	Cells []string `json:"cells,omitempty"`
	// Confidence is between 0 and 1: how much speaks for this repair and against any other. It is no probability, but the
	// order is meant: at 0.8 and more something in the row confirms it, below 0.5 it is one of several.
	Confidence float64 `json:"confidence"`
	// Explanation tells a person what was found and what would be done. It holds no content of the cells.
	Explanation string `json:"explanation"`
}

// Doctor finds out how refused rows can be mended:
//
//   - a row that an unquoted delimiter in a text has shifted (too_many_cells, row_shifted, or a fault behind a cell that begins with
//     a space): neighbouring cells are joined so that all cells with rules of their own (phone, email, date, country, level,
//     type …) are right again. The more such cells confirm the place and the fewer other places would do, the higher the
//     confidence.
//   - two phone numbers in one cell: the second goes to a blank column for phone numbers, preferably of the same kind. Both must
//     be complete.
//   - a phone number without its plus sign, or with ".0" behind it: only if its digits begin with the calling code of the row's own
//     country, and the numbering plan, where there is one, has the number.
//   - a phone number of the row's country without its country code, or without that and its leading zero: only where there is a numbering
//     plan, and the plan has the number.
//   - a date in another order than declared, where it is impossible in the declared one and a day in exactly one other.
//   - the serial number by which spreadsheets count days from 1900; numbers that look like a year are left alone.
//   - a number in scientific notation is explained and never mended: its digits are lost.
//
// A proposal with cells is verified: decoded again they do not have the fault, and no fault that the row did not have before.
// A Doctor is used by one goroutine; its Decoder is its own.
type Doctor struct {
	d *Decoder
}

// NewDoctor returns a doctor for the rows that a decoder with the same parameters refuses.
func NewDoctor(m *Mapping, s *contacts.Schema, o DecodeOptions) *Doctor {
	return &Doctor{NewDecoder(m, s, o)}
}

// Propose returns the proposals for a record, those with the highest confidence first; none for a sound row, for damage of the
// scanner and where nothing is known to help. Each mends one fault; of those for the same fault at most one can be used.
func (dr *Doctor) Propose(rec *Record) []Proposal {
	if rec.Fault() != nil {
		return nil
	}
	d := dr.d
	row := d.Decode(rec)
	if !row.Rejected() {
		return nil
	}
	faults := slices.Clone(row.Faults)
	country := ""
	if row.Contact != nil {
		country = row.Contact.Address.Country.Code()
	}
	cells := rec.Strings(nil)
	ps := dr.shifted(rec, cells, faults)
	for _, f := range faults {
		if f.Cell < 0 || f.Cell >= len(d.specs) || f.Cell >= len(cells) || f.Warning {
			continue
		}
		if s := &d.specs[f.Cell]; s.multi || s.op == opBirthPart {
			continue
		}
		ps = append(ps, dr.cell(rec, cells, f, country, faults)...)
	}
	for i := range ps {
		ps[i].Row, ps[i].Line = rec.Row(), rec.Line()
	}
	slices.SortStableFunc(ps, func(a, b Proposal) int { return cmp.Compare(b.Confidence, a.Confidence) })
	return ps
}

// Mend accepts proposals of at least the given confidence, one fault after the other, the best first, until the row is sound. It
// returns those it has accepted and true, with the mended record in dst; or false if the row cannot be made sound that way.
func (dr *Doctor) Mend(rec *Record, confidence float64, dst *Record) ([]Proposal, bool) {
	var used []Proposal
	rec.CopyTo(dst)
	for range len(dr.d.specs) + 1 {
		if dst.Fault() != nil {
			return used, false
		}
		if !dr.d.Decode(dst).Rejected() {
			return used, true
		}
		i := 0
		ps := dr.Propose(dst)
		for i < len(ps) && ps[i].Cells == nil {
			i++
		}
		if i == len(ps) || ps[i].Confidence < confidence {
			return used, false
		}
		used = append(used, ps[i])
		Repair(dst, &ps[i], dst)
	}
	return used, false
}

// Repair makes dst the record with the cells of the proposal, written anew: it keeps row, line and offset of rec, so that faults it
// still has name the row that they came from. It reports false, and makes dst a copy of rec, if the proposal has no
// cells. rec and dst may be the same.
func Repair(rec *Record, p *Proposal, dst *Record) bool {
	if p.Cells == nil {
		if rec != dst {
			rec.CopyTo(dst)
		}
		return false
	}
	w := NewWriter(io.Discard, WriterOptions{Comma: rec.comma})
	var raw []byte
	for i, cell := range p.Cells {
		if i > 0 {
			raw = append(raw, w.o.Comma)
		}
		raw = w.appendCell(raw, cell)
	}
	if len(raw) == 0 {
		raw = append(raw, `""`...)
	}
	row, line, offset := rec.row, rec.line, rec.Offset()
	sc := scanMemory(raw, Dialect{Comma: w.o.Comma, Quote: '"', Encoding: UTF8})
	sc.o.MaxRecord, sc.o.MaxColumns = maxMaxRecord, max(sc.o.MaxColumns, len(p.Cells))
	sc.Scan()
	sc.Record().CopyTo(dst)
	dst.row, dst.line, dst.offset = row, line, offset
	return true
}

// verified reports whether a row with these cells is free of the fault and of any that the row did not have before.
func (dr *Doctor) verified(rec *Record, cells []string, mended *Fault, before []*Fault) bool {
	var r Record
	Repair(rec, &Proposal{Cells: cells}, &r)
	if r.Fault() != nil {
		return false
	}
	for _, f := range dr.d.Decode(&r).Faults {
		if f.Warning {
			continue
		}
		if f.Cell == mended.Cell && f.Code == mended.Code {
			return false
		}
		if !slices.ContainsFunc(before, func(b *Fault) bool { return b.Cell == f.Cell && b.Code == f.Code }) {
			return false
		}
	}
	return true
}

// cell proposes repairs of one cell.
func (dr *Doctor) cell(rec *Record, cells []string, f *Fault, country string, before []*Fault) []Proposal {
	text := strings.TrimSpace(UnescapeFormula(strings.TrimSpace(cells[f.Cell])))
	var ps []Proposal
	add := func(confidence float64, explanation string, change func(cells []string)) {
		mended := slices.Clone(cells)
		change(mended)
		if dr.verified(rec, mended, f, before) {
			ps = append(ps, Proposal{Code: f.Code, Column: f.Column, Field: f.Field, Cells: mended, Confidence: confidence, Explanation: explanation})
		}
	}
	set := func(text string) func([]string) { return func(cells []string) { cells[f.Cell] = text } }
	switch f.Code {
	case "phone_two_numbers":
		if first, second, ok := dr.twoNumbers(text); ok {
			if to, confidence, kind := dr.freePhone(f.Cell, cells); to >= 0 {
				add(confidence, "two phone numbers in one cell: the second goes to the blank column "+headerText(dr.d.m.Columns[to].Header)+kind,
					func(cells []string) { cells[f.Cell], cells[to] = first, second })
			}
		}
	case "phone_no_country_code", "phone_damaged":
		if number, confidence := dr.lostPlus(text, country); number != "" {
			add(confidence, "the plus sign is lost: the digits begin with "+callingCode(country)+", the calling code of the row's country", set(number))
		} else if number, confidence, how := dr.national(text, country); number != "" {
			add(confidence, how, set(number))
		} else if isScientific(text) {
			ps = append(ps, Proposal{Code: f.Code, Column: f.Column, Field: f.Field,
				Explanation: "a spreadsheet has made the number a rounded one in scientific notation: its digits are lost and must come from the source"})
		}
	case "date_impossible", "date_bad_format":
		if day, format, confidence := dr.otherOrder(text); !day.IsZero() {
			add(confidence, "the day is written as "+format.String()+": it is none in the declared format and in no other", set(dr.d.o.Parse.Dates.Format(day)))
		}
	case "date_serial":
		if day, confidence := serialDay(text); !day.IsZero() {
			add(confidence, "a spreadsheet's serial number of a day, counted from 1900 (a workbook that counts from 1904 would mean four years later)",
				set(dr.d.o.Parse.Dates.Format(day)))
		}
	}
	return ps
}

// twoNumbers divides a text into two phone numbers, each complete by itself.
func (dr *Doctor) twoNumbers(text string) (first, second string, ok bool) {
	for _, sep := range [...]string{";", "|", "\n", " or ", " and ", " & ", ",", "/", "+"} {
		i := strings.Index(text, sep)
		rest := i + len(sep)
		if sep == "+" {
			i = strings.LastIndexByte(text, '+')
			rest = i
		}
		if i <= 0 {
			continue
		}
		first, second = strings.TrimSpace(text[:i]), strings.TrimSpace(text[rest:])
		_, err1 := dr.d.o.Parse.ParsePhone(first)
		_, err2 := dr.d.o.Parse.ParsePhone(second)
		if err1 == nil && err2 == nil {
			return first, second, true
		}
	}
	return "", "", false
}

// freePhone finds a blank column for a second phone number, -1 if there is none.
func (dr *Doctor) freePhone(at int, cells []string) (to int, confidence float64, kind string) {
	own := dr.d.m.Columns[at].Field
	to = -1
	for i, c := range dr.d.m.Columns {
		if i == at || i >= len(cells) || strings.TrimSpace(cells[i]) != "" || dr.d.specs[i].op != opSet || dr.d.specs[i].list != phoneList {
			continue
		}
		switch {
		case c.Field == own && confidence < 0.9:
			to, confidence, kind = i, 0.9, ""
		case c.Field == "phones.other" && confidence < 0.7:
			to, confidence, kind = i, 0.7, ", which says nothing of its kind"
		case confidence < 0.4:
			to, confidence, kind = i, 0.4, ", which is of another kind"
		}
	}
	return to, confidence, kind
}

// lostPlus gives a number its plus sign back if its digits begin with the calling code of the country and enough of them follow.
func (dr *Doctor) lostPlus(text, country string) (number string, confidence float64) {
	code := callingCode(country)
	if code == "" {
		return "", 0
	}
	if whole, fraction, ok := strings.Cut(text, "."); ok && isNumber(whole, 20) && fraction != "" && strings.Trim(fraction, "0") == "" {
		text = whole // 85291234567.0
	}
	digits := strings.Map(func(r rune) rune {
		if strings.ContainsRune(" -.()/", r) {
			return -1
		}
		return r
	}, text)
	// Few national numbers have more than ten digits; those of North America begin with no 1.
	if !isNumber(digits, 15) || !strings.HasPrefix(digits, code) || len(digits) < max(10, len(code)+7) || code == "1" && len(digits) != 11 {
		return "", 0
	}
	p, err := contacts.ParsePhone("+" + text)
	if err != nil {
		return "", 0
	}
	if plan := dr.d.o.Parse.Plan; plan != nil {
		if plan.Check(p) != "" {
			return "", 0
		}
		if q, err := plan.Parse(text, country); err == nil && plan.Check(q) == "" && q.Number() != p.Number() {
			return "+" + text, 0.4 // it is a national number as well
		}
		return "+" + text, 0.95
	}
	return "+" + text, 0.8
}

// national reads digits as a number of the row's country, by the numbering plan: as it is dialled there, or as a spreadsheet leaves
// it, without its leading zero.
func (dr *Doctor) national(text, country string) (number string, confidence float64, how string) {
	plan := dr.d.o.Parse.Plan
	if plan == nil || country == "" {
		return "", 0, ""
	}
	valid := func(s string) string {
		if p, err := plan.Parse(s, country); err == nil && plan.Check(p) == "" {
			return p.Number()
		}
		return ""
	}
	switch as, zero := valid(text), valid("0"+text); {
	case as != "" && (zero == "" || zero == as) && strings.HasPrefix(text, "0"):
		return as, 0.8, "the country code is missing: it is a number of the row's country as it is dialled there"
	case as != "" && (zero == "" || zero == as):
		return as, 0.7, "the country code is missing, and the leading zero where the country has one: it is a number of the row's country"
	case as == "" && zero != "":
		return zero, 0.6, "the leading zero is lost: with it, it is a number of the row's country"
	}
	return "", 0, ""
}

// isScientific reports whether a text is a number such as 8.52912E+10.
func isScientific(text string) bool {
	mantissa, exponent, ok := strings.Cut(strings.ToUpper(strings.TrimPrefix(text, "+")), "E")
	digits := strings.NewReplacer(".", "", ",", "").Replace(mantissa)
	return ok && len(mantissa)-len(digits) <= 1 && isNumber(digits, 20) && isNumber(strings.TrimLeft(exponent, "+-"), 3)
}

// otherOrder reads a date that is none in the declared format in the others; zero unless it is exactly one day there.
func (dr *Doctor) otherOrder(text string) (day contacts.Date, format contacts.DateFormat, confidence float64) {
	for _, other := range [...]contacts.DateFormat{contacts.DateMDY, contacts.DateDMY, contacts.DateYMD} {
		got, err := other.Parse(text)
		if other == cmp.Or(dr.d.o.Parse.Dates, contacts.DateMDY) || err != nil {
			continue
		}
		if !day.IsZero() && day != got {
			return contacts.Date{}, 0, 0
		}
		if day.IsZero() {
			day, format = got, other
		}
	}
	if confidence = 0.8; day.HasYear() && format == contacts.DateYMD {
		confidence = 0.9 // the year tells the order
	}
	return day, format, confidence
}
