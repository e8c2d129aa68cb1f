package extcontacts_test

import (
	"os"
	"testing"

	"github.com/extcontacts/extcontacts/internal/booktest"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/memstore"
)

// TestMatrix compares every method with the policy for every kind of actor.
func TestMatrix(t *testing.T) {
	every := 2
	if os.Getenv("EXTCONTACTS_LONG") != "" {
		every = 1
	}
	cells := booktest.Matrix(t, func(t *testing.T) store.Store { return memstore.New() }, every)
	if cells < 10_000 {
		t.Errorf("%d cells, want 10,000 at least", cells)
	}
	t.Logf("%d cells", cells)
}

func TestBook(t *testing.T) {
	booktest.Run(t, func(t *testing.T) store.Store { return memstore.New() })
}

// TestTampering alters logs. EXTCONTACTS_LONG=1 makes it 10,000 of them.
func TestTampering(t *testing.T) {
	n := 1000
	if os.Getenv("EXTCONTACTS_LONG") != "" {
		n = 10_000
	}
	booktest.Tampering(t, memstore.New(), n)
}

// TestErasure looks for what is left of a person who was erased.
func TestErasure(t *testing.T) {
	booktest.Erasure(t, memstore.New(), nil)
}

// TestCanary looks for another workspace in the answers of random calls:
// EXTCONTACTS_LONG=1 makes it 10,000,000 of them.
func TestCanary(t *testing.T) {
	n := 10_000
	if os.Getenv("EXTCONTACTS_LONG") != "" {
		n = 10_000_000
	}
	booktest.Canary(t, func(t *testing.T) store.Store { return memstore.New() }, n)
}
