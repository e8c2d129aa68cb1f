package sqlstore

import (
	"math/rand/v2"
	"slices"
	"testing"
)

// TestDue has batches write runs, each taking away the parts that are due: there
// is always a free number for the others, and after the first ones each batch
// has the same share of the work.
func TestDue(t *testing.T) {
	for runs := 1; runs <= maxRuns; runs++ {
		var have runTable
		share := (keyParts + runs - 1) / runs
		for batch := range 50 {
			due := have.due(runs)
			n := 0
			for part, now := range due {
				run := have.free(part)
				switch {
				case now:
					have[part] = 0
					n++
				case run >= runs:
					t.Fatalf("%d runs: no number for batch %d in part %d", runs, batch, part)
				default:
					have[part] |= 1 << run
				}
			}
			if batch == 0 && n > 0 || n > share || runs > 1 && batch > 0 && n < share {
				t.Fatalf("%d runs: batch %d takes %d parts into the tree, not %d", runs, batch, n, share)
			}
		}
	}
	full := runTable{3: 255, 5: 255, 6: 1}
	if due := full.due(maxRuns); !due[3] || !due[5] || due[6] || due[0] {
		t.Errorf("due are %v of %v", due, full)
	}
}

// TestCutRun checks that a run has all its nodes, those without keys, too: the
// first of each part tell that it is there.
func TestCutRun(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 4))
	list := testEntries(r, 3000)
	for _, add := range [][]keyEntry{list, slices.DeleteFunc(slices.Clone(list), func(e keyEntry) bool { return e.prefix>>59 != 3 }), nil} {
		nodes, fit := (&transaction{c: &session{}}).cutRun(add)
		if !fit || len(nodes) != 1<<runBits {
			t.Fatalf("%d nodes, fit %v", len(nodes), fit)
		}
		var got []byte
		for i, n := range nodes {
			if n.name != runNode(uint64(i), 0) || n.body == nil || n.exists {
				t.Fatalf("node %d is %d, without a body %v", i, n.name, n.body == nil)
			}
			got = append(got, n.body...)
		}
		if string(got) != string(appendTexts(nil, add)) {
			t.Fatal("the nodes do not hold the keys in their order")
		}
	}
	many := slices.Repeat(list[:1], runSize/len(list[0].text)+1)
	if _, fit := (&transaction{c: &session{}}).cutRun(many); fit {
		t.Error("a node beyond its size is fit")
	}
}
