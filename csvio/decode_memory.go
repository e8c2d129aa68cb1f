package csvio

import (
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
)

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
	room := &d.room
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
		if old := (*spare)[k-1]; &old[:1][0] != &list[0] {
			clear(old[:cap(old)]) // it was outgrown
		}
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
	clear(list[:cap(list)]) // or it would keep the texts
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

// What is allocated at once for the texts of rows, in bytes, for the elements of a list and for contacts.
const (
	textBlock = 8 << 10
	listSlab  = 64
	slab      = 16 // contacts
)
