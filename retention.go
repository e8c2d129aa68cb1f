package extcontacts

import (
	"context"
	"slices"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// RetentionRule says what happens to contacts with which nothing happened for
// long.
type RetentionRule struct {
	// Query selects the contacts that the rule is about; empty means all.
	Query string
	// Inactive is for how long nothing may have happened: since the last
	// activity of the contact or of those merged into it, since its creation
	// where there is none.
	Inactive time.Duration
	// Erase erases the contacts instead of deleting them. Only deleting can be
	// undone.
	Erase bool
	// DryRun finds out what would be done and writes nothing.
	DryRun bool
}

// Retain applies a rule of retention: contacts with which nothing happened for
// long are deleted or erased. One with an enquiry that is not closed stays,
// with the code enquiry_open in the report. The rights of each contact count as
// in [Session.Delete] and [Session.Erase].
func (s *Session) Retain(ctx context.Context, rule RetentionRule) (BulkReport, error) {
	if rule.Inactive <= 0 {
		return BulkReport{}, &contacts.FieldError{Path: "inactive", Code: "required", Hint: "how long nothing may have happened"}
	}
	ids, err := s.inactive(ctx, rule.Query, s.now().Add(-rule.Inactive))
	if err != nil {
		return BulkReport{}, err
	}
	open, err := s.openEnquiriesOf(ctx)
	if err != nil {
		return BulkReport{}, err
	}
	right, kind := contacts.RightDelete, contacts.ActDelete
	if rule.Erase {
		right, kind = contacts.RightErase, contacts.ActErase
	}
	allow := func(c *contacts.Contact) error {
		if err := s.may(right, c); err != nil {
			return err
		}
		if open[c.ID] {
			return &CodeError{"enquiry_open", "contact " + string(c.ID) + " has an enquiry that is not closed"}
		}
		return nil
	}
	if !rule.Erase {
		return s.bulkIDs(ctx, kind, ids, BulkOptions{DryRun: rule.DryRun}, func(_ *cachedSchema, old *contacts.Contact) (*contacts.Contact, error) {
			if err := allow(old); err != nil {
				return nil, err
			}
			return s.deleted(old)
		})
	}
	return s.eraseMany(ctx, kind, ids, rule.DryRun, allow)
}

// PurgeDeleted purges the contacts that were deleted before a time; see
// [Session.Purge]. Those that may not be purged, or wait for an enquiry, stay.
func (s *Session) PurgeDeleted(ctx context.Context, before time.Time, o BulkOptions) (BulkReport, error) {
	ids, err := s.matching(ctx, "is:deleted")
	if err != nil {
		return BulkReport{}, err
	}
	var old []contacts.ID
	for part := range slices.Chunk(ids, chunk) {
		cs, err := s.fetch(ctx, part...)
		if err != nil {
			return BulkReport{}, err
		}
		for _, c := range cs {
			if c != nil && c.State == contacts.Deleted && c.UpdatedAt.Before(before) {
				old = append(old, c.ID)
			}
		}
	}
	if o.Max > 0 && len(old) > o.Max {
		return BulkReport{Matched: len(old)}, &CodeError{"too_many_matches", "more contacts would be purged than were meant"}
	}
	open, err := s.openEnquiriesOf(ctx)
	if err != nil {
		return BulkReport{}, err
	}
	return s.eraseMany(ctx, contacts.ActPurge, old, o.DryRun, func(c *contacts.Contact) error {
		if open[c.ID] {
			return &CodeError{"enquiry_open", "contact " + string(c.ID) + " has an enquiry that is not closed"}
		}
		return s.may(contacts.RightPurge, c)
	})
}

// eraseMany erases contacts one by one: each is an act, for an erasure cannot
// be undone anyway, and none waits for another.
func (s *Session) eraseMany(ctx context.Context, kind contacts.ActKind, ids []contacts.ID, dry bool, allow func(*contacts.Contact) error) (BulkReport, error) {
	rep := BulkReport{Matched: len(ids)}
	for _, id := range ids {
		c, err := s.raw(ctx, id)
		if err == nil {
			err = allow(c)
		}
		if err == nil && !dry {
			var act contacts.Act
			if act, _, err = s.eraseAll(ctx, kind, []contacts.ID{id}, allow); err == nil {
				rep.Act = act.ID
			}
		}
		refusal := BulkRefusal{ID: id}
		switch {
		case err == nil:
			rep.Changed++
		case !refusal.because(err):
			rep.Matched = rep.Changed + rep.Refused
			return rep, err
		default:
			if rep.Refused++; len(rep.Refusals) < MaxRejections {
				rep.Refusals = append(rep.Refusals, refusal)
			}
		}
	}
	return rep, nil
}

// inactive are the contacts with which nothing happened since a time.
func (s *Session) inactive(ctx context.Context, query string, since time.Time) ([]contacts.ID, error) {
	q, err := s.parse(ctx, query)
	if err != nil {
		return nil, err
	}
	last, err := s.lastActivities(ctx)
	if err != nil {
		return nil, err
	}
	st, visible := s.reader()
	var ids []contacts.ID
	for c, err := range store.Matches(ctx, st, s.ws(), q, visible) {
		if err != nil {
			return nil, err
		}
		at, ok := last[c.ID]
		if !ok {
			at = c.CreatedAt
		}
		if c.State == contacts.Live && at.Before(since) {
			ids = append(ids, c.ID)
		}
	}
	return ids, nil
}

// openEnquiriesOf are the contacts that answer for an enquiry that is not
// closed.
func (s *Session) openEnquiriesOf(ctx context.Context) (map[contacts.ID]bool, error) {
	of, err := s.openOf(ctx)
	if err != nil {
		return nil, err
	}
	var ids []contacts.ID
	for id := range of {
		ids = append(ids, id)
	}
	to, err := s.survivors(ctx, ids)
	if err != nil {
		return nil, err
	}
	open := map[contacts.ID]bool{}
	for _, id := range ids {
		open[to[id]] = true
	}
	return open, nil
}
