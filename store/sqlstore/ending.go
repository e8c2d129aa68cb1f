package sqlstore

import (
	"context"
	"errors"
	"time"

	"github.com/extcontacts/extcontacts/store"
)

// ending is the context for the end of a transaction, COMMIT or ROLLBACK. A
// caller who goes must not cut it short, since then nobody would know how it
// ended; but a server that answers no more must not hold the caller for ever.
// So it ends the grace period after its caller's. cancel must be called.
func (s *Store) ending(ctx context.Context) (end context.Context, cancel context.CancelFunc) {
	end = context.WithoutCancel(ctx)
	if s.d.Local || ctx.Done() == nil {
		return end, func() {}
	}
	end, done := context.WithCancel(end)
	stop := context.AfterFunc(ctx, func() {
		t := time.NewTimer(s.grace)
		defer t.Stop()
		select {
		case <-t.C:
			done()
		case <-end.Done():
		}
	})
	return end, func() {
		stop()
		done()
	}
}

// errAbsent is what arrived meets where the batch is not in the log.
var errAbsent = errors.New("sqlstore: the batch is not there")

// arrived finds out, after the answer to a COMMIT was lost and the caller's
// context ended, whether the batch was written. It waits for the transaction
// that may still hold the head of the workspace, no longer than the grace
// period: false means that it was not written, or that nobody can tell.
func (s *Store) arrived(ctx context.Context, ws string, b *store.Batch) (store.Result, bool) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), s.grace)
	defer cancel()
	for try := 0; ; try++ {
		res, _, err := s.try(ctx, ws, b, nil, func(t *transaction, ctx context.Context) (res store.Result, err error) {
			var hash [32]byte
			if _, err := t.lockHead(ctx, &hash); err != nil {
				return res, err
			}
			found, err := t.applied(ctx, &res)
			if err == nil && !found {
				err = errAbsent
			}
			return res, err
		})
		if err == nil {
			res.Replayed = false // it was this call that applied it
			return res, true
		}
		if errors.Is(err, errAbsent) || !s.d.Retryable(err) && !s.broken(err) || pause(ctx, try) != nil {
			return store.Result{}, false
		}
	}
}

// applied looks whether the batch was applied before.
func (t *transaction) applied(ctx context.Context, res *store.Result) (found bool, err error) {
	found, err = t.c.one(ctx, "SELECT seq FROM ec_log WHERE ws = ? AND act = ? AND part = ?",
		[]any{t.ws, string(t.b.Act.ID), t.b.Part}, &res.Seq)
	res.Replayed = found
	return found, err
}
