package faultsql_test

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"

	"github.com/extcontacts/extcontacts/store/faultsql"
)

// Every call of a piece of work fails once, before and after its effect: the
// row is there or it is not, and where the work succeeded it is.
func ExampleFaults() {
	ctx := context.Background()
	failed := errors.New("the network is gone")
	faults := faultsql.New()

	table := &fake{} // your driver; sqlite.Options{Wrap: faults.Connector} for a store of ours
	db := openBare(faults.Driver(table))
	if err := insert(ctx, db); err != nil { // your work
		panic(err)
	}
	calls := faults.Total()

	for n := 1; n <= calls; n++ {
		for _, fault := range []faultsql.Fault{faultsql.Before(failed), faultsql.After(failed)} {
			table := &fake{}
			db := openBare(faults.Driver(table))
			faults.Arm(faultsql.At(n, fault))
			err := insert(ctx, db)
			if err == nil && len(table.rows) != 1 {
				fmt.Println("lost at", faults.Fired()[0].Op)
			}
			if err != nil && len(table.rows) == 1 {
				fmt.Println("written, and yet an error at", faults.Fired()[0].Op)
			}
			db.Close()
		}
	}
	// Output: written, and yet an error at commit
}

// A connection breaks at the third row of an answer.
func ExampleWhen() {
	faults := faultsql.New()
	db := openBare(faults.Driver(&fake{rows: []int64{1, 2, 3, 4}}))
	defer db.Close()
	faults.Arm(faultsql.When(func(c faultsql.Call) bool {
		return c.Op == faultsql.Next && c.Row == 3
	}, faultsql.Drop(driver.ErrBadConn)))
	rows, err := db.Query("select")
	if err != nil {
		panic(err)
	}
	defer rows.Close()
	for rows.Next() {
		var n int
		if err := rows.Scan(&n); err != nil {
			panic(err)
		}
		fmt.Println(n)
	}
	fmt.Println(rows.Err())
	// Output:
	// 1
	// 2
	// driver: bad connection
}

// A fault of one's own: the first two commits meet a deadlock.
func ExampleFault() {
	deadlock := errors.New("deadlock detected") // such as &pgconn.PgError{Code: "40P01"}
	faults := faultsql.New()
	db := openBare(faults.Driver(&fake{}))
	defer db.Close()
	faults.Arm(func(c faultsql.Call) faultsql.Fault {
		if c.Op != faultsql.Commit || c.OfOp > 2 {
			return nil
		}
		return func(ctx context.Context, c faultsql.Call, do func() error) error { return deadlock }
	})
	for {
		err := insert(context.Background(), db)
		fmt.Println(err)
		if err == nil {
			break
		}
	}
	// Output:
	// deadlock detected
	// deadlock detected
	// <nil>
}

// Faults for a database that a program opens by name.
func ExampleFaults_Driver() {
	faults := faultsql.New()
	sql.Register("faulty", faults.Driver(&fake{})) // faults.Driver(&sqlite.Driver{})
	db, err := sql.Open("faulty", "file.db")
	if err != nil {
		panic(err)
	}
	defer db.Close()
	faults.Arm(faultsql.On(faultsql.Connect, 1, faultsql.Before(errors.New("no route to host"))))
	fmt.Println(db.Ping())
	// Output: no route to host
}
