package booktest

import (
	"bytes"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/contacts/phoneplan"
	"github.com/extcontacts/extcontacts/csvio"
	"github.com/extcontacts/extcontacts/search"
)

func incidentTests() []bookTest {
	return []bookTest{{"ImportIncidents", testImportIncidents}, {"MergeIncidents", testMergeIncidents}}
}

// testImportIncidents are faults that importers and exporters of other
// programs were reported for, each with what is promised here.
func testImportIncidents(k *kit) {
	for _, in := range []struct {
		name string
		run  func(*kit)
	}{
		{"I01 rows repeat a phone", incidentRepeatedPhone},
		{"I02 imported and not visible", incidentInvisible},
		{"I03 known headers become custom attributes", incidentHeaders},
		{"I06 names garble in a spreadsheet", incidentBOM},
		{"I07 one row stops the file", incidentOneRow},
		{"I09 dates are guessed", incidentDates},
		{"I10 years are lost", incidentYears},
		{"I25 an import that stops does not go on", incidentResume},
		{"I26 a refresh imports again", incidentRefresh},
		{"I27 a dead import is not seen", incidentDead},
		{"I29 importers block each other", incidentOrder},
		{"I30 check then insert", incidentCheckInsert},
		{"I31 rows with a phone alone are dropped", incidentPhoneOnly},
		{"I33 a leading umlaut is lost", incidentUmlaut},
		{"I34 Windows-1252 read as UTF-8", incidentEncoding},
		{"I35 a leading zero is lost", incidentLeadingZero},
		{"I37 a quote is reported at the end of the file", incidentQuote},
		{"I38 quotes inside a cell", incidentQuotes},
		{"I41 an export shows what is hidden", incidentHidden},
		{"I42 who may view may export", incidentExportRight},
		{"I45 a header reaches an internal field", incidentInternal},
		{"I49 names reach the database", incidentInjection},
		{"I50 formulas in other files", incidentFormula},
		{"I53 a packed file", incidentBomb},
	} {
		k.Run(in.name, func(t *testing.T) {
			k := &kit{T: t, ctx: k.ctx, st: k.st, clock: k.clock}
			k.book = k.open(extcontacts.Options{Workspace: in.name})
			k.s = k.as("agent-1")
			in.run(k)
			if !t.Failed() {
				k.verify()
			}
		})
	}
}

func incidentRepeatedPhone(k *kit) {
	k.book = k.open(extcontacts.Options{Workspace: "I01 unique", Unique: []contacts.KeyKind{contacts.PhoneKey}})
	k.s = k.as("agent-1")
	var file strings.Builder
	file.WriteString("First name,Last name,Mobile\n")
	for i := range 25 {
		fmt.Fprintf(&file, "P%d,Lee,+8529000000%d\n", i, i%10)
	}
	for i := range 2 {
		var log bytes.Buffer
		rep := k.importCSV(file.String(), extcontacts.ImportOptions{ErrorLog: &log})
		if i == 0 {
			k.counts(rep, 10, 0, 0, 0, 15)
		} else {
			k.counts(rep, 0, 0, 10, 0, 15)
		}
		rows := k.readPlainLog(log.String())
		if len(rows) != 15 || rows[0]["_row"] != "11" || rows[0]["_code"] != "value_taken" {
			k.Errorf("error log %v", rows)
		}
	}
	if n := k.count(""); n != 10 {
		k.Errorf("%d live contacts", n)
	}
}

// readPlainLog reads an error log, each row by its headers.
func (k *kit) readPlainLog(text string) (rows []map[string]string) {
	k.Helper()
	var header []string
	sc := csvio.NewScanner(strings.NewReader(text), csvio.ScannerOptions{})
	for sc.Scan() {
		cells := sc.Record().Strings(nil)
		if header == nil {
			header = cells
			continue
		}
		m := map[string]string{}
		for i, h := range header {
			m[h] = cells[i]
		}
		rows = append(rows, m)
	}
	k.must(sc.Err())
	return rows
}

func incidentInvisible(k *kit) {
	var file strings.Builder
	file.WriteString("First name,Company,Hobby\n")
	for i := range 120 {
		fmt.Fprintf(&file, "P%d,Acme,chess\n", i)
	}
	rep := k.importCSV(file.String(), extcontacts.ImportOptions{})
	if n := k.count(""); rep.Created != n || n != 120 {
		k.Errorf("%d created, %d to be seen", rep.Created, n)
	}
	if c := rep.Mapping.Columns[2]; c.Status != csvio.Unknown || c.Reason == "" {
		k.Errorf("the unknown column: %+v", c)
	}
}

func incidentHeaders(k *kit) {
	rep := k.importCSV("\ufeffid, NAME ,identifier,E-Mail,phone_number\n7,Ann Lee,x,ann@example.com,+85291234567\n", extcontacts.ImportOptions{})
	k.counts(rep, 1, 0, 0, 0, 0)
	for c, err := range k.s.Search(k.ctx, "") {
		k.must(err)
		if c.FullName() != "Ann Lee" || c.ExternalIDs["chatwoot"] != "x" || len(c.Phones) != 1 || len(c.Emails) != 1 || len(c.Custom) != 0 || c.ID == "7" {
			k.Errorf("contact %+v", c)
		}
	}
	if c := rep.Mapping.Columns[0]; c.Status != csvio.Protected || c.Reason == "" {
		k.Errorf("column %+v", c)
	}
}

func incidentBOM(k *kit) {
	k.importCSV("First name,Last name\n陳,大文\nمحمد,علي\n", extcontacts.ImportOptions{})
	var out bytes.Buffer
	_, err := k.s.Export(k.ctx, &out, extcontacts.ExportOptions{Excel: true})
	k.must(err)
	if !strings.HasPrefix(out.String(), "\ufeffFirst name,") || strings.Count(out.String(), "\ufeff") != 1 {
		k.Errorf("the export begins %.40q", out.String())
	}
	k.counts(k.importCSV(out.String(), extcontacts.ImportOptions{}), 0, 0, 2, 0, 0)
}

func incidentOneRow(k *kit) {
	var log bytes.Buffer
	rep := k.importCSV("Last name,Email\nLee,ann@example.com\nRay,bla.bla.@example.com\nPoe,cleo@example.com\n", extcontacts.ImportOptions{ErrorLog: &log})
	k.counts(rep, 2, 0, 0, 0, 1)
	f := rep.Rejections[0].Faults[0]
	if f.Row != 2 || f.Column != "Email" || f.Value != "bla.bla.@example.com" || f.Code == "" || f.Hint == "" {
		k.Errorf("fault %+v", f)
	}
	if r := k.readPlainLog(log.String())[0]; r["_row"] != "2" || r["_column"] != "Email" || r["Email"] != "bla.bla.@example.com" || r["_reason"] == "" {
		k.Errorf("error log %v", r)
	}
}

func incidentDates(k *kit) {
	file := "Last name,Birthdate\nLee,12/3/2021\nRay,25/12/2021\n"
	rep := k.importCSV(file, extcontacts.ImportOptions{})
	k.counts(rep, 1, 0, 0, 0, 1)
	if h := rep.Rejections[0].Faults[0].Hint; !strings.Contains(h, "DD/MM/YYYY") {
		k.Errorf("the hint %q does not name the other format", h)
	}
	if n := k.count("birthdate=2021-12-03"); n != 1 {
		k.Error("12/3/2021 is not December 3")
	}
	s := k.open(extcontacts.Options{Workspace: "I09 dmy"}).As(contacts.Actor{ID: "agent-1"})
	_, err := s.Import(k.ctx, strings.NewReader(file), extcontacts.ImportOptions{Dates: contacts.DateDMY})
	k.must(err)
	if n, err := s.Count(k.ctx, "birthdate=2021-03-12 OR birthdate=2021-12-25"); err != nil || n != 2 {
		k.Errorf("%d days of a declared format, %v", n, err)
	}
	// One file's format goes before the book's, the book of days first too, and the error log keeps it.
	s = k.open(extcontacts.Options{Workspace: "I09 mdy", Parse: contacts.ParseOptions{Dates: contacts.DateDMY}}).As(contacts.Actor{ID: "agent-1"})
	var log bytes.Buffer
	_, err = s.Import(k.ctx, strings.NewReader(file), extcontacts.ImportOptions{Dates: contacts.DateMDY, ErrorLog: &log})
	k.must(err)
	_, err = s.Import(k.ctx, strings.NewReader(strings.Replace(log.String(), "25/12/2021", "12/5/2021", 1)), extcontacts.ImportOptions{})
	k.must(err)
	if n, err := s.Count(k.ctx, "birthdate=2021-12-03 OR birthdate=2021-12-05"); err != nil || n != 2 {
		k.Errorf("%d days of MM/DD/YYYY in a book of DD/MM/YYYY, %v", n, err)
	}
}

func incidentYears(k *kit) {
	k.counts(k.importCSV("Last name,Birthdate\nLee,1/1/2025\nRay,1/1\n", extcontacts.ImportOptions{}), 2, 0, 0, 0, 0)
	for c, err := range k.s.Search(k.ctx, "") {
		k.must(err)
		if want := map[string]string{"Lee": "2025-01-01", "Ray": "--01-01"}[c.LastName]; c.Birthdate.String() != want {
			k.Errorf("%s was born %s", c.LastName, c.Birthdate)
		}
	}
}

// plainFile has n rows, each of a person of its own.
func plainFile(n int) string {
	var b strings.Builder
	b.WriteString("First name,Last name,Mobile\n")
	for i := range n {
		fmt.Fprintf(&b, "P%d,Lee,+8529%07d\n", i, i)
	}
	return b.String()
}

func incidentResume(k *kit) {
	file := plainFile(40)
	o := extcontacts.ImportOptions{Source: "f.csv", BatchRows: 10}
	_, err := k.s.Import(k.ctx, &failAfter{strings.NewReader(file), len(file) * 3 / 4}, o)
	if err == nil {
		k.Fatal("the reader did not fail")
	}
	o.Resume = true
	k.counts(k.importCSV(file, o), 40, 0, 0, 0, 0)
	if n := k.count(""); n != 40 {
		k.Errorf("%d contacts", n)
	}
}

func incidentRefresh(k *kit) {
	k.counts(k.importCSV(plainFile(30), extcontacts.ImportOptions{}), 30, 0, 0, 0, 0)
	rep := k.importCSV(plainFile(30), extcontacts.ImportOptions{})
	k.counts(rep, 0, 0, 30, 0, 0)
	if acts, err := k.s.Acts(k.ctx, 0, 10); err != nil || len(acts) != 1 || rep.Act != "" {
		k.Errorf("%d acts, %v", len(acts), err)
	}
}

func incidentDead(k *kit) {
	file := plainFile(40)
	_, err := k.s.Import(k.ctx, &failAfter{strings.NewReader(file), len(file) / 2}, extcontacts.ImportOptions{Source: "f.csv", BatchRows: 5})
	if err == nil || !strings.Contains(err.Error(), "after row") {
		k.Errorf("error %v", err)
	}
	acts, err := k.s.Acts(k.ctx, 0, 10)
	k.must(err)
	if len(acts) != 1 || acts[0].Counts.Rows == 0 || acts[0].Counts.Rows == 40 || acts[0].Counts.Created != k.count("") {
		k.Errorf("what was done is not seen: %+v", acts)
	}
}

func incidentOrder(k *kit) {
	lines := strings.SplitAfter(strings.TrimSuffix(plainFile(60), "\n"), "\n")
	lines[len(lines)-1] += "\n"
	back := slices.Clone(lines)
	slices.Reverse(back[1:])
	for i, line := range back[1:] {
		back[i+1] = strings.TrimSuffix(line, "\n") + ",x@example.com\n"
	}
	back[0] = "First name,Last name,Mobile,Email\n"
	k.counts(k.importCSV(strings.Join(lines, ""), extcontacts.ImportOptions{}), 60, 0, 0, 0, 0)
	var wg sync.WaitGroup
	var errs [2]error
	for i, file := range []string{strings.Join(lines, ""), strings.Join(back, "")} {
		wg.Go(func() {
			o := extcontacts.ImportOptions{BatchRows: 7, Match: []contacts.KeyKind{contacts.PhoneKey}}
			_, errs[i] = k.s.Import(k.ctx, strings.NewReader(file), o)
		})
	}
	wg.Wait()
	k.must(errors.Join(errs[:]...))
	if n, m := k.count(""), k.count("email:x@example.com"); n != 60 || m != 60 {
		k.Errorf("%d contacts, %d with the address", n, m)
	}
}

func incidentCheckInsert(k *kit) {
	k.book = k.open(extcontacts.Options{Workspace: "I30 unique", Unique: []contacts.KeyKind{contacts.PhoneKey}})
	k.s = k.as("agent-1")
	var wg sync.WaitGroup
	var reps [8]*extcontacts.ImportReport
	var errs [8]error
	for i := range 8 {
		wg.Go(func() {
			file := fmt.Sprintf("First name,Last name,Mobile\nP%d,Lee,+85291234567\n", i)
			reps[i], errs[i] = k.s.Import(k.ctx, strings.NewReader(file), extcontacts.ImportOptions{})
		})
	}
	wg.Wait()
	k.must(errors.Join(errs[:]...))
	created, rejected := 0, 0
	for _, rep := range reps {
		created, rejected = created+rep.Created, rejected+rep.Rejected
	}
	if created != 1 || rejected != 7 || k.count("") != 1 {
		k.Errorf("%d created, %d rejected, %d live", created, rejected, k.count(""))
	}
}

func incidentPhoneOnly(k *kit) {
	rep := k.importCSV("First name,Last name,Mobile,Email\n,,+85291234567,\n,,,ann@example.com\n,,,\nAnn,,,\n", extcontacts.ImportOptions{})
	k.counts(rep, 3, 0, 0, 1, 0)
	if rep.Filled != 3 || k.count("customer") != 3 {
		k.Errorf("%d filled in", rep.Filled)
	}
}

const latin1File = "First name,Last name,Email\n\xd6zil,M\xfcller,oe@example.com\n"

func incidentUmlaut(k *kit) {
	k.counts(k.importCSV(latin1File, extcontacts.ImportOptions{Dialect: csvio.Dialect{Encoding: csvio.Windows1252}}), 1, 0, 0, 0, 0)
	if n := k.count(`first_name=Özil last_name=Müller`); n != 1 {
		k.Error("the name is another one")
	}
}

func incidentEncoding(k *kit) {
	check, err := k.s.Check(k.ctx, strings.NewReader(latin1File+"Ann,Lee,ann@example.com\n"), extcontacts.ImportOptions{})
	k.must(err)
	k.counts(check, 1, 0, 0, 0, 1)
	f := check.Rejections[0].Faults[0]
	if f.Code != csvio.CodeInvalidUTF8 || f.Offset != int64(strings.IndexByte(latin1File, 0xd6)) {
		k.Errorf("fault %+v", f)
	}
	if check.Evidence.UTF8 || check.Evidence.Suggest != csvio.Windows1252 {
		k.Errorf("evidence %+v", check.Evidence)
	}
	k.importCSV(latin1File+"Ann,Lee,ann@example.com\n", extcontacts.ImportOptions{})
	for c, err := range k.s.Search(k.ctx, "") {
		k.must(err)
		if strings.ContainsRune(c.FullName(), '\ufffd') {
			k.Error("U+FFFD was stored")
		}
	}
}

func incidentLeadingZero(k *kit) {
	at := func(name string) *extcontacts.Session {
		b := k.open(extcontacts.Options{Workspace: name, Parse: contacts.ParseOptions{Plan: phoneplan.New(), Region: "JP"}})
		s := b.As(contacts.Actor{ID: "agent-1"})
		_, err := s.SetField(k.ctx, contacts.CustomField{Key: "local", Name: "Local", Kind: contacts.TextField})
		k.must(err)
		return s
	}
	s := at("I35 from")
	rep, err := s.Import(k.ctx, strings.NewReader("Last name,Mobile,ZipCode,Local\nLee,073 090 7665,00730,073 090 7665\n"), extcontacts.ImportOptions{})
	k.must(err)
	k.counts(rep, 1, 0, 0, 0, 0)
	var out bytes.Buffer
	_, err = s.Export(k.ctx, &out, extcontacts.ExportOptions{Excel: true})
	k.must(err)
	if !strings.Contains(out.String(), "'+81730907665") {
		k.Errorf("the number is not in its full form:\n%s", out.String())
	}
	to := at("I35 to")
	_, err = to.Import(k.ctx, &out, extcontacts.ImportOptions{})
	k.must(err)
	if a, b := k.values(s), k.values(to); !slices.Equal(a, b) {
		k.Errorf("%s\ncame back as\n%s", a, b)
	}
}

func incidentQuote(k *kit) {
	lines := strings.SplitAfter(plainFile(300), "\n")
	lines[151] = "\"P150,Lee,+85290000150\n"
	rep := k.importCSV(strings.Join(lines, ""), extcontacts.ImportOptions{})
	if rep.Rejected != 1 || rep.Created != 299 {
		k.Errorf("%+v, %q", rep.Counts, faults(rep))
	}
	if f := rep.Rejections[0].Faults[0]; f.Code != csvio.CodeUnclosedQuote || f.Line != 152 || f.Row != 151 {
		k.Errorf("fault %+v", f)
	}
}

func incidentQuotes(k *kit) {
	rep := k.importCSV("First name\tLast name\tCompany\nAnn\tLee\t\"Medaka Box\" Stray Bushiroad\nBob\tRay\tAcme\nCleo\tPoe\t\"Acme\"\n", extcontacts.ImportOptions{})
	k.counts(rep, 2, 0, 0, 0, 1)
	if f := rep.Rejections[0].Faults[0]; f.Row != 1 || f.Code != csvio.CodeTextAfterQuote {
		k.Errorf("fault %+v", f)
	}
}

func incidentHidden(k *kit) {
	k.book = k.open(extcontacts.Options{Workspace: "I41 policy", Policy: importers{}})
	k.s = k.as("agent-1")
	secret := person("Eve Poe", "+85291234567")
	secret.Group = "secret"
	secret = k.create(secret)
	k.create(person("Ann Lee"))
	guest := k.as("guest")
	var out bytes.Buffer
	n, err := guest.Export(k.ctx, &out, extcontacts.ExportOptions{})
	k.must(err)
	if n != 1 || strings.Contains(out.String(), "Poe") {
		k.Errorf("the guest exported\n%s", out.String())
	}
	out.Reset()
	_, err = guest.Export(k.ctx, &out, extcontacts.ExportOptions{IDs: []contacts.ID{secret.ID}})
	k.wantErr(err, extcontacts.ErrNotFound)
	if out.Len() > 0 {
		k.Errorf("written %q", out.String())
	}
}

// viewers may view and not export.
type viewers struct{}

func (viewers) Decide(a contacts.Actor, r contacts.Right, _ *contacts.Contact) contacts.Decision {
	if a.ID == "viewer" && r == contacts.RightExport {
		return contacts.Refuse("viewers_do_not_export")
	}
	return contacts.Allow()
}

func incidentExportRight(k *kit) {
	k.book = k.open(extcontacts.Options{Workspace: "I42 policy", Policy: viewers{}})
	k.s = k.as("agent-1")
	k.create(person("Ann Lee"))
	v := k.as("viewer")
	if n, err := v.Count(k.ctx, ""); n != 1 || err != nil {
		k.Errorf("the viewer sees %d, %v", n, err)
	}
	var out bytes.Buffer
	n, err := v.Export(k.ctx, &out, extcontacts.ExportOptions{})
	k.wantErr(err, extcontacts.ErrForbidden)
	if n != 0 || out.Len() > 0 {
		k.Errorf("%d exported: %q", n, out.String())
	}
}

func incidentInternal(k *kit) {
	ann := k.create(person("Ann Lee", "ann@example.com"))
	rep := k.importCSV("id,rev,owner,merged_into,created_at,custom.primary_email,Last name,Email\n"+string(ann.ID)+",99,me,x,2000-01-01,evil@example.com,Ray,bob@example.com\n", extcontacts.ImportOptions{})
	for _, c := range rep.Mapping.Columns[:6] {
		if c.Status == csvio.Mapped {
			k.Errorf("column %+v", c)
		}
	}
	for _, field := range []string{"rev", "id", "merged_into", "owner", "created_at", "phones", "verified", "custom.unknown"} {
		_, err := k.s.Import(k.ctx, strings.NewReader("Last name,X\nLee,1\n"), extcontacts.ImportOptions{Mapping: map[string]string{"X": field}})
		var e *csvio.HeaderError
		if !errors.As(err, &e) || e.Code != csvio.CodeUnknownField {
			k.Errorf("a mapping to %s: %v", field, err)
		}
	}
	if got := k.get(ann.ID); got.Rev != 1 || got.Emails[0].Email.Key() != "ann@example.com" {
		k.Errorf("Ann became %+v", got)
	}
}

func incidentInjection(k *kit) {
	k.create(person("Ann Lee"))
	const evil = `x'; DROP TABLE ec_contacts; --`
	var out bytes.Buffer
	_, err := k.s.Export(k.ctx, &out, extcontacts.ExportOptions{Columns: []string{evil}})
	var e *csvio.HeaderError
	if !errors.As(err, &e) || e.Code != csvio.CodeUnknownField {
		k.Errorf("columns: %v", err)
	}
	_, err = k.s.Export(k.ctx, &out, extcontacts.ExportOptions{IDs: []contacts.ID{evil}})
	k.wantErr(err, extcontacts.ErrNotFound)
	_, err = k.s.Export(k.ctx, &out, extcontacts.ExportOptions{Query: "sort:" + evil})
	var syntax *search.SyntaxError
	if !errors.As(err, &syntax) {
		k.Errorf("sort: %v", err)
	}
	if out.Len() > 0 {
		k.Errorf("written %q", out.String())
	}
	k.counts(k.importCSV("Last name,Company,External ID: crm\n\""+evil+"\",\""+evil+"\",\""+evil+"\"\n", extcontacts.ImportOptions{}), 1, 0, 0, 0, 0)
	n, err := k.s.Export(k.ctx, &out, extcontacts.ExportOptions{Query: `company="` + evil + `"`})
	k.must(err)
	if n != 1 || k.count("") != 2 {
		k.Errorf("%d exported of %d", n, k.count(""))
	}
}

func incidentFormula(k *kit) {
	_, err := k.s.SetField(k.ctx, contacts.CustomField{Key: "calc", Name: "=cmd|' /C calc'!A0", Kind: contacts.TextField})
	k.must(err)
	var out bytes.Buffer
	k.must(k.s.Template(k.ctx, &out))
	k.guarded(out.String(), 0)
	var log bytes.Buffer
	k.importCSV("Last name,Mobile,\"'=cmd|' /C calc'!A0\"\n\"\t=1+1\",=1+1,\" =2\"\n'@x,+85291234567,'-3\n", extcontacts.ImportOptions{ErrorLog: &log})
	for _, r := range k.readPlainLog(log.String()) {
		for _, own := range []string{"_row", "_code", "_column", "_reason"} {
			if strings.IndexAny(r[own], "=+-@\t") == 0 {
				k.Errorf("the log's own cell %s begins a formula: %q", own, r[own])
			}
		}
	}
	out.Reset()
	_, err = k.s.Export(k.ctx, &out, extcontacts.ExportOptions{})
	k.must(err)
	k.guarded(out.String(), 0)
	for c, err := range k.s.Search(k.ctx, "") {
		k.must(err)
		if c.LastName != "@x" || c.Custom["calc"].Text() != "-3" {
			k.Errorf("the guard was not taken off: %+v", c)
		}
	}
}

func incidentBomb(k *kit) {
	for name, file := range map[string]string{
		"zip": "PK\x03\x04\x14\x00\x00\x00\x08\x00\x00\x00\xff\xff\xff\xff\xff\xff\xff\x7f", "gzip": "\x1f\x8b\x08\x00\x00\x00\x00\x00",
		"zip64": "PK\x06\x06\xff\xff\xff\xff\xff\xff\xff\x7f", "old spreadsheet": "\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1",
	} {
		rep, err := k.s.Import(k.ctx, strings.NewReader(file+strings.Repeat("\x00", 4096)), extcontacts.ImportOptions{})
		if err == nil || rep != nil {
			k.Errorf("%s: %+v, %v", name, rep, err)
		}
	}
	if n := k.count(""); n != 0 {
		k.Errorf("%d contacts", n)
	}
}
