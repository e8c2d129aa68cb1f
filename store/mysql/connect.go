package mysql

import (
	"context"
	"database/sql/driver"
	"errors"
	"io"
	"strings"
	"sync/atomic"

	"github.com/go-sql-driver/mysql"
)

// newConnector returns a connector whose connections are set up the same, to
// the first of the addresses of config that serves.
func newConnector(config *mysql.Config) (driver.Connector, error) {
	c := &connector{}
	for addr := range strings.SplitSeq(config.Addr, ",") {
		one := config.Clone()
		one.Addr = addr
		one.MaxAllowedPacket = 0 // ask the server
		one.MultiStatements = false
		one.Logger = &mysql.NopLogger{} // errors tell
		if err := one.Apply(mysql.Charset("utf8mb4", "")); err != nil {
			return nil, err
		}
		own, err := mysql.NewConnector(one)
		if err != nil {
			return nil, err
		}
		c.hosts = append(c.hosts, own)
	}
	return c, nil
}

// connector connects to one of several servers. It stays with the one that
// served last, so that all writers work on the same node of a cluster as long
// as it is there.
type connector struct {
	hosts []driver.Connector
	at    atomic.Int32
}

// Driver implements [driver.Connector].
func (c *connector) Driver() driver.Driver { return c.hosts[0].Driver() }

// Connect opens a connection and sets it up.
func (c *connector) Connect(ctx context.Context) (driver.Conn, error) {
	var errs []error
	first := int(c.at.Load())
	for i := range c.hosts {
		n := (first + i) % len(c.hosts)
		conn, err := c.connect(ctx, c.hosts[n])
		if err == nil {
			c.at.CompareAndSwap(int32(first), int32(n))
			return conn, nil
		}
		errs = append(errs, err)
		if ctx.Err() != nil {
			break
		}
	}
	return nil, errors.Join(errs...)
}

func (c *connector) connect(ctx context.Context, host driver.Connector) (driver.Conn, error) {
	conn, err := host.Connect(ctx)
	if err != nil {
		return nil, err
	}
	for _, s := range sessionSQL {
		if _, err = conn.(driver.ExecerContext).ExecContext(ctx, s, nil); err != nil {
			break
		}
	}
	if err == nil && len(c.hosts) > 1 {
		err = serves(ctx, conn)
	}
	if err != nil {
		return nil, errors.Join(err, conn.Close())
	}
	return conn, nil
}

// errReadOnly is the answer of a replica.
var errReadOnly = errors.New("the server only reads")

// serves checks that a server of several writes: a node that is not a member
// of its cluster refuses the query, a replica says that it only reads.
func serves(ctx context.Context, conn driver.Conn) error {
	rows, err := conn.(driver.QueryerContext).QueryContext(ctx, "SELECT @@global.read_only", nil)
	if err != nil {
		return err
	}
	dest := make([]driver.Value, 1)
	if err := rows.Next(dest); err != nil {
		return errors.Join(err, rows.Close())
	}
	var end error
	for end == nil {
		end = rows.Next(make([]driver.Value, 1))
	}
	if err := rows.Close(); err != nil || end != io.EOF {
		return errors.Join(err, end)
	}
	switch v := dest[0].(type) {
	case int64:
		if v != 0 {
			return errReadOnly
		}
	case []byte:
		if string(v) != "0" {
			return errReadOnly
		}
	}
	return nil
}
