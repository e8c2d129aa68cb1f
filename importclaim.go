package extcontacts

import (
	"encoding/binary"
	"errors"
	"slices"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/internal/fold"
)

// claims remember which contacts the rows of a file were about, and of which
// fields they said something. A later row about the same contact may add to
// what they said and change what they left open; one that says something else
// is rejected, naming the first. So a file says one thing about each person,
// and the same file again changes nothing.
//
// It is a hash table with open addressing, by the hash of a contact's id: there
// is one entry for each contact of the file.
type claims struct {
	slots []claimSlot
	used  int
}

type claimSlot struct {
	hash  uint64
	claim claim // 0 for an empty slot: rows begin with 1
}

// claim is what the rows so far said about one contact: in the low bits what
// they stated, in the others the first of the rows.
type claim uint64

const (
	statedBits = 36
	maxRow     = 1<<(64-statedBits) - 1
)

// row is the first row about the contact.
func (cl claim) row() int { return int(cl >> statedBits) }

// hashID is FNV-1a, which is the same in every process: claims are kept in the
// store for an import that goes on.
func hashID(id contacts.ID) uint64 {
	h := uint64(14695981039346656037)
	for i := range len(id) {
		h = (h ^ uint64(id[i])) * 1099511628211
	}
	return h
}

func (cl *claims) add(id contacts.ID, row int, stated claim) {
	cl.merge(hashID(id), claim(min(row, maxRow))<<statedBits|stated)
}

// slot is the one of a hash, or the empty one where it belongs; the table has
// an empty one.
func (cl *claims) slot(hash uint64) *claimSlot {
	last := uint64(len(cl.slots) - 1)
	for at := hash & last; ; at = (at + 1) & last {
		if s := &cl.slots[at]; s.hash == hash || s.claim == 0 {
			return s
		}
	}
}

// get is what was said about a contact, 0 for nothing.
func (cl *claims) get(hash uint64) claim {
	if cl.used == 0 {
		return 0
	}
	return cl.slot(hash).claim
}

// merge adds what later rows said of a contact.
func (cl *claims) merge(hash uint64, later claim) {
	if cl.used >= len(cl.slots)/4*3 {
		old := cl.slots
		cl.slots = make([]claimSlot, max(1<<10, 2*len(old)))
		for _, s := range old {
			if s.claim != 0 {
				*cl.slot(s.hash) = s
			}
		}
	}
	s := cl.slot(hash)
	if s.claim == 0 {
		cl.used++
	}
	*s = claimSlot{hash, s.claim.with(later)}
}

// mergeAll adds what the rows of a later batch said.
func (cl *claims) mergeAll(later *claims) {
	for _, s := range later.slots {
		if s.claim != 0 {
			cl.merge(s.hash, s.claim)
		}
	}
}

// clear takes everything out.
func (cl *claims) clear() {
	clear(cl.slots)
	cl.used = 0
}

// with is the claim, if there is one, with what later rows said.
func (cl claim) with(later claim) claim {
	if cl == 0 {
		return later
	}
	return cl | later&(1<<statedBits-1)
}

// append encodes the claims, 16 bytes each.
func (cl *claims) append(dst []byte) []byte {
	dst = slices.Grow(dst, 16*cl.used)
	for _, s := range cl.slots {
		if s.claim != 0 {
			dst = binary.BigEndian.AppendUint64(dst, s.hash)
			dst = binary.BigEndian.AppendUint64(dst, uint64(s.claim))
		}
	}
	return dst
}

// read takes in what append has encoded.
func (cl *claims) read(data []byte) error {
	if len(data)%16 != 0 {
		return errors.New("extcontacts: the progress of an import is damaged")
	}
	for ; len(data) > 0; data = data[16:] {
		cl.merge(binary.BigEndian.Uint64(data), claim(binary.BigEndian.Uint64(data[8:])))
	}
	return nil
}

// The bits of what a row states: those of the single fields in the order of
// singlePaths, of the kinds of each list, and one each for the labels, the
// primary marks, all custom fields and all external ids.
const (
	phoneBits  = len(singlePaths)
	emailBits  = phoneBits + 4
	socialBits = emailBits + 3
	labelsBit  = socialBits + 9

	primaryPhoneBit = labelsBit + 1
	primaryEmailBit = labelsBit + 2
	customBit       = labelsBit + 3
	externalBit     = labelsBit + 4
)

var singlePaths = [...]string{"first_name", "last_name", "level", "type", "group", "team", "company", "job_title", "birthdate", "language",
	"address.street", "address.city", "address.state", "address.zip_code", "address.country"}

// bitOf is the bit of a field by its name or of a change by its path and, for
// a list, the kind; none for paths that no cell sets.
func bitOf(path, kind string) claim {
	if i := slices.Index(singlePaths[:], path); i >= 0 {
		return 1 << i
	}
	family, rest, dotted := strings.Cut(path, ".")
	if dotted && kind == "" {
		kind = rest
	}
	switch family {
	case "phones":
		if k, err := contacts.ParsePhoneKind(kind); err == nil && k > 0 {
			return 1 << (phoneBits + int(k) - 1)
		}
	case "emails":
		if k, err := contacts.ParseEmailKind(kind); err == nil && k > 0 {
			return 1 << (emailBits + int(k) - 1)
		}
	case "socials":
		if c, err := contacts.ParseChannel(kind); err == nil && c > 0 {
			return 1 << (socialBits + int(c) - 1)
		}
	case "labels":
		return 1 << labelsBit
	case "primary_phone":
		return 1 << primaryPhoneBit
	case "primary_email":
		return 1 << primaryEmailBit
	case "custom":
		return 1 << customBit
	case "external_ids":
		return 1 << externalBit
	}
	return 0
}

// changeBit is the bit of a change.
func changeBit(ch *contacts.Change) claim {
	kind := ""
	if contacts.IsListPath(ch.Path) {
		kind, _, _ = strings.Cut(ch.Elem(), " ")
	}
	return bitOf(ch.Path, kind)
}

// stated are the fields that a row says something of. The values of a list are
// one another's companions, unless the rule is to replace: else a list is
// stated by clearing it alone.
func (b *batch) stated(r *importRow) claim {
	c := r.contact
	var bits claim
	set := func(i int, is bool) {
		if is {
			bits |= 1 << i
		}
	}
	for i, is := range [...]bool{c.FirstName != "", c.LastName != "", !c.Level.IsZero(), !c.Type.IsZero(), c.Group != "", c.Team != "",
		c.Company != "", c.JobTitle != "", !c.Birthdate.IsZero(), !c.Language.IsZero(), c.Address.Street != "", c.Address.City != "",
		c.Address.State != "", c.Address.ZipCode != "", !c.Address.Country.IsZero()} {
		set(i, is)
	}
	set(primaryPhoneBit, r.primaryPhone)
	set(primaryEmailBit, r.primaryEmail)
	set(customBit, len(c.Custom) > 0)
	set(externalBit, len(c.ExternalIDs) > 0)
	rules := &b.im.o.Lists
	if rules.Phones == ReplaceList {
		for i := range c.Phones {
			set(phoneBits+int(c.Phones[i].Kind)-1, true)
		}
	}
	if rules.Emails == ReplaceList {
		for i := range c.Emails {
			set(emailBits+int(c.Emails[i].Kind)-1, true)
		}
	}
	if rules.Socials == ReplaceList {
		for i := range c.Socials {
			set(socialBits+int(c.Socials[i].Channel)-1, true)
		}
	}
	set(labelsBit, rules.Labels == ReplaceList && len(r.labels) > 0)
	for _, f := range r.clear {
		bits |= bitOf(f.Name, "")
	}
	return bits
}

// settle compares what a row would make of a contact with what the rows before
// it said. It returns the first field that they contradict each other in, empty
// where there is none. Another spelling, in case or accents, is no
// contradiction: the first one stays.
func (cl claim) settle(old, now *contacts.Contact) (field string) {
	var back []contacts.Change
	for _, ch := range contacts.Diff(old, now) {
		switch {
		case changeBit(&ch)&cl == 0:
		case ch.New != "" && fold.String(ch.Old) == fold.String(ch.New):
			back = append(back, contacts.Change{Contact: ch.Contact, Path: ch.Path, Old: ch.New, New: ch.Old})
		default:
			return ch.Path
		}
	}
	if err := contacts.Patch(now, back...); err != nil { // texts of a contact are canonical
		panic("extcontacts: " + err.Error())
	}
	return ""
}
