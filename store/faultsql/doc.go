// Package faultsql puts faults between a program and its SQL driver, so that
// tests can show what the program does when the database fails. It wraps the
// drivers of database/sql, knows none of them and needs nothing but the
// standard library.
//
//	faults := faultsql.New()
//	st, err := sqlite.Open(ctx, file, sqlite.Options{Wrap: faults.Connector})
//	…
//	faults.Arm(faultsql.On(faultsql.Commit, 1, faultsql.After(driver.ErrBadConn)))
//	_, err = st.Apply(ctx, "acme", batch) // the answer to its COMMIT is lost
//
// A program that opens its database itself gives [Faults.Connector] to
// [sql.OpenDB], or [Faults.Driver] to [sql.Register].
//
// # Calls, plans, faults
//
// Every call of the driver that can fail is a [Call]: it has a kind ([Op]), a
// number, the text of its statement. A [Plan] looks at each call and names the
// [Fault] to run in its place, mostly none. A fault decides whether the call
// takes effect and what it answers: [Before] fails it without effect, [After]
// lets it take effect and loses the answer, [Drop] and [DropAfter] take the
// connection away with it, [Block] keeps it waiting, [Kill] and [KillAfter] end
// the process. Any function of the same form is a fault, too.
//
// To try a piece of work at every call there is: run it once without a plan,
// ask [Faults.Total], then run it once for each number with [At].
//
// # What passes through
//
// The wrapped driver is used just as database/sql would use it, with those of
// its optional interfaces that it has: the wrapper has them all, and answers
// for one that the driver lacks as database/sql does in its absence. One thing
// differs: [sql.Conn.Raw] hands out the wrapper. Code that needs the driver's
// own connection reaches it by the wrapper's method
//
//	Raw(ctx context.Context, query string, f func(conn driver.Conn) error) error
//
// which counts as a call of the kind [Raw] around all of f, or, without being
// counted, by Unwrap() [driver.Conn].
//
// # Concurrency
//
// A [Faults] is safe for use by many goroutines and for many connections and
// drivers. Calls are numbered in the order in which they begin.
package faultsql
