package merge

import (
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
)

// clashes finds the facts that speak against the contacts being one person.
func clashes(all []*contacts.Contact) []Clash {
	var out []Clash
	for i, a := range all {
		for _, b := range all[i+1:] {
			for _, path := range verifiedApart(a, b) {
				out = append(out, Clash{ID: a.ID, Other: b.ID, Path: path, Why: ClashVerified})
			}
			if birthdatesDiffer(a.Birthdate, b.Birthdate) {
				out = append(out, Clash{ID: a.ID, Other: b.ID, Path: "birthdate", Why: ClashBirthdate})
			}
		}
	}
	return out
}

// verifiedApart returns the kinds and channels in which both contacts have
// verified identifiers and none in common.
func verifiedApart(a, b *contacts.Contact) []string {
	of, with := verified(a), verified(b)
	var out []string
	for _, v := range of {
		if slices.Contains(out, v.Path) || !slices.ContainsFunc(with, func(w contacts.PathValue) bool { return w.Path == v.Path }) {
			continue
		}
		common := slices.ContainsFunc(of, func(u contacts.PathValue) bool { return u.Path == v.Path && slices.Contains(with, u) })
		if !common {
			out = append(out, v.Path)
		}
	}
	return out
}

// verified lists the verified identifiers: the kind or channel as the path,
// the normal form as the text.
func verified(c *contacts.Contact) []contacts.PathValue {
	var out []contacts.PathValue
	add := func(path, text string, v contacts.Verification) {
		if !v.IsZero() {
			out = append(out, contacts.PathValue{Path: path, Text: text})
		}
	}
	for _, p := range c.Phones {
		add("phones."+p.Kind.String(), p.Phone.Number(), p.Verified)
	}
	for _, e := range c.Emails {
		add("emails."+e.Kind.String(), e.Email.Key(), e.Verified)
	}
	for _, s := range c.Socials {
		add("socials."+s.Channel.String(), s.Key(), s.Verified)
	}
	return out
}

// birthdatesDiffer reports whether two dates cannot be of one person; a date
// without a year agrees with every year.
func birthdatesDiffer(a, b contacts.Date) bool {
	if a.IsZero() || b.IsZero() {
		return false
	}
	return a.Month() != b.Month() || a.Day() != b.Day() || (a.HasYear() && b.HasYear() && a.Year() != b.Year())
}
