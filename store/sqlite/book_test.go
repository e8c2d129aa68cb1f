package sqlite_test

import (
	"path/filepath"
	"testing"

	"github.com/extcontacts/extcontacts/internal/booktest"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/sqlite"
)

func TestBook(t *testing.T) {
	t.Parallel()
	booktest.Run(t, func(t *testing.T) store.Store {
		st, err := sqlite.Open(t.Context(), filepath.Join(t.TempDir(), "contacts.db"), sqlite.Options{Sync: sqlite.SyncNormal})
		if err != nil {
			t.Fatal(err)
		}
		return st
	})
}
