package memstore

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestKeyTable compares the table of keys with a plain map: after each batch,
// and for who still reads what was before it. Keys come, go for good and come
// again, so that the table grows and is made anew without those that went.
func TestKeyTable(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	var e epoch
	table := newKeyTable()
	model := map[keySum][]uint32{}
	sum := func(n int) (k keySum) { k[0], k[1], k[2] = byte(n), byte(n>>8), byte(n>>16); return k }
	same := func(n int, got, want []uint32) {
		t.Helper()
		if !slices.Equal(got, want) {
			t.Fatalf("key %d is held by %v, want %v", n, got, want)
		}
	}
	anew, first := 0, 0
	for seq := int64(1); seq < 400; seq++ {
		before := map[keySum][]uint32{}
		for k, v := range model {
			before[k] = v
		}
		e.begin()
		pinned := seq%7 == 0 // what is read keeps its versions over some batches
		if pinned {
			e.pin()
		}
		old := table
		for range 60 {
			n, place := first+r.IntN(600), r.Uint32N(5)
			k := sum(n)
			i, found := slices.BinarySearch(model[k], place)
			if r.IntN(3) > 0 {
				table.add(k, place, seq, &e)
				if !found {
					model[k] = slices.Insert(slices.Clone(model[k]), i, place)
				}
			} else if table.drop(k, place, seq, &e); found {
				model[k] = slices.Delete(slices.Clone(model[k]), i, i+1)
			}
		}
		if seq%8 == 0 { // all that stands at the low end goes
			for n := first; n < first+400; n++ {
				for _, place := range model[sum(n)] {
					table.drop(sum(n), place, seq, &e)
				}
				delete(model, sum(n))
			}
			first += 400
		}
		if table = table.compact(&e); table != old {
			anew++
		}
		for n := max(0, first-800); n < first+600; n++ {
			same(n, old.holders(sum(n), seq-1), before[sum(n)])
			same(n, table.holders(sum(n), seq-1), before[sum(n)])
		}
		e.head.Store(seq)
		for n := max(0, first-800); n < first+600; n++ {
			same(n, table.holders(sum(n), seq), model[sum(n)])
		}
		if seq%7 == 3 && seq > 7 {
			e.unpin()
		}
	}
	if anew < 3 || table.size > 20000 {
		t.Errorf("the table was made anew %d times and has %d rows", anew, table.size)
	}
}
