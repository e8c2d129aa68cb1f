package linkage

import (
	"math/bits"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"github.com/extcontacts/extcontacts/internal/fold"
)

// raw is a record as it was added.
type raw struct {
	source uint32
	org    bool
	texts  Texts
}

// batch is how many records wait to be normalised together.
const batch = 8192

// normal are the normal forms of a record's values, by field. Of Email they
// are in pairs: the local part and the domain.
type normal [Fields][]string

// Add appends a record. The texts come by kind; of a kind in the order of
// their columns. They are read until [Table.Wait] has returned, or a search, and
// must not be altered before.
func (t *Table) Add(source uint32, texts Texts, org bool) {
	t.waiting = append(t.waiting, raw{source, org, texts})
	t.n++
	if len(t.waiting) < batch {
		return
	}
	t.Wait()
	list, done := t.waiting, make(chan struct{})
	t.waiting, t.spare, t.busy = t.spare, nil, done
	go func() {
		t.take(list)
		clear(list)
		t.spare = list[:0]
		close(done)
	}()
}

// Wait waits for the records that are being taken in.
func (t *Table) Wait() {
	if t.busy != nil {
		<-t.busy
		t.busy = nil
	}
}

// flush takes in all records that were added.
func (t *Table) flush() {
	t.Wait()
	t.take(t.waiting)
	clear(t.waiting)
	t.waiting = t.waiting[:0]
}

// take normalises records, on all cores, and gives their values numbers: each
// field on a core of its own, in the order of the records, so that a value's
// number is that of its first occurrence.
func (t *Table) take(list []raw) {
	if len(list) == 0 {
		return
	}
	rows := make([]normal, len(list))
	const some = 256
	parallel((len(list)+some-1)/some, func(k int) {
		for i := k * some; i < min((k+1)*some, len(list)); i++ {
			rows[i] = list[i].normal()
		}
	})
	base := uint32(len(t.src))
	var ids [Fields][][]uint32
	for f := range ids {
		ids[f] = make([][]uint32, len(rows))
	}
	// The tasks in order of how long they take.
	tasks := [...]Field{Email, Phone, Given, Street, Company, Text, Title, Date, Identifier, Postcode, City, Org, Region, Country, Suffix, Proof}
	parallel(len(tasks), func(k int) {
		f := tasks[k]
		var store []uint32
		number := func(f Field, i int, id func(string) uint32, step int) {
			texts := rows[i][f]
			if len(texts) == 0 {
				return
			}
			if cap(store)-len(store) < len(texts) {
				store = make([]uint32, 0, 4096+len(texts))
			}
			start := len(store)
			for n := 0; n < len(texts); n += step {
				s := texts[n]
				if step == 2 && texts[n+1] != "" {
					s += "@" + texts[n+1]
				} else if step == 2 {
					s += "@"
				}
				if x := id(s); !slices.Contains(store[start:], x) {
					store = append(store, x)
				}
			}
			ids[f][i] = store[start:len(store):len(store)]
		}
		for i := range rows {
			rec := base + uint32(i)
			switch f {
			case Given:
				for _, f := range [...]Field{Given, Family, Middle} {
					number(f, i, func(s string) uint32 { return t.name(s, rec) }, 1)
					counts := t.giv
					if f == Family {
						counts = t.fam
					}
					for _, id := range ids[f][i] {
						counts[id]++
					}
				}
				pair := uint32(0)
				if g, m := rows[i][Given], rows[i][Middle]; len(g) > 0 && len(m) > 0 {
					pair = t.pairs.add(g[0]+" "+m[0], rec)
				}
				t.pair = append(t.pair, pair)
			case Email:
				n := 0
				number(f, i, func(s string) uint32 {
					n += 2
					return t.mail(s, rows[i][Email][n-2], rows[i][Email][n-1], rec)
				}, 2)
			default:
				number(f, i, func(s string) uint32 { return t.vals[f].add(s, rec) }, 1)
			}
		}
	})
	cells := t.scratch[:0]
	for i := range rows {
		t.src = append(t.src, list[i].source)
		t.at = append(t.at, place{uint32(len(t.cells)), uint32(len(cells))})
		have := uint32(0)
		for f := range Fields {
			if len(ids[f][i]) > 0 {
				have |= 1 << f
			}
		}
		cells = append(cells, have)
		end := uint32(1 + bits.OnesCount32(have))
		for f := range Fields {
			if n := len(ids[f][i]); n > 0 {
				end += uint32(n)
				cells = append(cells, end)
			}
		}
		for f := range Fields {
			cells = append(cells, ids[f][i]...)
		}
		for f := range Fields {
			cells = t.marked(cells, f, ids[f][i])
		}
	}
	t.cells = append(t.cells, slices.Clone(cells))
	t.scratch = cells
}

// parallel runs work for 0 to n-1, on all cores.
func parallel(n int, work func(k int)) { workers(n, func() func(int) { return work }) }

// workers does the same with what each core starts for itself.
func workers(n int, start func() func(k int)) {
	var next atomic.Int64
	var wg sync.WaitGroup
	for range min(n, runtime.GOMAXPROCS(0)) {
		wg.Go(func() {
			work := start()
			for {
				k := int(next.Add(1)) - 1
				if k >= n {
					return
				}
				work(k)
			}
		})
	}
	wg.Wait()
}

// normal brings the texts into their normal forms.
func (r *raw) normal() normal {
	texts := r.texts
	var n normal
	var p person
	for _, s := range texts[KindGiven] {
		p.addGiven(s)
	}
	for _, s := range texts[KindFamily] {
		p.addFamily(s)
	}
	for _, s := range texts[KindName] {
		if r.org {
			n[Org] = append(n[Org], office(s)...)
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
	n[Given], n[Family], n[Middle] = p.given, p.family, p.middle
	if p.suffix != "" {
		n[Suffix] = []string{p.suffix}
	}
	var rest []string
	if len(texts[KindDate]) > 0 {
		var days []day
		days, rest = readDay(texts[KindDate])
		for _, d := range days {
			n[Date] = append(n[Date], d.String())
		}
	}
	for _, s := range texts[KindEmail] {
		if local, host := mailbox(s); local != "" {
			n[Email] = append(n[Email], local, host)
		}
	}
	for _, s := range texts[KindPhone] {
		if s = number(s); s != "" {
			n[Phone] = append(n[Phone], s)
		}
	}
	for _, s := range texts[KindProof] {
		if s != "" {
			n[Proof] = append(n[Proof], s)
		}
	}
	n[Identifier], n[City], n[Region] = squeezed(texts[KindIdentifier]), squeezed(texts[KindCity]), squeezed(texts[KindRegion])
	n[Postcode], n[Country] = squeezed(texts[KindPostcode]), squeezed(texts[KindCountry])
	for _, s := range texts[KindStreet] {
		n[Street] = append(n[Street], placed(s)...)
	}
	for _, s := range texts[KindCompany] {
		n[Company] = append(n[Company], office(s)...)
	}
	for _, s := range texts[KindTitle] {
		n[Title] = wordsOf(n[Title], s)
	}
	for _, s := range texts[KindText] {
		n[Text] = wordsOf(n[Text], s)
	}
	for _, s := range rest {
		n[Text] = wordsOf(n[Text], s)
	}
	for f := range Fields {
		if f.wordy() && len(n[f]) > 1 { // the whole, then its words
			n[f] = slices.Insert(n[f], 0, strings.Join(n[f], " "))
		}
	}
	return n
}

// squeezed are texts without spaces.
func squeezed(texts []string) []string {
	var out []string
	var buf [64]byte
	for _, s := range texts {
		b := slices.DeleteFunc(fold.Words(buf[:0], s), func(c byte) bool { return c == ' ' })
		if len(b) > 0 {
			out = append(out, string(b))
		}
	}
	return out
}

// name returns the number of a word of a name.
func (t *Table) name(w string, rec uint32) uint32 {
	id := t.names.add(w, rec)
	for int(id) >= len(t.fam) {
		t.fam = append(t.fam, 0)
		t.giv = append(t.giv, 0)
		t.nick = append(t.nick, formal()[w])
		var buf [8]byte
		code := uint64(0)
		for _, c := range sound(buf[:0], w) {
			code = code<<8 | uint64(c)
		}
		t.sound = append(t.sound, code)
		t.words = append(t.words, t.nameWord(w, uint32(len(t.words))))
	}
	return id
}

// mail returns the number of an address.
func (t *Table) mail(whole, local, host string, rec uint32) uint32 {
	id := t.vals[Email].add(whole, rec)
	if int(id) < len(t.mails) {
		m := t.mails[id]
		t.local.counted(m.local, rec)
		if m.host != 0 {
			t.host.counted(m.host, rec)
		}
		return id
	}
	m := mail{local: t.local.add(local, rec), role: IsRole(local)}
	if host != "" {
		m.host = t.host.add(host, rec)
	}
	t.mails = append(t.mails, m)
	return id
}
