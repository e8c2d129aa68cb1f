// Package csvio reads and writes contact files: CSV bytes on one side, [contacts.Contact] on the other. It knows the
// format, the header, the rule table and the ways in which real files are broken; it knows no store and no session.
//
// # Reading
//
// A [Scanner] gives records with the place of every cell. [ReadHeader] finds the header, also below a title, and says what each
// column means (by [MapHeader]), a [Decoder] makes a contact of each record that follows:
//
//	sc := csvio.NewScanner(file, csvio.ScannerOptions{})
//	head, err := csvio.ReadHeader(sc, schema, nil)
//	dec := csvio.NewDecoder(head.Mapping, schema, csvio.DecodeOptions{})
//	for sc.Scan() {
//		row := dec.Decode(sc.Record())
//		if row.Rejected() { … row.Faults … }
//	}
//
// # What is accepted
//
// The dialect is found out from the first 64 KiB: the delimiter (comma, semicolon, tab or |), the quote ('"', or the apostrophe where
// every cell of the first row has such), a backslash before quotes where the file makes sense only with it, line ends (LF, CRLF, CR, also
// mixed) and a first line "sep=;". What a [Dialect] declares is not found out. Files may be of any size: a quote that is never closed, a
// field without end and 10 GB of rows are read in a few MiB, see [Scanner].
//
// Encodings: UTF-8 and UTF-16 are found out, any other [Encoding] is declared in the [Dialect] and decoded as the file is
// read. Bytes that are no text in the encoding refuse their row, with the offset in the file of the first, whatever the encoding; no
// text that was read has U+FFFD. A file that is not UTF-8 and not declared is read row by row as far as it is, and [Evidence] suggests
// an encoding.
//
// Columns in any order and any spelling that the rule table, its aliases and the known exports of other
// address books have (Google Contacts, Outlook, Thunderbird, HubSpot, Chatwoot, those of iCloud in plain form); numbered
// columns for fields that hold several values ("Mobile 2"); a date in three columns ("Birth Day", "Birth Month", "Birth Year"); a
// street in several ("Address 2"); several addresses, of which each row has the best that it fills in: business before
// home before others. A mapping can be given, and kept as a [Profile].
//
// Rows shorter than the header; blank cells, which mean nothing; "--", which means that the field is to be emptied; the
// apostrophe that guards a formula and the ="…" around a text, which are taken off; titles above the header.
//
// Dates in the declared format, never in a guessed one; YYYY-MM-DD and, from 1850 to 2150, YYYYMMDD always. [Decoder.Dates] tells
// of columns whose dates do not tell their format, or tell another one than was declared.
//
// # What is refused, and why
//
// Row by row and never the file: a cell that its field does not take, because a wrong value is worse than none; a row with more cells
// than the header has columns, because an unquoted comma has shifted it; a row with a blank cell too many and a cell that begins
// with a space, for the same reason; a row in which quotes are damaged, with the place of the opening quote, while the rows behind it
// are kept; a row of more than a megabyte or 10,000 cells, by default; a row without a value in any column that was understood; a line
// below the table ("Total: 12") and a header that comes again. All faults of a row are told at once, each with row, line, column,
// cell and offset.
//
// As a file: one that is no text, such as a workbook or an archive, which is never unpacked; one without a header, or with a header in
// which no column is understood. A column that is not understood is reported in the [Mapping], never dropped in silence. No header
// reaches id, revision, owner or another internal field: those columns are reported as [Protected].
//
// # Mending
//
// A [Doctor] proposes repairs of refused rows, each with its confidence and an explanation; [Repair] makes the mended record of
// one that was accepted. Nothing is mended unasked.
//
// # Writing
//
// An [Encoder] writes contacts with the columns that they need, found by a first pass with a [Shape]. What it writes
// reads back as an equal contact, whatever the text in it. One thing does not travel: a verification is a fact that a
// file cannot claim. [WriteTemplate] and [WriteGuidelines] give people an empty file and the rules to fill it in.
// An [ErrorLog] holds the refused rows as they stood in their file, and why; mended, it can be imported in its turn.
//
// # Errors
//
// [*RowError] and [*FileError] match [ErrSyntax]; [*Fault] matches [contacts.ErrInvalid], and ErrSyntax too where it
// reports a RowError; [*HeaderError] matches contacts.ErrInvalid. Codes are API, texts are not.
//
// # Concurrency
//
// A Mapping is not changed after MapHeader and may be shared. Scanner, Decoder, Shape, Encoder, Writer and ErrorLog are
// used by one goroutine each.
//
// # Security
//
// No Error method and no log shows the content of a cell: [Fault.Value] is for those who may see the row. Contacts can
// be set only through the fields of the schema. Cells that a spreadsheet would run as a formula are guarded where the
// writer is told to ([WriterOptions].Guard), in templates always, in error logs always in the columns of the log and on
// request in the original cells. Memory is bounded by the scanner's limits.
package csvio
