package extcontacts

import (
	"context"
	"math/rand/v2"
	"time"
)

// line is where the writers of a book stand who were beaten to it by others:
// one of them at a time tries again, in the order they came. Without it a
// hundred writers of one workspace would all try at once, each success would
// be the failure of ninety-nine, and some would fail for ever. Writers that
// nobody disturbs never come here.
//
// It orders the writers of one process. Those of several are parted by pauses
// of random length.
type line chan struct{}

func newLine() line { return make(line, 1) }

// busy reports whether somebody is at the head of the line.
func (l line) busy() bool { return len(l) > 0 }

// enter waits for the head of the line; leave must follow where it returns nil.
func (l line) enter(ctx context.Context) error {
	select {
	case l <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (l line) leave() { <-l }

// turn is the place of one writer: outside the line until it was beaten twice.
type turn struct {
	line   line
	beaten int
	inside bool
}

// begin waits until the writer may try. whole says that the writer is beaten
// by any write of the book, so that it had better not try while others stand
// in line.
func (t *turn) begin(ctx context.Context, whole bool) error {
	if t.inside {
		// Only another process, or a writer who came first, can have been
		// quicker: not much can be in the way.
		pause := time.Duration(rand.Int64N(int64(min(t.beaten, 20)) * int64(time.Millisecond)))
		timer := time.NewTimer(pause)
		defer timer.Stop()
		select {
		case <-timer.C:
			return nil
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	if t.beaten < 2 && !(whole && t.line.busy()) {
		return nil
	}
	if err := t.line.enter(ctx); err != nil {
		return err
	}
	t.inside = true
	return nil
}

// end leaves the line.
func (t *turn) end() {
	if t.inside {
		t.inside = false
		t.line.leave()
	}
}
