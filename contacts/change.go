package contacts

import "time"

// Act is one thing that an actor did: an edit, an import, a merge, an undo.
// Every write belongs to an act, and every act can be undone as a whole.
type Act struct {
	ID    ID        `json:"id"`
	Kind  ActKind   `json:"kind"`
	Actor ID        `json:"actor"`
	At    time.Time `json:"at"`
	// Source is what the act came through, such as a file name or "api".
	Source string `json:"source,omitzero"`
	// Counts says how many contacts the act created, updated and so on.
	Counts Counts `json:"counts"`
	// Undoes is the act that this one takes back, when Kind is ActUndo.
	Undoes ID `json:"undoes,omitzero"`
	// UndoneBy is the act that took this one back; absent while it stands.
	UndoneBy ID `json:"undone_by,omitzero"`
	// Seq is the place of the act's first entry in the workspace's log. The
	// order of acts is the order of Seq, never that of At.
	Seq int64 `json:"seq,omitzero"`
}

// ActKind says what was done.
type ActKind string

// The kinds of acts.
const (
	ActCreate   ActKind = "create"
	ActEdit     ActKind = "edit"
	ActImport   ActKind = "import"
	ActMerge    ActKind = "merge"
	ActUndo     ActKind = "undo"
	ActDelete   ActKind = "delete"
	ActRestore  ActKind = "restore"
	ActErase    ActKind = "erase"
	ActVerify   ActKind = "verify_identifier"
	ActActivity ActKind = "activity"
	ActDistinct ActKind = "distinct"
	ActSchema   ActKind = "schema"
	ActOwn      ActKind = "own"   // ownership moved, or sharing changed
	ActPurge    ActKind = "purge" // what was deleted is gone for good
	ActOptOut   ActKind = "opt_out"
	ActOptIn    ActKind = "opt_in"
	ActReadmit  ActKind = "readmit" // an identifier of somebody erased may come back
)

// Counts sums up what an act did. Rows counts the records of a file; for
// imports Rows = Created + Updated + Unchanged + Skipped + Rejected.
type Counts struct {
	Rows      int `json:"rows,omitzero"`
	Created   int `json:"created,omitzero"`
	Updated   int `json:"updated,omitzero"`
	Unchanged int `json:"unchanged,omitzero"`
	Skipped   int `json:"skipped,omitzero"`
	Rejected  int `json:"rejected,omitzero"`
	Deleted   int `json:"deleted,omitzero"`
	Merged    int `json:"merged,omitzero"`
	Restored  int `json:"restored,omitzero"`
}

// Change is one step in the life of a contact: a value at a path went from
// Old to New. An act owns changes; the change log, the contact as it was,
// undo and the change feed are all readings of them.
//
// Old and New are canonical texts; empty means absent. At a list path (see
// [IsListPath]) a change concerns one element: Old empty means the element was
// added, New empty means it was removed, both set means its attributes
// changed. Elements are written as the compact text of [Contact.Values].
type Change struct {
	// Contact is the contact that changed; absent for a change of the
	// workspace itself, such as of its schema.
	Contact ID `json:"contact,omitzero"`
	// Path names what changed: a field's name such as "last_name" or
	// "address.city", "custom.KEY", "external_ids.SOURCE", a list such as
	// "phones" or "labels", "primary_phone", "state", "merged_into", "owner",
	// "shared_with" (a JSON array of ids); or it is [PathCreated].
	Path string `json:"path"`
	Old  string `json:"old,omitzero"`
	New  string `json:"new,omitzero"`
	// From is the contact the new value came from, in a merge.
	From ID `json:"from,omitzero"`
	// Seal is set by the store on changes that carry values, and ignored in
	// what it is given: 16 secret bytes by which the hash chain of the log
	// covers Old and New; or, once these were erased, the 32 bytes that stand
	// for them in the chain. On a creation it has both, and stands for the
	// contact as it was created. See the store package. It is bytes, and left
	// out of JSON.
	Seal string `json:"-"`
}

// PathCreated is the path of the change that brings a contact into being. It
// carries no values: what a contact was created with can be derived from what
// it is and the later changes.
const PathCreated = ""

// Op names the kind of step: create, add, remove or set.
func (c *Change) Op() string {
	switch {
	case c.Path == PathCreated:
		return "create"
	case c.Old == "":
		return "add"
	case c.New == "":
		return "remove"
	}
	return "set"
}

// IsProvenance reports whether the change alters nothing and only records
// that another contact held the same value when it was merged. Undo needs
// these; a reader of the change log usually does not.
func (c *Change) IsProvenance() bool {
	return c.Path != PathCreated && c.Old == c.New && (c.Old != "" || c.From != "")
}

// Entry is one commit in the workspace's log: the changes that one batch of
// one act wrote, all or none. Entries are never altered.
type Entry struct {
	// Seq counts the entries of a workspace from 1, without gaps.
	Seq int64
	Act ID
	// Part numbers the batches of one act from 1.
	Part int
	At   time.Time
	// Changes are in the order they were written.
	Changes []Change
	// ActSum stands for the act as the entry left it, Hash chains the entry to
	// the one before; see the store package.
	ActSum [32]byte
	Hash   [32]byte
}
