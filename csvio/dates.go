package csvio

import (
	"cmp"

	"github.com/extcontacts/extcontacts/contacts"
)

// DateColumn says what the dates of a column are, as far as a decoder has seen them: 03/04/1990 is a day in March or in April, and
// only the whole column may tell. Nothing is decided by it: cells are read in the declared format, always.
type DateColumn struct {
	// Cell is the index of the column, Column its header, Field the path of its field.
	Cell   int    `json:"cell"`
	Column string `json:"column"`
	Field  string `json:"field"`
	// Declared is the format in which the cells were read.
	Declared contacts.DateFormat `json:"declared"`
	// Values counts the cells that are a day in some format and not the same day in all of them; 2006-01-02 and 05/05/1990 do not
	// count. Either counts those of them that are a day in more than one.
	Values int `json:"values"`
	Either int `json:"either"`
	// Fits are the formats in which all of Values are days.
	Fits []contacts.DateFormat `json:"fits"`
}

// Ambiguous reports that the column does not tell its format: all of its dates are days in several. A person who knows the file has to say
// which it is.
func (c DateColumn) Ambiguous() bool { return c.Values > 0 && len(c.Fits) > 1 }

// Suggest returns the one format in which all dates of the column are days, where that is not the declared one.
func (c DateColumn) Suggest() (contacts.DateFormat, bool) {
	if c.Values > 0 && len(c.Fits) == 1 && c.Fits[0] != c.Declared {
		return c.Fits[0], true
	}
	return c.Declared, false
}

// Warning is the finding in the form of a header's warnings: with the code ambiguous_dates or other_date_format; nil where the column
// is as declared.
func (c DateColumn) Warning() *HeaderError {
	e := &HeaderError{Column: c.Cell + 1, Header: c.Column, Field: c.Field}
	if f, ok := c.Suggest(); ok {
		e.Code, e.Hint = CodeOtherDateFormat, "all dates of the column are days in "+f.String()+", not all in "+c.Declared.String()+": declare "+f.String()
		return e
	}
	if c.Ambiguous() {
		e.Code, e.Hint = CodeAmbiguousDates, "every date of the column can be read as "+c.Fits[0].String()+" and as "+c.Fits[1].String()+
			"; it is read as "+c.Declared.String()+", as declared or by default: see that this is right"
		return e
	}
	return nil
}

// Dates returns what the columns with dates were found to hold so far, in the order of the file.
func (d *Decoder) Dates() []DateColumn {
	var list []DateColumn
	for i := range d.dates {
		c := d.dates[i].DateColumn
		c.Fits = nil
		for f := contacts.DateMDY; f <= contacts.DateYMD; f++ {
			if d.dates[i].refused&(1<<f) == 0 {
				c.Fits = append(c.Fits, f)
			}
		}
		list = append(list, c)
	}
	return list
}

// dateColumn is a DateColumn in the making.
type dateColumn struct {
	DateColumn
	refused uint8 // a bit for each format in which a date is none
}

// Formats as bits of dateColumn.refused.
const (
	bothOrders = 1<<contacts.DateMDY | 1<<contacts.DateDMY
	allFormats = bothOrders | 1<<contacts.DateYMD
)

// prepareDates finds the columns.
func (d *Decoder) prepareDates() {
	for i, s := range d.specs {
		if s.op == opSet && d.fields[s.field].Kind == contacts.DateField {
			d.dates = append(d.dates, dateColumn{DateColumn: DateColumn{Cell: i, Column: d.m.Columns[i].Header, Field: d.fields[s.field].Name,
				Declared: cmp.Or(d.o.Parse.Dates, contacts.DateMDY)}})
		}
	}
}

// noteDate takes a cell of a column with dates into account.
func (d *Decoder) noteDate(cell int, text string) {
	k := 0
	for k < len(d.dates) && d.dates[k].Cell != cell {
		k++
	}
	if k == len(d.dates) {
		return
	}
	if len(text) == 10 {
		if text[4] == '-' {
			return // 2006-01-02 is the same everywhere, or no date
		}
		// Of 01/02/2006, which most are, the first two numbers tell. What may be no day at all goes the long way.
		a, b := 10*int(text[0]-'0')+int(text[1]-'0'), 10*int(text[3]-'0')+int(text[4]-'0')
		if text[2] == '/' && text[5] == '/' && 1 <= a && a <= 28 && 1 <= b && b <= 28 && min(a, b) <= 12 && isNumber(text[:2], 2) && isNumber(text[3:5], 2) && isNumber(text[6:], 4) && text[6:] != "0000" {
			if c := &d.dates[k]; a != b {
				c.Values++
				switch {
				case a > 12:
					c.refused |= 1<<contacts.DateMDY | 1<<contacts.DateYMD
				case b > 12:
					c.refused |= 1<<contacts.DateDMY | 1<<contacts.DateYMD
				default:
					c.Either++
					c.refused |= 1 << contacts.DateYMD
				}
			}
			return
		}
	}
	var day contacts.Date
	var fits uint8
	n, differ := 0, false
	for f := contacts.DateMDY; f <= contacts.DateYMD; f++ {
		got, ok := f.Read(text)
		if !ok {
			continue
		}
		differ = differ || n > 0 && got != day
		day = got
		fits |= 1 << f
		n++
	}
	if n == 0 || !differ && n == 3 || !differ && fits&bothOrders == bothOrders && day.Day() == int(day.Month()) {
		return
	}
	c := &d.dates[k]
	c.Values++
	if n > 1 {
		c.Either++
	}
	c.refused |= allFormats &^ fits
}
