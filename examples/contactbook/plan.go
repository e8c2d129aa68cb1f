package main

import (
	"bufio"
	"strconv"
	"strings"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/csvio"
)

// shownCells is how many cells of a dry run are printed.
const shownCells = 40

// plan collects what a dry run would do, cell by cell: all of it for the file
// of --plan, the first rows for the report.
type plan struct {
	rows  []extcontacts.RowResult // the first that do anything
	more  int                     // further ones that are written
	table *csvio.Writer           // of --plan, or nil
	out   *outFile
}

// newPlan begins the file of --plan, where there is one.
func newPlan(c *call) (*plan, error) {
	p := &plan{}
	path := c.flags.text("plan")
	if path == "" {
		return p, nil
	}
	if !c.flags.has("dry-run") {
		return nil, usagef("--plan goes with --dry-run")
	}
	if book, err := c.location(); err != nil || book != "" && sameFile(path, book) {
		return nil, usagef("--plan %s is the contact book", quote(path))
	}
	if c.args[0] != "-" && sameFile(path, c.args[0]) {
		return nil, usagef("--plan %s is the file that is imported", quote(path))
	}
	p.out = &outFile{path: path}
	p.table = csvio.NewWriter(p.out, csvio.WriterOptions{Guard: true})
	return p, p.table.WriteRow("row", "line", "outcome", "contact", "column", "field", "old", "new", "code", "reason")
}

// row takes a row of the dry run.
func (p *plan) row(r extcontacts.RowResult) error {
	if r.Outcome != extcontacts.RowUnchanged && r.Outcome != extcontacts.RowSkipped {
		if len(p.rows) < extcontacts.MaxRejections {
			p.rows = append(p.rows, r)
		} else if r.Outcome != extcontacts.RowRejected {
			p.more++
		}
	}
	if p.table == nil {
		return nil
	}
	line := func(contact contacts.ID, cells ...string) error {
		return p.table.WriteRow(append([]string{strconv.Itoa(r.Row), strconv.Itoa(r.Line), string(r.Outcome), string(contact)}, cells...)...)
	}
	for _, c := range r.Cells {
		if err := line(r.Contact, c.Column, c.Field, c.Old, c.New, "", ""); err != nil {
			return err
		}
	}
	for _, f := range r.Faults {
		if f.Warning && r.Outcome == extcontacts.RowRejected {
			continue
		}
		var in []string
		for _, id := range r.Conflicts {
			in = append(in, string(id))
		}
		if err := line(contacts.ID(strings.Join(in, " ")), f.Column, f.Field, "", f.Value, f.Code, plain(f.Message())); err != nil {
			return err
		}
	}
	if len(r.Cells)+len(r.Faults) > 0 {
		return nil
	}
	return line(r.Contact, "", "", "", "", "", "")
}

// commit ends the file of --plan.
func (p *plan) commit() error {
	if p.table == nil {
		return nil
	}
	if err := p.table.Flush(); err != nil {
		return err
	}
	return p.out.commit()
}

func (p *plan) drop() {
	if p.out != nil {
		p.out.drop()
	}
}

// print prints the first cells for people.
func (p *plan) print(c *call) error {
	w := bufio.NewWriter(c.stdout)
	t := newTable(w, "ROW", "WOULD BE", "CONTACT", "FIELD", "OLD", "NEW")
	left := shownCells
	rows := 0
	for _, r := range p.rows {
		if r.Outcome == extcontacts.RowRejected || left < len(r.Cells) {
			continue
		}
		contact := string(r.Contact)
		switch {
		case contact == "" && r.FirstRow > 0:
			contact = "that of row " + grouped(r.FirstRow)
		case contact == "":
			contact = "new"
		}
		if r.ByName {
			contact += ", by name"
		}
		for i, cell := range r.Cells {
			if i == 0 {
				t.row(grouped(r.Row), string(r.Outcome), contact, cell.Field, cell.Old, cell.New)
			} else {
				t.row("", "", "", cell.Field, cell.Old, cell.New)
			}
		}
		left -= len(r.Cells)
		rows++
	}
	if rows > 0 {
		c.printf("\n")
	}
	if err := t.end(); err != nil {
		return err
	}
	if err := w.Flush(); err != nil {
		return err
	}
	all := p.more
	for _, r := range p.rows {
		if r.Outcome != extcontacts.RowRejected {
			all++
		}
	}
	if all > rows && p.table == nil {
		c.note("%s more would be written: --plan F writes all of it to a file.", counted(all-rows, "row"))
	}
	return nil
}
