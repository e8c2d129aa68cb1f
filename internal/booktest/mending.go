package booktest

import (
	"bytes"
	"encoding/csv"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"strings"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
)

func mendingTests() []bookTest {
	return []bookTest{
		{"ImportMendedEqualsClean", testMending},
		{"ImportErrorLogRemembers", testLogRemembers},
	}
}

// row is the cells of a row as they stand in the file, quotes included.
type row []string

func (r row) line() string { return strings.Join(r, ",") + "\n" }

const mendHeader = "Vorname,Last name,Mobile,Email,Job Title,Company,Born,Country,Contact Label\n"

// mendMapping and dates in another order are what the log must remember.
var mendMapping = map[string]string{"Vorname": "first_name", "Born": "birthdate"}

func cleanRow(r *rand.Rand, n int) row {
	pick := func(list ...string) string { return list[r.IntN(len(list))] }
	return row{pick("Ann", "Bob", "陳", "", `"O""Neil"`), "Lee" + strconv.Itoa(n), fmt.Sprintf("+8529%07d", n), fmt.Sprintf("p%d@example.com", n),
		pick(`"Head of Marketing, Asia Division"`, "CEO", "", "'=1+1"), pick("Acme", "Müller", `"a`+"\n"+`b"`, ""), pick("", "31/12/1990", "05/06/1971"),
		pick("HK", "Germany", ""), pick("", "VIP", "VIP; New")}
}

// spoil puts a fault into a row, of which there are many kinds.
func spoil(r *rand.Rand, good row) row {
	bad := slices.Clone(good)
	switch r.IntN(12) {
	case 0:
		bad[2] = "12"
	case 1:
		bad[2] = "8.52912E+10"
	case 2:
		bad[3] = "bla.bla.@example.com"
	case 3:
		bad[6] = "31/31/1990"
	case 4:
		bad[6] = "44256"
	case 5:
		bad[7] = "Nowhereland"
	case 6:
		bad[5] = "Acme\xff"
	case 7:
		bad[5] = strings.Repeat("x", 300)
	case 8:
		bad[4] = "Head of Marketing, Asia Division" // an unquoted comma
	case 9:
		bad[0] = `"Ann" x`
	case 10:
		bad[8] = strings.Repeat("l", 200)
	case 11:
		bad[1], bad[3] = "a\x00b", "a@@b" // two faults
	}
	return bad
}

// Random faults, import, mending what the error log says, import: the book is
// the one that the clean file makes.
func testMending(k *kit) {
	o := extcontacts.ImportOptions{Mapping: mendMapping, Dates: contacts.DateDMY, BatchRows: 7}
	for seed := range uint64(rounds(5, 25, 2000)) {
		r := rand.New(rand.NewPCG(seed, 3))
		var clean []row
		var cleanFile, spoiltFile strings.Builder
		cleanFile.WriteString(mendHeader)
		spoiltFile.WriteString(mendHeader)
		spoilt := 0
		for n := range 1 + r.IntN(40) {
			good := cleanRow(r, n)
			clean = append(clean, good)
			cleanFile.WriteString(good.line())
			if r.IntN(3) == 0 {
				spoilt++
				spoiltFile.WriteString(spoil(r, good).line())
			} else {
				spoiltFile.WriteString(good.line())
			}
		}
		run := func(s *extcontacts.Session, file string, o extcontacts.ImportOptions) *extcontacts.ImportReport {
			k.Helper()
			rep, err := s.Import(k.ctx, strings.NewReader(file), o)
			if err != nil {
				k.Fatalf("seed %d: %v\n%s", seed, err, file)
			}
			return rep
		}
		ref := k.open(extcontacts.Options{Workspace: fmt.Sprint("clean ", seed)}).As(contacts.Actor{ID: "agent-1"})
		run(ref, cleanFile.String(), o)
		want := k.values(ref)

		s := k.open(extcontacts.Options{Workspace: fmt.Sprint("mended ", seed)}).As(contacts.Actor{ID: "agent-1"})
		var log bytes.Buffer
		o.ErrorLog = &log
		rep := run(s, spoiltFile.String(), o)
		if rep.Rejected != spoilt || rep.Created != len(clean)-spoilt {
			k.Fatalf("seed %d: %d rows were spoilt, %+v, faults %q\n%s", seed, spoilt, rep.Counts, faults(rep), spoiltFile.String())
		}
		// The log imported as it is changes nothing, and is the same log again.
		first := k.readLog(log.String(), nil)
		var again bytes.Buffer
		if spoilt > 0 {
			rep = run(s, log.String(), extcontacts.ImportOptions{ErrorLog: &again})
			if rep.Rejected != spoilt || rep.Rows != spoilt {
				k.Fatalf("seed %d: the log as it is: %+v\n%s", seed, rep.Counts, log.String())
			}
			// Mended in two steps, from the log of the log.
			var rest bytes.Buffer
			second := k.readLog(again.String(), first.rows)
			rep = run(s, second.mend(clean, 2), extcontacts.ImportOptions{ErrorLog: &rest})
			if rep.Created != (spoilt+1)/2 {
				k.Fatalf("seed %d: the log half mended: %+v, faults %q\n%s", seed, rep.Counts, faults(rep), second.mend(clean, 2))
			}
			if rest.Len() > 0 {
				last := k.readLog(rest.String(), second.rows)
				rep = run(s, last.mend(clean, 1), extcontacts.ImportOptions{})
				if rep.Created != rep.Rows {
					k.Fatalf("seed %d: the log mended: %+v, faults %q\n%s", seed, rep.Counts, faults(rep), last.mend(clean, 1))
				}
			}
		}
		if have := k.values(s); !slices.Equal(have, want) {
			k.Fatalf("seed %d: mended\n%s\nclean\n%s\nlog\n%s", seed, strings.Join(have, "\n"), strings.Join(want, "\n"), log.String())
		}
		o.ErrorLog = nil
		rep = run(s, cleanFile.String(), o)
		if rep.Unchanged != len(clean) {
			k.Errorf("seed %d: the clean file afterwards: %+v", seed, rep.Counts)
		}
	}
}

// errorLog is an error log as somebody who mends it sees it.
type errorLog struct {
	header string
	rows   []int // of each line, the row of the first file
	cells  [][]string
}

// ownCells is the number of the log's own columns where settings are kept.
const ownCells = 5

// readLog reads an error log; of are the rows of the log that was imported,
// nil where it was the file itself.
func (k *kit) readLog(text string, of []int) (l errorLog) {
	k.Helper()
	l.header, _, _ = strings.Cut(text, "\n")
	r := csv.NewReader(strings.NewReader(text))
	r.FieldsPerRecord = -1
	all, err := r.ReadAll()
	if err != nil {
		k.Fatalf("the error log is no CSV: %v\n%s", err, text)
	}
	for i, cells := range all {
		if i == 0 {
			continue
		}
		n, err := strconv.Atoi(cells[len(cells)-ownCells+1])
		k.must(err)
		if of != nil {
			n = of[n-1]
		}
		l.rows, l.cells = append(l.rows, n), append(l.cells, cells)
	}
	return l
}

// mend puts the clean cells in the place of those of every nth row.
func (l errorLog) mend(clean []row, nth int) string {
	var b strings.Builder
	b.WriteString(l.header + "\n")
	for i, cells := range l.cells {
		var own strings.Builder
		w := csv.NewWriter(&own)
		if i%nth != 0 {
			_ = w.Write(cells)
			w.Flush()
			b.WriteString(own.String())
			continue
		}
		_ = w.Write(cells[len(cells)-ownCells:])
		w.Flush()
		b.WriteString(strings.TrimSuffix(clean[l.rows[i]-1].line(), "\n") + "," + own.String())
	}
	return b.String()
}

// An error log is read as its source was: with its mapping, its format of
// dates and its marker, however often it comes back.
func testLogRemembers(k *kit) {
	file := "Wer,Last name,Handy,Geb,Firma\nAnn,Lee,+85291234567,03/04/1990,Acme\nBob,Ray,12,05/06/1991,leer\n"
	var log, more bytes.Buffer
	o := extcontacts.ImportOptions{Mapping: map[string]string{"Wer": "first_name", "Handy": "phones.mobile", "Geb": "birthdate", "Firma": "company"},
		Dates: contacts.DateDMY, Clear: "leer", ErrorLog: &log}
	k.counts(k.importCSV(file, o), 1, 0, 0, 0, 1)
	k.counts(k.importCSV(log.String(), extcontacts.ImportOptions{ErrorLog: &more}), 0, 0, 0, 0, 1)
	mended := strings.Replace(more.String(), ",12,", ",+85291234568,", 1)
	// What is said now goes before what was said then.
	check, err := k.s.Check(k.ctx, strings.NewReader(mended), extcontacts.ImportOptions{Mapping: map[string]string{"Wer": "-"}})
	k.must(err)
	if check.Mapping.Has("first_name") || !check.Mapping.Has("birthdate") {
		k.Errorf("columns %+v", check.Mapping.Columns)
	}
	rep := k.importCSV(mended, extcontacts.ImportOptions{})
	k.counts(rep, 1, 0, 0, 0, 0)
	for c, err := range k.s.Search(k.ctx, "bob") {
		k.must(err)
		if c.Birthdate.String() != "1991-06-05" || c.Company != "" || c.Phones[0].Phone.Number() != "+85291234568" {
			k.Errorf("mended %+v", c)
		}
	}
	if n := k.count("bob"); n != 1 {
		k.Errorf("%d Bobs", n)
	}
}
