package extcontacts_test

import (
	"testing"

	"github.com/extcontacts/extcontacts/internal/booktest"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/memstore"
)

// TestMatrix compares every method with the policy for every kind of actor.
func TestMatrix(t *testing.T) {
	cells := booktest.Matrix(t, func(t *testing.T) store.Store { return memstore.New() }, 1)
	if cells < 10_000 {
		t.Errorf("%d cells, want 10,000 at least", cells)
	}
	t.Logf("%d cells", cells)
}

func TestBook(t *testing.T) {
	booktest.Run(t, func(t *testing.T) store.Store { return memstore.New() })
}
