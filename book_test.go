package extcontacts_test

import (
	"testing"

	"github.com/extcontacts/extcontacts/internal/booktest"
	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/memstore"
)

func TestBook(t *testing.T) {
	booktest.Run(t, func(t *testing.T) store.Store { return memstore.New() })
}
