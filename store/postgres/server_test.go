package postgres

import (
	"context"
	"crypto/rand"
	"database/sql"
	"fmt"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib"

	"github.com/extcontacts/extcontacts/store/sqlstore"
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

// schema creates a schema for one store and returns a DSN that leads there.
// Parameters are added to it, k=v each.
func schema(t testing.TB, parameters ...string) string {
	t.Helper()
	db, err := admin()
	if err != nil {
		if os.Getenv("CI") == "true" || os.Getenv("EXTCONTACTS_POSTGRES") != "" {
			t.Fatalf("no PostgreSQL: %v", err)
		}
		t.Skip("no PostgreSQL answers on 127.0.0.1:5432; name one in EXTCONTACTS_POSTGRES")
	}
	name := "extcontacts_" + strings.ToLower(rand.Text())
	if _, err := db.Exec("CREATE SCHEMA " + name); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := db.Exec("DROP SCHEMA " + name + " CASCADE"); err != nil {
			t.Error(err)
		}
	})
	separator := "?"
	if strings.Contains(serverDSN(), "?") {
		separator = "&"
	}
	return serverDSN() + separator + strings.Join(append(parameters, "search_path="+name), "&")
}

// script runs statements of its own in the place that a DSN leads to.
func script(t testing.TB, dsn string, statements ...string) {
	t.Helper()
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %v", s, err)
		}
	}
}

// scalar reads one value from the place that a DSN leads to.
func scalar(t testing.TB, dsn, query string) string {
	t.Helper()
	db, err := sql.Open("pgx", dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer db.Close()
	var v any
	if err := db.QueryRow(query).Scan(&v); err != nil {
		t.Fatalf("%s: %v", query, err)
	}
	return fmt.Sprint(v)
}

func open(t testing.TB, dsn string, o ...Options) *sqlstore.Store {
	t.Helper()
	s, err := Open(t.Context(), dsn, o...)
	if err != nil {
		t.Fatal(err)
	}
	return s
}
