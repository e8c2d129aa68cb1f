package search

import (
	"cmp"
	"math"
	"slices"
)

// words are the free words that rank the matches, each by itself; none where
// something else ranks them too, such as a phrase, or a choice between words.
func (q *Query) words() (list []*wordMatch) {
	if w, _ := q.single(); w != nil {
		return []*wordMatch{w}
	}
	if q.root == nil || q.root.kind != andNode || len(q.root.runs) > 0 {
		return nil
	}
	for _, k := range q.root.kids {
		if !k.free || k.kind == notNode {
			continue
		}
		w, _ := (&Query{root: k}).single()
		if w == nil {
			return nil
		}
		list = append(list, w)
	}
	return list
}

// enough is the least score of all matches of n words that are found when each
// word was looked for in the ways of a stage: of what is missing then, one word
// has a lesser way, and the others have the best one at most.
func enough(stage, n int) int {
	if stage == lastStage {
		return 0
	}
	return (n-1)*score(byExact, nameRank) + stageEnds[stage]
}

// tally adds the scores of several words up, of documents that may have them all.
type tally struct {
	docs   []uint32
	scores []int32 // by document, of docs alone
	left   bitset  // where the word at hand was not found yet
}

// take adds a score to the documents of the lists that have none of this word.
func (t *tally) take(f *finder, lists [][]byte, sc int) {
	for _, list := range lists {
		doc := uint32(0)
		for len(list) > 0 {
			var d uint32
			d, list = nextDelta(list)
			doc += d
			if !t.left.has(doc) || len(f.frags) > 0 && !f.s.holds(doc, f.frags) {
				continue
			}
			t.left[doc/64] &^= 1 << (doc % 64)
			t.scores[doc] += int32(sc)
		}
	}
}

// sum finds the best k documents for some words.
func (f *finder) sum(words []*wordMatch) {
	f.hits, f.filters, f.checked = f.hits[:0], f.filters[:0], false
	left := f.candidates(f.q.root) // a word narrows always
	defer f.free(left)
	t := &f.several
	t.left, t.docs = left, t.docs[:0]
	for i, w := range left {
		t.docs = appendBits(t.docs, w, i)
	}
	t.docs = slices.DeleteFunc(t.docs, func(doc uint32) bool { return !f.counts(doc) })
	if len(t.scores) < f.s.docs {
		t.scores = make([]int32, f.s.docs)
	}
	for _, doc := range t.docs {
		t.scores[doc] = 0
	}
	at := f.at
	f.at, f.tally = math.MaxInt, t
	for _, w := range words {
		clear(left)
		for _, doc := range t.docs {
			left.set(doc)
		}
		f.ready = [5]bool{}
		f.ranked(w)
		t.docs = slices.DeleteFunc(t.docs, left.has)
	}
	f.at, f.tally = at, nil
	for _, doc := range t.docs {
		if sc := int(t.scores[doc]); sc < f.at || sc == f.at && doc >= f.from {
			f.hits = append(f.hits, found{doc, sc})
		}
	}
	slices.SortStableFunc(f.hits, func(a, b found) int { return cmp.Compare(b.score, a.score) })
	f.hits = f.hits[:min(len(f.hits), f.k)]
}
