package main

import (
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/memstore"
	"github.com/extcontacts/extcontacts/store/sqlite"
	"github.com/extcontacts/extcontacts/store/storetest"
)

// TestDifferential asks all four stores, side by side, for the same random
// operations. EXTCONTACTS_OPERATIONS is how many; its long form is 1000000.
func TestDifferential(t *testing.T) {
	n, seed := 4000, uint64(7)
	if text := os.Getenv("EXTCONTACTS_OPERATIONS"); text != "" {
		var err error
		if n, err = strconv.Atoi(text); err != nil || n < 1 {
			t.Fatalf("EXTCONTACTS_OPERATIONS=%s is no number of operations", text)
		}
	}
	if text := os.Getenv("EXTCONTACTS_SEED"); text != "" {
		var err error
		if seed, err = strconv.ParseUint(text, 10, 64); err != nil {
			t.Fatalf("EXTCONTACTS_SEED=%s is no seed", text)
		}
	}
	file, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "contacts.db"), sqlite.Options{Sync: sqlite.SyncNormal})
	if err != nil {
		t.Fatal(err)
	}
	stores := map[string]store.Store{"memory": memstore.New(), "sqlite": file}
	for _, kind := range []string{"postgres", "mysql"} {
		if stores[kind], err = servers[kind](t.Context(), onServer(t, kind)); err != nil {
			t.Fatal(err)
		}
	}
	for _, st := range stores {
		t.Cleanup(func() { st.Close() })
	}
	storetest.Differential(t, n, seed, stores)
}
