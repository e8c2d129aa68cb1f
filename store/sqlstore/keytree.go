package sqlstore

import (
	"bytes"
	"cmp"
	"context"
	"database/sql"
	"slices"
)

// keyNode is a node as it is in the database and as it is to be.
type keyNode struct {
	name   int64
	exists bool
	body   []byte // nil for a node that is to go; in appendNodes what is added
}

// keyGroup are keys to be added whose path leads through a node.
type keyGroup struct {
	node int64
	list []keyEntry
}

const (
	nodesSQL = "SELECT node, body FROM ec_keys WHERE ws = ? AND node "
	sizesSQL = "SELECT node, LENGTH(body) FROM ec_keys WHERE ws = ? AND node "
	// levelGroups is how many nodes of a level are dealt with at a time.
	levelGroups = 1024
)

// readNodes calls f for those of the nodes that there are. The body is valid
// during the call.
func readNodes(ctx, outer context.Context, c *session, ws string, nodes []int64, f func(node int64, body []byte)) error {
	var node int64
	var body sql.RawBytes
	return eachNode(ctx, outer, c, ws, nodesSQL, nodes, func(scan func(...any) error) error {
		err := scan(&node, &body)
		if err == nil {
			f(node, body)
		}
		return err
	})
}

// eachNode runs a query that ends in an IN list of nodes, in as many statements
// as the list needs.
func eachNode(ctx, outer context.Context, c *session, ws, query string, nodes []int64, row func(scan func(...any) error) error) error {
	args := make([]any, 0, 1+inList)
	return lists(len(nodes), func(from, to, size int) error {
		if err := outer.Err(); err != nil {
			return err
		}
		args = append(args[:0], ws)
		for _, node := range nodes[from:to] {
			args = append(args, node)
		}
		args = fill(args, 1+size)
		return c.query(ctx, query+"IN ("+marks(size)+")", args, row)
	})
}

// nodeSizes reads into sizes how many bytes those of the nodes have that there
// are. The nodes are in ascending order; where they lie close together, others
// between them are told, too.
func (t *transaction) nodeSizes(ctx context.Context, nodes []int64, sizes map[int64]int) error {
	var node int64
	var size int
	row := func(scan func(...any) error) error {
		err := scan(&node, &size)
		if err == nil {
			sizes[node] = size
		}
		return err
	}
	const sparse, few = 4, 32
	if n := len(nodes); n > few && nodes[n-1]-nodes[0] < sparse*int64(n) {
		if err := t.outer.Err(); err != nil {
			return err
		}
		return t.c.query(ctx, sizesSQL+"BETWEEN ? AND ?", []any{t.ws, nodes[0], nodes[n-1]}, row)
	}
	return eachNode(ctx, t.outer, t.c, t.ws, sizesSQL, nodes, row)
}

// keyDepth is the number of levels that have nodes.
func keyDepth(ctx context.Context, c *session, ws string) (levels int, err error) {
	var last int64
	found, err := c.one(ctx, "SELECT node FROM ec_keys WHERE ws = ? AND node < ? ORDER BY node DESC LIMIT 1", []any{ws, firstRun}, &last)
	if err != nil || !found {
		return 0, err
	}
	return levelOf(last) + 1, nil
}

// pathNodes names the nodes of the first levels on the paths of sorted
// entries, in ascending order.
func pathNodes(n, levels int, prefix func(i int) uint64) []int64 {
	nodes := make([]int64, 0, n*levels)
	for level := range levels {
		for i := range n {
			if node := nodeOf(prefix(i), level); len(nodes) == 0 || nodes[len(nodes)-1] != node {
				nodes = append(nodes, node)
			}
		}
	}
	return nodes
}

// writeKeys takes away the keys that the batch drops and writes those it adds.
// A key that a contact has already may be added again.
func (t *transaction) writeKeys(ctx context.Context) error {
	if len(t.p.add)+len(t.p.drop) == 0 {
		return nil
	}
	depth, runs, few := keyLevels, t.s.d.anyRuns(), t.s.d.fewKeys()
	var err error
	if len(t.p.add) > few || len(t.p.drop) > few {
		if depth, err = keyDepth(ctx, t.c, t.ws); err != nil {
			return err
		}
	}
	if len(t.p.drop) > few {
		if runs, err = readRuns(ctx, t.outer, t.c, t.ws); err != nil {
			return err
		}
	}
	for drop := range slices.Chunk(t.p.drop, 1024) {
		if err := t.dropKeys(ctx, drop, depth, &runs); err != nil {
			return err
		}
	}
	groups := map[int][]keyGroup{}
	if len(t.p.add) > few {
		list, fit, err := t.writeRun(ctx, t.p.add)
		if err != nil {
			return err
		}
		if fit {
			groups[1] = list
		} else {
			groups[0] = []keyGroup{{nodeOf(0, 0), t.p.add}}
		}
	} else if err := t.lowest(ctx, groups); err != nil {
		return err
	}
	for level := 0; level < keyLevels && len(groups) > 0; level++ {
		if at := groups[level]; len(at) > 0 {
			if groups[level+1], err = t.addLevel(ctx, at, groups[level+1], level, level < depth); err != nil {
				return err
			}
		}
		delete(groups, level)
	}
	return nil
}

// dropKeys takes entries out of all the nodes that may hold them.
func (t *transaction) dropKeys(ctx context.Context, drop []keyEntry, depth int, runs *runTable) error {
	var changed []keyNode
	prefix := func(i int) uint64 { return drop[i].prefix }
	paths := runs.nodes(pathNodes(len(drop), depth, prefix), len(drop), prefix)
	err := readNodes(ctx, t.outer, t.c, t.ws, paths, func(node int64, body []byte) {
		if left, found := withoutEntries(body, under(drop, node)); found {
			if len(left) == 0 && node < firstRun {
				left = nil
			}
			changed = append(changed, keyNode{node, true, left})
		}
	})
	if err != nil {
		return err
	}
	return t.writeNodes(ctx, changed)
}

// lowest puts the few keys to be added into groups at the lowest node that
// there is on the path of each, or at the root.
func (t *transaction) lowest(ctx context.Context, groups map[int][]keyGroup) error {
	add := t.p.add
	have := map[int64]int{}
	paths := pathNodes(len(add), keyLevels, func(i int) uint64 { return add[i].prefix })
	if err := t.nodeSizes(ctx, paths, have); err != nil {
		return err
	}
	for i := range add {
		level := keyLevels - 1
		for level > 0 {
			if _, is := have[nodeOf(add[i].prefix, level)]; is {
				break
			}
			level--
		}
		node, list := nodeOf(add[i].prefix, level), groups[level]
		if n := len(list); n > 0 && list[n-1].node == node {
			list[n-1].list = append(list[n-1].list, add[i])
		} else {
			groups[level] = append(list, keyGroup{node, []keyEntry{add[i]}})
		}
	}
	return nil
}

// addLevel adds groups to the nodes of a level. What a node has no room for
// goes, with all that it holds, to the groups of the next level, which it
// returns merged with those given. read says that there may be such nodes.
func (t *transaction) addLevel(ctx context.Context, groups, next []keyGroup, level int, read bool) ([]keyGroup, error) {
	var below []keyGroup
	var names []int64
	sizes, have := map[int64]int{}, map[int64][]byte{}
	for part := range slices.Chunk(groups, levelGroups) {
		clear(sizes)
		clear(have)
		if read {
			names = names[:0]
			for i := range part {
				names = append(names, part[i].node)
			}
			if err := t.nodeSizes(ctx, names, sizes); err != nil {
				return nil, err
			}
			names = slices.DeleteFunc(names, func(node int64) bool {
				i, _ := slices.BinarySearchFunc(part, node, func(g keyGroup, node int64) int { return cmp.Compare(g.node, node) })
				size, exists := sizes[node]
				return !exists || t.s.d.Append != nil && part[i].fits(size, level)
			})
			err := readNodes(ctx, t.outer, t.c, t.ws, names, func(node int64, body []byte) { have[node] = bytes.Clone(body) })
			if err != nil {
				return nil, err
			}
		}
		changed, more, bodies := t.c.changed[:0], t.c.more[:0], t.c.bodies[:0]
		for _, g := range part {
			size, exists := sizes[g.node]
			if g.fits(size, level) {
				list := g.list
				if body, is := have[g.node]; is {
					list = mergeEntries(body, list)
				}
				start := len(bodies)
				bodies = appendTexts(bodies, list)
				n := keyNode{g.node, exists, bodies[start:len(bodies):len(bodies)]}
				if exists && t.s.d.Append != nil {
					more = append(more, n)
				} else {
					changed = append(changed, n)
				}
				continue
			}
			list := g.list
			if exists {
				list = mergeEntries(have[g.node], list)
				changed = append(changed, keyNode{g.node, true, nil})
			}
			for len(list) > 0 {
				child := nodeOf(list[0].prefix, level+1)
				first, shift := span(child)
				n := frontLength(list, first, shift)
				below = append(below, keyGroup{child, list[:n:n]})
				list = list[n:]
			}
		}
		t.c.changed, t.c.more, t.c.bodies = changed, more, bodies
		if err := t.writeNodes(ctx, changed); err != nil {
			return nil, err
		}
		if err := t.appendNodes(ctx, more); err != nil {
			return nil, err
		}
	}
	return mergeGroups(below, next), nil
}

// fits reports whether a node of so many bytes has room for the group.
func (g *keyGroup) fits(size, level int) bool {
	if level == keyLevels-1 {
		return true
	}
	for i := 0; i < len(g.list) && size <= nodeSize; i++ {
		size += len(g.list[i].text)
	}
	return size <= nodeSize
}

// mergeGroups merges two ascending lists of groups.
func mergeGroups(a, b []keyGroup) []keyGroup {
	if len(b) == 0 {
		return a
	}
	var out []keyGroup
	for len(a) > 0 && len(b) > 0 {
		switch {
		case a[0].node < b[0].node:
			out, a = append(out, a[0]), a[1:]
		case a[0].node > b[0].node:
			out, b = append(out, b[0]), b[1:]
		default:
			list := slices.Concat(a[0].list, b[0].list)
			slices.SortFunc(list, keyEntry.compare)
			out, a, b = append(out, keyGroup{a[0].node, list}), a[1:], b[1:]
		}
	}
	return append(append(out, a...), b...)
}

// writeNodes replaces nodes.
func (t *transaction) writeNodes(ctx context.Context, nodes []keyNode) error {
	args := make([]any, 0, 1+inList)
	var old []int64
	full := nodes[:0:0]
	for _, n := range nodes {
		if n.exists && (n.body == nil || !t.s.d.Replaces) {
			old = append(old, n.name)
		}
		if n.body != nil {
			full = append(full, n)
		}
	}
	var ws any = t.ws // boxed once
	err := lists(len(old), func(from, to, size int) error {
		args = append(args[:0], ws)
		for _, name := range old[from:to] {
			args = append(args, name)
		}
		args = fill(args, 1+size)
		return t.exec(ctx, "DELETE FROM ec_keys WHERE ws = ? AND node IN ("+marks(size)+")", args...)
	})
	if err != nil {
		return err
	}
	put := t.insert
	if t.s.d.Replaces && slices.ContainsFunc(full, func(n keyNode) bool { return n.exists }) {
		put = t.replace
	}
	return put(ctx, keyRows, len(full), func(args []any, i int) []any {
		return append(args, ws, full[i].name, full[i].body)
	})
}

// appendNodes adds to nodes that are there.
func (t *transaction) appendNodes(ctx context.Context, nodes []keyNode) error {
	names, bodies := make([]int64, 0, len(nodes)), make([][]byte, 0, len(nodes))
	for _, n := range nodes {
		names, bodies = append(names, n.name), append(bodies, n.body)
	}
	for len(names) > 0 {
		query, args, n := t.s.d.Append(t.ws, names, bodies)
		if err := t.exec(ctx, query, args...); err != nil {
			return err
		}
		names, bodies = names[n:], bodies[n:]
	}
	return nil
}
