// Package storetest is the conformance suite of [store.Store]: every sentence
// of the contract is one named sub-test, and a random walk compares the store
// with a plain model. All stores of this library pass it; a store of your own
// that passes it gives the same answers as ours.
//
// To test your own store, write in its package:
//
//	func TestStore(t *testing.T) {
//		storetest.Run(t, func(t testing.TB) store.Store {
//			s, err := mystore.Open(t.TempDir())
//			if err != nil {
//				t.Fatal(err)
//			}
//			return s // the suite closes it
//		})
//	}
//
// A store that keeps its data is also tested for what it remembers, by a
// [Harness] with Reopen. Run the tests with -race: the suite is concurrent
// where the contract is.
//
// Nearly all sub-tests share one store, each with a workspace of its own; the
// few that close a store open another. A failing sub-test logs the rule it
// stands for.
package storetest

import (
	"context"
	"database/sql/driver"
	"fmt"
	"strings"
	"testing"

	"github.com/extcontacts/extcontacts/store"
)

// Harness says how the suite gets at a store.
type Harness struct {
	// Open returns a new, empty store. The suite closes it.
	Open func(t testing.TB) store.Store
	// Reopen closes a store that Open or Reopen returned and opens its data
	// again. It is nil for a store that keeps nothing.
	Reopen func(t testing.TB, s store.Store) store.Store
	// Steps is how many batches each random walk of the model applies at
	// most; zero means 30.
	Steps int
	// Faulty is for a store on an SQL database: it opens a new, empty store
	// whose connectors all went through wrap. The suite closes it. Where it is
	// given, [Harness.Faults] is part of the suite.
	Faulty func(t testing.TB, wrap func(driver.Connector) driver.Connector) store.Store
	// Transient are errors of the driver, by name, at which the whole
	// transaction is to be run again: deadlock, serialization failure, busy.
	Transient map[string]error
	// Sample says that one of so many faults is tried; zero means 16.
	Sample int
	// Long asks for everything: every fault, more and longer random runs. It
	// takes minutes instead of seconds.
	Long bool
}

// Run tests a store that open makes, new and empty on each call. It is
// [Harness.Run] for a store that keeps nothing when it is closed.
func Run(t *testing.T, open func(t testing.TB) store.Store) {
	t.Helper()
	Harness{Open: open}.Run(t)
}

// group is the cases about one entity.
type group struct {
	name  string
	cases []testCase
}

// testCase is one rule of the contract and how it is tested.
type testCase struct {
	name string
	rule string // what the contract says, logged when the case fails
	run  func(k *kit)
}

// Run runs the whole suite.
func (h Harness) Run(t *testing.T) {
	t.Helper()
	shared := h.Open(t)
	t.Cleanup(func() { shared.Close() })
	n := 0
	for _, g := range groups() {
		if g.name == "Reopen" && h.Reopen == nil {
			continue
		}
		t.Run(g.name, func(t *testing.T) {
			for _, c := range g.cases {
				n++
				k := &kit{harness: &h, s: shared, ws: fmt.Sprintf("%s/%d", g.name, n)}
				t.Run(strings.ReplaceAll(c.name, " ", "_"), func(t *testing.T) {
					k.T, k.ctx = t, t.Context()
					defer func() {
						if t.Failed() {
							t.Logf("the rule: %s", c.rule)
						}
					}()
					c.run(k)
				})
			}
		})
	}
	t.Run("Model", func(t *testing.T) { h.Model(t) })
	if h.Faulty != nil {
		t.Run("Faults", func(t *testing.T) { h.Faults(t) })
	}
}

// groups are all cases.
func groups() []group {
	return []group{
		contactCases(), scanCases(), keyCases(), holderCases(), uniqueCases(), applyCases(), refusalCases(), logCases(), chainCases(),
		actCases(), undoCases(), activityCases(), recencyCases(), recordCases(), eraseCases(), workspaceCases(), hostileCases(),
		feedCases(), incidentCases(), historyCases(), concurrencyCases(), searchCases(), snapshotCases(), capabilityCases(), lifecycleCases(), reopenCases(),
	}
}

// kit is what a case works with.
type kit struct {
	*testing.T
	harness *Harness
	ctx     context.Context
	s       store.Store
	ws      string // empty and the case's own
	acts    int
}
