package linkage

import (
	"maps"
	"math"
	"slices"
)

// Model is what is believed about how records of one entity come to differ.
type Model struct {
	// Match is, for each field, how often two records of one entity that both
	// have a value agree so well.
	Match [Fields][Levels]float64
	// Pairs is the number of pairs of one entity per record.
	Pairs float64
	// Home, Work and Box are how much likelier, in bits, two records of one
	// household, one office or one mailbox are one entity than two, before
	// their own traits are compared.
	Home, Work, Box float64
	// Ties are how far names go with names and places; see [ties].
	Ties [tieCount]float32 `json:",omitzero"`
	// Alike is, in bits, how much a likeness of a field says at most; zero where
	// that is not known.
	Alike [Fields][Levels]float32 `json:",omitzero"`

	// Records, where it is not zero, says that the model is fixed: it is not
	// learnt from the records at hand, and what a value says does not follow
	// from them either, but from Common, the shares of common values in a book
	// of so many records.
	Records int                        `json:",omitempty"`
	Common  [Fields]map[string]float64 `json:",omitzero"`

	weight  [Fields][Levels]float32
	collide [Fields]float64 // how often two values are the same by chance, by Common
}

// Prior is the model that holds before any data is seen.
func Prior() *Model {
	m := &Model{Pairs: 0.5, Home: household, Work: workplace, Box: letterbox, Match: [Fields][Levels]float64{
		//           equal variant typo partial loose differ
		Given:      {0, .73, .06, .08, .04, .03, .06},
		Family:     {0, .80, .03, .09, .01, .02, .05},
		Middle:     {0, .55, .03, .07, .20, .03, .12},
		Org:        {0, .50, .12, .12, .10, .06, .10},
		Email:      {0, .55, .06, .08, .08, .03, .20},
		Phone:      {0, .60, .01, .05, .06, .01, .27},
		Date:       {0, .80, .03, .09, .04, .02, .02},
		Identifier: {0, .80, .02, .09, .01, .01, .07},
		Street:     {0, .58, .08, .12, .08, .04, .10},
		City:       {0, .78, .03, .07, .01, .01, .10},
		Region:     {0, .88, .01, .03, .01, .01, .06},
		Postcode:   {0, .76, .01, .08, .04, .01, .10},
		Country:    {0, .95, .01, .01, .01, .01, .01},
		Company:    {0, .50, .10, .08, .05, .02, .25},
		Title:      {0, .40, .06, .06, .10, .05, .33},
		Text:       {0, .40, .06, .06, .12, .08, .28},
		Suffix:     {0, .97, .0, .0, .0, .0, .03},
	}}
	return m.ready()
}

func (m *Model) ready() *Model {
	for f := range Fields {
		for l := Equal; l < Levels; l++ {
			m.weight[f][l] = float32(math.Log2(max(m.Match[f][l], 1e-4)))
		}
		m.collide[f] = 0
		for _, p := range slices.Sorted(maps.Values(m.Common[f])) {
			m.collide[f] += p * p
		}
	}
	return m
}

// The other stories in which two records agree a lot, besides being of one
// entity: people of one household, of one office, of one mailbox. In bits, how
// much likelier one entity is than two people of that story before their own
// traits are compared.
const (
	household = 1.0
	workplace = 0.0
	letterbox = 3.0
	nameless  = 3.0 // where no first names are known to tell two people apart
)

// suffixed is what suffixes say that differ, in bits, proofs what proofs say.
const suffixed = -12

var proofs = [Levels]float32{Equal: 24, Variant: 3, Differ: -4}

// Part is what a field adds to a score.
type Part struct {
	Field Field
	Bits  float32
}

// together reports whether people of one household, and of one office, agree in
// a field.
func together(f Field) (home, work bool) {
	switch f {
	case Phone, Street, City, Region, Postcode, Country:
		return true, true
	case Family:
		return true, false
	case Company:
		return false, true
	}
	return false, false
}

// most is what an agreement says, as far as likenesses may.
func (m *Model) most(f Field, l Level, info float32) float32 {
	if most := m.Alike[f][l]; most > 0 {
		return min(info, most)
	}
	return info
}

// weigh is what a field says by itself.
func (m *Model) weigh(f Field, e *Evidence) float32 {
	l := e.Level[f]
	if l == Missing {
		return 0
	}
	info := m.most(f, l, e.Info[f])
	switch f {
	case Given, Family, Middle:
		if l == Partial { // an initial: that it is one says nothing
			return info - 0.3
		}
	case Suffix:
		if l == Differ {
			return suffixed
		}
		return min(m.weight[f][l]+info, 0)
	case Proof:
		return proofs[l]
	}
	return m.weight[f][l] + info
}

// bits is what each field says, before the stories are weighed.
func (m *Model) bits(e *Evidence, w *[Fields]float32) {
	for f := range Fields {
		w[f] = m.weigh(f, e)
	}
	oneJob(w)
	if e.Swapped {
		w[Given]--
	}
	if e.Implied {
		if w[Email] > 0 {
			w[Email] *= 0.35
		}
		if e.Level[Email] == Variant || e.Level[Email] == Loose { // two namesakes would have it, too
			w[Email] = min(w[Email], m.weight[Email][Variant]+1.7, 0)
		}
	}
	// Names go with countries: one that agrees says where both are.
	if w[Country] > 0 && (w[Given] > 0 || w[Family] > 0) {
		w[Country] = 0
	}
	m.tied(e, w)
	onePlace(w)
}

// oneJob takes a change of the job once: company and title change with it.
func oneJob(w *[Fields]float32) {
	if w[Company] < 0 && w[Title] < 0 {
		w[Company], w[Title] = min(w[Company], w[Title]), 0
	}
}

// onePlace takes what is said of a place once: the rest of the address follows
// from its best part, and differs with its worst.
func onePlace(w *[Fields]float32) {
	fields := [...]Field{Street, City, Region, Postcode, Country}
	var top, next float32
	for _, f := range fields {
		if w[f] > top {
			top, next = w[f], top
		} else if w[f] > next {
			next = w[f]
		}
	}
	firstTop, firstNext := true, true
	for _, f := range fields {
		switch {
		case w[f] <= 0:
		case w[f] == top && firstTop:
			firstTop = false
		case w[f] == next && firstNext:
			firstNext = false
			w[f] *= 0.4
		default:
			w[f] *= 0.15
		}
	}
	low, worst := float32(0), Street
	for _, f := range fields {
		if w[f] < low {
			low, worst = w[f], f
		}
	}
	for _, f := range fields {
		if f != worst && w[f] < 0 {
			w[f] *= 0.5
		}
	}
}

// stories are the scores against each other story: chance, one household, one
// office, one mailbox.
func (m *Model) stories(e *Evidence, w *[Fields]float32, prior float32) (total, home, work, box float32) {
	total, home, work, box = prior, float32(m.Home), float32(m.Work), float32(m.Box)
	if e.Level[Given] == Missing && e.Level[Family] != Differ && e.Level[Org] == Missing {
		home, work = home+nameless, work+nameless
	}
	if w[Email] <= 0 { // no mailbox to share
		box = 99
	}
	given, family := m.homely(e, w)
	home -= given
	work -= given + family
	for f, b := range w {
		total += b
		h, o := together(Field(f))
		if Field(f) == Proof && e.Level[Proof] == Variant { // each of a household may have shown that the phone is theirs
			h = true
		}
		if !h {
			home += b
		}
		if !o {
			work += b
		}
		if h || Field(f) == Email {
			box += min(b, 0)
		} else {
			box += b
		}
	}
	return
}

// score is how likely it is that both records are of one entity, in bits: 0 is
// one to one, 10 a thousand to one. It is that against the best other story.
func (m *Model) score(e *Evidence, w *[Fields]float32, prior float32) float32 {
	total, home, work, box := m.stories(e, w, prior)
	return min(total, home, work, box)
}

// fewest is the size that a table is taken to have at least: a few records are
// a glimpse of more, not a world in which each is likely to be met again.
const fewest = 300

// prior is the score of two records of a table of n of which nothing is known.
func (m *Model) prior(n int) float32 {
	n = max(n, fewest)
	return float32(math.Log2(2 * m.Pairs / float64(n-1)))
}
