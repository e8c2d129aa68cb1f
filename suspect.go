package extcontacts

import (
	"context"
	"fmt"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/merge"
)

// DuplicateRule says what creating or editing a contact does when that makes
// it a suspected duplicate of another.
type DuplicateRule uint8

// The rules.
const (
	// AllowDuplicates does not look.
	AllowDuplicates DuplicateRule = iota
	// WarnDuplicates stores the contact and calls Options.Suspected.
	WarnDuplicates
	// BlockDuplicates refuses contacts whose verdict would be merge.Same, with
	// a *[DuplicateError], and warns of other ones.
	BlockDuplicates
)

// DuplicateError refuses a contact that is there already.
type DuplicateError struct {
	// Pairs are the suspicions; A is the refused contact in each.
	Pairs []merge.Pair
}

// Error names the contacts.
func (e *DuplicateError) Error() string {
	ids := make([]contacts.ID, len(e.Pairs))
	for i := range e.Pairs {
		ids[i] = e.Pairs[i].B
	}
	return fmt.Sprintf("extcontacts: almost certainly the same person as contact %s", joinIDs(ids))
}

// Is makes errors.Is(err, ErrConflict) true.
func (e *DuplicateError) Is(target error) bool { return target == ErrConflict }

// Duplicating returns a session like s that follows another rule than
// Options.Duplicates, for a user who was warned and decided.
func (s *Session) Duplicating(r DuplicateRule) *Session {
	t := *s
	t.duplicates = &r
	return &t
}

// Suspects returns who in the book a contact that is not stored yet may be, as
// [Session.Suggest] does for one that is.
func (s *Session) Suspects(ctx context.Context, c *contacts.Contact) ([]merge.Pair, error) {
	if c == nil {
		return nil, &CodeError{"contact_missing", "no contact was given"}
	}
	if err := s.may(contacts.RightView, nil); err != nil {
		return nil, err
	}
	c = c.Clone().Normalize()
	c.State = contacts.Live
	return s.suggest(ctx, c)
}

// checkDuplicates applies the rule to a contact about to be stored; old is what
// it was, nil where it is new. It returns what to warn of.
func (s *Session) checkDuplicates(ctx context.Context, old, c *contacts.Contact) ([]merge.Pair, error) {
	rule := s.book.o.Duplicates
	if s.duplicates != nil {
		rule = *s.duplicates
	}
	if rule == AllowDuplicates {
		return nil, nil
	}
	found, err := s.suggest(ctx, c)
	if err != nil || len(found) == 0 {
		return nil, err
	}
	known := map[contacts.ID]merge.Verdict{}
	if old != nil {
		before, err := s.suggest(ctx, old)
		if err != nil {
			return nil, err
		}
		for _, p := range before {
			known[p.B] = p.Verdict
		}
	}
	var warn, block []merge.Pair
	for _, p := range found {
		switch {
		case p.Verdict < merge.Possible || p.Verdict <= known[p.B]:
		case p.Verdict == merge.Same && rule == BlockDuplicates:
			block = append(block, p)
		default:
			warn = append(warn, p)
		}
	}
	if len(block) > 0 {
		return nil, &DuplicateError{block}
	}
	return warn, nil
}

// warn tells the host of suspicions about a contact that is stored.
func (s *Session) warn(ctx context.Context, c *contacts.Contact, found []merge.Pair) {
	if len(found) > 0 && s.book.o.Suspected != nil {
		s.book.o.Suspected(ctx, s.mask.Apply(c.Clone()), found)
	}
}
