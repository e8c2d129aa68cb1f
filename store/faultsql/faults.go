package faultsql

import (
	"context"
	"database/sql/driver"
	"strings"
	"sync"
)

// Op is a kind of driver call.
type Op string

// The kinds of calls. A transaction that is begun or ended by a statement
// (BEGIN, START TRANSACTION, COMMIT, END, ROLLBACK) counts as one that was by
// the driver's own calls.
const (
	Connect   Op = "connect"
	Ping      Op = "ping"
	Reset     Op = "reset" // a connection comes out of the pool again
	Prepare   Op = "prepare"
	Exec      Op = "exec"
	Query     Op = "query"
	Next      Op = "next" // a row, the end of the rows, or the next result set
	Begin     Op = "begin"
	Commit    Op = "commit"
	Rollback  Op = "rollback"
	Raw       Op = "raw"        // work on the driver's own connection
	CloseRows Op = "close rows" // by the program, or at their end
	CloseStmt Op = "close statement"
	CloseConn Op = "close connection"
)

// Ops returns all kinds of calls.
func Ops() []Op {
	return []Op{Connect, Ping, Reset, Prepare, Exec, Query, Next, Begin, Commit, Rollback, Raw, CloseRows, CloseStmt, CloseConn}
}

// Call is one call of the driver.
type Call struct {
	// N is the number of the call since the last [Faults.Arm], from 1; OfOp
	// that among the calls of its kind.
	N, OfOp int
	Op      Op
	// Query is the text of the statement, or what was named to Raw. Calls
	// without a statement have none.
	Query string
	// Row is the number of the row that a Next asks for, from 1.
	Row int

	conn *conn
}

// Sever closes the driver's connection at once, whatever is open on it. All
// later calls on it answer [driver.ErrBadConn]. It does nothing to a Connect.
func (c Call) Sever() {
	if c.conn != nil {
		c.conn.sever()
	}
}

// Fault stands in for a call. It calls do for the call to take effect, at most
// once, and returns what the caller gets as the error. ctx is that of the
// call, or of the query or transaction it belongs to.
type Fault func(ctx context.Context, c Call, do func() error) error

// Plan chooses the fault of each call, nil for none. It is called by one
// goroutine at a time, and must not use the Faults it was given to.
type Plan func(c Call) Fault

// Faults counts the calls of the drivers it wraps and runs the faults of its
// plan. Make one with [New].
type Faults struct {
	mu    sync.Mutex
	plan  Plan
	total int
	count map[Op]int
	fired []Call
}

// New returns a Faults without a plan: it counts.
func New() *Faults { return &Faults{count: map[Op]int{}} }

// Arm sets the plan, nil for none, and begins to count anew.
func (f *Faults) Arm(p Plan) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.plan, f.total, f.fired = p, 0, nil
	clear(f.count)
}

// Total is the number of calls since the last Arm.
func (f *Faults) Total() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.total
}

// Count is the number of calls of a kind since the last Arm.
func (f *Faults) Count(op Op) int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.count[op]
}

// Fired returns the calls since the last Arm in whose place a fault ran, in
// their order: a test that armed a plan asserts that it came to pass.
func (f *Faults) Fired() []Call {
	f.mu.Lock()
	defer f.mu.Unlock()
	return append([]Call(nil), f.fired...)
}

// call runs do, or what the plan has in its place.
func (f *Faults) call(ctx context.Context, c Call, do func() error) error {
	f.mu.Lock()
	f.total++
	f.count[c.Op]++
	c.N, c.OfOp = f.total, f.count[c.Op]
	var fault Fault
	if f.plan != nil {
		if fault = f.plan(c); fault != nil {
			f.fired = append(f.fired, c)
		}
	}
	f.mu.Unlock()
	if c.conn != nil && c.conn.severed { // a fault cannot reach what is gone
		return driver.ErrBadConn
	}
	if fault == nil {
		return do()
	}
	return fault(ctx, c, do)
}

// opOf tells the statements that begin and end transactions from others.
func opOf(op Op, query string) Op {
	word, rest, _ := strings.Cut(strings.TrimSpace(query), " ")
	switch strings.ToUpper(strings.TrimSuffix(word, ";")) {
	case "BEGIN":
		return Begin
	case "START":
		if strings.HasPrefix(strings.ToUpper(strings.TrimSpace(rest)), "TRANSACTION") {
			return Begin
		}
	case "COMMIT", "END":
		return Commit
	case "ROLLBACK":
		if !strings.Contains(strings.ToUpper(" "+rest), " TO ") { // a savepoint
			return Rollback
		}
	}
	return op
}
