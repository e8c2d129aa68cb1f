package extcontacts

import (
	"context"
	"errors"
	"fmt"
	"reflect"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// stand is how far an import has come, with all batches that were handed to
// the store.
type stand struct {
	part      int
	next      int64 // the place in the log the next batch must get; 0 where it is not known
	counts    contacts.Counts
	filled    int
	unkept    []Rejection // rejections since the last batch that was written
	unclaimed []byte      // and the claims, encoded
}

// flight is a batch that is being written while the next one is read and
// decided.
type flight struct {
	b    *batch
	turn turn
	done chan struct{} // closed when the store has answered
	err  error
}

// commit decides about the rows and has what they come to written, as one
// transaction. Where the store can prepare batches it does not wait for it: the
// next one is decided as if it was written, since the place in the log that
// each claims holds only then.
func (b *batch) commit(ctx context.Context, last bool) error {
	im := b.im
	b.last, b.read, b.sum = last, im.done(), im.sum
	if im.o.DryRun {
		if err := b.plan(ctx); err != nil {
			return err
		}
		b.tally()
		return b.settle()
	}
	ahead := im.flight != nil && im.flight.calm()
	if ahead {
		b.prev = im.flight.b
		err := b.decide(ctx)
		if b.prev = nil; err != nil {
			return err
		}
	}
	moved, err := im.land(ctx)
	if err != nil {
		return err
	}
	t := turn{line: im.s.book.line}
	if !ahead || moved {
		if err := t.begin(ctx, true); err != nil {
			return err
		}
		if err := b.decide(ctx); err != nil {
			t.end()
			return err
		}
	}
	if err := im.launch(ctx, b, t); err != nil || b.ahead {
		return err
	}
	_, err = im.land(ctx)
	return err
}

// calm reports whether the next batch may be decided while this one is
// written: nobody else seems to write, and no new label has to be known first.
func (f *flight) calm() bool {
	return !f.turn.inside && !f.turn.line.busy() && len(f.b.over.labels) == 0
}

// decide places the rows and makes the batch for the store.
func (b *batch) decide(ctx context.Context) error {
	im := b.im
	if im.at.next == 0 {
		head, err := im.s.head(ctx)
		if err != nil {
			return err
		}
		im.at.next = head + 1
		im.fresh = nil
		if head == 0 {
			im.fresh = makeNewKeys()
		}
	}
	if im.fresh.limit() && b.prev != nil {
		for _, w := range b.prev.over.order {
			b.prev.over.index(w)
		}
	}
	b.from = im.at
	b.forget()
	if err := b.plan(ctx); err != nil {
		return err
	}
	b.tally()
	if err := b.build(); err != nil || b.sb == nil {
		return err
	}
	var err error
	b.apply, b.ahead, err = store.Prepare(im.s.st(), im.s.ws(), b.sb)
	return err
}

// launch has a batch written that was decided; where it comes to nothing, it is
// settled.
func (im *importer) launch(ctx context.Context, b *batch, t turn) error {
	im.at = b.to
	if b.sb == nil {
		t.end()
		return b.settle()
	}
	f := &flight{b: b, turn: t, done: make(chan struct{})}
	im.flight = f
	write := func() {
		defer close(f.done)
		var res store.Result
		if res, f.err = b.apply(ctx); f.err == nil && res.Replayed { // not what this batch is, though of the same name
			f.err = &CodeError{"import_elsewhere", "the same import is going on elsewhere, which has written its next rows; this one has stopped"}
		}
	}
	if b.ahead {
		go write()
	} else {
		write()
	}
	return nil
}

// land waits for the batch that is being written, if there is one, and settles
// it. moved says that somebody else had written, so that it was decided anew,
// and whatever was decided since has to be.
func (im *importer) land(ctx context.Context) (moved bool, err error) {
	for im.flight != nil {
		f := im.flight
		b, t := f.b, f.turn
		<-f.done
		im.flight = nil
		var conflict *store.ConflictError
		switch {
		case f.err == nil:
			t.end()
			return moved, im.landed(ctx, b)
		case !errors.As(f.err, &conflict) || t.beaten >= maxAttempts:
			t.end()
			return moved, fmt.Errorf("extcontacts: import stopped; the first %d rows are done: %w", im.counts.Rows, f.err)
		}
		moved = true
		t.beaten++
		im.at = b.from
		im.at.next = 0 // somebody else wrote: look again
		err := t.begin(ctx, true)
		if err == nil {
			err = im.refresh(ctx)
		}
		if err == nil {
			err = b.decide(ctx)
		}
		if err != nil {
			t.end()
			return moved, err
		}
		if err := im.launch(ctx, b, t); err != nil {
			return moved, err
		}
	}
	return moved, nil
}

// landIfDone settles the batch that is being written where it is by now.
func (im *importer) landIfDone(ctx context.Context) error {
	if im.flight == nil {
		return nil
	}
	select {
	case <-im.flight.done:
		_, err := im.land(ctx)
		return err
	default:
		return nil
	}
}

// refresh reads again what is kept of the workspace while nobody else writes.
func (im *importer) refresh(ctx context.Context) (err error) {
	if err := im.reloadSchema(ctx); err != nil {
		return err
	}
	im.erased, err = im.s.erasedKeys(ctx)
	return err
}

// reloadSchema takes over the schema as it is by now. The rows are read by the
// one that the import began with: where the fields are others, what was read is
// checked by those.
func (im *importer) reloadSchema(ctx context.Context) error {
	schema, err := im.s.book.loadSchema(ctx)
	if err != nil || schema == im.schema {
		return err
	}
	im.otherFields = im.otherFields || !reflect.DeepEqual(schema.schema.Custom(), im.schema.schema.Custom())
	im.schema = schema
	return nil
}

// landed takes note of a batch that was written.
func (im *importer) landed(ctx context.Context, b *batch) error {
	im.report.Act = im.act.ID
	if slices.ContainsFunc(b.sb.Records, func(r store.RecordPut) bool { return r.Kind == recordSchema }) {
		if err := im.reloadSchema(ctx); err != nil {
			return err
		}
	}
	return b.settle()
}

// plan decides about every row.
func (b *batch) plan(ctx context.Context) error {
	if err := b.lookUp(ctx); err != nil {
		return err
	}
	b.claims.clear()
	b.filled, b.crowds = 0, nil
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

// tally counts the outcomes of the rows and lists the rejections.
func (b *batch) tally() {
	b.to = b.from
	if b.im.o.DryRun {
		b.to.counts, b.to.filled = b.im.counts, b.im.report.Filled
	}
	b.to.filled += b.filled
	b.rejected = nil
	c := &b.to.counts
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
			b.rejected = append(b.rejected, Rejection{Row: r.row, Line: r.line, Faults: slices.Concat(r.faults, r.also), Conflicts: r.collides, Proposals: r.proposals})
		}
	}
}

// build makes the batch for the store, nil where there is nothing to write.
func (b *batch) build() error {
	im := b.im
	act := im.act
	act.Counts, act.At = b.to.counts, im.s.now()
	sb := &store.Batch{Act: act, Part: b.from.part + 1, Seq: b.from.next,
		Put: slices.Grow(b.puts, len(b.over.order)), Changes: slices.Grow(b.changes, len(b.over.order))}
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
	b.puts, b.changes = sb.Put, sb.Changes
	unkept := slices.Concat(b.from.unkept, b.rejected)
	unclaimed := b.claims.append(slices.Clip(b.from.unclaimed))
	if len(sb.Put)+len(b.over.labels) == 0 && !(b.last && b.from.part > 0) {
		b.sb, b.to.unkept, b.to.unclaimed = nil, unkept, unclaimed
		return nil
	}
	b.sb, b.to.part, b.to.next, b.to.unkept, b.to.unclaimed = sb, sb.Part, sb.Seq+1, nil, nil
	if err := im.s.addLabels(sb, im.schema, b.over.labels); err != nil {
		return err
	}
	return im.keepProgress(b, unkept, unclaimed)
}

// settle takes over what the batch came to, once it is written.
func (b *batch) settle() error {
	im := b.im
	im.counts, im.report.Filled = b.to.counts, b.to.filled
	for i := range b.rows {
		if r := &b.rows[i]; r.flag != "" && r.outcome != rejected && len(im.report.Flagged) < MaxRejections {
			im.report.Flagged = append(im.report.Flagged, FlaggedRow{r.row, r.line, r.flag})
		}
	}
	im.claims.mergeAll(&b.claims)
	if room := MaxRejections - len(im.report.Rejections); room > 0 {
		im.report.Rejections = append(im.report.Rejections, b.rejected[:min(room, len(b.rejected))]...)
	}
	if im.log != nil && len(b.rejected) > 0 {
		if err := b.logRejected(); err != nil {
			return err
		}
	}
	im.observe(b.read)
	return b.tellRows()
}

// logRejected writes the rejected rows to the error log.
func (b *batch) logRejected() error {
	i := 0
	for n := range b.rows {
		if b.rows[n].outcome != rejected {
			continue
		}
		if err := b.im.logRow(&b.recs[n], b.rejected[i]); err != nil {
			return err
		}
		i++
	}
	return nil
}
