package gen

import (
	"bytes"
	"crypto/sha256"
	"encoding/csv"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

var update = flag.Bool("update", false, "rewrite the files made by this package")

// everything is Options with all features on.
var everything = Options{Rows: 20_000, Seed: 1, Duplicates: 0.05, Faults: 0.01, Related: 0.02, InvalidUTF8: true}

// TestGolden fixes the bytes: whoever changes them changes every figure that
// was measured on a generated file, and says so in the change log.
func TestGolden(t *testing.T) {
	var file, truth bytes.Buffer
	if err := Write(&file, &truth, everything); err != nil {
		t.Fatal(err)
	}
	got := fmt.Sprintf("%x\n%x\n", sha256.Sum256(file.Bytes()), sha256.Sum256(truth.Bytes()))
	golden(t, "testdata/golden.sha256", []byte(got))
}

func golden(t *testing.T, name string, got []byte) {
	t.Helper()
	if *update {
		if err := os.WriteFile(name, got, 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(name)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(got, want) {
		t.Errorf("%s differs from what is generated; -update rewrites it", name)
	}
}

func TestPersonIsPure(t *testing.T) {
	rows := slices.Collect(Rows(Options{Rows: 50, Seed: 9}))
	for i := len(rows) - 1; i >= 0; i-- {
		if p := Person(9, i); !reflect.DeepEqual(p, rows[i]) {
			t.Errorf("person %d is %+v, in the file %+v", i, p, rows[i])
		}
	}
}

// TestStatistics keeps the file near the one the performance targets were
// measured on.
func TestStatistics(t *testing.T) {
	const rows = 50_000
	var file bytes.Buffer
	if err := Write(&file, nil, Options{Rows: rows, Seed: 5, Duplicates: 0.05, Faults: 0.01}); err != nil {
		t.Fatal(err)
	}
	size := file.Len()
	r := csv.NewReader(&file)
	r.FieldsPerRecord, r.ReuseRecord = -1, true
	header, err := r.Read()
	if err != nil || !slices.Equal(header, Header()) {
		t.Fatalf("header %q, %v", header, err)
	}
	var filled, phones, mails, accents float64
	for {
		cells, err := r.Read()
		if err == io.EOF {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		for i, c := range cells {
			switch {
			case c == "":
				continue
			case i <= colLast && len(c) != utf8.RuneCountInString(c):
				accents += 0.5
			case i >= colMobile && i <= colOther:
				phones++
			case i >= colEmail && i <= colOtherEmail:
				mails++
			}
			filled++
		}
	}
	for _, m := range []struct {
		name           string
		value, low, up float64
	}{
		{"bytes", float64(size), 195, 215},
		{"cells", filled, 13.7, 14.7},
		{"phones", phones, 1.6, 1.8},
		{"addresses of mail", mails, 1.05, 1.25},
		{"names with letters beyond ASCII", accents, 0.25, 0.6},
	} {
		if v := m.value / rows; v < m.low || v > m.up {
			t.Errorf("%s a row: %.3f, not between %v and %v", m.name, v, m.low, m.up)
		}
	}
}

func TestTruth(t *testing.T) {
	o := everything
	var duplicates, faulty int
	kinds := map[string]int{}
	n := 0
	for row := range Rows(o) {
		n++
		if row.Entity > n || row.Entity < 1 {
			t.Fatalf("row %d has entity %d", n, row.Entity)
		}
		if row.Entity != n {
			duplicates++
		}
		want := columns
		if row.Fault == ShiftedRow {
			want++
		}
		if len(row.Cells) != want {
			t.Errorf("row %d has %d cells", n, len(row.Cells))
		}
		if row.Fault != "" {
			faulty++
			kinds[row.Fault]++
		}
		last := row.Cells[colLast]
		if (last == "") != (row.Fault == MissingLastName) {
			t.Errorf("row %d: last name %q with fault %q", n, last, row.Fault)
		}
		if utf8.ValidString(strings.Join(row.Cells, "")) == (row.Fault == InvalidUTF8) {
			t.Errorf("row %d: UTF-8 does not agree with fault %q", n, row.Fault)
		}
	}
	if share := float64(duplicates) / float64(n); share < 0.045 || share > 0.055 {
		t.Errorf("%.4f are duplicates", share)
	}
	if share := float64(faulty) / float64(n); share < 0.008 || share > 0.012 {
		t.Errorf("%.4f have a fault", share)
	}
	if len(kinds) != len(faults) {
		t.Errorf("faults planted: %v", kinds)
	}
}

func TestScripts(t *testing.T) {
	for _, script := range AllScripts() {
		for row := range Rows(Options{Rows: 30, Scripts: []Script{script}}) {
			name := row.Cells[colLast]
			if latin := foldRune(firstRune(name)) != ""; latin != (script == Latin || script == Vietnamese) {
				t.Errorf("%s gives %q", script, name)
			}
		}
	}
}

func TestKeysOfDifferentPeople(t *testing.T) {
	seen := map[string]int{}
	clashes, keys := 0, 0
	for row := range Rows(Options{Rows: 50_000, Seed: 2}) {
		for _, c := range row.Cells[colMobile : colOtherEmail+1] {
			if k := bare(c); k != "" {
				keys++
				if e, ok := seen[k]; ok && e != row.Entity {
					clashes++
				}
				seen[k] = row.Entity
			}
		}
	}
	if clashes*1000 > keys {
		t.Errorf("%d of %d phones and addresses belong to two people", clashes, keys)
	}
}

func TestWriteRefuses(t *testing.T) {
	for _, o := range []Options{{Rows: -1}, {Duplicates: 1.5}, {Faults: -0.1}, {Related: 2}, {Scripts: []Script{"runes"}}} {
		if err := Write(io.Discard, nil, o); err == nil {
			t.Errorf("%+v is accepted", o)
		}
	}
	if err := Write(fullDisk{}, nil, Options{Rows: 1}); !errors.Is(err, errFull) {
		t.Errorf("error of the writer: %v", err)
	}
	if err := Write(io.Discard, fullDisk{}, Options{Rows: 100_000}); !errors.Is(err, errFull) {
		t.Errorf("error of the truth's writer: %v", err)
	}
}

var errFull = errors.New("disk full")

type fullDisk struct{}

func (fullDisk) Write([]byte) (int, error) { return 0, errFull }

func BenchmarkWrite(b *testing.B) {
	o := Options{Rows: b.N, Seed: 1, Duplicates: 0.05, Faults: 0.01}
	b.ReportAllocs()
	if err := Write(io.Discard, nil, o); err != nil {
		b.Fatal(err)
	}
	b.ReportMetric(float64(b.N)/b.Elapsed().Seconds(), "rows/s")
}

func TestExample(t *testing.T) {
	var file, truth bytes.Buffer
	if err := WriteExample(&file, &truth); err != nil {
		t.Fatal(err)
	}
	golden(t, "../../examples/data/contacts.csv", file.Bytes())
	golden(t, "../../examples/data/contacts.truth.csv", truth.Bytes())

	if !bytes.Contains(file.Bytes(), []byte(`,"Head of Marketing, Asia Division",`)) {
		t.Error("the title with a comma is missing")
	}
	rows, err := csv.NewReader(&file).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != exampleRows+1 {
		t.Errorf("%d rows", len(rows)-1)
	}
	owner, faults := map[string]int{}, map[string]int{}
	duplicates, shared, twice := 0, 0, map[int]bool{}
	n := 0
	for row := range ExampleRows() {
		n++
		if !slices.Equal(row.Cells, rows[n]) {
			t.Errorf("row %d reads %q", n, rows[n])
		}
		if row.Fault != "" {
			faults[row.Fault]++
		}
		met := false
		for i := colMobile; i <= colOtherEmail; i++ {
			k := bare(row.Cells[i])
			if k == "" {
				continue
			}
			e, ok := owner[k]
			if ok && e != row.Entity {
				t.Errorf("row %d: %s belongs to %d as well", n, Header()[i], e)
			}
			met = met || ok && row.Entity != n
			owner[k] = row.Entity
		}
		if row.Entity != n {
			duplicates++
			twice[row.Entity] = true
		}
		if met {
			shared++
		}
	}
	if duplicates != 13 || shared != duplicates || len(twice) != duplicates {
		t.Errorf("%d duplicates, %d of them share a key", duplicates, shared)
	}
	if countries[exampleHongKong].alpha2 != "HK" || countries[exampleBritain].alpha2 != "GB" {
		t.Error("the countries of the plan have moved")
	}
	want := map[string]int{BadPhone: 1, BadDate: 1, MissingLastName: 1}
	if !reflect.DeepEqual(faults, want) {
		t.Errorf("faults %s", strconv.Quote(fmt.Sprint(faults)))
	}
	if rows[exampleBadPhone+1][colMobile] != "+8521234" || rows[exampleBadDate+1][colBirth] != "31/12/1985" {
		t.Error("the rows to be rejected are not where the plan has them")
	}
}
