package postgres

import (
	"context"
	"crypto/rand"
	"database/sql"
	"errors"
	"net/url"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"

	"github.com/extcontacts/extcontacts/store/sqlstore/sqlstoretest"
)

// admin is a pool of the server that the tests use, or why there is none.
var admin = sync.OnceValues(func() (*sql.DB, error) {
	db, err := sql.Open("pgx", serverDSN())
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if err := db.PingContext(ctx); err != nil {
		return nil, err
	}
	_ = sweep(context.Background(), db) // what cannot be dropped, another run is dropping
	return db, nil
})

// sweep drops what runs that were interrupted left behind.
func sweep(ctx context.Context, db *sql.DB) error {
	return errors.Join(
		sqlstoretest.Sweep(ctx, db, "SELECT nspname FROM pg_namespace", "DROP SCHEMA IF EXISTS %s CASCADE"),
		sqlstoretest.Sweep(ctx, db, "SELECT datname FROM pg_database", "DROP DATABASE IF EXISTS %s WITH (FORCE)"))
}

func TestSweep(t *testing.T) {
	db := server(t)
	stale := "extcontacts_20200101t000000_" + strings.ToLower(rand.Text())
	for _, kind := range []string{"SCHEMA", "DATABASE"} {
		if _, err := db.Exec("CREATE " + kind + " " + stale); err != nil {
			t.Fatal(err)
		}
	}
	schema(t)
	if err := sweep(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	var n int
	const count = "SELECT (SELECT COUNT(*) FROM pg_namespace WHERE nspname = $1) + (SELECT COUNT(*) FROM pg_database WHERE datname = $1)"
	if err := db.QueryRow(count, stale).Scan(&n); err != nil || n != 0 {
		t.Errorf("%d stale places are there, %v", n, err)
	}
}

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
	name := sqlstoretest.PlaceName()
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
		name := sqlstoretest.PlaceName()
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
