package sqlite

import (
	"testing"

	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/sqlstore"
	"github.com/extcontacts/extcontacts/store/storetest"
)

// opened is a store of the suite with its file, so that it can be reopened.
type opened struct {
	*sqlstore.Store // with its optional capabilities
	path            string
}

func TestStore(t *testing.T) {
	t.Parallel()
	storetest.Harness{
		Open: func(t testing.TB) store.Store {
			return open(t, t.TempDir()+"/contacts.db")
		},
		Reopen: func(t testing.TB, s store.Store) store.Store {
			if err := s.Close(); err != nil {
				t.Fatal(err)
			}
			return open(t, s.(opened).path)
		},
	}.Run(t)
}

func TestStoreInMemory(t *testing.T) {
	t.Parallel()
	storetest.Run(t, func(t testing.TB) store.Store {
		s, err := Open(t.Context(), Memory)
		if err != nil {
			t.Fatal(err)
		}
		return s
	})
}

func open(t testing.TB, path string) store.Store {
	t.Helper()
	// The suite makes many small commits; their durability is TestKill's matter.
	s, err := Open(t.Context(), path, Options{Sync: SyncNormal})
	if err != nil {
		t.Fatal(err)
	}
	return opened{s, path}
}
