package linkage

// within reports the number of edits (inserted, dropped, replaced and swapped
// code points) between two texts, up to most; more are most+1.
func within(a, b string, most int) int {
	if !ascii(a) || !ascii(b) {
		return edits([]rune(a), []rune(b), most)
	}
	return withinASCII(a, b, most)
}

// within is [within] of two values.
func (v *values) within(p, q uint32, most int) int {
	if v.wide {
		return within(v.text(p), v.text(q), most)
	}
	return withinASCII(v.text(p), v.text(q), most)
}

func withinASCII(a, b string, most int) int {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	if d := len(a) - len(b); d > most || -d > most {
		return most + 1
	}
	if len(a) == 0 || len(b) == 0 {
		return max(len(a), len(b))
	}
	if most == 1 {
		if len(a) == 1 && len(b) == 1 || len(a) == 2 && len(b) == 2 && a[0] == b[1] && a[1] == b[0] {
			return 1
		}
		return 2
	}
	var x, y [reach]byte
	return edits(x[:copy(x[:], a)], y[:copy(y[:], b)], most)
}

// reach is how much of two texts is looked at, from where they differ on.
const reach = 40

func edits[T byte | rune](a, b []T, most int) int {
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	if len(a) > len(b) {
		a, b = b, a
	}
	if len(b)-len(a) > most {
		return most + 1
	}
	if len(a) == 0 {
		return len(b)
	}
	if most == 1 {
		if len(a) == 1 && len(b) == 1 || len(a) == 2 && len(b) == 2 && a[0] == b[1] && a[1] == b[0] {
			return 1
		}
		return 2
	}
	if len(b) > reach {
		a, b = a[:min(len(a), reach)], b[:reach]
	}
	var rows [3][reach + 1]uint8
	prev2, prev, cur := &rows[0], &rows[1], &rows[2]
	for j := range len(b) + 1 {
		prev[j] = uint8(j)
	}
	for i := 1; i <= len(a); i++ {
		cur[0] = uint8(i)
		best := cur[0]
		for j := 1; j <= len(b); j++ {
			d := prev[j-1]
			if a[i-1] != b[j-1] {
				d++
			}
			d = min(d, prev[j]+1, cur[j-1]+1)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				d = min(d, prev2[j-2]+1)
			}
			cur[j] = d
			best = min(best, d)
		}
		if int(best) > most {
			return most + 1
		}
		prev2, prev, cur = prev, cur, prev2
	}
	return min(int(prev[len(b)]), most+1)
}
