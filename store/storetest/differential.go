package storetest

import (
	"context"
	"fmt"
	"maps"
	"math/rand/v2"
	"slices"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/extcontacts/extcontacts/store"
)

// Differential asks all stores for the same n random operations, about a quarter
// of them batches, and fails at the first answer that is not the same text on
// all: contacts byte by byte, errors by what they name. Every 1,000 operations
// and at the end of a workspace all that it holds is compared, too. Only the
// hashes of the log are left out, and of its seals all but their length, since
// seals are random.
//
// The operations go to several workspaces at once. The first of the stores, by
// name, tells what the rest must answer; the others follow it, each at its own
// pace. So a run takes as long as the slowest store needs, not as all of them
// together. The stores must be empty; they stay open. Two runs with one seed
// draw the same operations, so that stores which agree with one store each
// agree with each other.
func Differential(t *testing.T, n int, seed uint64, stores map[string]store.Store) {
	t.Helper()
	run := differential{T: t, names: slices.Sorted(maps.Keys(stores)), stores: stores}
	var wg sync.WaitGroup
	for i := range lanes {
		wg.Go(func() { run.lane(i, (n+i)/lanes, seed) })
	}
	wg.Wait()
	t.Logf("%d operations on each of %d stores, %d batches applied with %d changes, %d refused", run.asked.Load(), len(stores),
		run.applied.Load(), run.changes.Load(), run.refused.Load())
}

const (
	lanes       = 4    // workspaces that are worked on at once
	laneStep    = 50   // operations that are handed on together
	laneCompare = 1000 // operations after which everything is compared
	laneSpace   = 5000 // operations on a workspace: it stays small, so that they meet
)

// differential is a run of [Differential].
type differential struct {
	*testing.T
	names  []string
	stores map[string]store.Store
	failed atomic.Bool // a difference was found: all stop

	asked, applied, changes, refused atomic.Int64
}

// asked is an operation with the answer of the first store.
type asked struct {
	n      int
	space  string
	what   string
	ask    func(k *kit) (string, bool)
	answer string
}

// lane asks n operations of one workspace after the other.
func (run *differential) lane(lane, n int, seed uint64) {
	var wg sync.WaitGroup
	defer wg.Wait()
	var others []chan []asked
	for _, name := range run.names[1:] {
		todo := make(chan []asked, 4)
		others = append(others, todo)
		wg.Go(func() { run.follow(name, todo) })
	}
	defer func() {
		for _, todo := range others {
			close(todo)
		}
	}()
	d := differ{r: rand.New(rand.NewPCG(seed, uint64(lane)))}
	var step []asked
	for i := range n {
		if run.failed.Load() {
			return
		}
		if i%laneSpace == 0 {
			if lane == 0 && i > 0 {
				run.Logf("%d operations, %d batches applied", run.asked.Load(), run.applied.Load())
			}
			d.begin(fmt.Sprintf("differential %d/%d", lane, i/laneSpace))
		}
		a := asked{n: i, space: d.space}
		if (i+1)%laneCompare == 0 || i == n-1 {
			a.what, a.ask = "everything", func(k *kit) (string, bool) { return k.plainDump(), false }
		} else {
			a.what, a.ask = d.draw()
		}
		k := run.kit(run.names[0], d.space)
		run.asked.Add(1)
		var kept bool
		if a.answer, kept = a.ask(k); kept {
			run.applied.Add(1)
			run.changes.Add(size(d.batch))
			d.keep()
		} else if a.what == "Apply" {
			run.refused.Add(1)
		}
		if step = append(step, a); len(step) == laneStep || i == n-1 {
			for _, todo := range others {
				todo <- step
			}
			step = nil
		}
	}
}

// follow asks one of the other stores.
func (run *differential) follow(name string, todo <-chan []asked) {
	defer func() {
		for range todo { // where the test ended this, so that nobody waits
			run.failed.Store(true)
		}
	}()
	for step := range todo {
		for _, a := range step {
			if run.failed.Load() {
				break // but read on, so that nobody waits
			}
			if got, _ := a.ask(run.kit(name, a.space)); got != a.answer && !run.failed.Swap(true) {
				run.Errorf("%s, operation %d, %s: %s answers\n%s\nand %s\n%s", a.space, a.n, a.what, run.names[0], a.answer, name, got)
			}
		}
	}
}

func (run *differential) kit(name, space string) *kit {
	return &kit{T: run.T, ctx: context.WithoutCancel(run.Context()), s: run.stores[name], ws: space}
}
