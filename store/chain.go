package store

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
)

// The log of a workspace is a hash chain: the Hash of an entry covers the
// entry and the Hash of the one before, so that an entry that was altered, left
// out, put in or moved shows. A store seals the changes of a batch ([Seal]),
// numbers the entry and sets its Hash ([Chain]); who has read the whole log
// can check it with Chain alone.
//
// Erasure must be able to take personal data out of an old entry without
// breaking the chain. So the chain does not cover Old and New themselves but
// their digest, SHA-256 over a salt and both. The salt is 16 random bytes for
// each change, kept beside the values in Change.Seal and destroyed with them:
// what stays ([EraseChange]) is the digest, from which nobody who does not
// know the salt can find even a value as guessable as a phone number. The salts
// of an entry are not derived from each other nor from a secret that is kept,
// since either would outlive the erasure. Contact, Path and From are no
// personal data and stay under the chain.

const (
	saltSize   = 16
	digestSize = sha256.Size
)

// Seal returns a copy of changes in which each change that carries values has
// a fresh random salt as its Seal; other changes need none. Seals that were
// given are dropped.
func Seal(changes []contacts.Change) []contacts.Change {
	out := slices.Clone(changes)
	n := 0
	for i := range out {
		if out[i].Seal = ""; out[i].Old != "" || out[i].New != "" {
			n += saltSize
		}
	}
	if n == 0 {
		return out
	}
	buf := make([]byte, n)
	rand.Read(buf) // never fails, see crypto/rand
	salts := string(buf)
	for i := range out {
		if out[i].Old != "" || out[i].New != "" {
			out[i].Seal, salts = salts[:saltSize], salts[saltSize:]
		}
	}
	return out
}

// EraseChange takes the values out of a logged change: Old and New become
// empty, and Seal the digest that stands for them in the chain, which stays
// valid. A change without values stays as it is, and so do the steps of
// state, merged_into, owner and shared_with, which are no data of the person.
func EraseChange(c *contacts.Change) {
	if c.Old == "" && c.New == "" {
		return
	}
	switch c.Path {
	case "state", "merged_into", "owner", "shared_with":
		return
	}
	h := sha256.New()
	d := valueDigest(h, c)
	c.Old, c.New, c.Seal = "", "", string(d[:])
}

// IsErased reports whether the values of a logged change were erased.
func IsErased(c *contacts.Change) bool {
	return len(c.Seal) == digestSize && c.Old == "" && c.New == ""
}

// valueDigest is what stands for Old and New in the chain.
func valueDigest(h hash.Hash, c *contacts.Change) (d [digestSize]byte) {
	if IsErased(c) {
		copy(d[:], c.Seal)
		return d
	}
	h.Reset()
	var buf [256]byte
	b := appendText(appendText(appendText(buf[:0], c.Seal), c.Old), c.New)
	h.Write(b)
	h.Sum(d[:0])
	return d
}

// chainDomain separates these hashes from any other use of SHA-256.
const chainDomain = "extcontacts log 1\n"

// Chain returns the Hash of an entry: SHA-256 over the Hash of the entry
// before (zero for the first of a workspace), the workspace and the entry's
// Seq, Act, Part, At (to the microsecond) and changes. The entry must have all
// its changes, in their order and with their seals: one that [Store.Log]
// answered to a query without Contact. Its own Hash does not count.
func Chain(prev [32]byte, workspace string, e *contacts.Entry) (sum [32]byte) {
	h, values := sha256.New(), sha256.New()
	b := make([]byte, 0, 1024)
	b = append(b, chainDomain...)
	b = append(b, prev[:]...)
	b = appendText(b, workspace)
	b = binary.BigEndian.AppendUint64(b, uint64(e.Seq))
	b = appendText(b, string(e.Act))
	b = binary.BigEndian.AppendUint64(b, uint64(e.Part))
	b = binary.BigEndian.AppendUint64(b, uint64(e.At.UnixMicro()))
	b = binary.BigEndian.AppendUint64(b, uint64(len(e.Changes)))
	for i := range e.Changes {
		c := &e.Changes[i]
		b = appendText(appendText(appendText(b, string(c.Contact)), c.Path), string(c.From))
		if c.Old == "" && c.New == "" && c.Seal == "" {
			b = append(b, 0) // carries no values
		} else {
			b = append(b, 1)
			d := valueDigest(values, c)
			b = append(b, d[:]...)
		}
		if len(b) > 512 {
			h.Write(b)
			b = b[:0]
		}
	}
	h.Write(b)
	h.Sum(sum[:0])
	return sum
}
