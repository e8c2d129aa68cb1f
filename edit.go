package extcontacts

import (
	"context"
	"fmt"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/merge"
	"github.com/extcontacts/extcontacts/store"
)

// Create stores a new contact and returns it as stored: with its id, the
// defaults filled in and the lists in canonical order. The contact given is
// not altered; its ID, Rev, State and times do not count.
//
// Errors: [contacts.FieldErrors] with every fault, [TakenError],
// [ForbiddenError], and [DuplicateError] as Options.Duplicates says.
func (s *Session) Create(ctx context.Context, given *contacts.Contact) (*contacts.Contact, error) {
	if given == nil {
		return nil, &CodeError{"contact_missing", "no contact was given"}
	}
	act := s.act(contacts.ActCreate, "")
	act.Counts.Created = 1
	id := s.newID()
	var stored *contacts.Contact
	var warn []merge.Pair
	_, err := s.commit(ctx, func(ctx context.Context) (b *store.Batch, err error) {
		if stored, b, err = s.newContact(ctx, &act, id, given); err == nil {
			warn, err = s.checkDuplicates(ctx, nil, stored)
		}
		return b, err
	})
	if err != nil {
		return nil, err
	}
	s.warn(ctx, stored, warn)
	return stored.Clone(), nil
}

// newContact makes a contact of what was given, and the batch that creates it.
func (s *Session) newContact(ctx context.Context, act *contacts.Act, id contacts.ID, given *contacts.Contact) (*contacts.Contact, *store.Batch, error) {
	cached, err := s.book.loadSchema(ctx)
	if err != nil {
		return nil, nil, err
	}
	c := given.Clone()
	c.ID, c.State, c.MergedInto = id, contacts.Live, ""
	dropClaims(c)
	c.Owner = s.owner(c.Owner)
	cached.schema.Retype(c)
	contacts.ApplyDefaults(c, cached.schema)
	spellLabels(c, cached.schema)
	c.Normalize()
	if err := contacts.Validate(c, cached.schema).Err(); err != nil {
		return nil, nil, err
	}
	if err := s.may(contacts.RightCreate, c); err != nil {
		return nil, nil, err
	}
	if s.mask.Writes(c) {
		return nil, nil, &ForbiddenError{contacts.RightCreate, ruleMasked}
	}
	b := &store.Batch{Act: *act, Changes: []contacts.Change{{Contact: id, Path: contacts.PathCreated}}}
	if err := s.addLabels(b, cached, c.Labels); err != nil {
		return nil, nil, err
	}
	p := put(act, nil, c, cached.schema.UniqueFields())
	b.Put, b.Unique = []store.Put{p}, s.book.uniqueKinds(cached.schema, p.Add)
	return c, b, nil
}

// Edit changes a contact: change is called with a copy of it and alters the
// copy. rev is the revision the caller's work is based on; where the contact
// has another by now the error is a *[ConflictError]. With rev 0 the change is
// made to whatever the contact is, and change may be called more than once.
// The maps of the copy can be written to; an error that change returns comes
// back as it is, and nothing is written.
//
// A verified identifier is a fact: an edit that would alter or drop one is
// refused with the code verified_identifier. An edit that changes nothing
// writes nothing. ID, revision, state, times and ownership do not count: see
// [Session.SetOwner]. Of masked values the copy has [contacts.MaskText]; an
// edit that touches one is refused.
func (s *Session) Edit(ctx context.Context, id contacts.ID, rev int64, change func(*contacts.Contact) error) (*contacts.Contact, error) {
	if change == nil {
		return nil, errNoChange
	}
	act := s.act(contacts.ActEdit, "")
	act.Counts.Updated = 1
	var stored *contacts.Contact
	var warn []merge.Pair
	_, err := s.commit(ctx, func(ctx context.Context) (*store.Batch, error) {
		cached, err := s.book.loadSchema(ctx)
		if err != nil {
			return nil, err
		}
		old, err := s.resolve(ctx, id)
		if err != nil {
			return nil, err
		}
		if err := s.may(contacts.RightEdit, old); err != nil {
			return nil, err
		}
		if rev != 0 && rev != old.Rev && old.State == contacts.Live {
			return nil, s.conflict(ctx, old, rev)
		}
		c, err := s.edited(cached, old, change)
		if err != nil {
			return nil, err
		}
		stored = c
		changes := contacts.Diff(old, c)
		if len(changes) == 0 {
			return nil, nil
		}
		if warn, err = s.checkDuplicates(ctx, old, c); err != nil {
			return nil, err
		}
		b := &store.Batch{Act: act, Changes: changes}
		if err := s.addLabels(b, cached, addedLabels(c, old)); err != nil {
			return nil, err
		}
		p := put(&act, old, c, cached.schema.UniqueFields())
		b.Put, b.Unique = []store.Put{p}, s.book.uniqueKinds(cached.schema, p.Add)
		return b, nil
	})
	if err != nil {
		return nil, err
	}
	s.warn(ctx, stored, warn)
	return s.mask.Apply(stored.Clone()), nil
}

var errNoChange = &CodeError{"change_missing", "no function was given that changes the contact"}

// edited is the contact as the change leaves it, checked against every rule.
func (s *Session) edited(cached *cachedSchema, old *contacts.Contact, change func(*contacts.Contact) error) (*contacts.Contact, error) {
	if err := s.may(contacts.RightEdit, old); err != nil {
		return nil, err
	}
	if err := live(old); err != nil {
		return nil, err
	}
	c := s.mask.Apply(old).Clone()
	if c.Custom == nil {
		c.Custom = map[string]contacts.Value{}
	}
	if c.ExternalIDs == nil {
		c.ExternalIDs = map[string]string{}
	}
	if err := change(c); err != nil {
		return nil, err
	}
	if !s.mask.Restore(c, old) {
		return nil, &ForbiddenError{contacts.RightEdit, ruleMasked}
	}
	c.ID, c.Rev, c.State, c.MergedInto = old.ID, old.Rev, old.State, old.MergedInto
	c.CreatedAt, c.UpdatedAt = old.CreatedAt, old.UpdatedAt
	c.Owner, c.SharedWith = old.Owner, slices.Clone(old.SharedWith)
	cached.schema.Retype(c)
	spellLabels(c, cached.schema)
	c.Normalize()
	if err := checkFacts(old, c); err != nil {
		return nil, err
	}
	if err := newFaults(old, c, cached.schema).Err(); err != nil {
		return nil, err
	}
	return c, s.mayBecome(contacts.RightEdit, c)
}

// owner is who a new contact belongs to.
func (s *Session) owner(given contacts.ID) contacts.ID {
	if given.IsZero() && s.book.o.Owned {
		return s.actor.ID
	}
	return given
}

// live refuses to change a contact that was deleted or erased.
func live(c *contacts.Contact) error {
	switch c.State {
	case contacts.Live:
		return nil
	case contacts.Erased:
		return &CodeError{"contact_erased", "contact " + string(c.ID) + " was erased"}
	}
	return &CodeError{"contact_not_live", "contact " + string(c.ID) + " is " + c.State.String() + "; restore it first"}
}

// newFaults are the faults of c that the contact did not have before: a rule
// that came later, such as a new required field, locks nobody out.
func newFaults(old, c *contacts.Contact, schema *contacts.Schema) contacts.FieldErrors {
	faults := contacts.Validate(c, schema)
	if len(faults) == 0 {
		return nil
	}
	had := contacts.Validate(old, schema)
	return slices.DeleteFunc(faults, func(f *contacts.FieldError) bool {
		return slices.ContainsFunc(had, func(h *contacts.FieldError) bool { return *h == *f })
	})
}

// dropClaims takes off verifications that a caller wrote into a new contact:
// only [Session.VerifyIdentifier] makes them.
func dropClaims(c *contacts.Contact) {
	for i := range c.Phones {
		c.Phones[i].Verified = contacts.Verification{}
	}
	for i := range c.Emails {
		c.Emails[i].Verified = contacts.Verification{}
	}
	for i := range c.Socials {
		c.Socials[i].Verified = contacts.Verification{}
	}
}

// facts are the verified identifiers of a contact: list and element.
func facts(c *contacts.Contact) map[[2]string]contacts.Verification {
	m := map[[2]string]contacts.Verification{}
	add := func(list, elem string, v contacts.Verification) {
		if !v.IsZero() {
			m[[2]string{list, elem}] = v
		}
	}
	for i := range c.Phones {
		add("phones", c.Phones[i].Elem(), c.Phones[i].Verified)
	}
	for i := range c.Emails {
		add("emails", c.Emails[i].Elem(), c.Emails[i].Verified)
	}
	for i := range c.Socials {
		add("socials", c.Socials[i].Elem(), c.Socials[i].Verified)
	}
	return m
}

// checkFacts refuses an edit that alters, drops or invents a verification.
func checkFacts(old, c *contacts.Contact) error {
	was, is := facts(old), facts(c)
	for at, v := range was {
		if is[at] != v {
			return &contacts.FieldError{Path: at[0], Code: "verified_identifier", Hint: "a verified identifier cannot be edited"}
		}
	}
	if len(is) > len(was) {
		return &contacts.FieldError{Path: "verified", Code: "verification_claimed", Hint: "an identifier is verified by its own operation, not by an edit"}
	}
	return nil
}

// checkMergedFacts refuses the result of a merge that lacks, alters or invents
// a verified identifier.
func checkMergedFacts(of []*contacts.Contact, result *contacts.Contact) error {
	is := facts(result)
	known := map[[2]string]bool{} // whether the result has it as one of the contacts has
	for _, c := range of {
		for at, v := range facts(c) {
			known[at] = known[at] || is[at] == v
		}
	}
	for at, kept := range known {
		if !kept {
			return &contacts.FieldError{Path: at[0], Code: "verified_identifier", Hint: "a verified identifier survives every merge"}
		}
	}
	if len(is) > len(known) {
		return &contacts.FieldError{Path: "verified", Code: "verification_claimed", Hint: "an identifier is verified by its own operation, not by a merge"}
	}
	return nil
}

// conflict says who changed what since the revision the caller worked from.
func (s *Session) conflict(ctx context.Context, c *contacts.Contact, base int64) error {
	if base < 0 || base > c.Rev {
		return &CodeError{"revision_unknown", fmt.Sprintf("contact %s never had revision %d; it is at %d", c.ID, base, c.Rev)}
	}
	e := &ConflictError{ID: c.ID, Base: base, Rev: c.Rev}
	missed := int(min(max(c.Rev-base, 0), 1000))
	if missed == 0 {
		return e
	}
	entries, err := s.st().Log(ctx, s.ws(), store.LogQuery{Contact: c.ID, Newest: true, Limit: missed})
	if err != nil {
		return err
	}
	var ids []contacts.ID
	for _, en := range entries {
		if !slices.Contains(ids, en.Act) {
			ids = append(ids, en.Act)
		}
		for _, ch := range en.Changes {
			if ch.Path != contacts.PathCreated && !ch.IsProvenance() && !slices.Contains(e.Fields, ch.Path) {
				e.Fields = append(e.Fields, ch.Path)
			}
		}
	}
	acts, err := s.st().Acts(ctx, s.ws(), store.ActQuery{IDs: ids})
	if err != nil {
		return err
	}
	for _, a := range acts {
		if !slices.Contains(e.By, a.Actor) {
			e.By = append(e.By, a.Actor)
		}
	}
	slices.Sort(e.Fields)
	return e
}
