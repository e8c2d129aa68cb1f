package linkage

import (
	"cmp"
	"slices"
)

// Story is what else may explain that two records agree.
type Story uint8

// The stories.
const (
	Chance    Story = iota // nothing but chance
	Household              // two people of one household or place
	Workplace              // two people of one office
	Letterbox              // two people who use one mailbox
)

// Judgement is a score and how it comes about: it is the sum of the prior and
// of what the fields say, less what the best other story takes away.
type Judgement struct {
	Evidence Evidence
	Bits     float32
	Prior    float32
	Fields   [Fields]float32
	Story    Story
	Taken    float32 // what the story takes away, zero or less
}

// Judge says how the score of two records comes about.
func (r *Result) Judge(a, b uint32) Judgement {
	c := comparer{t: r.t, stats: r.stats}
	j := Judgement{Prior: r.Prior}
	c.compare(int(min(a, b)), int(max(a, b)), &j.Evidence)
	r.Model.bits(&j.Evidence, &j.Fields)
	total, home, work, box := r.Model.stories(&j.Evidence, &j.Fields, r.Prior)
	j.Bits = total
	for i, bits := range [...]float32{home, work, box} {
		if bits < j.Bits {
			j.Bits, j.Story = bits, Household+Story(i)
		}
	}
	j.Taken = j.Bits - total
	return j
}

// With returns what judges the records of the table by a model, without a
// search.
func (t *Table) With(m *Model) *Result {
	t.flush()
	r := &Result{t: t, Model: m, stats: newStats(t, m), Prior: m.prior(t.Len())}
	if m.Records > 0 {
		r.Prior = m.prior(m.Records)
	}
	return r
}

// commonest is how many values of a field a fixed model knows.
const commonest = 2000

// Fixed is the model of the result with what its values say: it judges other
// records as it judged these.
func (r *Result) Fixed() *Model {
	m := *r.Model
	m.Records = max(r.t.Len(), fewest)
	for f := range Fields {
		if proper[f] > 0 || f == Proof || f == Suffix || f == Middle {
			continue
		}
		count := r.t.counts(f)
		var ids []int
		for id, n := range count {
			if float64(n) > 2*(1+2*m.Pairs) {
				ids = append(ids, id)
			}
		}
		slices.SortFunc(ids, func(a, b int) int { return cmp.Or(cmp.Compare(count[b], count[a]), cmp.Compare(a, b)) })
		m.Common[f] = map[string]float64{}
		for _, id := range ids[:min(len(ids), commonest)] {
			m.Common[f][r.t.vals[f].text(uint32(id))] = float64(count[id]) / float64(r.t.Len())
		}
	}
	return m.ready()
}

// Ready prepares a model that was read, fixed or not, and reports whether it is
// one.
func (m *Model) Ready() bool {
	m.ready()
	for f := range Suffix {
		sum := 0.0
		for _, p := range m.Match[f] {
			if p < 0 {
				return false
			}
			sum += p
		}
		if sum < 0.1 || sum > 1.01 { // less than 1 where differences are capped
			return false
		}
	}
	for f := range Fields {
		for _, share := range m.Common[f] {
			if share <= 0 || share > 1 {
				return false
			}
		}
	}
	return m.Records >= 0 && m.Pairs > 0
}

// fewNames are too few to tell whose they are.
const fewNames = 20

// Organisations reports whether names are those of organisations rather than
// of people, who have two or three words in their names, or a common first
// name.
func Organisations(names []string) bool {
	short, common, all := 0, 0, 0
	for _, n := range names {
		w := wordsOf(nil, n)
		if len(w) == 0 {
			continue
		}
		all++
		if len(w) == 2 || len(w) == 3 {
			short++
		}
		for _, s := range w {
			if len(formal()[s]) > 0 {
				common++
				break
			}
		}
	}
	return all >= fewNames && short*4 < all*3 && common*5 < all*3
}
