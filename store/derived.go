package store

import (
	"context"
	"iter"

	"github.com/extcontacts/extcontacts/contacts"
)

// A store keeps contacts, the log, activities and records, and beside them
// what it derives from these to find them again: identity keys, search texts,
// copies of columns, the head of the log. The two capabilities here are about
// what is derived. Neither touches the contacts or the log.

// KeysOf derives the identity keys of a contact: [contacts.Keys] with the
// unique custom fields of the workspace.
type KeysOf func(c *contacts.Contact) []contacts.Key

// Checker is an optional capability of a [Store]: to compare all it derived
// with what it was derived from.
type Checker interface {
	// Check yields each difference in a workspace. An error comes once, last.
	Check(ctx context.Context, workspace string, keys KeysOf) iter.Seq2[Damage, error]
}

// Rebuilder is an optional capability of a [Store]: to derive anew what is
// derived.
type Rebuilder interface {
	// Rebuild replaces the identity keys of a workspace by those that keys
	// names, and whatever else the store derives from contacts by what they
	// are. It is atomic, and batches of the workspace wait for it. The head of
	// the log stays as it is: that it differs is evidence.
	Rebuild(ctx context.Context, workspace string, keys KeysOf) error
}

// Damage is one difference that [Checker.Check] found.
type Damage struct {
	// Code says what differs: contact_damaged (its bytes cannot be read),
	// contact_row (a copy of its revision or state), search_text, key_foreign
	// (a key in the index that its holder has not), keys_damaged, log_head (the
	// last entry is not the one that the head of the log names), log_touched
	// (an entry that the index by contact does not know), search_index (what
	// the text index says of a contact or, without one, the index as a whole).
	Code string
	// ID is the contact, Seq the entry concerned.
	ID  contacts.ID
	Seq int64
}
