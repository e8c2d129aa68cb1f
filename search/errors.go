package search

import (
	"errors"
	"strconv"

	"github.com/extcontacts/extcontacts/contacts"
)

// ErrQuery is what every *[SyntaxError] is, in the sense of errors.Is. Such an
// error is a [contacts.ErrInvalid] too.
var ErrQuery = errors.New("search: invalid query")

// SyntaxError says why a text is not a query. Its text never holds what was
// typed, which may be personal data: who has the query shows
// text[Offset:End].
type SyntaxError struct {
	// Offset and End are the place of the fault, in bytes. Both are zero in a
	// query that was built by code.
	Offset, End int
	// Code names the fault; it is part of the API:
	//
	//	too_long, too_deep, too_many_clauses  over a limit: MaxLength, MaxDepth, MaxClauses
	//	too_many_wildcards, too_short         stars inside a word; a part of a word below three letters
	//	invalid_utf8                          the text is not UTF-8
	//	unclosed_quote, unclosed_bracket      the end is missing
	//	unexpected                            this cannot stand here
	//	missing_value                         an operator without a value
	//	unknown_field                         no field has this name
	//	bad_operator                          the field does not have this operator
	//	bad_value, bad_date, bad_number       the field cannot have this value
	//	misplaced_sort                        sort: inside brackets or behind NOT
	Code string
	// Hint says what would be accepted, in English. It is not part of the API.
	Hint string
}

// Error names the code, the place and the hint.
func (e *SyntaxError) Error() string {
	s := "search: " + e.Code + " at " + strconv.Itoa(e.Offset)
	if e.Hint != "" {
		s += ": " + e.Hint
	}
	return s
}

// Is makes errors.Is true for [ErrQuery] and [contacts.ErrInvalid].
func (e *SyntaxError) Is(target error) bool {
	return target == ErrQuery || target == contacts.ErrInvalid
}

// fault makes the error of a node.
func (n *node) fault(code, hint string) error {
	return &SyntaxError{Offset: n.at, End: n.end, Code: code, Hint: hint}
}
