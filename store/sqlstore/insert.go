package sqlstore

import (
	"context"
	"database/sql/driver"
	"errors"
	"strings"
)

// The tables into which rows are put, with the columns in the order of the
// values.
const (
	contactRows  = "ec_contacts (ws, id, rev, state, created_seq, search_text, body)"
	keyRows      = "ec_keys (ws, node, body)"
	logRows      = "ec_log (ws, seq, act, part, at, body, hash, act_sum)"
	touchedRows  = "ec_touched (ws, id, seq)"
	activityRows = "ec_activities (ws, id, contact, at, ref_hash, ref, kind, body)"
	recordRows   = "ec_records (ws, kind, name, rev, body)"
)

// insert puts n rows into a table, by the bulk path of the engine where it has
// one and the rows are many. row appends the values of the i-th to args.
func (t *transaction) insert(ctx context.Context, into string, n int, row func(args []any, i int) []any) error {
	if n == 0 {
		return nil
	}
	if t.s.d.Bulk != nil && n >= bulkRows {
		if err := t.bulk(ctx, into, n, row); !errors.Is(err, errors.ErrUnsupported) {
			return err
		}
	}
	return t.multiRow(ctx, "INSERT INTO ", into, n, row)
}

// replace is insert for rows of which some are there already.
func (t *transaction) replace(ctx context.Context, into string, n int, row func(args []any, i int) []any) error {
	return t.multiRow(ctx, "REPLACE INTO ", into, n, row)
}

func (t *transaction) multiRow(ctx context.Context, verb, into string, n int, row func(args []any, i int) []any) error {
	size := insertRows
	if t.s.d.Rows > 0 {
		size = t.s.d.Rows
	}
	columns := strings.Count(into, ",") + 1
	args := make([]any, 0, columns*min(n, size))
	return batches(n, size, func(from, to int) error {
		args = args[:0]
		for i := from; i < to; i++ {
			args = row(args, i)
		}
		return t.exec(ctx, verb+into+" VALUES "+tuples(to-from, columns), args...)
	})
}

func (t *transaction) bulk(ctx context.Context, into string, n int, row func(args []any, i int) []any) error {
	if err := t.outer.Err(); err != nil {
		return err
	}
	table, columns, _ := strings.Cut(strings.TrimSuffix(into, ")"), " (")
	work := func(conn any) error { return t.s.d.Bulk(ctx, conn, table, strings.Split(columns, ", "), n, row) }
	return t.c.conn.Raw(func(conn any) error {
		if w, ok := conn.(rawer); ok {
			return w.Raw(ctx, "COPY "+into, func(own driver.Conn) error { return work(own) })
		}
		return work(conn)
	})
}

// rawer is a connection that stands before the driver's own, such as one of
// package faultsql; it lets the bulk path through.
type rawer interface {
	Raw(ctx context.Context, query string, f func(conn driver.Conn) error) error
}
