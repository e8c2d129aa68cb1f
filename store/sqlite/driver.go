package sqlite

import (
	"context"
	"database/sql/driver"
	"errors"
	"sync"

	"modernc.org/sqlite"

	"github.com/extcontacts/extcontacts/store/sqlstore"
)

// ownDriver is a driver apart from the one that the rest of the process
// shares. Its connections have the functions ec_holder and ec_held.
var ownDriver = sync.OnceValues(func() (*sqlite.Driver, error) {
	d := &sqlite.Driver{}
	holder := func(body, key []byte) driver.Value {
		if id, ok := sqlstore.Holder(body, key); ok {
			return string(id)
		}
		return nil
	}
	held := func(body, keys []byte) driver.Value {
		if entries := sqlstore.Held(body, keys); entries != nil {
			return entries
		}
		return nil
	}
	return d, errors.Join(d.RegisterFunction("ec_holder", ofBytes(holder)), d.RegisterFunction("ec_held", ofBytes(held)))
})

// ofBytes is a function of two blobs, which it must not keep.
func ofBytes(f func(a, b []byte) driver.Value) *sqlite.FunctionImpl {
	return &sqlite.FunctionImpl{
		NArgs: 2, Deterministic: true, VolatileArgs: true,
		Scalar: func(_ *sqlite.FunctionContext, args []driver.Value) (driver.Value, error) {
			a, _ := args[0].([]byte)
			b, _ := args[1].([]byte)
			return f(a, b), nil
		},
	}
}

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
