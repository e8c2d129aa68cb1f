package main

import (
	"context"
	"errors"
	"io"
	"iter"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/csvio"
	"github.com/extcontacts/extcontacts/merge"
)

func dedupeCommand() *command {
	return &command{name: "dedupe", operands: "FILE [FILE]", does: "Finds duplicates in one or two files, before any import; - reads standard input; no contact book is needed", min: 1, max: 2, needs: noBook,
		more: "Kinds: " + kindNames() + `.
Without --map the header tells the kinds, as in an import. Records are named by
their row, or by the --id column; with two files the file's name stands in
front. Damaged rows are left out and told, the exit code is 3 then.
What names a book (--db, --workspace, --actor) says nothing here.`,
		flags: append([]flagDef{
			{name: "map", arg: "COLUMN=KIND,...", many: true, help: "what the columns hold; others are not compared; may be given more than once"},
			{name: "id", arg: "COLUMN", help: "the column that names the records"},
			{name: "link", help: "compare records of different files only"},
		}, dialectFlags...), run: runDedupe}
}

type clusterJSON struct {
	ID      contacts.ID `json:"id"`
	Cluster int         `json:"cluster"`
}

// dedupeInput reads the files.
type dedupeInput struct {
	*call
	kinds   []columnKind
	dialect csvio.Dialect
	damaged int // rows left out so far
}

func runDedupe(ctx context.Context, c *call) error {
	link := c.flags.has("link")
	if link && len(c.args) < 2 {
		return usagef("--link compares two files: dedupe FILE FILE --link")
	}
	in := &dedupeInput{call: c}
	var err error
	if in.kinds, err = c.flags.kinds(); err != nil {
		return err
	}
	if in.dialect, err = c.flags.dialect(); err != nil {
		return err
	}
	if len(c.args) == 2 && (c.args[0] != "-" || c.args[1] != "-") && sameFile(c.args[0], c.args[1]) {
		return usagef("dedupe compares a file with another, not with itself: %s", quote(c.args[0]))
	}
	records := func(yield func(merge.Record, error) bool) {
		seen := map[contacts.ID]bool{}
		for i, name := range c.args {
			source := ""
			if len(c.args) == 2 {
				if source = filepath.Base(name); i == 1 && source == filepath.Base(c.args[0]) {
					source = name
				}
			}
			for rec, err := range in.fileRecords(ctx, name, source) {
				if err == nil && seen[rec.ID] {
					err = failf("%s: two records are named %s; --id must be a column without repeats", fileTitle(name), quote(string(rec.ID)))
				}
				seen[rec.ID] = true
				if !yield(rec, err) || err != nil {
					return
				}
			}
		}
	}
	found, err := merge.FindRecords(records, merge.FindOptions{Across: link})
	if err != nil {
		return err
	}
	clusters := found.Clusters()
	if c.json {
		for p := range found.Pairs() {
			p.Reasons = append([]merge.Reason{}, p.Reasons...)
			if err := c.line(p); err != nil {
				return err
			}
		}
		for i, members := range clusters {
			for _, id := range members {
				if err := c.line(clusterJSON{id, i + 1}); err != nil {
					return err
				}
			}
		}
		return in.end()
	}
	t := newTable(c.stdout, "SCORE", "VERDICT", "A", "B", "WHY")
	pairs := 0
	for p := range found.Pairs() {
		pairs++
		t.row(percent(p.Score), p.Verdict.String(), string(p.A), string(p.B), pairReasons(p))
	}
	if err := t.end(); err != nil {
		return err
	}
	if len(clusters) > 0 {
		c.printf("\n")
	}
	t = newTable(c.stdout, "CLUSTER", "RECORDS")
	for i, members := range clusters {
		names := make([]string, len(members))
		for j, id := range members {
			names[j] = string(id)
		}
		t.row(strconv.Itoa(i+1), strings.Join(names, ", "))
	}
	if err := t.end(); err != nil {
		return err
	}
	c.note("%s, %s.", counted(pairs, "pair"), counted(len(clusters), "cluster"))
	return in.end()
}

// end is the result: rows that were left out were not compared.
func (in *dedupeInput) end() error {
	if in.damaged > 0 {
		return errRejected
	}
	return nil
}

// columnKind says what a column holds.
type columnKind struct {
	column string
	kind   merge.Kind
}

// kinds reads --map, here COLUMN=KIND,….
func (f flags) kinds() ([]columnKind, error) {
	given, err := f.columnMeanings("KIND")
	if err != nil {
		return nil, err
	}
	var out []columnKind
	for _, g := range given {
		kind, err := merge.ParseKind(g.meaning)
		if err != nil {
			return nil, usagef("--map: unknown kind %s; one of %s", excerpt(g.meaning), kindNames())
		}
		out = append(out, columnKind{g.column, kind})
	}
	return out, nil
}

func kindNames() string {
	var names []string
	for _, k := range merge.Kinds() {
		names = append(names, string(k))
	}
	return strings.Join(names, ", ")
}

// damagedRows is how many of a file's damaged rows are named one by one.
const damagedRows = 10

// fileRecords reads a file as records to be compared. A record that is damaged
// is left out with a message.
func (in *dedupeInput) fileRecords(ctx context.Context, name, source string) iter.Seq2[merge.Record, error] {
	return func(yield func(merge.Record, error) bool) {
		f, err := in.openInput(name)
		if err != nil {
			yield(merge.Record{}, err)
			return
		}
		defer f.Close()
		sc := csvio.NewScanner(f, csvio.ScannerOptions{Dialect: in.dialect})
		plan, id, err := in.columnsOf(sc)
		if err != nil {
			yield(merge.Record{}, about(fileTitle(name), err))
			return
		}
		damaged := 0
		for sc.Scan() {
			if err := ctx.Err(); err != nil {
				yield(merge.Record{}, err)
				return
			}
			row := sc.Record()
			if f := row.Fault(); f != nil {
				if damaged++; damaged <= damagedRows {
					in.note("%s, %s", fileTitle(name), sentence(f))
				}
				continue
			}
			rec := merge.Record{ID: contacts.ID(strconv.Itoa(row.Row())), Source: source, Values: map[merge.Kind][]string{}}
			if id >= 0 {
				rec.ID = ""
				if id < row.Len() {
					rec.ID = contacts.ID(strings.TrimSpace(string(row.Cell(id))))
				}
				if rec.ID == "" {
					yield(rec, failf("%s: row %d has no id", fileTitle(name), row.Row()))
					return
				}
			}
			if source != "" {
				rec.ID = contacts.ID(source) + ":" + rec.ID
			}
			for i, kind := range plan {
				if i >= row.Len() || kind == "" {
					continue
				}
				for v := range cellValues(kind, string(row.Cell(i))) {
					rec.Values[kind] = append(rec.Values[kind], in.readValue(kind, v))
				}
			}
			if !yield(rec, nil) {
				return
			}
		}
		in.damaged += damaged
		if damaged > 0 {
			in.note("%s: %s left out.", fileTitle(name), counted(damaged, "damaged row"))
			if ev := sc.Evidence(); !ev.UTF8 && ev.Suggest != csvio.EncodingAuto {
				in.note("%s", encodingSentence(ev))
			}
		}
		if err := sc.Err(); err != nil && err != io.EOF {
			yield(merge.Record{}, about(fileTitle(name), err))
		}
	}
}

// cellValues are the values of a cell: several phone numbers or addresses may
// stand in one, as Google Contacts writes them.
func cellValues(kind merge.Kind, cell string) iter.Seq[string] {
	return func(yield func(string) bool) {
		sep := "\x00"
		if kind == merge.Phone || kind == merge.Email {
			sep = " ::: "
		}
		for v := range strings.SplitSeq(cell, sep) {
			if v = csvio.UnescapeFormula(strings.TrimSpace(v)); v != "" && !yield(v) {
				return
			}
		}
	}
}

// readValue brings a date in the format of the template and a phone number of
// the region into the form of a record; any other text is compared as it is.
func (in *dedupeInput) readValue(kind merge.Kind, v string) string {
	switch kind {
	case merge.Date:
		if d, err := contacts.DateMDY.Parse(v); err == nil {
			return d.String()
		}
	case merge.Phone:
		if p, err := in.parse.ParsePhone(v); err == nil {
			return p.Number()
		}
	}
	return v
}

// columnsOf reads the header: the kind of each column, empty for those that
// are not compared, and the column of the ids, -1 where rows are counted.
func (in *dedupeInput) columnsOf(sc *csvio.Scanner) ([]merge.Kind, int, error) {
	if len(in.kinds) == 0 {
		return in.understood(sc)
	}
	first := sc.Scan()
	if first && sc.Evidence().SepLine {
		first = sc.Scan()
	}
	if !first {
		if err := sc.Err(); err != nil {
			return nil, 0, err
		}
		return nil, 0, &csvio.HeaderError{Code: csvio.CodeEmptyFile}
	}
	if fault := sc.Record().Fault(); fault != nil {
		return nil, 0, fault
	}
	header := sc.Record().Strings(nil)
	sc.CountRows()
	id, err := in.idColumn(header)
	if err != nil {
		return nil, 0, err
	}
	plan := make([]merge.Kind, len(header))
	for _, g := range in.kinds {
		i := findColumn(header, g.column)
		if i < 0 {
			return nil, 0, usagef("--map: the file has no column %s", quote(g.column))
		}
		plan[i] = g.kind
	}
	return plan, id, nil
}

// understood reads the header as an import does.
func (in *dedupeInput) understood(sc *csvio.Scanner) ([]merge.Kind, int, error) {
	head, err := csvio.ReadHeader(sc, nil, nil)
	var unknown *csvio.HeaderError
	switch {
	case errors.As(err, &unknown) && unknown.Code == csvio.CodeNoKnownColumn:
		return nil, 0, usagef("no column of its header is understood; say what they hold with --map COLUMN=KIND,...")
	case err != nil:
		return nil, 0, err
	}
	header := head.Record.Strings(nil)
	id, err := in.idColumn(header)
	if err != nil {
		return nil, 0, err
	}
	plan := make([]merge.Kind, len(header))
	any := false
	for i, col := range head.Mapping.Columns {
		if i == id || col.Status != csvio.Mapped {
			continue
		}
		plan[i] = kindOf(col, head.Mapping)
		any = any || plan[i] != ""
	}
	if !any {
		return nil, 0, usagef("no column holds anything to compare; say what they hold with --map COLUMN=KIND,...")
	}
	return plan, id, nil
}

// idColumn is the column that --id names, -1 where it names none.
func (in *dedupeInput) idColumn(header []string) (int, error) {
	name := in.flags.text("id")
	if name == "" {
		return -1, nil
	}
	i := findColumn(header, name)
	if i < 0 {
		return -1, usagef("--id: the file has no column %s", quote(name))
	}
	return i, nil
}

// findColumn finds a column by its header, -1 where there is none.
func findColumn(header []string, name string) int {
	if i := slices.IndexFunc(header, func(h string) bool { return strings.TrimSpace(h) == name }); i >= 0 {
		return i
	}
	return slices.IndexFunc(header, func(h string) bool { return squash(h) == squash(name) && squash(name) != "" })
}

// kindOf is the kind of a column's values.
func kindOf(col csvio.Column, m *csvio.Mapping) merge.Kind {
	switch col.Field {
	case "first_name":
		return merge.Given
	case "last_name":
		if col.How == csvio.ByDialect && !m.Has("first_name") {
			return merge.Name // a column for the whole name
		}
		return merge.Family
	case "birthdate":
		if col.How == csvio.ByCompanion {
			return "" // a day, month or year alone
		}
		return merge.Date
	case "address.street":
		return merge.Street
	case "address.city":
		return merge.City
	case "address.state":
		return merge.Region
	case "address.zip_code":
		return merge.Postcode
	case "address.country":
		return merge.Country
	case "company":
		return merge.Company
	case "job_title":
		return merge.Title
	case "socials.whatsapp", "primary_phone":
		return merge.Phone
	case "primary_email":
		return merge.Email
	}
	switch list, _, _ := strings.Cut(col.Field, "."); list {
	case "phones":
		return merge.Phone
	case "emails":
		return merge.Email
	case "external_ids":
		return merge.Identifier
	}
	return ""
}
