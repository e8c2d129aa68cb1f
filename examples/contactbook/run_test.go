package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/extcontacts/extcontacts/examples/data"
)

// result is what a command line came to.
type result struct {
	code   int
	stdout string
	stderr string
}

// try runs a command line in the current directory of the test.
func try(t *testing.T, stdin string, args ...string) result {
	t.Helper()
	var out, msg bytes.Buffer
	args = placed(t, args)
	code := run(t.Context(), args, strings.NewReader(stdin), &out, &msg)
	return result{code, out.String(), msg.String()}
}

// must runs a command line that must end with the given code.
func must(t *testing.T, code int, args ...string) result {
	t.Helper()
	r := try(t, "", args...)
	if r.code != code {
		t.Fatalf("contactbook %s: exit code %d, want %d\n%s%s", strings.Join(args, " "), r.code, code, r.stdout, r.stderr)
	}
	return r
}

// object reads the one JSON object that a command printed.
func object(t *testing.T, r result) map[string]any {
	t.Helper()
	var m map[string]any
	if err := json.Unmarshal([]byte(r.stdout), &m); err != nil {
		t.Fatalf("not one JSON object: %v\n%s%s", err, r.stdout, r.stderr)
	}
	return m
}

// objects reads JSON lines.
func objects(t *testing.T, r result) []map[string]any {
	t.Helper()
	var list []map[string]any
	for line := range strings.Lines(r.stdout) {
		list = append(list, object(t, result{stdout: line}))
	}
	return list
}

// shape checks the keys of an object.
func shape(t *testing.T, m map[string]any, keys ...string) {
	t.Helper()
	var have []string
	for k := range m {
		have = append(have, k)
	}
	slices.Sort(have)
	slices.Sort(keys)
	if !slices.Equal(have, keys) {
		t.Errorf("keys are %v, want %v", have, keys)
	}
}

// filled goes to a fresh directory with contacts.csv and a book of it.
func filled(t *testing.T) {
	t.Helper()
	t.Chdir(t.TempDir())
	write(t, "contacts.csv", data.Contacts)
	must(t, exitRejected, "import", "contacts.csv")
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
		t.Fatal(err)
	}
}

func names(t *testing.T) []string {
	t.Helper()
	list, err := filepath.Glob("*")
	if err != nil {
		t.Fatal(err)
	}
	hidden, _ := filepath.Glob(".*")
	return append(list, hidden...)
}

// Wrong usage is one sentence and exit code 2; what fails is one and 1.
// Neither makes a file.
func TestRefusals(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "c.csv", data.Contacts)
	write(t, "empty.csv", "")
	write(t, "unknown.csv", "foo,bar\n1,2\n")
	write(t, "binary.csv", "PK\x03\x04\x00\x00\x00\x00\x00\x01\x02\x03")
	write(t, "text.db", strings.Repeat("this is no database\n", 100))
	before := names(t)
	for _, tt := range []struct {
		args string
		code int
		want string
	}{
		{"", 2, "no command given"},
		{"serch x", 2, `unknown command "serch"; did you mean search?`},
		{"--bogus list", 2, `unknown flag "--bogus"`},
		{"list --json", 2, "--json is a global flag"},
		{"list x", 2, "list takes no operand"},
		{"import", 2, "import needs FILE"},
		{"import c.csv d.csv", 2, "one operand too many"},
		{"import c.csv --eror x", 2, "did you mean --errors?"},
		{"import c.csv --errors", 2, "--errors needs a value"},
		{"import c.csv --mode x", 2, "--mode is create, update or upsert"},
		{"import c.csv --mode create --mode update", 2, "--mode is given twice"},
		{"import c.csv --match x", 2, `unknown key "x"`},
		{"import c.csv --dates x", 2, "--dates is mdy, dmy or ymd"},
		{"import c.csv --errors c.csv", 2, "is the file that is imported"},
		{"import c.csv --errors no/where.csv", 1, "there is no directory"},
		{"import none.csv", 1, `there is no file "none.csv"`},
		{"import .", 1, "is a directory"},
		{"import empty.csv", 1, "it is empty"},
		{"import binary.csv", 1, `"binary.csv": it is a zip file`},
		{"import unknown.csv", 1, "no column of its header is understood"},
		{"check none.csv", 1, `there is no file "none.csv"`},
		{"check unknown.csv", 1, "no column of its header is understood"},
		{"add company=x", 1, "last_name: a value is required"},
		{"add compny=x", 2, `unknown field "compny"; did you mean company?`},
		{"add last_name", 2, "no assignment"},
		{"add last_name=a last_name=b", 2, "given twice"},
		{"add last_name+=a", 2, "holds one value"},
		{"add rev=3", 2, "rev cannot be set"},
		{"add phones=+85212345678", 2, "needs a kind"},
		{"add last_name=x mobile=12", 1, "mobile: the phone number"},
		{"label a;b", 1, "this cannot be a label"},
		{"label a --colour red", 1, "this is no colour"},
		{"field x", 2, "a new field needs its kind"},
		{"field x --kind zzz", 2, "unknown kind of field"},
		{"field X --kind text", 1, "this cannot be the key of a field"},
		{"list", 1, `there is no contact book "contacts.db"`},
		{"verify", 1, "there is no contact book"},
		{"--db text.db list", 1, `the contact book "text.db" cannot be opened: it is no SQLite database`},
		{"--db text.db import c.csv", 1, "it is no SQLite database"},
		{"--db . list", 1, "is a directory"},
		{"--db no/where.db import c.csv", 1, "cannot be opened"},
		{"--db postgres:x list", 2, "needs a URL"},
		{"--db mysql://x list", 2, "the URL cannot be right"},
		{"--db foo:bar list", 2, "unknown kind of store"},
		{"--db memory: search foo:bar", 2, `the query cannot be understood at "foo:bar"`},
		{"--db memory: search (a", 2, "unclosed bracket"},
		{"--db memory: search a --limit -1", 2, `--limit takes a whole number of 0 or more, not "-1"`},
		{"--db memory: list --limit=-1", 2, "--limit takes a whole number of 0 or more"},
		{"--db memory: acts --limit -1", 2, "--limit takes a whole number of 0 or more"},
		{"--db memory: log --limit -1", 2, "--limit takes a whole number of 0 or more"},
		{"import c.csv --map Fax=phones.work", 2, `--map: the file has no column "Fax"`},
		{"check c.csv --map Fax=phones.work", 2, `--map: the file has no column "Fax"`},
		{"import c.csv --map Mobile=phnes.work", 2, `--map: there is no field "phnes.work" (did you mean phones.work?)`},
		{"check c.csv --map Mobile=phnes.work", 2, "--map: there is no field"},
		{"import c.csv --map Mobile", 2, `--map is COLUMN=FIELD,..., not "Mobile"`},
		{"import c.csv --map Mobile=", 2, "--map is COLUMN=FIELD,..."},
		{"import c.csv --map Mobile=-,Mobile=phones.work", 2, `column "Mobile" is given twice`},
		{"import c.csv --comma ;;", 2, "--comma takes one ASCII character"},
		{`import c.csv --comma "`, 2, "--comma takes one ASCII character"},
		{"check c.csv --encoding klingon", 2, `--encoding: unknown encoding "klingon"`},
		{"dedupe c.csv --comma", 2, "--comma needs a value"},
		{"--db memory: search a --cursor zzz", 2, "the cursor is not one of this query"},
		{"--db memory: show x", 1, `there is no contact "x"`},
		{"--db memory: show x --at yesterday", 2, "--at takes a time"},
		{"--db memory: set x company=y", 1, `there is no contact "x"`},
		{"--db memory: delete x", 1, `there is no contact "x"`},
		{"--db memory: erase x", 1, `there is no contact "x"`},
		{"--db memory: undo x", 1, `there is no act "x"`},
		{"--db memory: merge x y", 1, `there is no contact "x"`},
		{"--db memory: lookup x", 2, "a key is written like phone:+85212345678"},
		{"--db memory: lookup fax:1", 2, "unknown kind of key"},
		{"--db memory: lookup phone:1", 2, "is no phone number"},
		{"--db memory: activity x dance", 2, "unknown kind of activity"},
		{"--db memory: duplicates --min 2", 2, "between 0 and 1"},
		{"dedupe none.csv", 1, "there is no file"},
		{"dedupe c.csv --link", 2, "--link compares two files"},
		{"dedupe c.csv c.csv", 2, "not with itself"},
		{"dedupe c.csv --map Mobile=fax", 2, "unknown kind"},
		{"dedupe c.csv --map Fax=phone", 2, "no column"},
		{"dedupe unknown.csv", 2, "--map COLUMN=KIND"},
		{"dedupe c.csv --id Country", 1, "row 8 has no id"},
		{"dedupe c.csv --id Type", 1, "row"},
	} {
		if r := try(t, "", append([]string{"--json"}, strings.Fields(tt.args)...)...); r.code != tt.code || r.stdout != "" || strings.Count(r.stderr, "\n") != 1 {
			t.Errorf("contactbook --json %s: code %d, want %d and one sentence:\n%s%s", tt.args, r.code, tt.code, r.stdout, r.stderr)
		}
		r := try(t, "", strings.Fields(tt.args)...)
		if r.code != tt.code || !strings.Contains(r.stderr, tt.want) {
			t.Errorf("contactbook %s: code %d, want %d with %q in\n%s", tt.args, r.code, tt.code, tt.want, r.stderr)
		}
		if strings.Count(r.stderr, "\n") != 1 || r.stdout != "" {
			t.Errorf("contactbook %s: not one sentence:\n%s%s", tt.args, r.stdout, r.stderr)
		}
		if got := names(t); !slices.Equal(got, before) {
			t.Fatalf("contactbook %s: files are %v", tt.args, got)
		}
	}
}

func TestHelp(t *testing.T) {
	for _, args := range [][]string{{"help"}, {"-h"}, {"--help"}} {
		r := must(t, 0, args...)
		for _, c := range commands() {
			if !strings.Contains(r.stdout, "\n  "+c.name) {
				t.Errorf("%v does not name %s", args, c.name)
			}
		}
	}
	for _, c := range commands() {
		a, b := must(t, 0, "help", c.name), must(t, 0, c.name, "-h")
		if a != b || !strings.HasPrefix(a.stdout, "usage: contactbook") {
			t.Errorf("help of %s: %q, %q", c.name, a.stdout, b.stdout)
		}
	}
}

// Text from a contact cannot act on the terminal, in no form of output.
func TestNoControlCharacters(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "c.csv", "First name,Last name,Company\nA\u202eb,\u200fC\u0085,D\u2066\nok,ok,fine\n")
	try(t, "", "import", "c.csv")
	for _, args := range [][]string{{"list"}, {"--json", "list"}, {"search", "fine"}, {"log"}, {"--json", "check", "c.csv"}, {"check", "c.csv"}} {
		r := try(t, "", args...)
		for _, c := range strings.TrimRight(r.stdout+r.stderr, "\n") {
			if c != '\n' && harmful(c) {
				t.Errorf("%v prints %U", args, c)
			}
		}
	}
	if got := plain("a\x1b[31m\u202e\xff\u200d\n"); got != `a\u001b[31m\u202e\xff`+"\u200d"+`\n` {
		t.Errorf("plain: %q", got)
	}
}
