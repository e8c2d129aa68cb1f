package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/csvio"
)

var datesFlag = flagDef{name: "dates", arg: "FORMAT", help: "how the file writes dates: mdy (default), dmy or ymd"}

func importCommand() *command {
	in := &input{}
	return &command{name: "import", operands: "FILE", does: "Imports a CSV file; - reads standard input", min: 1, max: 1,
		more: `
Rows that are right go in; rows that are not are written with the reason to an
error file: mend it and import it. Without --errors that is FILE.errors.csv
beside FILE, made only if a row is rejected; a file that is there already is
never written over, FILE.errors.2.csv and so on is taken then. Rows of standard
input are only kept with --errors. A file that --errors names is written over.

A row is about the contact with the same external id, or the same phone, email
or WhatsApp number and no other name. A row with none of these is about the
contact of the same name and company that has none either, if it overwrites
nothing there; how many were joined by their name alone is told.

FIELD in --map is a name as contactbook schema lists them (phones.work), a
header of the template, primary_phone, primary_email or external_ids.SOURCE.`,
		flags: append([]flagDef{
			{name: "mode", arg: "MODE", help: "upsert (default), create or update"},
			{name: "match", arg: "KEYS", help: "what finds the contact of a row, in order: phone, email, whatsapp, name, external:SOURCE, custom:KEY"},
			{name: "lists", arg: "RULES", help: "how phones, emails, socials and labels join those of a contact: union (default), append or replace; or for each, as phones=replace,labels=append"},
			{name: "dry-run", help: "only say what would be done, cell by cell"},
			{name: "plan", arg: "F", help: "with --dry-run: write all that would be done to this CSV file"},
			{name: "errors", arg: "F", help: "the file for rejected rows"},
			mapFlag, datesFlag,
			{name: "repair", help: "mend damaged rows where the repair is sure by 80 % and more, such as one that a comma has shifted"},
			{name: "resume", help: "go on with an import of this file that was interrupted"},
		}, slices.Concat(mapFlags, dialectFlags)...), needs: creating, before: in.open, run: in.run}
}

// input is the file of an import, opened before the book is.
type input struct {
	name string
	r    *bufio.Reader
	log  *outFile
	size int64
	o    extcontacts.ImportOptions
}

// open opens the file and, where there is no book yet, tries its beginning on
// one in memory, so that an import that cannot be leaves no empty book behind.
func (in *input) open(ctx context.Context, c *call, fresh bool) (func(), error) {
	var err error
	if in.o, err = importOptions(c); err != nil {
		return nil, err
	}
	in.name = c.args[0]
	f, err := c.openInput(in.name)
	if err != nil {
		return nil, err
	}
	if file, ok := f.(*os.File); ok {
		if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
			in.size = info.Size()
		}
	}
	in.r = bufio.NewReaderSize(f, csvio.HeadSize)
	if fresh {
		book, err := extcontacts.Open(ctx, memoryStore(), extcontacts.Options{Workspace: c.workspace, Parse: c.parse})
		if err == nil {
			err = in.rehearse(ctx, book.As(contacts.Actor{ID: contacts.ID(c.actor)}))
		}
		if err != nil {
			return nil, errors.Join(about(fileTitle(in.name), err), f.Close())
		}
	}
	if in.log, err = errorFile(c, in.name); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() { _ = f.Close() }, nil
}

// fileTitle names an input in a message.
func fileTitle(name string) string {
	if name == "-" {
		return "standard input"
	}
	return quote(name)
}

// rehearse finds out from the beginning of the file whether it can be imported
// at all.
func (in *input) rehearse(ctx context.Context, s *extcontacts.Session) error {
	head, err := in.r.Peek(csvio.HeadSize)
	if err != nil && !errors.Is(err, io.EOF) {
		return cause(err)
	}
	rep, err := s.Check(ctx, bytes.NewReader(head), in.o)
	if err != nil {
		return err
	}
	return mapped(rep)
}

// importOptions reads the flags that import and check share.
func importOptions(c *call) (extcontacts.ImportOptions, error) {
	o := extcontacts.ImportOptions{DryRun: c.flags.has("dry-run"), Resume: c.flags.has("resume")}
	if c.flags.has("repair") {
		o.Repair = sureRepair
	}
	var err error
	if o.Mode, err = extcontacts.ParseImportMode(c.flags.text("mode")); err != nil {
		return o, usagef("--mode is create, update or upsert, not %s", quote(c.flags.text("mode")))
	}
	if s := c.flags.text("dates"); s != "" {
		if o.Dates, err = contacts.ParseDateFormat(s); err != nil {
			return o, usagef("--dates is mdy, dmy or ymd, not %s", quote(s))
		}
	}
	if o.Dialect, err = c.flags.dialect(); err != nil {
		return o, err
	}
	columns, err := c.flags.columnMeanings("FIELD")
	if err != nil {
		return o, err
	}
	for _, m := range columns {
		if o.Mapping == nil {
			o.Mapping = map[string]string{}
		}
		o.Mapping[m.column] = m.meaning
	}
	if name := c.flags.text("map-file"); name != "" {
		if err := readMapFile(name, &o); err != nil {
			return o, err
		}
	}
	if o.Lists, err = listRules(c.flags.text("lists")); err != nil {
		return o, err
	}
	for kind := range strings.SplitSeq(c.flags.text("match"), ",") {
		kind = strings.TrimSpace(kind)
		family, name, has := strings.Cut(kind, ":")
		switch {
		case kind == "":
			continue
		case kind == "phone" || kind == "email" || kind == "whatsapp" || kind == "name":
			o.Match = append(o.Match, contacts.KeyKind(kind))
		case family == "external" && has && name != "":
			o.Match = append(o.Match, contacts.ExternalKey(name))
		case family == "custom" && has && name != "":
			o.Match = append(o.Match, contacts.CustomKey(name))
		default:
			return o, usagef("--match: unknown key %s; use phone, email, whatsapp, name, external:SOURCE or custom:KEY", quote(kind))
		}
	}
	return o, nil
}

// listRules reads --lists: one rule for all lists, or rules of single ones.
func listRules(text string) (rules extcontacts.ListRules, err error) {
	lists := map[string]*extcontacts.ListRule{"phones": &rules.Phones, "emails": &rules.Emails, "socials": &rules.Socials, "labels": &rules.Labels}
	given := map[string]bool{}
	for part := range strings.SplitSeq(text, ",") {
		name, word, named := strings.Cut(strings.TrimSpace(part), "=")
		if !named {
			name, word = "", name
		}
		rule, err := extcontacts.ParseListRule(word)
		if err != nil || named && (lists[name] == nil || word == "") || given[name] || !named && strings.Contains(text, ",") {
			return rules, usagef("--lists takes union, append or replace, or rules such as phones=replace,labels=append, not %s", excerpt(text))
		}
		given[name] = true
		for list, to := range lists {
			if list == name || !named {
				*to = rule
			}
		}
	}
	return rules, nil
}

// errorFile is the file for rejected rows, nil where there is to be none.
func errorFile(c *call, name string) (*outFile, error) {
	if path := c.flags.text("errors"); path != "" {
		if name != "-" && sameFile(path, name) {
			return nil, usagef("--errors %s is the file that is imported", quote(path))
		}
		if book, err := c.location(); err != nil || book != "" && sameFile(path, book) {
			return nil, errors.Join(err, usagef("--errors %s is the contact book", quote(path)))
		}
		if info, err := os.Stat(path); err == nil && info.IsDir() {
			return nil, failf("--errors: %s is a directory", quote(path))
		}
		if info, err := os.Stat(filepath.Dir(path)); err != nil || !info.IsDir() {
			return nil, failf("--errors: there is no directory %s", quote(filepath.Dir(path)))
		}
		if _, err := linked(path); err != nil {
			return nil, failf("--errors: %s cannot be written: %s", quote(path), cause(err))
		}
		return &outFile{path: path}, nil
	}
	if name == "-" || c.flags.has("dry-run") {
		return nil, nil
	}
	// Somebody may be mending an earlier one: it is never written over.
	return &outFile{path: name + ".errors.csv", spare: func(i int) string { return fmt.Sprintf("%s.errors.%d.csv", name, i) }}, nil
}

// importReport is the report of an import in JSON.
type importReport struct {
	Rows       int         `json:"rows"`
	Created    int         `json:"created"`
	Updated    int         `json:"updated"`
	Unchanged  int         `json:"unchanged"`
	Skipped    int         `json:"skipped"`
	Rejected   int         `json:"rejected"`
	Act        contacts.ID `json:"act"`
	ErrorsFile string      `json:"errors_file"`
	// Filled counts the new contacts whose last name was filled in.
	Filled int `json:"filled"`
	// ByName counts the rows that were joined by their name alone.
	ByName int `json:"by_name,omitzero"`
	// Rejections are the first rejected rows, up to [extcontacts.MaxRejections].
	Rejections []extcontacts.Rejection `json:"rejections"`
	// Plan is what a dry run would do with the first rows that do anything.
	Plan []extcontacts.RowResult `json:"plan,omitempty"`
	// Unread are the columns that are not read, and why.
	Unread []csvio.Column `json:"unread"`
}

func (in *input) run(ctx context.Context, c *call) error {
	if len(in.o.Mapping) > 0 {
		if err := in.rehearse(ctx, c.session); err != nil {
			return about(fileTitle(in.name), err)
		}
	}
	in.o.Source = filepath.Base(in.name)
	if in.log != nil {
		in.o.ErrorLog = in.log
		defer in.log.drop()
	}
	p, err := newPlan(c)
	if err != nil {
		return err
	}
	defer p.drop()
	if in.o.DryRun {
		in.o.Each = p.row
	}
	progress := c.bar()
	in.o.Observer, in.o.Size = progress, in.size
	rep, err := c.session.Import(ctx, in.r, in.o)
	progress.end()
	if err == nil {
		err = p.commit()
	}
	if err == nil {
		err = c.saveMap(rep, &in.o)
	}
	if err != nil {
		return in.stopped(rep, err)
	}
	ownHints(rep.Rejections)
	out := importReport{Rows: rep.Rows, Created: rep.Created, Updated: rep.Updated, Unchanged: rep.Unchanged,
		Skipped: rep.Skipped, Rejected: rep.Rejected, Act: rep.Act,
		Filled: rep.Filled, ByName: rep.ByName, Rejections: append([]extcontacts.Rejection{}, rep.Rejections...), Unread: unread(rep.Mapping), Plan: p.rows}
	if in.log != nil && in.log.used() {
		if err := in.log.commit(); err != nil {
			return err
		}
		out.ErrorsFile = in.log.path
	}
	if c.json {
		err = c.line(out)
	} else {
		c.printImport(rep, out.ErrorsFile)
		if in.o.DryRun {
			err = p.print(c)
		}
	}
	if err != nil {
		return err
	}
	c.noteImport(rep, out.ErrorsFile)
	if rep.Rejected > 0 {
		return errRejected
	}
	return nil
}

// unread are the columns that are not read though nobody asked for that.
func unread(m *csvio.Mapping) []csvio.Column {
	out := []csvio.Column{}
	for _, col := range m.Columns {
		if col.Status != csvio.Mapped && col.Status != csvio.Ignored {
			out = append(out, col)
		}
	}
	return out
}

// stopped says how an import that did not come to its end can go on.
func (in *input) stopped(rep *extcontacts.ImportReport, err error) error {
	if isWrongUse(err) {
		return err
	}
	why := sentence(err)
	if rep == nil || rep.Act.IsZero() {
		return about(fileTitle(in.name), failf("%s; nothing was imported", why))
	}
	var code *extcontacts.CodeError
	if errors.As(err, &code) {
		switch code.Code {
		case "file_changed":
			return about(fileTitle(in.name), failf("%s; nothing was imported now. The interrupted import is act %s, which undo takes back", why, rep.Act))
		case "import_elsewhere":
			return about(fileTitle(in.name), failf("%s", why))
		}
	}
	return failf("%s: %s; the first %s are done: import the file again with --resume to go on", fileTitle(in.name), why, counted(rep.Rows, "row"))
}

// printImport prints the report for people.
func (c *call) printImport(rep *extcontacts.ImportReport, errorsFile string) {
	s := sheet{wide: 11}
	for _, l := range []struct {
		name string
		n    int
	}{{"rows", rep.Rows}, {"created", rep.Created}, {"updated", rep.Updated}, {"unchanged", rep.Unchanged},
		{"skipped", rep.Skipped}, {"rejected", rep.Rejected}} {
		s.line(l.name, grouped(l.n))
	}
	s.line("act", string(rep.Act))
	s.line("errors file", errorsFile)
	c.printf("%s", s.b.String())
}

// shownRejections is how many rejected rows are told on standard error.
const shownRejections = 10

// sureRepair is how sure a repair must be to be made by --repair.
const sureRepair = 0.8

// noteByName tells how many rows were taken for a contact, or for an earlier
// row, by nothing but the name.
func (c *call) noteByName(rep *extcontacts.ImportReport) {
	if rep.ByName > 0 {
		c.note("%s without phone, email, WhatsApp number or external id joined by name and company alone.", counted(rep.ByName, "row"))
	}
}

// noteEncoding says which encoding a file seems to be in that is no UTF-8.
func (c *call) noteEncoding(rep *extcontacts.ImportReport) {
	if ev := rep.Evidence; !ev.UTF8 && ev.Suggest != csvio.EncodingAuto {
		c.note("%s", encodingSentence(ev))
	}
}

func encodingSentence(ev csvio.Evidence) string {
	return fmt.Sprintf("The file is not in UTF-8; it looks like %s: --encoding %s reads it so.", ev.Suggest, ev.Suggest)
}

// noteImport tells what a person should know of an import.
func (c *call) noteImport(rep *extcontacts.ImportReport, errorsFile string) {
	switch {
	case rep.Resumed > 0:
		c.note("Went on behind the first %s.", counted(rep.Resumed, "row"))
	case c.flags.has("resume") && !c.flags.has("dry-run"):
		c.note("No interrupted import of a file of this name was found: it was imported from its beginning.")
	}
	if rep.Rows == 0 {
		c.note("There is a header and no row under it.")
	}
	c.noteByName(rep)
	if rep.Filled > 0 {
		c.note("%s without a last name got %q.", counted(rep.Filled, "new contact"), csvio.DefaultLastName)
	}
	if n := len(rep.Repaired); n > 0 {
		c.note("%s made; the first: row %d, %s.", counted(n, "repair"), rep.Repaired[0].Row, rep.Repaired[0].Explanation)
	}
	c.noteMapping(rep.Mapping)
	c.noteDates(rep)
	c.noteEncoding(rep)
	for i, r := range rep.Rejections {
		if i == shownRejections {
			c.note("... and %s more.", grouped(rep.Rejected-i))
			break
		}
		c.note("row %d, line %d: %s", r.Row, r.Line, faultsText(r.Faults))
	}
	switch {
	case rep.Rejected == 0:
	case c.flags.has("dry-run") && errorsFile == "":
		c.note("%s would be rejected; --errors F writes them to a file.", counted(rep.Rejected, "row"))
	case errorsFile == "":
		c.note("%s No error log was written: --errors F names one.", rep.Message())
	default:
		c.note("%s The error log is the new file %s: mend its rows and import it.", rep.Message(), quote(errorsFile))
	}
}

// shownColumns is how many columns that are not read are named.
const shownColumns = 10

// noteMapping tells which columns are not read.
func (c *call) noteMapping(m *csvio.Mapping) {
	var unknown []string
	for _, col := range m.Columns {
		if col.Status == csvio.Unknown && strings.TrimSpace(col.Header) != "" {
			unknown = append(unknown, quote(col.Header))
		}
	}
	if n := len(unknown); n > shownColumns {
		c.note("Not read, because they are not understood: %s and %d more; contactbook check lists them.", strings.Join(unknown[:shownColumns], ", "), n-shownColumns)
	} else if n > 0 {
		c.note("Not read, because they are not understood: %s.", strings.Join(unknown, ", "))
	}
	for _, w := range m.Warnings {
		c.note("Mind: %s.", headerSentence(w))
	}
}

// ownHints gives rejected rows the hints of this command.
func ownHints(rows []extcontacts.Rejection) {
	for _, r := range rows {
		for _, f := range r.Faults {
			f.Hint = hintFor(f.Code, f.Hint)
		}
	}
}

// faultsText is what is wrong with a row, in one line, each hint once.
func faultsText(faults []*csvio.Fault) string {
	var parts []string
	told := map[string]bool{}
	for _, f := range faults {
		if f.Warning {
			continue
		}
		once := *f
		if told[f.Hint] {
			once.Hint = ""
		}
		told[f.Hint] = true
		parts = append(parts, plain(once.Message()))
	}
	return strings.Join(parts, "; ")
}
