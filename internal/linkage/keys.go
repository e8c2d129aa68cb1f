package linkage

import (
	"cmp"
	"slices"
)

func mix(a, b uint64) uint64 {
	h := (a ^ 0x9e3779b97f4a7c15) * 0xbf58476d1ce4e5b9
	h ^= h>>29 ^ b*0x94d049bb133111eb
	h *= 0xd6e8feb86659fd93
	return h ^ h>>32
}

func text(s string) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(s) {
		h = (h ^ uint64(s[i])) * 1099511628211
	}
	return h
}

// keys appends the blocking keys of a record; one may come twice.
func (t *Table) keys(dst []uint64, rec int) []uint64 {
	put := func(kind, a, b uint64) { dst = append(dst, mix(mix(kind, a), b)) }
	g, f := t.get(rec, Given), t.get(rec, Family)
	var gs, fs, g0, f0 uint64
	var initial uint64
	if len(g) > 0 {
		g0 = uint64(g[0])
		gs = t.sound[g[0]]
		initial = uint64(t.names.text(g[0])[0])
	}
	if len(f) > 0 {
		f0 = uint64(f[0])
	}
	for _, w := range f {
		fs = t.sound[w]
		if len(g) > 0 {
			put(1, fs, gs)
			put(2, uint64(w), initial)
			a, b := min(uint64(w), g0), max(uint64(w), g0)
			put(3, a, b)
			for _, n := range t.nick[g[0]] {
				put(4, fs, text(n))
			}
			gi := t.names.text(g[0])
			fi := t.names.text(w)
			put(18, text(gi[:min(3, len(gi))]), text(fi[:min(3, len(fi))]))
			put(18, text(fi[:min(3, len(fi))]), text(gi[:min(3, len(gi))]))
		}
	}
	for _, m := range t.get(rec, Middle) {
		if f0 != 0 && t.names.size(m) > 1 {
			put(3, min(f0, uint64(m)), max(f0, uint64(m)))
		}
	}
	for _, e := range t.get(rec, Email) {
		put(5, uint64(e), 0)
		m := t.mails[e]
		if l := t.local.text(m.local); len(l) >= 5 && !m.role {
			put(6, uint64(m.local), 0)
			put(7, text(l[:5]), uint64(m.host))
			put(7, text(l[len(l)-5:]), uint64(m.host))
		}
	}
	for _, p := range t.get(rec, Proof) {
		put(36, uint64(p), 0)
	}
	for _, p := range t.get(rec, Phone) {
		s := t.vals[Phone].text(p)
		put(8, text(s[max(0, len(s)-7):]), 0)
		if len(s) >= 7 && f0 != 0 {
			put(9, text(s[:len(s)-3]), fs)
		}
		if len(s) >= 7 && g0 != 0 {
			put(9, text(s[:len(s)-3]), gs)
		}
	}
	for _, i := range t.get(rec, Identifier) {
		s := t.vals[Identifier].text(i)
		put(10, uint64(i), 0)
		if len(s) >= 6 {
			put(11, text(s[:len(s)-2]), 0)
			put(11, text(s[2:]), 1)
		}
	}
	for _, d := range t.get(rec, Date) {
		s := t.vals[Date].text(d)
		put(12, uint64(d), 0)
		if f0 != 0 {
			put(13, uint64(d), fs)
			put(14, text(s[:4]), mix(fs, initial))
			put(14, text(s[4:]), fs)
			put(14, text(s[:6]), fs)
		}
		if g0 != 0 {
			put(13, uint64(d), gs)
			put(14, text(s[4:]), gs)
			put(14, text(s[:6]), gs)
		}
	}
	places := func(kind uint64, v uint64) {
		if f0 != 0 {
			put(kind, v, fs)
		}
		if g0 != 0 {
			put(kind, v, gs)
		}
		for _, d := range t.get(rec, Date) {
			put(kind, v, mix(99, uint64(d)))
		}
	}
	for _, p := range t.get(rec, Postcode) {
		places(15, uint64(p))
	}
	for _, p := range t.get(rec, City) {
		places(16, uint64(p))
	}
	for _, c := range first(t.get(rec, Company)) {
		places(17, uint64(c))
	}
	for _, c := range first(t.get(rec, Title)) {
		places(25, uint64(c))
	}
	for _, c := range first(t.get(rec, Text)) {
		places(26, uint64(c))
	}
	for _, fd := range [...]Field{Street, Org, Company, Text} {
		x := t.get(rec, fd)
		if len(x) == 0 {
			continue
		}
		put(20, uint64(fd), uint64(x[0]))
		if len(x) < 3 || fd == Company && (f0 != 0 || g0 != 0) {
			continue
		}
		// the pairs of its four rarest words
		w := slices.Clone(x[1:])
		count := t.vals[fd].count
		slices.SortFunc(w, func(a, b uint32) int { return cmp.Or(cmp.Compare(count[a], count[b]), cmp.Compare(a, b)) })
		w = w[:min(len(w), 4)]
		for i := range w {
			for j := range i {
				put(21, uint64(fd), mix(uint64(min(w[i], w[j])), uint64(max(w[i], w[j]))))
			}
		}
		if fd == Org {
			for _, u := range w[:min(2, len(w))] {
				put(22, uint64(fd), uint64(u))
			}
		}
	}
	// Broad keys, for tables that are small enough for them.
	if g0 != 0 {
		put(30, gs, 0)
	}
	if f0 != 0 {
		put(31, fs, 0)
	}
	for _, d := range t.get(rec, Date) {
		s := t.vals[Date].text(d)
		put(32, text(s[:6]), 0)
		put(33, text(s[4:]), 0)
		for _, c := range t.get(rec, City) {
			put(34, text(s[:4]), uint64(c))
		}
	}
	for _, fd := range [...]Field{City, Postcode, Company} {
		for _, c := range first(t.get(rec, fd)) {
			put(35, uint64(fd), uint64(c))
		}
	}
	return dst
}

func first(v []uint32) []uint32 { return v[:min(1, len(v))] }
