package csvio

import (
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
)

// quick is what a decoder keeps for files in which each column stands for itself and holds one value, as those of the template do. It
// is there for speed: whatever it does not take goes the general way, which makes the same of it.
type quick struct {
	on     bool
	column []quickColumn
	filled []int32 // the columns of the row that may have a value
	// Cells that begin with these bytes may have space before them, or be more than a value.
	special [256]bool
}

// quickColumn is a column of the header.
type quickColumn struct {
	field *contacts.Field
	read  uint8 // 1 if the column is read, 0 if not
	bit   uint8 // its place in the sets of fields
	date  bool
}

// maxQuick is the largest number of fields: their sets fit in a word.
const maxQuick = 64

func (d *Decoder) prepareQuick() {
	q := &d.quick
	q.on = len(d.fields) <= maxQuick && d.m.codeCol < 0 && !d.m.several && (d.o.Parse.Plan == nil || d.o.Parse.StrictPhones)
	for _, s := range d.specs {
		if s.op == opSkip {
			q.column = append(q.column, quickColumn{})
			continue
		}
		q.on = q.on && s.op == opSet && !s.multi && s.typed < 0
		q.column = append(q.column, quickColumn{field: d.fields[s.field], read: 1, bit: uint8(s.field), date: d.fields[s.field].Kind == contacts.DateField})
		d.room[s.list] = min(d.room[s.list]+1, slab)
	}
	if d.room[labelList] > 0 {
		d.room[labelList] = 4 // more are rare, and get memory of their own
	}
	q.filled = make([]int32, len(q.column))
	for b := range byte(' ' + 1) {
		q.special[b] = true
	}
	for _, b := range []byte{0xC2, 0xE1, 0xE2, 0xE3, '\'', '=', d.o.Clear[0]} { // the white space of Unicode begins with one of four
		q.special[b] = true
	}
}

// quickRow decodes a record of a file for which quick is on. It returns false, and has done nothing, where it takes the general
// way to tell what the record is: a row of few values, a line that is no contact, cells that are more than the columns.
func (d *Decoder) quickRow(rec *Record) bool {
	q := &d.quick
	if len(rec.odd) > 0 || rec.cells > len(q.column) {
		return false
	}
	// Which cells are filled cannot be foreseen, so that it is found without a branch.
	n, start := 0, 0
	ends := rec.ends[1 : rec.cells+1]
	columns := q.column[:len(ends)]
	filled := q.filled[:len(ends)]
	for i, end := range ends {
		filled[n] = int32(i)
		n += int(uint32(start-int(end))>>31) & int(columns[i].read) // 1 if start < end
		start = int(end) + 1
	}
	if n < 4 {
		return false
	}
	c := d.lend()
	text := d.textOf(rec.raw)
	r := &d.row
	r.Contact = c
	var present uint64
	values := 0
	for _, i := range filled[:n] {
		cell := text[rec.ends[i]+1 : rec.ends[i+1]]
		first := cell[0]
		if first == rec.quote && rec.quoted {
			if cell = cell[1 : len(cell)-1]; cell == "" {
				continue
			}
			first = cell[0]
		}
		column := &columns[i]
		if q.special[first] {
			if cell = trim(cell); cell == "" {
				continue
			}
			if cell[0] == '\'' || cell[0] == '=' || cell[0] == d.o.Clear[0] {
				values++
				d.cell(rec, int(i), &d.specs[i], cell)
				continue
			}
		}
		if values++; values == 1 && cell == d.m.texts[i] {
			break // perhaps the header once more
		}
		present |= 1 << column.bit
		if column.date {
			d.noteDate(int(i), cell)
		}
		if err := column.field.Set(c, cell, &d.o.Parse); err != nil {
			d.refuse(rec, int(i), column.field, strings.TrimSpace(cell), err)
		}
	}
	if values < 3 {
		d.giveBack(c)
		return false
	}
	r.Present.bits[0] |= present
	d.keep(c)
	c.SortLists()
	return true
}

// giveBack undoes what quickRow did.
func (d *Decoder) giveBack(c *contacts.Contact) {
	clear(c.Phones)
	clear(c.Emails)
	clear(c.Socials)
	clear(c.Labels)
	*c = contacts.Contact{}
	d.row.Contact, d.row.Faults = nil, nil
	d.row.Present.clear()
	d.row.Clear.clear()
}
