package main

import (
	"bytes"
	"encoding/csv"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/extcontacts/extcontacts"
)

const foreign = "Vorname,Last name,Handy,Geb,Contact Label\nAnn,Lee,+85291234567,03/04/1990,VIP\nBob,Ray,12,05/06/1991,\n"

// A mapping is saved, used for another file, and remembered by the error log.
func TestSavedMapping(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "a.csv", foreign)
	must(t, exitRejected, "check", "a.csv", "--map", "Vorname=first_name,Handy=phones.mobile,Geb=birthdate", "--dates", "dmy", "--save-map", "m.json")
	r := object(t, must(t, exitRejected, "--json", "import", "a.csv", "--map-file", "m.json"))
	if r["created"] != 1.0 || r["rejected"] != 1.0 || len(r["unread"].([]any)) != 0 {
		t.Fatalf("report %v", r)
	}
	log, err := os.ReadFile("a.csv.errors.csv")
	if err != nil {
		t.Fatal(err)
	}
	write(t, "mended.csv", strings.Replace(string(log), ",12,", ",+85291234568,", 1))
	must(t, 0, "import", "mended.csv")
	if c := objects(t, must(t, 0, "--json", "search", "bob")); len(c) != 1 || c[0]["birthdate"] != "1991-06-05" {
		t.Errorf("mended %v", c)
	}
	for args, want := range map[string]string{
		"import a.csv --map-file none":                         "cannot be read: no such file",
		"import a.csv --map-file a.csv":                        "is no file that --save-map wrote",
		"import a.csv --lists some":                            "--lists takes union",
		"import a.csv --lists phones=replace,union":            "--lists takes union",
		"import a.csv --plan p.csv":                            "--plan goes with --dry-run",
		"import a.csv --dry-run --plan a.csv":                  "is the file that is imported",
		"import a.csv --dry-run --plan contacts.db":            "is the contact book",
		"import a.csv --map-file m.json --map Fax=phones.work": "the file has no column",
		"export --ids nobody":                                  "one of the ids is not that of a contact",
		"export --ids ,":                                       "--ids names no contact",
		"export --dates x":                                     "--dates is mdy, dmy or ymd",
		"export --columns last_name --comma ;;":                "--comma takes one ASCII character",
	} {
		if r := try(t, "", strings.Fields(args)...); r.code == 0 || !strings.Contains(r.stderr, want) || strings.Count(r.stderr, "\n") != 1 {
			t.Errorf("%s: code %d, %s", args, r.code, r.stderr)
		}
	}
}

// A dry run tells cell by cell what the import does, on the screen, as JSON
// and as a file.
func TestDryRunCells(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "a.csv", "First name,Last name,Mobile\nAnn,Lee,+85291234567\n")
	must(t, 0, "import", "a.csv")
	write(t, "b.csv", "First name,Last name,Mobile,Company\nAnn,Lee,+85291234567,=Acme\nBob,Ray,+85291234568,\nCleo,Poe,12,\n")
	r := must(t, exitRejected, "import", "b.csv", "--dry-run")
	for _, want := range []string{"updated", "company", "=Acme", "new", "phones.mobile", "+85291234568"} {
		if !strings.Contains(r.stdout, want) {
			t.Errorf("no %q in\n%s", want, r.stdout)
		}
	}
	plan := object(t, must(t, exitRejected, "--json", "import", "b.csv", "--dry-run", "--plan", "p.csv"))["plan"].([]any)
	if len(plan) != 3 || plan[0].(map[string]any)["outcome"] != "updated" || plan[2].(map[string]any)["outcome"] != "rejected" {
		t.Errorf("plan %v", plan)
	}
	f, err := os.Open("p.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	rows, err := csv.NewReader(f).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	if len(rows) != 1+1+5+1 || rows[1][7] != "'=Acme" || rows[7][8] != "phone_no_country_code" {
		t.Errorf("the plan's file %q", rows)
	}
	if n := object(t, must(t, 0, "--json", "count"))["count"]; n != 1.0 {
		t.Errorf("%v contacts after the dry runs", n)
	}
}

// Selections and lists are reached from the command line.
func TestSelectionAndLists(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "a.csv", "External ID: crm,Last name,Mobile,Birthdate\n1,Lee,+85291234561,01/02/1990\n2,Ray,+85291234562,\n")
	must(t, 0, "import", "a.csv")
	write(t, "b.csv", "External ID: crm,Mobile\n1,+85291234563\n")
	must(t, 0, "import", "b.csv", "--lists", "phones=replace")
	id := objects(t, must(t, 0, "--json", "search", "lee"))[0]["id"].(string)
	want := "Last name;Mobile;Birthdate\nLee;'+85291234563;01/02/1990\n"
	want = strings.Replace(want, "01/02", "02/01", 1)
	for _, stdin := range []string{"", id + "\n"} {
		ids := id
		if stdin != "" {
			ids = "-"
		}
		r := try(t, stdin, "export", "--ids", ids, "--columns", "last_name,Mobile,birthdate", "--comma", ";", "--dates", "dmy")
		if r.code != 0 || r.stdout != want {
			t.Errorf("code %d, %q, want %q", r.code, r.stdout, want)
		}
	}
}

// How far a command is stands in one line on a terminal, in plain lines now
// and then elsewhere.
func TestBar(t *testing.T) {
	var plain, terminal bytes.Buffer
	lines, drawn := &bar{w: &plain}, &bar{w: &terminal, terminal: true}
	for i := range 120 {
		p := extcontacts.Progress{Phase: extcontacts.PhaseImport, Rows: 1000 * i, Bytes: int64(i), Size: 200, Elapsed: time.Duration(i) * 100 * time.Millisecond}
		p.Counts.Rejected = i / 100
		lines.Observe(p)
		drawn.Observe(p)
	}
	lines.end()
	drawn.end()
	if got := strings.Count(plain.String(), "\n"); got != 2 || strings.ContainsAny(plain.String(), "\r\x1b") {
		t.Errorf("plain lines %q", plain.String())
	}
	if want := " 50 %  100,000 rows  10,000/s  1 rejected  10s left\n"; !strings.HasSuffix(plain.String(), want) {
		t.Errorf("the last line of\n%swant %q", plain.String(), want)
	}
	if s := terminal.String(); strings.Contains(s, "\n") || !strings.HasSuffix(s, "\r\x1b[K") || !strings.Contains(s, "[############............]") {
		t.Errorf("terminal %.200q", s)
	}
}
