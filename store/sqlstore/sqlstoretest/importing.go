package sqlstoretest

import (
	"testing"

	"github.com/extcontacts/extcontacts/internal/booktest"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/faultsql"
)

// importing makes the driver calls of a whole import fail.
func (d Database) importing(t *testing.T) {
	step := 5
	if d.Sample > 0 {
		step = 11 // over a network, and each batch waits for the disk
	}
	booktest.ImportFaults(t, step, func(t *testing.T, f *faultsql.Faults) store.Store {
		return d.must(t, d.Place(t), Options{Wrap: f.Connector})
	})
}
