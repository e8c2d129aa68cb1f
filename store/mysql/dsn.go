package mysql

import (
	"context"
	"database/sql/driver"
	"errors"
	"net"
	"net/url"
	"strings"

	"github.com/go-sql-driver/mysql"
)

// parse reads a DSN: a URL or the driver's own form.
func parse(dsn string) (*mysql.Config, error) {
	scheme, _, isURL := strings.Cut(dsn, "://")
	if !isURL || scheme != "mysql" && scheme != "mariadb" {
		return checked(mysql.ParseDSN(dsn))
	}
	u, err := url.Parse(dsn)
	if err != nil {
		return nil, err
	}
	q := u.Query()
	socket := q.Get("socket")
	q.Del("socket")
	config, err := mysql.ParseDSN("/?" + q.Encode()) // the driver's parameters
	if err != nil {
		return nil, err
	}
	config.User = u.User.Username()
	config.Passwd, _ = u.User.Password()
	config.DBName = strings.TrimPrefix(u.Path, "/")
	switch {
	case socket != "":
		config.Net, config.Addr = "unix", socket
	case u.Hostname() != "":
		port := u.Port()
		if port == "" {
			port = "3306"
		}
		config.Net, config.Addr = "tcp", net.JoinHostPort(u.Hostname(), port)
	}
	return checked(config, nil)
}

func checked(config *mysql.Config, err error) (*mysql.Config, error) {
	if err == nil && config.DBName == "" {
		err = errors.New("it names no database")
	}
	return config, err
}

// sessionSQL sets what results depend on, whatever the server's defaults: a
// value that does not fit is an error, a statement sees what was committed
// before it began and answers all its rows, it commits on its own outside a
// transaction, a COMMIT neither begins another one nor ends the session, and no
// bytes are taken for text to be recoded.
// Values are named since DEFAULT is the server's.
var sessionSQL = []string{
	"SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', autocommit = 1, completion_type = 0," +
		" sql_select_limit = 18446744073709551615, sql_big_selects = 1, sql_safe_updates = 0, unique_checks = 1," +
		" max_sort_length = 1024, character_set_client = 'utf8mb4', character_set_connection = 'utf8mb4', character_set_results = 'utf8mb4'",
	"SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED, READ WRITE",
}

// newConnector returns a connector whose connections are set up the same.
func newConnector(config *mysql.Config) (driver.Connector, error) {
	config = config.Clone()
	config.MaxAllowedPacket = 0 // ask the server
	config.MultiStatements = false
	config.Logger = &mysql.NopLogger{} // errors tell
	if err := config.Apply(mysql.Charset("utf8mb4", "")); err != nil {
		return nil, err
	}
	c, err := mysql.NewConnector(config)
	if err != nil {
		return nil, err
	}
	return connector{c}, nil
}

type connector struct{ driver.Connector }

// Connect opens a connection and sets it up.
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	conn, err := c.Connector.Connect(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range sessionSQL {
		if _, err := conn.(driver.ExecerContext).ExecContext(ctx, s, nil); err != nil {
			return nil, errors.Join(err, conn.Close())
		}
	}
	return conn, nil
}
