package postgres

import (
	"context"
	"testing"

	"github.com/extcontacts/extcontacts/store/sqlstore"
	"github.com/extcontacts/extcontacts/store/sqlstore/sqlstoretest"
)

// withText is the database with the text index.
var withText = func() sqlstoretest.Database {
	d := database
	d.Open = func(ctx context.Context, dsn string, o sqlstoretest.Options) (*sqlstore.Store, error) {
		return Open(ctx, dsn, Options{Wrap: o.Wrap, Text: TextOn})
	}
	return d
}()

func TestTextStore(t *testing.T) { t.Parallel(); withText.Store(t) }
