package store

import "context"

// Preparer is an optional capability of a [Store]: to do a part of Apply ahead
// of it, such as encoding, while another batch is being written.
type Preparer interface {
	// Prepare does what Apply does before it needs the store, and returns what
	// does the rest; an error is that of [CheckBatch]. The batch and all that
	// it leads to must stay as they are until apply has returned. Whether the
	// conditions of the batch hold is found out by apply alone.
	Prepare(workspace string, b *Batch) (apply func(ctx context.Context) (Result, error), err error)
}

// Prepare returns what applies a batch; a store that is a [Preparer] does
// what it can of it now. See there.
func Prepare(st Store, workspace string, b *Batch) (apply func(ctx context.Context) (Result, error), err error) {
	if p, ok := st.(Preparer); ok {
		return p.Prepare(workspace, b)
	}
	return func(ctx context.Context) (Result, error) { return st.Apply(ctx, workspace, b) }, nil
}
