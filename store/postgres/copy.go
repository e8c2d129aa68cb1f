package postgres

import (
	"context"
	"encoding/binary"
	"errors"
	"fmt"
	"io"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"
)

// copyIn sends rows with COPY in its binary form. The columns are of the types
// TEXT, BIGINT and BYTEA alone, the values strings, integers and bytes.
func copyIn(ctx context.Context, conn any, table string, columns []string, rows int, row func(args []any, i int) []any) error {
	c, ok := conn.(interface{ Conn() *pgx.Conn })
	if !ok { // a driver of the host's stands before it
		return errors.ErrUnsupported
	}
	r := &copyRows{left: rows, row: row, args: make([]any, 0, len(columns))}
	_, err := c.Conn().PgConn().CopyFrom(ctx, r, "COPY "+table+" ("+strings.Join(columns, ", ")+") FROM STDIN BINARY")
	return err
}

// copyRows reads as the rows of a COPY: a header, for each row the number of
// its columns and their values with their lengths, a trailer.
type copyRows struct {
	row      func(args []any, i int) []any
	args     []any
	at, left int // the next row, those that are to come
	ended    bool
	buf      []byte // what is encoded
	sent     int    // of it
}

// copyHeader is the signature, no flags and no extension.
const copyHeader = "PGCOPY\n\xff\r\n\x00" + "\x00\x00\x00\x00" + "\x00\x00\x00\x00"

// Read implements [io.Reader].
func (c *copyRows) Read(p []byte) (int, error) {
	if c.sent == len(c.buf) {
		if c.ended {
			return 0, io.EOF
		}
		if err := c.encode(len(p)); err != nil {
			return 0, err
		}
	}
	n := copy(p, c.buf[c.sent:])
	c.sent += n
	return n, nil
}

// encode makes ready some bytes, at least so many where there are.
func (c *copyRows) encode(size int) error {
	buf := slices.Grow(c.buf[:0], size+size/16)
	if c.at == 0 {
		buf = append(buf, copyHeader...)
	}
	for ; c.left > 0 && len(buf) < size; c.at, c.left = c.at+1, c.left-1 {
		values := c.row(c.args[:0], c.at)
		buf = binary.BigEndian.AppendUint16(buf, uint16(len(values)))
		for _, v := range values {
			switch v := v.(type) {
			case string:
				buf = append(binary.BigEndian.AppendUint32(buf, uint32(len(v))), v...)
			case []byte:
				buf = append(binary.BigEndian.AppendUint32(buf, uint32(len(v))), v...)
			case int64:
				buf = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(buf, 8), uint64(v))
			case int:
				buf = binary.BigEndian.AppendUint64(binary.BigEndian.AppendUint32(buf, 8), uint64(v))
			default:
				return fmt.Errorf("postgres: a row of COPY with a %T", v)
			}
		}
	}
	if c.left == 0 {
		buf, c.ended = binary.BigEndian.AppendUint16(buf, 1<<16-1), true
	}
	c.buf, c.sent = buf, 0
	return nil
}
