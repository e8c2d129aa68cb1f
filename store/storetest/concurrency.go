package storetest

import (
	"errors"
	"fmt"
	"slices"
	"strconv"
	"sync"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

func sortedIDs(list ids) ids { return slices.Sorted(slices.Values(list)) }

// together runs fn in n goroutines and waits for them.
func together(n int, fn func(i int)) {
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() { fn(i) })
	}
	wg.Wait()
}

// commit applies a batch from any goroutine.
func (k *kit) commit(act string, b *store.Batch) (store.Result, error) {
	b.Act = contacts.Act{ID: contacts.ID(act), Kind: contacts.ActEdit, At: clock(0)}
	b.Part = 1
	return k.s.Apply(k.ctx, k.ws, b)
}

func concurrencyCases() group {
	const workers, rounds = 8, 15
	return group{"Concurrency", []testCase{
		{"no lost update", "many add to one number by read and compare-and-set: none is lost", func(k *kit) {
			c := person("counter", "0")
			k.add(c)
			together(workers, func(w int) {
				for done, try := 0, 0; done < rounds; try++ {
					list, err := k.s.Contacts(k.ctx, k.ws, "counter")
					if err != nil {
						k.Error(err)
						return
					}
					old := list[0]
					n, _ := strconv.Atoi(old.LastName)
					p := update(old, func(c *contacts.Contact) { c.LastName = strconv.Itoa(n + 1) })
					_, err = k.commit(fmt.Sprintf("w%d-%d", w, try), &store.Batch{Put: []store.Put{p}, Changes: []contacts.Change{set("counter", "last_name", old.LastName, p.Contact.LastName)}})
					switch {
					case err == nil:
						done++
					case !errors.Is(err, store.ErrConflict):
						k.Error(err)
						return
					}
				}
			})
			got := k.contacts("counter")[0]
			k.equal("sum", got.LastName, strconv.Itoa(workers*rounds))
			k.equal("revision", got.Rev, int64(workers*rounds+1))
			entries := k.log(store.LogQuery{Contact: "counter", After: 1, Limit: 10000})
			for i, e := range entries {
				k.equal("old", e.Changes[0].Old, strconv.Itoa(i))
			}
			k.verify(k.ws)
		}},
		{"one order", "batches take effect one after another: every Seq once, no gap, the chain whole", func(k *kit) {
			var mu sync.Mutex
			seen := map[int64]bool{}
			together(workers, func(w int) {
				for i := range rounds {
					r, err := k.commit(fmt.Sprintf("w%d-%d", w, i), &store.Batch{Put: []store.Put{put(contacts.ID(fmt.Sprintf("c%d-%d", w, i)))}})
					if err != nil {
						k.Error(err)
						return
					}
					mu.Lock()
					if seen[r.Seq] {
						k.Errorf("seq %d twice", r.Seq)
					}
					seen[r.Seq] = true
					mu.Unlock()
				}
			})
			k.equal("entries", len(k.verify(k.ws)), workers*rounds)
			k.equal("contacts", len(k.scan("")), workers*rounds)
		}},
		{"one batch many times", "a batch that is sent by many at once is applied once", func(k *kit) {
			var mu sync.Mutex
			replayed := 0
			together(workers, func(int) {
				r, err := k.commit("the act", &store.Batch{Put: []store.Put{put("c", phone("+1"))}, Unique: []contacts.KeyKind{contacts.PhoneKey}})
				if err != nil {
					k.Error(err)
					return
				}
				mu.Lock()
				defer mu.Unlock()
				if r.Replayed {
					replayed++
				}
				k.equal("seq", r.Seq, int64(1))
			})
			k.equal("replayed", replayed, workers-1)
		}},
		{"claimed places", "of many that claim the same place in the log one gets it", func(k *kit) {
			var mu sync.Mutex
			won := 0
			together(workers, func(w int) {
				for i := range rounds {
					_, err := k.commit(fmt.Sprintf("w%d-%d", w, i), &store.Batch{Seq: int64(i + 1)})
					if err == nil {
						mu.Lock()
						won++
						mu.Unlock()
					} else if !errors.Is(err, store.ErrConflict) {
						k.Error(err)
					}
				}
			})
			k.equal("won", won, len(k.verify(k.ws)))
		}},
		{"readers see whole batches", "a batch is seen whole or not at all, by one call", func(k *kit) {
			k.add(person("a", "0"), person("b", "0"))
			stop := make(chan struct{})
			var readers sync.WaitGroup
			for range 3 {
				readers.Go(func() {
					for {
						select {
						case <-stop:
							return
						default:
						}
						list, err := k.s.Contacts(k.ctx, k.ws, "a", "b")
						if err != nil {
							k.Errorf("reading: %v", errors.Unwrap(err))
							return
						}
						if list[0].Rev != list[1].Rev || list[0].LastName != list[1].LastName {
							k.Errorf("a torn batch: %s, %s", encode(list[0]), encode(list[1]))
							return
						}
					}
				})
			}
			for rev := int64(1); rev < 60; rev++ {
				var puts []store.Put
				for _, id := range (ids{"a", "b"}) {
					c := person(id, strconv.FormatInt(rev, 10))
					c.Rev = rev + 1
					puts = append(puts, store.Put{Contact: c, Base: rev})
				}
				k.apply(&store.Batch{Put: puts})
			}
			close(stop)
			readers.Wait()
		}},
		{"scans while others write", "a contact that is not written while the scan runs comes exactly once", func(k *kit) {
			const n = 600
			b := &store.Batch{}
			for i := range n {
				b.Put = append(b.Put, put(number("c", 10*i)))
			}
			k.apply(b)
			stop := make(chan struct{})
			var writer sync.WaitGroup
			writer.Go(func() {
				for i := 0; i < 9*n; i++ { // a place is taken once
					select {
					case <-stop:
						return
					default:
					}
					if _, err := k.commit(fmt.Sprintf("w%d", i), &store.Batch{Put: []store.Put{put(number("c", 10*((i*7919)%n)+1+i/n))}}); err != nil {
						k.Error(err)
						return
					}
				}
			})
			for range 4 {
				seen := map[contacts.ID]int{}
				last := contacts.ID("")
				for c, err := range k.s.Scan(k.ctx, k.ws, "") {
					if err != nil {
						k.Fatal(err)
					}
					if c.ID <= last {
						k.Fatalf("%q after %q", c.ID, last)
					}
					last = c.ID
					seen[c.ID]++
				}
				for i := range n {
					if seen[number("c", 10*i)] != 1 {
						k.Fatalf("%q came %d times", number("c", 10*i), seen[number("c", 10*i)])
					}
				}
			}
			close(stop)
			writer.Wait()
		}},
		{"records count too", "compare-and-set of records loses no update", func(k *kit) {
			k.write(rec("label", "n", 0, "0"))
			together(workers, func(w int) {
				for done, try := 0, 0; done < rounds; try++ {
					list, err := k.s.Records(k.ctx, k.ws, "label", "n")
					if err != nil {
						k.Error(err)
						return
					}
					n, _ := strconv.Atoi(string(list[0].Body))
					_, err = k.commit(fmt.Sprintf("w%d-%d", w, try), &store.Batch{Records: []store.RecordPut{rec("label", "n", list[0].Rev, strconv.Itoa(n+1))}})
					switch {
					case err == nil:
						done++
					case !errors.Is(err, store.ErrConflict):
						k.Error(err)
						return
					}
				}
			})
			k.equal("sum", string(k.records("label")[0].Body), strconv.Itoa(workers*rounds))
		}},
		{"workspaces do not wait to see", "writers of many workspaces do not disturb each other", func(k *kit) {
			together(workers, func(w int) {
				o := k.in(fmt.Sprintf("%s/%d", k.ws, w))
				for i := range rounds {
					r, err := o.commit(strconv.Itoa(i), &store.Batch{Seq: int64(i + 1), Put: []store.Put{put(number("c", i))}})
					if err != nil || r.Seq != int64(i+1) {
						k.Errorf("%v, %v", r, err)
						return
					}
				}
			})
		}},
		{"undone once", "of many that undo one act exactly one succeeds", func(k *kit) {
			k.apply(&store.Batch{})
			var mu sync.Mutex
			won := 0
			together(workers, func(w int) {
				_, err := k.s.Apply(k.ctx, k.ws, &store.Batch{Act: contacts.Act{ID: number("u", w), Kind: contacts.ActUndo, At: clock(1), Undoes: "act-001"}, Part: 1})
				if err == nil {
					mu.Lock()
					won++
					mu.Unlock()
				} else if !errors.Is(err, store.ErrConflict) {
					k.Error(err)
				}
			})
			k.equal("won", won, 1)
		}},
	}}
}
