package faultsql_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"slices"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/extcontacts/extcontacts/store/faultsql"
)

var errMade = errors.New("made by the test")

// connect opens a database of a driver, by a connector as sql.Open does.
func connect(t *testing.T, d driver.Driver) *sql.DB {
	t.Helper()
	c, err := d.(driver.DriverContext).OpenConnector("x")
	if err != nil {
		t.Fatal(err)
	}
	db := sql.OpenDB(c)
	db.SetMaxOpenConns(1)
	t.Cleanup(func() { db.Close() })
	return db
}

// bare opens it without a wrapper.
type bare struct{ driver.Driver }

func (b bare) Connect(context.Context) (driver.Conn, error) { return b.Open("x") }

func openBare(d driver.Driver) *sql.DB {
	var c driver.Connector = bareConnector{bare{d}}
	if ctx, ok := d.(driver.DriverContext); ok {
		c, _ = ctx.OpenConnector("x")
	}
	db := sql.OpenDB(c)
	db.SetMaxOpenConns(1)
	return db
}

type bareConnector struct{ bare }

func (b bareConnector) Driver() driver.Driver { return b.bare.Driver }

// everything uses a database in every way, and answers what came out.
func everything(db *sql.DB) []string {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	var out []string
	note := func(v ...any) { out = append(out, fmt.Sprint(v...)) }
	note(db.PingContext(ctx))
	_, err := db.ExecContext(ctx, "insert ?", 1)
	note(err)
	_, err = db.ExecContext(ctx, "insert ?", sql.Named("n", 1))
	note(err)
	_, err = db.ExecContext(ctx, "insert ?", int64(1)<<40) // too large for an old driver's converter
	note(err)
	_, err = db.ExecContext(ctx, "insert ?", struct{}{})
	note(err)
	st, err := db.PrepareContext(ctx, "insert ?")
	note(err)
	_, err = st.ExecContext(ctx, "2")
	note(err)
	_, err = st.ExecContext(ctx, 2)
	note(err, st.Close())
	for _, o := range []*sql.TxOptions{nil, {}, {ReadOnly: true}, {Isolation: sql.LevelSerializable}} {
		tx, err := db.BeginTx(ctx, o)
		if note(err); err != nil {
			continue
		}
		_, err = tx.ExecContext(ctx, "insert ?", 3)
		note(err)
		if o == nil {
			note(tx.Commit())
		} else {
			note(tx.Rollback())
		}
	}
	rows, err := db.QueryContext(ctx, "select")
	if note(err); err == nil {
		types, err := rows.ColumnTypes()
		note(err)
		for _, c := range types {
			length, ok := c.Length()
			nullable, ok2 := c.Nullable()
			p, s, ok3 := c.DecimalSize()
			note(c.Name(), c.ScanType(), c.DatabaseTypeName(), length, ok, nullable, ok2, p, s, ok3)
		}
		for {
			for rows.Next() {
				var n int
				err := rows.Scan(&n)
				note(n, err)
			}
			if !rows.NextResultSet() {
				break
			}
			note("next set")
		}
		note(rows.Err(), rows.Close())
	}
	note(db.Close())
	return out
}

// TestTransparent compares a wrapped driver with the bare one, for drivers
// with none, the old and all of the optional interfaces: database/sql makes
// the same calls and gives the same answers.
func TestTransparent(t *testing.T) {
	for name, make := range map[string]func(*fake) driver.Driver{
		"plain": func(f *fake) driver.Driver { return f },
		"old":   func(f *fake) driver.Driver { return oldFake{f} },
		"new":   func(f *fake) driver.Driver { return newFake{f} },
	} {
		t.Run(name, func(t *testing.T) {
			want, got := &fake{}, &fake{}
			wantOut := everything(openBare(make(want)))
			gotOut := everything(connect(t, faultsql.New().Driver(make(got))))
			if d := cmp.Diff(wantOut, gotOut); d != "" {
				t.Errorf("answers (-bare +wrapped):\n%s", d)
			}
			if d := cmp.Diff(want.log, got.log); d != "" {
				t.Errorf("calls (-bare +wrapped):\n%s", d)
			}
			if len(want.log) < 15 || len(want.rows) < 3 {
				t.Errorf("the script does too little: %q", want.log)
			}
		})
	}
}

// insert is a piece of work: one row in a transaction.
func insert(ctx context.Context, db *sql.DB) error {
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, "insert ?", 1); err != nil {
		return errors.Join(err, tx.Rollback())
	}
	return tx.Commit()
}

// TestEveryCall makes each call of a piece of work fail in each way.
func TestEveryCall(t *testing.T) {
	clean := faultsql.New()
	db := connect(t, clean.Driver(&fake{}))
	clean.Arm(nil)
	if err := insert(t.Context(), db); err != nil {
		t.Fatal(err)
	}
	total := clean.Total()
	if total < 5 { // connect, begin, prepare, exec, close statement, commit
		t.Fatalf("%d calls", total)
	}
	for n := 1; n <= total; n++ {
		for name, fault := range map[string]faultsql.Fault{"before": faultsql.Before(errMade), "after": faultsql.After(errMade),
			"drop": faultsql.Drop(errMade), "drop after": faultsql.DropAfter(errMade)} {
			f, faults := &fake{}, faultsql.New()
			db := connect(t, faults.Driver(f))
			faults.Arm(faultsql.At(n, fault))
			err := insert(t.Context(), db)
			fired := faults.Fired()
			if len(fired) != 1 || fired[0].N != n {
				t.Fatalf("call %d, %s: fired %v", n, name, fired)
			}
			op := fired[0].Op
			if err == nil && op != faultsql.CloseStmt {
				t.Errorf("%s %s: no error", name, op)
			}
			if err != nil && !errors.Is(err, errMade) && !errors.Is(err, driver.ErrBadConn) {
				t.Errorf("%s %s: %v", name, op, err)
			}
			wrote := len(f.rows) == 1
			if want := op == faultsql.Commit && (name == "after" || name == "drop after") || err == nil; wrote != want {
				t.Errorf("%s %s: %d rows, error %v", name, op, len(f.rows), err)
			}
			faults.Arm(nil)
			if err := insert(t.Context(), db); err != nil { // the pool has recovered
				t.Errorf("%s %s: the next insert: %v", name, op, err)
			}
			if err := db.Close(); err != nil || f.open != 0 {
				t.Errorf("%s %s: %d connections left, %v", name, op, f.open, err)
			}
		}
	}
}

// TestPartialRows cuts an answer at each of its rows.
func TestPartialRows(t *testing.T) {
	f, faults := &fake{rows: []int64{1, 2, 3}}, faultsql.New()
	db := connect(t, faults.Driver(f))
	for n := 1; n <= 4; n++ {
		faults.Arm(faultsql.When(func(c faultsql.Call) bool { return c.Op == faultsql.Next && c.Row == n }, faultsql.Before(errMade)))
		rows, err := db.Query("select")
		if err != nil {
			t.Fatal(err)
		}
		seen := 0
		for rows.Next() {
			seen++
		}
		if seen != n-1 || !errors.Is(rows.Err(), errMade) {
			t.Errorf("cut at %d: %d rows, %v", n, seen, rows.Err())
		}
	}
}

// TestBlock keeps a call waiting.
func TestBlock(t *testing.T) {
	f, faults := &fake{}, faultsql.New()
	db := connect(t, faults.Driver(f))
	release := make(chan struct{})
	faults.Arm(faultsql.On(faultsql.Exec, 1, faultsql.Block(release)))
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Millisecond)
	defer cancel()
	if _, err := db.ExecContext(ctx, "insert ?", 1); !errors.Is(err, context.DeadlineExceeded) || len(f.rows) != 0 {
		t.Errorf("%v, %d rows", err, len(f.rows))
	}
	faults.Arm(faultsql.On(faultsql.Exec, 1, faultsql.Block(release)))
	time.AfterFunc(time.Millisecond, func() { close(release) })
	if _, err := db.ExecContext(t.Context(), "insert ?", 1); err != nil || len(f.rows) != 1 {
		t.Errorf("%v, %d rows", err, len(f.rows))
	}
}

// TestKinds counts a transaction that is made of statements.
func TestKinds(t *testing.T) {
	f, faults := &fake{}, faultsql.New()
	db := connect(t, faults.Driver(oldFake{f}))
	for query, op := range map[string]faultsql.Op{
		"BEGIN IMMEDIATE": faultsql.Begin, "start transaction read write": faultsql.Begin, " COMMIT;": faultsql.Commit, "end": faultsql.Commit,
		"ROLLBACK": faultsql.Rollback, "ROLLBACK TO SAVEPOINT a": faultsql.Exec, "rollback to a": faultsql.Exec, "START REPLICA": faultsql.Exec, "insert 1": faultsql.Exec,
	} {
		faults.Arm(nil)
		if _, err := db.Exec(query); err != nil {
			t.Fatal(err)
		}
		if faults.Count(op) != 1 {
			t.Errorf("%q is no %s", query, op)
		}
	}
	if ops := faultsql.Ops(); len(ops) != 14 || len(slices.Compact(slices.Sorted(slices.Values(ops)))) != 14 {
		t.Errorf("the kinds are %v", ops)
	}
}

// TestRaw reaches the driver's own connection.
func TestRaw(t *testing.T) {
	f, faults := &fake{}, faultsql.New()
	db := connect(t, faults.Driver(f))
	c, err := db.Conn(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	defer c.Close()
	reached := 0
	raw := func() error {
		return c.Raw(func(conn any) error {
			if _, ok := conn.(interface{ Unwrap() driver.Conn }).Unwrap().(*fakeConn); !ok {
				t.Errorf("it is %T", conn)
			}
			return conn.(interface {
				Raw(context.Context, string, func(driver.Conn) error) error
			}).Raw(t.Context(), "COPY t", func(own driver.Conn) error {
				reached++
				return nil
			})
		})
	}
	if err := raw(); err != nil || reached != 1 {
		t.Errorf("%v, reached %d times", err, reached)
	}
	faults.Arm(faultsql.When(func(c faultsql.Call) bool { return c.Op == faultsql.Raw && c.Query == "COPY t" }, faultsql.After(errMade)))
	if err := raw(); !errors.Is(err, errMade) || reached != 2 {
		t.Errorf("%v, reached %d times", err, reached)
	}
}

// TestOnceAndFirst tries the plans that are made of plans.
func TestOnceAndFirst(t *testing.T) {
	f, faults := &fake{}, faultsql.New()
	db := connect(t, faults.Driver(f))
	other := errors.New("another")
	faults.Arm(faultsql.First(faultsql.Once(faultsql.Every(faultsql.Before(errMade), faultsql.Exec)), faultsql.On(faultsql.Exec, 3, faultsql.Before(other))))
	for i, want := range []error{errMade, nil, other, nil} {
		if _, err := db.Exec("insert ?", 1); !errors.Is(err, want) {
			t.Errorf("exec %d: %v, want %v", i+1, err, want)
		}
	}
	if len(faults.Fired()) != 2 {
		t.Errorf("fired %v", faults.Fired())
	}
}

// TestKill has a process of its own die at a call.
func TestKill(t *testing.T) {
	if os.Getenv("EXTCONTACTS_FAULTSQL_KILL") == "1" {
		faults := faultsql.New()
		faults.Arm(faultsql.On(faultsql.Commit, 1, faultsql.KillAfter()))
		fmt.Println("alive", insert(context.Background(), connect(t, faults.Driver(&fake{}))))
		return
	}
	cmd := exec.Command(os.Args[0], "-test.run=^TestKill$")
	cmd.Env = append(os.Environ(), "EXTCONTACTS_FAULTSQL_KILL=1")
	out, err := cmd.CombinedOutput()
	var exit *exec.ExitError
	if !errors.As(err, &exit) || exit.Exited() || len(out) > 0 {
		t.Errorf("%v, %s", err, out)
	}
}
