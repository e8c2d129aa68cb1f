package main

import (
	"context"
	"database/sql"
	"net/url"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	_ "github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib"

	"github.com/extcontacts/extcontacts/examples/data"
	"github.com/extcontacts/extcontacts/store/sqlstore/sqlstoretest"
)

// onServer makes an empty place on a server and returns the URL that leads
// there. It skips the test where no server answers.
func onServer(t *testing.T, kind string) string {
	t.Helper()
	name := sqlstoretest.PlaceName()
	variable, driver, text := "EXTCONTACTS_POSTGRES", "pgx", "postgres://postgres@127.0.0.1:5432/postgres?sslmode=disable"
	create, drop := "CREATE SCHEMA "+name, "DROP SCHEMA "+name+" CASCADE"
	if kind == "mysql" {
		variable, driver, text = "EXTCONTACTS_MYSQL", "mysql", "mysql://root@127.0.0.1:3306/test"
		create, drop = "CREATE DATABASE "+name, "DROP DATABASE "+name
	}
	if env := os.Getenv(variable); env != "" {
		text = env
	}
	u, err := url.Parse(text)
	if err != nil || u.Host == "" {
		t.Skipf("%s is no URL", variable)
	}
	dsn := text
	if kind == "mysql" { // the driver's own form
		dsn = u.User.String() + "@tcp(" + u.Host + ")" + u.Path
		u.Path = "/" + name
	} else {
		q := u.Query()
		q.Set("search_path", name)
		u.RawQuery = q.Encode()
	}
	db, err := sql.Open(driver, dsn)
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithTimeout(t.Context(), 5*time.Second)
	defer cancel()
	if err := db.PingContext(ctx); err != nil {
		if os.Getenv("CI") == "true" {
			t.Fatal(err)
		}
		t.Skipf("no server for %s answers; name one in %s", kind, variable)
	}
	if _, err := db.Exec(create); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := db.Exec(drop); err != nil {
			t.Error(err)
		}
		if err := db.Close(); err != nil {
			t.Error(err)
		}
	})
	return u.String()
}

// kind is the store that command lines without --db work on: empty for a file,
// postgres or mysql for a place of its own for each directory.
var kind string

var places = map[string]string{} // by directory

// placed adds --db to a command line, where the tests run on a server.
func placed(t *testing.T, args []string) []string {
	t.Helper()
	if kind == "" || slices.Contains(args, "--db") {
		return args
	}
	dir, err := os.Getwd()
	if err != nil {
		t.Fatal(err)
	}
	if places[dir] == "" {
		places[dir] = onServer(t, kind)
		t.Cleanup(func() { delete(places, dir) })
	}
	return append([]string{"--db", places[dir]}, args...)
}

// TestOnServers runs the tests of the commands with the contact book on each
// server.
func TestOnServers(t *testing.T) {
	for _, server := range []string{"postgres", "mysql"} {
		t.Run(server, func(t *testing.T) {
			onServer(t, server) // or skip
			kind = server
			t.Cleanup(func() { kind = "" })
			for name, test := range map[string]func(*testing.T){
				"Import": TestImport, "CheckAndTemplate": TestCheckAndTemplate, "ExportComesBack": TestExportComesBack,
				"Search": TestSearch, "EditAndHistory": TestEditAndHistory, "Merge": TestMerge, "Dedupe": TestDedupe, "Schema": TestSchema,
				"InterruptedImport": TestInterruptedImport, "Messages": TestMessages, "RowHints": TestRowHints,
				"LabelSpelling": TestLabelSpelling, "Declared": TestDeclared, "ImportRejections": TestImportRejections, "NoLimit": TestNoLimit,
				"Region": TestRegion, "Repair": TestRepair, "NoControlCharacters": TestNoControlCharacters, "Copy": TestCopyCommand,
			} {
				t.Run(name, test)
			}
		})
	}
}

// TestExportBytes tells one history to a contact book of each kind: the export
// is the same, byte by byte.
func TestExportBytes(t *testing.T) {
	filled(t)
	history := func(t *testing.T, place ...string) string {
		do := func(code int, args ...string) result { return must(t, code, append(place, args...)...) }
		write(t, "more.csv", "First name,Last name,Mobile,Company\nZoë,Ōta,+85290000001,Müller & Söhne\nzoe,ota,+85290000002,\n")
		do(0, "import", "more.csv")
		do(0, "label", "VIP", "--colour", "#ff0000")
		do(0, "field", "tier", "--kind", "text", "--name", "Tier")
		id := object(t, do(0, "--json", "lookup", "phone:+85290000001"))["contacts"].([]any)[0].(map[string]any)["id"].(string)
		other := object(t, do(0, "--json", "lookup", "phone:+85290000002"))["contacts"].([]any)[0].(map[string]any)["id"].(string)
		do(0, "set", id, "labels=VIP", "tier=gold", "company= 100% \\ 'x'")
		do(0, "merge", id, other)
		return do(0, "export").stdout
	}
	want := history(t)
	if len(want) < 10000 || !strings.Contains(want, "Zoë") {
		t.Fatalf("an export of %d bytes", len(want))
	}
	for _, server := range []string{"postgres", "mysql"} {
		t.Run(server, func(t *testing.T) {
			place := onServer(t, server)
			t.Chdir(t.TempDir())
			write(t, "contacts.csv", data.Contacts)
			must(t, exitRejected, "--db", place, "import", "contacts.csv")
			if got := history(t, "--db", place); got != want {
				t.Errorf("the export is\n%s\nwant\n%s", got, want)
			}
			// and the copy of it in a file is the same again
			must(t, 0, "--db", place, "copy", "copy.db")
			if got := must(t, 0, "--db", "copy.db", "export").stdout; got != want {
				t.Errorf("the export of the copy is\n%s\nwant\n%s", got, want)
			}
		})
	}
}

// TestServerRefusals checks that what cannot be opened is told in a line that
// holds no password.
func TestServerRefusals(t *testing.T) {
	for place, code := range map[string]int{
		"postgres://u:s3cret@127.0.0.1:1/x?sslmode=disable": exitFailed,
		"mysql://u:s3cret@127.0.0.1:1/x":                    exitFailed,
		"mysql://u:s3cret@127.0.0.1:port/x":                 exitUsage,
		"postgres://u:s3cret@127.0.0.1:port/x":              exitUsage,
		"postgres:x":                                        exitUsage,
	} {
		r := must(t, code, "--db", place, "list")
		if strings.Contains(r.stderr, "s3cret") || strings.Count(strings.TrimSpace(r.stderr), "\n") > 1 {
			t.Errorf("%s", r.stderr)
		}
	}
}
