package search

import (
	"bytes"
	"context"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
)

// anewDocs is the number of documents up to which a segment is made anew where
// something has to leave it. In a larger one the blocks that hold something of it
// are written anew, so that an erasure costs reading the segment and writing
// little.
const anewDocs = 512

// Without is the change by which nothing of contacts is left in the segments
// but what read yields. Blocks with the same numbers as before may be among those to be
// written: who has read one may go on with it, it is only richer. The manifest is
// always another one, so that who has made a change of the one before sees it.
func (x *Stored) Without(ctx context.Context, ids []contacts.ID, read ReadContacts) (*Change, error) {
	docs, err := x.find(ctx, ids)
	if err != nil {
		return nil, err
	}
	w := &rewriting{read: read, dead: map[*storedSegment][]uint32{}}
	for i, s := range x.segs {
		var gone []uint32
		for k, doc := range docs[i] {
			if doc < 0 {
				continue
			}
			gone = append(gone, uint32(doc))
			if !s.dead.has(uint32(doc)) {
				w.ids = append(w.ids, ids[k])
			}
		}
		if len(gone) == 0 {
			continue
		}
		slices.Sort(gone)
		e := &emptying{x: x, s: s, gone: newBitset(s.docs), words: map[string][]byte{}}
		for _, doc := range gone {
			e.gone.set(doc)
		}
		ok := false
		if s.docs > anewDocs {
			if ok, err = e.blocks(ctx, gone); err != nil {
				return nil, err
			}
		}
		if !ok {
			w.segs = append(w.segs, s)
			continue
		}
		w.dead[s] = gone
		w.change.Drop = append(w.change.Drop, e.change.Drop...)
		w.change.Numbers = append(w.change.Numbers, e.change.Numbers...)
		w.change.Blocks = append(w.change.Blocks, e.change.Blocks...)
	}
	if n := len(x.segs); len(w.dead) > 0 && len(w.segs) == 0 && x.segs[n-1].docs <= anewDocs {
		w.segs = x.segs[n-1:] // what read yields joins it
	}
	return x.rewrite(ctx, w)
}

// emptying takes documents out of the blocks of a segment. They stay as dead ones,
// of which nothing is known.
type emptying struct {
	x      *Stored
	s      *storedSegment
	gone   bitset
	words  map[string][]byte // the entries of words that had one of them, nil of none left
	change Change
}

// blocks writes anew what holds something of the documents; false where a block
// of keys would be left without any, which is too rare to serve.
func (e *emptying) blocks(ctx context.Context, gone []uint32) (ok bool, err error) {
	firsts, orders := slices.Clone(e.s.firsts), slices.Clone(e.s.orders)
	err = e.keys(ctx, e.s.at([]byte{wordKey}), func(_ int, b *keyBlock) {
		for i := range b.ends {
			if key := b.key(i); key[0] == wordKey {
				if entry, changed := e.entry(b.value(i)); changed {
					e.words[string(key[1:])] = entry
				}
			}
		}
	})
	if err != nil {
		return false, err
	}
	ok = true
	err = e.keys(ctx, 0, func(n int, b *keyBlock) {
		w := &blockWriter{}
		changed := false
		for i := range b.ends {
			value, other := e.value(b.key(i), b.value(i))
			if changed = changed || other; value != nil {
				w.put(b.key(i), value)
			}
		}
		if !changed {
			return
		}
		if len(w.firsts) == 0 {
			ok = false
			return
		}
		firsts[n] = string(w.firsts[0])
		e.write(1+n, w.block)
	})
	if err != nil || !ok {
		return false, err
	}
	if err := e.documents(ctx, gone, orders); err != nil {
		return false, err
	}
	e.write(0, indexBlock(e.s.docs, e.s.shortest, e.s.hidden, firsts, orders))
	return true, nil
}

// keys reads the blocks of keys, from one on.
func (e *emptying) keys(ctx context.Context, from int, f func(n int, b *keyBlock)) error {
	const step = 256
	for ; from < len(e.s.firsts); from += step {
		var numbers []int64
		for n := from; n < min(from+step, len(e.s.firsts)); n++ {
			numbers = append(numbers, e.s.block(1+n))
		}
		list, err := e.x.fetch(ctx, numbers)
		if err != nil {
			return err
		}
		for i, data := range list {
			b, err := parseKeyBlock(data)
			if err != nil {
				return err
			}
			f(from+i, b)
		}
	}
	return nil
}

// value is what is left of the value of a key, nil for nothing.
func (e *emptying) value(key, value []byte) (left []byte, changed bool) {
	switch key[0] {
	case gramKey:
		return e.list(value)
	case idKey: // who knows the version before finds the document by it, to take it out
		return value, false
	case endKey, longKey:
		word := key[1:]
		if key[0] == endKey {
			word = key[bytes.IndexByte(key, 0)+1:]
		}
		if entry, had := e.words[string(word)]; had {
			if entry == nil {
				return nil, true
			}
			return endValue(entry), true
		}
	default:
		return e.entry(value)
	}
	return value, false
}

// list is a list without the documents, nil for an empty one.
func (e *emptying) list(list []byte) (left []byte, changed bool) {
	doc := uint32(0)
	for rest := list; len(rest) > 0; {
		var d uint32
		d, rest = nextDelta(rest)
		if doc += d; e.gone.has(doc) {
			return appendDeltas(nil, e.left(list)), true
		}
	}
	return list, false
}

func (e *emptying) left(list []byte) (docs []uint32) {
	doc := uint32(0)
	for len(list) > 0 {
		var d uint32
		d, list = nextDelta(list)
		if doc += d; !e.gone.has(doc) {
			docs = append(docs, doc)
		}
	}
	return docs
}

// entry is an entry of a table without the documents, nil for one without any.
func (e *emptying) entry(entry []byte) (left []byte, changed bool) {
	t := table{data: entry, list: []uint32{0, uint32(len(entry))}}
	for place := range places {
		_, other := e.list(t.docs(0, place))
		changed = changed || other
	}
	if !changed {
		return entry, false
	}
	var lists [places][]uint32
	some := false
	for place := range places {
		lists[place] = e.left(t.docs(0, place))
		some = some || len(lists[place]) > 0
	}
	if !some {
		return nil, true
	}
	var one table
	one.add(nil, &lists)
	return one.data, true
}

// documents takes the digits from the documents, and gives them the place in
// the order of the one before, which keeps the order.
func (e *emptying) documents(ctx context.Context, gone []uint32, orders []string) error {
	var numbers []int64
	for _, doc := range gone {
		numbers = append(numbers, e.s.docBlock(doc), e.s.docBlock(max(doc, 1)-1))
	}
	slices.Sort(numbers)
	numbers = slices.Compact(numbers)
	list, err := e.x.fetch(ctx, numbers)
	if err != nil {
		return err
	}
	var before []byte
	for i, data := range list {
		n := int(numbers[i] - e.s.docBlock(0))
		from := uint32(n * blockDocs)
		var w docWriter
		b := &keyBlock{data: data}
		changed := false
		for doc := from; doc < min(from+blockDocs, uint32(e.s.docs)); doc++ {
			order, digits, ok := b.doc(doc)
			if !ok {
				return damaged("a block of documents")
			}
			if e.gone.has(doc) {
				if changed = true; doc == 0 {
					before = append([]byte{1, 1}, orderID(order)...)
				}
				order, digits = before, nil
			}
			w.add(order, digits)
			before = order
		}
		if changed {
			first, _, _ := (&keyBlock{data: w.block()}).doc(from)
			orders[n] = string(first)
			e.write(1+len(e.s.firsts)+n, w.block())
		}
	}
	return nil
}

// write notes a block to be written in the place of the one there was.
func (e *emptying) write(n int, block []byte) {
	number := e.s.block(n)
	e.change.Drop = append(e.change.Drop, [2]int64{number, number + 1})
	e.change.Numbers = append(e.change.Numbers, number)
	e.change.Blocks = append(e.change.Blocks, withSum(block))
}
