package main

import (
	"path/filepath"
	"strings"
	"testing"
	"time"
)

// TestCases runs every case on a small file, to see that it works; the figures
// of so few rows mean nothing.
func TestCases(t *testing.T) {
	for _, c := range cases() {
		t.Run(c.name, func(t *testing.T) {
			if testing.Short() && c.name == "import" {
				t.Skip("builds the command")
			}
			var out strings.Builder
			if err := runCases(&out, 300, 1, []string{c.name}); err != nil {
				t.Fatal(err)
			}
			if !strings.Contains(out.String(), "\n  ") {
				t.Errorf("no row of figures:\n%s", out.String())
			}
			t.Log(out.String())
		})
	}
}

func TestCompare(t *testing.T) {
	n := 0
	took := func(cpu ...int) side {
		i := 0
		return func() (cost, error) { n++; i++; return cost{cpu: time.Duration(cpu[i-1])}, nil }
	}
	r, err := compare(3, took(99, 30, 40, 20), took(1, 10, 10, 10))
	if err != nil || n != 8 {
		t.Fatal(n, err)
	}
	if r.ratio != 3 || r.low != 2 || r.high != 4 || r.ours.cpu != 30 || r.anchor.cpu != 10 {
		t.Errorf("%+v", r)
	}
	if i := r.inverse(); i.low != 0.25 || i.high != 0.5 {
		t.Errorf("inverse: %+v", i)
	}
}

const benchRows = 20_000

func BenchmarkScan(b *testing.B) {
	file, err := cleanFile(benchRows)
	if err != nil {
		b.Fatal(err)
	}
	for _, c := range []struct {
		name string
		read func([]byte) (tally, error)
	}{{"views", readViews}, {"strings", readStrings}, {"stdlib", readStdlib}} {
		b.Run(c.name, func(b *testing.B) {
			b.SetBytes(int64(len(file)))
			b.ReportAllocs()
			for b.Loop() {
				if _, err := c.read(file); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

func BenchmarkDecode(b *testing.B) {
	file, err := cleanFile(benchRows)
	if err != nil {
		b.Fatal(err)
	}
	b.SetBytes(int64(len(file)))
	b.ReportAllocs()
	for b.Loop() {
		if _, err := decodeFile(file, true); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkValidate(b *testing.B) {
	checked, all := rowCells(2000)
	refused := refusals{}
	b.Run("values", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			parseOurs(checked, refused)
		}
	})
	b.Run("libraries", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			parseLibraries(checked, refused)
		}
	})
	b.Run("contact", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			if err := setOurs(all); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkImport is there to be profiled: an import into a new SQLite file in
// this process.
//
//	GOWORK=off go test -run '^$' -bench Import -benchtime 3x -cpuprofile import.prof
func BenchmarkImport(b *testing.B) {
	const rows = 100_000
	data, err := realFile(rows)
	if err != nil {
		b.Fatal(err)
	}
	db := filepath.Join(b.TempDir(), "book.db")
	b.ReportAllocs()
	for b.Loop() {
		began := cpuTime()
		if err := importFile(b.Context(), db, data, rows); err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(perMicro(cpuTime()-began, rows), "cpu-us/row")
	}
}

func BenchmarkSearch(b *testing.B) {
	data, err := realFile(benchRows)
	if err != nil {
		b.Fatal(err)
	}
	book, err := openMemory(b.Context())
	if err != nil {
		b.Fatal(err)
	}
	if _, err := book.fill(b.Context(), strings.NewReader(string(data)), benchRows, apart); err != nil {
		b.Fatal(err)
	}
	asked, err := questions(b.Context(), book)
	if err != nil {
		b.Fatal(err)
	}
	for _, k := range queryKinds {
		b.Run(strings.ReplaceAll(k.name, " ", "_"), func(b *testing.B) {
			b.ReportAllocs()
			n := 0
			for b.Loop() {
				if _, err := ask(b.Context(), book.session, asked[k.name][n%queriesPerKind:][:1]); err != nil {
					b.Fatal(err)
				}
				n++
			}
		})
	}
}
