package booktest

import (
	"errors"
	"fmt"
	"sync"
	"testing"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
)

// meetingTests are about merges at the same time.
func meetingTests() []bookTest {
	return []bookTest{{"B4 merges that meet", testMergesMeet}}
}

// testMergesMeet lets several people merge the same few contacts at once, in
// pairs that overlap, turn round and bite their tails: each merge is done or
// refused, the pointers lead to a live contact in the end, nothing is lost, and
// undoing all, the last first, brings back what was.
func testMergesMeet(k *kit) {
	const people, rounds = 6, 6
	var ids []contacts.ID
	for i := range people {
		c := person(fmt.Sprintf("Ann N%d", i), fmt.Sprintf("n%d@example.com", i))
		c.Labels = []string{fmt.Sprintf("from %d", i)}
		ids = append(ids, k.create(c).ID)
	}
	before := k.all()
	var mu sync.Mutex
	var acts []contacts.Act
	var wg sync.WaitGroup
	for w := range 4 {
		wg.Go(func() {
			for r := range rounds {
				// 0 with 1 beside 1 with 0, 1 with 2, 2 with 0: all cross each other.
				a, b := ids[(w+r)%people], ids[(w*3+r*2+1)%people]
				if a == b {
					continue
				}
				plan, err := k.s.PlanMerge(k.ctx, a, []contacts.ID{b})
				var act contacts.Act
				if err == nil {
					act, err = k.s.Merge(k.ctx, plan)
				}
				switch {
				case err == nil:
					mu.Lock()
					acts = append(acts, act)
					mu.Unlock()
				case !errors.Is(err, extcontacts.ErrConflict) && !errors.Is(err, extcontacts.ErrInvalid) && !errors.Is(err, extcontacts.ErrNotFound):
					k.Errorf("a merge that met another: %v", err)
				}
			}
		})
	}
	wg.Wait()
	if len(acts) == 0 {
		k.Fatal("nobody merged")
	}
	live, labels := 0, 0
	for _, c := range k.all() {
		if c.State == contacts.Live {
			live++
			labels += len(c.Labels)
		}
	}
	if live != people-len(acts) || labels != people {
		k.Errorf("%d live with %d labels after %d merges of %d", live, labels, len(acts), people)
	}
	for _, id := range ids {
		if c := k.get(id); c.State != contacts.Live {
			k.Errorf("%s leads to %s, which is %s", id, c.ID, c.State)
		}
	}
	k.verify() // it reports circles
	k.Run("B5 undone, the last first", func(t *testing.T) {
		k := &kit{T: t, ctx: k.ctx, st: k.st, clock: k.clock, book: k.book, s: k.s}
		for len(acts) > 0 {
			last := 0
			for i := range acts {
				if acts[i].Seq > acts[last].Seq {
					last = i
				}
			}
			k.undo(acts[last].ID)
			acts = append(acts[:last], acts[last+1:]...)
		}
		k.same(before)
	})
}
