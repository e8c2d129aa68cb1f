package postgres

import (
	"testing"

	"github.com/extcontacts/extcontacts/internal/booktest"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/sqlstore"
	"github.com/extcontacts/extcontacts/store/storetest"
)

// opened is a store of the suite with its DSN, so that it can be reopened.
type opened struct {
	*sqlstore.Store // with its optional capabilities
	dsn             string
}

// harness opens each store in a schema of its own, with these parameters.
func harness(parameters ...string) storetest.Harness {
	return storetest.Harness{
		Steps: 12, // each batch is a commit that waits for the disk
		Open: func(t testing.TB) store.Store {
			dsn := schema(t, parameters...)
			return opened{open(t, dsn), dsn}
		},
		Reopen: func(t testing.TB, s store.Store) store.Store {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			dsn := s.(opened).dsn
			return opened{open(t, dsn), dsn}
		},
	}
}

func TestStore(t *testing.T) {
	t.Parallel()
	harness().Run(t)
}

func TestBook(t *testing.T) {
	t.Parallel()
	booktest.Run(t, func(t *testing.T) store.Store { return open(t, schema(t)) })
}
