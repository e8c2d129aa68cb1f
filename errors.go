package extcontacts

import (
	"errors"
	"fmt"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/store"
)

// The errors every operation may return; errors.Is finds them through the
// typed ones.
var (
	// ErrInvalid: what was asked for or given cannot be right; the typed error
	// says why and where.
	ErrInvalid = contacts.ErrInvalid
	// ErrNotFound: there is no such thing, or none the actor may see.
	ErrNotFound = store.ErrNotFound
	// ErrConflict: somebody else wrote first, or a unique value is taken.
	ErrConflict = store.ErrConflict
	// ErrForbidden: the policy refused; see [ForbiddenError].
	ErrForbidden = errors.New("extcontacts: forbidden")
	// ErrClosed: the store was closed.
	ErrClosed = store.ErrClosed
)

// ForbiddenError says which right was refused by which rule.
type ForbiddenError struct {
	Right contacts.Right
	Rule  string
}

// Error names the right and the rule.
func (e *ForbiddenError) Error() string {
	return fmt.Sprintf("extcontacts: %s refused by rule %s", e.Right, e.Rule)
}

// Is makes errors.Is(err, ErrForbidden) true.
func (e *ForbiddenError) Is(target error) bool { return target == ErrForbidden }

// ConflictError says that a contact changed since the caller read it: who
// changed which fields, and at which revision it stands now.
type ConflictError struct {
	ID   contacts.ID
	Base int64 // the revision the caller worked from
	Rev  int64 // the revision it has
	// By are the actors who wrote in between, Fields what they changed.
	By     []contacts.ID
	Fields []string
}

// Error names the contact, the revisions, the actors and the fields.
func (e *ConflictError) Error() string {
	text := fmt.Sprintf("extcontacts: contact %s is at revision %d, not %d", e.ID, e.Rev, e.Base)
	switch {
	case len(e.Fields) > 0 && len(e.By) > 0:
		text += fmt.Sprintf(": %s changed by %s", strings.Join(e.Fields, ", "), joinIDs(e.By))
	case len(e.By) > 0: // a merge that brought no value, a verification
		text += ": written by " + joinIDs(e.By)
	}
	return text
}

// Is makes errors.Is(err, ErrConflict) true.
func (e *ConflictError) Is(target error) bool { return target == ErrConflict }

// TakenError says that a value which only one contact may have belongs to
// another.
type TakenError struct {
	Kind    contacts.KeyKind
	Holders []contacts.ID
}

// Error names the kind of the value and who holds it.
func (e *TakenError) Error() string {
	return fmt.Sprintf("extcontacts: this %s belongs to contact %s", e.Kind, joinIDs(e.Holders))
}

// Is makes errors.Is(err, ErrConflict) true.
func (e *TakenError) Is(target error) bool { return target == ErrConflict }

// CodeError is a request that cannot be met. Code is part of the API.
type CodeError struct {
	Code string
	Text string
}

// Error is the sentence for people.
func (e *CodeError) Error() string { return "extcontacts: " + e.Text }

// Is makes errors.Is(err, ErrInvalid) true.
func (e *CodeError) Is(target error) bool { return target == ErrInvalid }

func joinIDs(ids []contacts.ID) string {
	parts := make([]string, len(ids))
	for i, id := range ids {
		parts[i] = string(id)
	}
	return strings.Join(parts, ", ")
}
