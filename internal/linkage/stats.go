package linkage

import (
	"math"
	"slices"
)

// stats are how often values occur, turned into bits.
type stats struct {
	t      *Table
	model  *Model
	n      float64
	fixed  *Model  // where what values say does not follow from the table
	dup    float64 // records of one entity besides each other, on average
	top    float32 // as much as a value can say
	differ [Fields]float32
	// What the fields say at most; see [comparer.bounds].
	alike    [Fields][Levels]float32 // by values that are alike by so much, or less
	readiest [Fields]float32         // the best weight, besides what the values say
	unlike   [Fields]float32         // by values that are not alike
	// couples are what goes together in the table, or nil.
	couples []couple
	slack   float32 // the most that they add, for values that go together less than others

	// What each value says, by its number.
	values [Fields][]float32
	words  [Fields][]float32
	locals []float32
	pairs  []float32 // of first names; none where the model is fixed
}

// population is the size of the population that stands behind a small table:
// as if so many further records had been seen.
const population = 1000

// chance is how often a value turns up that was not seen, by field.
var chance = [Fields]float64{Given: 3e-3, Family: 3e-4, Middle: 2e-3, Org: 1e-5, Email: 1e-7, Phone: 1e-7, Date: 5e-5, Identifier: 1e-6,
	Street: 1e-5, City: 2e-3, Region: 2e-2, Postcode: 1e-3, Country: 2e-2, Company: 1e-4, Title: 1e-3, Text: 1e-3}

// proper are the bits that a value of a field says besides its rarity: such
// values are given out once in the world, not drawn at random.
var proper = [Fields]float32{Email: 6, Phone: 4, Identifier: 5}

// slack are the bits that a slip costs: how many other values lie as near.
var slack = [Fields]float32{Identifier: 4, City: 2, Region: 1, Postcode: 4, Country: 2}

func newStats(t *Table, m *Model) *stats {
	s := &stats{t: t, model: m, n: float64(t.Len()), dup: min(2*m.Pairs, 20)}
	if m.Records > 0 {
		s.n, s.fixed, s.dup = float64(m.Records), m, 1
	}
	s.top = float32(math.Log2(s.n + population))
	for f := range Fields {
		same := 0.0
		count := t.counts(f)
		total := 0.0
		for _, c := range count {
			total += float64(c)
		}
		if total > 1 {
			for _, c := range count {
				same += float64(c) / total * float64(c) / total
			}
		}
		if f.wordy() {
			same /= 4 // words and wholes stand together
		}
		if s.fixed != nil {
			same = s.fixed.collide[f]
		}
		s.differ[f] = float32(-math.Log2(1 - min(same, 0.9)))
	}
	s.weigh()
	s.limit()
	return s
}

// limit fills in what the fields say at most.
func (s *stats) limit() {
	m := s.model
	for f := range Fields {
		if f == Middle {
			continue
		}
		dearest := s.top
		for _, list := range [...][]float32{s.values[f], s.words[f], s.locals} {
			if len(list) > 0 {
				dearest = max(dearest, slices.Max(list))
			}
		}
		s.readiest[f] = slices.Max(m.weight[f][Equal:])
		s.unlike[f] = m.weight[f][Differ] + m.most(f, Differ, s.differ[f])
		most := s.unlike[f]
		for l := Loose; l >= Equal; l-- {
			most = max(most, m.weight[f][l]+m.most(f, l, dearest))
			s.alike[f][l] = most
		}
	}
	s.unlike[Email] = max(s.unlike[Email], m.weight[Email][Partial]) // colleagues
}

// freq is how much a value says that count records hold.
func (s *stats) freq(count uint32, chance float64) float32 {
	c := max(0, float64(count)-1)
	c = max(c-s.dup, 0.1*c)   // those of the same entity are no others
	k := population / (1 + c) // what was seen often is known
	return float32(-math.Log2((c + k*chance) / (s.n + k)))
}

// weigh fills in what each value says.
func (s *stats) weigh() {
	for f := range Fields {
		if f == Middle {
			continue
		}
		v := s.t.vals[f]
		count := s.t.counts(f)
		s.values[f] = make([]float32, len(count))
		for id, n := range count {
			i := s.freq(n, chance[f])
			if s.fixed != nil && proper[f] == 0 {
				i = s.share(f, v.text(uint32(id)), usual[f])
			}
			if p := proper[f]; p > 0 && n > 1 {
				others := (float64(n)-1)/(1+s.dup) + 1e-9
				i += p * float32(max(0, 1-max(0, math.Log2(others))/4))
			}
			s.values[f][id] = i
		}
		if f.wordy() {
			s.words[f] = make([]float32, len(count))
			for id, n := range count {
				s.words[f][id] = float32(math.Log2((s.n + population) / (float64(n) + population*chance[f])))
				if s.fixed != nil {
					s.words[f][id] = s.share(f, v.text(uint32(id)), usualWord[f])
				}
			}
		}
	}
	if s.fixed == nil {
		s.pairs = make([]float32, len(s.t.pairs.count))
		for id, n := range s.t.pairs.count {
			s.pairs[id] = s.freq(n, 1e-5)
		}
	}
	s.locals = make([]float32, len(s.t.local.count))
	for id, n := range s.t.local.count {
		s.locals[id] = s.freq(n, 1e-6)
	}
}

// share is what a value says by the fixed model. Where that knows no values of
// the field, usual ones are such a part at least.
func (s *stats) share(f Field, text string, usual float64) float32 {
	if len(s.fixed.Common[f]) > 0 {
		usual = 0
	}
	p := s.fixed.Common[f][text]
	return float32(-math.Log2(max(p, chance[f]/4, usual, 1/(s.n+population))))
}

func (s *stats) info(f Field, id uint32) float32 { return s.values[f][id] }

// nameInfo is what a word says as a given or as a family name.
func (s *stats) nameInfo(id uint32, f Field) float32 { return s.values[f][id] }

// idf is how much a word of a set of words says.
func (s *stats) idf(f Field, id uint32) float32 { return s.words[f][id] }
