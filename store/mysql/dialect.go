package mysql

import (
	"database/sql/driver"
	"embed"
	"errors"
	"io"
	"io/fs"
	"net"

	"github.com/go-sql-driver/mysql"

	"github.com/extcontacts/extcontacts/store/sqlstore"
)

//go:embed migrations/*.sql
var files embed.FS

// Migrations returns the schema as numbered SQL files, for a host that runs
// migrations with a tool of its own. [Open] runs them by itself.
func Migrations() fs.FS {
	sub, err := fs.Sub(files, "migrations")
	if err != nil { // the name is a constant
		panic(err)
	}
	return sub
}

// lockName is the name of the migrators' lock; names are the server's, not
// the database's, and of 64 bytes at most.
const lockName = "CONCAT('extcontacts ', MD5(DATABASE()))"

func dialect() sqlstore.Dialect {
	return sqlstore.Dialect{
		Name:       "mysql",
		Migrations: Migrations(),
		Begin:      "START TRANSACTION READ WRITE",
		BeginRead:  []string{"SET TRANSACTION ISOLATION LEVEL REPEATABLE READ", "START TRANSACTION WITH CONSISTENT SNAPSHOT, READ ONLY"},
		Lock:       "SELECT COALESCE(GET_LOCK(" + lockName + ", 60), 0)",
		Unlock:     "DO RELEASE_LOCK(" + lockName + ")",
		ForUpdate:  " FOR UPDATE",
		// Wildcards in the text find too much, which does no harm. INSTR is no faster, and Spider turns its arguments round.
		Contains: "search_text LIKE CONCAT('%', ?, '%') ESCAPE ''",
		Holder: "CAST(INSERT(INSERT(INSERT(INSERT(LOWER(HEX(SUBSTR(k.body, NULLIF(LOCATE(?, k.body), 0) + 17, 16)))," +
			" 9, 0, '-'), 14, 0, '-'), 19, 0, '-'), 24, 0, '-') AS BINARY)",
		Holds:     "LOCATE(?, k.body) > 0",
		Tables:    "SELECT TABLE_NAME FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE()",
		Parens:    true,
		Runs:      8,
		Replaces:  true,
		Append:    sqlstore.AppendRows(256, "INSERT INTO ec_keys (ws, node, body) VALUES ", " ON DUPLICATE KEY UPDATE body = CONCAT(body, VALUES(body))"),
		Rows:      256,
		Retryable: retryable,
		Duplicate: func(err error) bool { return number(err) == 1062 },
		Lost:      lost,
	}
}

// number returns the server's number of an error, 0 for none.
func number(err error) uint16 {
	var e *mysql.MySQLError
	if errors.As(err, &e) {
		return e.Number
	}
	return 0
}

func retryable(err error) bool {
	switch number(err) {
	case 1213, 1205, // deadlock, which is also Galera's conflict; lock wait timeout
		1020,       // the record has changed since it was read
		1040, 1203, // no place for a connection
		1047, // a node that is not a member of its cluster
		1317: // Galera gave the statement up for another node's
		return true
	}
	return false
}

// lost reports whether the connection is gone, or of no use any more: after a
// failover the server behind it may only read, or not know its statements.
func lost(err error) bool {
	switch number(err) {
	case 1053, 1077, 1079, 1927, 4031, // shutdown, killed, idle for too long
		1047,       // the node lost its cluster
		1290, 1836, // the server only reads
		1243, 1615: // a statement that is not known, or has to be prepared again
		return true
	case 0:
		var op *net.OpError
		return errors.As(err, &op) || errors.Is(err, mysql.ErrInvalidConn) || errors.Is(err, driver.ErrBadConn) ||
			errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) || errors.Is(err, net.ErrClosed)
	}
	return false
}
