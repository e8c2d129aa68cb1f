package search

import (
	"bytes"
	"hash/maphash"
	"iter"
	"math/bits"
	"slices"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
)

// Index holds the words and digits of contacts in memory, to find the few that
// a query can match. It answers with candidates; [Query.Match] decides.
//
// An Index is current after each Put and Remove. It is not safe for concurrent
// use: guard it with the lock of the store that it belongs to. Candidates may
// run beside Candidates, but not beside Put or Remove, and neither may the
// loop over what it returned.
//
// It keeps the ids it is given, sharing their memory, and nothing else of the
// contacts. The zero Index is not ready: use [NewIndex].
//
// Inside, each Put makes a new document with the next number. Documents gather
// in an open tier; a full tier is sealed into a segment, a sorted dictionary
// with lists of document numbers, and segments of like size are merged, so
// that every document is written a few times only. Old versions of a contact
// and removed ones are marked and left out when segments merge.
type Index struct {
	seed  maphash.Seed
	ids   []contacts.ID // by document number; "" for a dead document
	slots []uint32      // hash table of document numbers + 1, in open addressing
	used  int           // slots in use, markers of removed ones included
	live  int
	segs  []*segment
	open  tier
	text  []byte
}

// removedSlot marks a slot of the hash table whose document went away.
const removedSlot = 1<<32 - 1

// NewIndex returns an empty index.
func NewIndex() *Index {
	x := &Index{seed: maphash.MakeSeed()}
	x.open.reset()
	return x
}

// Len is the number of contacts in the index.
func (x *Index) Len() int { return x.live }

// Put adds a contact, or replaces the one with its id. The contact must be
// normalised. Its state does not matter: a query decides by it.
func (x *Index) Put(c *contacts.Contact) {
	x.Remove(c.ID)
	doc := uint32(len(x.ids))
	x.ids = append(x.ids, c.ID)
	x.insert(c.ID, doc)
	x.live++
	x.text = Text(x.text[:0], c)
	x.open.add(doc, x.text)
	if x.open.docs >= tierSize {
		x.seal()
	}
}

// Remove takes a contact out. An unknown id is no fault.
func (x *Index) Remove(id contacts.ID) {
	if len(x.slots) == 0 {
		return
	}
	if i := x.slot(id); x.slots[i] != 0 {
		doc := x.slots[i] - 1
		x.slots[i] = removedSlot
		x.ids[doc] = ""
		x.live--
	}
}

// slot finds the place of an id in the hash table: the one that has it, or an
// empty one.
func (x *Index) slot(id contacts.ID) uint64 {
	mask := uint64(len(x.slots) - 1)
	i := maphash.String(x.seed, string(id)) & mask
	for x.slots[i] != 0 && (x.slots[i] == removedSlot || x.ids[x.slots[i]-1] != id) {
		i = (i + 1) & mask
	}
	return i
}

func (x *Index) insert(id contacts.ID, doc uint32) {
	if (x.used+1)*4 > len(x.slots)*3 {
		x.rehash()
	}
	i := x.slot(id)
	x.slots[i] = doc + 1
	x.used++
}

// rehash makes the hash table anew, for the live documents but the newest.
func (x *Index) rehash() {
	size := 64
	for size < 2*(x.live+1) {
		size *= 2
	}
	x.slots = make([]uint32, size)
	x.used = 0
	for doc, id := range x.ids {
		if id != "" && doc < len(x.ids)-1 {
			x.slots[x.slot(id)] = uint32(doc) + 1
			x.used++
		}
	}
}

// seal turns the open tier into a segment and merges segments until each is
// much larger than the next.
func (x *Index) seal() {
	x.segs = append(x.segs, x.open.segment())
	x.open.reset()
	for {
		n := len(x.segs)
		same := 1
		for same < n && x.segs[n-1-same].docs < x.segs[n-1].docs*2 {
			same++
		}
		if same < mergeWidth {
			break
		}
		x.segs = append(x.segs[:n-same], mergeSegments(x.segs[n-same:], func(doc uint32) bool { return x.ids[doc] != "" }))
	}
	if len(x.ids) > 2*x.live+4*tierSize {
		x.compact()
	}
}

// compact numbers the documents anew when most of them are dead.
func (x *Index) compact() {
	number := make([]uint32, len(x.ids))
	n := uint32(0)
	for doc, id := range x.ids {
		if number[doc] = dead; id != "" {
			number[doc] = n
			x.ids[n] = id
			n++
		}
	}
	clear(x.ids[n:])
	x.ids = slices.Clip(slices.Clone(x.ids[:n]))
	all := mergeSegments(x.segs, func(doc uint32) bool { return number[doc] != dead })
	all.renumber(number)
	x.segs = []*segment{all}
	x.ids = append(x.ids, "") // rehash leaves the newest document out
	x.rehash()
	x.ids = x.ids[:n]
}

const dead = 1<<32 - 1

// Candidates yields the ids of contacts among which are all that match the
// query, each once, in no stated order. It returns false where the index
// cannot narrow the query: then the caller looks at all contacts.
func (x *Index) Candidates(q *Query) (iter.Seq[contacts.ID], bool) {
	type clause struct {
		alternatives [][]lookup
		size         int
	}
	var clauses []clause
needs:
	for _, texts := range q.Needs() {
		c := clause{}
		for _, s := range texts {
			look := lookups(s)
			if look == nil {
				continue needs
			}
			c.alternatives = append(c.alternatives, look)
			c.size += x.size(look)
		}
		clauses = append(clauses, c)
	}
	if len(clauses) == 0 {
		return nil, false
	}
	slices.SortStableFunc(clauses, func(a, b clause) int { return a.size - b.size })
	docs := x.union(clauses[0].alternatives)
	for _, c := range clauses[1:] {
		if c.size > skipFactor*len(docs)+64 {
			break // cheaper to ask Match
		}
		docs = intersect(docs, x.union(c.alternatives))
	}
	return func(yield func(contacts.ID) bool) {
		for _, doc := range docs {
			if id := x.ids[doc]; id != "" && !yield(id) {
				return
			}
		}
	}, true
}

// skipFactor is how many postings are worth reading to rule out one candidate.
const skipFactor = 32

// union is the documents that have all lookups of any of the alternatives.
func (x *Index) union(alternatives [][]lookup) []uint32 {
	var all []uint32
	for _, look := range alternatives {
		slices.SortStableFunc(look, func(a, b lookup) int { return x.size1(a) - x.size1(b) })
		docs := x.docs(look[0])
		for _, l := range look[1:] {
			if x.size1(l) > skipFactor*len(docs)+64 {
				break
			}
			docs = intersect(docs, x.docs(l))
		}
		all = append(all, docs...)
	}
	if len(alternatives) > 1 {
		slices.Sort(all)
		all = slices.Compact(all)
	}
	return all
}

// docs is the documents of one lookup in ascending order.
func (x *Index) docs(l lookup) []uint32 {
	var all []uint32
	if n := x.size1(l); l.prefix && n > manyPostings {
		return x.manyDocs(l, n)
	}
	for _, s := range x.segs {
		all = s.collect(all, l)
	}
	return x.open.collect(all, l)
}

// manyPostings is the number from which marking bits beats sorting.
const manyPostings = 1024

// manyDocs is docs for words with many documents.
func (x *Index) manyDocs(l lookup, n int) []uint32 {
	marks := make([]uint64, len(x.ids)/64+1)
	for _, s := range x.segs {
		s.mark(marks, l)
	}
	for _, doc := range x.open.collect(nil, l) {
		marks[doc/64] |= 1 << (doc % 64)
	}
	all := make([]uint32, 0, min(n, x.live))
	for i, w := range marks {
		for ; w != 0; w &= w - 1 {
			all = append(all, uint32(i*64+bits.TrailingZeros64(w)))
		}
	}
	return all
}

// size bounds the postings of lookups that must all hold.
func (x *Index) size(look []lookup) int {
	least := x.size1(look[0])
	for _, l := range look[1:] {
		least = min(least, x.size1(l))
	}
	return least
}

func (x *Index) size1(l lookup) int {
	n := x.open.docs
	for _, s := range x.segs {
		n += s.size(l)
	}
	return n
}

// lookup asks for the documents with a word, with a word that begins so, or
// with three digits in a row in a phone number.
type lookup struct {
	word   string
	prefix bool
	gram   int // where word is empty
}

// lookups takes one text of [Query.Needs] apart; nil where it is too short.
func lookups(need string) []lookup {
	var list []lookup
	if need[0] == ' ' {
		words := strings.Fields(need)
		for i, w := range words {
			list = append(list, lookup{word: w, prefix: i == len(words)-1 && need[len(need)-1] != ' '})
		}
		return list
	}
	d := strings.Trim(need, anchor)
	if strings.Trim(d, "0123456789") != "" || need[0] != anchor[0] && len(d) < len(need) {
		return nil
	}
	for i := 0; i+3 <= len(d); i++ {
		l := lookup{gram: gram(d[i:])}
		if !slices.Contains(list, l) {
			list = append(list, l)
		}
	}
	return list
}

// gram is the number that three digits are.
func gram[T string | []byte](d T) int {
	return int(d[0]-'0')*100 + int(d[1]-'0')*10 + int(d[2]-'0')
}

// terms calls word for every word of a search text and digits for every three
// digits in a row, repetitions included.
func terms(text []byte, word func([]byte), digits func(int)) {
	end := bytes.IndexByte(text, anchor[0])
	if end < 0 {
		end = len(text)
	}
	for i, j := 0, 0; j < end; j++ {
		if text[j] == ' ' {
			if j > i {
				word(text[i:j])
			}
			i = j + 1
		}
	}
	for i := end; i+3 <= len(text); i++ {
		if text[i] != anchor[0] && text[i+1] != anchor[0] && text[i+2] != anchor[0] {
			digits(gram(text[i:]))
		}
	}
}

// intersect keeps of a what is in b; both ascend.
func intersect(a, b []uint32) []uint32 {
	out := a[:0]
	j := 0
	for _, doc := range a {
		for j < len(b) && b[j] < doc {
			j++
		}
		if j == len(b) {
			break
		}
		if b[j] == doc {
			out = append(out, doc)
		}
	}
	return out
}
