package search

import (
	"bytes"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/internal/fold"
)

// The ranks of the fields that free words search, the best one highest, and of
// the ways in which a word matches. They are part of the meaning of a query: a
// match is ranked by how it matched, then by where.
const (
	labelRank = iota + 1
	phoneRank
	emailRank
	companyRank
	nameRank

	ranks = nameRank + 1
)

// how is the way in which a free word was found.
type how uint8

const (
	byTypos    how = iota // with two typing errors
	byTypo                // with one
	byPart                // in the middle of a word
	byInitials            // the initials of a name are so
	byNickname            // another form of the name
	byPrefix              // a word begins so
	byExact               // a whole word, or a whole number, is so
	hows
)

// score joins a way and a place. It is never zero.
func score(h how, rank int) int { return int(h)<<3 | rank }

// document is a contact as queries see it. It is made when the first leaf
// asks for it, and used again for the next contact.
type document struct {
	c        *contacts.Contact
	ready    bool
	text     []byte // as Text makes it
	initials int    // where the initials begin in text
	digits   int    // where the phones begin in text
	runs     []run
	name     nameWords
	vals     []string
	buf      []byte

	seg *segment // where it comes from, if not from a contact
	doc uint32
}

// run is the part of the text that comes from one value of a field. Phrases do
// not reach beyond it.
type run struct {
	rank int
	end  int
}

func (d *document) reset(c *contacts.Contact) { d.c, d.ready, d.seg = c, false, nil }

// prepare folds the searchable fields.
func (d *document) prepare() {
	if d.ready {
		return
	}
	d.ready = true
	d.runs = d.runs[:0]
	d.text, d.name = appendRuns(d.text[:0], d.c, func(rank, end int) { d.runs = append(d.runs, run{rank, end}) })
	d.initials = len(d.text)
	d.text = d.name.appendInitials(d.text)
	d.digits = len(d.text)
	d.text = appendDigits(d.text, d.c)
}

// nameWords is where the words of a name stand in a text: from first the first
// name, from last the last name.
type nameWords struct{ first, last, end int }

// appendRuns appends the words of each value with a space before, between and
// behind them.
func appendRuns(dst []byte, c *contacts.Contact, mark func(rank, end int)) ([]byte, nameWords) {
	var name nameWords
	if c.FirstName != "" || c.LastName != "" {
		dst = append(dst, ' ')
		name.first = len(dst)
		dst = fold.Words(dst, c.FirstName)
		name.last = len(dst)
		dst = fold.Words(dst, c.LastName)
		name.end = len(dst)
		if name.first < name.last && name.last < name.end { // the name in its other order
			dst = append(dst, dst[name.first:name.last]...)
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
	return dst, name
}

// sameFolded reports whether two addresses differ in case only.
func sameFolded(key, address string) bool {
	return len(key) == len(address) && strings.EqualFold(key, address)
}

// initial stands before and behind the initials of a name in Text.
const initial = "\x02"

// The numbers of letters that are read as initials.
const (
	leastInitials = 2
	mostInitials  = 4
)

// appendInitials appends the initials of the name in both orders: of all its
// words, and where they are more than two, of the first and the last.
func (w nameWords) appendInitials(dst []byte) []byte {
	var buf [2 * mostInitials * utf8.UTFMax]byte
	var ends [mostInitials + 1]int
	all, n, given := buf[:0], 0, 0
	for i := w.first; i < w.end; {
		r, _ := utf8.DecodeRune(dst[i:w.end])
		if n == mostInitials || !unicode.IsLetter(r) || fold.Ideograph(r) {
			return dst // too many, or no letters
		}
		all = utf8.AppendRune(all, r)
		if n++; i < w.last {
			given = n
		}
		ends[n] = len(all)
		i += bytes.IndexByte(dst[i:w.end], ' ') + 1
	}
	if n < leastInitials {
		return dst
	}
	add := func(a, b []byte) { dst = append(append(append(dst, a...), b...), initial...) }
	dst = append(dst, initial...)
	add(all, nil)
	turned := given > 0 && given < n
	if turned {
		add(all[ends[given]:], all[:ends[given]])
	}
	if n > leastInitials {
		first, last := all[:ends[1]], all[ends[n-1]:]
		add(first, last)
		if turned {
			add(last, first)
		}
	}
	return dst
}

// appendDigits appends the digits of phones and WhatsApp numbers between anchors.
func appendDigits(dst []byte, c *contacts.Contact) []byte {
	start := len(dst)
	eachNumber(c, func(digits string, _ bool) {
		if len(dst) == start {
			dst = append(dst, anchor...)
		}
		dst = append(dst, digits...)
		dst = append(dst, anchor...)
	})
	return dst
}

// eachNumber calls f with the digits of every phone and WhatsApp number.
func eachNumber(c *contacts.Contact, f func(digits string, whatsapp bool)) {
	for i := range c.Phones {
		if d := numberDigits(c.Phones[i].Phone.Number()); d != "" {
			f(d, false)
		}
	}
	for i := range c.Socials {
		if c.Socials[i].Channel == contacts.WhatsApp {
			if d := numberDigits(c.Socials[i].Key()); d != "" {
				f(d, true)
			}
		}
	}
}

// numberDigits is the digits of an international number, empty for anything else.
func numberDigits(s string) string {
	if len(s) < 2 || len(s) > 64 || s[0] != '+' {
		return ""
	}
	for i := 1; i < len(s); i++ {
		if s[i] < '0' || s[i] > '9' {
			return ""
		}
	}
	return s[1:]
}

// Text appends the search text of a contact to dst: one text that a store can
// keep beside the contact to narrow queries by plain substrings; see
// [Query.Needs].
//
// It holds the folded words of name (in both orders), company, email addresses
// and labels, each with a space before and behind it, then the initials of the
// name, each with the byte 0x02 before and behind it, then the digits of
// phones and WhatsApp numbers, each with the byte 0x01 before and behind it.
// The form may change with the version [TextVersion].
func Text(dst []byte, c *contacts.Contact) []byte {
	dst, name := appendRuns(dst, c, func(int, int) {})
	return appendDigits(name.appendInitials(dst), c)
}

// TextVersion changes whenever Text gives another result for some contact, so
// that stores know when to make their column anew.
const TextVersion = 2

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

// find scores the best occurrence of a pattern, 0 for none. A pattern without
// a space in front may stand anywhere.
func (d *document) find(p []byte) int {
	d.prepare()
	best, start := 0, 0
	if !bytes.Contains(d.text[:d.initials], p) {
		return 0
	}
	whole, part := p[len(p)-1] == ' ', p[0] != ' '
	for _, r := range d.runs {
		text := d.text[start:r.end]
		start = r.end
		for at := 0; ; {
			i := bytes.Index(text[at:], p)
			if i < 0 {
				break
			}
			at += i
			h := byPrefix
			switch {
			case part && text[at-1] != ' ':
				h = byPart
			case whole || text[at+len(p)] == ' ':
				h = byExact
			}
			best = max(best, score(h, r.rank))
			if h == byExact {
				break
			}
			at++
		}
	}
	return best
}

// findMistyped scores the best of the words within the typing errors.
func (d *document) findMistyped(t *typing) int {
	d.prepare()
	best, start := 0, 0
	for _, r := range d.runs {
		for i := start + 1; i < r.end; {
			end := i + bytes.IndexByte(d.text[i:], ' ')
			if n := t.distance(d.text[i:end]); n <= t.max && n > 0 && typable(d.text[i:end]) {
				best = max(best, score(byTypo-how(n-1), r.rank))
			}
			i = end + 1
		}
		start = r.end
	}
	return best
}

// findDigits scores the best of the fragments, 0 for none.
func (d *document) findDigits(fragments []string) int {
	d.prepare()
	best := 0
	digits := d.text[d.digits:]
	for _, f := range fragments {
		i := bytes.Index(digits, []byte(f))
		if i < 0 {
			continue
		}
		best = max(best, score(byPrefix, phoneRank))
		f = strings.Trim(f, anchor)
		if bytes.Contains(digits, []byte(anchor+f+anchor)) {
			best = score(byExact, phoneRank)
		}
	}
	return best
}

// match scores a free word: the best way and place in which it is found.
func (d *document) match(m *wordMatch) int {
	best := 0
	if m.pattern != nil {
		best = d.find(m.pattern)
	}
	if m.digits != nil {
		best = max(best, d.findDigits(m.digits))
	}
	if best >= score(byPrefix, 0) {
		return best
	}
	for _, p := range m.nicknames {
		if s := d.find(p); s&7 == nameRank && s >= score(byExact, 0) {
			return score(byNickname, nameRank)
		}
	}
	if m.initials != nil {
		d.prepare()
		if bytes.Contains(d.text[d.initials:d.digits], m.initials) {
			return score(byInitials, nameRank)
		}
	}
	if m.typing != nil {
		best = max(best, d.findMistyped(m.typing))
	}
	return best
}
