package linkage

import "math"

// sample is how many pairs are looked at to learn a model, in so many parts. A
// pair so far from one entity, in bits by the beliefs of before, never counts.
const (
	sample   = 300_000
	learners = 8
	far      = -45
)

// tally is what a model expects of pairs: how many are of one entity, and how
// well these agree; how many are of another story.
type tally struct {
	levels                      [Fields][Levels]float64
	mass, homes, offices, boxes float64
}

func (t *tally) add(u *tally) {
	for f := range t.levels {
		for l := range t.levels[f] {
			t.levels[f][l] += u.levels[f][l]
		}
	}
	t.mass, t.homes, t.offices, t.boxes = t.mass+u.mass, t.homes+u.homes, t.offices+u.offices, t.boxes+u.boxes
}

func (m *Model) tally(list []Evidence, prior float32) (t tally) {
	var w [Fields]float32
	for i := range list {
		m.bits(&list[i], &w)
		total, home, work, box := m.stories(&list[i], &w, prior)
		if total < -12 {
			continue
		}
		r, h, o, x := math.Exp2(-float64(total)), math.Exp2(-float64(home)), math.Exp2(-float64(work)), math.Exp2(-float64(box))
		p := 1 / (1 + r + h + o + x)
		t.mass += p
		t.homes += p * h
		t.offices += p * o
		t.boxes += p * x
		for f := range Fields {
			t.levels[f][list[i].Level[f]] += p
		}
	}
	return t
}

// learn estimates a model from the records: how often two records of one
// entity agree in each field, weighing what is seen against what was believed
// before.
func (t *Table) learn(b *blocks, o Options) (*Model, []couple) {
	m := Prior()
	prior := Prior()
	s := newStats(t, m)
	couples := t.couples(s)
	parallel(len(couples), func(k int) {
		couples[k].learn(k, m)
		couples[k].base = m.tie(k, &couples[k])
	})
	s.couples = couples
	step := max(1, b.squares/2/sample)
	var firsts []int
	for r := 0; r < t.Len(); r += step {
		firsts = append(firsts, r)
	}
	lists := make([][]Evidence, learners)
	hopeless := float32(far) - m.prior(t.Len())
	parallel(learners, func(w int) {
		c := newComparer(t, s)
		seen := make([]uint32, t.Len())
		var near []uint32
		for _, r := range firsts[len(firsts)*w/learners : len(firsts)*(w+1)/learners] {
			near = b.later(near[:0], uint32(r), seen)
			for _, n := range near {
				if o.Across && t.src[r] == t.src[n] || o.Apart != nil && o.Apart(uint32(r), n) {
					continue
				}
				var e Evidence
				ra, rb := t.row(r), t.row(int(n))
				if c.names(r, int(n), &e); c.promising(ra, rb, &e, hopeless) {
					c.bonds(ra, rb, &e)
					lists[w] = append(lists[w], e)
				}
			}
		}
	})
	const strength = 40
	for range 12 {
		pr := m.prior(t.Len())
		var all [learners]tally
		parallel(learners, func(w int) { all[w] = m.tally(lists[w], pr) })
		var sum tally
		for w := range all {
			sum.add(&all[w])
		}
		mass, sums := sum.mass, &sum.levels
		for f := range Fields {
			n := 0.0
			for l := Equal; l < Levels; l++ {
				n += sums[f][l]
			}
			k := strength + n*0.1
			for l := Equal; l < Levels; l++ {
				m.Match[f][l] = (sums[f][l] + k*prior.Match[f][l]) / (n + k)
			}
			if most := min(4*prior.Match[f][Differ]+0.02, 0.6); m.Match[f][Differ] > most {
				m.Match[f][Differ] = most
			}
			for l := Variant; l < Differ; l++ {
				m.Match[f][l] = min(m.Match[f][l], 3*prior.Match[f][l]+0.05)
			}
		}
		m.Pairs = min(max((mass*float64(step)+25)/float64(t.Len()+50), 0.02), 20)
		story := func(other, belief float64) float64 {
			const k = 6
			share := math.Exp2(-belief)
			return math.Log2((mass + k/(1+share)) / (other + k*share/(1+share)))
		}
		m.Home = min(max(story(sum.homes, household), -8), 8)
		m.Work = min(max(story(sum.offices, workplace), -8), 8)
		m.Box = min(max(story(sum.boxes, letterbox), -4), 10)
		parallel(len(couples), func(k int) { couples[k].learn(k, m) })
		for k := range couples {
			m.Ties[k] = m.tie(k, &couples[k])
		}
		m.likenesses(couples)
		m.ready()
	}
	for k := range couples {
		couples[k].pairs, couples[k].bits, couples[k].odds = nil, nil, nil
	}
	return m, couples
}
