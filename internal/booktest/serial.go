package booktest

import (
	"errors"
	"fmt"
	"sync"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
)

// testMergesAtOnce merges the same contacts in several ways at once (A+B beside
// B+C, A into B beside B into A, a ring of three): each merge is made whole or
// refused as a conflict, the outcome is that of some order of those that were
// made, and the pointers never form a circle. Undone in the order of the log
// read backwards, they leave what was there before.
func testMergesAtOnce(k *kit) {
	shapes := [][][2]int{
		{{0, 1}, {1, 2}}, {{1, 0}, {1, 2}}, {{0, 1}, {2, 1}}, // A+B beside B+C
		{{0, 1}, {1, 0}},         // each into the other
		{{0, 1}, {1, 2}, {2, 0}}, // a ring
		{{0, 1}, {0, 1}},         // the same twice
	}
	for round := range rounds(len(shapes), 3*len(shapes), 50*len(shapes)) {
		shape := shapes[round%len(shapes)]
		ids := make([]contacts.ID, 3)
		for i := range ids {
			ids[i] = k.create(person(fmt.Sprint("Ann Lee", i), fmt.Sprintf("+8529%d%06d", i, round), fmt.Sprintf("a%d.%d@example.com", i, round))).ID
		}
		before := k.facts()
		acts, errs := make([]contacts.Act, len(shape)), make([]error, len(shape))
		var begin, done sync.WaitGroup
		begin.Add(len(shape))
		for n, pair := range shape {
			plan, err := k.s.PlanMerge(k.ctx, ids[pair[0]], []contacts.ID{ids[pair[1]]})
			k.must(err)
			done.Go(func() {
				begin.Done()
				begin.Wait()
				acts[n], errs[n] = k.s.Merge(k.ctx, plan)
			})
		}
		done.Wait()
		made := 0
		for n, err := range errs {
			switch {
			case err == nil:
				made++
			case !errors.Is(err, extcontacts.ErrConflict) && !errors.Is(err, extcontacts.ErrInvalid):
				k.Fatalf("%v, merge %d: %v", shape, n, err)
			}
		}
		// All of them share a contact with another, and every plan was made of
		// the contacts as they were at first: the first in the log wins alone.
		if made != 1 {
			k.Fatalf("%v: %d merges were made: %v", shape, made, errs)
		}
		for n, pair := range shape {
			if errs[n] != nil {
				continue
			}
			for i, id := range ids {
				want := id
				if i == pair[1] {
					want = ids[pair[0]]
				}
				if c := k.get(id); c.ID != want || c.State != contacts.Live {
					k.Errorf("%v: %s answers for %s", shape, c.ID, id)
				}
			}
			if c := k.get(ids[pair[0]]); len(c.Phones) != 2 || len(c.Emails) != 2 {
				k.Errorf("%v: the survivor is %+v", shape, c)
			}
			k.undo(acts[n].ID)
		}
		after := k.facts()
		for name, want := range before {
			if after[name] != want {
				k.Errorf("%v: undone, %s is\n%s\nand was\n%s", shape, name, after[name], want)
			}
		}
	}
	k.planAnew()
}

// planAnew lets everybody plan again until all that can be merged is: merges
// of one another, beside each other, end in one contact and no circle.
func (k *kit) planAnew() {
	const n = 6
	ids := make([]contacts.ID, n)
	for i := range ids {
		ids[i] = k.create(person(fmt.Sprint("Bo Ray", i), fmt.Sprintf("+85295%06d", i))).ID
	}
	var wg sync.WaitGroup
	for i := range ids {
		wg.Go(func() {
			for {
				plan, err := k.s.PlanMerge(k.ctx, ids[(i+1)%n], []contacts.ID{ids[i]})
				if errors.Is(err, contacts.ErrInvalid) {
					return // they are one by now
				}
				if err == nil {
					_, err = k.s.Merge(k.ctx, plan)
				}
				if err == nil {
					return
				}
				if !errors.Is(err, extcontacts.ErrConflict) && !errors.Is(err, contacts.ErrInvalid) {
					k.Errorf("merge: %v", err)
					return
				}
			}
		})
	}
	wg.Wait()
	end := k.get(ids[0])
	for _, id := range ids {
		if c := k.get(id); c.ID != end.ID {
			k.Errorf("%s and %s answer", end.ID, c.ID)
		}
	}
	if len(end.Phones) != n {
		k.Errorf("the survivor of all has %d phones", len(end.Phones))
	}
}
