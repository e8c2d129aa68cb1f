package mysql

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/extcontacts/extcontacts/store"
	"github.com/extcontacts/extcontacts/store/sqlstore/sqlstoretest"
)

// The tests below run by scripts/distributed-test, which starts the servers.

// cluster are servers that one of the scripts has started.
type cluster struct {
	dir    string // theirs
	script string
	ports  map[string]int
}

// started returns the servers of a script, or skips the test.
func started(t testing.TB, variable, script string, ports map[string]int) cluster {
	dir := os.Getenv(variable)
	if dir == "" {
		t.Skip("scripts/distributed-test starts what this test needs")
	}
	path, err := filepath.Abs(filepath.Join("..", "..", "scripts", script))
	if err != nil {
		t.Fatal(err)
	}
	return cluster{dir, path, ports}
}

// dsn leads to a database of a server.
func (c cluster) dsn(server, database string) string {
	return fmt.Sprintf("root@tcp(127.0.0.1:%d)/%s?timeout=2s", c.ports[server], database)
}

// exec runs statements on a server.
func (c cluster) exec(t testing.TB, server, database string, statements ...string) {
	t.Helper()
	db := connect(t, c.dsn(server, database))
	defer db.Close()
	for _, s := range statements {
		if _, err := db.Exec(s); err != nil {
			t.Fatalf("%s: %.200s: %v", server, s, err)
		}
	}
}

// kill ends a server as a loss of power would.
func (c cluster) kill(t testing.TB, server string) {
	t.Helper()
	text, err := os.ReadFile(filepath.Join(c.dir, server, "pid"))
	if err != nil {
		t.Fatal(err)
	}
	pid, err := strconv.Atoi(strings.TrimSpace(string(text)))
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(pid, syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
}

// restart starts a server that was killed.
func (c cluster) restart(t testing.TB, n int) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Minute)
	defer cancel()
	cmd := exec.CommandContext(ctx, c.script, "node", c.dir, strconv.Itoa(n))
	cmd.WaitDelay = time.Second // the server has our output, too
	if out, err := cmd.CombinedOutput(); err != nil && !errors.Is(err, exec.ErrWaitDelay) {
		t.Fatalf("node %d: %v\n%s", n, err, out)
	}
}

var spiderPorts = map[string]int{"head": 25306, "node1": 25307, "node2": 25308}

// spider makes a database on the head whose tables are spread over two nodes.
func spider(t testing.TB) string {
	t.Helper()
	c := started(t, "EXTCONTACTS_SPIDER", "spider", spiderPorts)
	name := sqlstoretest.PlaceName()
	statements, err := Spider(name+"_1", name+"_2")
	if err != nil {
		t.Fatal(err)
	}
	var servers []string
	for i, node := range []string{"node1", "node2"} {
		c.exec(t, node, "mysql", "CREATE DATABASE "+name)
		st, err := Open(t.Context(), c.dsn(node, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := st.Close(); err != nil {
			t.Fatal(err)
		}
		servers = append(servers, fmt.Sprintf("CREATE SERVER %s_%d FOREIGN DATA WRAPPER mysql OPTIONS (HOST '127.0.0.1', DATABASE '%s', USER 'root', PORT %d)",
			name, i+1, name, c.ports[node]))
	}
	c.exec(t, "head", "mysql", append(servers, "CREATE DATABASE "+name)...)
	c.exec(t, "head", name, statements...)
	t.Cleanup(func() {
		c.exec(t, "head", "mysql", "DROP DATABASE "+name, "DROP SERVER "+name+"_1", "DROP SERVER "+name+"_2")
		c.exec(t, "node1", "mysql", "DROP DATABASE "+name)
		c.exec(t, "node2", "mysql", "DROP DATABASE "+name)
	})
	return c.dsn("head", name) + "&spider_use_consistent_snapshot=1"
}

func TestSpider(t *testing.T) {
	d := database
	d.Place = spider
	t.Run("Store", d.Store)
	t.Run("Book", d.Book)
	t.Run("Copy", func(t *testing.T) { d.RunOne(t, "Copy") })
	t.Run("Text", d.TextIndex)
	t.Run("Writers", func(t *testing.T) { d.RunOne(t, "Writers") })
}

// where returns the node on which the rows of a workspace are.
func where(t testing.TB, c cluster, name, ws string) string {
	t.Helper()
	for _, node := range []string{"node1", "node2"} {
		db := connect(t, c.dsn(node, name))
		var n int
		err := db.QueryRow("SELECT COUNT(*) FROM ec_head WHERE ws = ?", ws).Scan(&n)
		db.Close()
		if err != nil {
			t.Fatal(err)
		}
		if n > 0 {
			return node
		}
	}
	t.Fatalf("workspace %s is nowhere", ws)
	return ""
}

// TestSpiderSchema checks that a store on the head makes no tables that are
// missing there, which would be on the head alone.
func TestSpiderSchema(t *testing.T) {
	dsn := spider(t)
	c := started(t, "EXTCONTACTS_SPIDER", "spider", spiderPorts)
	config, err := parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	c.exec(t, "head", config.DBName, "DROP TABLE ec_index", "DELETE FROM extcontacts_schema WHERE version > 1") // as it was before
	if st, err := Open(t.Context(), dsn); !errors.Is(err, store.ErrSchema) {
		if err == nil {
			st.Close()
		}
		t.Errorf("the head of an older version: %v", err)
	}
	const tables = "SELECT COALESCE(GROUP_CONCAT(ENGINE), '') FROM information_schema.TABLES WHERE TABLE_SCHEMA = DATABASE() AND TABLE_NAME = 'ec_index'"
	if got := database.Scalar(t, dsn, tables); got != "" {
		t.Errorf("the refused head has the table as %s", got)
	}
	statements, err := Spider(config.DBName+"_1", config.DBName+"_2")
	if err != nil {
		t.Fatal(err)
	}
	c.exec(t, "head", config.DBName, statements...)
	st, err := Open(t.Context(), dsn)
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	if got := database.Scalar(t, dsn, tables); got != "SPIDER" {
		t.Errorf("the table is %q", got)
	}
}

// TestSpiderOutage kills one data node: the workspaces of the other go on,
// those that are on it answer a typed error in time, and when it is back all
// that was acknowledged is there.
func TestSpiderOutage(t *testing.T) {
	dsn := spider(t)
	c := started(t, "EXTCONTACTS_SPIDER", "spider", spiderPorts)
	config, err := parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	st, err := Open(t.Context(), dsn, Options{Retries: 3})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	const spaces = 20
	batch := func(act string) *store.Batch { return sqlstoretest.Creation(act, 1, nil) }
	on := map[string][]string{}
	for i := range spaces {
		ws := fmt.Sprint("ws", i)
		if _, err := st.Apply(t.Context(), ws, batch("before")); err != nil {
			t.Fatal(err)
		}
		node := where(t, c, config.DBName, ws)
		on[node] = append(on[node], ws)
	}
	if len(on["node1"]) < 3 || len(on["node2"]) < 3 {
		t.Fatalf("the workspaces are not spread: %v", on)
	}
	c.kill(t, "node2")
	back := false
	defer func() {
		if !back {
			c.restart(t, 2)
		}
	}()
	for _, ws := range on["node1"] {
		if _, err := st.Apply(t.Context(), ws, batch("meanwhile")); err != nil {
			t.Errorf("%s, whose node is up: %v", ws, errors.Unwrap(err))
		}
	}
	for _, ws := range on["node2"][:3] {
		start := time.Now()
		_, err := st.Apply(t.Context(), ws, batch("meanwhile"))
		var e *store.Error
		if !errors.As(err, &e) {
			t.Errorf("%s, whose node is down: %v", ws, err)
		}
		if _, err := st.Log(t.Context(), ws, store.LogQuery{}); !errors.As(err, &e) {
			t.Errorf("%s, whose node is down, reads %v", ws, err)
		}
		t.Logf("a workspace whose node is down: %v after %v", errors.Unwrap(e), time.Since(start).Round(time.Millisecond))
	}
	c.restart(t, 2)
	back = true
	deadline := time.Now().Add(time.Minute)
	for node, list := range on {
		for i, ws := range list {
			_, err := st.Apply(t.Context(), ws, batch("after"))
			for err != nil && time.Now().Before(deadline) {
				time.Sleep(200 * time.Millisecond)
				_, err = st.Apply(t.Context(), ws, batch("after"))
			}
			if err != nil {
				t.Fatalf("%s on %s after the outage: %v", ws, node, errors.Unwrap(err))
			}
			want := 2
			if node == "node1" {
				want = 3
			}
			_ = i
			sqlstoretest.Chained(t, st, ws, want)
		}
	}
}

var galeraPorts = map[string]int{"node0": 24306, "node1": 24307, "node2": 24308}

// galera makes a database on the cluster and returns a DSN of one node.
func galera(t testing.TB) string {
	t.Helper()
	c := started(t, "EXTCONTACTS_GALERA", "galera", galeraPorts)
	name := sqlstoretest.PlaceName()
	c.exec(t, "node0", "mysql", "CREATE DATABASE "+name)
	t.Cleanup(func() { c.exec(t, "node0", "mysql", "DROP DATABASE "+name) })
	return c.dsn("node0", name)
}

func TestGalera(t *testing.T) {
	d := database
	d.Place = galera
	t.Run("Store", d.Store)
	t.Run("Book", d.Book)
	t.Run("Copy", func(t *testing.T) { d.RunOne(t, "Copy") })
	t.Run("Text", d.Text)
	t.Run("Writers", func(t *testing.T) { d.RunOne(t, "Writers") })
}

// TestGaleraWriters has writers of the same contacts on all three nodes: what
// one node certifies first, the others refuse at COMMIT, and they try again.
func TestGaleraWriters(t *testing.T) {
	dsn := galera(t)
	c := started(t, "EXTCONTACTS_GALERA", "galera", galeraPorts)
	config, err := parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	var stores []store.Store
	for _, node := range []string{"node0", "node1", "node2"} {
		st, err := Open(t.Context(), c.dsn(node, config.DBName)+"&wsrep_sync_wait=15", Options{Retries: 200})
		if err != nil {
			t.Fatal(err)
		}
		defer st.Close()
		stores = append(stores, st)
	}
	for _, workspaces := range []int{1, 10} {
		t.Run(fmt.Sprint("workspaces ", workspaces), func(t *testing.T) {
			sqlstoretest.Hammer(t, stores, fmt.Sprint(workspaces, "-"), workspaces, 30, 5*time.Second)
		})
	}
}

// TestGaleraOutage kills the node that a store works on: by a DSN with several
// hosts it goes on with the next one, and nothing acknowledged is lost.
func TestGaleraOutage(t *testing.T) {
	dsn := galera(t)
	c := started(t, "EXTCONTACTS_GALERA", "galera", galeraPorts)
	config, err := parse(dsn)
	if err != nil {
		t.Fatal(err)
	}
	st, err := Open(t.Context(), fmt.Sprintf("mysql://root@127.0.0.1:%d,127.0.0.1:%d,127.0.0.1:%d/%s?timeout=2s&wsrep_sync_wait=15",
		c.ports["node2"], c.ports["node1"], c.ports["node0"], config.DBName), Options{Retries: 200})
	if err != nil {
		t.Fatal(err)
	}
	defer st.Close()
	acked := 0
	write := func(n int) {
		t.Helper()
		for range n {
			if _, err := st.Apply(t.Context(), "w", sqlstoretest.Creation(fmt.Sprint("act", acked), 1, nil)); err != nil {
				t.Fatalf("write %d: %v", acked, errors.Unwrap(err))
			}
			acked++
		}
	}
	write(50)
	c.kill(t, "node2")
	start := time.Now()
	write(1)
	t.Logf("the first write after the node died took %v", time.Since(start).Round(time.Millisecond))
	write(50)
	sqlstoretest.Chained(t, st, "w", acked)
	c.restart(t, 2)
	again, err := Open(t.Context(), c.dsn("node2", config.DBName)+"&wsrep_sync_wait=15")
	if err != nil {
		t.Fatal(err)
	}
	defer again.Close()
	sqlstoretest.Chained(t, again, "w", acked)
}

// TestSpiderStatements checks the statements without a cluster.
func TestSpiderStatements(t *testing.T) {
	list, err := Spider("s1", "s2")
	if err != nil {
		t.Fatal(err)
	}
	var spread int
	for _, s := range list {
		if strings.Contains(s, "ENGINE=SPIDER") {
			spread++
			if !strings.Contains(s, "PARTITION BY KEY (ws) (PARTITION p0 COMMENT = 'srv \"s1\"', PARTITION p1 COMMENT = 'srv \"s2\"')") {
				t.Errorf("not spread by workspace: %s", s)
			}
		}
	}
	if spread != 9 || len(list) != 13 {
		t.Errorf("%d tables spread by %d statements", spread, len(list))
	}
	for _, servers := range [][]string{nil, {""}, {"a\"b"}, {"a'b"}} {
		if _, err := Spider(servers...); err == nil {
			t.Errorf("servers %q are taken", servers)
		}
	}
	// every key leads with the workspace, and nothing else ties rows together
	db := connect(t, schema(t))
	defer db.Close()
	checkKeys(t, db)
}

// checkKeys asks the catalog what a distributed engine would choke on.
func checkKeys(t *testing.T, db *sql.DB) {
	t.Helper()
	st := 0
	names, err := fs.Glob(Migrations(), "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range names {
		text, err := fs.ReadFile(Migrations(), name)
		if err != nil {
			t.Fatal(err)
		}
		for s := range strings.SplitSeq(string(text), ";\n") {
			if s = strings.TrimSpace(s); s != "" {
				if _, err := db.Exec(s); err != nil {
					t.Fatal(err)
				}
				st++
			}
		}
	}
	for what, query := range map[string]string{
		"keys that do not begin with the workspace": "SELECT CONCAT(TABLE_NAME, '.', INDEX_NAME) FROM information_schema.STATISTICS" +
			" WHERE TABLE_SCHEMA = DATABASE() AND SEQ_IN_INDEX = 1 AND COLUMN_NAME <> 'ws' AND TABLE_NAME <> 'extcontacts_schema'",
		"foreign keys": "SELECT CONSTRAINT_NAME FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA = DATABASE()",
		"triggers":     "SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE TRIGGER_SCHEMA = DATABASE()",
		"counters":     "SELECT COLUMN_NAME FROM information_schema.COLUMNS WHERE TABLE_SCHEMA = DATABASE() AND EXTRA <> ''",
	} {
		rows, err := db.Query(query)
		if err != nil {
			t.Fatal(err)
		}
		for rows.Next() {
			var name string
			if err := rows.Scan(&name); err != nil {
				t.Fatal(err)
			}
			t.Errorf("%s: %s", what, name)
		}
		if err := rows.Close(); err != nil {
			t.Fatal(err)
		}
	}
	if st < 10 {
		t.Errorf("only %d statements", st)
	}
}
