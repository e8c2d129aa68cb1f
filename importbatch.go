package extcontacts

import (
	"context"
	"hash/maphash"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/csvio"
	"github.com/extcontacts/extcontacts/store"
)

// outcome is what becomes of a row; each row has exactly one.
type outcome uint8

const (
	skipped outcome = iota
	created
	updated
	unchanged
	rejected
)

// importRow is a row of the batch that is being put together.
type importRow struct {
	row, line int
	contact   *contacts.Contact
	clear     []*contacts.Field
	filled    bool
	bad       bool           // decoding found faults already
	faults    []*csvio.Fault // those of decoding
	proposals []csvio.Proposal
	keys      []contacts.Key
	hashes    []uint64 // of the keys
	asked     bool     // the store is asked for some of the keys

	primaryPhone, primaryEmail bool // the file calls a value of the row so

	outcome outcome
	labels  []string       // the contact's, spelled as the workspace does
	also    []*csvio.Fault // those found in placing the row; found anew at each attempt
	// What placing the row found out, too: the contact it is about and the
	// first row about it, those in its way and, where Each is to be told, what
	// it changes.
	about    contacts.ID
	first    int
	collides []contacts.ID
	changes  []contacts.Change
	flag     contacts.KeyKind // of an identifier of somebody who was erased
}

// work is a contact that the batch writes.
type work struct {
	old, now *contacts.Contact
	keys     []contacts.Key // of now
	hashes   []uint64       // of the keys
	at       int32          // its place in overlay.order
	place    int32          // that in newKeys
}

// overlay is what an import has done and not yet, or in a dry run never,
// written.
type overlay struct {
	byID  map[contacts.ID]*work
	order []*work
	// first holds, by the hash of a key, the place in order of its first
	// holder, more the further ones. A place may be that of another key with
	// the same hash: who looks there asks whether it holds the key. Both are
	// empty where newKeys has them.
	first map[uint64]int32
	more  map[contacts.Key][]contacts.ID
	// labels are those new to the workspace in the order they came, spelling
	// their names by [labelKey].
	labels   []string
	spelling map[string]string
}

// empty makes the overlay one with room for the contacts of so many rows.
func (ov *overlay) empty(rows int) {
	if ov.byID == nil {
		ov.byID, ov.spelling = make(map[contacts.ID]*work, rows), map[string]string{}
	}
	clear(ov.byID)
	clear(ov.spelling)
	clear(ov.order)
	ov.order, ov.labels, ov.first, ov.more = slices.Grow(ov.order[:0], rows), nil, nil, nil
}

// put takes over a contact that is new or was changed again.
func (ov *overlay) put(w *work) {
	id := w.now.ID
	if ov.byID[id] == nil {
		ov.byID[id] = w
		w.at = int32(len(ov.order))
		ov.order = append(ov.order, w)
	}
}

// index notes who holds the keys of a contact.
func (ov *overlay) index(w *work) {
	if ov.first == nil {
		ov.first, ov.more = make(map[uint64]int32, 5*cap(ov.order)), map[contacts.Key][]contacts.ID{}
	}
	for i, k := range w.keys {
		h := w.hashes[i]
		switch at, held := ov.first[h]; {
		case !held:
			ov.first[h] = w.at
		case ov.order[at].now.ID != w.now.ID && !slices.Contains(ov.more[k], w.now.ID):
			ov.more[k] = append(ov.more[k], w.now.ID)
		}
	}
}

// holders are the contacts that held a key, of that hash, at some time.
func (ov *overlay) holders(k contacts.Key, hash uint64) []contacts.ID {
	at, held := ov.first[hash]
	if !held {
		return nil
	}
	return append([]contacts.ID{ov.order[at].now.ID}, ov.more[k]...)
}

// batch is a run of rows that go in together.
type batch struct {
	im   *importer
	rows []importRow
	recs []csvio.Record // copies of the rows' records, for the error log
	keys []contacts.Key // those of the rows
	// hashes are those of the keys, which are looked for in one place after
	// the other.
	hashes []uint64

	over   overlay
	known  map[contacts.Key][]contacts.ID    // what the store answers to the rows' keys
	crowds map[uint64]crowdIndex             // by the hash of the key
	stored map[contacts.ID]*contacts.Contact // the contacts of these answers
	filled int
	claims claims // those of the rows, until the batch is written

	last     bool   // with it the import ends
	read     int64  // the bytes of the file up to its end
	sum      rowSum // of the rows up to its end
	prev     *batch // the one that is being written while this one is decided
	from, to stand  // before and behind it
	rejected []Rejection
	sb       *store.Batch // what is to be written; nil for nothing
	apply    func(context.Context) (store.Result, error)
	ahead    bool // the next batch may be decided while this one is written

	// made and works are memory of what the overlay has, puts and changes that
	// of sb.
	made    slab[contacts.Contact]
	works   slab[work]
	puts    []store.Put
	changes []contacts.Change
}

func newBatch(im *importer) *batch {
	b := &batch{im: im}
	b.over.empty(0)
	return b
}

// reset makes room for other rows, in the memory of those that the batch had.
// In a dry run what it would have written stays, and its contacts have the keys.
func (b *batch) reset() {
	if b.im.o.DryRun {
		clear(b.rows)
		b.rows, b.keys, b.hashes = b.rows[:0], nil, nil
		return
	}
	b.forget()
	for i := range b.rows {
		b.im.decoder.Recycle(b.rows[i].contact)
	}
	clear(b.rows)
	b.rows, b.keys, b.hashes = b.rows[:0], b.keys[:0], b.hashes[:0]
	b.known, b.stored, b.rejected, b.apply = nil, nil, nil, nil
}

// makeRoom makes room for so many rows.
func (b *batch) makeRoom(rows int) {
	const usual, most = 4, 10_000 // keys of a row; rows that there is room for before they come
	if b.im.o.DryRun {            // what it has stays
		return
	}
	rows = min(rows, most)
	b.rows = slices.Grow(b.rows, rows)
	b.keys, b.hashes = slices.Grow(b.keys, usual*rows), slices.Grow(b.hashes, usual*rows)
}

// forget takes back what was decided about the rows: nobody uses it any more.
func (b *batch) forget() {
	b.over.empty(len(b.rows))
	b.made.reset()
	b.works.reset()
	clear(b.puts)
	clear(b.changes)
	b.puts, b.changes, b.sb = b.puts[:0], b.changes[:0], nil
}

// slab is memory for values that are all given up at once.
type slab[T any] struct {
	blocks [][]T
	used   int
}

const slabBlock = 128

func (s *slab[T]) next() *T {
	n := s.used / slabBlock
	if n == len(s.blocks) {
		s.blocks = append(s.blocks, make([]T, slabBlock))
	}
	v := &s.blocks[n][s.used%slabBlock]
	s.used++
	return v
}

func (s *slab[T]) reset() {
	for _, block := range s.blocks[:(s.used+slabBlock-1)/slabBlock] {
		clear(block)
	}
	s.used = 0
}

// add decodes a record into the batch.
func (b *batch) add(rec *csvio.Record) error {
	im := b.im
	row := im.decoder.Decode(rec)
	var proposals []csvio.Proposal
	if row.Rejected() && im.doctor != nil {
		row, proposals = im.treat(rec, row)
	}
	r := importRow{row: row.Row, line: row.Line, faults: row.Faults, bad: row.Rejected(), proposals: proposals}
	im.sum.add(rec.Raw())
	if im.log != nil {
		if n := len(b.rows); n == len(b.recs) {
			b.recs = append(b.recs, csvio.Record{})
		}
		rec.CopyTo(&b.recs[len(b.rows)])
	}
	if c := row.Contact; r.bad {
		im.decoder.Recycle(c)
	} else if c != nil {
		r.contact = c
		r.clear = slices.Collect(row.Clear.All())
		r.filled = c.LastName == "" && !im.o.RejectNoLastName
		r.primaryPhone, r.primaryEmail = row.PrimaryPhone, row.PrimaryEmail
		if len(r.clear) == 0 || !allBlank(c) {
			n := len(b.keys)
			if r.filled { // the name that it would be created with is a key
				c.LastName = im.o.LastName
			}
			b.keys = contacts.Keys(b.keys, c, im.schema.schema.UniqueFields()...)
			if r.filled {
				c.LastName = ""
			}
			r.keys = b.keys[n:len(b.keys):len(b.keys)]
			b.hashes = im.hashes(b.hashes, r.keys)
			r.hashes = b.hashes[n:len(b.hashes):len(b.hashes)]
		}
	}
	b.rows = append(b.rows, r)
	return nil
}

// treat mends a damaged row as far as the options ask for it, and else looks
// for repairs to propose.
func (im *importer) treat(rec *csvio.Record, row *csvio.Row) (*csvio.Row, []csvio.Proposal) {
	if im.o.Repair > 0 {
		if done, ok := im.doctor.Mend(rec, im.o.Repair, &im.fixed); ok {
			if room := MaxRejections - len(im.report.Repaired); room > 0 {
				im.report.Repaired = append(im.report.Repaired, done[:min(room, len(done))]...)
			}
			return im.decoder.Decode(&im.fixed), nil
		}
	}
	if im.o.DryRun && im.proposed < MaxRejections {
		im.proposed++
		return row, im.doctor.Propose(rec)
	}
	return row, nil
}

func allBlank(c *contacts.Contact) bool { return c.Equal(&contacts.Contact{}) }

// lookUp finds out, in one go, who may hold the keys of the rows, and reads the
// contacts that the store has of them.
func (b *batch) lookUp(ctx context.Context) error {
	st, ws := b.im.s.st(), b.im.s.ws()
	b.known = make(map[contacts.Key][]contacts.ID)
	b.stored = map[contacts.ID]*contacts.Contact{}
	var ids []contacts.ID
	if f := b.im.fresh; f.knowsHolders() {
		crowds := map[uint64]bool{} // that were looked at
		for _, hash := range b.hashes {
			if f.many(hash) {
				if crowds[hash] {
					continue
				}
				crowds[hash] = true
			}
			for _, id := range f.holders(hash) {
				if b.work(id) == nil {
					ids = append(ids, id)
				}
			}
		}
	} else {
		keys := b.asked()
		if len(keys) == 0 {
			return nil
		}
		found, err := st.Lookup(ctx, ws, keys...)
		if err != nil {
			return err
		}
		for i, holders := range found {
			if len(holders) > 0 {
				b.known[keys[i]] = holders
				ids = append(ids, holders...)
			}
		}
	}
	if len(ids) == 0 {
		return nil
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	for part := range slices.Chunk(ids, chunk) {
		cs, err := st.Contacts(ctx, ws, part...)
		if err != nil {
			return err
		}
		for _, c := range cs {
			if c != nil {
				b.stored[c.ID] = c
			}
		}
	}
	return b.im.s.followEnquiry(ctx)
}

// asked are the keys of the rows that the store is asked for.
func (b *batch) asked() []contacts.Key {
	f := b.im.fresh
	var keys []contacts.Key
	seen := map[contacts.Key]bool{}
	for i := range b.rows {
		r := &b.rows[i]
		r.asked = false
		for j, k := range r.keys {
			if f == nil || f.mayHave(r.hashes[j]) {
				if r.asked = true; !seen[k] {
					seen[k], keys = true, append(keys, k)
				}
			}
		}
	}
	return keys
}

// work is what the rows so far made of a contact, as far as it may not be in
// the store yet; nil for nothing.
func (b *batch) work(id contacts.ID) *work {
	w := b.over.byID[id]
	if w == nil && b.prev != nil {
		w = b.prev.over.byID[id]
	}
	return w
}

// current is a contact as it will be after the rows so far.
func (b *batch) current(id contacts.ID) *contacts.Contact {
	if w := b.work(id); w != nil {
		return w.now
	}
	return b.stored[id]
}

// put takes over a contact that is new or was changed again.
func (b *batch) put(w *work) {
	b.over.put(w)
	b.join(w)
	f := b.im.fresh
	if f.knowsHolders() {
		if w.place == 0 {
			w.place = f.place(w.now.ID)
		}
		for _, h := range w.hashes {
			f.hold(h, w.place)
		}
		return
	}
	b.over.index(w)
	if f != nil {
		for _, h := range w.hashes {
			f.add(h)
		}
	}
}

// keysOf are the keys of a contact.
func (im *importer) keysOf(c *contacts.Contact) []contacts.Key {
	return contacts.Keys(nil, c, im.schema.schema.UniqueFields()...)
}

// hashes appends the hashes of keys.
func (im *importer) hashes(dst []uint64, keys []contacts.Key) []uint64 {
	for _, k := range keys {
		dst = append(dst, maphash.Comparable(im.seed, k))
	}
	return dst
}

// visible are those that the actor may view.
func (b *batch) visible(list []*contacts.Contact) []*contacts.Contact {
	return slices.DeleteFunc(list, func(c *contacts.Contact) bool { return !b.im.s.visible(c) })
}

// holders are those of some contacts that are live and hold a key of a row after
// the rows so far, in their order.
func (b *batch) holders(r *importRow, key int, ids []contacts.ID) []*contacts.Contact {
	k := r.keys[key]
	var out []*contacts.Contact
	for _, id := range ids {
		c := b.current(id)
		if c == nil || c.State != contacts.Live {
			continue
		}
		if w := b.work(id); w != nil && !slices.Contains(w.keys, k) {
			continue
		} else if w == nil && b.im.fresh.knowsHolders() && !slices.Contains(b.im.keysOf(c), k) {
			continue
		}
		out = append(out, c)
	}
	return out
}

// mayHold are the contacts of which some hold a key of a row, by ascending id.
func (b *batch) mayHold(r *importRow, key int) []contacts.ID {
	k, hash, f := r.keys[key], r.hashes[key], b.im.fresh
	switch {
	case f.knowsHolders():
		return f.holders(hash)
	case f != nil && !f.mayHave(hash):
		return nil
	}
	var ids []contacts.ID
	if r.asked {
		ids = b.known[k]
	}
	more := b.over.holders(k, hash)
	if b.prev != nil {
		more = append(more, b.prev.over.holders(k, hash)...)
	}
	if len(more) > 0 {
		ids = slices.Concat(ids, more)
		slices.Sort(ids)
		ids = slices.Compact(ids)
	}
	return ids
}
