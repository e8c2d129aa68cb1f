package linkage

import (
	"cmp"
	"iter"
	"math/bits"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

type keyed struct {
	hash uint64
	rec  uint32
}

// blocks are groups of records that share a key.
type blocks struct {
	members []uint32 // of all blocks
	start   []uint32 // of each block in members
	of      []uint32 // the blocks of all records
	first   []uint32 // of each record in of
}

func mix(a, b uint64) uint64 {
	h := (a ^ 0x9e3779b97f4a7c15) * 0xbf58476d1ce4e5b9
	h ^= h>>29 ^ b*0x94d049bb133111eb
	h *= 0xd6e8feb86659fd93
	return h ^ h>>32
}

func text(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// keys appends the blocking keys of a record.
func (t *Table) keys(dst []uint64, rec int) []uint64 {
	put := func(kind, a, b uint64) { dst = append(dst, mix(mix(kind, a), b)) }
	g, f := t.get(rec, Given), t.get(rec, Family)
	var gs, fs, g0, f0 uint64
	var initial uint64
	if len(g) > 0 {
		g0 = uint64(g[0])
		gs = t.sound[g[0]]
		initial = uint64(t.names.text(g[0])[0])
	}
	if len(f) > 0 {
		f0 = uint64(f[0])
	}
	for _, w := range f {
		fs = t.sound[w]
		if len(g) > 0 {
			put(1, fs, gs)
			put(2, uint64(w), initial)
			a, b := min(uint64(w), g0), max(uint64(w), g0)
			put(3, a, b)
			for _, n := range t.nick[g[0]] {
				put(4, fs, text(n))
			}
			gi := t.names.text(g[0])
			fi := t.names.text(w)
			put(18, text(gi[:min(3, len(gi))]), text(fi[:min(3, len(fi))]))
			put(18, text(fi[:min(3, len(fi))]), text(gi[:min(3, len(gi))]))
		}
	}
	for _, m := range t.get(rec, Middle) {
		if f0 != 0 && t.names.size(m) > 1 {
			put(3, min(f0, uint64(m)), max(f0, uint64(m)))
		}
	}
	for _, e := range t.get(rec, Email) {
		put(5, uint64(e), 0)
		m := t.mails[e]
		if l := t.local.text(m.local); len(l) >= 5 && !m.role {
			put(6, uint64(m.local), 0)
			put(7, text(l[:5]), uint64(m.host))
			put(7, text(l[len(l)-5:]), uint64(m.host))
		}
	}
	for _, p := range t.get(rec, Proof) {
		put(36, uint64(p), 0)
	}
	for _, p := range t.get(rec, Phone) {
		s := t.vals[Phone].text(p)
		put(8, text(s[max(0, len(s)-7):]), 0)
		if len(s) >= 7 && f0 != 0 {
			put(9, text(s[:len(s)-3]), fs)
		}
		if len(s) >= 7 && g0 != 0 {
			put(9, text(s[:len(s)-3]), gs)
		}
	}
	for _, i := range t.get(rec, Identifier) {
		s := t.vals[Identifier].text(i)
		put(10, uint64(i), 0)
		if len(s) >= 6 {
			put(11, text(s[:len(s)-2]), 0)
			put(11, text(s[2:]), 1)
		}
	}
	for _, d := range t.get(rec, Date) {
		s := t.vals[Date].text(d)
		put(12, uint64(d), 0)
		if f0 != 0 {
			put(13, uint64(d), fs)
			put(14, text(s[:4]), mix(fs, initial))
			put(14, text(s[4:]), fs)
			put(14, text(s[:6]), fs)
		}
		if g0 != 0 {
			put(13, uint64(d), gs)
			put(14, text(s[4:]), gs)
			put(14, text(s[:6]), gs)
		}
	}
	places := func(kind uint64, v uint64) {
		if f0 != 0 {
			put(kind, v, fs)
		}
		if g0 != 0 {
			put(kind, v, gs)
		}
		for _, d := range t.get(rec, Date) {
			put(kind, v, mix(99, uint64(d)))
		}
	}
	for _, p := range t.get(rec, Postcode) {
		places(15, uint64(p))
	}
	for _, p := range t.get(rec, City) {
		places(16, uint64(p))
	}
	for _, c := range first(t.get(rec, Company)) {
		places(17, uint64(c))
	}
	for _, c := range first(t.get(rec, Title)) {
		places(25, uint64(c))
	}
	for _, c := range first(t.get(rec, Text)) {
		places(26, uint64(c))
	}
	for _, fd := range [...]Field{Street, Org, Company, Text} {
		x := t.get(rec, fd)
		if len(x) == 0 {
			continue
		}
		put(20, uint64(fd), uint64(x[0]))
		if len(x) < 3 || fd == Company && (f0 != 0 || g0 != 0) {
			continue
		}
		// the pairs of its three rarest words
		w := slices.Clone(x[1:])
		count := t.vals[fd].count
		slices.SortFunc(w, func(a, b uint32) int { return cmp.Or(cmp.Compare(count[a], count[b]), cmp.Compare(a, b)) })
		w = w[:min(len(w), 4)]
		for i := range w {
			for j := range i {
				put(21, uint64(fd), mix(uint64(min(w[i], w[j])), uint64(max(w[i], w[j]))))
			}
		}
		if fd == Org {
			for _, u := range w[:min(2, len(w))] {
				put(22, uint64(fd), uint64(u))
			}
		}
	}
	// Broad keys, for tables that are small enough for them.
	if g0 != 0 {
		put(30, gs, 0)
	}
	if f0 != 0 {
		put(31, fs, 0)
	}
	for _, d := range t.get(rec, Date) {
		s := t.vals[Date].text(d)
		put(32, text(s[:6]), 0)
		put(33, text(s[4:]), 0)
		for _, c := range t.get(rec, City) {
			put(34, text(s[:4]), uint64(c))
		}
	}
	for _, fd := range [...]Field{City, Postcode, Company} {
		for _, c := range first(t.get(rec, fd)) {
			put(35, uint64(fd), uint64(c))
		}
	}
	slices.Sort(dst)
	return slices.Compact(dst)
}

func first(v []uint32) []uint32 { return v[:min(1, len(v))] }

// largest is how many records may share a blocking key.
const largest = 1000

// most is the size of the largest blocks whose pairs, with those of all smaller
// blocks, keep to the budget.
func most(sizes *[largest + 1]int, budget int) int {
	pairs := 0
	for n := 2; n <= largest; n++ {
		if pairs += sizes[n] * n * (n - 1) / 2; pairs > budget {
			return n - 1
		}
	}
	return largest
}

// runs yields the entries of a sorted list that share a key, where they are as
// many as a block may have.
func runs(list []keyed) iter.Seq[[]keyed] {
	return func(yield func([]keyed) bool) {
		for i := 0; i < len(list); {
			j := i + 1
			for j < len(list) && list[j].hash == list[i].hash {
				j++
			}
			if n := j - i; n > 1 && n <= largest && !yield(list[i:j]) {
				return
			}
			i = j
		}
	}
}

// partBits are the first bits of a key, by which keys are dealt out.
const partBits = 6

// parts are the keys of all records in order, in parts by their first bits;
// those that make no block are left out. What comes out does not depend on how
// many work at it.
func (t *Table) parts() [][]keyed {
	workers := runtime.GOMAXPROCS(0)
	each := func(work func(w, from, to int)) {
		var wg sync.WaitGroup
		for w := range workers {
			wg.Go(func() { work(w, t.Len()*w/workers, t.Len()*(w+1)/workers) })
		}
		wg.Wait()
	}
	// Most keys are of one record alone: they are seen off before any is kept.
	seen := newSeen(32 * t.Len())
	each(func(_, from, to int) {
		var buf []uint64
		for r := from; r < to; r++ {
			buf = t.keys(buf[:0], r)
			for _, h := range buf {
				seen.add(h)
			}
		}
	})
	own := make([][1 << partBits]pile, workers)
	each(func(w, from, to int) {
		var buf []uint64
		for r := from; r < to; r++ {
			buf = t.keys(buf[:0], r)
			for _, h := range buf {
				if seen.twice(h) {
					own[w][h>>(64-partBits)].add(keyed{h, uint32(r)})
				}
			}
		}
	})
	parts := make([][]keyed, 1<<partBits)
	parallel(len(parts), func(i int) {
		n := 0
		for w := range own {
			n += own[w][i].len()
		}
		all := make([]keyed, 0, n)
		for w := range own {
			all = own[w][i].append(all)
			own[w][i] = pile{}
		}
		slices.SortFunc(all, func(a, b keyed) int {
			if a.hash != b.hash {
				if a.hash < b.hash {
					return -1
				}
				return 1
			}
			return int(a.rec) - int(b.rec)
		})
		n = 0
		for run := range runs(all) {
			n += copy(all[n:], run)
		}
		parts[i] = slices.Clone(all[:n])
	})
	return parts
}

// pile is a list that grows without being copied.
type pile struct{ full [][]keyed }

const pileSize = 4096

func (p *pile) add(k keyed) {
	n := len(p.full) - 1
	if n < 0 || len(p.full[n]) == pileSize {
		size := pileSize
		if n < 0 {
			size = 16
		}
		p.full = append(p.full, make([]keyed, 0, size))
		n++
	}
	p.full[n] = append(p.full[n], k)
}

func (p *pile) len() int {
	n := 0
	for _, f := range p.full {
		n += len(f)
	}
	return n
}

func (p *pile) append(dst []keyed) []keyed {
	for _, f := range p.full {
		dst = append(dst, f...)
	}
	return dst
}

// seen knows of keys whether they were added twice, and may think so of some
// that were not.
type seen struct {
	once, again []atomic.Uint64
}

func newSeen(n int) *seen {
	words := 1 << bits.Len(uint(n/64))
	return &seen{make([]atomic.Uint64, words), make([]atomic.Uint64, words)}
}

func (s *seen) place(h uint64) (word, bit uint64) {
	return h >> 6 & uint64(len(s.once)-1), 1 << (h & 63)
}

func (s *seen) add(h uint64) {
	word, bit := s.place(h)
	if s.once[word].Load()&bit == 0 && s.once[word].Or(bit)&bit == 0 {
		return
	}
	if s.again[word].Load()&bit == 0 {
		s.again[word].Or(bit)
	}
}

func (s *seen) twice(h uint64) bool {
	word, bit := s.place(h)
	return s.again[word].Load()&bit != 0
}

// block groups the records. A key that too many records share is not one: it
// says next to nothing, and others bring together who belongs together.
func (t *Table) block(budget int) *blocks {
	parts := t.parts()
	var sizes [largest + 1]int
	for _, p := range parts {
		for run := range runs(p) {
			sizes[len(run)]++
		}
	}
	most := most(&sizes, budget)
	count, total := 0, 0
	for n := 2; n <= most; n++ {
		count, total = count+sizes[n], total+sizes[n]*n
	}
	b := &blocks{first: make([]uint32, t.Len()+1), start: make([]uint32, 0, count+1), members: make([]uint32, 0, total)}
	for i, p := range parts {
		for run := range runs(p) {
			if len(run) > most {
				continue
			}
			b.start = append(b.start, uint32(len(b.members)))
			for _, k := range run {
				b.members = append(b.members, k.rec)
				b.first[k.rec+1]++
			}
		}
		parts[i] = nil
	}
	b.start = append(b.start, uint32(len(b.members)))
	for i := range t.Len() {
		b.first[i+1] += b.first[i]
	}
	b.of = make([]uint32, len(b.members))
	at := slices.Clone(b.first)
	for n := range len(b.start) - 1 {
		for _, r := range b.members[b.start[n]:b.start[n+1]] {
			b.of[at[r]] = uint32(n)
			at[r]++
		}
	}
	return b
}

// later appends the records after rec that share a block with it, each once,
// in their order. seen has a place for each record.
func (b *blocks) later(dst []uint32, rec uint32, seen []uint32) []uint32 {
	for _, n := range b.of[b.first[rec]:b.first[rec+1]] {
		m := b.members[b.start[n]:b.start[n+1]]
		i, _ := slices.BinarySearch(m, rec)
		for _, r := range m[i+1:] {
			if seen[r] != rec+1 {
				seen[r] = rec + 1
				dst = append(dst, r)
			}
		}
	}
	return dst
}
