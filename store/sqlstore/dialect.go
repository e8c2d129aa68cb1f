package sqlstore

import (
	"context"
	"io/fs"
	"strconv"
	"strings"
)

// Dialect is what differs between SQL engines. Statements are written once,
// with ? for each parameter.
type Dialect struct {
	// Name names the engine in errors, such as "sqlite".
	Name string
	// Migrations holds the files NNNN_name.sql, numbered from 0001 without
	// gaps. Statements end with a semicolon at the end of a line. Each must do
	// nothing where it was done before (CREATE … IF NOT EXISTS), since on some
	// engines a schema change commits on its own.
	Migrations fs.FS
	// Placeholder returns the n-th parameter, n from 1; nil means ? for all.
	Placeholder func(n int) string
	// Begin starts a transaction that writes.
	// The read lock of Begin, if any, must be the write lock: BEGIN IMMEDIATE.
	// Where the engine knows isolation levels it is READ COMMITTED: a
	// statement must see what was committed before the lock was had.
	Begin string
	// BeginRead are the statements that start a transaction whose reads all
	// show the database as it was at one moment. Without any, the stores of the
	// dialect give no snapshots.
	BeginRead []string
	// Guard and Unguard, where they are not empty, stand behind Begin and
	// before COMMIT. Unguard fails where the transaction that it stands in is
	// not the one that Guard stood in: on an engine that may give a
	// transaction up without an answer, so that what follows would begin one
	// of its own. Begin must then leave no statement to commit by itself.
	Guard, Unguard string
	// Lock, where it is not empty, is a query that makes migrators wait for
	// each other; it answers 1 when it has the lock. It runs after Begin.
	// Unlock, where it is not empty, gives the lock back if the end of the
	// transaction does not.
	Lock, Unlock string
	// ForUpdate ends the query that locks the head of a workspace.
	ForUpdate string
	// Parens says that a SELECT with a LIMIT may be a part of a UNION where it
	// stands in parentheses; else it is made a table.
	Parens bool
	// Replaces says that REPLACE INTO is known, which puts a row in the place of
	// the one with the same key.
	Replaces bool
	// Append, where it is not nil, makes a statement that adds a body to that of
	// each of the first n nodes of keys given, which are all there, before or
	// behind what they have. Whatever n, the statements are few.
	Append func(ws string, nodes []int64, bodies [][]byte) (query string, args []any, n int)
	// Runs is how many runs of keys there may be, at most 8, each of which a
	// large batch writes instead of changing most nodes: more of them make
	// imports cheaper and looking for a key dearer. A database that was written
	// with more would hide keys.
	Runs int
	// Rows is the number of rows of a full multi-row INSERT; zero means 32.
	Rows int
	// Bulk, where it is not nil, inserts many rows faster than INSERT does.
	// conn is the driver's own connection (see the Raw of package faultsql for
	// what stands before it), inside the transaction; row appends the
	// values of a row to args. Where it cannot serve this connection the error
	// is [errors.ErrUnsupported], before anything was written.
	Bulk func(ctx context.Context, conn any, table string, columns []string, rows int, row func(args []any, i int) []any) error
	// Contains is true where search_text holds the bytes of the parameter.
	Contains string
	// Holder, where it is not empty, is an expression that guesses, with the
	// digest of a key as parameter, who holds the key by the node k.body: the
	// UUID in its usual form whose bytes stand 17 bytes behind the first place
	// of the digest, NULL where there is none. Its contact is read in the same
	// statement, and who holds the key is decided by the node itself, so that a
	// wrong guess costs a second statement and nothing else: the digest may
	// stand elsewhere too, there may be more holders, and ids that are no UUIDs.
	// Of less bytes anything may come but an error.
	Holder string
	// Among, where it is not empty, is true behind a column whose value is one of
	// the []int64 that is its parameter: one is read faster than an IN list.
	Among string
	// Holds, where it is not empty, is true, with the digest of a key as
	// parameter, where the node k.body may hold the key: where Holder is asked
	// and Held is not, the others stay in the engine.
	Holds string
	// Held, where it is not nil, makes a table that stands for the given number
	// of nodes where Holder is asked, so that what does not matter stays in the
	// engine. Its column body has the entries of the wanted keys in a node (see
	// the function [Held]) or NULL. Its parameters are the digests of the keys
	// in one piece, the nodes and the workspace.
	Held func(nodes int) string
	// Room, where it is not empty, runs on a connection for reading before every
	// thousandth operation, so that it gets its share of the memory where the
	// connections of a process have theirs in common.
	Room string
	// Tables lists the names of the tables of the database, one a row.
	Tables string
	// Scrub, where it is not empty, runs after a commit that erased personal
	// data, so that the engine forgets the old pages.
	Scrub string
	// Analyze, where it is not empty, makes the engine look at the sizes of
	// things. It runs after a commit by which a workspace grew fourfold, since a
	// planner that thinks it small goes by the wrong index.
	Analyze string
	// Exclusive says that a database with tables but none of ours is foreign.
	// Where it is false, only one that has tables of the same names is.
	Exclusive bool
	// Local says that a statement never waits for a network, so that a context
	// need only be looked at between statements.
	Local bool
	// Retryable reports whether an error means that the whole transaction may
	// be run again: deadlock, serialization failure, busy.
	Retryable func(error) bool
	// Duplicate reports whether an error is the violation of a unique key.
	Duplicate func(error) bool
	// Lost reports whether an error means that the connection is gone.
	Lost func(error) bool
}

// AppendRows makes the [Dialect.Append] of an engine whose statement has a
// workspace, a node and a body for each of up to rows nodes, a power of two:
// what stands before and behind them.
func AppendRows(rows int, before, behind string) func(ws string, nodes []int64, bodies [][]byte) (string, []any, int) {
	return func(ws string, nodes []int64, bodies [][]byte) (string, []any, int) {
		n := rows
		for n > len(nodes) {
			n >>= 1
		}
		args := make([]any, 0, 3*n)
		for i, node := range nodes[:n] {
			args = append(args, ws, node, bodies[i])
		}
		return before + tuples(n, 3) + behind, args, n
	}
}

// rebind puts the placeholders of the dialect in.
func (d *Dialect) rebind(query string) string {
	if d.Placeholder == nil {
		return query
	}
	var b strings.Builder
	n := 0
	for {
		i := strings.IndexByte(query, '?')
		if i < 0 {
			b.WriteString(query)
			return b.String()
		}
		n++
		b.WriteString(query[:i])
		b.WriteString(d.Placeholder(n))
		query = query[i+1:]
	}
}

// Dollar is a [Dialect.Placeholder]: $1, $2, …
func Dollar(n int) string { return "$" + strconv.Itoa(n) }

// insertRows is the number of rows of a full multi-row INSERT or DELETE where
// the dialect says nothing; inList that of the values of a full IN list;
// bulkRows that from which on the bulk path pays. Less are sent in powers of
// two, so that the set of statements stays small.
const (
	insertRows = 32
	inList     = 256
	bulkRows   = 64
)

// marks returns n placeholders with commas between them.
func marks(n int) string { return strings.TrimSuffix(strings.Repeat("?,", n), ",") }

// tuples returns rows of n placeholders each.
func tuples(rows, n int) string {
	return strings.TrimSuffix(strings.Repeat("("+marks(n)+"),", rows), ",")
}

// batches cuts n rows into runs of size, a power of two, and then of smaller
// ones, and calls f with the bounds of each.
func batches(n, size int, f func(from, to int) error) error {
	for from := 0; from < n; {
		for size > n-from {
			size >>= 1
		}
		if err := f(from, from+size); err != nil {
			return err
		}
		from += size
	}
	return nil
}

// lists cuts n values into lists of at most inList and calls f with the bounds
// of each and the length to which the list is to be filled up.
func lists(n int, f func(from, to, size int) error) error {
	for from := 0; from < n; from += inList {
		to := min(from+inList, n)
		size := 1
		for size < to-from {
			size <<= 1
		}
		if err := f(from, to, size); err != nil {
			return err
		}
	}
	return nil
}
