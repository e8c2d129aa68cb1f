package mysql

import (
	"context"
	"database/sql"

	"github.com/extcontacts/extcontacts/store/sqlstore"
)

// guard makes transactions safe on a node of a Galera cluster. Such a node
// takes a transaction back when another node was quicker, and says so by an
// error of the next statement; but where that is the preparing of a statement
// MariaDB (10.11.19) forgets to, and what follows would commit by itself,
// statement by statement. So on a cluster no statement commits by itself, and
// a savepoint, which goes with its transaction, tells before COMMIT whether it
// is still the one that was begun.
func guard(ctx context.Context, db *sql.DB, d *sqlstore.Dialect) error {
	var on int
	err := db.QueryRowContext(ctx, "SELECT COUNT(*) FROM information_schema.GLOBAL_STATUS WHERE VARIABLE_NAME = 'wsrep_ready' AND VARIABLE_VALUE = 'ON'").Scan(&on)
	switch n := number(err); {
	case n == 1109 || n == 1146 || n == 1227: // MySQL, which has no such table
		return nil
	case err != nil:
		return err
	}
	if on > 0 {
		d.Begin = "SET SESSION autocommit = 0"
		d.Guard, d.Unguard = "SAVEPOINT extcontacts", "RELEASE SAVEPOINT extcontacts"
	}
	return nil
}
