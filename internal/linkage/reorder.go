package linkage

import (
	"math/bits"
	"slices"
)

// Reorder makes the table what it would be if its records had been added in
// another order: order has their numbers, each once at most; the others are
// dropped.
func (t *Table) Reorder(order []uint32) {
	t.flush()
	n := NewTable()
	var cells []uint32
	for i, old := range order {
		r := t.row(int(old))
		n.src = append(n.src, t.src[old])
		pair := t.pair[old]
		if pair != 0 {
			pair = n.pairs.add(t.pairs.text(pair), uint32(i))
		}
		n.pair = append(n.pair, pair)
		n.at = append(n.at, place{uint32(len(n.cells)), uint32(len(cells))})
		cells = append(cells, r[:1+bits.OnesCount32(r.fields())]...)
		start := len(cells)
		for f := range Fields {
			for _, id := range r.get(f) {
				var to uint32
				switch f {
				case Given, Family, Middle:
					to = n.name(t.names.text(id), f, uint32(i))
				case Email:
					m := t.mails[id]
					to = n.mail(t.vals[f].text(id), t.local.text(m.local), t.host.text(m.host), uint32(i))
				default:
					to = n.vals[f].add(t.vals[f].text(id), uint32(i))
				}
				cells = append(cells, to)
			}
		}
		for f := range Fields {
			ids := cells[start : start+len(r.get(f))]
			cells = n.marked(cells, f, ids)
			start += len(ids)
		}
		if (i+1)%batch == 0 || i+1 == len(order) {
			n.cells = append(n.cells, slices.Clone(cells))
			cells = cells[:0]
		}
	}
	*t = *n
}
