package extcontacts

import (
	"context"
	"errors"
	"io"
	"iter"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/csvio"
	"github.com/extcontacts/extcontacts/search"
	"github.com/extcontacts/extcontacts/store"
)

// ExportOptions are the settings of an export. The zero value writes every
// contact with all columns.
type ExportOptions struct {
	// Query selects contacts as in [Session.Search]; empty means all.
	Query string
	// IDs selects contacts by their ids, of which those that match Query are
	// written; nil means all. The id of a contact that was merged stands for
	// its survivor.
	IDs []contacts.ID
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
	// Observer, where it is set, is told how far the export is.
	Observer Observer
}

// Export writes contacts as CSV, in the order of their ids, and returns how
// many. What it writes with all columns imports back into an empty book as
// equal contacts, but for verifications, which no file can claim. Formulas are
// guarded in a way that the import takes off again.
//
// The contacts are read twice, to learn which columns they need and to write
// them, and never held in memory all at once. Both times they are read as they
// were at one moment, whatever is written meanwhile, where the store can show
// that ([store.Snapshotter], which all stores of this library implement). On
// another store each contact is whole; one that is edited in between and no
// longer fits fails the export with [csvio.ErrShape] rather than losing a
// value.
//
// Where the export fails, the number is that of the contacts that w was given
// so far. An id that the actor cannot read is [ErrNotFound]; nothing is
// written then.
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
	n := 0
	err = store.Snapshot(ctx, s.st(), s.ws(), func(view store.Store) error {
		n, err = s.export(ctx, view, w, q, schema, &o)
		return err
	})
	return n, err
}

// observeEvery is the number of contacts after which an observer is told.
const observeEvery = 1000

// export writes what a view of the store has.
func (s *Session) export(ctx context.Context, view store.Store, w io.Writer, q *search.Query, schema *contacts.Schema, o *ExportOptions) (int, error) {
	st, readable := s.readerOf(view, contacts.RightExport)
	chosen := store.Matches(ctx, st, s.ws(), q, readable)
	if o.IDs != nil {
		ids, err := s.selection(ctx, st, o.IDs, readable)
		if err != nil {
			return 0, err
		}
		chosen = selected(ctx, st, s.ws(), ids, q)
	}
	watch := newWatch(o.Observer, s.book.o.Now)
	pass := func(ph Phase, total int, each func(*contacts.Contact) error) (int, error) {
		watch.phase(ph, total)
		n := 0
		for c, err := range chosen {
			if err == nil {
				err = each(c)
			}
			if err != nil {
				return n, err
			}
			if n++; n%observeEvery == 0 {
				watch.tell(n, nil)
			}
		}
		watch.tell(n, nil)
		return n, nil
	}
	var shape csvio.Shape
	total, err := pass(PhaseSurvey, len(o.IDs), func(c *contacts.Contact) error { shape.Add(c); return nil })
	if err != nil {
		return 0, err
	}
	cw := csvio.NewWriter(w, csvio.WriterOptions{Comma: o.Comma, BOM: o.Excel, Guard: true})
	enc, err := csvio.NewEncoder(cw, schema, &shape, csvio.EncodeOptions{Columns: o.Columns, Dates: o.Dates})
	if err != nil {
		return 0, err
	}
	if err := enc.WriteHeader(); err != nil {
		return 0, err
	}
	n, err := pass(PhaseExport, total, enc.Write)
	if err != nil {
		return n, err
	}
	return n, cw.Flush()
}

// selection are the contacts that ids stand for, in ascending order.
func (s *Session) selection(ctx context.Context, st store.Store, ids []contacts.ID, readable func(*contacts.Contact) bool) ([]contacts.ID, error) {
	var out []contacts.ID
	todo := slices.Clone(ids)
	for range maxRedirects {
		if len(todo) == 0 {
			slices.Sort(out)
			return slices.Compact(out), nil
		}
		var next []contacts.ID
		for part := range slices.Chunk(todo, chunk) {
			list, err := st.Contacts(ctx, s.ws(), part...)
			if errors.Is(err, ErrInvalid) {
				return nil, ErrNotFound // an id no contact can have
			}
			if err != nil {
				return nil, err
			}
			for _, c := range list {
				switch {
				case c != nil && c.State == contacts.Merged:
					next = append(next, c.MergedInto)
				case c == nil || c.State != contacts.Live || readable != nil && !readable(c):
					return nil, ErrNotFound
				default:
					out = append(out, c.ID)
				}
			}
		}
		todo = next
	}
	return nil, errors.New("extcontacts: the merges of a selected contact form a circle")
}

// selected yields the contacts with the ids that match the query.
func selected(ctx context.Context, st store.Store, workspace string, ids []contacts.ID, q *search.Query) iter.Seq2[*contacts.Contact, error] {
	return func(yield func(*contacts.Contact, error) bool) {
		for part := range slices.Chunk(ids, chunk) {
			list, err := st.Contacts(ctx, workspace, part...)
			if err != nil {
				yield(nil, err)
				return
			}
			for _, c := range list {
				if c == nil {
					continue
				}
				if _, ok := q.Match(c); ok && !yield(c, nil) {
					return
				}
			}
		}
	}
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
