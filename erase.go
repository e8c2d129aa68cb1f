package extcontacts

import (
	"context"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// ErasedReport says what an erasure touched.
type ErasedReport struct {
	// Act is the act of the erasure; empty where there was nothing to erase.
	Act contacts.ID `json:"act"`
	// Contacts are the contacts that were erased: the one asked for and all
	// that were merged into it.
	Contacts []contacts.ID `json:"contacts"`
	// Entries are the commits of the change log, and Changes the changes in
	// them, of which the values were destroyed. Activities were emptied.
	Entries    int `json:"entries"`
	Changes    int `json:"changes"`
	Activities int `json:"activities"`
	// Records are the records of the book that were deleted: snapshots of the
	// past, of the person and of contacts that a merge, since undone, had mixed
	// with it.
	Records int `json:"records"`
	// Suppressed are the identifiers of which a keyed hash was kept.
	Suppressed int `json:"suppressed"`
	// Index is set where there is a snapshot of [Options.Index], which has the
	// person still: save it anew, see [store.Index.Save]. The index itself has
	// forgotten.
	Index bool `json:"index"`
	// Queries are the names of saved queries, and Sources the sources of acts
	// on the person, such as names of files, in which an identifier or the full
	// name of the person stands. They are told and not altered: a query is
	// saved anew with [Session.SaveQuery], a source stays.
	Queries []string `json:"queries,omitempty"`
	Sources []string `json:"sources,omitempty"`
	// Open are enquiries that wait to be closed; see [Session.OpenEnquiries].
	Open int `json:"open"`
}

// Erase destroys the personal data of a contact and of everybody who was
// merged into it, for good: their values, identity keys, the values in the
// change log and in the provenance of merges, the texts of their activities,
// the snapshots of their past, and what a merge that was undone since left of
// them in the history of others. What stays are the ids, the fact and the time of each
// step, digests that keep the chain of the log whole without telling what was
// there, and, unless [Options.ForgetErased] says otherwise, keyed hashes of the
// identifiers by which a later import knows them again. It cannot be undone.
//
// What the book has handed out is not in its reach: files of exports and error
// logs, backups, copies made by who follows the events.
func (s *Session) Erase(ctx context.Context, id contacts.ID) (contacts.Act, error) {
	act, _, err := s.EraseReport(ctx, id)
	return act, err
}

// EraseReport is [Session.Erase] and says what it touched.
func (s *Session) EraseReport(ctx context.Context, id contacts.ID) (contacts.Act, ErasedReport, error) {
	return s.eraseAll(ctx, contacts.ActErase, []contacts.ID{id}, func(c *contacts.Contact) error {
		return s.may(contacts.RightErase, c)
	})
}

// Purge ends deleted contacts for good, as an erasure does, so that nothing
// brings them back. All of them are purged or none: one that is not deleted is
// refused with the code not_deleted, one with an enquiry that is not closed
// with the code enquiry_open.
func (s *Session) Purge(ctx context.Context, ids ...contacts.ID) (contacts.Act, error) {
	act, _, err := s.eraseAll(ctx, contacts.ActPurge, ids, func(c *contacts.Contact) error {
		if err := s.may(contacts.RightPurge, c); err != nil {
			return err
		}
		switch c.State {
		case contacts.Deleted, contacts.Erased:
			return nil
		}
		return &CodeError{"not_deleted", "contact " + string(c.ID) + " is not deleted; only what was deleted is purged"}
	})
	return act, err
}

// eraseAll erases contacts and those merged into them as one act, all or none.
// allow decides about each.
func (s *Session) eraseAll(ctx context.Context, kind contacts.ActKind, ids []contacts.ID, allow func(*contacts.Contact) error) (contacts.Act, ErasedReport, error) {
	act := s.act(kind, "")
	var rep ErasedReport
	res, err := s.commitNext(ctx, func(ctx context.Context) (*store.Batch, error) {
		rep = ErasedReport{Contacts: []contacts.ID{}}
		cached, err := s.book.loadSchema(ctx)
		if err != nil {
			return nil, err
		}
		open, err := s.openOf(ctx)
		if err != nil {
			return nil, err
		}
		b := &store.Batch{}
		gone := newVanished()
		for _, id := range ids {
			c, err := s.resolve(ctx, id)
			if err != nil {
				return nil, err
			}
			family, err := s.family(ctx, c.ID)
			if err != nil {
				return nil, err
			}
			for _, id := range family {
				old, err := s.raw(ctx, id)
				if err != nil {
					return nil, err
				}
				if id == c.ID {
					err = allow(old)
				} else {
					err = s.may(eraseRight(kind), old)
				}
				if err != nil {
					return nil, err
				}
				if open[id] > 0 && kind == contacts.ActPurge {
					return nil, &CodeError{"enquiry_open", "contact " + string(c.ID) + " has an enquiry that is not closed"}
				}
				rep.Open += open[id]
				if old.State == contacts.Erased || slices.Contains(rep.Contacts, id) {
					continue
				}
				rep.Contacts = append(rep.Contacts, id)
				if err := s.eraseOne(ctx, b, &act, cached, old, gone, &rep); err != nil {
					return nil, err
				}
			}
		}
		if len(b.Put) == 0 {
			return nil, nil
		}
		if err := s.eraseRecords(ctx, b, gone, &rep); err != nil {
			return nil, err
		}
		if err := s.mentions(ctx, gone, &rep); err != nil {
			return nil, err
		}
		if !s.book.o.ForgetErased {
			if err := s.suppress(ctx, b, gone, &rep); err != nil {
				return nil, err
			}
		}
		act.Counts = contacts.Counts{Deleted: len(rep.Contacts)}
		b.Act = act
		return b, nil
	})
	act, err = written(act, res, err)
	rep.Act = act.ID
	if x := s.book.o.Index; x != nil && err == nil && !act.ID.IsZero() {
		if fault := x.Refresh(ctx); fault != nil { // the next search will do
			s.book.o.Logger.Warn("an index has not read an erasure yet", "act", string(act.ID))
		}
		rep.Index = x.Saved()
	}
	return act, rep, err
}

func eraseRight(kind contacts.ActKind) contacts.Right {
	if kind == contacts.ActPurge {
		return contacts.RightPurge
	}
	return contacts.RightErase
}

// eraseOne adds the erasure of one contact to the batch and counts what it
// destroys.
func (s *Session) eraseOne(ctx context.Context, b *store.Batch, act *contacts.Act, cached *cachedSchema, old *contacts.Contact, gone *vanished, rep *ErasedReport) error {
	forget, err := s.forgetSnapshots(ctx, old.ID)
	if err != nil {
		return err
	}
	b.Records = append(b.Records, forget...)
	rep.Records += len(forget)
	gone.add(old)
	gone.name(old)
	steps, _, err := s.steps(ctx, old.ID)
	if err != nil {
		return err
	}
	seq := int64(0)
	for _, st := range steps {
		ch := st.Change
		gone.acts[st.Act] = true
		gone.addText(ch.Path, ch.Old)
		gone.addText(ch.Path, ch.New)
		if (ch.Old != "" || ch.New != "") && !store.IsErased(&ch) {
			if rep.Changes++; st.Seq != seq {
				rep.Entries++
			}
			seq = st.Seq
		}
	}
	for q := (store.ActivityQuery{Contacts: []contacts.ID{old.ID}, Limit: 1000}); ; {
		list, err := s.st().Activities(ctx, s.ws(), q)
		if err != nil {
			return err
		}
		rep.Activities += len(list)
		if len(list) < q.Limit {
			break
		}
		q.BeforeAt, q.BeforeID = list[len(list)-1].At, list[len(list)-1].ID
	}
	empty := &contacts.Contact{ID: old.ID, State: contacts.Erased, Owner: old.Owner, SharedWith: slices.Clone(old.SharedWith)}
	b.Erase = append(b.Erase, old.ID)
	b.Changes = append(b.Changes, contacts.Change{Contact: old.ID, Path: "state", Old: old.State.String(), New: contacts.Erased.String()})
	p := put(act, old, empty, cached.schema.UniqueFields())
	b.Put = append(b.Put, p)
	return nil
}

// eraseRecords adds to the batch what else must go: what merges that were undone
// left in the log and the snapshots of others.
func (s *Session) eraseRecords(ctx context.Context, b *store.Batch, gone *vanished, rep *ErasedReport) error {
	for _, id := range rep.Contacts {
		steps, _, err := s.steps(ctx, id)
		if err != nil {
			return err
		}
		for _, st := range steps {
			to := contacts.ID(st.Change.New)
			if st.Change.Path != "merged_into" || to == "" || gone.ids[to] {
				continue
			}
			gone.ids[to] = true // once
			if err := s.eraseTraces(ctx, b, rep, to); err != nil {
				return err
			}
		}
	}
	return nil
}

// eraseTraces destroys in the log of a contact, into which erased ones were
// merged once, the values that these brought and that it does not have by now.
func (s *Session) eraseTraces(ctx context.Context, b *store.Batch, rep *ErasedReport, id contacts.ID) error {
	c, err := s.raw(ctx, id)
	if err != nil {
		return err
	}
	has := map[[2]string]bool{}
	for v := range c.Values() {
		has[[2]string{v.Path, v.Text}] = true
	}
	steps, _, err := s.steps(ctx, id)
	if err != nil {
		return err
	}
	traces := 0
	for _, st := range steps {
		ch := st.Change
		if !slices.Contains(rep.Contacts, ch.From) || ch.New == "" || has[[2]string{ch.Path, ch.New}] {
			continue
		}
		t := store.EraseText{Contact: id, Text: ch.New}
		if !slices.Contains(b.EraseText, t) {
			b.EraseText = append(b.EraseText, t)
			rep.Changes++
			traces++
		}
	}
	if traces == 0 {
		return nil
	}
	forget, err := s.forgetSnapshots(ctx, id)
	b.Records = append(b.Records, forget...)
	rep.Records += len(forget)
	return err
}

// openOf counts the enquiries that are not closed by the contact on which they
// were recorded.
func (s *Session) openOf(ctx context.Context) (map[contacts.ID]int, error) {
	recs, err := s.st().Records(ctx, s.ws(), recordEnquiry)
	if err != nil {
		return nil, err
	}
	open := make(map[contacts.ID]int, len(recs))
	for _, r := range recs {
		open[contacts.ID(r.Body)]++
	}
	return open, nil
}
