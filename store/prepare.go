package store

import (
	"context"
	"errors"
)

// Preparer is an optional capability of a [Store]: to do a part of Apply ahead
// of it, such as encoding, while another batch is being written.
type Preparer interface {
	// Prepare does what Apply does before it needs the store, and returns what
	// does the rest; an error is that of [CheckBatch]. The batch and all that
	// it leads to must stay as they are until apply has returned. Whether the
	// conditions of the batch hold is found out by apply alone. Where Apply of
	// this very store hardly ever waits, so that nothing is gained, the error is
	// [errors.ErrUnsupported].
	Prepare(workspace string, b *Batch) (apply func(ctx context.Context) (Result, error), err error)
}

// Prepare returns what applies a batch; a store that is a [Preparer] does
// what it can of it now. ahead says that it did, so that it pays to prepare a
// batch while another one is written.
func Prepare(st Store, workspace string, b *Batch) (apply func(ctx context.Context) (Result, error), ahead bool, err error) {
	if p, ok := st.(Preparer); ok {
		if apply, err = p.Prepare(workspace, b); err != errors.ErrUnsupported {
			return apply, true, err
		}
	}
	return func(ctx context.Context) (Result, error) { return st.Apply(ctx, workspace, b) }, false, nil
}
