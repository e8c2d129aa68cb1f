package store

import (
	"context"
	"errors"
)

// Snapshotter is an optional capability of a [Store]: to show the contacts of
// a workspace as they were at one moment, whatever is written meanwhile.
type Snapshotter interface {
	// Snapshot calls f with a view of the store, which is good until f returns.
	// Contacts, Scan and, where the view has it, Narrow show the workspace as
	// it was at one moment between the call of Snapshot and that of f; the
	// view's other methods are not to be used. Writers do not wait for f, nor
	// f for them. The error is that of f or of the store; where this very store
	// cannot give snapshots it is [errors.ErrUnsupported], and f is not called.
	Snapshot(ctx context.Context, workspace string, f func(view Store) error) error
}

// Snapshot calls f with a view of the store at one moment where the store can
// give one; see [Snapshotter]. Otherwise f gets the store itself: each contact
// is whole, but one may be from a moment before another's.
func Snapshot(ctx context.Context, st Store, workspace string, f func(view Store) error) error {
	if s, ok := st.(Snapshotter); ok {
		if err := s.Snapshot(ctx, workspace, f); err != errors.ErrUnsupported {
			return err
		}
	}
	return f(st)
}
