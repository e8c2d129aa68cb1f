package main

import (
	"os"
	"strings"
	"testing"

	"github.com/extcontacts/extcontacts/examples/data"
)

// Rows without any identifier are joined by name and company, and told.
func TestByName(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "c.csv", "First name,Last name,Company,Email,City\n"+
		"Dee,Fox,Acme,,\n"+ // makes a contact
		"Dee,Fox,Acme,,Oslo\n"+ // adds to it
		"Dee,Fox,Acme,,Bergen\n"+ // would overwrite the city: another person
		"Dee,Fox,,,Oslo\n"+ // another company, too
		"Dee,Fox,Acme,dee@example.com,Oslo\n"+ // an identifier, which they lack
		"Dee,Fox,Acme,,Oslo\n") // is there
	const told = "2 rows without phone, email, WhatsApp number or external id joined by name and company alone."
	if r := must(t, 0, "check", "c.csv"); !strings.Contains(r.stderr, told) || !strings.Contains(r.stdout, "would create   4\n") {
		t.Errorf("check: %s%s", r.stdout, r.stderr)
	}
	if m := object(t, must(t, 0, "--json", "check", "c.csv")); m["by_name"] != 2.0 {
		t.Errorf("check: %v", m)
	}
	if r := must(t, 0, "import", "c.csv", "--dry-run"); !strings.Contains(r.stderr, told) || !strings.Contains(r.stdout, "that of row 1, by name") {
		t.Errorf("dry run: %s%s", r.stdout, r.stderr)
	}
	if m := object(t, must(t, 0, "--json", "import", "c.csv")); m["by_name"] != 2.0 || m["created"] != 4.0 {
		t.Errorf("import: %v", m)
	}
	if m := object(t, must(t, 0, "--json", "import", "c.csv")); m["by_name"] != 5.0 || m["unchanged"] != 6.0 {
		t.Errorf("again: %v", m)
	}
}

// What an import says reads as sentences, and names columns by their headers.
func TestImportSentences(t *testing.T) {
	t.Chdir(t.TempDir())
	for _, tt := range []struct {
		file string
		code int
		want []string // of what check says
	}{
		{"First name,Email\n", 0, []string{"There is a header and no row under it.\n"}},
		{"First name,Email,City\nAnn,a@example.com,Rome\nAnn,a@example.com,Oslo\n", 3,
			[]string{"City: this contradicts an earlier row (row 1 of the file says something else of the same contact)\n"}},
		{"Email,Birthdate\na@example.com,31/12/1990\nb@example.com,30/12/1990\n", 3,
			[]string{`Mind: the dates of column "Birthdate" are written as DD/MM/YYYY, and were read as MM/DD/YYYY: --dates dmy reads them right.` + "\n"}},
		{"Email,Birthdate\na@example.com,01/12/1990\n", 0,
			[]string{`Mind: the dates of column "Birthdate" could be MM/DD/YYYY or DD/MM/YYYY; they were read as MM/DD/YYYY. --dates declares another format.` + "\n"}},
		{"Email,First name,First name\na@example.com,Ann,Anna\n", 0,
			[]string{`Mind: column "First name" is not read, as another column is read into the same field.` + "\n"}},
		{"Our contacts\n\nEmail,First name\na@example.com,Ann\n", 0, []string{"Mind: line 1 above the header: not read.\n"}},
		{"Email,First name\nj@example.com,Jos\xe9\nz@example.com,Zo\xeb\n", 3,
			[]string{"The file is not in UTF-8; it looks like windows-1252: --encoding windows-1252 reads it so.\n"}},
	} {
		write(t, "c.csv", tt.file)
		r := must(t, tt.code, "--db", "memory:", "check", "c.csv")
		for _, want := range tt.want {
			if !strings.Contains(r.stdout+r.stderr, want) {
				t.Errorf("check of %q:\n%s%s\nwant %s", tt.file, r.stdout, r.stderr, want)
			}
		}
	}
}

// The file of rejected rows never takes the place of one that came to be while
// the import ran.
func TestErrorFileApart(t *testing.T) {
	t.Chdir(t.TempDir())
	out := &outFile{path: "c.csv.errors.csv", spare: func(i int) string { return "c.csv.errors." + string(rune('0'+i)) + ".csv" }}
	if _, err := out.Write([]byte("ours\n")); err != nil {
		t.Fatal(err)
	}
	write(t, "c.csv.errors.csv", "theirs\n")
	write(t, "c.csv.errors.2.csv", "theirs\n")
	if err := out.commit(); err != nil || out.path != "c.csv.errors.3.csv" {
		t.Fatalf("%s: %v", out.path, err)
	}
	for name, want := range map[string]string{"c.csv.errors.csv": "theirs\n", "c.csv.errors.2.csv": "theirs\n", "c.csv.errors.3.csv": "ours\n"} {
		if got, err := os.ReadFile(name); err != nil || string(got) != want {
			t.Errorf("%s: %q %v", name, got, err)
		}
	}
	if got := names(t); len(got) != 3 {
		t.Errorf("files left: %v", got)
	}
}

// A global flag that a command would not go by is refused.
func TestGlobalFlagsHeeded(t *testing.T) {
	t.Chdir(t.TempDir())
	id := added(t, "last_name=A")
	write(t, "all.csv", data.Contacts)
	must(t, 3, "import", "all.csv")
	must(t, 0, "duplicates", "--learn", "m.json")
	write(t, "c.csv", "First name,Email\nAnn,a@example.com\n")
	takes := map[string]bool{"duplicates": true, "lookup": true, "enquiry": true, "merge": true}
	for _, cmd := range commands() {
		args := []string{"--model", "m.json", cmd.name}
		for range cmd.min {
			args = append(args, id)
		}
		if takes[cmd.name] {
			continue
		}
		if got := refused(t, 2, args...); got != "--model says nothing to "+cmd.name+": duplicates, lookup, enquiry and merge --auto go by it" {
			t.Errorf("%s: %s", cmd.name, got)
		}
	}
	for _, args := range [][]string{
		{"--model", "m.json", "merge", id, id}, {"--model", "m.json", "duplicates", "--learn", "n.json"},
		{"--zone", "Asia/Hong_Kong", "dedupe", "c.csv"}, {"--role", "viewer", "dedupe", "c.csv"},
	} {
		refused(t, 2, args...)
	}
	for _, args := range [][]string{
		{"--model", "m.json", "duplicates"}, {"--model", "m.json", "lookup", "a@example.com"}, {"--model", "m.json", "merge", "--auto"},
		{"--db", "x.db", "--workspace", "w", "--actor", "a", "--region", "HK", "dedupe", "c.csv"},
	} {
		must(t, 0, args...)
	}
}
