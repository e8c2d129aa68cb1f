package extcontacts

import (
	"context"
	"io"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/csvio"
	"github.com/extcontacts/extcontacts/store"
)

// ExportOptions are the settings of an export. The zero value writes every
// contact with all columns.
type ExportOptions struct {
	// Query selects contacts as in [Session.Search]; empty means all.
	Query string
	// Columns are the fields to write, by name or header; nil means all of
	// the template, and what else the contacts need: further columns for
	// several values of one kind, custom fields, external ids.
	Columns []string
	// Excel writes a byte order mark and guards formulas, for spreadsheets.
	Excel bool
	// Comma is the delimiter; zero means a comma.
	Comma byte
	// Dates is the format of dates; an import must be told the same.
	Dates contacts.DateFormat
}

// Export writes contacts as CSV, in the order of their ids, and returns how
// many. What it writes with all columns imports back into an empty book as
// equal contacts, but for verifications, which no file can claim. Formulas are
// guarded in a way that the import takes off again.
//
// The contacts are read twice, to learn which columns they need and to write
// them; one that is edited in between and no longer fits fails the export with
// csvio.ErrShape rather than losing a value.
func (s *Session) Export(ctx context.Context, w io.Writer, o ExportOptions) (int, error) {
	if err := s.may(contacts.RightExport, nil); err != nil {
		return 0, err
	}
	q, err := s.parse(ctx, o.Query)
	if err != nil {
		return 0, err
	}
	schema, err := s.Schema(ctx)
	if err != nil {
		return 0, err
	}
	st, readable := s.reader(contacts.RightExport)
	var shape csvio.Shape
	for c, err := range store.Matches(ctx, st, s.ws(), q, readable) {
		if err != nil {
			return 0, err
		}
		shape.Add(c)
	}
	cw := csvio.NewWriter(w, csvio.WriterOptions{Comma: o.Comma, BOM: o.Excel, Guard: true})
	enc, err := csvio.NewEncoder(cw, schema, &shape, csvio.EncodeOptions{Columns: o.Columns, Dates: o.Dates})
	if err != nil {
		return 0, err
	}
	if err := enc.WriteHeader(); err != nil {
		return 0, err
	}
	n := 0
	for c, err := range store.Matches(ctx, st, s.ws(), q, readable) {
		if err != nil {
			return n, err
		}
		if err := enc.Write(c); err != nil {
			return n, err
		}
		n++
	}
	return n, cw.Flush()
}

// Template writes the CSV template of the workspace: the header, custom fields
// included.
func (s *Session) Template(ctx context.Context, w io.Writer) error {
	schema, err := s.Schema(ctx)
	if err != nil {
		return err
	}
	return csvio.WriteTemplate(w, schema)
}
