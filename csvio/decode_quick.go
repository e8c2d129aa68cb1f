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
	filled []int32    // the columns of the row that may have a value
	room   [lists]int // how many values a row may have in each list
	// Cells that begin with these bytes may have space before them, or be more than a value.
	special [256]bool
}

// quickColumn is a column of the header.
type quickColumn struct {
	field *contacts.Field
	read  uint8 // 1 if the column is read, 0 if not
	bit   uint8 // its place in the sets of fields
}

// maxQuick is the largest number of fields: their sets fit in a word.
const maxQuick = 64

func (d *Decoder) prepareQuick() {
	q := &d.quick
	q.on = len(d.fields) <= maxQuick && d.m.codeCol < 0 && !d.m.several && len(d.o.Clear) > 0
	for b := range byte(' ' + 1) {
		q.special[b] = true
	}
	for _, b := range []byte{0xC2, 0xE1, 0xE2, 0xE3, '\'', d.o.Clear[0]} { // the white space of Unicode begins with one of four
		q.special[b] = true
	}
	for _, s := range d.specs {
		if s.op != opSkip && (s.op != opSet || s.multi || s.typed >= 0) {
			q.on = false
			return
		}
		c := quickColumn{}
		if s.op == opSet {
			c = quickColumn{field: d.fields[s.field], read: 1, bit: uint8(s.field)}
			q.room[s.list]++
		}
		q.column = append(q.column, c)
	}
	q.filled = make([]int32, len(q.column))
	if q.room[labelList] > 0 {
		q.room[labelList] = 4 // more are rare, and get memory of their own
	}
	for i := range q.room {
		q.room[i] = min(q.room[i], slab)
	}
	q.on = q.on && (d.o.Parse.Plan == nil || d.o.Parse.StrictPhones)
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
			if cell[0] == '\'' || cell[0] == d.o.Clear[0] {
				values++
				d.cell(rec, int(i), &d.specs[i], cell)
				continue
			}
		}
		if values++; values == 1 && cell == d.m.texts[i] {
			break // perhaps the header once more
		}
		present |= 1 << column.bit
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

// lend returns an empty contact whose lists have room, of memory that keep takes for good.
func (d *Decoder) lend() *contacts.Contact {
	var c *contacts.Contact
	if n := len(d.spare.contacts); n > 0 {
		c = d.spare.contacts[n-1]
	} else {
		if len(d.contacts) == 0 {
			d.contacts = make([]contacts.Contact, slab)
		}
		c = &d.contacts[0]
	}
	room := &d.quick.room
	c.Phones = lend(d.spare.phones, &d.phones, room[phoneList])
	c.Emails = lend(d.spare.emails, &d.emails, room[emailList])
	c.Socials = lend(d.spare.socials, &d.socials, room[socialList])
	c.Labels = lend(d.spare.labels, &d.labels, room[labelList])
	return c
}

// keep takes what the contact holds out of the memory for the next ones.
func (d *Decoder) keep(c *contacts.Contact) {
	if n := len(d.spare.contacts); n > 0 {
		d.spare.contacts = d.spare.contacts[:n-1]
	} else {
		d.contacts = d.contacts[1:]
	}
	c.Phones = kept(&d.spare.phones, &d.phones, c.Phones)
	c.Emails = kept(&d.spare.emails, &d.emails, c.Emails)
	c.Socials = kept(&d.spare.socials, &d.socials, c.Socials)
	c.Labels = kept(&d.spare.labels, &d.labels, c.Labels)
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

// lend returns an empty list with room for n: a spare one or the beginning of a slab.
func lend[T any](spare [][]T, from *[]T, n int) []T {
	if n == 0 {
		return nil
	}
	if k := len(spare); k > 0 {
		return spare[k-1]
	}
	if len(*from) < n {
		*from = make([]T, max(n, listSlab))
	}
	return (*from)[:0:n]
}

// kept takes a list that lend returned out of the spare ones or cuts it off its slab; an empty one is nil.
func kept[T any](spare *[][]T, from *[]T, list []T) []T {
	n := len(list)
	if n == 0 {
		return nil
	}
	if k := len(*spare); k > 0 {
		*spare = (*spare)[:k-1]
		return list // with all of its memory, which is its own
	}
	if n <= len(*from) && &list[0] == &(*from)[0] { // it has not outgrown its room
		*from = (*from)[n:]
	}
	return list[:n:n]
}

// spare is the memory of contacts that are used no more.
type spare struct {
	contacts []*contacts.Contact
	phones   [][]contacts.ContactPhone
	emails   [][]contacts.ContactEmail
	socials  [][]contacts.Social
	labels   [][]string
}

// Recycle takes back a contact that Decode returned and that nobody uses any more, nor any of its lists: their memory serves for
// the next rows, so that a program that is done with each contact soon allocates little more than their texts. The texts are
// never written to again: they may be kept.
func (d *Decoder) Recycle(c *contacts.Contact) {
	if c == nil || len(d.spare.contacts) >= maxSpare {
		return
	}
	d.spare.phones = spareList(d.spare.phones, c.Phones)
	d.spare.emails = spareList(d.spare.emails, c.Emails)
	d.spare.socials = spareList(d.spare.socials, c.Socials)
	d.spare.labels = spareList(d.spare.labels, c.Labels)
	*c = contacts.Contact{}
	d.spare.contacts = append(d.spare.contacts, c)
}

// maxSpare bounds the memory that is kept for the next rows to some 20 MB.
const maxSpare = 32 << 10

func spareList[T any](spare [][]T, list []T) [][]T {
	if cap(list) == 0 || len(spare) >= maxSpare {
		return spare
	}
	return append(spare, list[:0])
}

// textOf copies the text of a record. Texts of several rows share a block of memory.
func (d *Decoder) textOf(raw []byte) string {
	if d.text.Cap()-d.text.Len() < len(raw) {
		d.text = strings.Builder{}
		d.text.Grow(max(len(raw), textBlock))
	}
	at := d.text.Len()
	d.text.Write(raw)
	return d.text.String()[at:]
}

// What is allocated at once for the texts of rows, in bytes, and for the elements of a list.
const (
	textBlock = 8 << 10
	listSlab  = 64
)
