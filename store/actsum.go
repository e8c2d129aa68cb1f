package store

import (
	"crypto/sha256"
	"encoding/binary"

	"github.com/extcontacts/extcontacts/contacts"
)

// actDomain separates these hashes from any other use of SHA-256.
const actDomain = "extcontacts act 1\n"

// ActSum returns what stands for an act in the hash chain: SHA-256 over all of
// its fields but UndoneBy, which later acts alter and [UndoMarks] derives anew.
// Each entry keeps the sum of its act as the entry left it, so the act as it
// is must have the sum of its last entry.
//
// The sum has no salt, since an act outlives every erasure: who did what, when
// and through which source is no data of the contact. A host that names
// sources after people keeps these names.
func ActSum(a *contacts.Act) [32]byte {
	var buf [256]byte
	b := append(buf[:0], actDomain...)
	for _, s := range [...]string{string(a.ID), string(a.Kind), string(a.Actor), a.Source, string(a.Undoes)} {
		b = appendText(b, s)
	}
	b = binary.BigEndian.AppendUint64(b, uint64(a.At.UnixMicro()))
	b = binary.BigEndian.AppendUint64(b, uint64(a.Seq))
	c := &a.Counts
	for _, n := range [...]int{c.Rows, c.Created, c.Updated, c.Unchanged, c.Skipped, c.Rejected, c.Deleted, c.Merged, c.Restored} {
		b = binary.BigEndian.AppendUint64(b, uint64(n))
	}
	return sha256.Sum256(b)
}

// ActAfter returns the batch's act as a store has it once the batch is written
// as the entry seq: what the first batch of the act gave, with the Counts of
// this one. before is the act as it was, nil where the batch is the first.
func (b *Batch) ActAfter(before *contacts.Act, seq int64) contacts.Act {
	a := b.Act
	if before != nil {
		a = *before
		a.Counts = b.Act.Counts
		return a
	}
	a.Seq, a.UndoneBy, a.At = seq, "", contacts.Micros(a.At)
	return a
}
