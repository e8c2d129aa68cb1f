package extcontacts

import (
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/internal/fold"
)

// crowdIndex are the many holders of one key: the people behind a switchboard, or
// those of one name of whom nothing else is known. Each row of one of them would
// be compared with all; so they are found by what the row says, too. Whoever a
// row can be about is under one of the texts that it asks for. Others may be
// there as well: contacts change, and stay where they were.
type crowdIndex map[string][]contacts.ID

// manyHolders is up to how many holders are looked at one by one.
var manyHolders = 32

// mayBe are the contacts, by ascending id, of which some hold a key of a row and
// may be the one that it is about.
func (b *batch) mayBe(r *importRow, key int) []contacts.ID {
	k, hash, row := r.keys[key], r.hashes[key], r.contact
	anyone := k.IsExternal() || k.Kind != contacts.NameKey && row.FirstName == "" && row.LastName == ""
	if c := b.crowds[hash]; c != nil && !anyone {
		return c.candidates(k.Kind, row)
	}
	ids := b.mayHold(r, key)
	if len(ids) <= manyHolders || anyone {
		return ids
	}
	if b.crowds == nil {
		b.crowds = map[uint64]crowdIndex{}
	}
	c := crowdIndex{}
	b.crowds[hash] = c
	for _, id := range ids {
		if now := b.current(id); now != nil {
			c.add(k.Kind, now)
		}
	}
	return c.candidates(k.Kind, row)
}

// join adds a contact to the crowds of its keys.
func (b *batch) join(w *work) {
	if len(b.crowds) == 0 {
		return
	}
	for i, hash := range w.hashes {
		if c := b.crowds[hash]; c != nil {
			c.add(w.keys[i].Kind, w.now)
		}
	}
}

func (c crowdIndex) add(kind contacts.KeyKind, now *contacts.Contact) {
	texts := nameTexts(now)
	if kind == contacts.NameKey {
		texts = nil
		for field, text := range distinguishing(now) {
			texts = append(texts, fieldText(field, text))
		}
	}
	for _, t := range texts {
		if list := c[t]; len(list) == 0 || list[len(list)-1] != now.ID {
			c[t] = append(list, now.ID)
		}
	}
}

// candidates are those of a crowd that a row may be about, by ascending id.
func (c crowdIndex) candidates(kind contacts.KeyKind, row *contacts.Contact) []contacts.ID {
	var ids []contacts.ID
	if kind == contacts.NameKey {
		// What the row says of any field the contact says, too, or nothing.
		few := -1
		for field, text := range distinguishing(row) {
			if text == "" {
				continue
			}
			same, open := c[fieldText(field, text)], c[fieldText(field, "")]
			if n := len(same) + len(open); few < 0 || n < few {
				few, ids = n, slices.Concat(same, open)
			}
		}
		if few < 0 { // the row says nothing else: any of them will do
			for t, list := range c {
				if t[0] == 0 {
					ids = append(ids, list...)
				}
			}
		}
	} else {
		texts := nameTexts(row)
		ids = slices.Concat(c[texts[full]], c[texts[pair]])
		if row.FirstName == "" {
			ids = append(ids, c[texts[last]]...)
		}
		if row.LastName == "" {
			ids = append(ids, c[texts[first]]...)
		}
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// The places in what nameTexts returns.
const (
	full = iota
	pair
	first
	last
)

// nameTexts are the names by which [samePerson] compares.
func nameTexts(c *contacts.Contact) []string {
	f, l := fold.String(c.FirstName), fold.String(c.LastName)
	return []string{full: "full " + fold.String(c.FullName()), pair: "pair " + f + "\x00" + l, first: "first " + f, last: "last " + l}
}

// distinguishing are the texts of a contact of which two people of one name and
// company mostly have different ones.
func distinguishing(c *contacts.Contact) [8]string {
	a := &c.Address
	return [...]string{a.City, a.Street, a.ZipCode, a.State, c.JobTitle, c.Team, c.Group, c.Birthdate.String()}
}

// fieldText is a text of [distinguishing] together with the field.
func fieldText(field int, text string) string { return string(rune(field)) + text }
