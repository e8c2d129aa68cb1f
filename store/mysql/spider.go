package mysql

import (
	"context"
	"database/sql"
	"fmt"
	"io/fs"
	"strings"

	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/sqlstore"
)

// Spider returns the statements that make the tables on the head of a MariaDB
// Spider cluster, spread over data nodes by workspace: all rows of a workspace
// are on one node, so that its statements and transactions go to that node
// alone, and a node that is down takes its own workspaces away and no others.
// servers are the names by which CREATE SERVER made the nodes known to the
// head. They are run once, in an empty database on the head, after the tables
// were made on each node by opening a store there. From then on a store opened
// on the head works like any other.
//
// The order of servers says which workspace is where: it must stay as it is,
// and their number, too.
//
// With a new version of the library that has new tables they are run again, to
// make these: after a store was opened on each node and before one is opened on
// the head, which [Open] refuses until then.
func Spider(servers ...string) ([]string, error) {
	var partitions []string
	for i, s := range servers {
		if s == "" || strings.ContainsAny(s, "\"'\\") {
			return nil, fmt.Errorf("mysql: server %d: no name of a server", i+1)
		}
		partitions = append(partitions, fmt.Sprintf("PARTITION p%d COMMENT = 'srv \"%s\"'", i, s))
	}
	if len(partitions) == 0 {
		return nil, fmt.Errorf("mysql: no servers to spread over")
	}
	names, err := fs.Glob(Migrations(), "*.sql")
	if err != nil {
		return nil, err
	}
	var out []string
	for i, name := range names {
		text, err := fs.ReadFile(Migrations(), name)
		if err != nil {
			return nil, err
		}
		for s := range strings.SplitSeq(string(text), ";\n") {
			_, rest, ok := strings.Cut(s, "CREATE TABLE IF NOT EXISTS ")
			if !ok {
				continue
			}
			table, columns, _ := strings.Cut(rest, " ")
			columns, _, _ = strings.Cut(columns, ") ENGINE=")
			statement := "CREATE TABLE IF NOT EXISTS " + table + " " + columns + ")"
			if table == schemaTable { // one on the head, without a workspace
				statement += " ENGINE=InnoDB"
			} else {
				statement += " ENGINE=SPIDER COMMENT='wrapper \"mysql\", table \"" + table + "\"' PARTITION BY KEY (ws) (" +
					strings.Join(partitions, ", ") + ")"
			}
			out = append(out, statement)
		}
		out = append(out, fmt.Sprintf("INSERT IGNORE INTO %s (version, name) VALUES (%d, '%s')", schemaTable, i+1, strings.TrimSuffix(name, ".sql")))
	}
	return out, nil
}

const schemaTable = "extcontacts_schema"

// head fits the dialect to the head of a Spider cluster. Spider (MariaDB
// 10.11.19) hands NULLIF to the nodes with a wrong number of arguments, so that
// no holder is guessed there. The tables that are missing must not be made by a
// store: they would be on the head alone.
func head(ctx context.Context, db *sql.DB, d *sqlstore.Dialect) error {
	spread := 0
	err := db.QueryRowContext(ctx, "SELECT COUNT(*) FROM information_schema.TABLES"+
		" WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'ec_keys' AND ENGINE = 'SPIDER'").Scan(&spread)
	if err != nil || spread == 0 {
		return err
	}
	d.Holder, d.Append = "", nil
	names, err := fs.Glob(d.Migrations, "*.sql")
	if err != nil {
		return err
	}
	v, err := sqlstore.Version(ctx, db, *d)
	if err == nil && v < len(names) {
		err = fmt.Errorf("the head of a Spider cluster has schema version %d, this library %d: run the statements of mysql.Spider there: %w",
			v, len(names), store.ErrSchema)
	}
	return err
}
