package csvio

import (
	"errors"
	"fmt"
)

// ErrSyntax is matched (errors.Is) by every [RowError] and by a [FileError] that says the input is no CSV text.
var ErrSyntax = errors.New("csvio: not well-formed CSV")

// ErrDialect is returned for a [Dialect] or a delimiter that cannot be: not ASCII, a line end or NUL, or the
// delimiter being the quote.
var ErrDialect = errors.New("csvio: impossible delimiter or quote")

// Codes of a [RowError]. They are API: their text does not change.
const (
	// CodeUnclosedQuote: a quoted cell is not closed, or is closed on a later line in the middle of text.
	// The place is that of the opening quote.
	CodeUnclosedQuote = "unclosed_quote"
	// CodeTextAfterQuote: text stands between the closing quote and the next delimiter, all on one line.
	// The place is that of the text.
	CodeTextAfterQuote = "text_after_quote"
	// CodeRowTooLong: the record is longer than [ScannerOptions].MaxRecord. The place is the first byte too many.
	CodeRowTooLong = "row_too_long"
	// CodeTooManyColumns: the record has more cells than [ScannerOptions].MaxColumns.
	// The place is that of the first cell too many.
	CodeTooManyColumns = "too_many_columns"
	// CodeInvalidUTF8: the record holds a byte sequence that is no UTF-8 (in a UTF-16 file: a lone surrogate
	// or half a code unit). The place is that of its first byte.
	CodeInvalidUTF8 = "invalid_utf8"
	// CodeUndecodable: the record holds bytes that are no character in the encoding of the file, which is neither UTF-8 nor
	// UTF-16. The place is that of the first one; in the cells the byte FF stands for it.
	CodeUndecodable = "undecodable"
	// CodeNULByte: the record holds a NUL, which several databases cannot store. The place is that of the NUL.
	CodeNULByte = "nul_byte"
)

// Codes of a [FileError].
const (
	// CodeBinary: the input is no text (a workbook, an archive, an image …).
	CodeBinary = "binary"
	// CodeRead: the reader failed; the cause is in Err.
	CodeRead = "read"
)

// RowError says why one record is refused, and where. Its text never holds any content of the cells.
type RowError struct {
	// Row is the number of the record, from 1; a header counts as a record, blank lines do not.
	Row int
	// Line is the line of the faulty place, from 1, blank lines and lines inside cells counted.
	Line int
	// Column is the byte of that line, from 1.
	Column int
	// Cell is the index of the cell in the record, from 0.
	Cell int
	// Offset is the offset of the faulty place in the file, in whatever encoding that is. Column counts bytes of UTF-8.
	Offset int64
	// Code is one of the Code constants.
	Code string
}

// Error implements error.
func (e *RowError) Error() string {
	return fmt.Sprintf("csvio: row %d, line %d, column %d: %s", e.Row, e.Line, e.Column, e.Code)
}

// Is reports that every RowError is an [ErrSyntax].
func (e *RowError) Is(target error) bool { return target == ErrSyntax }

// FileError says why the input as a whole cannot be read, or not further.
type FileError struct {
	// Code is [CodeBinary] or [CodeRead].
	Code string
	// Offset is, for CodeBinary, that of the first byte that is not of a text; for CodeRead, the number
	// of bytes of decoded text that came before the failure.
	Offset int64
	// Kind names the format of a binary input where its first bytes tell it
	// ("zip" for .xlsx workbooks too, "gzip", "xls", "pdf", "png", "jpeg", "sqlite", "vCard"), otherwise "".
	Kind string
	// Err is the error of the reader, nil for CodeBinary.
	Err error
}

// Error implements error.
func (e *FileError) Error() string {
	switch {
	case e.Code == CodeBinary && e.Kind != "":
		return fmt.Sprintf("csvio: binary: this is a %s file, not CSV text", e.Kind)
	case e.Code == CodeBinary:
		return fmt.Sprintf("csvio: binary: not a text file (byte at offset %d)", e.Offset)
	default:
		return fmt.Sprintf("csvio: read after %d bytes of text: %v", e.Offset, e.Err)
	}
}

// Is reports that a binary input is an [ErrSyntax].
func (e *FileError) Is(target error) bool { return target == ErrSyntax && e.Code == CodeBinary }

// Unwrap returns the error of the reader.
func (e *FileError) Unwrap() error { return e.Err }
