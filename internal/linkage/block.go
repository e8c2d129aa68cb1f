package linkage

import (
	"math"
	"math/bits"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// blocks are groups of records that share a key.
type blocks struct {
	members []uint32 // of all blocks, in order; the last one of each has the bit last
	of      []uint32 // where each record stands in members
	first   []uint32 // where those of each record begin
	squares int      // the sizes of all blocks, squared
}

// last limits a table to 2,147,483,647 records.
const last = 1 << 31

// largest is how many records may share a blocking key.
const largest = 1000

// most is the size of the largest blocks whose pairs, with those of all smaller
// blocks, keep to the budget, and to what numbers of 32 bits can tell.
func most(sizes *[largest + 1]int, budget int) int {
	pairs, members := 0, int64(0)
	for n := 2; n <= largest; n++ {
		pairs += sizes[n] * n * (n - 1) / 2
		members += int64(sizes[n]) * int64(n)
		if pairs > budget || members > math.MaxUint32 {
			return n - 1
		}
	}
	return largest
}

// keyed is a record with one of its keys.
type keyed struct{ high, low, rec uint32 }

func (k *keyed) hash() uint64 { return uint64(k.high)<<32 | uint64(k.low) }

// partBits are the first bits of a key, by which keys are dealt out.
const partBits = 10

// portion are the blocks of the keys that begin alike, in the order of their keys.
type portion struct {
	members []uint32 // as those of blocks
	sizes   [largest + 1]int
}

// parts are the records that share keys. What comes out does not depend on how
// many work at it.
func (t *Table) parts() []portion {
	cores := runtime.GOMAXPROCS(0)
	each := func(work func(w, rec int, keys []uint64)) {
		var wg sync.WaitGroup
		for w := range cores {
			wg.Go(func() {
				var buf []uint64
				for r := t.Len() * w / cores; r < t.Len()*(w+1)/cores; r++ {
					buf = t.keys(buf[:0], r)
					work(w, r, buf)
				}
			})
		}
		wg.Wait()
	}
	// Most keys are of one record alone: they are seen off before any is kept.
	seen := newSeen(32 * t.Len())
	each(func(_, _ int, keys []uint64) {
		for _, h := range keys {
			seen.add(h)
		}
	})
	own := make([][1 << partBits]pile, cores)
	each(func(w, rec int, keys []uint64) {
		for _, h := range keys {
			if seen.twice(h) {
				own[w][h>>(64-partBits)].add(keyed{uint32(h >> 32), uint32(h), uint32(rec)})
			}
		}
	})
	parts := make([]portion, 1<<partBits)
	workers(len(parts), func() func(int) {
		var list, sorted []keyed
		return func(i int) {
			list = list[:0]
			for w := range own {
				list = own[w][i].append(list)
				own[w][i] = pile{}
			}
			sorted = slices.Grow(sorted[:0], len(list))[:len(list)]
			sort(sorted, list)
			parts[i] = grouped(sorted)
		}
	})
	return parts
}

// few are so few that they are sorted by inserting them.
const few = 24

// sort copies a list of one part into the order of its keys; what is of one key
// keeps its order. The list is used up.
func sort(dst, list []keyed) {
	n := min(bits.Len(uint(len(list)))/2+3, 12)
	shift := 64 - partBits - n
	bucket := func(k *keyed) uint64 { return k.hash() << partBits >> (shift + partBits) }
	var start [1<<12 + 1]uint32
	for i := range list {
		start[bucket(&list[i])+1]++
	}
	for i := range 1 << n {
		start[i+1] += start[i]
	}
	at := start
	for i := range list {
		b := bucket(&list[i])
		dst[at[b]] = list[i]
		at[b]++
	}
	for i := range 1 << n {
		from, to := start[i], start[i+1]
		arrange(dst[from:to], list[from:to])
	}
}

// arrange sorts a list by its keys and leaves what is of one key in its order;
// spare is as long as the list.
func arrange(list, spare []keyed) {
	for len(list) > few {
		pivot := list[len(list)/2].hash()
		less, same, more := 0, 0, len(spare)
		for _, k := range list {
			switch h := k.hash(); {
			case h < pivot:
				list[less] = k
				less++
			case h == pivot:
				spare[same] = k
				same++
			default:
				more--
				spare[more] = k
			}
		}
		copy(list[less:], spare[:same])
		slices.Reverse(spare[more:])
		copy(list[less+same:], spare[more:])
		arrange(list[:less], spare[:less])
		list, spare = list[less+same:], spare[:len(list)-less-same]
	}
	for i := range list {
		k := list[i]
		j := i
		for ; j > 0 && list[j-1].hash() > k.hash(); j-- {
			list[j] = list[j-1]
		}
		list[j] = k
	}
}

// grouped are the blocks of a sorted list: the records that share a key, where
// they are as many as a block may have.
func grouped(list []keyed) (p portion) {
	var all []uint32
	for i := 0; i < len(list); {
		start := len(all)
		hash := list[i].hash()
		for ; i < len(list) && list[i].hash() == hash; i++ {
			if n := len(all); n == start || all[n-1] != list[i].rec {
				all = append(all, list[i].rec)
			}
		}
		if n := len(all) - start; n < 2 || n > largest {
			all = all[:start]
		} else {
			all[len(all)-1] |= last
			p.sizes[n]++
		}
	}
	p.members = slices.Clone(all)
	return p
}

// pile is a list that grows without being copied.
type pile struct{ full [][]keyed }

const pileSize = 1024

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
	for i := range parts {
		for n, blocks := range parts[i].sizes {
			sizes[n] += blocks
		}
	}
	most := most(&sizes, budget)
	b := &blocks{first: make([]uint32, t.Len()+1)}
	total := 0
	for n := 2; n <= most; n++ {
		total += sizes[n] * n
		b.squares += sizes[n] * n * n
	}
	b.members = make([]uint32, 0, total)
	for i := range parts {
		list := parts[i].members
		for from, k := 0, 0; k < len(list); k++ {
			if list[k]&last == 0 {
				continue
			}
			if block := list[from : k+1]; len(block) <= most {
				b.members = append(b.members, block...)
				for _, r := range block {
					b.first[r&^last+1]++
				}
			}
			from = k + 1
		}
		parts[i].members = nil
	}
	for i := range t.Len() {
		b.first[i+1] += b.first[i]
	}
	b.of = make([]uint32, len(b.members))
	at := slices.Clone(b.first)
	for i, r := range b.members {
		r &^= last
		b.of[at[r]] = uint32(i)
		at[r]++
	}
	return b
}

// later appends the records after rec that share a block with it, each once.
// seen has a place for each record.
func (b *blocks) later(dst []uint32, rec uint32, seen []uint32) []uint32 {
	for _, at := range b.of[b.first[rec]:b.first[rec+1]] {
		for m := b.members[at:]; m[0]&last == 0; {
			m = m[1:]
			if r := m[0] &^ last; seen[r] != rec+1 {
				seen[r] = rec + 1
				dst = append(dst, r)
			}
		}
	}
	return dst
}
