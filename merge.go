package extcontacts

import (
	"context"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/merge"
	"github.com/extcontacts/extcontacts/store"
)

// PlanMerge works out what merging others into the survivor will do; nothing
// is written. By default the survivor keeps its values and blanks are filled
// from the others in their order; [merge.Take] chooses otherwise. Two contacts
// that were said to be distinct are refused with the code marked_distinct.
func (s *Session) PlanMerge(ctx context.Context, survivor contacts.ID, others []contacts.ID, rules ...merge.Rule) (*merge.Plan, error) {
	to, err := s.Get(ctx, survivor)
	if err != nil {
		return nil, err
	}
	from := make([]*contacts.Contact, len(others))
	for i, id := range others {
		if from[i], err = s.Get(ctx, id); err != nil {
			return nil, err
		}
	}
	if err := s.mayMerge(to, from); err != nil {
		return nil, err
	}
	plan, err := merge.NewPlan(to, from, rules...)
	if err != nil {
		return nil, err
	}
	return plan, s.notDistinct(ctx, to, from)
}

// notDistinct refuses to merge contacts that were said to be two people.
func (s *Session) notDistinct(ctx context.Context, to *contacts.Contact, from []*contacts.Contact) error {
	all := make([]contacts.ID, 0, len(from)+1)
	for _, c := range append(slices.Clip(from), to) {
		marks, err := s.marksBetween(ctx, c.ID, all...)
		if err != nil {
			return err
		}
		if err := marks.refuse(to, from); err != nil {
			return err
		}
		all = append(all, c.ID)
	}
	return nil
}

func (d distinct) refuse(to *contacts.Contact, from []*contacts.Contact) error {
	for i, a := range from {
		for _, b := range append(from[:i:i], to) {
			if d.has(a.ID, b.ID) {
				return &CodeError{"marked_distinct", "contacts " + string(a.ID) + " and " + string(b.ID) + " were said to be two people; undo that first"}
			}
		}
	}
	return nil
}

// mayMerge asks for every right a merge needs: to merge and to edit the
// survivor, to merge and to delete each of the others.
func (s *Session) mayMerge(to *contacts.Contact, from []*contacts.Contact) error {
	if err := s.may(contacts.RightMerge, to); err != nil {
		return err
	}
	if err := s.may(contacts.RightEdit, to); err != nil {
		return err
	}
	for _, c := range from {
		if err := s.may(contacts.RightMerge, c); err != nil {
			return err
		}
		if err := s.may(contacts.RightDelete, c); err != nil {
			return err
		}
	}
	return nil
}

// Merge carries out a plan as it stands, as one act. The values of its Result
// may have been edited; they must be valid, and as little as an edit may they
// drop, alter or claim a verification. Where one of the
// contacts changed since the plan was made the error is a *[ConflictError] and
// nothing is written; two contacts that were said to be distinct are refused
// with the code marked_distinct.
func (s *Session) Merge(ctx context.Context, plan *merge.Plan) (contacts.Act, error) {
	return s.MergeAll(ctx, []*merge.Plan{plan})
}

// MergeAll carries out several plans as one act, all of them or none, as
// [Session.Merge] does each. A contact may be part of one plan only. Undoing
// the act takes all of them back.
func (s *Session) MergeAll(ctx context.Context, plans []*merge.Plan) (contacts.Act, error) {
	act := s.act(contacts.ActMerge, "")
	if len(plans) == 0 {
		return act, &contacts.FieldError{Path: "plan", Code: "plan_incomplete", Hint: "plans are made by PlanMerge"}
	}
	for _, plan := range plans {
		if plan == nil || plan.Survivor == nil || plan.Result == nil || len(plan.Others) == 0 || slices.Contains(plan.Others, nil) {
			return act, &contacts.FieldError{Path: "plan", Code: "plan_incomplete", Hint: "plans are made by PlanMerge"}
		}
		act.Counts.Updated++
		act.Counts.Merged += len(plan.Others)
	}
	res, err := s.commitNext(ctx, func(ctx context.Context) (*store.Batch, error) {
		cached, err := s.book.loadSchema(ctx)
		if err != nil {
			return nil, err
		}
		marks, err := s.distinctMarks(ctx)
		if err != nil {
			return nil, err
		}
		b := &store.Batch{Act: act}
		m := merging{Session: s, cached: cached, marks: marks, batch: b, seen: map[contacts.ID]bool{}}
		for _, plan := range plans {
			if err := m.add(ctx, plan); err != nil {
				return nil, err
			}
		}
		return b, s.addLabels(b, cached, m.labels)
	})
	return written(act, res, err)
}

// merging puts plans into a batch.
type merging struct {
	*Session
	cached *cachedSchema
	marks  distinct
	batch  *store.Batch
	seen   map[contacts.ID]bool
	labels []string // that the workspace may not know yet
}

func (m *merging) add(ctx context.Context, plan *merge.Plan) error {
	to, err := m.unchanged(ctx, plan.Survivor)
	if err != nil {
		return err
	}
	invalid := &contacts.FieldError{Path: "plan", Code: "plan_invalid", Hint: "live contacts are merged, each once; plans are made by PlanMerge"}
	if m.seen[to.ID] || to.State != contacts.Live {
		return invalid
	}
	m.seen[to.ID] = true
	from := make([]*contacts.Contact, len(plan.Others))
	for i, o := range plan.Others {
		if from[i], err = m.unchanged(ctx, o); err != nil {
			return err
		}
		if m.seen[o.ID] || from[i].State != contacts.Live {
			return invalid
		}
		m.seen[o.ID] = true
	}
	if err := m.mayMerge(to, from); err != nil {
		return err
	}
	result := plan.Result.Clone()
	result.ID, result.Rev, result.State, result.MergedInto = to.ID, to.Rev, to.State, to.MergedInto
	keepOwner(result, to, from)
	m.cached.schema.Retype(result)
	spellLabels(result, m.cached.schema)
	result.Normalize()
	all := append(slices.Clip(from), to)
	if err := checkMergedFacts(all, result); err != nil {
		return err
	}
	if err := m.marks.refuse(to, from); err != nil {
		return err
	}
	if err := contacts.Validate(result, m.cached.schema).Err(); err != nil {
		return err
	}
	unique := m.cached.schema.UniqueFields()
	sure := *plan // what is stored counts, not what the plan says was
	sure.Survivor, sure.Others, sure.Result = to, from, result
	b := m.batch
	b.Changes = append(b.Changes, sure.Changes()...)
	m.labels = append(m.labels, addedLabels(result, all...)...)
	p := put(&b.Act, to, result, unique)
	b.Put = append(b.Put, p)
	for _, k := range m.book.uniqueKinds(m.cached.schema, p.Add) {
		if !slices.Contains(b.Unique, k) {
			b.Unique = append(b.Unique, k)
		}
	}
	for _, o := range from {
		c := o.Clone()
		c.State, c.MergedInto = contacts.Merged, to.ID
		b.Put = append(b.Put, put(&b.Act, o, c, unique))
	}
	return nil
}

// unchanged reads a contact anew and refuses it where it is not at the
// revision of the given copy.
func (s *Session) unchanged(ctx context.Context, was *contacts.Contact) (*contacts.Contact, error) {
	c, err := s.raw(ctx, was.ID)
	if err != nil {
		return nil, err
	}
	if err := s.may(contacts.RightView, c); err != nil {
		return nil, err
	}
	if c.Rev != was.Rev {
		return nil, s.conflict(ctx, c, was.Rev)
	}
	return c, nil
}
