package extcontacts

import (
	"hash/maphash"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/internal/fold"
)

// claims remember which contacts the rows of a file were about, and of which
// fields they said something. A later row about the same contact may add to
// what they said and change what they left open; one that says something else
// is rejected, naming the first. So a file says one thing about each person,
// and the same file again changes nothing.
type claims struct {
	seed maphash.Seed
	of   map[uint64]claim // by the hash of the contact's id
}

// claim is what the rows so far said about one contact.
type claim struct {
	row    int32 // the first of them
	stated uint32
}

func newClaims() claims { return claims{maphash.MakeSeed(), map[uint64]claim{}} }

func (cl *claims) get(id contacts.ID) (claim, bool) {
	c, ok := cl.of[maphash.Comparable(cl.seed, id)]
	return c, ok
}

func (cl *claims) add(id contacts.ID, row int, stated uint32) {
	h := maphash.Comparable(cl.seed, id)
	c, ok := cl.of[h]
	if !ok {
		c.row = int32(row)
	}
	c.stated |= stated
	cl.of[h] = c
}

// claimedPaths are the paths that a claim tells apart; all others of a family
// ("custom.", "external_ids.") count as one.
var claimedPaths = [...]string{"first_name", "last_name", "level", "type", "group", "team", "company", "job_title", "birthdate", "language",
	"address.street", "address.city", "address.state", "address.zip_code", "address.country",
	"phones", "emails", "socials", "labels", "custom", "external_ids"}

// pathBit is the bit of a path in claim.stated, none for paths that no cell
// sets by itself.
func pathBit(path string) uint32 {
	family, _, dotted := strings.Cut(path, ".")
	for i, p := range claimedPaths {
		if p == path || dotted && p == family {
			return 1 << i
		}
	}
	return 0
}

// stated are the fields that a row says something of. Values of lists are only
// ever added, so that a list is stated by clearing it alone.
func (r *importRow) stated() uint32 {
	c := r.contact
	var bits uint32
	for i, set := range [...]bool{c.FirstName != "", c.LastName != "", !c.Level.IsZero(), !c.Type.IsZero(), c.Group != "", c.Team != "",
		c.Company != "", c.JobTitle != "", !c.Birthdate.IsZero(), !c.Language.IsZero(), c.Address.Street != "", c.Address.City != "",
		c.Address.State != "", c.Address.ZipCode != "", !c.Address.Country.IsZero(), false, false, false, false,
		len(c.Custom) > 0, len(c.ExternalIDs) > 0} {
		if set {
			bits |= 1 << i
		}
	}
	for _, f := range r.clear {
		bits |= pathBit(f.Name)
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
		case pathBit(ch.Path)&cl.stated == 0:
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
