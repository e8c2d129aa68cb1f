package sqlite

import (
	"context"
	"database/sql/driver"
	"sync"

	"modernc.org/sqlite"

	"github.com/extcontacts/extcontacts/store/sqlstore"
)

// ownDriver is a driver apart from the one that the rest of the process
// shares. Its connections have the function ec_holder.
var ownDriver = sync.OnceValues(func() (*sqlite.Driver, error) {
	d := &sqlite.Driver{}
	return d, d.RegisterFunction("ec_holder", &sqlite.FunctionImpl{
		NArgs: 2, Deterministic: true, VolatileArgs: true, // which holder does not keep
		Scalar: func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
			body, _ := args[0].([]byte)
			key, _ := args[1].([]byte)
			if id, ok := sqlstore.Holder(body, key); ok {
				return string(id), nil
			}
			return nil, nil
		},
	})
})

// connector opens connections of the own driver.
type connector struct {
	driver *sqlite.Driver
	name   string
}

func newConnector(name string) (driver.Connector, error) {
	d, err := ownDriver()
	if err != nil {
		return nil, err
	}
	return connector{d, name}, nil
}

// Connect implements [driver.Connector].
func (c connector) Connect(ctx context.Context) (driver.Conn, error) {
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	return c.driver.Open(c.name)
}

// Driver implements [driver.Connector].
func (c connector) Driver() driver.Driver { return c.driver }
