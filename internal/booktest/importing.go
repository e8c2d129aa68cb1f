package booktest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"
	"sync"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/csvio"
	"github.com/extcontacts/extcontacts/internal/gen"
)

const people = `First name,Last name,Mobile,Email,Job Title,Company,Contact Label
Ann,Lee,+85291234567,ann@example.com,"Head of Marketing, Asia Division",Acme,VIP; Newsletter
Bob,Ray,+85291234568,bob@example.com,CEO,Beta,
,,+85291234569,,,,
Cleo,Poe,+8521,cleo@example.com,CTO,Acme,
Dan,Kay,,dan@@example.com,CFO,Acme,
`

func testImport(k *kit) {
	rep := k.importCSV(people, extcontacts.ImportOptions{Source: "people.csv"})
	k.counts(rep, 3, 0, 0, 0, 2)
	if rep.Filled != 1 || rep.Act == "" {
		k.Errorf("report %+v", rep)
	}
	if got, want := faults(rep), []string{"row 4: phones.mobile phone_too_short", "row 5: emails.work email_bad_local"}; !slices.Equal(got, want) {
		k.Errorf("faults %q, want %q", got, want)
	}
	if r := rep.Rejections[0]; r.Row != 4 || r.Line != 5 || r.Faults[0].Column != "Mobile" {
		k.Errorf("rejection %+v", r)
	}
	if want := "There are 2 records that failed to import. Download the file with the error log."; !strings.HasPrefix(rep.Message(), want) {
		k.Errorf("message %q", rep.Message())
	}
	if n := k.count(`last_name=customer`); n != 1 {
		k.Errorf("%d contacts named customer", n)
	}
	if n := k.count(`job_title="Head of Marketing, Asia Division" label:newsletter`); n != 1 {
		k.Errorf("%d heads of marketing", n)
	}
	act, err := k.s.Act(k.ctx, rep.Act)
	k.must(err)
	if act.Kind != contacts.ActImport || act.Source != "people.csv" || act.Counts != rep.Counts || act.Actor != "agent-1" {
		k.Errorf("act %+v", act)
	}
	var header *csvio.HeaderError
	for name, file := range map[string]string{"empty": "", "no columns known": "x,y\n1,2\n"} {
		if _, err := k.s.Import(k.ctx, strings.NewReader(file), extcontacts.ImportOptions{}); !errors.As(err, &header) {
			k.Errorf("%s: %v", name, err)
		}
	}
	k.counts(k.importCSV("Last name\n", extcontacts.ImportOptions{}), 0, 0, 0, 0, 0)
	k.counts(k.importCSV("sep=;\nLast name;Team\nFoe;Sales\n", extcontacts.ImportOptions{}), 1, 0, 0, 0, 0)
	_, err = k.s.Import(k.ctx, strings.NewReader("Last name,\"Team\nFoe,Sales\n"), extcontacts.ImportOptions{})
	var damaged *csvio.RowError
	if !errors.As(err, &damaged) || damaged.Code != csvio.CodeUnclosedQuote {
		k.Errorf("a damaged header: %v", err)
	}
}

func testImportTwice(k *kit) {
	k.importCSV(people+"Eve,Nokeys,,,,,\nEve,Nokeys,,,,,\n", extcontacts.ImportOptions{})
	before := k.all()
	head := k.head()
	rep := k.importCSV(people+"Eve,Nokeys,,,,,\nEve,Nokeys,,,,,\n", extcontacts.ImportOptions{})
	k.counts(rep, 0, 0, 5, 0, 2)
	if rep.Act != "" || k.head() != head || len(k.all()) != len(before) {
		k.Error("the same file again wrote something")
	}
	// A file as they are: duplicates, faults, people who share a number.
	var file strings.Builder
	k.must(gen.Write(&file, nil, gen.Options{Rows: 1000, Seed: 7, Duplicates: 0.1, Faults: 0.02, Related: 0.05}))
	first := k.importCSV(file.String(), extcontacts.ImportOptions{BatchRows: 400})
	head = k.head()
	rep = k.importCSV(file.String(), extcontacts.ImportOptions{BatchRows: 333})
	if rep.Created+rep.Updated+rep.Skipped != 0 || rep.Rejected != first.Rejected || k.head() != head {
		k.Errorf("the file again: %+v, first %+v", rep.Counts, first.Counts)
	}
	// One person twice: another spelling changes nothing, what was left open is
	// added, and what contradicts the first row is told.
	twice := "First name,Last name,Mobile,Job Title\nZoe,Wat,+85291234599,CEO\nZOE,WAT,+85291234599,\nZoe,Wat,+85291234599,CTO\n"
	rep = k.importCSV(twice, extcontacts.ImportOptions{BatchRows: 2})
	k.counts(rep, 1, 0, 1, 0, 1)
	if f := rep.Rejections[0].Faults[0]; f.Code != "contradicts_row" || f.Field != "job_title" || !strings.Contains(f.Hint, "row 1 ") {
		k.Errorf("fault %+v", f)
	}
	head = k.head()
	rep = k.importCSV(twice, extcontacts.ImportOptions{})
	k.counts(rep, 0, 0, 2, 0, 1)
	if rep.Act != "" || k.head() != head {
		k.Error("the same file again wrote something")
	}
	if n := k.count(`zoe job_title=CEO`); n != 1 {
		k.Errorf("%d Zoes are CEO", n)
	}
}

func (k *kit) head() int64 {
	log, err := k.s.Log(k.ctx, "", extcontacts.LogOptions{Limit: 1})
	k.must(err)
	if len(log.Entries) == 0 {
		return 0
	}
	return log.Entries[0].Seq
}

func testErrorLog(k *kit) {
	var log bytes.Buffer
	k.importCSV(people, extcontacts.ImportOptions{ErrorLog: &log})
	want := "First name,Last name,Mobile,Email,Job Title,Company,Contact Label,_row,_code,_column,_reason\nCleo,Poe,+8521,cleo@example.com,CTO,Acme,,4,phone_too_short,Mobile,"
	if !strings.HasPrefix(log.String(), want) {
		k.Fatalf("the error log begins\n%s\nwant\n%s", log.String(), want)
	}
	mended := strings.NewReplacer("+8521,", "+85291234570,", "dan@@", "dan@").Replace(log.String())
	var rest bytes.Buffer
	rep := k.importCSV(mended, extcontacts.ImportOptions{ErrorLog: &rest})
	k.counts(rep, 2, 0, 0, 0, 0)
	if rest.Len() != 0 {
		k.Errorf("the second error log holds %q", rest.String())
	}
	if n := k.count(""); n != 5 {
		k.Errorf("%d contacts", n)
	}
	k.counts(k.importCSV(mended, extcontacts.ImportOptions{}), 0, 0, 2, 0, 0)
}

func testImportModes(k *kit) {
	ann := k.create(person("Ann Lee", "+85291234567"))
	file := "First name,Last name,Mobile,Company\nAnn,Lee,+852 9123 4567,Acme\nBob,Ray,+85291234568,Beta\n"
	rep := k.importCSV(file, extcontacts.ImportOptions{Mode: extcontacts.CreateOnly})
	k.counts(rep, 1, 0, 0, 0, 1)
	if f := rep.Rejections[0].Faults[0]; f.Code != "contact_exists" || !strings.Contains(f.Hint, string(ann.ID)) {
		k.Errorf("fault %+v does not name the contact", f)
	}
	rep = k.importCSV(file+"Cleo,Poe,+85291234569,Gamma\n", extcontacts.ImportOptions{Mode: extcontacts.UpdateOnly})
	k.counts(rep, 0, 1, 1, 1, 0)
	if got := k.get(ann.ID); got.Company != "Acme" || len(got.Phones) != 1 || got.Phones[0].Phone.Raw() != "+85291234567" {
		k.Errorf("updated %+v", got)
	}
	rep = k.importCSV("Last name,Mobile\nNewname,+85291234567\n", extcontacts.ImportOptions{Match: []contacts.KeyKind{contacts.PhoneKey}})
	k.counts(rep, 0, 1, 0, 0, 0)
	if got := k.get(ann.ID); got.LastName != "Newname" || got.FirstName != "Ann" {
		k.Errorf("matched by phone alone: %+v", got)
	}
}

// A shared switchboard does not make two people one, and nothing is lost.
func testSwitchboard(k *kit) {
	file := "First name,Last name,Work\nAnn,Lee,+85221110000\nBob,Ray,+85221110000\nBob,Ray,+85221110000\n"
	k.counts(k.importCSV(file, extcontacts.ImportOptions{}), 2, 0, 1, 0, 0)
	k.counts(k.importCSV(file, extcontacts.ImportOptions{}), 0, 0, 3, 0, 0)
	rep := k.importCSV("Last name,Work\nRay,+85221110000\n", extcontacts.ImportOptions{Match: []contacts.KeyKind{contacts.PhoneKey}})
	k.counts(rep, 0, 0, 0, 0, 1)
	if f := rep.Rejections[0].Faults[0]; f.Code != "match_ambiguous" {
		k.Errorf("fault %+v", f)
	}
}

func testClear(k *kit) {
	k.importCSV("First name,Last name,Mobile,Company,Team\nAnn,Lee,+85291234567,Acme,Sales\n", extcontacts.ImportOptions{})
	rep := k.importCSV("First name,Last name,Mobile,Company,Team\nAnn,Lee,+85291234567,,--\n", extcontacts.ImportOptions{})
	k.counts(rep, 0, 1, 0, 0, 0)
	if n := k.count("company=Acme NOT team:*"); n != 1 {
		k.Error("blank must leave, the marker must clear")
	}
}

func testImportUndo(k *kit) {
	ann := k.create(person("Ann Lee", "+85291234567"))
	rep := k.importCSV(people, extcontacts.ImportOptions{BatchRows: 2})
	k.counts(rep, 2, 1, 0, 0, 2)
	var bob contacts.ID
	for c, err := range k.s.Search(k.ctx, "bob") {
		k.must(err)
		bob = c.ID
	}
	k.edit(bob, func(c *contacts.Contact) { c.Team = "Board" })
	k.edit(ann.ID, func(c *contacts.Contact) { c.Company = "Acme International" })
	plan := k.undo(rep.Act)
	var kept []string
	for _, p := range plan.Kept {
		kept = append(kept, string(p.ID)+" "+p.Path)
	}
	slices.Sort(kept)
	if want := []string{string(ann.ID) + " company", string(bob) + " state"}; !slices.Equal(kept, want) {
		k.Errorf("kept %q, want %q", kept, want)
	}
	if got := k.get(ann.ID); got.JobTitle != "" || got.Company != "Acme International" || len(got.Emails) != 0 || len(got.Labels) != 0 {
		k.Errorf("Ann after the undo: %+v", got)
	}
	if n := k.count(""); n != 2 {
		k.Errorf("%d live contacts", n)
	}
	_, err := k.s.PlanUndo(k.ctx, rep.Act)
	k.wantCode(err, "act_undone")
	// Importing again after the undo creates what it had created.
	rep = k.importCSV(people, extcontacts.ImportOptions{})
	k.counts(rep, 1, 1, 1, 0, 2)
}

func testImportConcurrent(k *kit) {
	var file strings.Builder
	file.WriteString("First name,Last name,Mobile,Contact Label\n")
	const rows = 60
	for i := range rows {
		fmt.Fprintf(&file, "P%d,Same,+8529%07d,L%d\n", i, i, i%3)
	}
	const n = 8
	reps, errs := make([]*extcontacts.ImportReport, n), make([]error, n)
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			reps[i], errs[i] = k.s.Import(k.ctx, strings.NewReader(file.String()), extcontacts.ImportOptions{BatchRows: 7})
		})
	}
	wg.Wait()
	madeNew := 0
	for i := range n {
		k.must(errs[i])
		if reps[i].Rows != rows || reps[i].Rejected != 0 {
			k.Errorf("submitter %d: %+v", i, reps[i].Counts)
		}
		madeNew += reps[i].Created
	}
	if live := k.count(""); madeNew != rows || live != rows {
		k.Errorf("%d created by all submitters, %d live, want %d", madeNew, live, rows)
	}
}

// failAfter fails in the middle of a file, as a reader and a process do.
type failAfter struct {
	r io.Reader
	n int
}

func (f *failAfter) Read(p []byte) (int, error) {
	if f.n <= 0 {
		return 0, errors.New("the line was cut")
	}
	n, err := f.r.Read(p[:min(len(p), f.n)])
	f.n -= n
	return n, err
}

func testResume(k *kit) {
	var file strings.Builder
	file.WriteString("First name,Last name,Mobile\n")
	const rows = 40
	for i := range rows {
		number := fmt.Sprintf("+8529%07d", i)
		if i%10 == 3 {
			number = "+12"
		}
		fmt.Fprintf(&file, "P%d,Same,%s\n", i, number)
	}
	ctx, cancel := context.WithCancel(k.ctx)
	o := extcontacts.ImportOptions{Source: "f.csv", BatchRows: 5}
	o.Observer = extcontacts.ObserverFunc(func(p extcontacts.Progress) {
		if p.Rows >= 20 {
			cancel()
		}
	})
	first, err := k.s.Import(ctx, strings.NewReader(file.String()), o)
	k.wantErr(err, context.Canceled)
	if first == nil || first.Rows != 20 || first.Rejected != 2 {
		k.Fatalf("report of the interrupted run %+v", first)
	}
	var log bytes.Buffer
	o.Observer, o.Resume, o.ErrorLog = nil, true, &log
	_, err = k.s.Import(k.ctx, strings.NewReader(strings.Replace(file.String(), "P7", "Q7", 1)), o)
	k.wantCode(err, "file_changed")
	log.Reset()
	rep := k.importCSV(file.String(), o)
	k.counts(rep, 36, 0, 0, 0, 4)
	if rep.Act != first.Act || rep.Resumed != 20 {
		k.Errorf("resumed as act %s from row %d", rep.Act, rep.Resumed)
	}
	if n := strings.Count(log.String(), "\n"); n != 5 {
		k.Errorf("the error log has %d lines:\n%s", n, log.String())
	}
	act, err := k.s.Act(k.ctx, rep.Act)
	k.must(err)
	if act.Counts != rep.Counts {
		k.Errorf("act %+v, report %+v", act.Counts, rep.Counts)
	}
	k.undo(rep.Act)
	if n := k.count(""); n != 0 {
		k.Errorf("%d left after undoing the whole import", n)
	}
	_, err = k.s.Import(k.ctx, &failAfter{strings.NewReader(file.String()), 600}, extcontacts.ImportOptions{BatchRows: 5})
	if err == nil || !strings.Contains(err.Error(), "after row") {
		k.Errorf("a reader that fails: %v", err)
	}
	kept := k.count("")
	if kept == 0 || kept == 36 {
		k.Errorf("%d contacts after a reader that fails in the middle", kept)
	}
	k.counts(k.importCSV(file.String(), extcontacts.ImportOptions{}), 36-kept, 0, kept, 0, 4)
}

// An import that stops leaves nothing untold, and only who began it goes on.
func testImportStops(k *kit) {
	var file strings.Builder
	file.WriteString("First name,Last name,Mobile\n")
	for i := range 12 {
		number := fmt.Sprintf("+8529%07d", i)
		if i%3 == 2 {
			number = "+12"
		}
		fmt.Fprintf(&file, "P%d,,%s\n", i, number)
	}
	stop := func() (context.Context, extcontacts.ImportOptions) {
		ctx, cancel := context.WithCancel(k.ctx)
		return ctx, extcontacts.ImportOptions{Source: "f.csv", BatchRows: 3, Observer: extcontacts.ObserverFunc(func(p extcontacts.Progress) {
			if p.Rows >= 6 {
				cancel()
			}
		})}
	}
	ctx, o := stop()
	var log bytes.Buffer
	o.ErrorLog = &log
	first, err := k.s.Import(ctx, strings.NewReader(file.String()), o)
	k.wantErr(err, context.Canceled)
	if n := strings.Count(log.String(), "\n"); n != 3 || first.Filled != 4 {
		k.Errorf("%d filled and an error log of %d lines where the import stopped", first.Filled, n)
	}
	o = extcontacts.ImportOptions{Source: "f.csv", Resume: true}
	k.s = k.as("agent-2")
	other := k.importCSV(file.String(), o)
	if other.Resumed != 0 || other.Act == first.Act {
		k.Errorf("agent-2 went on with what agent-1 did: %+v", other)
	}
	k.undo(other.Act)
	k.s = k.as("agent-1")
	rep := k.importCSV(file.String(), o)
	k.counts(rep, 8, 0, 0, 0, 4)
	if rep.Resumed != 6 || rep.Filled != 8 || rep.Act != first.Act {
		k.Errorf("resumed %+v", rep)
	}
}

func testDryRun(k *kit) {
	rep := k.importCSV(people, extcontacts.ImportOptions{DryRun: true, BatchRows: 2})
	k.counts(rep, 3, 0, 0, 0, 2)
	if rep.Act != "" || len(k.all()) != 0 || k.head() != 0 {
		k.Error("a dry run wrote something")
	}
	rep = k.importCSV(people+strings.SplitAfterN(people, "\n", 2)[1], extcontacts.ImportOptions{DryRun: true, BatchRows: 2})
	k.counts(rep, 3, 0, 3, 0, 4)
}

func testExport(k *kit) {
	k.importCSV(people, extcontacts.ImportOptions{})
	c := person("=1+1 O'Neil", "+85291234590", "x@example.com")
	c.Phones = append(c.Phones, contacts.ContactPhone{Kind: contacts.MobilePhone, Phone: contacts.MustParsePhone("+852 9123 4591"), Primary: true})
	c.Address.Street = "Line 1\r\nLine 2, \"quoted\""
	c.ExternalIDs = map[string]string{"crm": "=42"}
	c.Labels = []string{"@home", "VIP"}
	k.create(c)
	var out bytes.Buffer
	n, err := k.s.Export(k.ctx, &out, extcontacts.ExportOptions{})
	k.must(err)
	if n != 4 {
		k.Errorf("exported %d", n)
	}
	for _, cell := range []string{",=", ",@", "\n=", ",+8"} {
		if strings.Contains(out.String(), cell) {
			k.Errorf("an unguarded formula %q in\n%s", cell, out.String())
		}
	}
	other := k.open(extcontacts.Options{Workspace: "other"}).As(contacts.Actor{ID: "agent-1"})
	rep, err := other.Import(k.ctx, bytes.NewReader(out.Bytes()), extcontacts.ImportOptions{})
	k.must(err)
	k.counts(rep, 4, 0, 0, 0, 0)
	for have, err := range k.s.Search(k.ctx, "") {
		k.must(err)
		found := false
		for again, err := range other.Search(k.ctx, "") {
			k.must(err)
			found = found || again.Equal(have)
		}
		if !found {
			k.Errorf("%s did not come back equal", have.ID)
		}
	}
	out.Reset()
	n, err = k.s.Export(k.ctx, &out, extcontacts.ExportOptions{Query: "label:VIP", Columns: []string{"last_name", "emails.work"}})
	k.must(err)
	if n != 2 || !strings.HasPrefix(out.String(), "Last name,Email\n") {
		k.Errorf("%d rows:\n%s", n, out.String())
	}
}

// The guide's own case: an unquoted comma shifts a row. The repair is proposed,
// and made only where it is asked for.
func testRepair(k *kit) {
	file := "Contacts of 2026\n\nFirst name,Last name,Mobile,Title,Team,Country,Level\n" +
		"Ann,Lee,+85291234567,Head of Marketing, Asia Division,Sales,HK,Primary\n" +
		"Bob,Ray,+85291234568,CEO,Board,HK,Primary\n" +
		"Total: 2\n"
	check, err := k.s.Check(k.ctx, strings.NewReader(file), extcontacts.ImportOptions{})
	k.must(err)
	k.counts(check, 1, 0, 0, 0, 2)
	if len(check.Preamble) != 1 || len(check.Rejections[0].Proposals) == 0 {
		k.Fatalf("checked %+v", check)
	}
	p := check.Rejections[0].Proposals[0]
	if p.Confidence < 0.5 || len(p.Cells) != 7 || p.Cells[3] != "Head of Marketing, Asia Division" {
		k.Errorf("proposed %+v", p)
	}
	k.counts(k.importCSV(file, extcontacts.ImportOptions{}), 1, 0, 0, 0, 2)
	rep := k.importCSV(file, extcontacts.ImportOptions{Repair: 0.5})
	k.counts(rep, 1, 0, 1, 0, 1)
	if len(rep.Repaired) == 0 {
		k.Error("the report does not tell the repair")
	}
	if n := k.count(`ann job_title="Head of Marketing, Asia Division" team=Sales`); n != 1 {
		k.Errorf("%d mended contacts", n)
	}
}
