package sqlstore

import (
	"bytes"
	"context"
	"database/sql"
	"slices"
)

// keyNode is a node as it is in the database and as it is to be.
type keyNode struct {
	name   int64
	exists bool
	body   []byte // nil for a node that is to go
}

// keyGroup are keys to be added whose path leads through a node.
type keyGroup struct {
	node int64
	list []keyEntry
}

const nodesSQL = "SELECT node, body FROM ec_keys WHERE ws = ? AND node IN ("

// readNodes calls f for those of the nodes that there are. The body is valid
// during the call.
func readNodes(ctx, outer context.Context, c *session, ws string, nodes []int64, f func(node int64, body []byte)) error {
	var node int64
	var body sql.RawBytes
	row := func(scan func(...any) error) error {
		err := scan(&node, &body)
		if err == nil {
			f(node, body)
		}
		return err
	}
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
		return c.query(ctx, nodesSQL+marks(size)+")", args, row)
	})
}

// keyDepth is the number of levels that have nodes.
func keyDepth(ctx context.Context, c *session, ws string) (levels int, err error) {
	var last int64
	found, err := c.one(ctx, "SELECT node FROM ec_keys WHERE ws = ? ORDER BY node DESC LIMIT 1", []any{ws}, &last)
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
	depth := keyLevels
	if len(t.p.add) > fewKeys || len(t.p.drop) > fewKeys {
		var err error
		if depth, err = keyDepth(ctx, t.c, t.ws); err != nil {
			return err
		}
	}
	for drop := range slices.Chunk(t.p.drop, 1024) {
		if err := t.dropKeys(ctx, drop, depth); err != nil {
			return err
		}
	}
	groups := map[int][]keyGroup{}
	if len(t.p.add) > fewKeys {
		groups[0] = []keyGroup{{nodeOf(0, 0), t.p.add}}
	} else if err := t.lowest(ctx, groups); err != nil {
		return err
	}
	var err error
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

// dropKeys takes entries out of all the nodes on their paths.
func (t *transaction) dropKeys(ctx context.Context, drop []keyEntry, depth int) error {
	var changed []keyNode
	paths := pathNodes(len(drop), depth, func(i int) uint64 { return drop[i].prefix })
	err := readNodes(ctx, t.outer, t.c, t.ws, paths, func(node int64, body []byte) {
		if left, found := withoutEntries(body, under(drop, node)); found {
			if len(left) == 0 {
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
	have := map[int64]bool{}
	paths := pathNodes(len(add), keyLevels, func(i int) uint64 { return add[i].prefix })
	err := readNodes(ctx, t.outer, t.c, t.ws, paths, func(node int64, _ []byte) { have[node] = true })
	if err != nil {
		return err
	}
	for i := range add {
		level := keyLevels - 1
		for level > 0 && !have[nodeOf(add[i].prefix, level)] {
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
	before, after := t.before, t.after // the nodes of a part as they are and will be
	defer func() { t.before, t.after = before, after }()
	have := map[int64][]byte{}
	changed := make([]keyNode, 0, min(len(groups), inList))
	for part := range slices.Chunk(groups, inList) {
		clear(have)
		names, changed, before, after = names[:0], changed[:0], before[:0], after[:0]
		if read {
			for i := range part {
				names = append(names, part[i].node)
			}
			err := readNodes(ctx, t.outer, t.c, t.ws, names, func(node int64, body []byte) {
				start := len(before)
				before = append(before, body...)
				have[node] = before[start:len(before):len(before)]
			})
			if err != nil {
				return nil, err
			}
		}
		for _, g := range part {
			body, exists := have[g.node]
			size := len(body)
			for i := 0; i < len(g.list) && size <= nodeSize; i++ {
				size += len(g.list[i].text)
			}
			if size <= nodeSize || level == keyLevels-1 {
				start := len(after)
				after = appendMerged(after, body, g.list)
				changed = append(changed, keyNode{g.node, exists, after[start:len(after):len(after)]})
				continue
			}
			list := g.list
			if exists {
				list = mergeEntries(bytes.Clone(body), list)
				changed = append(changed, keyNode{g.node, true, nil})
			}
			for len(list) > 0 {
				child := nodeOf(list[0].prefix, level+1)
				n := runLength(list, child, level+1)
				below = append(below, keyGroup{child, list[:n:n]})
				list = list[n:]
			}
		}
		if err := t.writeNodes(ctx, changed); err != nil {
			return nil, err
		}
	}
	return mergeGroups(below, next), nil
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
