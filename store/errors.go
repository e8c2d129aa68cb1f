package store

import (
	"errors"
	"fmt"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
)

// The errors of a store. errors.Is finds them through every typed error.
var (
	// ErrInvalid: the arguments cannot be right. It is [contacts.ErrInvalid].
	ErrInvalid = contacts.ErrInvalid
	// ErrNotFound: there is no such thing, or none that may be seen.
	ErrNotFound = errors.New("store: not found")
	// ErrConflict: somebody else wrote first, or a unique key is taken.
	ErrConflict = errors.New("store: conflict")
	// ErrClosed: the store was closed.
	ErrClosed = errors.New("store: closed")
	// ErrSchema: the store was written by a newer version of the library, is
	// not one of ours, or is one that the host has to bring up to date; nothing
	// was changed.
	ErrSchema = errors.New("store: unknown schema")
)

// ConflictError says which conditions of a batch did not hold.
type ConflictError struct {
	// IDs are the contacts at another revision than expected, or the holders
	// of a unique key that the batch wanted, those in the batch among them
	// where there are several; in ascending order.
	IDs []contacts.ID
	// Keys are the kinds of the unique keys that were taken.
	Keys []contacts.KeyKind
	// Records are the kind/key names of the records at another revision.
	Records []string
	// Head is the last Seq of the workspace where it is not the one before
	// [Batch.Seq].
	Head int64
	// Acts are the acts that cannot be undone because they already were.
	Acts []contacts.ID
}

// Error names ids, kinds of keys and record names, no values.
func (e *ConflictError) Error() string {
	var parts []string
	if len(e.Keys) > 0 {
		parts = append(parts, fmt.Sprintf("unique %v taken by %v", e.Keys, e.IDs))
	} else if len(e.IDs) > 0 {
		parts = append(parts, fmt.Sprintf("contacts %v changed", e.IDs))
	}
	if len(e.Records) > 0 {
		parts = append(parts, fmt.Sprintf("records %v changed", e.Records))
	}
	if e.Head > 0 {
		parts = append(parts, fmt.Sprintf("the log went on to %d", e.Head))
	}
	if len(e.Acts) > 0 {
		parts = append(parts, fmt.Sprintf("acts %v already undone", e.Acts))
	}
	return "store: conflict: " + strings.Join(parts, "; ")
}

// Is makes errors.Is(err, ErrConflict) true.
func (e *ConflictError) Is(target error) bool { return target == ErrConflict }

// Error is a failure of the engine behind a store. Its text names the
// operation; the engine's own error, which may hold personal data, is only
// reached by errors.Unwrap.
type Error struct {
	Op  string
	Err error
}

// Error names the operation alone.
func (e *Error) Error() string { return "store: " + e.Op + " failed" }

// Unwrap returns the engine's error.
func (e *Error) Unwrap() error { return e.Err }
