package booktest

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
)

func watchedTests() []bookTest {
	return []bookTest{
		{"ImportCellByCell", testCellByCell},
		{"ImportObserved", testObserved},
		{"ImportCancelled", testCancelled},
		{"ImportWriterFails", testErrorLogFails},
		{"ImportOfTombstones", testTombstones},
		{"ExportSelection", testSelection},
		{"ExportOneMoment", testOneMoment},
		{"ExportFails", testExportFails},
	}
}

// A dry run tells of every row cell by cell what the import then does.
func testCellByCell(k *kit) {
	ann := k.create(person("Ann Lee", "+85291234561"))
	file := "First name,Last name,Mobile,Firma,Contact Label\n" +
		"Ann,Lee,+85291234561,Acme,VIP\n" + // updated
		"Bob,Ray,+85291234562,Beta,\n" + // created
		"Bob,Ray,+85291234562,,VIP\n" + // more of row 2
		"Cleo,Poe,12,,\n" + // rejected
		"Ann,Lee,+85291234561,Other,\n" + // contradicts row 1
		"Ann,Lee,+85291234561,,\n" + // unchanged
		",,,,\n" // skipped
	tell := func(o extcontacts.ImportOptions) (lines []string) {
		o.Mapping, o.BatchRows = map[string]string{"Firma": "company"}, 3
		o.Each = func(r extcontacts.RowResult) error {
			line := fmt.Sprintf("%d %s", r.Row, r.Outcome)
			if r.Contact == ann.ID {
				line += " Ann"
			}
			if r.FirstRow > 0 {
				line += fmt.Sprintf(" of row %d", r.FirstRow)
			}
			for _, c := range r.Cells {
				line += fmt.Sprintf("; %s %s %s>%s", c.Column, c.Field, c.Old, c.New)
			}
			for _, f := range r.Faults {
				line += "; " + f.Code
			}
			if slices.Equal(r.Conflicts, []contacts.ID{ann.ID}) {
				line += " with Ann"
			}
			if o.DryRun && r.Outcome == extcontacts.RowCreated && r.Contact != "" {
				line += " has an id already"
			}
			lines = append(lines, line)
			return nil
		}
		k.counts(k.importCSV(file, o), 1, 2, 1, 1, 2)
		return lines
	}
	want := []string{
		"1 updated Ann; Firma company >Acme; Contact Label labels >VIP",
		"2 created; First name first_name >Bob; Last name last_name >Ray;  level >Primary;  type >Lead; Firma company >Beta; Mobile phones.mobile >+85291234562",
		"3 updated of row 2; Contact Label labels >VIP",
		"4 rejected; phone_no_country_code",
		"5 rejected; contradicts_row with Ann",
		"6 unchanged Ann of row 1",
		"7 skipped",
	}
	head := k.head()
	if got := tell(extcontacts.ImportOptions{DryRun: true}); !slices.Equal(got, want) {
		k.Errorf("dry run\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	if k.head() != head {
		k.Fatal("the dry run wrote something")
	}
	if got := tell(extcontacts.ImportOptions{}); !slices.Equal(got, want) {
		k.Errorf("import\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}
	// Who listens may stop the import; what was written stays.
	stop := errors.New("enough")
	n := 0
	rep, err := k.s.Import(k.ctx, strings.NewReader(plainFile(20)), extcontacts.ImportOptions{BatchRows: 5, Each: func(extcontacts.RowResult) error {
		if n++; n == 7 {
			return stop
		}
		return nil
	}})
	k.wantErr(err, stop)
	if rep.Rows != 10 || k.count("") != 2+10 {
		k.Errorf("%d rows, %d contacts", rep.Rows, k.count(""))
	}
}

// An observer learns how fast the work is and how long it takes yet.
func testObserved(k *kit) {
	file := plainFile(100)
	var seen []extcontacts.Progress
	o := extcontacts.ImportOptions{BatchRows: 10, Size: int64(len(file)), Observer: extcontacts.ObserverFunc(func(p extcontacts.Progress) {
		k.clock = k.clock.Add(time.Second)
		seen = append(seen, p)
	})}
	begun := k.clock
	_, err := k.s.Import(k.ctx, strings.NewReader(file), o)
	k.must(err)
	if len(seen) != 11 { // and the end of the file
		k.Fatalf("told %d times", len(seen))
	}
	for i, p := range seen[:10] {
		if p.Phase != extcontacts.PhaseImport || p.Rows != 10*(i+1) || p.Counts.Created != p.Rows || p.Size != o.Size {
			k.Errorf("progress %+v", p)
		}
		if i > 0 && p.Rate() != float64(p.Rows)/float64(i) {
			k.Errorf("rate %v after %v", p.Rate(), p.Elapsed)
		}
	}
	if part, ok := seen[10].Fraction(); !ok || part != 1 || seen[10].Elapsed != k.clock.Sub(begun)-time.Second {
		k.Errorf("at the end %v, %+v", part, seen[10])
	}
	if _, ok := seen[10].Left(); !ok {
		k.Error("no time left is told")
	}
	seen = nil
	_, err = k.s.Export(k.ctx, io.Discard, extcontacts.ExportOptions{Observer: o.Observer})
	k.must(err)
	last := seen[len(seen)-1]
	if last.Phase != extcontacts.PhaseExport || last.Rows != 100 || last.Total != 100 {
		k.Errorf("the export ended with %+v", last)
	}
}

// cancelAfter ends a context after so many reads.
type cancelAfter struct {
	r      io.Reader
	n      int
	cancel func()
}

func (c *cancelAfter) Read(p []byte) (int, error) {
	if c.n--; c.n == 0 {
		c.cancel()
	}
	return c.r.Read(p[:min(len(p), 64)])
}

// An import may be cancelled at any moment: the report says what is done, and
// that is what is there.
func testCancelled(k *kit) {
	file := plainFile(60)
	for i := range rounds(4, 12, 200) {
		s := k.open(extcontacts.Options{Workspace: fmt.Sprint("cancel ", i)}).As(contacts.Actor{ID: "agent-1"})
		ctx, cancel := context.WithCancel(k.ctx)
		r := rand.New(rand.NewPCG(uint64(i), 4))
		o := extcontacts.ImportOptions{Source: "f.csv", BatchRows: 1 + r.IntN(20)}
		if r.IntN(3) == 0 { // from elsewhere, at any time
			time.AfterFunc(time.Duration(r.IntN(3000))*time.Microsecond, cancel)
		}
		rep, err := s.Import(ctx, &cancelAfter{strings.NewReader(file), 1 + r.IntN(len(file)/64), cancel}, o)
		cancel()
		n, countErr := s.Count(k.ctx, "")
		k.must(countErr)
		switch {
		case err == nil:
			if n != 60 {
				k.Errorf("%d: done with %d contacts", i, n)
			}
		case !errors.Is(err, context.Canceled):
			k.Errorf("%d: %v", i, err)
		case rep == nil && n > 0, rep != nil && rep.Created > n: // a batch may be in whose answer nobody waited for
			k.Errorf("%d: the report says %+v, there are %d", i, rep, n)
		}
		o.Resume = true
		if rep, err = s.Import(k.ctx, strings.NewReader(file), o); err != nil || rep.Rejected > 0 {
			k.Errorf("%d: resumed: %+v, %v", i, rep, err)
		}
		if n, err := s.Count(k.ctx, ""); err != nil || n != 60 {
			k.Errorf("%d: resumed to %d contacts, %v", i, n, err)
		}
	}
}

// fullAfter is a device that is full after so many bytes.
type fullAfter struct {
	bytes.Buffer
	n int
}

var errFull = errors.New("no space left")

func (f *fullAfter) Write(p []byte) (int, error) {
	if f.Len()+len(p) > f.n {
		n, _ := f.Buffer.Write(p[:max(f.n-f.Len(), 0)])
		return n, errFull
	}
	return f.Buffer.Write(p)
}

// An error log that cannot be written stops the import with that error; it
// goes on where there is room again, and nothing is lost.
func testErrorLogFails(k *kit) {
	var file strings.Builder
	file.WriteString("First name,Last name,Mobile\n")
	for i := range 3000 {
		fmt.Fprintf(&file, "P%d,%s,%s\n", i, strings.Repeat("x", 40), []string{"12", fmt.Sprintf("+8529%07d", i)}[i%2])
	}
	o := extcontacts.ImportOptions{Source: "f.csv", BatchRows: 200, ErrorLog: &fullAfter{n: 70_000}}
	rep, err := k.s.Import(k.ctx, strings.NewReader(file.String()), o)
	k.wantErr(err, errFull)
	if rep == nil || rep.Created != k.count("") || rep.Rows == 3000 {
		k.Fatalf("report %+v, %d contacts", rep, k.count(""))
	}
	var log bytes.Buffer
	o.ErrorLog, o.Resume = &log, true
	k.counts(k.importCSV(file.String(), o), 1500, 0, 0, 0, 1500)
	if n := strings.Count(log.String(), "\n"); n != 1501 || k.count("") != 1500 {
		k.Errorf("%d lines in the error log, %d contacts", n, k.count(""))
	}
}

// A row about somebody who was deleted makes a new contact, one about somebody
// who was merged is about the survivor, and nobody of another workspace counts.
func testTombstones(k *kit) {
	make := func(name, crm, phone string) *contacts.Contact {
		c := person(name, phone)
		c.ExternalIDs = map[string]string{"crm": crm}
		return k.create(c)
	}
	gone, survivor, other := make("Ann Lee", "1", "+85291234561"), make("Bob Ray", "2", "+85291234562"), make("Bobby Ray", "3", "+85291234563")
	_, err := k.s.Delete(k.ctx, gone.ID)
	k.must(err)
	k.merge(survivor.ID, other.ID)
	foreign := k.open(extcontacts.Options{Workspace: "other"}).As(contacts.Actor{ID: "agent-1"})
	c := person("Cleo Poe", "+85291234564")
	c.ExternalIDs = map[string]string{"crm": "4"}
	_, err = foreign.Create(k.ctx, c)
	k.must(err)
	file := "First name,Last name,Mobile,Company\nAnn,Lee,+85291234561,A\n,,+85291234563,B\nCleo,Poe,+85291234564,C\n"
	rep := k.importCSV(file, extcontacts.ImportOptions{})
	k.counts(rep, 2, 1, 0, 0, 0)
	if got := k.get(other.ID); got.ID != survivor.ID || got.Company != "B" {
		k.Errorf("the merged contact's row became %+v", got)
	}
	if got := k.get(gone.ID); got.State != contacts.Deleted || got.Company != "" {
		k.Errorf("the deleted contact became %+v", got)
	}
	for c, err := range foreign.Search(k.ctx, "") {
		k.must(err)
		if c.Company != "" {
			k.Error("a contact of another workspace was changed")
		}
	}
	k.counts(k.importCSV(file, extcontacts.ImportOptions{}), 0, 0, 3, 0, 0)
}

// An export writes a selection in the order of ids, each contact once, a
// merged one as its survivor, and nothing where one of it cannot be read.
func testSelection(k *kit) {
	var ids []contacts.ID
	for i := range 5 {
		ids = append(ids, k.create(person(fmt.Sprintf("P%d Lee", i))).ID)
	}
	k.merge(ids[1], ids[4])
	export := func(o extcontacts.ExportOptions) (string, error) {
		var out bytes.Buffer
		o.Columns = []string{"first_name"}
		_, err := k.s.Export(k.ctx, &out, o)
		return strings.ReplaceAll(out.String(), "\n", " "), err
	}
	for want, o := range map[string]extcontacts.ExportOptions{
		"First name P1 P2 ": {IDs: []contacts.ID{ids[2], ids[4], ids[1], ids[2]}},
		"First name P3 ":    {IDs: ids, Query: "p3"},
		"First name ":       {IDs: []contacts.ID{}},
	} {
		if got, err := export(o); got != want || err != nil {
			k.Errorf("%+v: %q, %v, want %q", o, got, err, want)
		}
	}
	_, err := k.s.Delete(k.ctx, ids[0])
	k.must(err)
	for _, id := range []contacts.ID{ids[0], "nobody", "", "\x00"} {
		got, err := export(extcontacts.ExportOptions{IDs: []contacts.ID{ids[2], id}})
		k.wantErr(err, extcontacts.ErrNotFound)
		if got != "" {
			k.Errorf("written %q", got)
		}
	}
}

// onWrite calls a function before the first write.
type onWrite struct {
	bytes.Buffer
	first func()
}

func (w *onWrite) Write(p []byte) (int, error) {
	if w.first != nil {
		w.first()
		w.first = nil
	}
	return w.Buffer.Write(p)
}

// An export shows one moment, though others write while it runs: every pair of
// contacts that is only ever written together is the same in it.
func testOneMoment(k *kit) {
	const pairs = 40
	for i := range pairs {
		k.importCSV(fmt.Sprintf("External ID: crm,Last name,Company\n%d-a,Lee,v0\n%d-b,Lee,v0\n", i, i), extcontacts.ImportOptions{})
	}
	turn := func(s *extcontacts.Session, v int) error {
		var b strings.Builder
		b.WriteString("External ID: crm,Company,Mobile,Mobile 2\n")
		for i := range pairs {
			fmt.Fprintf(&b, "%d-a,v%d,+8529%04d%03d,+8528%04d%03d\n%d-b,v%d,,\n", i, v, v, i, v, i, i, v)
		}
		_, err := s.Import(k.ctx, strings.NewReader(b.String()), extcontacts.ImportOptions{})
		return err
	}
	export := func(w io.Writer) {
		k.Helper()
		n, err := k.s.Export(k.ctx, w, extcontacts.ExportOptions{})
		k.must(err)
		if n != 2*pairs {
			k.Errorf("%d exported", n)
		}
	}
	oneMoment := func(file string) {
		k.Helper()
		seen := map[string]bool{}
		for _, r := range k.readPlainLog(file) {
			seen[r["Company"]] = true
		}
		if len(seen) != 1 {
			k.Errorf("contacts of several moments: %v", seen)
		}
	}
	other := k.open(extcontacts.Options{}).As(contacts.Actor{ID: "agent-2"})
	// Between the two times the contacts are read, they need other columns.
	w := &onWrite{first: func() { k.must(turn(other, 1)) }}
	export(w)
	oneMoment(w.String())
	var wg sync.WaitGroup
	done := make(chan error, 1)
	wg.Go(func() {
		for v := range rounds(3, 6, 100) {
			if err := turn(other, v+2); err != nil {
				done <- err
				return
			}
		}
		done <- nil
	})
	for running := true; running; {
		select {
		case err := <-done:
			k.must(err)
			running = false
		default:
		}
		var out bytes.Buffer
		export(&out)
		oneMoment(out.String())
	}
	wg.Wait()
}

// An export whose writer fails says so, and the book goes on.
func testExportFails(k *kit) {
	k.importCSV(plainFile(2000), extcontacts.ImportOptions{})
	for _, room := range []int{0, 1, 1000, 30_000} {
		n, err := k.s.Export(k.ctx, &fullAfter{n: room}, extcontacts.ExportOptions{})
		k.wantErr(err, errFull)
		if n >= 2000 {
			k.Errorf("%d contacts exported into %d bytes", n, room)
		}
	}
	ctx, cancel := context.WithCancel(k.ctx)
	_, err := k.s.Export(ctx, &onWrite{first: cancel}, extcontacts.ExportOptions{})
	k.wantErr(err, context.Canceled)
	if n, err := k.s.Export(k.ctx, io.Discard, extcontacts.ExportOptions{}); n != 2000 || err != nil {
		k.Errorf("afterwards %d, %v", n, err)
	}
}
