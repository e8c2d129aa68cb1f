// Package extcontacts is a contact book for people outside your organisation,
// to be embedded in a Go program.
//
// A [Book] is one workspace of a store: in memory (store/memstore), in an SQLite
// file, on PostgreSQL or on MariaDB (store/sqlite, store/postgres, store/mysql:
// modules of their own, so that this one names no database driver). [Book.As]
// binds it to an actor; the [Session] it returns has the operations: creating
// and editing contacts, importing and exporting CSV, search, suspected
// duplicates, merging, undo, activities, the change log.
//
//	st, err := sqlite.Open(ctx, "contacts.db") // or memstore.New()
//	book, err := extcontacts.Open(ctx, st, extcontacts.Options{Workspace: "acme"})
//	s := book.As(contacts.Actor{ID: "agent-7"})
//
//	report, err := s.Import(ctx, file, extcontacts.ImportOptions{ErrorLog: rejected})
//	for c, err := range s.Search(ctx, `acme label:VIP country:HK`) { … }
//
//	plan, err := s.PlanMerge(ctx, survivor, []contacts.ID{other}) // look at it, change it
//	act, err := s.Merge(ctx, plan)
//	back, err := s.PlanUndo(ctx, act.ID) // restored, kept because edited later, clashes
//	_, err = s.Undo(ctx, back)
//
// # What holds
//
// Every write is a [contacts.Act] by an actor, at a time, and owns the changes
// it made; the log of acts and changes is only ever appended to. The change
// log, a contact as it was on some day, the undo of any act and verification
// are readings of that one log.
//
// Every act can be undone, in any order: what nobody changed since is taken
// back, what was edited later is kept and named. A merge is one act; the ids of
// contacts merged away answer for ever.
//
// Nothing is cut, guessed or dropped silently: a value is stored as it was
// typed beside its normal form, or refused with a code, a path and a hint.
//
// What an operation decides, it decides on the very state it then writes to;
// where somebody else was faster it decides anew. A batch is written whole or
// not at all.
//
// # Errors
//
// The sentinels are [ErrInvalid], [ErrNotFound], [ErrConflict], [ErrForbidden]
// and [ErrClosed]; errors.Is finds them through the typed errors, of which
// [contacts.FieldErrors], [ConflictError], [TakenError], [ForbiddenError] and
// [CodeError] say more. Codes are part of the API, texts are not. No error text
// holds personal data: the values stand in fields of their own.
//
// # Concurrency
//
// Books and sessions are safe for use by many goroutines and keep nothing but a
// copy of the schema; several processes may work on one store. A store that is
// closed while a book is in use ends what runs with ErrClosed. What operations
// return is the caller's: nothing shares memory with the book.
//
// # Security
//
// No call goes without an actor and a workspace. The policy is asked for every
// contact of an operation, bulk operations included; a contact that may not be
// viewed is as if absent, in searches, exports, logs and errors alike. A refusal
// changes no byte and names its rule. CSV output is guarded against formulas;
// the import takes the guard off again.
package extcontacts
