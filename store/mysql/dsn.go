package mysql

import (
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
	dsn, more := cutHosts(dsn)
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
		config.Net, config.Addr = "tcp", address(u)
		for _, host := range more {
			u, err := url.Parse("mysql://" + host)
			if err != nil || u.Hostname() == "" || u.Host != host {
				return nil, errors.New("a host of the list cannot be right")
			}
			config.Addr += "," + address(u)
		}
	}
	return checked(config, nil)
}

func address(u *url.URL) string {
	port := u.Port()
	if port == "" {
		port = "3306"
	}
	return net.JoinHostPort(u.Hostname(), port)
}

// cutHosts takes all hosts but the first out of a URL: no URL has several.
func cutHosts(dsn string) (string, []string) {
	scheme, rest, _ := strings.Cut(dsn, "://")
	end := len(rest)
	if i := strings.IndexAny(rest, "/?#"); i >= 0 {
		end = i
	}
	start := strings.LastIndexByte(rest[:end], '@') + 1
	hosts := strings.Split(rest[start:end], ",")
	return scheme + "://" + rest[:start] + hosts[0] + rest[end:], hosts[1:]
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
