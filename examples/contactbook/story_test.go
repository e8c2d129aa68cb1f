package main

import (
	"bytes"
	"context"
	"database/sql"
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/extcontacts/extcontacts/examples/data"
)

var importKeys = []string{"rows", "created", "updated", "unchanged", "skipped", "rejected", "act", "errors_file", "filled", "rejections", "unread"}

func TestImport(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "contacts.csv", data.Contacts)
	if m := object(t, must(t, 3, "--json", "import", "contacts.csv", "--dry-run")); m["created"] != 298.0 || m["act"] != "" {
		t.Errorf("dry run: %v", m)
	}
	if got := names(t); len(got) != 1 {
		t.Fatalf("a dry run made files: %v", got)
	}
	r := must(t, 3, "--json", "import", "contacts.csv")
	m := object(t, r)
	shape(t, m, importKeys...)
	if m["rows"] != 300.0 || m["created"] != 298.0 || m["rejected"] != 2.0 || m["errors_file"] != "contacts.csv.errors.csv" || m["act"] == "" {
		t.Errorf("report: %v", m)
	}
	if !strings.Contains(r.stderr, "There are 2 records that failed to import. Download the file with the error log.") ||
		!strings.Contains(r.stderr, "contacts.csv.errors.csv") {
		t.Errorf("message: %s", r.stderr)
	}
	log, err := os.ReadFile("contacts.csv.errors.csv")
	if err != nil {
		t.Fatal(err)
	}
	// A log that may be under repair is never written over.
	if m := object(t, must(t, 3, "--json", "import", "contacts.csv")); m["unchanged"] != 298.0 || m["errors_file"] != "contacts.csv.errors.2.csv" {
		t.Errorf("again: %v", m)
	}
	write(t, "contacts.csv.errors.csv", strings.NewReplacer("+8521234,", "+85212345678,", "31/12/1985", "12/31/1985").Replace(string(log)))
	if m := object(t, must(t, 0, "--json", "import", "contacts.csv.errors.csv")); m["created"] != 2.0 || m["errors_file"] != "" {
		t.Errorf("mended: %v", m)
	}
	in := try(t, data.Contacts, "--json", "--workspace", "other", "import", "-", "--errors", "stdin.csv")
	if m := object(t, in); in.code != 3 || m["created"] != 298.0 || m["errors_file"] != "stdin.csv" {
		t.Errorf("standard input: %v %s", in.code, in.stderr)
	}
	if m := object(t, must(t, 0, "--json", "count", "")); m["count"] != 300.0 {
		t.Errorf("count: %v", m)
	}
	if m := object(t, must(t, 0, "--json", "verify")); m["contacts"] != 300.0 || len(m["differences"].([]any)) != 0 {
		t.Errorf("verify: %v", m)
	} else {
		shape(t, m, "contacts", "live", "acts", "entries", "head", "differences")
		if again := must(t, 0, "verify", "--repair", "--head", m["head"].(string)); !strings.Contains(again.stdout, "all is as it should be") {
			t.Errorf("verify --repair: %s", again.stdout)
		}
		if cut := try(t, "", "verify", "--head", "9"+m["head"].(string)); cut.code != 1 || !strings.Contains(cut.stdout, "log_cut") {
			t.Errorf("verify with a head that the log never had: %d %s", cut.code, cut.stdout)
		}
		if m["live"] != 300.0 || m["entries"] != m["acts"] {
			t.Errorf("verify: %v", m)
		}
	}
}

func TestCheckAndTemplate(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "contacts.csv", data.Contacts)
	m := object(t, must(t, 3, "--json", "check", "contacts.csv"))
	shape(t, m, "dialect", "encoding", "columns", "rows", "faults", "repairs")
	row := m["faults"].([]any)[0].(map[string]any)
	shape(t, row, "row", "line", "faults")
	if row["row"] != 58.0 || row["line"] != 59.0 {
		t.Errorf("first rejected row: %v", row)
	}
	must(t, 0, "template", "-o", "t.csv")
	if b, err := os.ReadFile("t.csv"); err != nil || !strings.HasPrefix(string(b), "First name,Last name,Mobile,") {
		t.Errorf("template: %q %v", b, err)
	}
	if got := names(t); len(got) != 2 {
		t.Errorf("files: %v", got)
	}
}

func TestExportComesBack(t *testing.T) {
	filled(t)
	must(t, 0, "export", "-o", "a.csv")
	must(t, 0, "--db", "b.db", "import", "a.csv")
	must(t, 0, "--db", "b.db", "export", "-o", "b.csv")
	a, _ := os.ReadFile("a.csv")
	b, _ := os.ReadFile("b.csv")
	if len(a) == 0 || string(a) != string(b) {
		t.Error("the export of the import differs")
	}
	r := must(t, 0, "export", "label:VIP country=HK", "--columns", "last_name,Other Phone,phones", "--excel")
	if !strings.HasPrefix(r.stdout, "\ufeffLast name,") {
		t.Errorf("columns: %.60q", r.stdout)
	}
	if kind == "" { // the file is the contact book
		must(t, 2, "export", "-o", "contacts.db")
	}
}

func TestSearch(t *testing.T) {
	filled(t)
	all := objects(t, must(t, 0, "--json", "list"))
	if len(all) != 298 {
		t.Fatalf("list has %d", len(all))
	}
	var paged []string
	cursor := ""
	for {
		args := []string{"--json", "list", "--limit", "100"}
		if cursor != "" {
			args = append(args, "--cursor", cursor)
		}
		r := must(t, 0, args...)
		for _, c := range objects(t, r) {
			paged = append(paged, c["id"].(string))
		}
		_, rest, more := strings.Cut(r.stderr, "--cursor ")
		if cursor = strings.TrimSpace(rest); !more {
			break
		}
	}
	for i, c := range all {
		if len(paged) != len(all) || c["id"] != paged[i] {
			t.Fatalf("pages differ from the list: %d, %d", len(paged), len(all))
		}
	}
	r := must(t, 0, "--json", "search", "label:VIP", "-country=HK", "--explain")
	for _, c := range objects(t, r) {
		if c["match"] == nil {
			t.Errorf("no reasons: %v", c)
		}
	}
	if r := must(t, 0, "count", "-label:VIP"); r.stdout == "298\n" || r.stdout == "0\n" {
		t.Errorf("a query that begins with a minus: %s", r.stdout)
	}
}

func TestEditAndHistory(t *testing.T) {
	t.Chdir(t.TempDir())
	c := object(t, must(t, 0, "--json", "add", "First name=Ada", "last_name=Li", "mobile=+85261234567", "email=ada@mail.example",
		"labels=VIP;Press", "country=Hong Kong", "birthdate=1990-02-03", "external_ids.crm=7", "whatsapp=+85261234567"))
	shape(t, c, "id", "rev", "first_name", "last_name", "level", "type", "birthdate", "address", "phones", "emails", "socials", "labels",
		"external_ids", "created_at", "updated_at")
	id := c["id"].(string)
	c = object(t, must(t, 0, "--json", "set", id, "--rev", "1", "mobile=+85269999999", "work+=+85221234567", "labels-=vip", "job title=Boss", "birthdate="))
	if len(c["phones"].([]any)) != 2 || c["rev"] != 2.0 || c["job_title"] != "Boss" || c["birthdate"] != nil || len(c["labels"].([]any)) != 1 {
		t.Errorf("set: %v", c)
	}
	c = object(t, must(t, 0, "--json", "set", id, "primary_phone=+85221234567"))
	if p := c["phones"].([]any)[0].(map[string]any); p["kind"] != "work" || p["primary"] != true {
		t.Errorf("primary phone: %v", p)
	}
	if r := must(t, 1, "set", id, "--rev", "1", "company=X"); !strings.Contains(r.stderr, "is at revision 3, not 1") {
		t.Errorf("conflict: %s", r.stderr)
	}
	must(t, 0, "set", id, "company=X")
	if lines := objects(t, must(t, 0, "--json", "log", id)); len(lines) < 5 {
		t.Errorf("log: %v", lines)
	} else {
		shape(t, lines[0], "act", "at", "actor", "via", "op", "id", "path", "old", "new")
	}
	acts := objects(t, must(t, 0, "--json", "acts"))
	shape(t, acts[0], "id", "kind", "at", "actor", "source", "counts", "undone_by")
	u := object(t, must(t, 0, "--json", "undo", acts[0]["id"].(string), "--dry-run"))
	shape(t, u, "act", "undone", "restored", "kept", "clashes")
	must(t, 0, "undo", acts[0]["id"].(string))
	must(t, 1, "undo", acts[0]["id"].(string))
	if c := object(t, must(t, 0, "--json", "show", id)); c["company"] != nil {
		t.Errorf("undone: %v", c)
	}
	must(t, 0, "activity", id, "enquiry", "--ref", "E1", "--agent", "a", "--agent", "b")
	a := object(t, must(t, 0, "--json", "activity", id, "call", "--at", "2026-05-01", "--text", "hello"))
	if a["at"] != "2026-05-01T00:00:00Z" || a["contact"] != id {
		t.Errorf("activity: %v", a)
	}
	c = object(t, must(t, 0, "--json", "show", id, "--log", "--activities"))
	if len(c["activities"].([]any)) != 2 || len(c["log"].([]any)) < 5 {
		t.Errorf("show: %v", c)
	}
	must(t, 1, "show", id, "--at", "2001-01-01")
	must(t, 0, "show", id, "--at", "2999-01-01")
	l := object(t, must(t, 0, "--json", "lookup", "phone:+852 6999 9999"))
	shape(t, l, "contacts", "suggestions")
	shape(t, l["contacts"].([]any)[0].(map[string]any), "id", "key", "verified")
	must(t, 0, "lookup", "external:crm:7")
	must(t, 0, "delete", id)
	if r := must(t, 0, "delete", id); r.stdout != "Nothing to do.\n" {
		t.Errorf("deleting twice: %s", r.stdout)
	}
	must(t, 1, "set", id, "company=Z")
	must(t, 0, "restore", id)
	must(t, 0, "erase", id)
	must(t, 1, "restore", id)
}

// A model that was learnt and kept weighs the search; what is counted below the
// list is what is in it.
func TestLearntModel(t *testing.T) {
	filled(t)
	must(t, 0, "duplicates", "--learn", "m.json")
	shipped, learnt := must(t, 0, "--json", "duplicates").stdout, must(t, 0, "--json", "--model", "m.json", "duplicates").stdout
	if shipped == learnt {
		t.Error("the learnt model says what the shipped one says")
	}
	if r := must(t, 0, "duplicates", "--learn", "-"); r.stderr != "" || !strings.HasPrefix(r.stdout, "{") {
		t.Errorf("a model to standard output: %s", r.stderr)
	}
	must(t, 2, "duplicates", "--learn", "m.json", "--explain")
	must(t, 1, "--model", "contacts.csv", "duplicates")
	must(t, 1, "--model", "none.json", "duplicates")
	must(t, 0, "--model", "none.json", "help")
	clusters := map[any]bool{}
	lines := objects(t, must(t, 0, "--json", "duplicates", "--min", "0.99"))
	for _, l := range lines {
		clusters[l["cluster"]] = true
	}
	want := counted(len(lines), "pair") + ", " + counted(len(clusters), "cluster") + "."
	if r := must(t, 0, "duplicates", "--min", "0.99"); !strings.Contains(r.stderr+r.stdout, want) {
		t.Errorf("want %q: %s%s", want, r.stdout, r.stderr)
	}
	if r := must(t, 0, "merge", "--auto", "city:nowhere"); !strings.Contains(r.stdout, "Merged 0 clusters") {
		t.Errorf("nothing to merge: %s", r.stdout)
	}
}

func TestMerge(t *testing.T) {
	filled(t)
	pairs := objects(t, must(t, 0, "--json", "duplicates"))
	shape(t, pairs[0], "a", "b", "score", "verdict", "cluster", "reasons")
	a, b := pairs[0]["a"].(string), pairs[0]["b"].(string)
	m := object(t, must(t, 0, "--json", "merge", a, b, "--take", "first_name="+b, "--dry-run"))
	shape(t, m, "act", "survivor", "merged", "fields")
	if m["act"] != "" || m["survivor"] != a {
		t.Errorf("dry run: %v", m)
	}
	m = object(t, must(t, 0, "--json", "merge", a, b, "--take", "first_name="+b))
	r := must(t, 0, "--json", "show", b)
	if object(t, r)["id"] != a || !strings.Contains(r.stderr, "was merged into") {
		t.Errorf("show of the merged: %v %s", object(t, r), r.stderr)
	}
	must(t, 0, "undo", m["act"].(string))
	if object(t, must(t, 0, "--json", "show", b))["id"] != b {
		t.Error("the merge is not undone")
	}
	must(t, 0, "distinct", a, b)
	must(t, 1, "merge", a, b)
	must(t, 1, "merge", a, a)
	must(t, 2, "merge", a, b, "--take", "company=nobody")
	must(t, 2, "merge", a, b, "--take", "phones.mobile="+a)
	if n := len(objects(t, must(t, 0, "--json", "duplicates"))); n != len(pairs)-1 {
		t.Errorf("%d pairs after distinct, %d before", n, len(pairs))
	}
}

func TestDedupe(t *testing.T) {
	t.Chdir(t.TempDir())
	write(t, "a.csv", "id,Given,Sur,Tel\nx1,Ada,Lovelace,+442079460000\nx2,Bob,Smith,+442079460001\nx3,Ada,Lovelace,+442079460000\n")
	write(t, "b.csv", "id,Given,Sur,Tel\nx1,Ada,Lovelace,+442079460000\n")
	args := []string{"--json", "dedupe", "a.csv", "--map", "Given=given,Sur=family,Tel=phone", "--id", "id"}
	lines := objects(t, must(t, 0, args...))
	if len(lines) != 3 {
		t.Fatalf("lines: %v", lines)
	}
	shape(t, lines[0], "a", "b", "score", "verdict", "reasons")
	shape(t, lines[1], "id", "cluster")
	if lines[0]["a"] != "x1" || lines[0]["b"] != "x3" {
		t.Errorf("pair: %v", lines[0])
	}
	for _, l := range objects(t, must(t, 0, append(args, "b.csv", "--link")...)) {
		if a, ok := l["a"].(string); ok && a[:5] == l["b"].(string)[:5] {
			t.Errorf("within one file: %v", l)
		}
	}
	write(t, "c.csv", data.Contacts)
	if n := len(objects(t, must(t, 0, "--json", "dedupe", "c.csv"))); n < 20 {
		t.Errorf("%d lines for the example file", n)
	}
}

func TestSchema(t *testing.T) {
	t.Chdir(t.TempDir())
	must(t, 0, "field", "tier", "--kind", "choice", "--name", "Tier", "--options", "gold;silver", "--default", "silver")
	must(t, 0, "field", "tags", "--kind", "choices", "--options", "a;b;c")
	f := object(t, must(t, 0, "--json", "field", "tier", "--required"))
	if f["kind"] != "choice" || f["required"] != true || f["default"] != "silver" {
		t.Errorf("what is not named stays: %v", f)
	}
	must(t, 0, "label", "VIP", "--colour", "#ff0000")
	if l := object(t, must(t, 0, "--json", "label", "vip")); l["name"] != "VIP" || l["colour"] != "#ff0000" {
		t.Errorf("label: %v", l)
	}
	m := object(t, must(t, 0, "--json", "schema"))
	shape(t, m, "fields", "labels")
	c := object(t, must(t, 0, "--json", "add", "last_name=X", "Tier=GOLD", "tags=a", "tags+=c"))
	if c["custom"].(map[string]any)["tier"] != "gold" || len(c["custom"].(map[string]any)["tags"].([]any)) != 2 {
		t.Errorf("custom values: %v", c)
	}
	must(t, 1, "add", "last_name=X", "tier=iron")
	if r := must(t, 0, "template"); !strings.Contains(r.stdout, ",Tier,tags") {
		t.Errorf("template: %s", r.stdout)
	}
}

// An import that is interrupted leaves whole batches and says how to go on.
func TestInterruptedImport(t *testing.T) {
	t.Chdir(t.TempDir())
	var big strings.Builder
	big.WriteString("Last name,Mobile\n")
	for i := range 30_000 {
		fmt.Fprintf(&big, "Name%d,+8526%07d\n", i, i)
	}
	write(t, "big.csv", big.String())
	ctx, cancel := context.WithCancel(t.Context())
	var out, msg bytes.Buffer
	c := &call{app: &app{stdin: strings.NewReader(""), stdout: &out, stderr: &msg, db: "contacts.db", workspace: "default", actor: "cli", json: true},
		cmd: importCommand(), flags: flags{}, args: []string{"big.csv"}}
	in := &input{}
	c.cmd.before = in.open
	c.cmd.run = func(_ context.Context, c *call) error {
		go func() { // stop once something is written
			for {
				if n, err := c.session.Count(ctx, ""); err != nil || n > 0 {
					cancel()
					return
				}
			}
		}()
		return in.run(ctx, c)
	}
	err := c.execute(t.Context(), c.cmd, c.flags, c.args)
	if err == nil {
		t.Skip("the import was faster than its interruption")
	}
	if code := report(&msg, err); code != 1 || !strings.Contains(msg.String(), "import the file again with --resume to go on") {
		t.Errorf("code %d: %s", code, msg.String())
	}
	if m := object(t, must(t, 0, "--json", "import", "big.csv", "--resume")); m["rows"] != 30000.0 || m["created"] != 30000.0 {
		t.Errorf("resumed: %v", m)
	}
	if n := len(objects(t, must(t, 0, "--json", "acts"))); n != 1 {
		t.Errorf("%d acts", n)
	}
}

// A database of another program, or of a newer version, is refused in one
// sentence and left as it was.
func TestForeignDatabases(t *testing.T) {
	filled(t)
	for name, change := range map[string]string{
		"foreign.db":  "CREATE TABLE t(a)",
		"contacts.db": "INSERT INTO extcontacts_schema(version, name) VALUES (9999, 'later')",
	} {
		db, err := sql.Open("sqlite", name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := db.Exec(change); err != nil {
			t.Fatal(err)
		}
		if err := db.Close(); err != nil {
			t.Fatal(err)
		}
		before, _ := os.ReadFile(name)
		for _, command := range []string{"list", "import contacts.csv", "add last_name=x"} {
			r := must(t, 1, append([]string{"--db", name}, strings.Fields(command)...)...)
			if !strings.HasPrefix(r.stderr, "contactbook: the contact book \""+name+"\" cannot be opened: ") || strings.Count(r.stderr, "\n") != 1 {
				t.Errorf("%s of %s: %s", command, name, r.stderr)
			}
		}
		if after, _ := os.ReadFile(name); !bytes.Equal(before, after) {
			t.Errorf("%s was written to", name)
		}
	}
}
