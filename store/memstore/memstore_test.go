package memstore_test

import (
	"testing"

	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/memstore"
	"github.com/extcontacts/extcontacts/store/storetest"
)

// TestStore runs the conformance suite. A store in memory cannot be opened
// again; the cases about that run on the store as it is, which tests them.
func TestStore(t *testing.T) {
	storetest.Harness{
		Open:   func(testing.TB) store.Store { return memstore.New() },
		Reopen: func(_ testing.TB, s store.Store) store.Store { return s },
	}.Run(t)
}
