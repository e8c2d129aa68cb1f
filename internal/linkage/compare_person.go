package linkage

// person compares names.
func (c *comparer) person(a, b row, e *Evidence) {
	t := c.t
	const names = 1<<Given | 1<<Family | 1<<Middle
	if a.fields()&names == 0 || b.fields()&names == 0 {
		return
	}
	ga, gb, fa, fb := a.get(Given), b.get(Given), a.get(Family), b.get(Family)
	lg, ig := c.given(ga, gb)
	lf, jf := c.family(fa, fb)
	if (lg >= Loose || lg == Missing) && (lf >= Loose || lf == Missing) && (len(ga)+len(fa) > 0 && len(gb)+len(fb) > 0) {
		// in each other's place, or one of the two in the wrong one
		l1, i1 := c.cross(ga, fb)
		l2, i2 := c.cross(fa, gb)
		if (l1 != Missing && l1 <= Typo || l2 != Missing && l2 <= Typo) && l1 < Differ && l2 < Differ {
			lg, ig, lf, jf = l1, i1, l2, i2
			if lf == Missing || lg != Missing && ig > jf { // which is which does not depend on the order
				lg, ig, lf, jf = lf, jf, lg, ig
			}
			e.Swapped = true
		}
	}
	ma, mb := a.get(Middle), b.get(Middle)
	if lg >= Loose && len(ga) > 0 && len(gb) > 0 {
		// known by the middle name
		for _, m := range ma {
			if l, i := c.word(m, gb[0], Given); l <= Typo {
				lg, ig = Loose, i-1
			}
		}
		for _, m := range mb {
			if l, i := c.word(m, ga[0], Given); l <= Typo {
				lg, ig = Loose, i-1
			}
		}
		if len(ma) > 0 && len(mb) > 0 && lg >= Loose {
			for _, m := range ma {
				for _, n := range mb {
					if m == n && t.names.size(m) > 1 {
						lg, ig = Loose, 0
					}
				}
			}
		}
	}
	if lf >= Loose && len(fa) > 0 && len(fb) > 0 {
		for _, m := range ma {
			if m == fb[0] {
				lf, jf = Loose, c.nameInfo(m, Family)-1
			}
		}
		for _, m := range mb {
			if m == fa[0] {
				lf, jf = Loose, c.nameInfo(m, Family)-1
			}
		}
	}
	e.Level[Given], e.Info[Given] = lg, max(0, ig)
	e.Level[Family], e.Info[Family] = lf, max(0, jf)
	if len(ma) > 0 && len(mb) > 0 {
		best, info := Differ, float32(0)
		for _, m := range ma {
			for _, n := range mb {
				if l, i := c.word(m, n, Given); l < best {
					best, info = l, i
				}
			}
		}
		e.Level[Middle], e.Info[Middle] = best, max(0, info)
	}
}

func (c *comparer) given(x, y []uint32) (Level, float32) {
	if len(x) == 0 || len(y) == 0 {
		return Missing, 0
	}
	return c.word(x[0], y[0], Given)
}

func (c *comparer) family(x, y []uint32) (Level, float32) {
	if len(x) == 0 || len(y) == 0 {
		return Missing, 0
	}
	best, info := Differ, c.differ[Family]
	for _, p := range x {
		for _, q := range y {
			if l, i := c.word(p, q, Family); l < best {
				best, info = l, i
			}
		}
	}
	if len(x) != len(y) && best == Equal {
		best, info = Variant, info-1
	}
	return best, info
}

// cross compares a given name with a family name.
func (c *comparer) cross(x, y []uint32) (Level, float32) {
	if len(x) == 0 || len(y) == 0 {
		return Missing, 0
	}
	l, i := c.word(x[0], y[0], Given)
	if l == Equal || l == Typo {
		i = min(c.nameInfo(x[0], Given)+c.nameInfo(y[0], Family), 2*i) / 2
	}
	return l, i
}
