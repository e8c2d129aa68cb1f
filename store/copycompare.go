package store

import (
	"bytes"
	"context"
	"iter"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
)

// compare reads all of both sides, and writes anew what differs: entries whose
// values were erased, acts, contacts with their keys, activities. Records were
// just made the same.
func (c *copier) compare(ctx context.Context) error {
	for _, step := range []func(context.Context) error{c.compareLog, c.compareActs, c.compareContacts, c.compareActivities} {
		if err := step(ctx); err != nil {
			return err
		}
	}
	return nil
}

// mend writes a piece of what differs.
func (c *copier) mend(ctx context.Context, p *Piece) error {
	n := len(p.Rewritten) + len(p.Acts) + len(p.Contacts) + len(p.Activities)
	if n == 0 {
		return nil
	}
	c.rep.Mended += n
	p.After = c.rep.Seq
	return c.write(ctx, p)
}

// compareLog compares the entries that the copy has; what the source has
// behind them is the next run's.
func (c *copier) compareLog(ctx context.Context) error {
	var prev [32]byte
	for after := int64(0); after < c.rep.Seq; {
		q := LogQuery{After: after, Before: c.rep.Seq + 1, Limit: feedStep}
		want, err := c.src.Log(ctx, c.ws, q)
		if err != nil {
			return err
		}
		have, err := c.dst.Log(ctx, c.ws, q)
		if err != nil {
			return err
		}
		if len(want) != len(have) || len(want) == 0 {
			return &ConflictError{Head: after}
		}
		p := &Piece{}
		for i := range want {
			w, h := &want[i], &have[i]
			if w.Seq != after+1 || w.Hash != h.Hash || Chain(prev, c.ws, w) != w.Hash {
				return &ConflictError{Head: w.Seq}
			}
			altered := Chain(prev, c.ws, h) != w.Hash
			prev, after = w.Hash, w.Seq
			c.scratch[0], c.scratch[1] = AppendChanges(c.scratch[0][:0], w.Changes), AppendChanges(c.scratch[1][:0], h.Changes)
			if altered || !bytes.Equal(c.scratch[0], c.scratch[1]) {
				p.Rewritten = append(p.Rewritten, *w)
			}
		}
		if err := c.mend(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

func (c *copier) compareActs(ctx context.Context) error {
	q := ActQuery{Before: c.rep.Seq + 1, Limit: 1000}
	for {
		want, err := c.src.Acts(ctx, c.ws, q)
		if err != nil || len(want) == 0 {
			return err
		}
		ids := make([]contacts.ID, len(want))
		for i := range want {
			ids[i] = want[i].ID
		}
		have, err := c.dst.Acts(ctx, c.ws, ActQuery{IDs: ids})
		if err != nil {
			return err
		}
		mine := make(map[contacts.ID]contacts.Act, len(have))
		for _, a := range have {
			mine[a.ID] = a
		}
		p := &Piece{}
		for _, a := range want {
			if m := mine[a.ID]; m != a {
				p.Acts = append(p.Acts, a)
			}
			q.Before = a.Seq
		}
		if err := c.mend(ctx, p); err != nil {
			return err
		}
		if len(want) < q.Limit {
			return nil
		}
	}
}

// compareContacts walks both sides in the order of ids.
func (c *copier) compareContacts(ctx context.Context) error {
	for page, err := range pagesOf(c.src.Scan(ctx, c.ws, ""), 1000) {
		if err != nil {
			return err
		}
		ids := make([]contacts.ID, len(page))
		for i := range page {
			ids[i] = page[i].ID
		}
		have, err := c.dst.Contacts(ctx, c.ws, ids...)
		if err != nil {
			return err
		}
		wantKeys, err := held(ctx, c.src, c.ws, page)
		if err != nil {
			return err
		}
		haveKeys, err := held(ctx, c.dst, c.ws, have)
		if err != nil {
			return err
		}
		var differ []*contacts.Contact
		for i, w := range page {
			if have[i] != nil {
				c.scratch[0], c.scratch[1] = contacts.AppendEncoded(c.scratch[0][:0], w), contacts.AppendEncoded(c.scratch[1][:0], have[i])
				if bytes.Equal(c.scratch[0], c.scratch[1]) && slices.Equal(wantKeys[i], haveKeys[i]) {
					continue
				}
			}
			differ = append(differ, w)
		}
		p := &Piece{}
		if len(differ) > 0 {
			if p.Contacts, err = c.keyed(ctx, differ, nil); err != nil {
				return err
			}
		}
		if err := c.mend(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// pagesOf gathers what a scan yields.
func pagesOf(seq iter.Seq2[*contacts.Contact, error], size int) iter.Seq2[[]*contacts.Contact, error] {
	return func(yield func([]*contacts.Contact, error) bool) {
		page := make([]*contacts.Contact, 0, size)
		for c, err := range seq {
			if err != nil {
				yield(nil, err)
				return
			}
			if page = append(page, c); len(page) == size {
				if !yield(page, nil) {
					return
				}
				page = page[:0]
			}
		}
		if len(page) > 0 {
			yield(page, nil)
		}
	}
}

// compareActivities compares the timelines of the contacts that have any.
func (c *copier) compareActivities(ctx context.Context) error {
	var ids []contacts.ID
	for r, err := range LastActivities(ctx, c.src, c.ws) {
		if err != nil {
			return err
		}
		ids = append(ids, r.Contact)
	}
	slices.Sort(ids)
	for part := range slices.Chunk(ids, 1000) {
		want, err := timelinesOf(ctx, c.src, c.ws, part)
		if err != nil {
			return err
		}
		have, err := timelinesOf(ctx, c.dst, c.ws, part)
		if err != nil {
			return err
		}
		mine := make(map[contacts.ID]contacts.Activity, len(have))
		for _, a := range have {
			mine[a.ID] = a
		}
		p := &Piece{}
		for _, a := range want {
			if !sameActivity(mine[a.ID], a) {
				p.Activities = append(p.Activities, a)
			}
		}
		if err := c.mend(ctx, p); err != nil {
			return err
		}
	}
	return nil
}
