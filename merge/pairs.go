package merge

import (
	"hash/fnv"
	"iter"
	"slices"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
)

// DefaultMaxFanOut is the size up to which all members of a block are compared
// with each other.
const DefaultMaxFanOut = 20

// PairOptions are the settings of [Pairs]; the zero value has the defaults.
type PairOptions struct {
	// Min is the least score of a pair. Zero means 0.5: whatever is suspected
	// to be one person. A negative Min yields the related pairs, too.
	Min float64
	// Distinct reports pairs that are known to be two people and are left out.
	// It may be nil.
	Distinct func(a, b contacts.ID) bool
	// MaxFanOut is the number of contacts that a block may hold: more of them
	// with one key are not compared for that key's sake, and the key (a
	// switchboard, a common name) counts for little where other keys bring two
	// of them together. Zero means [DefaultMaxFanOut].
	MaxFanOut int
}

// Pairs finds the pairs of live contacts that may be the same person, the
// highest score first, then by ids; A is less than B. Contacts are compared
// where they share a block: an identity key, a name in any order of its words,
// last name and initial within a company, name and date of birth.
//
// It reads all of seq before it yields; it keeps of each contact what
// comparing needs. An error of seq is yielded alone, last. The same contacts
// give the same pairs, in whatever order they come.
func Pairs(seq iter.Seq2[*contacts.Contact, error], o PairOptions) iter.Seq2[Pair, error] {
	return func(yield func(Pair, error) bool) {
		var all []*profile
		for c, err := range seq {
			if err != nil {
				yield(Pair{}, err)
				return
			}
			if c != nil && c.State == contacts.Live {
				all = append(all, profileOf(c))
			}
		}
		for _, p := range link(all, o, func(_, _ *profile) bool { return true }) {
			if !yield(p, nil) {
				return
			}
		}
	}
}

// link compares the profiles that share a block and returns the pairs in
// order.
func link(all []*profile, o PairOptions, eligible func(a, b *profile) bool) []Pair {
	if o.Min == 0 {
		o.Min = scorePossible
	}
	if o.MaxFanOut <= 0 {
		o.MaxFanOut = DefaultMaxFanOut
	}
	slices.SortStableFunc(all, func(a, b *profile) int { return strings.Compare(string(a.id), string(b.id)) })
	blocks := make(map[uint64][]int32)
	var hashes []uint64
	for i, p := range all {
		hashes = p.blocks(hashes[:0])
		for _, h := range hashes {
			if b := blocks[h]; len(b) <= o.MaxFanOut && (len(b) == 0 || b[len(b)-1] != int32(i)) {
				blocks[h] = append(b, int32(i))
			}
		}
	}
	shared := func(k identifier) bool { return len(blocks[k.block()]) > o.MaxFanOut }
	seen := make(map[[2]int32]bool)
	var out []Pair
	for _, block := range blocks {
		if len(block) > o.MaxFanOut {
			continue
		}
		for i, x := range block {
			for _, y := range block[i+1:] {
				if seen[[2]int32{x, y}] {
					continue
				}
				seen[[2]int32{x, y}] = true
				a, b := all[x], all[y]
				if a.id == b.id || !eligible(a, b) || o.Distinct != nil && o.Distinct(a.id, b.id) {
					continue
				}
				if p, ok := compare(a, b, shared); ok && p.Score >= o.Min {
					out = append(out, p)
				}
			}
		}
	}
	slices.SortFunc(out, order)
	return out
}

// blocks appends the hashed blocking keys of a profile.
func (p *profile) blocks(dst []uint64) []uint64 {
	for _, k := range p.keys {
		dst = append(dst, k.block())
	}
	if strings.Contains(p.sorted, " ") {
		dst = append(dst, hash("name", p.sorted))
	}
	initial := ""
	for _, r := range p.given {
		initial = string(r)
		break
	}
	if p.family != "" && p.company != "" {
		dst = append(dst, hash("company", p.family, initial, p.company))
	}
	if !p.born.IsZero() {
		if p.family != "" {
			dst = append(dst, hash("born", p.born.String(), p.family))
		}
		if p.given != "" {
			dst = append(dst, hash("born", p.born.String(), p.given))
		}
	}
	for _, kind := range []Kind{Street, Postcode} {
		for _, v := range p.values[kind] {
			dst = append(dst, hash(string(kind), v, p.family))
		}
	}
	for _, v := range p.values[Text] {
		dst = append(dst, hash(string(Text), v))
	}
	return dst
}

func (k identifier) block() uint64 { return hash("key", string(k.class()), k.value) }

// hash joins the parts of a blocking key. Two keys with one hash cost a
// comparison, no more.
func hash(parts ...string) uint64 {
	h := fnv.New64a()
	for _, s := range parts {
		h.Write([]byte(s))
		h.Write([]byte{0})
	}
	return h.Sum64()
}
