package sqlstore

import (
	"context"
	"database/sql"
	"encoding/binary"
	"math/bits"
)

// The keys of a large batch would touch most nodes of the tree. Where the engine
// gains by it, they are written as a run instead: nodes of their own, cut by the
// first runBits of the digests, which are inserted and never changed but to take
// keys away. The key space has keyParts parts, and of each there are
// [Dialect.Runs] runs at most: a batch takes the parts with the most runs into
// the tree, together with its own keys there. So every batch does a share of
// that, and a node of the tree is changed once for some batches. Who looks for a
// key looks into the run nodes of its first bits, too: their names follow each
// other, beyond those of the tree.
const (
	runBits  = 8
	maxRuns  = 8
	firstRun = int64(1) << 40
	keyParts = 1 << keyBits // what the nodes of level 1 hold
	// partNodes is how many nodes a run has in a part.
	partNodes = 1 << (runBits - keyBits)
	// runSize is the most bytes of a node of a run, which every engine still
	// keeps in one piece, leastRun the fewest keys of a run: few would make
	// many small rows.
	runSize  = 2 * nodeSize
	leastRun = 2048
)

// runNode names the node of a run that holds what begins with these bits.
func runNode(first uint64, run int) int64 { return firstRun + int64(first)*maxRuns + int64(run) }

// partNode names the first node of the runs in a part; those of the part are
// from it up to that of the next one.
func partNode(part int) int64 { return runNode(uint64(part)*partNodes, 0) }

// keyPlaces is the number of nodes in which a key may stand.
func (d *Dialect) keyPlaces() int { return keyLevels + d.Runs }

// fewKeys is up to how many keys are looked for everywhere, by one statement,
// and added in the lowest nodes that there are.
func (d *Dialect) fewKeys() int { return inList / d.keyPlaces() }

// placeOf names the i-th of the nodes in which a key may stand.
func placeOf(prefix uint64, i int) int64 {
	if i < keyLevels {
		return nodeOf(prefix, i)
	}
	return runNode(prefix>>(64-runBits), i-keyLevels)
}

// runTable says for each part which runs there are, as bits.
type runTable [keyParts]uint8

// anyRuns has all that there may be.
func (d *Dialect) anyRuns() (all runTable) {
	for part := range all {
		all[part] = 1<<d.Runs - 1
	}
	return all
}

// readRuns finds out which runs there are. Whoever cannot keep others from
// writing looks afterwards whether they did.
func readRuns(ctx, outer context.Context, c *session, ws string) (have runTable, err error) {
	if c.d.Runs == 0 {
		return have, nil
	}
	names := make([]int64, 0, keyParts*maxRuns)
	for part := range keyParts {
		for run := range c.d.Runs {
			names = append(names, partNode(part)+int64(run))
		}
	}
	var node int64
	err = eachNode(ctx, outer, c, ws, "SELECT node FROM ec_keys WHERE ws = ? AND node ", names, func(scan func(...any) error) error {
		err := scan(&node)
		if i := node - firstRun; i >= 0 && i < maxRuns<<runBits {
			have[i/(partNodes*maxRuns)] |= 1 << (i % maxRuns)
		}
		return err
	})
	return have, err
}

// nodes appends those of the runs in which sorted entries may stand, in
// ascending order.
func (have *runTable) nodes(nodes []int64, n int, prefix func(i int) uint64) []int64 {
	for i := range n {
		first := prefix(i) >> (64 - runBits)
		if i > 0 && first == prefix(i-1)>>(64-runBits) {
			continue
		}
		for run := range maxRuns {
			if have[first/partNodes]&(1<<run) != 0 {
				nodes = append(nodes, runNode(first, run))
			}
		}
	}
	return nodes
}

// free is the first number that no run has in a part.
func (have *runTable) free(part int) int { return bits.TrailingZeros8(^have[part]) }

// due says which parts are to go into the tree where there may be so many runs:
// those that have all of them, and as many of those with the most as will keep
// the others from it.
func (have *runTable) due(runs int) (due [keyParts]bool) {
	for range (keyParts + runs - 1) / runs {
		most := -1
		for part, of := range have {
			if of != 0 && !due[part] && (most < 0 || bits.OnesCount8(of) > bits.OnesCount8(have[most])) {
				most = part
			}
		}
		if most >= 0 {
			due[most] = true
		}
	}
	for part := range have {
		due[part] = due[part] || have.free(part) >= runs
	}
	return due
}

// writeRun writes sorted keys as a run, but for those of the parts whose turn it
// is to go into the tree. It returns what goes there instead, as groups of
// level 1. fit says whether the keys are fit for a run; else nothing is done.
func (t *transaction) writeRun(ctx context.Context, add []keyEntry) (groups []keyGroup, fit bool, err error) {
	if len(add) < leastRun || t.s.d.Runs == 0 {
		return nil, false, nil
	}
	nodes, fit := t.cutRun(add)
	if !fit {
		return nil, false, nil
	}
	have, err := readRuns(ctx, t.outer, t.c, t.ws)
	if err != nil {
		return nil, true, err
	}
	due := have.due(t.s.d.Runs)
	t.c.taken = t.c.taken[:0]
	sorted, spare := t.c.sorted, true // memory for the keys of one part; mostly there are no others
	kept := nodes[:0]
	for i, n := range nodes {
		if part := i / partNodes; !due[part] {
			kept = append(kept, keyNode{n.name + int64(have.free(part)), false, n.body})
		}
	}
	if err := t.writeNodes(ctx, kept); err != nil {
		return nil, true, err
	}
	for part, now := range due {
		if !now {
			continue
		}
		node := int64(keyParts + part) // of level 1
		list, err := t.takeRuns(ctx, part, under(add, node), sorted)
		if err != nil {
			return nil, true, err
		}
		if spare {
			t.c.sorted, sorted, spare = list, nil, false
		}
		if len(list) > 0 {
			groups = append(groups, keyGroup{node, list})
		}
	}
	return groups, true, nil
}

// cutRun makes the nodes of a run, all of them, and reports whether each is
// small enough.
func (t *transaction) cutRun(add []keyEntry) (nodes []keyNode, fit bool) {
	nodes, bodies := t.c.changed[:0], emptied(t.c.bodies, 1+33*len(add)) // not nil, which says that a node is to go
	for first := range uint64(1 << runBits) {
		n, start := frontLength(add, first, 64-runBits), len(bodies)
		bodies = appendTexts(bodies, add[:n])
		body := bodies[start:len(bodies):len(bodies)]
		if len(body) > runSize {
			return nil, false
		}
		nodes, add = append(nodes, keyNode{runNode(first, 0), false, body}), add[n:]
	}
	t.c.changed, t.c.bodies = nodes, bodies
	return nodes, true
}

// takeRuns takes the runs of a part away and returns their keys with those
// given, in the memory of sorted.
func (t *transaction) takeRuns(ctx context.Context, part int, add, sorted []keyEntry) ([]keyEntry, error) {
	from, to := any(partNode(part)), any(partNode(part+1)-1)
	var node int64
	var body sql.RawBytes
	list, taken := append(t.c.list[:0], add...), t.c.taken // behind the keys of other parts, which are in use
	err := t.c.query(ctx, nodesSQL+"BETWEEN ? AND ?", []any{t.ws, from, to}, func(scan func(...any) error) error {
		err := scan(&node, &body)
		start := len(taken)
		taken = append(taken, body...)
		for rest := taken[start:]; len(rest) > 0; {
			var text []byte
			if text, rest = cutKeyEntry(rest); text == nil {
				break // it is damaged
			}
			list = append(list, keyEntry{binary.BigEndian.Uint64(text), text})
		}
		return err
	})
	t.c.list, t.c.taken = list, taken
	if err != nil {
		return nil, err
	}
	if err := t.exec(ctx, "DELETE FROM ec_keys WHERE ws = ? AND node BETWEEN ? AND ?", t.ws, from, to); err != nil {
		return nil, err
	}
	return sortEntries(sorted[:0], list), nil
}
