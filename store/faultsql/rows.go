package faultsql

import (
	"context"
	"database/sql/driver"
	"io"
	"reflect"
)

// rows is the answer of a query.
type rows struct {
	own   driver.Rows
	c     *conn
	ctx   context.Context // of the query, which also bounds the reading of its rows
	query string
	row   int
}

var (
	_ driver.RowsNextResultSet              = (*rows)(nil)
	_ driver.RowsColumnTypeScanType         = (*rows)(nil)
	_ driver.RowsColumnTypeDatabaseTypeName = (*rows)(nil)
	_ driver.RowsColumnTypeLength           = (*rows)(nil)
	_ driver.RowsColumnTypeNullable         = (*rows)(nil)
	_ driver.RowsColumnTypePrecisionScale   = (*rows)(nil)
)

func (r *rows) Columns() []string {
	if r.c.severed {
		return nil
	}
	return r.own.Columns()
}

func (r *rows) Close() error {
	if r.c.severed || !r.c.rows[r] {
		return nil
	}
	err := r.c.f.call(r.ctx, Call{Op: CloseRows, Query: r.query, conn: r.c}, r.shut)
	if !r.c.severed {
		_ = r.shut() // whatever the fault was, nobody will ask again
	}
	return err
}

func (r *rows) shut() error {
	if !r.c.rows[r] {
		return nil
	}
	delete(r.c.rows, r)
	return r.own.Close()
}

func (r *rows) Next(dest []driver.Value) error {
	r.row++
	return r.c.f.call(r.ctx, Call{Op: Next, Query: r.query, Row: r.row, conn: r.c}, func() error { return r.own.Next(dest) })
}

func (r *rows) HasNextResultSet() bool {
	own, ok := r.own.(driver.RowsNextResultSet)
	return ok && !r.c.severed && own.HasNextResultSet()
}

func (r *rows) NextResultSet() error {
	own, ok := r.own.(driver.RowsNextResultSet)
	if !ok {
		return io.EOF
	}
	r.row = 0
	return r.c.f.call(r.ctx, Call{Op: Next, Query: r.query, conn: r.c}, own.NextResultSet)
}

func (r *rows) ColumnTypeScanType(i int) reflect.Type {
	if own, ok := r.own.(driver.RowsColumnTypeScanType); ok {
		return own.ColumnTypeScanType(i)
	}
	return reflect.TypeFor[any]()
}

func (r *rows) ColumnTypeDatabaseTypeName(i int) string {
	if own, ok := r.own.(driver.RowsColumnTypeDatabaseTypeName); ok {
		return own.ColumnTypeDatabaseTypeName(i)
	}
	return ""
}

func (r *rows) ColumnTypeLength(i int) (length int64, ok bool) {
	if own, has := r.own.(driver.RowsColumnTypeLength); has {
		return own.ColumnTypeLength(i)
	}
	return 0, false
}

func (r *rows) ColumnTypeNullable(i int) (nullable, ok bool) {
	if own, has := r.own.(driver.RowsColumnTypeNullable); has {
		return own.ColumnTypeNullable(i)
	}
	return false, false
}

func (r *rows) ColumnTypePrecisionScale(i int) (precision, scale int64, ok bool) {
	if own, has := r.own.(driver.RowsColumnTypePrecisionScale); has {
		return own.ColumnTypePrecisionScale(i)
	}
	return 0, 0, false
}
