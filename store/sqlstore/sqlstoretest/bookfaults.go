package sqlstoretest

import (
	"testing"

	"github.com/extcontacts/extcontacts/internal/booktest"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/faultsql"
)

// bookFaults makes the driver calls of every operation of a book fail.
func (d Database) bookFaults(t *testing.T) {
	step := 40
	if d.Sample > 0 {
		step = 200
	}
	booktest.Faults(t, step, d.GivenUp(t), func(t *testing.T, f *faultsql.Faults) store.Store {
		return d.must(t, d.Place(t), Options{Wrap: f.Connector})
	})
}
