package merge

import (
	"cmp"
	"math"
	"slices"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
)

// The weights, in bits. They are priors from experience, not estimates: two
// contacts that share nothing are one person in one of 2^8 pairs that blocking
// brings together, two that share an email almost always are.
const (
	weightPrior = -8.0

	weightVerified = 16.0 // on both sides
	weightExternal = 20.0
	weightEmail    = 12.0
	weightPhone    = 11.0
	weightID       = 14.0 // an identifier of a record
	weightShared   = 2.0  // a switchboard, info@
	weightNoneHeld = -1.5 // both have identifiers, and none in common

	weightName        = 9.0
	weightSwapped     = 7.0
	weightPart        = 6.0 // Maria and Maria José
	weightInitial     = 5.0
	weightHalf        = 3.0  // one of the two lacks the first or the last name
	weightMarried     = -1.0 // the first name alone
	weightFamily      = -5.0 // the last name alone
	weightOtherName   = -9.0
	weightCompany     = 2.0
	weightOtherFirm   = -1.0
	weightBirthdate   = 9.0
	weightBirthday    = 6.0 // without the year
	weightOtherBirth  = -12.0
	weightOtherExtern = -4.0
)

// Scores from which a pair is possible, and the same.
const (
	scorePossible = 0.5
	scoreSame     = 0.95
)

// compare weighs two profiles. shared tells identifiers that too many hold; it
// may be nil.
func compare(a, b *profile, shared func(identifier) bool) (Pair, bool) {
	p := Pair{A: a.id, B: b.id}
	add := func(r Reason) {
		if r.Weight != 0 {
			p.Reasons = append(p.Reasons, r)
		}
	}
	for _, k := range a.keys {
		if i := slices.IndexFunc(b.keys, k.same); i >= 0 {
			add(keyReason(k, b.keys[i], shared != nil && shared(k)))
		}
	}
	keyed := len(p.Reasons) > 0
	if !keyed && len(a.keys) > 0 && len(b.keys) > 0 {
		add(Reason{Field: "identifiers", How: "different", Weight: weightNoneHeld})
	}
	add(nameReason(a, b))
	add(birthReason(a.born, b.born))
	if a.company != "" && b.company != "" {
		if a.company == b.company {
			add(Reason{Field: "company", How: "equal", Weight: weightCompany})
		} else {
			add(Reason{Field: "company", How: "different", Weight: weightOtherFirm})
		}
	}
	for source, id := range a.external {
		if other, ok := b.external[source]; ok && other != id {
			add(Reason{Field: "external_ids", How: "different", Weight: weightOtherExtern})
			break
		}
	}
	for _, r := range valueReasons(a.values, b.values) {
		add(r)
	}
	slices.SortStableFunc(p.Reasons, func(r, s Reason) int {
		return cmp.Or(cmp.Compare(math.Abs(s.Weight), math.Abs(r.Weight)), cmp.Compare(r.Key, s.Key), cmp.Compare(r.Field, s.Field))
	})
	bits := weightPrior
	for _, r := range p.Reasons {
		bits += r.Weight
	}
	p.Score = math.Round(1e4/(1+math.Exp2(-bits))) / 1e4
	switch {
	case p.Score >= scoreSame:
		p.Verdict = Same
	case p.Score >= scorePossible:
		p.Verdict = Possible
	case keyed:
		p.Verdict = Related
	default:
		return Pair{}, false
	}
	return p, true
}

func keyReason(k, l identifier, shared bool) Reason {
	r := Reason{Key: k.kind, How: "equal"}
	if l.kind == contacts.WhatsAppKey {
		r.Key = l.kind
	}
	switch {
	case shared || k.kind == contacts.EmailKey && isRole(k.value):
		r.How, r.Weight = "shared", weightShared
	case k.verified && l.verified:
		r.How, r.Weight = "verified", weightVerified
	case k.class() == contacts.PhoneKey:
		r.Weight = weightPhone
	case k.kind == contacts.EmailKey:
		r.Weight = weightEmail
	case k.kind == identifierKey:
		r.Weight = weightID
	default:
		r.Weight = weightExternal
	}
	return r
}

func birthReason(a, b contacts.Date) Reason {
	r := Reason{Field: "birthdate", How: "equal"}
	switch {
	case a.IsZero() || b.IsZero():
	case birthdatesDiffer(a, b):
		r.How, r.Weight = "different", weightOtherBirth
	case a.HasYear() && b.HasYear():
		r.Weight = weightBirthdate
	default:
		r.Weight = weightBirthday
	}
	return r
}

// nameReason compares the names, which are folded.
func nameReason(a, b *profile) Reason {
	r := Reason{Field: "name"}
	set := func(how string, w float64) Reason { r.How, r.Weight = how, w; return r }
	if a.name == "" || b.name == "" {
		return r
	}
	given, family := a.given == b.given, a.family == b.family
	several := strings.Contains(a.name, " ")
	switch {
	case a.name == b.name && several:
		return set("equal", weightName)
	case a.name == b.name:
		return set("equal", weightHalf)
	case a.sorted == b.sorted && several:
		return set("swapped", weightSwapped)
	case partOf(a, b) || partOf(b, a):
		return set("part", weightPart)
	case family && a.family != "" && initials(a.given, b.given):
		return set("initial", weightInitial)
	case family && (a.given == "" || b.given == ""), given && (a.family == "" || b.family == ""):
		return set("part", weightHalf)
	case family && a.family != "":
		return set("partly_different", weightFamily)
	case given && a.given != "":
		return set("partly_different", weightMarried)
	}
	return set("different", weightOtherName)
}

// partOf reports whether the name of a, of two words at least, is made of
// words of the name of b.
func partOf(a, b *profile) bool {
	if a.given == "" || a.family == "" {
		return false
	}
	all := strings.Fields(b.given + " " + b.family)
	for w := range strings.FieldsSeq(a.given + " " + a.family) {
		i := slices.Index(all, w)
		if i < 0 {
			return false
		}
		all = slices.Delete(all, i, i+1)
	}
	return true
}

// initials reports whether one given name is the beginning of the other: its
// initial, or three letters and more of it.
func initials(a, b string) bool {
	if len(a) > len(b) {
		a, b = b, a
	}
	first, _, _ := strings.Cut(a, " ")
	n := len([]rune(first))
	return (n == 1 || n >= 3) && strings.HasPrefix(b, first)
}
