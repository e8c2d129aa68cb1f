package memstore_test

import (
	"testing"

	"github.com/extcontacts/extcontacts/internal/booktest"
	"github.com/extcontacts/extcontacts/store/memstore"
)

func TestCopy(t *testing.T) {
	t.Parallel()
	from, to := memstore.New(), memstore.New()
	defer from.Close()
	defer to.Close()
	booktest.Copy(t, from, to)
}
