package extcontacts

import (
	"context"
	"errors"
	"fmt"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// BulkOptions are the settings of a change of many contacts.
type BulkOptions struct {
	// DryRun finds out what would be done and writes nothing.
	DryRun bool
	// Max refuses to touch more contacts than that, with the code
	// too_many_matches and nothing written; zero means no bound.
	Max int
}

// BulkReport is the result of a change of many contacts. Matched = Changed +
// Unchanged + Refused.
type BulkReport struct {
	// Act is the act, which [Session.Undo] takes back as a whole; empty where
	// nothing was written.
	Act       contacts.ID `json:"act"`
	Matched   int         `json:"matched"`
	Changed   int         `json:"changed"`
	Unchanged int         `json:"unchanged"`
	Refused   int         `json:"refused"`
	// Refusals are the first of those refused, up to [MaxRejections].
	Refusals []BulkRefusal `json:"refusals,omitempty"`
}

// BulkRefusal is a contact that was left as it is, and why.
type BulkRefusal struct {
	ID contacts.ID `json:"id"`
	// Rule is the rule of the policy that refused, Code the code of the fault
	// that the change would have made: one of them is set.
	Rule string `json:"rule,omitzero"`
	Code string `json:"code,omitzero"`
}

// bulkBatch is the number of contacts of one transaction.
const bulkBatch = 500

// EditMatching changes every contact that matches the query, as [Session.Edit]
// changes one: the same rules and the same rights for each. A contact that may
// not be edited or would become invalid is left as it is and told in the
// report. change may be called more than once for a contact.
//
// The contacts go in transactions of 500, all of one act. Where one fails the
// report says what was done until then.
func (s *Session) EditMatching(ctx context.Context, query string, change func(*contacts.Contact) error, o BulkOptions) (BulkReport, error) {
	if change == nil {
		return BulkReport{}, errNoChange
	}
	return s.bulk(ctx, contacts.ActEdit, query, o, func(cached *cachedSchema, old *contacts.Contact) (*contacts.Contact, error) {
		return s.edited(cached, old, change)
	})
}

// DeleteMatching deletes every contact that matches the query, as
// [Session.Delete] deletes one; see [Session.EditMatching]. They can be
// restored until they are purged.
func (s *Session) DeleteMatching(ctx context.Context, query string, o BulkOptions) (BulkReport, error) {
	return s.bulk(ctx, contacts.ActDelete, query, o, func(_ *cachedSchema, old *contacts.Contact) (*contacts.Contact, error) {
		return s.deleted(old)
	})
}

// deleted is the contact after its deletion.
func (s *Session) deleted(old *contacts.Contact) (*contacts.Contact, error) {
	if err := s.may(contacts.RightDelete, old); err != nil {
		return nil, err
	}
	c := old.Clone()
	if c.State == contacts.Live {
		c.State = contacts.Deleted
	}
	return c, nil
}

func (s *Session) bulk(ctx context.Context, kind contacts.ActKind, query string, o BulkOptions, alter func(*cachedSchema, *contacts.Contact) (*contacts.Contact, error)) (BulkReport, error) {
	ids, err := s.matching(ctx, query)
	if err != nil {
		return BulkReport{}, err
	}
	return s.bulkIDs(ctx, kind, ids, o, alter)
}

// matching are the ids of the contacts that a query finds, in ascending order.
func (s *Session) matching(ctx context.Context, query string) ([]contacts.ID, error) {
	q, err := s.parse(ctx, query)
	if err != nil {
		return nil, err
	}
	st, visible := s.reader()
	var ids []contacts.ID
	for c, err := range store.Matches(ctx, st, s.ws(), q, visible) {
		if err != nil {
			return nil, err
		}
		ids = append(ids, c.ID)
	}
	return ids, nil
}

// bulkIDs alters contacts in batches of one act.
func (s *Session) bulkIDs(ctx context.Context, kind contacts.ActKind, ids []contacts.ID, o BulkOptions, alter func(*cachedSchema, *contacts.Contact) (*contacts.Contact, error)) (BulkReport, error) {
	rep := BulkReport{Matched: len(ids)}
	if o.Max > 0 && len(ids) > o.Max {
		return rep, &CodeError{"too_many_matches", fmt.Sprintf("%d contacts match, at most %d were meant", len(ids), o.Max)}
	}
	act := s.act(kind, "")
	n := 0
	for part := range slices.Chunk(ids, bulkBatch) {
		n++
		var next BulkReport
		build := func(ctx context.Context) (*store.Batch, error) {
			next = rep
			next.Refusals = slices.Clone(rep.Refusals)
			b, err := s.bulkBatch(ctx, &act, part, &next, alter)
			if b != nil {
				b.Part = n
			}
			return b, err
		}
		if o.DryRun {
			if _, err := build(ctx); err != nil {
				return rep, err
			}
			rep = next
			continue
		}
		res, err := s.commit(ctx, build)
		if err != nil {
			rep.Matched = rep.Changed + rep.Unchanged + rep.Refused
			return rep, err
		}
		if rep = next; res.Seq != 0 {
			rep.Act = act.ID
		}
	}
	return rep, nil
}

// bulkBatch makes the batch of one part, nil where nothing changes.
func (s *Session) bulkBatch(ctx context.Context, act *contacts.Act, ids []contacts.ID, rep *BulkReport, alter func(*cachedSchema, *contacts.Contact) (*contacts.Contact, error)) (*store.Batch, error) {
	cached, err := s.book.loadSchema(ctx)
	if err != nil {
		return nil, err
	}
	list, err := s.fetch(ctx, ids...)
	if err != nil {
		return nil, err
	}
	b := &store.Batch{}
	var labels []string
	for i, old := range list {
		if old == nil || !s.visible(old) {
			rep.Matched--
			continue
		}
		c, err := alter(cached, old)
		if err != nil {
			refusal := BulkRefusal{ID: ids[i]}
			if !refusal.because(err) {
				return nil, err
			}
			if rep.Refused++; len(rep.Refusals) < MaxRejections {
				rep.Refusals = append(rep.Refusals, refusal)
			}
			continue
		}
		changes := contacts.Diff(old, c)
		if len(changes) == 0 {
			rep.Unchanged++
			continue
		}
		rep.Changed++
		b.Changes = append(b.Changes, changes...)
		labels = append(labels, addedLabels(c, old)...)
		p := put(act, old, c, cached.schema.UniqueFields())
		b.Put = append(b.Put, p)
		for _, k := range s.book.uniqueKinds(cached.schema, p.Add) {
			if !slices.Contains(b.Unique, k) {
				b.Unique = append(b.Unique, k)
			}
		}
	}
	if len(b.Put) == 0 {
		return nil, nil
	}
	if err := s.addLabels(b, cached, labels); err != nil {
		return nil, err
	}
	act.Counts = contacts.Counts{Updated: rep.Changed}
	if act.Kind == contacts.ActDelete {
		act.Counts = contacts.Counts{Deleted: rep.Changed}
	}
	b.Act = *act
	return b, nil
}

// because takes over why a contact was refused; it is false for an error that
// is about more than the contact.
func (r *BulkRefusal) because(err error) bool {
	var forbidden *ForbiddenError
	var fault *contacts.FieldError
	var code *CodeError
	switch {
	case errors.As(err, &forbidden):
		r.Rule = forbidden.Rule
	case errors.As(err, &fault):
		r.Code = fault.Code
	case errors.As(err, &code):
		r.Code = code.Code
	default:
		return false
	}
	return true
}
