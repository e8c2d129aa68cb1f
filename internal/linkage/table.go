package linkage

import (
	"math/bits"
	"strings"
)

// Table holds records, normalised and with each distinct value once.
type Table struct {
	vals  [Fields]*values // Given, Family and Middle have tables of their own over one set of words
	names *values
	fam   []uint32 // records that hold the word as a family name
	giv   []uint32
	nick  [][]string // of a word, the formal names it may stand for
	sound []uint64   // of a word, the code of how it sounds
	words []nameWord
	mails []mail // by number of Email
	// pairs are first names with the one after them, and pair that of each
	// record: in Mei Yee or Thi Huong, the second says little besides the first.
	pairs *values
	pair  []uint32
	host  *values // domains
	local *values
	at    []place    // where each record begins
	cells [][]uint32 // of each record: its fields as bits, where the values of each end, the values, their marks
	src   []uint32   // the source of each record

	n       int           // of records
	waiting []raw         // the last of them, that were not taken in
	spare   []raw         // memory for more
	busy    chan struct{} // closed when those before them are taken in; nil where they are
	scratch []uint32
}

// mail is an address in its parts.
type mail struct {
	local, host uint32
	role        bool
}

// NewTable returns an empty table.
func NewTable() *Table {
	t := &Table{names: newValues(), host: newValues(), local: newValues(), pairs: newValues(), mails: []mail{{}}, fam: []uint32{0}, giv: []uint32{0}, nick: [][]string{nil}, sound: []uint64{0}, words: make([]nameWord, 1)}
	for f := range t.vals {
		t.vals[f] = newValues()
	}
	t.vals[Phone].phone, t.vals[Phone].digit = true, []uint64{0}
	t.vals[Given], t.vals[Family], t.vals[Middle] = t.names, t.names, t.names
	return t
}

// forget drops what only further records need.
func (t *Table) forget() {
	for _, v := range t.vals {
		v.forget()
	}
	for _, v := range [...]*values{t.names, t.host, t.local, t.pairs} {
		v.forget()
	}
	t.scratch = nil
}

// Len is the number of records.
func (t *Table) Len() int { return t.n }

// row is a record of a table.
type row []uint32

// place is one of the cells of a table.
type place struct{ list, at uint32 }

func (t *Table) row(rec int) row {
	p := t.at[rec]
	return t.cells[p.list][p.at:]
}

// size is how long a row is.
func (r row) size() int {
	n := uint32(bits.OnesCount32(r[0]))
	if n == 0 {
		return 1
	}
	return int(2*r[n] - n - 1)
}

// fields are the fields that have values, as bits.
func (r row) fields() uint32 { return r[0] }

// get returns the values of a field.
func (r row) get(f Field) []uint32 {
	have := r[0]
	if have>>f&1 == 0 {
		return nil
	}
	k := bits.OnesCount32(have & (1<<f - 1))
	start := uint32(bits.OnesCount32(have) + 1)
	if k > 0 {
		start = r[k]
	}
	return r[start:r[k+1]]
}

// get returns the values of a record.
func (t *Table) get(rec int, f Field) []uint32 { return t.row(rec).get(f) }

// counts are how many records hold each value of a field.
func (t *Table) counts(f Field) []uint32 {
	switch f {
	case Given:
		return t.giv
	case Family:
		return t.fam
	}
	return t.vals[f].count
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
