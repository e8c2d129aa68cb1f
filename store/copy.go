package store

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
)

// CopyOptions are the settings of [Copy]; the zero value will do.
type CopyOptions struct {
	// Quick leaves out the comparison at the end: the copy follows the log to
	// its end and is not known to be whole. It is for all runs but the last.
	Quick bool
	// Kinds are the kinds of records to copy from a source that is no
	// [KindLister]; else they are those that it has.
	Kinds []string
	// Progress, where it is not nil, is called after each step.
	Progress func(CopyReport)
}

// CopyReport says what a [Copy] did.
type CopyReport struct {
	// What was written into the copy.
	Entries, Contacts, Acts, Activities, Records int
	// Mended is how many things the comparison found to differ and wrote anew.
	// It finds the activities that were recorded while the copy was made,
	// since the log does not name their contacts.
	Mended int
	// Seq and Hash are those of the last entry of the copy's log.
	Seq  int64
	Hash [32]byte
	// Complete says that the copy was compared with its source, byte by byte,
	// and that nothing was written to the source meanwhile. Where it is false
	// after a run that was not Quick, somebody wrote: run it again.
	Complete bool
}

// Copy brings the workspace of dst to what that of src is: contacts, identity
// keys, acts, activities, records and the change log with its hashes. src may
// be in use: the copy follows its change feed (see [Changes]). It may be
// stopped at any time and run again: it goes on behind the last entry that dst
// has. So a move to another store is
//
//  1. Copy with Quick, as often as one likes, while everybody works on src;
//  2. stop those who write to src;
//  3. Copy, until Complete; from then on everybody works on dst.
//
// dst must be a [Replica] (the stores of this library are; else the error is
// [errors.ErrUnsupported]). Its workspace must be empty or a copy made before:
// where it has an entry of its own the error is a *[ConflictError] with Head
// set, and nothing is written. src may be any store.
func Copy(ctx context.Context, dst, src Store, workspace string, o CopyOptions) (CopyReport, error) {
	c := copier{src: src, dst: dst, ws: workspace, o: o}
	var ok bool
	if c.to, ok = dst.(Replica); !ok {
		return c.rep, fmt.Errorf("store: the destination cannot hold copies: %w", errors.ErrUnsupported)
	}
	if err := CheckWorkspace(workspace); err != nil {
		return c.rep, err
	}
	if err := c.begin(ctx); err != nil {
		return c.rep, err
	}
	for round := 0; ; round++ {
		if err := c.follow(ctx); err != nil {
			return c.rep, err
		}
		if err := c.copyRecords(ctx); err != nil {
			return c.rep, err
		}
		if o.Quick {
			return c.rep, nil
		}
		head, mended := c.rep.Seq, c.rep.Mended
		if err := c.compare(ctx); err != nil {
			return c.rep, err
		}
		last, err := lastEntry(ctx, src, workspace)
		if err != nil {
			return c.rep, err
		}
		quiet := last.Seq == head
		if c.rep.Complete = quiet && c.rep.Mended == mended; c.rep.Complete || !quiet && round >= copyRounds {
			c.tell()
			return c.rep, nil
		}
		if round >= 2*copyRounds {
			return c.rep, &Error{Op: "copy", Err: errors.New("what was written is not what is read")}
		}
	}
}

// copyRounds is how often a copy is compared anew while others write.
const copyRounds = 3

// copier is one run of Copy.
type copier struct {
	src, dst Store
	to       Replica
	ws       string
	o        CopyOptions
	rep      CopyReport
	scratch  [2][]byte
}

func (c *copier) tell() {
	if c.o.Progress != nil {
		c.o.Progress(c.rep)
	}
}

func lastEntry(ctx context.Context, st Store, ws string) (contacts.Entry, error) {
	list, err := st.Log(ctx, ws, LogQuery{Newest: true, Limit: 1})
	if err != nil || len(list) == 0 {
		return contacts.Entry{}, err
	}
	return list[0], nil
}

// begin finds out where the copy ends, and that it is one.
func (c *copier) begin(ctx context.Context) error {
	last, err := lastEntry(ctx, c.dst, c.ws)
	if err != nil || last.Seq == 0 {
		return err
	}
	same, err := c.src.Log(ctx, c.ws, LogQuery{After: last.Seq - 1, Limit: 1})
	if err != nil {
		return err
	}
	if len(same) == 0 || same[0].Hash != last.Hash {
		return &ConflictError{Head: last.Seq}
	}
	c.rep.Seq, c.rep.Hash = last.Seq, last.Hash
	return nil
}

// follow writes what the feed has.
func (c *copier) follow(ctx context.Context) error {
	for {
		token := ""
		if c.rep.Seq > 0 {
			token = encodeFeed(c.ws, feedPlace{c.rep.Seq, c.rep.Hash})
		}
		page, err := Changes(ctx, c.src, c.ws, token, 0)
		if err != nil {
			return err
		}
		if len(page.Entries) == 0 {
			return nil
		}
		p := &Piece{After: c.rep.Seq, Entries: page.Entries}
		born := map[contacts.ID]int64{}
		var ids []contacts.ID // whose activities are read
		for _, e := range page.Entries {
			for _, ch := range e.Changes {
				if ch.Path == contacts.PathCreated {
					born[ch.Contact] = e.Seq
				}
			}
		}
		var list []*contacts.Contact
		for _, f := range page.Contacts {
			if f.Contact == nil { // logged, and not there: the copy has it neither
				continue
			}
			list, ids = append(list, f.Contact), append(ids, f.ID)
			if f.Contact.State == contacts.Erased {
				if err := c.rewrite(ctx, p, f.ID); err != nil {
					return err
				}
			}
		}
		if p.Contacts, err = c.keyed(ctx, list, born); err != nil {
			return err
		}
		if p.Acts, err = c.actsOf(ctx, page.Entries); err != nil {
			return err
		}
		if p.Activities, err = timelinesOf(ctx, c.src, c.ws, ids); err != nil {
			return err
		}
		if err := c.write(ctx, p); err != nil {
			return err
		}
	}
}

// rewrite adds the entries from which an erased contact's values are gone.
func (c *copier) rewrite(ctx context.Context, p *Piece, id contacts.ID) error {
	entries, err := c.src.Log(ctx, c.ws, LogQuery{Contact: id, Before: p.After + 1, Limit: 1 << 30})
	if err != nil {
		return err
	}
	for _, e := range entries {
		if slices.ContainsFunc(p.Rewritten, func(r contacts.Entry) bool { return r.Seq == e.Seq }) {
			continue
		}
		whole, err := c.src.Log(ctx, c.ws, LogQuery{After: e.Seq - 1, Limit: 1})
		if err != nil {
			return err
		}
		p.Rewritten = append(p.Rewritten, whole...)
	}
	return nil
}

// write writes a piece and counts what is in it.
func (c *copier) write(ctx context.Context, p *Piece) error {
	if err := c.to.Replicate(ctx, c.ws, p); err != nil {
		return err
	}
	r := &c.rep
	r.Entries, r.Contacts, r.Acts = r.Entries+len(p.Entries), r.Contacts+len(p.Contacts), r.Acts+len(p.Acts)
	r.Activities, r.Records = r.Activities+len(p.Activities), r.Records+len(p.Records)
	if n := len(p.Entries); n > 0 {
		r.Seq, r.Hash = p.Entries[n-1].Seq, p.Entries[n-1].Hash
	}
	c.tell()
	return nil
}

// keyed makes contacts of the source such of a piece: with the keys they gain
// and lose in the copy.
func (c *copier) keyed(ctx context.Context, list []*contacts.Contact, born map[contacts.ID]int64) ([]Copied, error) {
	want, err := held(ctx, c.src, c.ws, list)
	if err != nil {
		return nil, err
	}
	ids := make([]contacts.ID, len(list))
	for i := range list {
		ids[i] = list[i].ID
	}
	old, err := c.dst.Contacts(ctx, c.ws, ids...)
	if err != nil {
		return nil, err
	}
	have, err := held(ctx, c.dst, c.ws, old)
	if err != nil {
		return nil, err
	}
	out := make([]Copied, len(list))
	for i := range list {
		drop := slices.DeleteFunc(have[i], func(k contacts.Key) bool { return slices.Contains(want[i], k) })
		out[i] = Copied{Contact: list[i], Born: born[ids[i]], Add: want[i], Drop: drop}
	}
	return out, nil
}

// actsOf reads the acts of entries, and those that they took back or let stand
// again.
func (c *copier) actsOf(ctx context.Context, entries []contacts.Entry) ([]contacts.Act, error) {
	seen := map[contacts.ID]bool{}
	var next []contacts.ID
	add := func(id contacts.ID) {
		if id != "" && !seen[id] {
			seen[id] = true
			next = append(next, id)
		}
	}
	for i := range entries {
		add(entries[i].Act)
	}
	last := entries[len(entries)-1].Seq
	var out []contacts.Act
	for len(next) > 0 {
		acts, err := c.src.Acts(ctx, c.ws, ActQuery{IDs: next})
		if err != nil {
			return nil, err
		}
		next = nil
		for _, a := range acts {
			if a.Seq <= last {
				out = append(out, a)
			}
			add(a.Undoes)
		}
	}
	return out, nil
}

// copyRecords makes the records the same.
func (c *copier) copyRecords(ctx context.Context) error {
	kinds := slices.Clone(c.o.Kinds)
	if l, ok := c.src.(KindLister); ok {
		var err error
		if kinds, err = l.RecordKinds(ctx, c.ws); err != nil {
			return err
		}
	}
	mine, err := c.to.RecordKinds(ctx, c.ws)
	if err != nil {
		return err
	}
	kinds = slices.Concat(kinds, mine)
	slices.Sort(kinds)
	for _, kind := range slices.Compact(kinds) {
		want, err := c.src.Records(ctx, c.ws, kind)
		if err != nil {
			return err
		}
		have, err := c.dst.Records(ctx, c.ws, kind)
		if err != nil {
			return err
		}
		old := make(map[string]Record, len(have))
		for _, r := range have {
			old[r.Key] = r
		}
		p := &Piece{After: c.rep.Seq}
		for _, r := range want {
			if o, ok := old[r.Key]; !ok || o.Rev != r.Rev || !bytes.Equal(o.Body, r.Body) {
				p.Records = append(p.Records, r)
			}
			delete(old, r.Key)
		}
		for key := range old {
			p.Records = append(p.Records, Record{Kind: kind, Key: key, Rev: 1})
		}
		if len(p.Records) > 0 {
			if err := c.write(ctx, p); err != nil {
				return err
			}
		}
	}
	return nil
}
