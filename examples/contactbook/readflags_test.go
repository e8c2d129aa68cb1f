package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"golang.org/x/text/encoding/charmap"

	"github.com/extcontacts/extcontacts/examples/data"
)

// What the header does not say is declared, for import and check alike.
func TestDeclared(t *testing.T) {
	t.Chdir(t.TempDir())
	text, err := charmap.Windows1252.NewEncoder().String("Sur, name#Ring#Shoe size\nMüller#+442079460000#43\nÅse#+442079460001#38\n")
	if err != nil {
		t.Fatal(err)
	}
	write(t, "c.csv", text)
	args := []string{"c.csv", "--comma", "#", "--encoding", "Windows-1252", "--map", "Sur, name=last_name,Ring=phones.home"}
	m := object(t, must(t, 0, append([]string{"--json", "check"}, args...)...))
	if m["encoding"] != "windows-1252" || m["dialect"].(map[string]any)["comma"] != "#" {
		t.Errorf("check: %v", m)
	}
	m = object(t, must(t, 0, append([]string{"--json", "import"}, args...)...))
	if unread := m["unread"].([]any); m["created"] != 2.0 || len(unread) != 1 || unread[0].(map[string]any)["header"] != "Shoe size" {
		t.Errorf("import: %v", m)
	}
	c := objects(t, must(t, 0, "--json", "search", "Müller"))
	if len(c) != 1 || c[0]["phones"].([]any)[0].(map[string]any)["kind"] != "home" {
		t.Errorf("imported: %v", c)
	}
	// The book is there now: a column that is not is told before anything is written.
	r := must(t, 2, "import", "c.csv", "--comma", "#", "--encoding", "windows-1252", "--map", "Sur, name=last_name", "--map", "Fax=-")
	if r.stdout != "" || r.stderr != "contactbook: --map: the file has no column \"Fax\"\n" {
		t.Errorf("a column that is not there: %+v", r)
	}
	write(t, "t.csv", "Last name\tMobile\tHome\nLee, Ann\t+85261234567\t+85221234567\n")
	m = object(t, must(t, 0, "--json", "import", "t.csv", "--comma", "tab", "--map", "Home=-"))
	if m["created"] != 1.0 || len(m["unread"].([]any)) != 0 {
		t.Errorf("tabs: %v", m)
	}
	if c := objects(t, must(t, 0, "--json", "search", "Ann")); len(c) != 1 || len(c[0]["phones"].([]any)) != 1 {
		t.Errorf("a column left out: %v", c)
	}
}

// The report of an import has the rejected rows and why.
func TestImportRejections(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "c.csv", "First name,Mobile,Email,Shoes\nAnn,91234567,ann@mail.example,1\nBob,,bob@mail.example,2\nLee,,nobody,3\n")
	m := object(t, must(t, 3, "--json", "import", "c.csv"))
	rows := m["rejections"].([]any)
	if m["filled"] != 1.0 || m["created"] != 1.0 || len(rows) != 2 {
		t.Fatalf("report: %v", m)
	}
	row := rows[1].(map[string]any)
	shape(t, row, "row", "line", "faults")
	if row["row"] != 3.0 || row["line"] != 4.0 || row["faults"].([]any)[0].(map[string]any)["column"] != "Email" {
		t.Errorf("rejected: %v", row)
	}
	if m := object(t, must(t, 0, "--json", "import", "c.csv", "--map", "Mobile=-,Email=-")); len(m["rejections"].([]any)) != 0 {
		t.Errorf("nothing is rejected: %v", m)
	}
}

// The kinds of columns are those of an import.
func TestDedupeHeaders(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "c.csv", "Contacts of May\n\nName,Primary Email,Primary Phone\nAda Lovelace,ada@mail.example,+442079460000\n"+
		"Bob Smith,bob@mail.example,+442079460001\nAda Lovelace,ADA@mail.example,\nBob Smith,,+44 20 7946 0001\n")
	lines := objects(t, must(t, 0, "--json", "dedupe", "c.csv"))
	var keys []string
	for _, l := range lines {
		if l["a"] != nil {
			keys = append(keys, fmt.Sprint(l["a"], "=", l["b"]))
		}
	}
	if len(keys) != 2 || !strings.Contains(strings.Join(keys, " "), "1=3") || !strings.Contains(strings.Join(keys, " "), "2=4") {
		t.Errorf("pairs: %v\n%v", keys, lines)
	}
	in := try(t, "Last name;Mobile\nLee;9123 4567\nLee;+85291234567\n", "--region", "HK", "--json", "dedupe", "-", "--comma", ";")
	if in.code != 0 || len(objects(t, in)) != 3 {
		t.Errorf("standard input: %+v", in)
	}
	if r := must(t, 0, "help", "dedupe"); !strings.Contains(r.stdout, "- reads standard input") {
		t.Errorf("help: %s", r.stdout)
	}
}

// Rows that were left out are told, by the exit code too.
func TestDedupeDamaged(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "c.csv", "Last name,Email\nLee,lee@mail.example\nR\xffy,ray@mail.example\nLee,lee@mail.example\n")
	for _, args := range [][]string{{"dedupe", "c.csv"}, {"--json", "dedupe", "c.csv"}} {
		if r := must(t, 3, args...); !strings.Contains(r.stderr, "1 damaged row left out.") || !strings.Contains(r.stderr, "row 2, line 3: ") || r.stdout == "" {
			t.Errorf("%v: %+v", args, r)
		}
	}
	must(t, 0, "dedupe", "c.csv", "--encoding", "latin1")
}

// A limit of 0 is none.
func TestNoLimit(t *testing.T) {
	filled(t)
	for _, args := range [][]string{{"list"}, {"search", "label:VIP"}, {"acts"}, {"log"}, {"search", "label:VIP", "--explain"}} {
		all := must(t, 0, append([]string{"--json"}, args...)...)
		if r := must(t, 0, append(append([]string{"--json"}, args...), "--limit", "0")...); r.stdout != all.stdout || r.stdout == "" {
			t.Errorf("%v: %d bytes, %d without", args, len(r.stdout), len(all.stdout))
		}
	}
	for _, name := range []string{"search", "count"} {
		if r := must(t, 0, "help", name); !strings.Contains(r.stdout, name+" [QUERY]") && !strings.Contains(r.stdout, "[FLAGS] [QUERY]") {
			t.Errorf("help %s: %s", name, r.stdout)
		}
	}
}

func TestPercent(t *testing.T) {
	for score, want := range map[float64]string{1: "100%", 0.99996: "99.9%", 0.996: "99.6%", 0.9: "90.0%", 0: "0.0%"} {
		if got := percent(score); got != want {
			t.Errorf("%v is %s, want %s", score, got, want)
		}
	}
}

// A key that this book cannot be searched by is wrong use, and makes no book.
func TestMatchKeyUnknown(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "c.csv", data.Contacts)
	for _, match := range []string{"custom:nope", "email,custom:nope"} {
		r := try(t, "", "import", "c.csv", "--match", match)
		if r.code == exitRejected {
			t.Skip("the library takes any key yet")
		}
		if r.code != exitUsage || strings.Count(r.stderr, "\n") != 1 || !strings.Contains(r.stderr, "nope") {
			t.Errorf("--match %s: %+v", match, r)
		}
	}
	if _, err := os.Stat("contacts.db"); err == nil {
		t.Error("a book was made")
	}
}
