package extcontacts

import (
	"context"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// Repair derives anew what the store derives from the contacts of the
// workspace, and answers what [Session.Verify] finds afterwards: identity keys,
// search texts and whatever else differs in its indexes are put right. The
// contacts and the log stay as they are, and so does what is wrong with them:
// there is nothing that they could be derived from. It needs the right to the
// whole log and the right to change the schema.
//
// It is safe while others work, who wait for it. Of a store that cannot do it
// (see [store.Rebuilder]) the code is repair_unsupported.
func (s *Session) Repair(ctx context.Context, heads ...LogHead) (VerifyReport, error) {
	for _, right := range []contacts.Right{contacts.RightLog, contacts.RightSchema} {
		if err := s.may(right, nil); err != nil {
			return VerifyReport{Differences: []Difference{}}, err
		}
	}
	rebuilder, ok := s.st().(store.Rebuilder)
	if !ok {
		return VerifyReport{Differences: []Difference{}}, &CodeError{"repair_unsupported", "this store cannot rebuild what it derives"}
	}
	cached, err := s.book.loadSchema(ctx)
	if err != nil {
		return VerifyReport{Differences: []Difference{}}, err
	}
	unique := cached.schema.UniqueFields()
	err = rebuilder.Rebuild(ctx, s.ws(), func(c *contacts.Contact) []contacts.Key { return contacts.Keys(nil, c, unique...) })
	if err != nil {
		return VerifyReport{Differences: []Difference{}}, err
	}
	return s.Verify(ctx, heads...)
}
