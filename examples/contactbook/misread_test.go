package main

import (
	"os"
	"strings"
	"testing"
)

// The name of a file that is taken for a query is refused before anything is
// written, where nobody is found by it.
func TestFileTakenForQuery(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "a.csv", "First name,Last name,Mobile,Company\nAnn,Lee,+85291234567,Plain.txt\n")
	must(t, 0, "import", "a.csv")
	for args, want := range map[string]string{
		"export people.csv":           `nobody is found by "people.csv", which is read as a query; to write a file of that name: -o "people.csv"`,
		"export ann ./out":            `-o "./out"`,
		"export plain.txt nobody":     `nobody is found by "plain.txt nobody", which is read as a query; to write a file of that name: -o "plain.txt"`,
		"export -out people.csv":      `-o "people.csv"`,
		"export /tmp/People.TSV":      `-o "/tmp/People.TSV"`,
		"export --out people.csv":     `unknown flag "--out"; did you mean -o?`,
		"template t.csv":              `template takes no operand, not "t.csv"; to write a file: -o FILE`,
		"duplicates a.csv":            `nobody is found by "a.csv", which is read as a query; to look into a file: contactbook dedupe "a.csv"`,
		"merge --auto a.csv":          `dedupe "a.csv"`,
		"--json export people.csv":    `-o "people.csv"`,
		"--json duplicates other.csv": `dedupe "other.csv"`,
	} {
		r := must(t, exitUsage, strings.Fields(args)...)
		if r.stdout != "" || !strings.Contains(r.stderr, want) || strings.Count(r.stderr, "\n") != 1 {
			t.Errorf("%s: %q, %s", args, r.stdout, r.stderr)
		}
	}
	for args, rows := range map[string]int{
		"export plain.txt":              1, // is found
		"export source:a.csv":           1,
		"export source:b.csv":           0,
		"export nobody":                 0,
		"export -o people.csv nobody.x": 0,
		"export x@y.csv":                0,
	} {
		r := must(t, 0, strings.Fields(args)...)
		text := r.stdout
		if body, err := os.ReadFile("people.csv"); err == nil {
			text = string(body)
		}
		if n := strings.Count(text, "\n") - 1; n != rows {
			t.Errorf("%s: %d rows", args, n)
		}
		_ = os.Remove("people.csv")
	}
}
