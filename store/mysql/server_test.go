package mysql

import (
	"context"
	"crypto/rand"
	"database/sql"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/extcontacts/extcontacts/store/sqlstore/sqlstoretest"
)

// admin is a pool of the server that the tests use, or why there is none.
var admin = sync.OnceValues(func() (*sql.DB, error) {
	config, err := parse(serverDSN())
	if err != nil {
		return nil, err
	}
	c, err := newConnector(config)
	if err != nil {
		return nil, err
	}
	db := sql.OpenDB(c)
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
	return sqlstoretest.Sweep(ctx, db, "SELECT SCHEMA_NAME FROM information_schema.SCHEMATA", "DROP DATABASE IF EXISTS %s")
}

func TestSweep(t *testing.T) {
	db := server(t)
	stale := "extcontacts_20200101t000000_" + strings.ToLower(rand.Text())
	if _, err := db.Exec("CREATE DATABASE " + stale); err != nil {
		t.Fatal(err)
	}
	schema(t)
	if err := sweep(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	var n int
	if err := db.QueryRow("SELECT COUNT(*) FROM information_schema.SCHEMATA WHERE SCHEMA_NAME = ?", stale).Scan(&n); err != nil || n != 0 {
		t.Errorf("%d stale databases are there, %v", n, err)
	}
}

// serverDSN names a server and a role that may create databases there.
func serverDSN() string {
	if dsn := os.Getenv("EXTCONTACTS_MYSQL"); dsn != "" {
		return dsn
	}
	return "mysql://root@127.0.0.1:3306/test"
}

// server skips the test where no server answers.
func server(t testing.TB) *sql.DB {
	t.Helper()
	db, err := admin()
	if err != nil {
		if os.Getenv("CI") == "true" || os.Getenv("EXTCONTACTS_MYSQL") != "" {
			t.Fatalf("no MariaDB or MySQL: %v", err)
		}
		t.Skip("no MariaDB or MySQL answers on 127.0.0.1:3306; name one in EXTCONTACTS_MYSQL")
	}
	return db
}

// schema creates a database for one store and returns a DSN that leads there,
// in the driver's form. Parameters are added to it, k=v each.
func schema(t testing.TB, parameters ...string) string {
	t.Helper()
	db := server(t)
	name := sqlstoretest.PlaceName()
	// what the database has as its default must not count
	if _, err := db.Exec("CREATE DATABASE " + name + " CHARACTER SET latin1 COLLATE latin1_general_ci"); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		if _, err := db.Exec("DROP DATABASE " + name); err != nil {
			t.Error(err)
		}
	})
	config, err := parse(serverDSN())
	if err != nil {
		t.Fatal(err)
	}
	config.DBName = name
	for _, p := range parameters {
		k, v, _ := strings.Cut(p, "=")
		if config.Params == nil {
			config.Params = map[string]string{}
		}
		config.Params[k] = v
	}
	return config.FormatDSN()
}

// connect opens a plain pool of the place that a DSN leads to.
func connect(t testing.TB, dsn string) *sql.DB {
	t.Helper()
	config, err := parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	c, err := newConnector(config)
	if err != nil {
		t.Fatal(err)
	}
	return sql.OpenDB(c)
}
