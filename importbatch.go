package extcontacts

import (
	"context"
	"errors"
	"fmt"
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
	marks     marks
	bad       bool           // decoding found faults already
	faults    []*csvio.Fault // those of decoding
	proposals []csvio.Proposal
	keys      []contacts.Key
	hashes    []uint64 // of the keys
	asked     bool     // the store is asked for some of the keys

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
}

// overlay is what an import has done and not yet, or in a dry run never,
// written.
type overlay struct {
	byID  map[contacts.ID]*work
	order []*work
	// first holds, by the hash of a key, the place in order of its first
	// holder, more the further ones. A place may be that of another key with
	// the same hash: who looks there asks whether it holds the key.
	first map[uint64]int32
	more  map[contacts.Key][]contacts.ID
	// labels are those new to the workspace in the order they came, spelling
	// their names by [labelKey].
	labels   []string
	spelling map[string]string
}

// newOverlay returns an overlay with room for the contacts of so many rows.
func newOverlay(rows int) overlay {
	return overlay{byID: make(map[contacts.ID]*work, rows), order: make([]*work, 0, rows),
		first: make(map[uint64]int32, 2*rows), more: map[contacts.Key][]contacts.ID{},
		spelling: map[string]string{}}
}

// put takes over a contact that is new or was changed again.
func (ov *overlay) put(w *work) {
	id := w.now.ID
	if ov.byID[id] == nil {
		ov.byID[id] = w
		w.at = int32(len(ov.order))
		ov.order = append(ov.order, w)
	}
	for i, k := range w.keys {
		h := w.hashes[i]
		switch at, held := ov.first[h]; {
		case !held:
			ov.first[h] = w.at
		case ov.order[at].now.ID != id && !slices.Contains(ov.more[k], id):
			ov.more[k] = append(ov.more[k], id)
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
	stored map[contacts.ID]*contacts.Contact // the contacts of these answers
	filled int
	claims claims // those of the rows, until the batch is written
	about  []aboutRow
}

// aboutRow is a row and the contact it turned out to be about.
type aboutRow struct {
	row *importRow
	id  contacts.ID
}

func newBatch(im *importer) *batch {
	return &batch{im: im, over: newOverlay(0), claims: claims{}}
}

func (b *batch) reset() {
	clear(b.rows)
	b.rows, b.keys, b.hashes = b.rows[:0], b.keys[:0], b.hashes[:0]
	if b.im.o.DryRun { // the overlay stays, and its contacts have the keys
		b.keys, b.hashes = nil, nil
	}
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
	if c := row.Contact; c != nil && !r.bad {
		r.contact = c
		r.clear = slices.Collect(row.Clear.All())
		r.filled = c.LastName == "" && !im.o.RejectNoLastName
		r.marks = marksOf(row)
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

// lookUp asks the store, in one go, who holds the keys of the rows.
func (b *batch) lookUp(ctx context.Context) error {
	st, ws := b.im.s.st(), b.im.s.ws()
	keys, fresh := b.keys, b.im.fresh
	if fresh != nil {
		keys = nil
	}
	for i := range b.rows {
		r := &b.rows[i]
		r.asked = fresh == nil
		if fresh == nil {
			continue
		}
		for j, k := range r.keys {
			if fresh.mayHave(r.hashes[j]) {
				keys, r.asked = append(keys, k), true
			}
		}
	}
	b.known = make(map[contacts.Key][]contacts.ID)
	b.stored = map[contacts.ID]*contacts.Contact{}
	if len(keys) == 0 {
		return nil
	}
	found, err := st.Lookup(ctx, ws, keys...)
	if err != nil {
		return err
	}
	var ids []contacts.ID
	for i, holders := range found {
		if len(holders) > 0 {
			b.known[keys[i]] = holders
			ids = append(ids, holders...)
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

// current is a contact as it will be after the rows so far.
func (b *batch) current(id contacts.ID) *contacts.Contact {
	if w := b.over.byID[id]; w != nil {
		return w.now
	}
	return b.stored[id]
}

// hashes appends the hashes of keys.
func (im *importer) hashes(dst []uint64, keys []contacts.Key) []uint64 {
	for _, k := range keys {
		dst = append(dst, maphash.Comparable(im.seed, k))
	}
	return dst
}

// visibleHolders are those of the holders of a row's key that the actor may
// view.
func (b *batch) visibleHolders(r *importRow, key int) []*contacts.Contact {
	return slices.DeleteFunc(b.holders(r, key), func(c *contacts.Contact) bool { return !b.im.s.visible(c) })
}

// holders are the live contacts that hold a key of a row after the rows so far,
// by ascending id.
func (b *batch) holders(r *importRow, key int) []*contacts.Contact {
	k := r.keys[key]
	var ids []contacts.ID
	if r.asked {
		ids = b.known[k]
	}
	if more := b.over.holders(k, r.hashes[key]); len(more) > 0 {
		ids = slices.Concat(ids, more)
		slices.Sort(ids)
		ids = slices.Compact(ids)
	}
	var out []*contacts.Contact
	for _, id := range ids {
		c := b.current(id)
		if c == nil || c.State != contacts.Live {
			continue
		}
		if w := b.over.byID[id]; w != nil && !slices.Contains(w.keys, k) {
			continue
		}
		out = append(out, c)
	}
	return out
}

// commit places the rows and writes what they come to, as one transaction.
func (b *batch) commit(ctx context.Context, last bool) error {
	im := b.im
	if im.o.DryRun {
		if err := b.plan(ctx); err != nil {
			return err
		}
		return b.settle()
	}
	t := turn{line: im.s.book.line}
	defer t.end()
	for ; ; t.beaten++ {
		if err := t.begin(ctx, true); err != nil {
			return err
		}
		if im.next == 0 {
			head, err := im.s.head(ctx)
			if err != nil {
				return err
			}
			im.next = head + 1
			im.fresh = nil
			if head == 0 {
				im.fresh = makeNewKeys()
			}
		}
		b.over = newOverlay(len(b.rows))
		if err := b.plan(ctx); err != nil {
			return err
		}
		sb, err := b.build(last)
		if err != nil {
			return err
		}
		if sb == nil {
			if err := b.settle(); err != nil {
				return err
			}
			im.unkept = append(im.unkept, b.rejections()...)
			im.unclaimed = b.claims.append(im.unclaimed)
			return nil
		}
		res, err := im.s.st().Apply(ctx, im.s.ws(), sb)
		var conflict *store.ConflictError
		if errors.As(err, &conflict) && t.beaten < maxAttempts {
			im.next = 0 // somebody else wrote: look again
			if im.schema, err = im.s.book.loadSchema(ctx); err != nil {
				return err
			}
			if im.erased, err = im.s.erasedKeys(ctx); err != nil {
				return err
			}
			continue
		}
		if err != nil {
			return fmt.Errorf("extcontacts: import stopped; the first %d rows are done: %w", im.counts.Rows, err)
		}
		if im.fresh != nil {
			for _, w := range b.over.order {
				for _, h := range w.hashes {
					im.fresh.add(h)
				}
			}
		}
		if slices.ContainsFunc(sb.Records, func(r store.RecordPut) bool { return r.Kind == recordSchema }) {
			if im.schema, err = im.s.book.loadSchema(ctx); err != nil {
				return err
			}
		}
		im.part++
		im.unkept, im.unclaimed = nil, nil
		im.next = res.Seq + 1
		im.report.Act, im.act.Seq = im.act.ID, max(im.act.Seq, res.Seq)
		return b.settle()
	}
}

// plan decides about every row.
func (b *batch) plan(ctx context.Context) error {
	if err := b.lookUp(ctx); err != nil {
		return err
	}
	clear(b.claims)
	b.filled, b.about = 0, b.about[:0]
	for i := range b.rows {
		r := &b.rows[i]
		r.also, r.about, r.first, r.collides, r.changes = nil, "", 0, nil, nil
		switch {
		case r.bad:
			r.outcome = rejected
		case r.contact == nil:
			r.outcome = skipped
		default:
			r.outcome = b.place(r)
		}
	}
	return nil
}

// build makes the batch for the store, nil where there is nothing to write.
func (b *batch) build(last bool) (*store.Batch, error) {
	im := b.im
	counts := im.counts
	rejections := b.count(&counts)
	act := im.act
	act.Counts, act.At = counts, im.s.now()
	sb := &store.Batch{Act: act, Part: im.part + 1, Seq: im.next,
		Put: make([]store.Put, 0, len(b.over.order)), Changes: make([]contacts.Change, 0, len(b.over.order))}
	unique := im.schema.schema.UniqueFields()
	for _, w := range b.over.order {
		if w.old == nil {
			sb.Changes = append(sb.Changes, contacts.Change{Contact: w.now.ID, Path: contacts.PathCreated})
		} else {
			changes := contacts.Diff(w.old, w.now)
			if len(changes) == 0 {
				continue // one row took back what another did
			}
			sb.Changes = append(sb.Changes, changes...)
		}
		var p store.Put
		if w.old == nil {
			p = stamp(&act, nil, w.now)
			p.Add = w.keys
		} else {
			p = put(&act, w.old, w.now, unique)
		}
		sb.Put = append(sb.Put, p)
		for _, k := range p.Add {
			if im.s.book.isUnique(im.schema.schema, k) && !slices.Contains(sb.Unique, k.Kind) {
				sb.Unique = append(sb.Unique, k.Kind)
			}
		}
	}
	if len(sb.Put)+len(b.over.labels) == 0 && !(last && im.part > 0) {
		return nil, nil
	}
	if err := im.s.addLabels(sb, im.schema, b.over.labels); err != nil {
		return nil, err
	}
	return sb, im.keepProgress(sb, rejections, b.claims.append(im.unclaimed[:len(im.unclaimed):len(im.unclaimed)]), b.filled, last)
}

// count adds the outcomes of the rows to the counts and lists the rejections.
func (b *batch) count(c *contacts.Counts) []Rejection {
	var list []Rejection
	for i := range b.rows {
		r := &b.rows[i]
		c.Rows++
		switch r.outcome {
		case created:
			c.Created++
		case updated:
			c.Updated++
		case unchanged:
			c.Unchanged++
		case skipped:
			c.Skipped++
		case rejected:
			c.Rejected++
			list = append(list, Rejection{Row: r.row, Line: r.line, Faults: slices.Concat(r.faults, r.also), Conflicts: r.collides, Proposals: r.proposals})
		}
	}
	return list
}

func (b *batch) rejections() []Rejection {
	var discard contacts.Counts
	return b.count(&discard)
}

// settle takes over what the batch came to, once it is written.
func (b *batch) settle() error {
	im := b.im
	rejections := b.count(&im.counts)
	im.report.Filled += b.filled
	for i := range b.rows {
		if r := &b.rows[i]; r.flag != "" && r.outcome != rejected && len(im.report.Flagged) < MaxRejections {
			im.report.Flagged = append(im.report.Flagged, FlaggedRow{r.row, r.line, r.flag})
		}
	}
	for _, a := range b.about {
		im.claims.add(a.id, a.row.row, b.stated(a.row))
	}
	if room := MaxRejections - len(im.report.Rejections); room > 0 {
		im.report.Rejections = append(im.report.Rejections, rejections[:min(room, len(rejections))]...)
	}
	if im.log != nil && len(rejections) > 0 {
		i := 0
		for n := range b.rows {
			if b.rows[n].outcome != rejected {
				continue
			}
			if err := im.logRow(&b.recs[n], rejections[i]); err != nil {
				return err
			}
			i++
		}
	}
	im.observe()
	return b.tellRows()
}
