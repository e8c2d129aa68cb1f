package storetest

import "testing"

// TestCount holds the size of the suite: named rules that every store is
// tested for, whatever it is made of, and no name twice in a group.
func TestCount(t *testing.T) {
	n := 0
	for _, g := range groups() {
		names := map[string]bool{}
		for _, c := range g.cases {
			if names[c.name] || c.rule == "" || c.run == nil {
				t.Errorf("%s: the case %q is there twice, or has no rule", g.name, c.name)
			}
			names[c.name] = true
		}
		n += len(g.cases)
		t.Logf("%-14s %d", g.name, len(g.cases))
	}
	faults := len(operations()) * len(Harness{}.faultKinds())
	t.Logf("%d rules for every store, and %d kinds of faults more of one on SQL", n, faults)
	if n < 400 {
		t.Errorf("%d rules, want 400", n)
	}
}
