package csvio

import (
	"slices"
	"strings"
)

// labelled tells the field of a value whose kind stands in another column, and whether that has the star of the primary one.
func (d *Decoder) labelled(s *spec) (field int, starred bool) {
	label := ""
	if s.label >= 0 && s.label < len(d.cells) {
		label, starred = strings.CutPrefix(d.cells[s.label], "*")
	}
	kind := 0
	key := foldHeader(label)
	has := func(words ...string) bool {
		for _, w := range words {
			if strings.Contains(key, w) {
				return true
			}
		}
		return false
	}
	switch s.list {
	case phoneList:
		switch {
		case has("fax", "pager"):
			kind = 3
		case key == "", has("mobile", "cell", "iphone"):
		case has("work", "business", "office"):
			kind = 1
		case has("home"):
			kind = 2
		default:
			kind = 3
		}
	default:
		switch {
		case key == "", has("work", "business", "office"):
		case has("home", "personal", "private"):
			kind = 1
		default:
			kind = 2
		}
	}
	return s.kinds[kind], starred
}

// oneAddress leaves, of several addresses, the best that the row fills in to be read.
func (d *Decoder) oneAddress() {
	best := uint8(255)
	for _, i := range d.filled {
		if a := d.specs[i].address; a > 0 {
			best = min(best, a)
		}
	}
	d.filled = slices.DeleteFunc(d.filled, func(i int32) bool { return d.specs[i].address > best })
}

// streetLine adds a further line to the street.
func (d *Decoder) streetLine(rec *Record, i int, s *spec, cell string) {
	if cell == d.o.Clear {
		return // the column of the first line says what is to be emptied
	}
	if cell = unwrapped(cell); cell == "" {
		return
	}
	if before := d.row.Contact.Address.Street; before != "" {
		cell = before + "\n" + cell
	}
	d.value(rec, i, s, s.field, cell, false)
}

// birthdate makes a date of the cells for day, month and year; the year may be blank. A date that stands as a whole in the column
// for the day is read as such. It is called for each of the cells, of which the first in the file stands for all.
func (d *Decoder) birthdate(rec *Record, at int) {
	var cells [3]string
	first, cleared, filled := -1, 0, 0
	for k, i := range d.m.parts {
		if i < 0 || i >= len(d.cells) || d.cells[i] == "" {
			continue
		}
		if i < at {
			return
		}
		cells[k] = d.cells[i]
		if filled++; first < 0 {
			first = i
		}
		if cells[k] == d.o.Clear {
			cleared++
		}
	}
	s := &d.specs[first]
	if cleared == filled {
		d.row.Clear.add(s.field)
		return
	}
	day, month, year := cells[0], cells[1], cells[2]
	if month == "" && year == "" {
		d.value(rec, first, s, s.field, unwrapped(day), false)
		return
	}
	code := ""
	switch {
	case len(year) > 0 && len(year) < 3 && isNumber(year, 2):
		code = "date_two_digit_year"
	case cleared > 0 || !isNumber(day, 2) || !isNumber(month, 2) || year != "" && (len(year) != 4 || !isNumber(year, 4)):
		code = "date_bad_format"
	}
	if code != "" {
		d.row.Present.add(s.field)
		d.report(rec, first, d.fields[s.field].Name, code, strings.Join(cells[:], " "), "the day, the month (1 to 12) and the year (four digits or blank), a number in each column")
		return
	}
	pad := func(n string) string { return strings.Repeat("0", 2-len(n)) + n }
	if year == "" {
		year = "-"
	}
	d.value(rec, first, s, s.field, year+"-"+pad(month)+"-"+pad(day), false)
}

// isNumber reports whether s is one ASCII digit or more, up to n.
func isNumber(s string, n int) bool {
	for i := range len(s) {
		if s[i] < '0' || s[i] > '9' {
			return false
		}
	}
	return s != "" && len(s) <= n
}
