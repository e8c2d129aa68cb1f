package main

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/extcontacts/extcontacts/store"
)

// refused runs a command line that must fail with one sentence, and nothing
// on standard output, and returns the sentence.
func refused(t *testing.T, code int, args ...string) string {
	t.Helper()
	for _, args := range [][]string{args, append([]string{"--json"}, args...)} {
		r := must(t, code, args...)
		if r.stdout != "" || strings.Count(r.stderr, "\n") != 1 || len(r.stderr) > 600 {
			t.Errorf("contactbook %.100q: not one short sentence:\n%s%s", args, r.stdout, r.stderr)
		}
	}
	return strings.TrimSuffix(strings.TrimPrefix(must(t, code, args...).stderr, "contactbook: "), "\n")
}

func added(t *testing.T, fields ...string) string {
	t.Helper()
	return object(t, must(t, 0, append([]string{"--json", "add"}, fields...)...))["id"].(string)
}

// Each message says what to do, in terms of the command line.
func TestMessages(t *testing.T) {
	t.Chdir(t.TempDir())
	a, b, c := added(t, "last_name=A"), added(t, "last_name=B"), added(t, "last_name=C")
	gone, erased, apart := added(t, "last_name=D"), added(t, "last_name=E"), added(t, "last_name=F")
	must(t, 0, "merge", a, b)
	must(t, 0, "delete", gone)
	must(t, 0, "erase", erased)
	must(t, 0, "distinct", a, apart)
	long := strings.Repeat("x", 5000)
	for _, tt := range []struct {
		code int
		args []string
		want string // all of it, or with ... behind it its beginning
	}{
		{1, []string{"merge", a, a}, "contact " + a + " cannot be merged with itself"},
		{1, []string{"merge", a, c, c}, "contact " + c + " is given twice"},
		{1, []string{"merge", a, b}, `contact "` + b + `" was merged into ` + a + " already"},
		{1, []string{"merge", b, a}, `contact "` + b + `" was merged into ` + a + " already"},
		{1, []string{"merge", a, gone}, "contact " + gone + " is deleted: restore it first"},
		{1, []string{"merge", erased, a}, "contact " + erased + " was erased: nothing is left to be merged"},
		{1, []string{"merge", a, "nope"}, `there is no contact "nope"`},
		{1, []string{"merge", a, apart, "--dry-run"}, "contacts " + apart + " and " + a + " were said to be two people; undo that first"},
		{1, []string{"merge", a, apart}, "contacts " + apart + " and " + a + " were said to be two people; undo that first"},
		{1, []string{"delete", a, "nope"}, `there is no contact "nope"; nothing was done`},
		{1, []string{"restore", gone, "nope"}, `there is no contact "nope"; nothing was done`},
		{1, []string{"distinct", a, "nope"}, `there is no contact "nope"; nothing was done`},
		{1, []string{"set", gone, "company=x"}, "contact " + gone + " is deleted; restore it first"},
		{1, []string{"set", erased, "company=x"}, "contact " + erased + " was erased"},
		{2, []string{"export", "--columns", "id"}, "id cannot be exported"},
		{2, []string{"set", a, "id=1"}, "id cannot be set"},
		{2, []string{"merge", a, c, "--take", "id=" + c}, "id cannot be taken"},
		{1, []string{"add", "last_name=x", "birthdate=1990"}, "birthdate: this is a number and no date (write it as YYYY-MM-DD, such as 1990-02-03)"},
		{1, []string{"add", "last_name=x", "birthdate=02/03/1990"}, "birthdate: the date is written in another way (write it as YYYY-MM-DD, such as 1990-02-03)"},
		{1, []string{"add", "last_name=x", "birthdate=1990-02-30"}, "birthdate: the date does not exist..."},
		{1, []string{"add", "email=nobody", "mobile=91234567", "level=9", "birthdate=x"}, "email: this is no email address (an address has an @: name@example.com); " +
			"mobile: the phone number has no country code (begin with + and the country code (+852…), or name the country with --region); level: ..."},
		{1, []string{"set", a, "email=nobody", "birthdate=x", "primary_email=y@mail.example"}, "email: this is no email address (an address has an @: name@example.com); birthdate: the date is written in another way..."},
		{2, []string{"add", "compny=x", "email=nobody", "company", "city=y"}, `unknown field "compny"; did you mean company?; ` +
			`"company" is no assignment: write FIELD=VALUE, FIELD+=VALUE or FIELD-=VALUE; email: this is no email address...`},
		{2, []string{"lookup", "phone:91234567"}, `"91234567" is no phone number: the phone number has no country code (begin with + and the country code (+852…), or name the country with --region)`},
		{2, []string{"search", long}, "the query is too long (a query has at most 4096 bytes)"},
		{2, []string{"search", "foo:" + long[:4000]}, `the query cannot be understood at "foo`},
		{2, []string{"list", long}, `list takes no operand, not "xxxx...`},
		{2, []string{"add", long}, `"xxxx...`},
		{2, []string{"add", long + "=1"}, `unknown field "xxxx...`},
	} {
		got := refused(t, tt.code, tt.args...)
		want, open := strings.CutSuffix(tt.want, "...")
		if strings.Contains(tt.want, `at "foo`) {
			open = true
		}
		if got != want && !(open && strings.HasPrefix(got, want)) {
			t.Errorf("contactbook %.80q:\n%s\nwant\n%s", tt.args, got, tt.want)
		}
	}
	if got := refused(t, 2, "search", "foo:"+long[:4000]); !strings.Contains(got, `…"`) || len(got) > 200 {
		t.Errorf("a long query: %s", got)
	}
	if c := object(t, must(t, 0, "--json", "set", a, "birthdate=1990-02-03", "email=a@mail.example", "primary_email=a@mail.example")); c["birthdate"] != "1990-02-03" {
		t.Errorf("nothing is wrong with %v", c)
	}
}

// A row's line has each hint once, and it is this command's.
func TestRowHints(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "c.csv", "Last name,Mobile,Work\nLee,91234567,91234568\n")
	r := must(t, 3, "import", "c.csv")
	if strings.Count(r.stderr, "--region") != 1 || strings.Contains(r.stderr, "default region") || !strings.Contains(r.stderr, "Work: the phone number has no country code\n") {
		t.Errorf("import: %s", r.stderr)
	}
	for _, name := range []string{"check", "import"} {
		if r := must(t, 3, "--json", name, "c.csv"); strings.Contains(r.stdout, "default region") || !strings.Contains(r.stdout, "--region") {
			t.Errorf("%s: %s", name, r.stdout)
		}
	}
}

// Too many columns are told with the limit.
func TestTooManyColumns(t *testing.T) {
	t.Chdir(t.TempDir())
	wide := strings.Repeat(",", 10_001)
	write(t, "header.csv", "Last name"+wide+"\nLee\n")
	write(t, "row.csv", "Last name,Email\nLee"+wide+"\n")
	const want = "the row has too many columns (at most 10,000; take the row from the original file and shorten it)"
	for _, name := range []string{"import", "check", "dedupe"} {
		if got := refused(t, 1, name, "header.csv"); got != `"header.csv": row 1, line 1: `+want {
			t.Errorf("%s of the header: %s", name, got)
		}
	}
	if r := must(t, 3, "import", "row.csv"); !strings.Contains(r.stderr, "row 1, line 2: "+want+"\n") {
		t.Errorf("row: %s", r.stderr)
	}
}

// A label answers by the name it is stored under.
func TestLabelSpelling(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, 0, "label", "VIP")
	for _, args := range [][]string{{"label", "vip"}, {"label", " vip", "--colour", "#00ff00"}} {
		if r := must(t, 0, args...); r.stdout != "Label VIP is set.\n" {
			t.Errorf("%v: %s", args, r.stdout)
		}
	}
}

type engineError int

func (e engineError) Error() string { return fmt.Sprintf("engine text (%d)", int(e)) }
func (e engineError) Code() int     { return int(e) }

// A book that may not be written is told in one sentence.
func TestReadOnlyBook(t *testing.T) {
	for code, want := range map[int]string{
		8: "the contact book cannot be written: its file or directory is read-only", 1544: "the contact book cannot be written: its file or directory is read-only",
		5: "another process keeps the contact book locked", 13: "the contact book cannot be written: the disk is full",
		99: "the store failed (apply): engine text (99)",
	} {
		if got := sentence(fmt.Errorf("extcontacts: %w", &store.Error{Op: "apply", Err: engineError(code)})); got != want {
			t.Errorf("%d: %s", code, got)
		}
	}
	filled(t)
	for _, lock := range []struct {
		name string
		mode os.FileMode
	}{{".", 0o500}, {"contacts.db", 0o400}} {
		if err := os.Chmod("contacts.db", 0o600); err != nil {
			t.Fatal(err)
		}
		if err := os.Chmod(lock.name, lock.mode); err != nil {
			t.Fatal(err)
		}
		f, err := os.OpenFile("contacts.db", os.O_RDWR|os.O_CREATE, 0o600)
		if g, free := os.CreateTemp(".", "probe"); free == nil {
			g.Close()
			os.Remove(g.Name())
			if err == nil {
				f.Close()
				t.Skip("nothing is kept from this user")
			}
		} else if err == nil {
			f.Close()
		}
		if got := refused(t, 1, "add", "last_name=x"); strings.Count(got, "cannot be written") != 1 && !strings.HasSuffix(got, "cannot be opened: it cannot be written") || strings.ContainsAny(got, "()") {
			t.Errorf("%s at %o: %s", lock.name, lock.mode, got)
		}
		if err := os.Chmod(lock.name, 0o700); err != nil {
			t.Fatal(err)
		}
	}
}

// A workspace that nothing was written to is most often a typing error.
func TestEmptyWorkspace(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, 0, "--workspace", "sales", "add", "last_name=A")
	if r := must(t, 0, "--workspace", "sales", "list"); strings.Contains(r.stderr, "Nothing") {
		t.Errorf("a workspace with contacts: %s", r.stderr)
	}
	const want = "Nothing was ever written to the workspace \"sale\".\n"
	for _, args := range [][]string{{"list"}, {"search", "A"}, {"export"}, {"--json", "count"}} {
		if r := must(t, 0, append([]string{"--workspace", "sale"}, args...)...); !strings.HasSuffix(r.stderr, want) {
			t.Errorf("%v: %q", args, r.stderr)
		}
	}
}
