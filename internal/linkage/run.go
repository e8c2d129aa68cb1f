package linkage

import (
	"cmp"
	"math"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"
)

// Edge is a pair of records and its score in bits.
type Edge struct {
	A, B uint32
	Bits float32
}

// Options are the settings of a run; the zero value has the defaults.
type Options struct {
	// Budget is how many pairs may be compared. Zero means a million and 22
	// for each record.
	Budget int
	// Across compares records of different sources only.
	Across bool
	// Model is the model to use; nil learns one from the records.
	Model *Model
	// Least is the least score of an edge, in bits.
	Least float32
	// Keep adds the edges, whatever their score, of records that share an email
	// address, a phone number or a proof.
	Keep bool
	// Apart reports records that are known to be two entities. It may be nil;
	// it is called from several goroutines.
	Apart func(a, b uint32) bool
}

func (o *Options) budget(n int) int {
	if o.Budget > 0 {
		return o.Budget
	}
	return 1_000_000 + 22*n
}

// Result is what a run found.
type Result struct {
	Edges    []Edge
	Compared int64
	Model    *Model
	Prior    float32
	t        *Table
	stats    *stats
	apart    func(a, b uint32) bool
}

func (e *Evidence) keyed() bool {
	return e.Level[Email] == Equal || e.Level[Phone] == Equal || (e.Level[Proof] == Equal || e.Level[Proof] == Variant)
}

// Run finds the pairs that are probably one entity.
func (t *Table) Run(o Options) *Result {
	t.flush()
	m := o.Model
	b := t.block(o.budget(t.Len()))
	res := &Result{t: t, apart: o.Apart}
	if m == nil {
		var couples []couple
		m, couples = t.learn(b, o)
		res.stats = newStats(t, m)
		res.stats.couples = couples
		res.stats.slack = m.Ties[0] + 2*slices.Max(m.Ties[1:]) // of places the best counts, the next by half
	} else {
		res.stats = newStats(t, m)
	}
	res.Model = m
	res.Prior = m.prior(t.Len())
	if m.Records > 0 {
		res.Prior = m.prior(m.Records)
	}
	type chunk struct {
		edges []Edge
	}
	const size = 256
	chunks := make([]chunk, (t.Len()+size-1)/size)
	var next, compared atomic.Int64
	var wg sync.WaitGroup
	for range runtime.GOMAXPROCS(0) {
		wg.Go(func() {
			c := newComparer(t, res.stats)
			seen := make([]uint32, t.Len())
			var near []uint32
			var e Evidence
			n, touched := int64(0), uint32(0)
			for {
				k := int(next.Add(1)) - 1
				if k >= len(chunks) {
					break
				}
				for r := k * size; r < min((k+1)*size, t.Len()); r++ {
					near = b.later(near[:0], uint32(r), seen)
					for i, s := range near {
						if i%ahead == 0 {
							touched += t.touch(near[i:min(i+ahead, len(near))])
						}
						if o.Across && t.src[r] == t.src[s] || o.Apart != nil && o.Apart(uint32(r), s) {
							continue
						}
						n++
						if bits := c.score(r, int(s), res.Prior, o.Least, o.Keep, &e); bits >= o.Least || o.Keep && e.keyed() {
							chunks[k].edges = append(chunks[k].edges, Edge{uint32(r), s, bits})
						}
					}
				}
			}
			compared.Add(n)
			_ = touched
		})
	}
	wg.Wait()
	for _, c := range chunks {
		res.Edges = append(res.Edges, c.edges...)
	}
	res.Compared = compared.Load()
	slices.SortFunc(res.Edges, func(x, y Edge) int {
		return cmp.Or(cmp.Compare(y.Bits, x.Bits), cmp.Compare(x.A, y.A), cmp.Compare(x.B, y.B))
	})
	return res
}

// Probability turns bits into a probability.
func Probability(bits float32) float64 { return 1 / (1 + math.Exp2(-float64(bits))) }

// Bits is the score of a probability, as far as [Result.Clusters] can tell.
func Bits(probability float64) float32 {
	return float32(min(max(math.Log2(probability/(1-probability)), clipLow), clipHigh-0.1))
}

// sample is how many pairs are looked at to learn a model.
const sample = 300_000

// learn estimates a model from the records: how often two records of one
// entity agree in each field, weighing what is seen against what was believed
// before.
func (t *Table) learn(b *blocks, o Options) (*Model, []couple) {
	m := Prior()
	prior := Prior()
	s := newStats(t, m)
	couples := t.couples(s)
	for k := range couples {
		couples[k].learn(k, m)
		couples[k].base = m.tie(k, &couples[k])
	}
	s.couples = couples
	total := 0
	for r := range t.Len() {
		for _, n := range b.of[b.first[r]:b.first[r+1]] {
			total += int(b.start[n+1] - b.start[n])
		}
	}
	step := max(1, total/2/sample)
	var firsts []int
	for r := 0; r < t.Len(); r += step {
		firsts = append(firsts, r)
	}
	workers := runtime.GOMAXPROCS(0)
	lists := make([][]Evidence, workers)
	var wg sync.WaitGroup
	for w := range workers {
		wg.Go(func() {
			c := newComparer(t, s)
			seen := make([]uint32, t.Len())
			var near []uint32
			for _, r := range firsts[len(firsts)*w/workers : len(firsts)*(w+1)/workers] {
				near = b.later(near[:0], uint32(r), seen)
				for _, n := range near {
					if o.Across && t.src[r] == t.src[n] || o.Apart != nil && o.Apart(uint32(r), n) {
						continue
					}
					var e Evidence
					c.compare(r, int(n), &e)
					lists[w] = append(lists[w], e)
				}
			}
		})
	}
	wg.Wait()
	list := slices.Concat(lists...)
	const strength = 40
	for range 12 {
		pr := m.prior(t.Len())
		var sums [Fields][Levels]float64
		mass, homes, offices, boxes := 0.0, 0.0, 0.0, 0.0
		var w [Fields]float32
		for i := range list {
			m.bits(&list[i], &w)
			total, home, work, box := m.stories(&list[i], &w, pr)
			if total < -12 {
				continue
			}
			r, h, o, x := math.Exp2(-float64(total)), math.Exp2(-float64(home)), math.Exp2(-float64(work)), math.Exp2(-float64(box))
			p := 1 / (1 + r + h + o + x)
			mass += p
			homes += p * h
			offices += p * o
			boxes += p * x
			for f := range Fields {
				sums[f][list[i].Level[f]] += p
			}
		}
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
		m.Home = min(max(story(homes, household), -8), 8)
		m.Work = min(max(story(offices, workplace), -8), 8)
		m.Box = min(max(story(boxes, letterbox), -4), 10)
		for k := range couples {
			couples[k].learn(k, m)
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
