// Command bench measures the library against anchors: a case of ours and what
// everybody has (encoding/csv, nyaruka/phonenumbers, the sqlite3 command line)
// run in turn in one process, and the figure is their ratio. README.md says
// what each row means.
//
//	GOWORK=off go run . [-rows N] [-rounds N] [NAME...]
package main

import (
	"flag"
	"fmt"
	"io"
	"os"
	"runtime"
	"slices"
	"strings"
)

// aCase is one named comparison.
type aCase struct {
	name string
	rows int // of the file, where -rows says nothing
	says string
	run  func(*env) error
}

// cases are all there are, in the order in which they run.
func cases() []aCase {
	return []aCase{
		{"scan", 100_000, "csvio.Scanner, every cell read, against encoding/csv with ReuseRecord", scan},
		{"decode", 100_000, "scan, decode, normalise and validate into contacts, against encoding/csv alone; one core", decode},
		{"encode", 100_000, "csvio.Writer and csvio.Encoder, against encoding/csv writing the same rows", encoding},
		{"validate", 20_000, "the values of a row, against phonenumbers, net/mail, countries and time.Parse", validate},
		{"import", 100_000, "contactbook import into a new SQLite file, against sqlite3 .import into a bare table", importing},
		{"servers", 100_000, "contactbook import into PostgreSQL and MariaDB, against psql \\copy and LOAD DATA LOCAL into a bare table", importingServers},
		{"reads", 20_000, "one contact by id and by phone, against a query by hand on the same driver", reads},
		{"life", 1_000_000, "activities recorded, against inserts by hand; pages of a long timeline and of a long history", life},
		{"memory", 1_000_000, "heap of a memstore with its search index", memory},
		{"view", 100_000, "one contact of a memstore's view, against a map behind a RWMutex that returns a pointer", viewing},
		{"verify", 1_000_000, "memory in use while Session.Verify checks a book on SQLite, of a tenth of the rows and of all", verifying},
		{"search", 100_000, "latency of queries in memory and in SQLite, against a linear look through the lines", searching},
		{"engines", 100_000, "search.Index against bleve in memory, FTS5 and PostgreSQL, ranked", engines},
		{"pushed", 100_000, "searches pushed down to SQLite and PostgreSQL, by scan and by text index, against a ranked query by hand", pushed},
		{"text", 100_000, "an import into a store that keeps a text index, and erasures, against a store without one", textCost},
		{"export", 100_000, "Session.Export, against encoding/csv writing the same rows", exporting},
		{"quality", 0, "duplicates found in labelled public files, where they are beside the repository", quality},
		{"robust", 10_000, "the same in generated files, and in the public ones without a kind of column or most of their rows", robust},
		{"suggest", 1_000_000, "Session.Suggest for contacts all over a book, each by itself; without and with marks not a duplicate", suggesting},
		{"dedupe", 100_000, "duplicates found in a generated file of records", dedupe},
		{"similarity", 0, "Jaro-Winkler of names, against xrash/smetrics", similarity},
		{"duplicates", 100_000, "Session.Duplicates over a book, against encoding/csv reading the file", duplicates},
	}
}

// env is what a case is run with.
type env struct {
	rows, rounds int
	dir          string // for files; it is removed at the end
	out          io.Writer
}

func (e *env) printf(format string, a ...any) { fmt.Fprintf(e.out, format, a...) }

func main() {
	rows := flag.Int("rows", 0, "rows of the file; 0 is what each case says")
	rounds := flag.Int("rounds", 5, "rounds of each comparison")
	flag.Usage = func() {
		fmt.Fprintln(flag.CommandLine.Output(), "usage: bench [-rows N] [-rounds N] [NAME...]")
		flag.PrintDefaults()
		for _, c := range cases() {
			fmt.Fprintf(flag.CommandLine.Output(), "  %-11s %s\n", c.name, c.says)
		}
	}
	flag.Parse()
	for _, name := range flag.Args() {
		if !slices.ContainsFunc(cases(), func(c aCase) bool { return c.name == name }) {
			fmt.Fprintf(os.Stderr, "bench: there is no case %q\n", name)
			os.Exit(2)
		}
	}
	if *rounds < 1 || *rows < 0 {
		fmt.Fprintln(os.Stderr, "bench: -rounds must be at least 1, -rows not negative")
		os.Exit(2)
	}
	if err := runCases(os.Stdout, *rows, *rounds, flag.Args()); err != nil {
		fmt.Fprintln(os.Stderr, "bench:", err)
		os.Exit(1)
	}
}

// runCases runs the named cases, all of them where none is named.
func runCases(w io.Writer, rows, rounds int, names []string) (err error) {
	dir, err := os.MkdirTemp("", "bench")
	if err != nil {
		return err
	}
	defer func() {
		if e := os.RemoveAll(dir); err == nil {
			err = e
		}
	}()
	fmt.Fprintf(w, "%s %s/%s, %d cores%s\n", runtime.Version(), runtime.GOOS, runtime.GOARCH, runtime.NumCPU(), load())
	for _, c := range cases() {
		if len(names) > 0 && !slices.Contains(names, c.name) {
			continue
		}
		e := &env{rows: c.rows, rounds: rounds, dir: dir, out: w}
		if rows > 0 {
			e.rows = rows
		}
		e.printf("\n%s: %s; %d rows\n", c.name, c.says, e.rows)
		if err := c.run(e); err != nil {
			return fmt.Errorf("%s: %w", c.name, err)
		}
	}
	return nil
}

// load is what else the machine is doing, where it tells.
func load() string {
	data, err := os.ReadFile("/proc/loadavg")
	if err != nil {
		return ""
	}
	if f := strings.Fields(string(data)); len(f) > 0 {
		return ", load " + f[0]
	}
	return ""
}
