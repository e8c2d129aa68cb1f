// Package store defines what keeps a contact book: the narrow interface every
// store implements, its errors, and the functions that give every store the
// whole of the library's abilities.
package store

import (
	"context"
	"iter"
	"slices"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
)

// Store keeps the contacts, log, activities and records of any number of
// workspaces. Every method takes the workspace first; nothing crosses it.
//
// A Store is safe for use by many goroutines. It never shares memory with its
// callers: what goes in and what comes out are copies. Ids and keys are
// compared and ordered byte by byte. Reads see every Apply that returned
// before they began.
//
// Errors: an empty workspace or a malformed argument wraps [ErrInvalid], by
// the rules of [CheckBatch], [CheckWorkspace], [CheckIDs], [CheckKeys],
// [CheckRecords] and the Check methods of the queries, which every store
// applies first; a closed store answers [ErrClosed]; a context that ended
// answers its error; failures of the engine are *[Error] values. A thing that
// is not there is not an error of a read: it is absent from the answer.
//
// Times are kept as UTC, cut to the microsecond. The package storetest tests
// every sentence of this contract.
//
// What a store can do beyond it is an interface of its own, with a function
// that does without: [Narrower] ([Search]), [HolderReader] ([Holders]),
// [Snapshotter] ([Snapshot]), [Preparer] ([Prepare]), [Watcher] ([Follow]). [Checker] and [Rebuilder]
// are about what a store derives for itself. In all of them a closed store, a context that ended and
// a malformed workspace are answered as by the methods here.
type Store interface {
	// Contacts returns the contacts with the given ids, in the order of ids
	// and whatever their state, nil where there is none; an id given twice is
	// answered twice. It does not follow merged contacts. Up to 256 ids are
	// answered as they were after one batch; for more see [Snapshot]. No ids:
	// no answers. A malformed id is [ErrInvalid].
	Contacts(ctx context.Context, workspace string, ids ...contacts.ID) ([]*contacts.Contact, error)

	// Lookup returns, for each key in their order, the ids of the contacts that
	// hold it, in ascending order, nil where nobody does. Which contacts hold a
	// key is decided by the Add and Drop lists of the batches applied (see
	// [Put]), not by what the contacts contain. The number of keys and holders
	// is not limited. A key without kind or value is [ErrInvalid].
	Lookup(ctx context.Context, workspace string, keys ...contacts.Key) ([][]contacts.ID, error)

	// Scan yields the contacts whatever their state with an id greater than
	// after, in ascending order of id; an empty after begins. An error comes
	// once, last, with a nil contact: also that of the arguments, of a closed
	// store and of a context that ended, before or while the scan runs. The
	// caller may stop at any contact, and may call the store, Apply and Close
	// too, while it ranges. The sequence may be ranged over again; each time it
	// reads anew. A contact that is not written while the scan runs is yielded
	// exactly once; one that is, as it was before or after.
	Scan(ctx context.Context, workspace string, after contacts.ID) iter.Seq2[*contacts.Contact, error]

	// Log returns entries of the change log, ascending by Seq unless Newest is
	// asked; see [LogQuery]. An entry of a query for one contact has only the
	// changes of that contact. Entries are numbered from 1 without gaps, and a
	// reader who has seen the entry n has seen all before it. Negative bounds
	// and limits and malformed ids are [ErrInvalid].
	Log(ctx context.Context, workspace string, q LogQuery) ([]contacts.Entry, error)

	// Acts returns acts, the newest first, or those of q.IDs in their order;
	// see [ActQuery]. Seq is the place of an act's first entry. Malformed
	// queries are [ErrInvalid] as those of Log.
	Acts(ctx context.Context, workspace string, q ActQuery) ([]contacts.Act, error)

	// Activities returns activities, the newest first unless Oldest is asked,
	// or those of q.IDs in their order; see [ActivityQuery]. A query without
	// Contacts and IDs is [ErrInvalid], as are malformed ids and a negative
	// limit.
	Activities(ctx context.Context, workspace string, q ActivityQuery) ([]contacts.Activity, error)

	// Records returns the records of a kind in ascending order of key: those
	// with the given keys, each once, leaving out the unknown; all of the kind
	// where no keys are given. An empty or malformed kind or key is [ErrInvalid].
	Records(ctx context.Context, workspace string, kind string, keys ...string) ([]Record, error)

	// Apply writes a batch: all of it or, where it returns an error, nothing.
	// Its errors, in the order in which they are found:
	//
	//   - [ErrInvalid] by [CheckBatch], before anything is looked at.
	//   - A batch whose Act.ID and Part were applied is answered as then, with
	//     Replayed set, and no condition is checked.
	//   - *[ConflictError], which wraps [ErrConflict]: conditions that do not
	//     hold. It names all contacts and records at another revision, activities
	//     of another contact, and the end of the log; where these hold, the
	//     unique keys that are taken; where these are free, the acts that cannot
	//     be undone.
	//   - [ErrNotFound]: there is no act that Act.Undoes names.
	//
	// The one exception to all or nothing is an engine whose answer to a COMMIT
	// was lost and that could not be asked again: who gets an [Error] or the
	// error of its context may apply the same batch again, see [Batch.Part]. A
	// context that ended before the call writes nothing.
	//
	// Batches of one workspace take effect one after another, in the order of
	// [Result.Seq]; those of different workspaces need not wait for each other.
	// The batch is not altered and may be used again when Apply returned.
	Apply(ctx context.Context, workspace string, b *Batch) (Result, error)

	// Close releases what the store holds. Calls under way end as they would
	// or with [ErrClosed], a scan may be cut off with it; every later call
	// answers [ErrClosed]; a second Close does nothing.
	Close() error
}

// Batch is what one Apply writes. An act may span many batches, numbered by
// Part; each is atomic.
type Batch struct {
	// Act is the act the batch belongs to. The first batch of an act stores
	// it; later ones replace its Counts and nothing else. ID, Kind and At must
	// be set; Seq and UndoneBy are the store's. The batch's entry has the At
	// given here.
	//
	// An act with Undoes set takes back that act: its first batch sets the
	// other's UndoneBy, which must be empty (else [ErrConflict]), and where
	// the other was itself an undo, the act that one took back stands again;
	// and so on, see [UndoMarks]. Where there is no such act it is [ErrNotFound],
	// unless a condition does not hold: conflicts are told first.
	Act contacts.Act

	// Part numbers the batches of the act from 1. A batch whose Act.ID and
	// Part were applied before is not applied again: Apply then answers what
	// it answered the first time with Result.Replayed set, before it looks at
	// any condition. So a caller that does not know whether a commit arrived
	// may simply apply again. Parts may come in any order.
	Part int

	// Seq, where it is not zero, is the place in the log that the batch's entry
	// must get: one more than the last entry the caller knows of. Where
	// another batch of the workspace came first, Apply answers a
	// *[ConflictError] with Head set, and the caller reads again. This makes a
	// whole read-decide-write cycle atomic, whatever was read.
	Seq int64

	// Put are the contacts to write.
	Put []Put

	// Expect are further contacts that must be at the given revision (0: must
	// not exist) although the batch does not write them. All conditions are
	// about the store as it was before the batch.
	Expect []Expect

	// Unique are kinds of keys of which each value may have one holder. They
	// are checked for the keys that this batch adds, after all of its Adds
	// and Drops. The conflict names the holders in its way.
	Unique []contacts.KeyKind

	// Changes go into the log as one entry, in this order. They may be empty:
	// an act without changes still makes an entry. A change of the workspace
	// itself, such as of its schema, has no Contact. The store seals them and
	// chains the entry to the one before, see [Seal] and [Chain].
	Changes []contacts.Change

	// Erase are contacts whose personal data is destroyed wherever the store
	// keeps it besides the contacts themselves: the values of all their
	// changes in entries before this one (see [EraseChange]), and all of their
	// activities but ID, Contact, Kind, At and Status.
	Erase []contacts.ID

	// EraseText are values that are destroyed in entries before this one
	// although their contact stays: what a merge brought it, since undone, of
	// somebody who is erased now.
	EraseText []EraseText

	// Activities are recorded. An activity whose ID exists replaces that one;
	// its Contact must then be the same (else [ErrConflict], whose IDs name
	// that one's).
	Activities []contacts.Activity

	// Records are written; see [RecordPut].
	Records []RecordPut
}

// EraseText names the logged changes of a contact whose Old or New is a text.
type EraseText struct {
	Contact contacts.ID
	Text    string
}

// Erases reports whether a logged change of an earlier entry loses its values
// by the batch. Every store applies it to each change of the contacts that
// [Batch.Erased] names.
func (b *Batch) Erases(c *contacts.Change) bool {
	if slices.Contains(b.Erase, c.Contact) {
		return true
	}
	return slices.ContainsFunc(b.EraseText, func(t EraseText) bool {
		return t.Contact == c.Contact && (t.Text == c.Old || t.Text == c.New)
	})
}

// Erased are the contacts of Erase and EraseText, each once, in ascending order.
func (b *Batch) Erased() []contacts.ID {
	ids := slices.Clone(b.Erase)
	for _, t := range b.EraseText {
		ids = append(ids, t.Contact)
	}
	slices.Sort(ids)
	return slices.Compact(ids)
}

// Put writes one contact.
type Put struct {
	// Contact is stored as it is; it must be normalised and its Rev must be
	// Base+1.
	Contact *contacts.Contact
	// Base is the revision the contact must have, 0 where it must not exist.
	Base int64
	// Add and Drop are the identity keys that the write gives the contact and
	// takes from it; see [KeyDiff]. It keeps all others. Adding a key it has or
	// dropping one it has not changes nothing.
	Add, Drop []contacts.Key
}

// Expect is a condition on a contact that a batch does not write.
type Expect struct {
	ID  contacts.ID
	Rev int64
}

// Record is a small named document of a workspace: a custom field, a label, a
// saved query, a mark "not a duplicate", the progress of an import. Rev counts
// its writes from 1, anew after it was deleted.
type Record struct {
	Kind string
	Key  string
	Rev  int64
	Body []byte
}

// RecordPut writes one record. Base is the revision the record must have, 0
// where it must not exist, [AnyRev] for no condition. A nil Body deletes it.
type RecordPut struct {
	Kind string
	Key  string
	Base int64
	Body []byte
}

// AnyRev as the Base of a [RecordPut] means that any revision, or none, will do.
const AnyRev int64 = -1

// Result is the answer of Apply.
type Result struct {
	// Seq is the place of the batch's entry in the log of the workspace.
	Seq int64
	// Replayed is set where the batch had been applied before.
	Replayed bool
}

// LogQuery selects entries of the change log.
type LogQuery struct {
	// Contact selects the entries with changes of one contact; Act those of
	// one act. Neither selects all.
	Contact contacts.ID
	Act     contacts.ID
	// After and Before bound Seq, both exclusive; zero means no bound.
	After, Before int64
	// Newest turns the order round: descending Seq instead of ascending.
	Newest bool
	// Limit is the number of entries at most; zero means [DefaultLimit].
	Limit int
}

// ActQuery selects acts.
type ActQuery struct {
	// IDs selects these acts, in the order of IDs, leaving out the unknown;
	// the other fields then do not count.
	IDs []contacts.ID
	// Before bounds Act.Seq, exclusive; zero means no bound.
	Before int64
	// Limit is the number of acts at most; zero means [DefaultLimit]. The
	// newest come first.
	Limit int
}

// ActivityQuery selects activities.
type ActivityQuery struct {
	// Contacts selects the activities recorded on these contacts. It must not
	// be empty unless IDs is given.
	Contacts []contacts.ID
	// IDs selects these activities, in the order of IDs, leaving out the
	// unknown; the other fields then do not count.
	IDs []contacts.ID
	// Ref selects the activities with this reference of the host.
	Ref string
	// Kinds selects kinds; empty means all.
	Kinds []contacts.ActivityKind
	// BeforeAt and BeforeID bound the order (At, ID) descending, exclusive:
	// the last activity of the page before. A zero BeforeAt means no bound;
	// with it alone, the activities before that time.
	BeforeAt time.Time
	BeforeID contacts.ID
	// Oldest turns the order round: ascending At, then ascending ID. BeforeAt
	// and BeforeID then name the activity behind which the page begins.
	Oldest bool
	// Limit is the number at most; zero means [DefaultLimit]. The newest come
	// first: descending At, then descending ID.
	Limit int
}

// DefaultLimit is the size of a page where a query names none.
const DefaultLimit = 100

// KeyDiff returns the keys that a contact gains and loses by a write. old is
// nil for a new contact. unique are the schema's unique custom fields.
func KeyDiff(old, new *contacts.Contact, unique ...string) (add, drop []contacts.Key) {
	add = contacts.Keys(nil, new, unique...)
	if old == nil {
		return add, nil
	}
	drop = contacts.Keys(nil, old, unique...)
	n := 0
next:
	for _, k := range add {
		for i, d := range drop {
			if d == k {
				drop = append(drop[:i], drop[i+1:]...)
				continue next
			}
		}
		add[n] = k
		n++
	}
	return add[:n], drop
}
