package storetest

import (
	"math/rand/v2"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// manyKeys applies batches of very different sizes, which add and drop keys of
// their own and shared ones, and compares the holders of every key with what
// they should be. A store that keeps keys together, in pages or in runs, must
// neither lose nor double any.
func manyKeys(k *kit) {
	r := rand.New(rand.NewPCG(3, 9))
	held := map[contacts.Key]map[contacts.ID]bool{}
	mine := map[contacts.ID][]contacts.Key{}
	revs := map[contacts.ID]int64{}
	var all []contacts.ID
	pick := func(id contacts.ID) []contacts.Key {
		var keys []contacts.Key
		for range r.IntN(4) {
			key := phone(string(number("+8", r.IntN(4000))))
			if r.IntN(20) == 0 {
				key = email("info@x") // a hundred hold it
			}
			if !slices.Contains(keys, key) {
				keys = append(keys, key)
			}
		}
		return append(keys, email(string(id)+"@x"))
	}
	hold := func(id contacts.ID, add, drop []contacts.Key) {
		for _, key := range drop {
			delete(held[key], id)
			mine[id] = slices.DeleteFunc(mine[id], func(k contacts.Key) bool { return k == key })
		}
		for _, key := range add {
			if held[key] == nil {
				held[key] = map[contacts.ID]bool{}
			}
			held[key][id] = true
			mine[id] = append(mine[id], key)
		}
	}
	for _, size := range []int{1, 40, 3, 600, 1, 1500, 20, 5, 300, 1, 2} {
		b := &store.Batch{}
		for range size {
			id := number("c", len(all))
			if len(all)%3 == 0 {
				id = contacts.ID("018f0000-0000-7000-8000-" + string(number("000000", len(all))))
			}
			add := pick(id)
			hold(id, add, nil)
			b.Put = append(b.Put, put(id, add...))
			revs[id], all = 1, append(all, id)
		}
		k.apply(b)
		b = &store.Batch{}
		for _, i := range r.Perm(len(all))[:min(size, len(all))] {
			id := all[i]
			drop := slices.Clone(mine[id][:r.IntN(len(mine[id])+1)])
			add := slices.DeleteFunc(pick(id), func(key contacts.Key) bool { return slices.Contains(mine[id], key) })
			hold(id, add, drop)
			revs[id]++
			b.Put = append(b.Put, again(id, revs[id], add, drop))
		}
		k.apply(b)
	}
	var keys []contacts.Key
	for key := range held {
		keys = append(keys, key)
	}
	keys = append(keys, phone("+7"), email("nobody@x"))
	check := func(keys []contacts.Key) {
		for i, got := range k.lookup(keys...) {
			var want []contacts.ID
			for id := range held[keys[i]] {
				want = append(want, id)
			}
			slices.Sort(want)
			if !slices.Equal(got, want) {
				k.Fatalf("%v is held by %d contacts %v, want %d %v", keys[i], len(got), got, len(want), want)
			}
		}
	}
	check(keys)
	for part := range slices.Chunk(keys[:min(len(keys), 300)], 3) {
		check(part)
	}
}
