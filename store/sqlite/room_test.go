package sqlite

import (
	"context"
	"database/sql/driver"
	"math/rand/v2"
	"path/filepath"
	"testing"

	"modernc.org/sqlite"

	"github.com/extcontacts/extcontacts/store/sqlstore/sqlstoretest"
)

// noted keeps the connections that it made.
type noted struct {
	driver.Connector
	conns []driver.Conn
}

func (n *noted) Connect(ctx context.Context) (driver.Conn, error) {
	c, err := n.Connector.Connect(ctx)
	n.conns = append(n.conns, c)
	return c, err
}

// TestRoom checks that who reads has pages in memory after much was written.
// Nothing runs beside it: all connections of a process share one page cache.
func TestRoom(t *testing.T) {
	var last *noted
	st, err := Open(t.Context(), filepath.Join(t.TempDir(), "c.db"), Options{Sync: SyncNormal, CacheBytes: 1 << 20, Wrap: func(c driver.Connector) driver.Connector {
		last = &noted{Connector: c}
		return last
	}})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	all := sqlstoretest.Made(rand.New(rand.NewPCG(1, 2)), 0, 10000)
	read := func(n, step int) {
		for i := range n {
			if list, err := st.Contacts(t.Context(), "default", all[i*step].ID); err != nil || list[0] == nil {
				t.Fatal(list, err)
			}
		}
	}
	for i := 0; i < len(all); i += 1000 {
		if _, err := st.Apply(t.Context(), "default", sqlstoretest.Creation("act", i+1, all[i:i+1000])); err != nil {
			t.Fatal(err)
		}
		read(i/20, 20)
	}
	read(1000, 0)
	status := last.conns[0].(sqlite.DBStatus)
	misses := func() int {
		n, _, err := status.Status(sqlite.DBStatusCacheMiss, false)
		if err != nil {
			t.Fatal(err)
		}
		return n
	}
	before := misses()
	read(100, 0)
	if n := misses() - before; n > 0 {
		t.Errorf("%d pages were read anew by 100 reads of one contact", n)
	}
	rows, err := last.conns[0].(driver.QueryerContext).QueryContext(t.Context(), "PRAGMA cache_size", nil)
	if err != nil {
		t.Fatal(err)
	}
	defer rows.Close()
	value := make([]driver.Value, 1)
	if err := rows.Next(value); err != nil || value[0] != int64(-256) {
		t.Errorf("the cache has size %v, %v", value[0], err)
	}
}
