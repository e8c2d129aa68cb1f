package memstore

import "sync/atomic"

// What a batch writes stands there in versions before anybody sees it: readers
// read what was there after an entry of the log, the last one when they began.
// So no reader waits for a batch, and none sees a part of one.

// cell is a value with its versions: the last, and as long as a reader may want
// them those before it. One writer at a time puts values in.
type cell[T any] struct{ last atomic.Pointer[version[T]] }

type version[T any] struct {
	value  T
	seq    int64 // the entry of the batch
	before atomic.Pointer[version[T]]
}

// at returns the value as it was after an entry, the zero value where there was
// none.
func (c *cell[T]) at(seq int64) (value T) {
	v := c.last.Load()
	for v != nil && v.seq > seq {
		v = v.before.Load()
	}
	if v != nil {
		value = v.value
	}
	return value
}

// now is the last value, for the writer.
func (c *cell[T]) now() (value T) {
	if v := c.last.Load(); v != nil {
		value = v.value
	}
	return value
}

// put gives the cell another value, which readers see when the head is seq.
func (c *cell[T]) put(value T, seq int64, e *epoch) {
	old := c.last.Load()
	if old != nil && old.seq == seq { // nobody looks at it yet
		old.value = value
		return
	}
	v := &version[T]{value: value, seq: seq}
	if old != nil {
		v.before.Store(old)
		e.trail = append(e.trail, c)
	}
	c.last.Store(v)
}

func (c *cell[T]) trim() { c.last.Load().before.Store(nil) }

// epoch says which versions are read and which are kept.
type epoch struct {
	head  atomic.Int64 // the log entry up to which readers see versions
	floor atomic.Int64 // the entry before which versions may be gone
	pins  atomic.Int32 // reads that keep versions until they end

	trail []trimmer // what keeps versions besides the last
}

// trimmer lets go of the versions before the last.
type trimmer interface{ trim() }

// read calls f with the entry up to which it is to read, again with a later one
// where versions went while it read. Nobody waits for it nor does it wait; after
// a few tries it keeps the versions that it needs.
func (e *epoch) read(f func(seq int64)) {
	for range 3 {
		seq := e.head.Load()
		if f(seq); e.floor.Load() <= seq {
			return
		}
	}
	defer e.unpin()
	f(e.pin())
}

// pin keeps the versions of the last entry, which it returns, until unpin. A
// batch that has looked at the pins already lets go only of what is older.
func (e *epoch) pin() (seq int64) {
	e.pins.Add(1)
	return e.head.Load()
}

func (e *epoch) unpin() { e.pins.Add(-1) }

// begin lets go of the versions that nobody can want any more, before a batch
// writes new ones.
func (e *epoch) begin() {
	if len(e.trail) == 0 || e.pins.Load() > 0 {
		return
	}
	e.floor.Store(e.head.Load()) // before anything is gone
	for i, t := range e.trail {
		t.trim()
		e.trail[i] = nil
	}
	e.trail = e.trail[:0]
	if cap(e.trail) > 4*pageSize {
		e.trail = nil
	}
}

// list is what is only ever appended to, by one writer at a time.
type list[T any] struct{ p atomic.Pointer[[]T] }

// all are the elements so far.
func (l *list[T]) all() []T {
	if p := l.p.Load(); p != nil {
		return *p
	}
	return nil
}

func (l *list[T]) push(x T) {
	all := append(l.all(), x) // behind what readers have
	l.p.Store(&all)
}
