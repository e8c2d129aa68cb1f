package postgres

import (
	"context"
	"crypto/rand"
	"database/sql"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"
)

// admin is a pool of the server that the tests use, or why there is none.
var admin = sync.OnceValues(func() (*sql.DB, error) {
	db, err := sql.Open("pgx", serverDSN())
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	return db, db.PingContext(ctx)
})

// serverDSN is a URL whose role may create schemas.
func serverDSN() string {
	if dsn := os.Getenv("EXTCONTACTS_POSTGRES"); dsn != "" {
		return dsn
	}
	return "postgres://postgres@127.0.0.1:5432/postgres?sslmode=disable"
}

// server skips the test where no server answers.
func server(t testing.TB) *sql.DB {
	t.Helper()
	db, err := admin()
	if err != nil {
		if os.Getenv("CI") == "true" || os.Getenv("EXTCONTACTS_POSTGRES") != "" {
			t.Fatalf("no PostgreSQL: %v", err)
		}
		t.Skip("no PostgreSQL answers on 127.0.0.1:5432; name one in EXTCONTACTS_POSTGRES")
	}
	return db
}

// schema creates a schema for one store and returns a DSN that leads there.
func schema(t testing.TB) string {
	t.Helper()
	db := server(t)
	name := "extcontacts_" + strings.ToLower(rand.Text())
	if _, err := db.Exec("CREATE SCHEMA " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := db.Exec("DROP SCHEMA " + name + " CASCADE"); err != nil {
			t.Error(err)
		}
	})
	return with(serverDSN(), "search_path="+name)
}

// templated makes databases with an encoding and a locale of their own, and
// returns DSNs that lead to a schema in each.
func templated(options string) func(testing.TB) string {
	return func(t testing.TB) string {
		t.Helper()
		db := server(t)
		name := "extcontacts_" + strings.ToLower(rand.Text())
		if _, err := db.Exec("CREATE DATABASE " + name + " TEMPLATE template0 " + options); err != nil {
			t.Fatal(err)
		}
		t.Cleanup(func() {
			if _, err := db.Exec("DROP DATABASE " + name + " WITH (FORCE)"); err != nil {
				t.Error(err)
			}
		})
		u, err := url.Parse(serverDSN())
		if err != nil || u.Host == "" {
			t.Skip("EXTCONTACTS_POSTGRES is no URL")
		}
		u.Path = "/" + name
		return u.String()
	}
}

// collated is a database whose default collation is one of ICU, such as one
// that takes no notice of case, accents and spaces.
func collated(locale string) func(testing.TB) string {
	return templated("ENCODING 'UTF8' LOCALE 'C' LOCALE_PROVIDER icu ICU_LOCALE '" + locale + "'")
}

// with adds parameters to a DSN, k=v each.
func with(dsn string, parameters ...string) string {
	separator := "?"
	if strings.Contains(dsn, "?") {
		separator = "&"
	}
	for _, p := range parameters {
		k, v, _ := strings.Cut(p, "=")
		dsn += separator + k + "=" + url.PathEscape(v)
		separator = "&"
	}
	return dsn
}
