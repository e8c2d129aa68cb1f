package linkage

import (
	"slices"
	"strings"

	"github.com/extcontacts/extcontacts/internal/fold"
)

// Table holds records, normalised and with each distinct value once.
type Table struct {
	vals  [Fields]*values // Given, Family and Middle have tables of their own over one set of words
	names *values
	fam   []uint32 // records that hold the word as a family name
	giv   []uint32
	nick  [][]string // of a word, the formal names it may stand for
	mails []mail     // by number of Email
	host  *values    // domains
	local *values
	off   []uint32 // where the values of each record and field begin
	arena []uint32
	src   []uint32 // the source of each record
}

// mail is an address in its parts.
type mail struct {
	local, host uint32
	role        bool
}

// NewTable returns an empty table.
func NewTable() *Table {
	t := &Table{names: newValues(), host: newValues(), local: newValues(), mails: []mail{{}}, fam: []uint32{0}, giv: []uint32{0}, nick: [][]string{nil}}
	for f := range t.vals {
		t.vals[f] = newValues()
	}
	t.vals[Given], t.vals[Family], t.vals[Middle] = t.names, t.names, t.names
	t.off = []uint32{0}
	return t
}

// Len is the number of records.
func (t *Table) Len() int { return len(t.src) }

// get returns the values of a record.
func (t *Table) get(rec int, f Field) []uint32 {
	o := t.off[rec*int(Fields)+int(f):]
	return t.arena[o[0]:o[1]]
}

// Add appends a record. The texts come by kind; of a kind in the order of
// their columns.
func (t *Table) Add(source uint32, texts map[Kind][]string, org bool) {
	rec := uint32(len(t.src))
	t.src = append(t.src, source)
	var p person
	for _, s := range texts[KindGiven] {
		p.addGiven(s)
	}
	for _, s := range texts[KindFamily] {
		p.addFamily(s)
	}
	var orgs []string
	for _, s := range texts[KindName] {
		if org {
			orgs = append(orgs, s)
			continue
		}
		if len(p.given)+len(p.family) == 0 {
			p.addName(s)
			continue
		}
		var q person
		q.addName(s)
		for _, w := range slices.Concat(q.given, q.middle, q.family) {
			if !slices.Contains(p.given, w) && !slices.Contains(p.family, w) && !slices.Contains(p.middle, w) {
				p.middle = append(p.middle, w)
			}
		}
	}
	if len(p.given) == 0 || len(p.family) == 0 || len(p.given[0]) == 1 || len(p.family[0]) == 1 {
		p.complete(texts[KindEmail])
	}
	if len(p.family) == 1 && p.family[0] == "customer" {
		p.family = nil
	}
	var days []day
	var rest []string
	if len(texts[KindDate]) > 0 {
		days, rest = readDay(texts[KindDate])
	}
	var buf []byte
	for f := range Fields {
		start := len(t.arena)
		put := func(id uint32) {
			if id != 0 && !slices.Contains(t.arena[start:], id) {
				t.arena = append(t.arena, id)
			}
		}
		text := func(s string) {
			if s != "" {
				put(t.vals[f].add([]byte(s), rec))
			}
		}
		wordy := func(words []string) {
			if len(words) == 0 {
				return
			}
			text(strings.Join(words, " "))
			if len(words) == 1 {
				return
			}
			for _, w := range words {
				text(w)
			}
		}
		squeezed := func(kind Kind) {
			for _, s := range texts[kind] {
				buf = fold.Words(buf[:0], s)
				buf = slices.DeleteFunc(buf, func(c byte) bool { return c == ' ' })
				text(string(buf))
			}
		}
		switch f {
		case Given:
			for _, w := range p.given {
				put(t.name(w, Given))
			}
		case Family:
			for _, w := range p.family {
				put(t.name(w, Family))
			}
		case Middle:
			for _, w := range p.middle {
				put(t.name(w, Middle))
			}
		case Suffix:
			text(p.suffix)
		case Proof:
			for _, s := range texts[KindProof] {
				text(s)
			}
		case Org:
			var w []string
			for _, s := range orgs {
				w = append(w, office(s)...)
			}
			wordy(w)
		case Email:
			for _, s := range texts[KindEmail] {
				put(t.mail(s, rec))
			}
		case Phone:
			for _, s := range texts[KindPhone] {
				text(number(s))
			}
		case Date:
			for _, d := range days {
				y, m, dd := d.parts()
				text(string([]byte{byte('0' + y/1000%10), byte('0' + y/100%10), byte('0' + y/10%10), byte('0' + y%10), byte('0' + m/10), byte('0' + m%10), byte('0' + dd/10), byte('0' + dd%10)}))
			}
			_ = rest
		case Identifier:
			squeezed(KindIdentifier)
		case Street:
			var w []string
			for _, s := range texts[KindStreet] {
				w = append(w, placed(s)...)
			}
			wordy(w)
		case City:
			squeezed(KindCity)
		case Region:
			squeezed(KindRegion)
		case Postcode:
			squeezed(KindPostcode)
		case Country:
			squeezed(KindCountry)
		case Company:
			var w []string
			for _, s := range texts[KindCompany] {
				w = append(w, office(s)...)
			}
			wordy(w)
		case Title:
			var w []string
			for _, s := range texts[KindTitle] {
				w = wordsOf(w, s)
			}
			wordy(w)
		case Text:
			var w []string
			for _, s := range texts[KindText] {
				w = wordsOf(w, s)
			}
			for _, s := range rest {
				w = wordsOf(w, s)
			}
			wordy(w)
		}
		t.off = append(t.off, uint32(len(t.arena)))
	}
}

// complete adds what is missing of a name, or stands there as an initial, from
// an address that is made of it.
func (p *person) complete(addresses []string) {
	for _, a := range addresses {
		local, host := mailbox(a)
		if host == "" || IsRole(local) {
			continue
		}
		local = strings.TrimRight(local, "0123456789._-")
		parts := strings.FieldsFunc(local, func(r rune) bool { return r == '.' || r == '_' || r == '-' })
		if len(p.given) > 0 && len(p.given[0]) > 1 && (len(p.family) == 0 || len(p.family[0]) == 1) {
			p.other(&p.family, p.given[0], parts, local)
		} else if len(p.family) > 0 && len(p.family[0]) > 1 && (len(p.given) == 0 || len(p.given[0]) == 1) {
			p.other(&p.given, p.family[0], parts, local)
		} else if len(p.given) == 0 && len(p.family) == 0 && len(parts) == 2 && len(parts[0]) > 1 && len(parts[1]) > 2 && lettersOnly(parts[0]) && lettersOnly(parts[1]) {
			p.given, p.family = parts[:1], parts[1:]
		}
	}
}

// other sets one half of a name by the other, which stands in the address.
func (p *person) other(half *[]string, have string, parts []string, local string) {
	found := ""
	switch {
	case len(parts) == 2 && parts[0] == have:
		found = parts[1]
	case len(parts) == 2 && parts[1] == have:
		found = parts[0]
	case len(parts) == 2 && len(*half) == 1 && parts[0][0] == (*half)[0][0] && parts[1][0] == have[0]:
		found = parts[0] // the other is spelt another way
	case len(have) >= 3 && strings.HasPrefix(local, have):
		found = local[len(have):]
	case len(have) >= 3 && strings.HasSuffix(local, have):
		found = local[:len(local)-len(have)]
	case half == &p.family && len(parts) == 1 && len(local) >= 5 && local[0] == have[0]:
		found = local[1:]
	case half == &p.family && len(parts) == 2 && len(parts[0]) == 1 && parts[0][0] == have[0]:
		found = parts[1]
	}
	found = strings.Trim(found, "._-")
	if len(found) < 2 || !lettersOnly(found) || len(*half) == 1 && (*half)[0][0] != found[0] {
		return
	}
	*half = []string{found}
}

func lettersOnly(s string) bool {
	return !strings.ContainsFunc(s, func(r rune) bool { return r < 'a' })
}

// name returns the number of a word of a name.
func (t *Table) name(w string, f Field) uint32 {
	id := t.names.add([]byte(w), uint32(len(t.src)-1))
	for int(id) >= len(t.fam) {
		t.fam = append(t.fam, 0)
		t.giv = append(t.giv, 0)
		t.nick = append(t.nick, formal()[w])
	}
	if f == Family {
		t.fam[id]++
	} else {
		t.giv[id]++
	}
	return id
}

func (t *Table) mail(s string, rec uint32) uint32 {
	local, host := mailbox(s)
	if local == "" {
		return 0
	}
	id := t.vals[Email].add([]byte(local+"@"+host), rec)
	for int(id) >= len(t.mails) {
		m := mail{local: t.local.add([]byte(local), rec), role: IsRole(local)}
		if host != "" {
			m.host = t.host.add([]byte(host), rec)
		}
		t.mails = append(t.mails, m)
	}
	m := &t.mails[id]
	t.local.add([]byte(local), rec) // counts it
	if m.host != 0 {
		t.host.add([]byte(host), rec)
	}
	return id
}
