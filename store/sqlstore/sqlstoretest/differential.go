package sqlstoretest

import (
	"testing"

	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/memstore"
	"github.com/extcontacts/extcontacts/store/storetest"
)

// differential compares the store with the one in memory.
func (d Database) differential(t *testing.T) {
	t.Parallel()
	n := 5000
	if d.Sample > 0 {
		n = 1500
	}
	if Long() {
		n = 100_000 // the test of the command asks all stores together
	}
	st := d.must(t, d.Place(t), Options{})
	defer st.Close()
	storetest.Differential(t, n, 7, map[string]store.Store{"memory": memstore.New(), "the database": st})
}
