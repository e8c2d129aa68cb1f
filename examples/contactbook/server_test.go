package main

import (
	"context"
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"strings"
	"testing"
	"time"

	_ "github.com/go-sql-driver/mysql"
	_ "github.com/jackc/pgx/v5/stdlib"

	"github.com/extcontacts/extcontacts/examples/data"
)

// onServer makes an empty place on a server and returns the URL that leads
// there. It skips the test where no server answers.
func onServer(t *testing.T, kind string) string {
	t.Helper()
	name := "extcontacts_" + strings.ToLower(rand.Text())
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

// TestOnServers imports, merges nothing, and exports: the bytes are those that
// a file gives.
func TestOnServers(t *testing.T) {
	filled(t)
	want := must(t, 0, "export").stdout
	for _, kind := range []string{"postgres", "mysql"} {
		t.Run(kind, func(t *testing.T) {
			place := onServer(t, kind)
			t.Chdir(t.TempDir())
			write(t, "contacts.csv", data.Contacts)
			must(t, exitRejected, "--db", place, "import", "contacts.csv")
			if got := must(t, 0, "--db", place, "export").stdout; got != want {
				t.Errorf("the export is\n%s\nwant\n%s", got, want)
			}
			must(t, 0, "--db", place, "undo", object(t, must(t, 0, "--json", "--db", place, "acts", "--limit", "1"))["id"].(string))
			if n := object(t, must(t, 0, "--json", "--db", place, "count", ""))["count"]; n != 0.0 {
				t.Errorf("%v contacts after the undo", n)
			}
			if d := object(t, must(t, 0, "--json", "--db", place, "verify"))["differences"]; len(d.([]any)) != 0 {
				t.Errorf("differences %v", d)
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
