package faultsql

import (
	"context"
	"database/sql/driver"
	"io"
)

// Connector wraps a connector, for [database/sql.OpenDB].
func (f *Faults) Connector(c driver.Connector) driver.Connector { return connector{c, f} }

// Driver wraps a driver, for [database/sql.Register].
func (f *Faults) Driver(d driver.Driver) driver.Driver { return wrapped{d, f} }

type wrapped struct {
	driver.Driver
	f *Faults
}

// Open makes a connection of a driver that has no connectors.
func (w wrapped) Open(name string) (driver.Conn, error) {
	c, err := w.OpenConnector(name)
	if err != nil {
		return nil, err
	}
	return c.Connect(context.Background())
}

// OpenConnector makes the driver's own connector where it has such.
func (w wrapped) OpenConnector(name string) (driver.Connector, error) {
	d, ok := w.Driver.(driver.DriverContext)
	if !ok {
		return connector{dsn{w.Driver, name}, w.f}, nil
	}
	c, err := d.OpenConnector(name)
	if err != nil {
		return nil, err
	}
	return connector{c, w.f}, nil
}

// dsn is the connector of a driver that has none.
type dsn struct {
	d    driver.Driver
	name string
}

func (c dsn) Connect(context.Context) (driver.Conn, error) { return c.d.Open(c.name) }
func (c dsn) Driver() driver.Driver                        { return c.d }

type connector struct {
	driver.Connector
	f *Faults
}

func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	var own driver.Conn
	err := c.f.call(ctx, Call{Op: Connect}, func() (err error) {
		own, err = c.Connector.Connect(ctx)
		return err
	})
	if err != nil {
		if own != nil { // made, and its answer lost
			_ = own.Close()
		}
		return nil, err
	}
	if own == nil {
		return nil, driver.ErrBadConn
	}
	return (&conn{own: own, f: c.f, rows: map[*rows]bool{}, stmts: map[*stmt]bool{}}).typed(), nil
}

// Driver returns the driver, wrapped.
func (c connector) Driver() driver.Driver { return wrapped{c.Connector.Driver(), c.f} }

// Close is called by database/sql when the database is closed.
func (c connector) Close() error {
	if closer, ok := c.Connector.(io.Closer); ok {
		return closer.Close()
	}
	return nil
}
