package extcontacts

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// Session is a book as one actor sees it. It has the operations; each asks the
// policy, and what is written is written under the very state the policy
// decided on. A Session is safe for use by many goroutines.
//
// Where an operation names a contact, the id of a contact that was merged away
// means its survivor, through any number of merges. A contact that is absent
// and one the actor may not view are the same [ErrNotFound].
type Session struct {
	book       *Book
	actor      contacts.Actor
	mask       contacts.Mask  // what the actor may not read
	duplicates *DuplicateRule // where it is not the book's
	enquiry    *inEnquiry     // nil outside enquiries
}

// Actor returns who the session acts for.
func (s *Session) Actor() contacts.Actor {
	a := s.actor
	a.Roles = slices.Clone(a.Roles)
	if a.Enquiry != nil {
		enquiry := *a.Enquiry
		a.Enquiry = &enquiry
	}
	return a
}

func (s *Session) ws() string         { return s.book.o.Workspace }
func (s *Session) st() store.Store    { return s.book.st }
func (s *Session) now() time.Time     { return contacts.Micros(s.book.o.Now()) }
func (s *Session) newID() contacts.ID { return s.book.o.NewID() }

// may asks the policy for a right. A contact that may not be viewed is not
// found, whatever the right.
func (s *Session) may(r contacts.Right, c *contacts.Contact) error {
	if s.actor.ID.IsZero() {
		return &ForbiddenError{r, "actor_required"}
	}
	if c != nil && r != contacts.RightCreate && !s.decide(contacts.RightView, c).Allowed {
		return ErrNotFound
	}
	if c != nil && r == contacts.RightView {
		return nil
	}
	if d := s.decide(r, c); !d.Allowed {
		return &ForbiddenError{r, d.Rule}
	}
	return s.mayUnmasked(r)
}

// mayBecome asks the policy whether the actor may leave a contact as c is: a
// change must be allowed for what the contact was and for what it becomes.
func (s *Session) mayBecome(r contacts.Right, c *contacts.Contact) error {
	if d := s.decide(r, c); !d.Allowed {
		return &ForbiddenError{r, d.Rule}
	}
	return nil
}

// visible reports whether the actor may view c.
func (s *Session) visible(c *contacts.Contact) bool {
	return s.may(contacts.RightView, c) == nil
}

// maxRedirects bounds the chain of merges followed: merges never form a
// cycle, so only a damaged store could exceed it.
const maxRedirects = 10_000

// resolve reads a contact, following merges to the survivor.
func (s *Session) resolve(ctx context.Context, id contacts.ID) (*contacts.Contact, error) {
	for range maxRedirects {
		c, err := s.raw(ctx, id)
		if err != nil || c.State != contacts.Merged {
			return c, err
		}
		id = c.MergedInto
	}
	return nil, fmt.Errorf("extcontacts: the merges of contact %s form a circle", id)
}

// raw reads a contact as it stands under its own id.
func (s *Session) raw(ctx context.Context, id contacts.ID) (*contacts.Contact, error) {
	if id.IsZero() {
		return nil, ErrNotFound
	}
	cs, err := s.fetch(ctx, id)
	if errors.Is(err, ErrInvalid) {
		return nil, ErrNotFound // an id no contact can have
	}
	if err != nil {
		return nil, err
	}
	if cs[0] == nil {
		return nil, ErrNotFound
	}
	return cs[0], nil
}

// Get returns a contact. One that was deleted or erased is returned with its
// State; one that was merged is answered for by its survivor.
func (s *Session) Get(ctx context.Context, id contacts.ID) (*contacts.Contact, error) {
	c, err := s.resolve(ctx, id)
	if err != nil {
		return nil, err
	}
	if err := s.may(contacts.RightView, c); err != nil {
		return nil, err
	}
	return s.mask.Apply(c), nil
}

// Schema returns the custom fields and labels of the workspace.
func (s *Session) Schema(ctx context.Context) (*contacts.Schema, error) {
	if err := s.may(contacts.RightView, nil); err != nil {
		return nil, err
	}
	c, err := s.book.loadSchema(ctx)
	if err != nil {
		return nil, err
	}
	return c.schema, nil
}

// act starts an act of this session.
func (s *Session) act(kind contacts.ActKind, source string) contacts.Act {
	return contacts.Act{ID: s.newID(), Kind: kind, Actor: s.actor.ID, At: s.now(), Source: source}
}

// maxAttempts bounds how often a read-decide-write cycle starts anew because
// somebody else wrote in between. Every failure means that another writer
// succeeded. The writers of one process let each other go first (see [line]),
// so that it takes many processes that write without pause to come near it.
const maxAttempts = 500

// commit runs a read-decide-write cycle: build reads, decides and returns the
// batch (nil: nothing to write); it is called anew where the state it decided
// on had changed before the batch was applied.
func (s *Session) commit(ctx context.Context, build func(context.Context) (*store.Batch, error)) (store.Result, error) {
	return s.cycle(ctx, false, build)
}

// cycle is commit; whole says that the decision is about the whole book.
func (s *Session) cycle(ctx context.Context, whole bool, build func(context.Context) (*store.Batch, error)) (store.Result, error) {
	t := turn{line: s.book.line}
	defer t.end()
	for ; t.beaten < maxAttempts; t.beaten++ {
		if err := t.begin(ctx, whole); err != nil {
			return store.Result{}, err
		}
		b, err := build(ctx)
		if err != nil || b == nil {
			return store.Result{}, err
		}
		if b.Part == 0 {
			b.Part = 1
		}
		if err := s.remember(ctx, b); err != nil {
			return store.Result{}, err
		}
		res, err := s.st().Apply(ctx, s.ws(), b)
		var conflict *store.ConflictError
		if !errors.As(err, &conflict) {
			return res, err
		}
		if len(conflict.Keys) > 0 {
			holders, err := s.visibleIDs(ctx, conflict.IDs)
			if err != nil {
				return res, err
			}
			return res, &TakenError{Kind: conflict.Keys[0], Holders: holders}
		}
		if err := ctx.Err(); err != nil {
			return res, err
		}
	}
	return store.Result{}, fmt.Errorf("extcontacts: gave up after %d attempts against concurrent writers: %w", maxAttempts, ErrConflict)
}

// commitNext is commit for decisions about more than the contacts written: the
// batch is applied only where nobody has written anything since build began.
func (s *Session) commitNext(ctx context.Context, build func(context.Context) (*store.Batch, error)) (store.Result, error) {
	return s.cycle(ctx, true, func(ctx context.Context) (*store.Batch, error) {
		head, err := s.head(ctx)
		if err != nil {
			return nil, err
		}
		b, err := build(ctx)
		if b != nil {
			b.Seq = head + 1
		}
		return b, err
	})
}

// visibleIDs keeps the ids of contacts that the actor may view.
func (s *Session) visibleIDs(ctx context.Context, ids []contacts.ID) ([]contacts.ID, error) {
	cs, err := s.fetch(ctx, ids...)
	if err != nil {
		return nil, err
	}
	var out []contacts.ID
	for _, c := range cs {
		if c != nil && s.visible(c) {
			out = append(out, c.ID)
		}
	}
	return out, nil
}

// written is the act as it was stored; an act that wrote nothing is none.
func written(act contacts.Act, res store.Result, err error) (contacts.Act, error) {
	if err != nil || res.Seq == 0 {
		return contacts.Act{}, err
	}
	act.Seq = res.Seq
	return act, nil
}

// put makes the write of a changed or new contact: c gets the next revision
// and the time of the act.
func put(act *contacts.Act, old, c *contacts.Contact, unique []string) store.Put {
	p := stamp(act, old, c)
	p.Add, p.Drop = store.KeyDiff(old, c, unique...)
	return p
}

// stamp is put without the keys.
func stamp(act *contacts.Act, old, c *contacts.Contact) store.Put {
	p := store.Put{Contact: c}
	if old != nil {
		p.Base = old.Rev
		c.CreatedAt = old.CreatedAt
	} else {
		c.CreatedAt = act.At
	}
	c.Rev, c.UpdatedAt = p.Base+1, act.At
	return p
}
