package csvio

import (
	"fmt"
	"strings"
	"unicode"

	"golang.org/x/text/unicode/norm"

	"github.com/extcontacts/extcontacts/contacts"
)

// Codes of a [HeaderError].
const (
	// CodeEmptyFile: there is no header.
	CodeEmptyFile = "empty_file"
	// CodeNoKnownColumn: no column of the header is understood. The file has no header row, or another
	// delimiter, or it is no list of contacts.
	CodeNoKnownColumn = "no_known_column"
	// CodeUnknownField: a given mapping, or a choice of columns, names a field that there is not.
	CodeUnknownField = "unknown_field"
	// CodeHeaderNotFound (warning): a given mapping names a column that the file does not have.
	CodeHeaderNotFound = "header_not_found"
	// CodeDuplicateColumn (warning): the field has its values from another column, this one is not read.
	CodeDuplicateColumn = "duplicate_column"
	// CodePreamble (warning): there are records above the header, which are not read.
	CodePreamble = "preamble"
	// CodeNoIdentity (warning): no column holds a name, a phone number, an email address or an id.
	CodeNoIdentity = "no_identity"
	// CodeAmbiguousDates (warning, see [DateColumn]): all dates of a column are days in more than one format.
	CodeAmbiguousDates = "ambiguous_dates"
	// CodeOtherDateFormat (warning, see [DateColumn]): all dates of a column are days in one format, and it is not the declared one.
	CodeOtherDateFormat = "other_date_format"
)

// HeaderError says what is wrong with the header of a file or with the mapping that was given for it.
type HeaderError struct {
	// Code is one of the codes of a HeaderError.
	Code string
	// Column is the number of the column, from 1; 0 if it is none in particular.
	Column int
	// Header is the column's header. It is not part of Error: in a file without a header row it is a person's data.
	Header string
	// Field is the name of the field in question, if any.
	Field string
	// Hint tells a person what to do.
	Hint string
}

// Error implements error.
func (e *HeaderError) Error() string {
	s := "csvio: header: " + e.Code
	if e.Column > 0 {
		s = fmt.Sprintf("csvio: header, column %d: %s", e.Column, e.Code)
	}
	if e.Field != "" {
		s += " " + e.Field
	}
	if e.Hint != "" {
		s += ": " + e.Hint
	}
	return s
}

// Is reports that every HeaderError is a [contacts.ErrInvalid].
func (e *HeaderError) Is(target error) bool { return target == contacts.ErrInvalid }

// headerText is a header as a person sees it: without the guard, surrounding space and what cannot be seen.
func headerText(h string) string {
	h = strings.TrimFunc(h, func(r rune) bool { return unicode.IsSpace(r) || unicode.Is(unicode.Cf, r) })
	return unwrapped(h)
}

// foldHeader is what two spellings of a header have in common: letters, marks and digits, in lower case and full
// compatibility form. Space, punctuation, and what cannot be seen make no difference.
func foldHeader(h string) string {
	keep := func(r rune) rune {
		if unicode.IsLetter(r) || unicode.IsDigit(r) || unicode.IsMark(r) {
			return unicode.ToLower(r)
		}
		return -1
	}
	return norm.NFKC.String(strings.Map(keep, norm.NFKC.String(h)))
}

// cutNumber takes the one run of ASCII digits out of a folded header: "email2address" is "emailaddress" and "2".
// There must be exactly one run, not at the beginning, of a number from 1 to 999.
func cutNumber(key string) (base, number, tail string, ok bool) {
	i := strings.IndexAny(key, "0123456789")
	if i <= 0 {
		return "", "", "", false
	}
	j := i
	for j < len(key) && '0' <= key[j] && key[j] <= '9' {
		j++
	}
	if j-i > 3 || key[i] == '0' || strings.ContainsAny(key[j:], "0123456789") {
		return "", "", "", false
	}
	return key[:i], key[i:j], key[j:], true
}

// nearest finds the name closest to s, for a hint; "" if none is close.
func nearest(s string, names []string) string {
	best, dist := "", 0
	key := foldHeader(s)
	for _, n := range names {
		d := distance(key, foldHeader(n))
		if d <= max(2, len(key)/3) && (best == "" || d < dist) {
			best, dist = n, d
		}
	}
	return best
}

// distance is the Levenshtein distance in bytes, of the first 64 of each.
func distance(a, b string) int {
	a, b = a[:min(len(a), 64)], b[:min(len(b), 64)]
	var row [65]int
	for j := range len(b) + 1 {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
