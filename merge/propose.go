package merge

import (
	"cmp"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/extcontacts/extcontacts/contacts"
)

// Propose returns the contact that should survive a merge of the given ones,
// nil where there is none: the live one with the most verified identifiers, of
// these one with a first name, not just its initial, of these the one with the
// most values, of these the one created first, of these the one with the least
// id. The order of the arguments does not count.
func Propose(all ...*contacts.Contact) *contacts.Contact {
	live := slices.DeleteFunc(slices.Clone(all), func(c *contacts.Contact) bool {
		return c == nil || c.State != contacts.Live
	})
	if len(live) == 0 {
		return nil
	}
	return slices.MinFunc(live, func(a, b *contacts.Contact) int {
		return cmp.Or(
			cmp.Compare(len(verified(b)), len(verified(a))),
			cmp.Compare(nameless(a), nameless(b)),
			cmp.Compare(count(b), count(a)),
			a.CreatedAt.Compare(b.CreatedAt),
			cmp.Compare(a.ID, b.ID))
	})
}

// nameless is 1 for a contact without a first name or with its initial alone, by
// which nobody would find it.
func nameless(c *contacts.Contact) int {
	if utf8.RuneCountInString(strings.Trim(c.FirstName, ". ")) > 1 || strings.ContainsFunc(c.FirstName, dense) {
		return 0
	}
	return 1
}

// dense reports whether a letter is a whole name.
func dense(r rune) bool {
	return unicode.In(r, unicode.Han, unicode.Hangul, unicode.Hiragana, unicode.Katakana)
}

// count is the number of values of a contact.
func count(c *contacts.Contact) int {
	n := 0
	for range c.Values() {
		n++
	}
	return n
}
