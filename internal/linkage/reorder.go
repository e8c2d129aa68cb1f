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
	t.forget()
	var vals [Fields]*renumbering
	for f := range vals {
		if Field(f) != Family && Field(f) != Middle {
			vals[f] = t.vals[f].renumber()
		}
	}
	names := vals[Given]
	vals[Family], vals[Middle] = names, names
	local, host, pairs := t.local.renumber(), t.host.renumber(), t.pairs.renumber()
	fam, giv := make([]uint32, len(names.to)), make([]uint32, len(names.to))
	old := *t
	t.n = len(order)
	t.src, t.pair, t.at, t.cells = make([]uint32, len(order)), make([]uint32, len(order)), make([]place, len(order)), nil
	var cells []uint32
	for i, was := range order {
		rec := uint32(i)
		r := old.row(int(was))
		t.src[i] = old.src[was]
		if p := old.pair[was]; p != 0 {
			t.pair[i] = pairs.meet(p, rec)
		}
		t.at[i] = place{uint32(len(t.cells)), uint32(len(cells))}
		head := 1 + bits.OnesCount32(r.fields())
		cells = append(cells, r[:r.size()]...)
		ids := cells[len(cells)-r.size()+head:]
		for f := range Fields {
			for k, id := range r.get(f) {
				n := vals[f].meet(id, rec)
				ids[k] = n
				switch f {
				case Given, Middle:
					giv[n]++
				case Family:
					fam[n]++
				case Email:
					m := old.mails[id]
					local.meet(m.local, rec)
					if m.host != 0 {
						host.meet(m.host, rec)
					}
				}
			}
			ids = ids[len(r.get(f)):]
		}
		if (i+1)%batch == 0 || i+1 == len(order) {
			t.cells = append(t.cells, slices.Clone(cells))
			cells = cells[:0]
		}
	}
	t.fam, t.giv = fam[:len(names.from)], giv[:len(names.from)]
	t.nick, t.sound, t.words = pick(t.nick, names.from), pick(t.sound, names.from), pick(t.words, names.from)
	t.mails = pick(t.mails, vals[Email].from)
	for i := range t.mails {
		m := &t.mails[i]
		m.local, m.host = local.to[m.local], host.to[m.host]
	}
	for f := range Fields {
		if f != Family && f != Middle {
			vals[f].apply()
		}
	}
	local.apply()
	host.apply()
	pairs.apply()
}

// renumbering gives values other numbers, in the order in which they are met.
type renumbering struct {
	*values
	to, from    []uint32
	count, last []uint32
}

func (v *values) renumber() *renumbering {
	return &renumbering{v, make([]uint32, len(v.list)), []uint32{0}, []uint32{0}, []uint32{0}}
}

// meet returns the new number of a value of a record.
func (n *renumbering) meet(id, rec uint32) uint32 {
	to := n.to[id]
	if to == 0 {
		to = uint32(len(n.from))
		n.to[id] = to
		n.from, n.count, n.last = append(n.from, id), append(n.count, 0), append(n.last, 0)
	}
	if n.last[to] != rec+1 {
		n.last[to] = rec + 1
		n.count[to]++
	}
	return to
}

// apply makes the new numbers those of the values.
func (n *renumbering) apply() {
	v := n.values
	v.list, v.count = pick(v.list, n.from), n.count
	if v.phone {
		v.digit = pick(v.digit, n.from)
	}
}

// pick are the elements at the given places.
func pick[T any](list []T, at []uint32) []T {
	out := make([]T, len(at))
	for i, n := range at {
		out[i] = list[n]
	}
	return out
}
