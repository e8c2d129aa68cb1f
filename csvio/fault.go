package csvio

import (
	"encoding/json"
	"fmt"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
)

// Codes of a [Fault], besides those of a [RowError] and those of package contacts.
const (
	// CodeTooManyCells: the row has more cells than the header has columns. Most often a comma inside a text that
	// is not in quotes has shifted it. The cell is the first one too many.
	CodeTooManyCells = "too_many_cells"
	// CodeRowShifted: the row has blank cells too many, and a cell that begins with a space: the rest of a text with
	// an unquoted comma. The cell is that one.
	CodeRowShifted = "row_shifted"
	// CodeExtraCells (warning): the row has more blank cells at its end than other rows of the file.
	CodeExtraCells = "extra_cells"
	// CodeNothingMapped: the row has values, but none in a column that is read.
	CodeNothingMapped = "nothing_mapped"
	// CodeFooter: the row is a line below the table, such as "Total: 12", and no contact.
	CodeFooter = "footer"
	// CodeRepeatedHeader: the row is the header once more: of a second table, or of a file that was appended.
	CodeRepeatedHeader = "repeated_header"
	// CodeStillDamaged: the row comes from an error log, where it stands for damage that is not mended yet.
	CodeStillDamaged = "still_damaged"
	// CodeTypedMismatch: the text that a phone number was typed as does not end like the number.
	CodeTypedMismatch = "phone_typed_mismatch"
)

// Fault says what is wrong with one cell of a row, or with the row. Unless it is a Warning, the row is refused.
//
// Error and the JSON form do not hold the value, which is personal data.
type Fault struct {
	// Row and Line are the record's number and the line of the cell, both from 1.
	Row, Line int
	// Offset is that of the cell in the file; -1 if the fault is of no cell.
	Offset int64
	// Cell is the index of the cell in the record, from 0; -1 if the fault is of no cell.
	Cell int
	// Code names the rule that was broken. It is API.
	Code string
	// Field is the path of the field, Column the header of the column; "" where there is none.
	Field, Column string
	// Value is the cell.
	Value string
	// Hint tells a person how to mend it. It is not API.
	Hint string
	// Warning faults do not refuse the row.
	Warning bool

	cause *RowError
}

// Error names the place and the code.
func (f *Fault) Error() string {
	var b strings.Builder
	fmt.Fprintf(&b, "csvio: row %d, line %d", f.Row, f.Line)
	if f.Cell >= 0 {
		fmt.Fprintf(&b, ", cell %d", f.Cell+1)
	}
	if f.Field != "" && !strings.HasPrefix(f.Field, externalPrefix) {
		b.WriteString(", " + f.Field)
	}
	b.WriteString(": " + f.Code)
	return b.String()
}

// Is reports that every Fault is a [contacts.ErrInvalid].
func (f *Fault) Is(target error) bool { return target == contacts.ErrInvalid }

// Unwrap returns the [*RowError] that the fault reports, or nil.
func (f *Fault) Unwrap() error {
	if f.cause == nil {
		return nil
	}
	return f.cause
}

// Message is the fault in a sentence for people. It does not hold the value.
func (f *Fault) Message() string {
	what := contacts.CodeText(f.Code)
	for _, s := range faultTexts {
		if s.code == f.Code {
			what = s.text
		}
	}
	switch {
	case f.Column != "":
		what = headerText(f.Column) + ": " + what
	case f.Field != "":
		what = f.Field + ": " + what
	}
	if f.Hint != "" {
		what += " (" + f.Hint + ")"
	}
	return what
}

// MarshalJSON writes code, field, column, message and hint, and warning where it is one.
func (f *Fault) MarshalJSON() ([]byte, error) {
	return json.Marshal(struct {
		Code    string `json:"code"`
		Field   string `json:"field,omitempty"`
		Column  string `json:"column,omitempty"`
		Message string `json:"message"`
		Hint    string `json:"hint,omitempty"`
		Warning bool   `json:"warning,omitempty"`
	}{f.Code, f.Field, f.Column, f.Message(), f.Hint, f.Warning})
}

// faultTexts are the sentences where the code alone would be hard to understand.
var faultTexts = [...]struct{ code, text string }{
	{CodeTooManyCells, "the row has more cells than the header has columns"},
	{CodeRowShifted, "the row seems shifted by a comma inside a text"},
	{CodeExtraCells, "the row has more blank cells than others"},
	{CodeNothingMapped, "the row has no value in any column that is read"},
	{CodeFooter, "the row is a line below the table, no contact"},
	{CodeRepeatedHeader, "the row is the header once more"},
	{CodeStillDamaged, "the damage named in _code is not mended yet"},
	{CodeTypedMismatch, "the typed text does not end like the number"},
	{CodeUnclosedQuote, "a double quote is opened and not closed"},
	{CodeTextAfterQuote, "there is text behind a closing double quote"},
	{CodeRowTooLong, "the row is too long and was cut"},
	{CodeTooManyColumns, "the row has too many columns"},
	{CodeInvalidUTF8, "the row is not valid UTF-8"},
	{CodeUndecodable, "the row holds bytes that are no text in the declared encoding"},
	{CodeNULByte, "the row holds a NUL byte"},
	// Codes of an import, which finds them in the book.
	{"contact_exists", "the contact is there already"},
	{"contradicts_row", "this contradicts an earlier row"},
	{"forbidden", "this is not allowed"},
	{"identifier_erased", "the row is of somebody who was erased"},
	{"label_unknown", "the label is not known"},
	{"match_ambiguous", "the row may be about several contacts"},
	{"value_taken", "the value is taken"},
}

// rowHint is the hint for damage that the scanner finds.
func rowHint(code string) string {
	switch code {
	case CodeUnclosedQuote:
		return `close the quote, or write "" for a quote inside a quoted cell`
	case CodeTextAfterQuote:
		return `write "" for a quote inside a quoted cell`
	case CodeInvalidUTF8:
		return "save the file as UTF-8, or declare its encoding"
	case CodeUndecodable:
		return "declare the encoding that the file was saved in, or type the text again"
	case CodeNULByte:
		return "take the NUL byte out"
	case CodeRowTooLong, CodeTooManyColumns:
		return "take the row from the original file and shorten it"
	}
	return ""
}

// Row is what a record was decoded to. It is valid until the next call of [Decoder.Decode], but for Contact and Faults,
// which belong to the caller.
type Row struct {
	// Row and Line are the record's number and the line on which it starts, both from 1. The header counts.
	Row, Line int
	// Contact is what the cells hold, in normal form, without defaults. It is nil for a blank row and for damage that
	// the scanner found; of a row with faults it holds the cells without one.
	Contact *contacts.Contact
	// Present has the fields for which the row has a value, Clear those it asks to be emptied. A field of several columns
	// can be in both: it is emptied, and then has the values.
	Present, Clear FieldSet
	// PrimaryPhone and PrimaryEmail tell that the row says which phone number, which email address is the primary one; it is the
	// first of the contact's. Where a row does not say, the first in normal order is primary.
	PrimaryPhone, PrimaryEmail bool
	// Faults are all faults of the row, in the order of the file, warnings among them.
	Faults []*Fault
	// Blank rows have no value at all; they count as skipped.
	Blank bool
	// Filled tells that [Decoder.FillLastName] has filled in the last name.
	Filled bool
}

// Rejected reports whether the row has a fault that is no warning.
func (r *Row) Rejected() bool {
	for _, f := range r.Faults {
		if !f.Warning {
			return true
		}
	}
	return false
}

// Err returns the first fault that is no warning, as an error; nil if there is none.
func (r *Row) Err() error {
	for _, f := range r.Faults {
		if !f.Warning {
			return f
		}
	}
	return nil
}
