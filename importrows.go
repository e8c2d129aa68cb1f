package extcontacts

import (
	"encoding/json"
	"slices"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/csvio"
)

// Outcome is what becomes of a row of an import; each row has exactly one.
type Outcome string

// The outcomes.
const (
	RowCreated   Outcome = "created"   // it made a new contact
	RowUpdated   Outcome = "updated"   // it changed a contact
	RowUnchanged Outcome = "unchanged" // its contact has all that it says already
	RowSkipped   Outcome = "skipped"   // blank, or nobody to update
	RowRejected  Outcome = "rejected"  // at fault; it changed nothing
)

var outcomes = [...]Outcome{skipped: RowSkipped, created: RowCreated, updated: RowUpdated, unchanged: RowUnchanged, rejected: RowRejected}

// RowResult is what became of one row of a file or, in a dry run, would.
type RowResult struct {
	Row     int     `json:"row"`  // of the file's data rows, from 1
	Line    int     `json:"line"` // on which the row begins, from 1
	Outcome Outcome `json:"outcome"`
	// Contact is the contact the row is about. It is empty where a row is
	// skipped or rejected, and in a dry run for a contact that is not there yet.
	Contact contacts.ID `json:"contact,omitempty"`
	// FirstRow is the first row of the file about the same contact, 0 where it
	// is this one.
	FirstRow int `json:"first_row,omitempty"`
	// ByName tells that neither the row nor its contact has an identifier: they
	// were joined by name and company alone.
	ByName bool `json:"by_name,omitempty"`
	// Cells are the values that the row adds, changes and takes away, in field
	// order; of a created contact all that it has.
	Cells []CellChange `json:"cells,omitempty"`
	// Faults are what is wrong with a rejected row, and the warnings of others.
	Faults []*csvio.Fault `json:"faults,omitempty"`
	// Conflicts are the contacts a rejected row collides with, as far as the
	// actor may view them.
	Conflicts []contacts.ID `json:"conflicts,omitempty"`
	// Proposals are repairs that would make a rejected row right, in a dry run.
	Proposals []csvio.Proposal `json:"proposals,omitempty"`
}

// CellChange is what a row does to one value of a contact.
type CellChange struct {
	// Column is the header of the column the value comes from; empty for what
	// the import fills in.
	Column string `json:"column,omitempty"`
	// Field is the name of the field: "company", "phones.mobile".
	Field string `json:"field"`
	// Old and New are the values before and after: empty where there is none.
	Old string `json:"old,omitempty"`
	New string `json:"new,omitempty"`
}

// cells are the changes as the cells of the file make them.
func (im *importer) cells(changes []contacts.Change) []CellChange {
	var out []CellChange
	for i := range changes {
		ch := &changes[i]
		if ch.Old == "" && (ch.Path == "primary_phone" || ch.Path == "primary_email") {
			continue // the first value of a list is the primary one
		}
		cell := CellChange{Field: ch.Path, Old: plainValue(ch.Path, ch.Old), New: plainValue(ch.Path, ch.New)}
		if kind, _, ok := strings.Cut(ch.Elem(), " "); ok && ch.Path != "labels" {
			cell.Field += "." + kind
		}
		cell.Column = im.columnOf(cell.Field)
		if cell.Old == cell.New { // the same number, typed otherwise
			cell.Old, cell.New = typedValue(ch.Old), typedValue(ch.New)
		}
		out = append(out, cell)
	}
	return out
}

// columnOf is the header of the first column that is read into a field; of a
// column whose kind of number each row tells, that of the list.
func (im *importer) columnOf(field string) string {
	if im.headers == nil {
		im.headers = map[string]string{}
		for _, c := range slices.Backward(im.mapping.Columns) {
			if c.Status == csvio.Mapped && c.Field != "" {
				im.headers[c.Field] = c.Header
				if list, _, ok := strings.Cut(c.Field, "."); ok && contacts.IsListPath(list) {
					im.headers[list] = c.Header
				}
			}
		}
	}
	if h, ok := im.headers[field]; ok {
		return h
	}
	if list, _, ok := strings.Cut(field, "."); ok && contacts.IsListPath(list) {
		return im.headers[list]
	}
	return ""
}

// plainValue is the text of a value as a person reads it.
func plainValue(path, text string) string {
	switch {
	case text == "":
		return ""
	case strings.HasPrefix(path, "custom."):
		_, text, _ = strings.Cut(text, ":")
		return text
	case path == "labels" || !contacts.IsListPath(path):
		return text
	}
	var e struct{ Number, Address, Handle string }
	if json.Unmarshal([]byte(text), &e) != nil {
		return text
	}
	return e.Number + e.Address + e.Handle
}

func typedValue(text string) string {
	var e struct{ Raw string }
	if json.Unmarshal([]byte(text), &e) != nil {
		return text
	}
	return e.Raw
}

// byName reports whether a row was joined to its contact by name and company
// alone: it has no other key.
func (r *importRow) byName() bool {
	return (r.outcome == updated || r.outcome == unchanged) && len(r.keys) == 1 && r.keys[0].Kind == contacts.NameKey
}

// tellRows counts the rows of a batch that were joined by name, and calls Each
// for all of them, once it is decided and, but for a dry run, written.
func (b *batch) tellRows() error {
	im := b.im
	for i := range b.rows {
		if b.rows[i].byName() {
			im.report.ByName++
		}
	}
	if im.o.Each == nil {
		return nil
	}
	for i := range b.rows {
		r := &b.rows[i]
		res := RowResult{Row: r.row, Line: r.line, Outcome: outcomes[r.outcome], Faults: slices.Concat(r.faults, r.also), Cells: im.cells(r.changes)}
		if r.outcome == rejected {
			res.Conflicts, res.Proposals = r.collides, r.proposals
		} else {
			res.Contact, res.ByName = r.about, r.byName()
			if r.first != r.row {
				res.FirstRow = r.first
			}
			if _, stored := b.stored[r.about]; im.o.DryRun && !stored {
				res.Contact = ""
			}
		}
		if err := im.o.Each(res); err != nil {
			return err
		}
	}
	return nil
}
