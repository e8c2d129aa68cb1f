package main

import (
	"context"
	"slices"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/csvio"
)

func checkCommand() *command {
	return &command{name: "check", operands: "FILE", does: "Says what an import would meet, and stores nothing; - reads standard input", min: 1, max: 1,
		flags: append([]flagDef{
			{name: "match", arg: "KEYS", help: "as in import"},
			mapFlag, datesFlag}, slices.Concat(mapFlags, dialectFlags)...), needs: either, run: runCheck}
}

// checkReport is the report of check in JSON.
type checkReport struct {
	Dialect  dialectJSON             `json:"dialect"`
	Encoding string                  `json:"encoding"`
	Columns  []csvio.Column          `json:"columns"`
	Rows     int                     `json:"rows"`
	Faults   []extcontacts.Rejection `json:"faults"`
	Repairs  []csvio.Proposal        `json:"repairs"`
	ByName   int                     `json:"by_name,omitzero"` // rows that would be joined by their name alone
}

type dialectJSON struct {
	Comma   string `json:"comma"`
	Quote   string `json:"quote"`
	Program string `json:"program,omitempty"` // whose export it looks like
}

func runCheck(ctx context.Context, c *call) error {
	o, err := importOptions(c)
	if err != nil {
		return err
	}
	f, err := c.openInput(c.args[0])
	if err != nil {
		return err
	}
	defer f.Close()
	rep, err := c.session.Check(ctx, f, o)
	if err != nil {
		return about(fileTitle(c.args[0]), err)
	}
	if err := mapped(rep); err != nil {
		return err
	}
	if err := c.saveMap(rep, &o); err != nil {
		return err
	}
	ownHints(rep.Rejections)
	out := checkReport{
		Dialect:  dialectJSON{string(rune(rep.Dialect.Comma)), string(rune(rep.Dialect.Quote)), rep.Mapping.Dialect},
		Encoding: rep.Dialect.Encoding.String(), Columns: rep.Mapping.Columns, Rows: rep.Rows,
		Faults: append([]extcontacts.Rejection{}, rep.Rejections...), Repairs: repairs(rep.Rejections), ByName: rep.ByName,
	}
	if c.json {
		err = c.line(out)
	} else {
		err = c.printCheck(rep, &out)
	}
	if err == nil && rep.Rejected > 0 {
		err = errRejected
	}
	return err
}

// repairs are the best proposals to mend the rejected rows, one a row.
func repairs(rows []extcontacts.Rejection) []csvio.Proposal {
	out := []csvio.Proposal{}
	for _, r := range rows {
		if len(r.Proposals) > 0 {
			out = append(out, r.Proposals[0])
		}
	}
	return out
}

func (c *call) printCheck(rep *extcontacts.ImportReport, out *checkReport) error {
	s := sheet{wide: 13}
	s.line("delimiter", delimiterName(rep.Dialect.Comma))
	s.line("encoding", out.Encoding)
	s.line("looks like", out.Dialect.Program)
	s.line("rows", grouped(rep.Rows))
	s.line("would create", grouped(rep.Created))
	s.line("would update", grouped(rep.Updated))
	s.line("unchanged", grouped(rep.Unchanged))
	s.line("skipped", grouped(rep.Skipped))
	s.line("rejected", grouped(rep.Rejected))
	c.printf("%s\n", s.b.String())
	t := newTable(c.stdout, "COLUMN", "FIELD", "STATUS", "REMARK")
	for _, col := range out.Columns {
		remark := col.Reason
		if remark == "" && col.How == csvio.ByCompanion {
			remark = "belongs to another column"
		}
		t.row(col.Header, col.Field, string(col.Status), remark)
	}
	if err := t.end(); err != nil {
		return err
	}
	if len(out.Faults) > 0 {
		c.printf("\n")
		t = newTable(c.stdout, "ROW", "LINE", "FAULT")
		for _, r := range out.Faults {
			t.row(grouped(r.Row), grouped(r.Line), faultsText(r.Faults))
		}
		if err := t.end(); err != nil {
			return err
		}
	}
	if len(out.Repairs) > 0 {
		c.printf("\n")
		t = newTable(c.stdout, "ROW", "SURE", "PROPOSED REPAIR")
		for _, r := range out.Repairs {
			t.row(grouped(r.Row), percent(r.Confidence), r.Explanation)
		}
		if err := t.end(); err != nil {
			return err
		}
	}
	if rep.Rows == 0 {
		c.note("There is a header and no row under it.")
	}
	c.noteByName(rep)
	for _, w := range rep.Mapping.Warnings {
		c.note("Mind: %s.", headerSentence(w))
	}
	c.noteDates(rep)
	c.noteEncoding(rep)
	if more := rep.Rejected - len(out.Faults); more > 0 {
		c.note("%s more are not listed.", counted(more, "rejected row"))
	}
	return nil
}

// dateFlags are the values of --dates.
var dateFlags = map[contacts.DateFormat]string{contacts.DateMDY: "mdy", contacts.DateDMY: "dmy", contacts.DateYMD: "ymd"}

// noteDates tells of columns whose dates can be read in several ways, or tell
// another format than the declared one.
func (c *call) noteDates(rep *extcontacts.ImportReport) {
	for _, d := range rep.Dates {
		if f, ok := d.Suggest(); ok {
			c.note("Mind: the dates of column %s are written as %s, and were read as %s: --dates %s reads them right.", quote(d.Column), f, d.Declared, dateFlags[f])
		} else if d.Ambiguous() {
			c.note("Mind: the dates of column %s could be %s or %s; they were read as %s. --dates declares another format.", quote(d.Column), d.Fits[0], d.Fits[1], d.Declared)
		}
	}
}

func delimiterName(b byte) string {
	switch b {
	case ',':
		return "comma"
	case ';':
		return "semicolon"
	case '\t':
		return "tab"
	case '|':
		return "bar"
	}
	return string(rune(b))
}
