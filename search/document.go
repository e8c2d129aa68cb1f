package search

import (
	"bytes"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/internal/fold"
)

// The ranks of the fields that free words search, the best one highest. They
// are part of the meaning of a query: a match is ranked by how it matched,
// then by where.
const (
	labelRank = iota + 1
	phoneRank
	emailRank
	companyRank
	nameRank

	prefixRank = 8  // a word begins so
	exactRank  = 16 // a whole word is so
)

// document is a contact as queries see it. It is made when the first leaf
// asks for it, and used again for the next contact.
type document struct {
	c      *contacts.Contact
	ready  bool
	text   []byte // as Text makes it
	digits int    // where the phones begin in text
	runs   []run
	vals   []string
	buf    []byte
}

// run is the part of the text that comes from one value of a field. Phrases do
// not reach beyond it.
type run struct {
	rank int
	end  int
}

func (d *document) reset(c *contacts.Contact) { d.c, d.ready = c, false }

// prepare folds the searchable fields.
func (d *document) prepare() {
	if d.ready {
		return
	}
	d.ready = true
	d.runs = d.runs[:0]
	d.text = appendRuns(d.text[:0], d.c, func(rank, end int) { d.runs = append(d.runs, run{rank, end}) })
	d.digits = len(d.text)
	d.text = appendDigits(d.text, d.c)
}

// appendRuns appends the words of each value with a space before, between and
// behind them.
func appendRuns(dst []byte, c *contacts.Contact, mark func(rank, end int)) []byte {
	if c.FirstName != "" || c.LastName != "" {
		dst = append(dst, ' ')
		first := len(dst)
		dst = fold.Words(dst, c.FirstName)
		last := len(dst)
		dst = fold.Words(dst, c.LastName)
		if first < last && last < len(dst) { // the name in its other order
			dst = append(dst, dst[first:last]...)
		}
		mark(nameRank, len(dst))
	}
	add := func(rank int, s string) {
		if s != "" {
			dst = append(dst, ' ')
			dst = fold.Words(dst, s)
			mark(rank, len(dst))
		}
	}
	add(companyRank, c.Company)
	for i := range c.Emails {
		e := c.Emails[i].Email
		add(emailRank, e.Address())
		if !sameFolded(e.Key(), e.Address()) { // an international domain, in its ASCII form
			add(emailRank, e.Key())
		}
	}
	for _, l := range c.Labels {
		add(labelRank, l)
	}
	return dst
}

// sameFolded reports whether two addresses differ in case only.
func sameFolded(key, address string) bool {
	return len(key) == len(address) && strings.EqualFold(key, address)
}

// appendDigits appends the digits of phones and WhatsApp numbers between anchors.
func appendDigits(dst []byte, c *contacts.Contact) []byte {
	start := len(dst)
	add := func(number string) {
		if len(number) < 2 || number[0] != '+' {
			return
		}
		if len(dst) == start {
			dst = append(dst, anchor...)
		}
		dst = append(dst, number[1:]...)
		dst = append(dst, anchor...)
	}
	for i := range c.Phones {
		add(c.Phones[i].Phone.Number())
	}
	for i := range c.Socials {
		if c.Socials[i].Channel == contacts.WhatsApp {
			add(c.Socials[i].Key())
		}
	}
	return dst
}

// Text appends the search text of a contact to dst: one text that a store can
// keep beside the contact to narrow queries by plain substrings; see
// [Query.Needs].
//
// It holds the folded words of name (in both orders), company, email addresses
// and labels, each with a space before and behind it, then the digits of
// phones and WhatsApp numbers, each with the byte 0x01 before and behind it.
// The form may change with the version [TextVersion].
func Text(dst []byte, c *contacts.Contact) []byte {
	dst = appendRuns(dst, c, func(int, int) {})
	return appendDigits(dst, c)
}

// TextVersion changes whenever Text gives another result for some contact, so
// that stores know when to make their column anew.
const TextVersion = 1

// pattern turns a value into what stands in a run: a space, the words, and a
// space behind whole ones. It is nil where the value has no words.
func pattern(s string, whole bool) []byte {
	p := fold.Words([]byte{' '}, s)
	if len(p) == 1 {
		return nil
	}
	if !whole {
		p = p[:len(p)-1]
	}
	return p
}

// find ranks the best occurrence of a pattern, 0 for none.
func (d *document) find(p []byte) int {
	d.prepare()
	best, start := 0, 0
	if !bytes.Contains(d.text[:d.digits], p) {
		return 0
	}
	whole := p[len(p)-1] == ' '
	for _, r := range d.runs {
		part := d.text[start:r.end]
		start = r.end
		for {
			i := bytes.Index(part, p)
			if i < 0 {
				break
			}
			rank := prefixRank + r.rank
			if whole || part[i+len(p)] == ' ' {
				rank = exactRank + r.rank
			}
			best = max(best, rank)
			if rank >= exactRank {
				break
			}
			part = part[i+1:]
		}
	}
	return best
}

// findDigits ranks the best of the fragments, 0 for none.
func (d *document) findDigits(fragments []string) int {
	d.prepare()
	best := 0
	digits := d.text[d.digits:]
	for _, f := range fragments {
		i := bytes.Index(digits, []byte(f))
		if i < 0 {
			continue
		}
		best = max(best, prefixRank+phoneRank)
		f = strings.Trim(f, anchor)
		if bytes.Contains(digits, []byte(anchor+f+anchor)) {
			best = exactRank + phoneRank
		}
	}
	return best
}
