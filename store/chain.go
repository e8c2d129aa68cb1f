package store

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/binary"
	"hash"
	"slices"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
)

// The log of a workspace is a hash chain: the Hash of an entry covers the
// entry and the Hash of the one before, so that an entry that was altered, left
// out, put in or moved shows. A store seals the changes of a batch ([Seal]),
// numbers the entry, notes what its act became ([ActSum]) and sets its Hash
// ([Chain]). Who has read the whole log can check it with Chain alone, and with
// ActSum that the acts are those of the log.
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
//
// A creation has no values: what a contact was created with follows from what
// it is and the later changes. The chain covers a digest of that, too: SHA-256
// over a salt and the encoded contact. The Seal of a creation holds both, and
// an erasure takes the salt. Who takes back the later changes can check that
// this leads to the contact that was created ([IsCreated]).

const (
	saltSize   = 16
	digestSize = sha256.Size
)

// Seal returns a copy of the batch's changes with fresh seals: a random salt
// for each change that carries values; for each creation of a contact that the
// batch puts, a salt and the digest of the contact. Other changes need none.
// Seals that were given are dropped.
//
// encoded returns what [contacts.AppendEncoded] makes of the contact of
// b.Put[i]. It is asked once for each contact that is created; what it returns
// may be overwritten then.
func Seal(b *Batch, encoded func(i int) []byte) []contacts.Change {
	out := slices.Clone(b.Changes)
	puts := b.creations()
	salts, created := 0, 0
	for i := range out {
		out[i].Seal = ""
		if puts[i] >= 0 {
			created++
		}
		if puts[i] >= 0 || out[i].Old != "" || out[i].New != "" {
			salts++
		}
	}
	if salts == 0 {
		return out
	}
	salt := make([]byte, salts*saltSize)
	rand.Read(salt) // never fails, see crypto/rand
	var seals strings.Builder
	seals.Grow(len(salt) + created*digestSize)
	var buf []byte
	for i := range out {
		if puts[i] < 0 && out[i].Old == "" && out[i].New == "" {
			continue
		}
		seals.Write(salt[:saltSize])
		if puts[i] >= 0 {
			buf = append(append(buf[:0], salt[:saltSize]...), encoded(puts[i])...)
			d := sha256.Sum256(buf)
			seals.Write(d[:])
		}
		salt = salt[saltSize:]
	}
	rest := seals.String() // one for all of them
	for i := range out {
		n := 0
		switch {
		case puts[i] >= 0:
			n = saltSize + digestSize
		case out[i].Old != "" || out[i].New != "":
			n = saltSize
		}
		out[i].Seal, rest = rest[:n], rest[n:]
	}
	return out
}

// creations returns for each change the place of the Put that creates its
// contact where it is the creation, and -1 where it is not or there is none.
// Creations mostly come in the order of the puts.
func (b *Batch) creations() []int {
	out := make([]int, len(b.Changes))
	var byID map[contacts.ID]int
	next := 0
	for i := range b.Changes {
		c := &b.Changes[i]
		if out[i] = -1; c.Path != contacts.PathCreated {
			continue
		}
		for next < len(b.Put) && b.Put[next].Base > 0 {
			next++
		}
		if next < len(b.Put) && b.Put[next].Contact.ID == c.Contact {
			out[i] = next
			next++
			continue
		}
		if byID == nil {
			byID = make(map[contacts.ID]int, len(b.Put))
			for j := range b.Put {
				if b.Put[j].Base == 0 {
					byID[b.Put[j].Contact.ID] = j
				}
			}
		}
		if j, ok := byID[c.Contact]; ok {
			out[i] = j
		}
	}
	return out
}

// IsCreated reports whether the Seal of a creation is that of the contact:
// whether created is, encoded, what the batch of the creation put. It is true
// for a creation without a seal, of which nothing can be said, and for an
// erased one.
func IsCreated(seal string, created *contacts.Contact) bool {
	if len(seal) != saltSize+digestSize {
		return len(seal) == 0 || len(seal) == digestSize
	}
	var buf [1024]byte
	d := sha256.Sum256(contacts.AppendEncoded(append(buf[:0], seal[:saltSize]...), created))
	return string(d[:]) == seal[saltSize:]
}

// EraseChange takes the values out of a logged change: Old and New become
// empty, and Seal the digest that stands for them in the chain, which stays
// valid. Of a creation it takes the salt. A change without values stays as it
// is, and so do the steps of state, merged_into, owner and shared_with, which
// are no data of the person.
func EraseChange(c *contacts.Change) {
	if isSealedCreation(c) {
		c.Seal = c.Seal[len(c.Seal)-digestSize:]
		return
	}
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

// isSealedCreation reports whether the change is a creation with a digest of
// the contact, be its salt there or erased.
func isSealedCreation(c *contacts.Change) bool {
	return c.Path == contacts.PathCreated && c.Old == "" && c.New == "" &&
		(len(c.Seal) == saltSize+digestSize || len(c.Seal) == digestSize)
}

// IsErased reports whether the values of a logged change were erased, or those
// that a contact was created with.
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
const chainDomain = "extcontacts log 2\n"

// Chain returns the Hash of an entry: SHA-256 over the Hash of the entry
// before (zero for the first of a workspace), the workspace and the entry's
// Seq, Act, Part, At (to the microsecond), ActSum and changes. The entry must have all
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
	b = append(b, e.ActSum[:]...)
	b = binary.BigEndian.AppendUint64(b, uint64(len(e.Changes)))
	for i := range e.Changes {
		c := &e.Changes[i]
		b = appendText(appendText(appendText(b, string(c.Contact)), c.Path), string(c.From))
		switch {
		case c.Old == "" && c.New == "" && c.Seal == "":
			b = append(b, 0) // carries no values
		case isSealedCreation(c):
			b = append(b, 2)
			b = append(b, c.Seal[len(c.Seal)-digestSize:]...)
		default:
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
