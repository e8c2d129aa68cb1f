package store

import (
	"context"

	"github.com/extcontacts/extcontacts/contacts"
)

// Replica is an optional capability of a [Store]: to hold a copy of a
// workspace of another store, log, hashes and all. [Copy] makes such copies;
// nothing else should call Replicate. A store that has it has [KindLister],
// too, and is a source as good as it is a destination.
type Replica interface {
	KindLister
	// Replicate writes a piece of a copy: all of it or, where it returns an
	// error, nothing. The log must end with the entry p.After (else a
	// *[ConflictError] with Head set), and each of p.Entries must follow the
	// one before by [Chain] (else an error that wraps [ErrInvalid]). Writing a
	// piece without entries twice is writing it once.
	Replicate(ctx context.Context, workspace string, p *Piece) error
}

// KindLister is an optional capability of a [Store]: to tell which kinds of
// records there are.
type KindLister interface {
	// RecordKinds returns the kinds of which the workspace has records, in
	// ascending order.
	RecordKinds(ctx context.Context, workspace string) ([]string, error)
}

// Piece is a part of a workspace as it is in another store.
type Piece struct {
	// After is the Seq of the last entry of the copy's log.
	After int64
	// Entries are the next ones, with their seals and hashes.
	Entries []contacts.Entry
	// Rewritten are entries that the copy has and whose values were erased
	// meanwhile. Their hashes are as they were.
	Rewritten []contacts.Entry
	// Acts, Activities and Contacts take the place of those with the same id.
	Acts       []contacts.Act
	Contacts   []Copied
	Activities []contacts.Activity
	// Records take the place of those with the same kind and key, with their
	// Rev; one with a nil Body is deleted.
	Records []Record
}

// Copied is a contact of a [Piece].
type Copied struct {
	Contact *contacts.Contact
	// Born is the entry that created the contact, where it is among the
	// piece's; it does not count for a contact of which the copy knows it
	// already.
	Born int64
	// Add and Drop are as those of [Put].
	Add, Drop []contacts.Key
}

// CheckPiece checks the arguments of [Replica.Replicate]: the entries follow
// p.After without gap, contacts, acts and activities have ids, none twice, and
// every text is one that all stores can keep; see [CheckBatch].
func CheckPiece(workspace string, p *Piece) error {
	if err := CheckWorkspace(workspace); err != nil {
		return err
	}
	if p == nil || p.After < 0 {
		return invalid("piece: missing")
	}
	for i := range p.Entries {
		e := &p.Entries[i]
		if e.Seq != p.After+int64(i)+1 {
			return at(invalid("piece: entries do not follow"), i)
		}
		if err := checkEntry(e); err != nil {
			return at(err, i)
		}
	}
	for i := range p.Rewritten {
		if p.Rewritten[i].Seq > p.After {
			return at(invalid("piece: a rewritten entry is a new one"), i)
		}
		if err := checkEntry(&p.Rewritten[i]); err != nil {
			return at(err, i)
		}
	}
	acts := map[contacts.ID]bool{}
	for i := range p.Acts {
		a := &p.Acts[i]
		if err := checkAct(a); err != nil {
			return at(err, i)
		}
		if acts[a.ID] || a.Seq < 1 {
			return at(invalid("piece: act twice, or without an entry"), i)
		}
		acts[a.ID] = true
	}
	puts := make([]Put, len(p.Contacts))
	for i, c := range p.Contacts {
		if c.Contact == nil {
			return at(invalid("piece: contact missing"), i)
		}
		puts[i] = Put{Contact: c.Contact, Base: c.Contact.Rev - 1, Add: c.Add, Drop: c.Drop}
	}
	if err := checkPuts(puts); err != nil {
		return err
	}
	if err := checkActivities(p.Activities); err != nil {
		return err
	}
	records := make([]RecordPut, len(p.Records))
	for i, r := range p.Records {
		records[i] = RecordPut{Kind: r.Kind, Key: r.Key, Base: max(0, r.Rev-1), Body: r.Body}
	}
	return checkRecordPuts(records)
}

func checkEntry(e *contacts.Entry) error {
	if e.Part < 1 || e.Seq < 1 || e.At.IsZero() {
		return invalid("piece: entry without part, place or time")
	}
	if err := checkName("entry act", string(e.Act), MaxID); err != nil {
		return err
	}
	for i := range e.Changes {
		if err := checkChange(&e.Changes[i]); err != nil {
			return at(err, i)
		}
	}
	return nil
}
