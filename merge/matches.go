package merge

import (
	"cmp"
	"iter"
	"runtime"
	"slices"
	"sync"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/internal/linkage"
)

// FindOptions are the settings of a search for duplicates; the zero value has
// the defaults.
type FindOptions struct {
	// Min is the least score of a pair. Zero means 0.5: whatever is suspected
	// to be one person. A negative Min yields the related pairs, too.
	Min float64
	// Distinct reports pairs that are known to be two people. They are not
	// suspected, and never in one cluster. It may be nil; it is called from
	// several goroutines.
	Distinct func(a, b contacts.ID) bool
	// Across compares records of different sources only.
	Across bool
	// Model weighs what is found. Nil means [Shipped] for contacts, and for
	// records a model that is learnt from them.
	Model *Model
	// Learn has a model learnt from contacts, too, where Model is nil.
	Learn bool
}

// Matches are the duplicates that a search found. It may be read by several
// goroutines.
type Matches struct {
	ids   []contacts.ID
	found *linkage.Result
	min   float64
}

// Find searches contacts for duplicates. Contacts that are not live are left
// out. It keeps of each contact what comparing needs. The same contacts give
// the same matches, in whatever order they come and on any number of cores.
// The error is that of seq.
func Find(seq iter.Seq2[*contacts.Contact, error], o FindOptions) (*Matches, error) {
	if o.Model == nil && !o.Learn {
		o.Model = Shipped()
	}
	m := &Matches{}
	t := linkage.NewTable()
	defer t.Wait()
	for c, err := range seq {
		if err != nil {
			return nil, err
		}
		if c != nil && c.State == contacts.Live {
			m.ids = append(m.ids, c.ID)
			t.Add(0, contactTexts(c), false)
		}
	}
	m.sort(t, true)
	m.run(t, o)
	return m, nil
}

// sort brings what was added into the order of ids, so that the order in which
// it came does not count. Of one id the first may be kept alone.
func (m *Matches) sort(t *linkage.Table, once bool) {
	if sorted := slices.IsSorted(m.ids); sorted && !once {
		return
	}
	order := make([]uint32, len(m.ids))
	for i := range order {
		order[i] = uint32(i)
	}
	slices.SortStableFunc(order, func(a, b uint32) int { return cmp.Compare(m.ids[a], m.ids[b]) })
	if once {
		order = slices.CompactFunc(order, func(a, b uint32) bool { return m.ids[a] == m.ids[b] })
	}
	if len(order) == len(m.ids) && slices.IsSorted(order) {
		return
	}
	t.Reorder(order)
	ids := make([]contacts.ID, len(order))
	for i, n := range order {
		ids[i] = m.ids[n]
	}
	m.ids = ids
}

// FindRecords searches the rows of files for duplicates, as [Find] does for
// contacts. The values of [Name] are taken for the names of organisations where
// those of the first 10,000 records do not look like those of people.
func FindRecords(records iter.Seq2[Record, error], o FindOptions) (*Matches, error) {
	m := &Matches{}
	t := linkage.NewTable()
	defer t.Wait()
	sources := map[string]uint32{}
	var first []Record // until it is known what names they have
	var names []string
	known, org := false, false
	add := func(r *Record) {
		source, ok := sources[r.Source]
		if !ok {
			source = uint32(len(sources))
			sources[r.Source] = source
		}
		m.ids = append(m.ids, r.ID)
		t.Add(source, r.texts(), org)
	}
	decide := func() {
		known, org = true, linkage.Organisations(names)
		for i := range first {
			add(&first[i])
		}
		first, names = nil, nil
	}
	for r, err := range records {
		if err != nil {
			return nil, err
		}
		if known {
			add(&r)
			continue
		}
		first = append(first, r)
		if names = append(names, r.Values[Name]...); len(first) == firstRecords {
			decide()
		}
	}
	if !known {
		decide()
	}
	m.sort(t, false)
	m.run(t, o)
	return m, nil
}

// firstRecords is how many records tell whether names are of organisations.
const firstRecords = 10_000

func (m *Matches) run(t *linkage.Table, o FindOptions) {
	m.min = o.Min
	if m.min == 0 {
		m.min = scorePossible
	}
	lo := linkage.Options{Across: o.Across, Least: least, Keep: m.min < 0}
	if o.Model != nil {
		lo.Model = o.Model.weights()
	}
	if o.Distinct != nil {
		lo.Apart = func(a, b uint32) bool { return o.Distinct(m.ids[a], m.ids[b]) }
	}
	m.found = t.Run(lo)
}

// least is the score, in bits, of the pairs that count in clusters.
const least = -4

// Pairs yields the pairs that may be one person, the highest score first, then
// by ids; A is less than B.
func (m *Matches) Pairs() iter.Seq[Pair] {
	return func(yield func(Pair) bool) {
		size := 64 // of the next pairs that are explained, on all cores
		var edges []linkage.Edge
		for e := range m.edges() {
			if edges = append(edges, e); len(edges) < size {
				continue
			}
			if !m.explain(edges, yield) {
				return
			}
			edges, size = edges[:0], min(2*size, 4096)
		}
		m.explain(edges, yield)
	}
}

// edges yields the edges in the order of their pairs: those of one rounded
// score in the order of their ids.
func (m *Matches) edges() iter.Seq[linkage.Edge] {
	return func(yield func(linkage.Edge) bool) {
		var same []linkage.Edge
		for list := m.found.Edges; len(list) > 0; {
			n := 1
			score := probability(list[0].Bits)
			for n < len(list) && probability(list[n].Bits) == score {
				n++
			}
			if score < m.min && m.min >= 0 {
				return
			}
			same = append(same[:0], list[:n]...)
			slices.SortFunc(same, func(a, b linkage.Edge) int { return cmp.Or(cmp.Compare(a.A, b.A), cmp.Compare(a.B, b.B)) })
			for _, e := range same {
				if !yield(e) {
					return
				}
			}
			list = list[n:]
		}
	}
}

// explain yields the pairs of edges, as far as they are suspected, and reports
// whether more are wanted.
func (m *Matches) explain(edges []linkage.Edge, yield func(Pair) bool) bool {
	pairs := make([]Pair, len(edges))
	cores := runtime.GOMAXPROCS(0)
	var wg sync.WaitGroup
	for c := range cores {
		wg.Go(func() {
			for i := len(edges) * c / cores; i < len(edges)*(c+1)/cores; i++ {
				pairs[i] = m.pair(edges[i])
			}
		})
	}
	wg.Wait()
	for _, p := range pairs {
		if p.Verdict != 0 && !yield(p) {
			return false
		}
	}
	return true
}

// Compared is the number of pairs that were compared.
func (m *Matches) Compared() int64 { return m.found.Compared }

// Len is the number of contacts or records that were searched.
func (m *Matches) Len() int { return len(m.ids) }

// Clusters groups what is one person: two groups become one as long as their
// pairs speak for it on average, those that share nothing included, so that a
// chain of likenesses does not tie strangers together. Clusters of one are left
// out. Clusters and their members are in ascending order of id.
func (m *Matches) Clusters() [][]contacts.ID { return m.ClustersAbove(scorePossible) }

// ClustersAbove is Clusters of those that hang together with at least the given
// confidence, 0 to 1.
func (m *Matches) ClustersAbove(score float64) [][]contacts.ID {
	group := m.found.Clusters(linkage.Bits(score))
	size := make([]uint32, len(group))
	for _, g := range group {
		size[g]++
	}
	var out [][]contacts.ID
	at := make([]int, len(group)) // of each group in out
	for i, g := range group {     // groups are named by their first one, and ids are in order
		switch {
		case size[g] == 1:
			continue
		case g == uint32(i):
			at[g] = len(out)
			out = append(out, make([]contacts.ID, 0, size[g]))
		}
		out[at[g]] = append(out[at[g]], m.ids[i])
	}
	return out
}

// Model is the model that weighed what was found.
func (m *Matches) Model() *Model { return &Model{m.found.Model} }

// Pairs searches contacts for duplicates and yields the pairs; see [Find]. An
// error of seq is yielded alone, last.
func Pairs(seq iter.Seq2[*contacts.Contact, error], o FindOptions) iter.Seq2[Pair, error] {
	return pairsOf(func() (*Matches, error) { return Find(seq, o) })
}

// Link searches records for duplicates and yields the pairs; see [FindRecords].
func Link(records iter.Seq2[Record, error], o FindOptions) iter.Seq2[Pair, error] {
	return pairsOf(func() (*Matches, error) { return FindRecords(records, o) })
}

func pairsOf(find func() (*Matches, error)) iter.Seq2[Pair, error] {
	return func(yield func(Pair, error) bool) {
		m, err := find()
		if err != nil {
			yield(Pair{}, err)
			return
		}
		for p := range m.Pairs() {
			if !yield(p, nil) {
				return
			}
		}
	}
}
