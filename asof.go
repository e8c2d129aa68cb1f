package extcontacts

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/merge"
	"github.com/extcontacts/extcontacts/store"
)

// recordAsOf is the kind of record that holds what a contact was, now and then:
// key ID is the list of these moments, ID and a number the contact as the
// entry with that Seq left it. They only spare the reading of long histories.
const recordAsOf = "asof"

// asOfEvery is the number of writes of a contact between two such records.
const asOfEvery = 64

// AsOf returns the contact as it was at a moment. A contact that did not exist
// then is [ErrNotFound]. A contact that was merged away later is answered as
// what it was itself.
//
// The order of the past is that of the log, never that of the clock: an entry
// counts as written at the latest time that it or one before it of the contact
// says, and the answer is the state after the last entry that is not later than
// the moment. [Session.AsOfSeq] takes the place in the log instead.
func (s *Session) AsOf(ctx context.Context, id contacts.ID, at time.Time) (*contacts.Contact, error) {
	return s.asOf(ctx, id, moment{at: contacts.Micros(at)})
}

// AsOfSeq returns the contact as it was when the entry with that Seq had just
// been written: as AsOf, by the place in the log.
func (s *Session) AsOfSeq(ctx context.Context, id contacts.ID, seq int64) (*contacts.Contact, error) {
	if seq <= 0 {
		return nil, ErrNotFound
	}
	return s.asOf(ctx, id, moment{seq: seq})
}

// moment is a place in the past: a Seq or, where that is zero, a time.
type moment struct {
	seq int64
	at  time.Time
}

// after reports whether an entry comes behind the moment.
func (m moment) after(seq int64, at time.Time) bool {
	if m.seq != 0 {
		return seq > m.seq
	}
	return at.After(m.at)
}

func (s *Session) asOf(ctx context.Context, id contacts.ID, m moment) (*contacts.Contact, error) {
	for range maxRedirects {
		c, err := s.ownAsOf(ctx, id, m)
		if err != nil || c.State != contacts.Merged {
			return s.mask.Apply(c), err
		}
		id = c.MergedInto
	}
	return nil, fmt.Errorf("extcontacts: the merges of contact %s form a circle", id)
}

// ownAsOf is asOf for the contact itself, without following merges. It reads
// the contact, the list of its snapshots, one of these and the entries between
// two of them.
func (s *Session) ownAsOf(ctx context.Context, id contacts.ID, m moment) (*contacts.Contact, error) {
	end, err := s.raw(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := s.may(contacts.RightLog, end); err != nil {
		return nil, err
	}
	if end.State == contacts.Erased {
		return end, nil
	}
	marks, err := s.asOfMarks(ctx, id)
	if err != nil {
		return nil, err
	}
	var from asOfMark // the last snapshot that is not behind the moment
	for i, mark := range marks {
		if m.after(mark.seq, mark.at) {
			end, err = s.snapshot(ctx, id, mark.seq)
			if err != nil {
				return nil, err
			}
			marks = marks[:i+1]
			break
		}
		from = mark
	}
	var until int64
	if len(marks) > 0 && marks[len(marks)-1].seq > from.seq {
		until = marks[len(marks)-1].seq
	}
	var steps []merge.Step
	seq, rev, when := from.seq, from.rev, from.updated
	latest := from.at
	n := from.rev
	q := store.LogQuery{Contact: id, After: from.seq, Limit: 1000}
	if until > 0 {
		q.Before = until + 1
	}
	for {
		entries, err := s.st().Log(ctx, s.ws(), q)
		if err != nil {
			return nil, err
		}
		for _, e := range entries {
			n++
			if e.At.After(latest) {
				latest = e.At
			}
			if !m.after(e.Seq, latest) {
				seq, rev, when = e.Seq, n, e.At
			}
			for _, ch := range e.Changes {
				steps = append(steps, merge.Step{Seq: e.Seq, Act: e.Act, Change: ch})
			}
		}
		if len(entries) < q.Limit {
			break
		}
		q.After = entries[len(entries)-1].Seq
	}
	c, err := merge.AsOf(end, steps, seq)
	if err != nil {
		return nil, err
	}
	if c == nil {
		return nil, ErrNotFound
	}
	c.Rev, c.UpdatedAt = rev, when
	return c, nil
}

// asOfMark is one entry of the list of snapshots.
type asOfMark struct {
	seq, rev int64
	updated  time.Time // of the entry
	at       time.Time // the latest time of the contact's entries so far
}

func (s *Session) asOfMarks(ctx context.Context, id contacts.ID) ([]asOfMark, error) {
	recs, err := s.st().Records(ctx, s.ws(), recordAsOf, string(id))
	if err != nil || len(recs) == 0 {
		return nil, err
	}
	return decodeMarks(recs[0].Body)
}

func (s *Session) snapshot(ctx context.Context, id contacts.ID, seq int64) (*contacts.Contact, error) {
	recs, err := s.st().Records(ctx, s.ws(), recordAsOf, snapshotKey(id, seq))
	if err != nil {
		return nil, err
	}
	if len(recs) == 0 {
		return nil, fmt.Errorf("extcontacts: contact %s has no snapshot of entry %d; run Verify", id, seq)
	}
	return contacts.Decode(id, recs[0].Body)
}

// snapshotKey names a snapshot; "/" and digits behind an id cannot be mistaken
// for another id's list, which is looked up by the whole of its key.
func snapshotKey(id contacts.ID, seq int64) string { return fmt.Sprintf("%s/%d", id, seq) }

// remember adds to a batch the snapshots of the contacts that are due for one,
// and makes the batch claim its place in the log, which the snapshots name.
func (s *Session) remember(ctx context.Context, b *store.Batch) error {
	due := func(p store.Put) bool { return p.Contact.Rev%asOfEvery == 0 && p.Contact.State != contacts.Erased }
	if !slices.ContainsFunc(b.Put, due) {
		return nil
	}
	if b.Seq == 0 {
		head, err := s.head(ctx)
		if err != nil {
			return err
		}
		b.Seq = head + 1
	}
	for _, p := range b.Put {
		if !due(p) {
			continue
		}
		c := p.Contact
		marks, err := s.asOfMarks(ctx, c.ID)
		if err != nil {
			return err
		}
		latest, err := s.latestTime(ctx, c, marks)
		if err != nil {
			return err
		}
		marks = append(marks, asOfMark{b.Seq, c.Rev, c.UpdatedAt, latest})
		b.Records = append(b.Records,
			store.RecordPut{Kind: recordAsOf, Key: string(c.ID), Base: store.AnyRev, Body: encodeMarks(marks)},
			store.RecordPut{Kind: recordAsOf, Key: snapshotKey(c.ID, b.Seq), Base: store.AnyRev, Body: contacts.AppendEncoded(nil, c)})
	}
	return nil
}

// latestTime is the latest time that the entries of a contact say, that of c's
// own included.
func (s *Session) latestTime(ctx context.Context, c *contacts.Contact, marks []asOfMark) (time.Time, error) {
	latest, q := c.UpdatedAt, store.LogQuery{Contact: c.ID, Limit: 1000}
	if len(marks) > 0 {
		last := marks[len(marks)-1]
		q.After = last.seq
		if last.at.After(latest) {
			latest = last.at
		}
	}
	for {
		entries, err := s.st().Log(ctx, s.ws(), q)
		if err != nil {
			return latest, err
		}
		for _, e := range entries {
			if e.At.After(latest) {
				latest = e.At
			}
			q.After = e.Seq
		}
		if len(entries) < q.Limit {
			return latest, nil
		}
	}
}

// forgetSnapshots deletes what was kept of a contact's past.
func (s *Session) forgetSnapshots(ctx context.Context, id contacts.ID) ([]store.RecordPut, error) {
	marks, err := s.asOfMarks(ctx, id)
	if err != nil || len(marks) == 0 {
		return nil, err
	}
	puts := []store.RecordPut{{Kind: recordAsOf, Key: string(id), Base: store.AnyRev}}
	for _, m := range marks {
		puts = append(puts, store.RecordPut{Kind: recordAsOf, Key: snapshotKey(id, m.seq), Base: store.AnyRev})
	}
	return puts, nil
}

func encodeMarks(marks []asOfMark) []byte {
	b := []byte{1} // the version
	for _, m := range marks {
		b = binary.AppendUvarint(b, uint64(m.seq))
		b = binary.AppendUvarint(b, uint64(m.rev))
		b = binary.AppendVarint(b, m.updated.UnixMicro())
		b = binary.AppendVarint(b, m.at.UnixMicro())
	}
	return b
}

func decodeMarks(b []byte) ([]asOfMark, error) {
	damaged := fmt.Errorf("extcontacts: a list of snapshots cannot be read; run Verify")
	if len(b) == 0 || b[0] != 1 {
		return nil, damaged
	}
	var marks []asOfMark
	for b = b[1:]; len(b) > 0; {
		var m asOfMark
		for _, dst := range []*int64{&m.seq, &m.rev} {
			v, n := binary.Uvarint(b)
			if n <= 0 {
				return nil, damaged
			}
			*dst, b = int64(v), b[n:]
		}
		for _, dst := range []*time.Time{&m.updated, &m.at} {
			v, n := binary.Varint(b)
			if n <= 0 {
				return nil, damaged
			}
			*dst, b = time.UnixMicro(v).UTC(), b[n:]
		}
		marks = append(marks, m)
	}
	return marks, nil
}
