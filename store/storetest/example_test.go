package storetest_test

import (
	"testing"

	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/memstore"
	"github.com/extcontacts/extcontacts/store/storetest"
)

// A test of your own store is this function, in a file of its package.
func ExampleRun() {
	_ = func(t *testing.T) { // func TestStore(t *testing.T)
		storetest.Run(t, func(t testing.TB) store.Store {
			return memstore.New() // open your store here, in t.TempDir()
		})
	}
	// Output:
}

// A store that keeps its data is also tested for what it remembers.
func ExampleHarness() {
	_ = func(t *testing.T) {
		storetest.Harness{
			Open: func(t testing.TB) store.Store { return memstore.New() },
			Reopen: func(t testing.TB, s store.Store) store.Store {
				if err := s.Close(); err != nil {
					t.Fatal(err)
				}
				return memstore.New() // open the data of s again
			},
		}.Run(t)
	}
	// Output:
}
