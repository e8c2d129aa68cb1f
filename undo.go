package extcontacts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/merge"
	"github.com/extcontacts/extcontacts/store"
)

// UndoPlan says what taking back an act will do: exactly that and nothing else.
type UndoPlan struct {
	// Act is the act to be taken back.
	Act contacts.Act `json:"act"`
	merge.UndoPlan
	// Records are changes of the workspace itself that are taken back.
	Records []contacts.Change `json:"records,omitempty"`

	revs     []store.Expect // of the contacts it was made from
	override []merge.Kept
	docs     []store.RecordPut
}

// PlanUndo works out what undoing an act will do; nothing is written. Values
// that were changed again after the act are kept and named in Kept; pass
// entries of it to have these values taken back all the same. Undoing an undo
// does the act again.
//
// Any act can be undone but an erasure, the recording of activities and the
// verification of an identifier (code act_not_undoable), and what is undone
// already (code act_undone). A custom field of which contacts have values
// stays (code field_in_use), and so does a contact that would get back a value
// of a field that is no more (code custom_unknown).
func (s *Session) PlanUndo(ctx context.Context, id contacts.ID, override ...merge.Kept) (*UndoPlan, error) {
	plan, _, err := s.planUndo(ctx, id, override)
	return plan, err
}

// planUndo makes a plan, and returns the contacts as they are with it.
func (s *Session) planUndo(ctx context.Context, id contacts.ID, override []merge.Kept) (*UndoPlan, []*contacts.Contact, error) {
	if err := s.may(contacts.RightUndo, nil); err != nil {
		return nil, nil, err
	}
	act, err := s.findAct(ctx, id)
	if err != nil {
		return nil, nil, err
	}
	switch act.Kind {
	case contacts.ActErase, contacts.ActPurge, contacts.ActActivity, contacts.ActVerify, contacts.ActOptOut, contacts.ActOptIn, contacts.ActReadmit:
		return nil, nil, &CodeError{"act_not_undoable", fmt.Sprintf("an act of kind %s cannot be undone", act.Kind)}
	}
	if !act.UndoneBy.IsZero() {
		return nil, nil, &CodeError{"act_undone", fmt.Sprintf("act %s was undone by act %s", act.ID, act.UndoneBy)}
	}
	plan := &UndoPlan{Act: act, override: slices.Clone(override)}
	entries, err := s.actEntries(ctx, act.ID)
	if err != nil {
		return nil, nil, err
	}
	if err := s.planRecords(ctx, plan, entries); err != nil {
		return nil, nil, err
	}
	acts := map[contacts.ID]contacts.Act{act.ID: act}
	root := act
	for !root.Undoes.IsZero() { // undoing an undo does the first act again
		if root, err = s.findAct(ctx, root.Undoes); err != nil {
			return nil, nil, err
		}
		acts[root.ID] = root
	}
	if root.ID != act.ID {
		if entries, err = s.actEntries(ctx, root.ID); err != nil {
			return nil, nil, err
		}
	}
	current, steps, err := s.touched(ctx, entries)
	if err != nil {
		return nil, nil, err
	}
	for _, c := range current {
		right := contacts.RightEdit
		if c.State == contacts.Live && createdBy(steps[c.ID], act.ID) {
			right = contacts.RightDelete
		}
		if err := s.may(right, c); err != nil {
			return nil, nil, err
		}
	}
	if err := s.stepActs(ctx, acts, steps); err != nil {
		return nil, nil, err
	}
	p, err := merge.PlanUndo(act.ID, current, merge.History{Steps: steps, Acts: acts}, override...)
	var fault *contacts.FieldError
	if errors.As(err, &fault) && fault.Code == "act_already_undone" { // redone by one act, undone by another
		return nil, nil, &CodeError{"act_undone", fmt.Sprintf("what act %s did was taken back already", act.ID)}
	}
	if err != nil {
		return nil, nil, err
	}
	cached, err := s.book.loadSchema(ctx)
	if err != nil {
		return nil, nil, err
	}
	for _, c := range p.Results {
		for key := range c.Custom {
			if _, ok := cached.schema.Field("custom." + key); !ok {
				return nil, nil, &contacts.FieldError{Path: "custom." + key, Code: "custom_unknown", Hint: "contact " + string(c.ID) + " would get back a value of a field that the workspace has no more"}
			}
		}
	}
	plan.UndoPlan, plan.revs = *p, make([]store.Expect, len(current))
	for i, c := range current {
		plan.revs[i] = store.Expect{ID: c.ID, Rev: c.Rev}
	}
	return plan, current, s.checkSchemaUndo(ctx, plan)
}

func createdBy(steps []merge.Step, act contacts.ID) bool {
	return len(steps) > 0 && steps[0].Act == act && steps[0].Change.Path == contacts.PathCreated
}

// actEntries reads all the entries of an act.
func (s *Session) actEntries(ctx context.Context, act contacts.ID) ([]contacts.Entry, error) {
	var all []contacts.Entry
	q := store.LogQuery{Act: act, Limit: chunk}
	for {
		entries, err := s.st().Log(ctx, s.ws(), q)
		if err != nil {
			return nil, err
		}
		all = append(all, entries...)
		if len(entries) < q.Limit {
			return all, nil
		}
		q.After = entries[len(entries)-1].Seq
	}
}

// touched reads the contacts that the entries changed, and the history of
// each. A contact that nothing but its creation ever touched needs no reading.
func (s *Session) touched(ctx context.Context, entries []contacts.Entry) ([]*contacts.Contact, map[contacts.ID][]merge.Step, error) {
	steps := map[contacts.ID][]merge.Step{}
	var ids []contacts.ID
	for _, e := range entries {
		for _, ch := range e.Changes {
			if ch.Contact.IsZero() {
				continue
			}
			if _, known := steps[ch.Contact]; !known {
				ids = append(ids, ch.Contact)
			}
			steps[ch.Contact] = append(steps[ch.Contact], merge.Step{Seq: e.Seq, Act: e.Act, Change: ch})
		}
	}
	current := make([]*contacts.Contact, 0, len(ids))
	var more []contacts.ID // those with a history besides their creation
	for part := range slices.Chunk(ids, chunk) {
		cs, err := s.fetch(ctx, part...)
		if err != nil {
			return nil, nil, err
		}
		for i, c := range cs {
			if c == nil {
				return nil, nil, fmt.Errorf("extcontacts: contact %s of the log is not in the store; run Verify", part[i])
			}
			current = append(current, c)
			if c.Rev > 1 {
				more = append(more, c.ID)
			}
		}
	}
	return current, steps, s.histories(ctx, more, steps)
}

// fewHistories is up to how many contacts the history of each is read by
// itself. For more, one pass over the log is cheaper: an entry of an import
// holds thousands of changes and would be read for each of its contacts.
const fewHistories = 16

// histories reads the whole history of each contact into steps.
func (s *Session) histories(ctx context.Context, ids []contacts.ID, into map[contacts.ID][]merge.Step) error {
	if len(ids) <= fewHistories {
		for _, id := range ids {
			steps, _, err := s.steps(ctx, id)
			if err != nil {
				return err
			}
			into[id] = steps
		}
		return nil
	}
	wanted := make(map[contacts.ID]bool, len(ids))
	for _, id := range ids {
		wanted[id] = true
		into[id] = nil
	}
	for e, err := range s.wholeLog(ctx) {
		if err != nil {
			return err
		}
		for _, ch := range e.Changes {
			if wanted[ch.Contact] {
				into[ch.Contact] = append(into[ch.Contact], merge.Step{Seq: e.Seq, Act: e.Act, Change: ch})
			}
		}
	}
	return nil
}

// stepActs reads the acts that occur in histories.
func (s *Session) stepActs(ctx context.Context, into map[contacts.ID]contacts.Act, steps map[contacts.ID][]merge.Step) error {
	var seen []contacts.Entry
	last := contacts.ID("")
	for _, line := range steps {
		for _, st := range line {
			if st.Act != last { // most histories repeat one act
				last = st.Act
				seen = append(seen, contacts.Entry{Act: st.Act})
			}
		}
	}
	return s.loadActs(ctx, into, seen)
}

// Undo carries out a plan exactly as it stands, as one act. Where something
// changed since the plan was made so that undoing would do something else, the
// error is [ErrConflict] and nothing is written: make a new plan.
func (s *Session) Undo(ctx context.Context, plan *UndoPlan) (contacts.Act, error) {
	act := s.act(contacts.ActUndo, "")
	if plan == nil || plan.Act.ID.IsZero() {
		return contacts.Act{}, &CodeError{"plan_incomplete", "plans are made by PlanUndo"}
	}
	res, err := s.commitNext(ctx, func(ctx context.Context) (*store.Batch, error) {
		now, current, err := s.planUndo(ctx, plan.Act.ID, plan.override)
		if err != nil {
			return nil, err
		}
		if !plan.same(now) {
			return nil, fmt.Errorf("extcontacts: what undoing act %s would do has changed since it was planned: %w", plan.Act.ID, ErrConflict)
		}
		cached, err := s.book.loadSchema(ctx)
		if err != nil {
			return nil, err
		}
		act.Undoes, act.Counts = now.Undoes, contacts.Counts{}
		b := &store.Batch{Changes: slices.Concat(now.Restored, now.Records), Records: now.docs}
		was := make(map[contacts.ID]*contacts.Contact, len(current))
		for _, c := range current {
			was[c.ID] = c
		}
		for _, c := range now.Results {
			old := was[c.ID]
			p := put(&act, old, c, cached.schema.UniqueFields())
			b.Put = append(b.Put, p)
			for _, k := range s.book.uniqueKinds(cached.schema, p.Add) {
				if !slices.Contains(b.Unique, k) {
					b.Unique = append(b.Unique, k)
				}
			}
			switch {
			case c.State == contacts.Merged && old.State != contacts.Merged:
				act.Counts.Merged++
			case old.State == contacts.Live && c.State != contacts.Live:
				act.Counts.Deleted++
			case old.State != contacts.Live && c.State == contacts.Live:
				act.Counts.Restored++
			default:
				act.Counts.Updated++
			}
		}
		b.Act = act
		return b, nil
	})
	return written(act, res, err)
}

// same reports whether two plans do the same to the same revisions.
func (p *UndoPlan) same(q *UndoPlan) bool {
	return p.Act.ID == q.Act.ID && slices.Equal(p.revs, q.revs) &&
		slices.Equal(p.Restored, q.Restored) && slices.Equal(p.Records, q.Records) && slices.Equal(p.Kept, q.Kept)
}

// head is the Seq of the workspace's last entry.
func (s *Session) head(ctx context.Context) (int64, error) {
	last, err := s.st().Log(ctx, s.ws(), store.LogQuery{Newest: true, Limit: 1})
	if err != nil || len(last) == 0 {
		return 0, err
	}
	return last[0].Seq, nil
}

// planRecords plans to take back what an act changed in the workspace itself:
// custom fields, labels, marks of distinct people. A label that came into being
// by being used stays.
func (s *Session) planRecords(ctx context.Context, plan *UndoPlan, entries []contacts.Entry) error {
	switch plan.Act.Kind {
	case contacts.ActSchema, contacts.ActDistinct, contacts.ActUndo:
	default:
		return nil
	}
	var schema []contacts.Change
	for _, e := range slices.Backward(entries) {
		for _, ch := range slices.Backward(e.Changes) {
			if !ch.Contact.IsZero() {
				continue
			}
			back := contacts.Change{Path: ch.Path, Old: ch.New, New: ch.Old}
			plan.Records = append(plan.Records, back)
			if strings.HasPrefix(ch.Path, "query.") {
				if err := s.queryStands(ctx, back); err != nil {
					return err
				}
				plan.docs = append(plan.docs, queryRecord(back))
				if err := s.may(contacts.RightSchema, nil); err != nil {
					return err
				}
				continue
			}
			if ch.Path != recordDistinct {
				schema = append(schema, back)
				continue
			}
			for _, id := range concerned(&ch) {
				c, err := s.resolve(ctx, id)
				if err != nil {
					return err
				}
				if err := s.may(contacts.RightMerge, c); err != nil {
					return err
				}
			}
			doc := store.RecordPut{Kind: recordDistinct, Key: ch.Old + ch.New, Base: store.AnyRev}
			if back.New != "" {
				doc.Body = []byte(plan.Act.ID)
			}
			plan.docs = append(plan.docs, doc)
		}
	}
	if len(schema) == 0 {
		return nil
	}
	if err := s.may(contacts.RightSchema, nil); err != nil {
		return err
	}
	cached, err := s.book.loadSchema(ctx)
	if err != nil {
		return err
	}
	doc, err := patchSchema(schemaDoc{cached.schema.Custom(), cached.schema.Labels()}, schema)
	if err != nil {
		return err
	}
	for _, ch := range schema {
		if key, ok := strings.CutPrefix(ch.Path, "field."); ok && ch.New == "" {
			if err := s.unused(ctx, key); err != nil {
				return err
			}
		}
	}
	plan.docs = append(plan.docs, schemaRecord(cached.rev, doc))
	return nil
}

// unused makes sure that no contact, in whatever state, has a value of a custom
// field that is to go.
func (s *Session) unused(ctx context.Context, key string) error {
	for c, err := range s.st().Scan(ctx, s.ws(), "") {
		if err != nil {
			return err
		}
		if _, used := c.Custom[key]; used {
			return &contacts.FieldError{Path: "custom." + key, Code: "field_in_use", Hint: "contacts have values of this field"}
		}
	}
	return nil
}
