package faultsql

import (
	"context"
	"os"
)

// Before makes a call fail with err without effect. An err of nil makes it
// seem to succeed.
func Before(err error) Fault {
	return func(context.Context, Call, func() error) error { return err }
}

// After lets a call take effect and answers err all the same: the answer was
// lost.
func After(err error) Fault {
	return func(_ context.Context, _ Call, do func() error) error {
		_ = do()
		return err
	}
}

// Drop takes the connection away before the call, which fails with err.
func Drop(err error) Fault {
	return func(_ context.Context, c Call, _ func() error) error {
		c.Sever()
		return err
	}
}

// DropAfter lets a call take effect, then takes the connection away; the call
// answers err.
func DropAfter(err error) Fault {
	return func(_ context.Context, c Call, do func() error) error {
		_ = do()
		c.Sever()
		return err
	}
}

// Block keeps a call waiting until release is closed; then it takes place.
// Where the context ends first it fails with the context's error, without
// effect.
func Block(release <-chan struct{}) Fault {
	return func(ctx context.Context, _ Call, do func() error) error {
		select {
		case <-release:
			return do()
		case <-ctx.Done():
			return ctx.Err()
		}
	}
}

// Kill ends the process before the call, as a loss of power would: nothing
// deferred runs, nothing is flushed.
func Kill() Fault {
	return func(context.Context, Call, func() error) error { return die() }
}

// KillAfter lets a call take effect and ends the process before anybody
// hears of it.
func KillAfter() Fault {
	return func(_ context.Context, _ Call, do func() error) error {
		_ = do()
		return die()
	}
}

func die() error {
	p, err := os.FindProcess(os.Getpid())
	if err == nil {
		err = p.Kill()
	}
	if err != nil {
		return err
	}
	select {} // until the signal arrives
}

// At is the plan of one fault, at the n-th call since [Faults.Arm].
func At(n int, f Fault) Plan {
	return When(func(c Call) bool { return c.N == n }, f)
}

// On is the plan of one fault, at the n-th call of a kind since [Faults.Arm].
func On(op Op, n int, f Fault) Plan {
	return When(func(c Call) bool { return c.Op == op && c.OfOp == n }, f)
}

// Every is the plan of a fault at every call of the given kinds, of all where
// none is given.
func Every(f Fault, ops ...Op) Plan {
	return When(func(c Call) bool {
		for _, op := range ops {
			if c.Op == op {
				return true
			}
		}
		return len(ops) == 0
	}, f)
}

// When is the plan of a fault at every call for which match is true.
func When(match func(Call) bool, f Fault) Plan {
	return func(c Call) Fault {
		if match(c) {
			return f
		}
		return nil
	}
}

// First is the plan that asks each of plans in turn and takes the first fault.
func First(plans ...Plan) Plan {
	return func(c Call) Fault {
		for _, p := range plans {
			if f := p(c); f != nil {
				return f
			}
		}
		return nil
	}
}

// Once is a plan that lets p choose one fault, the first, and none after it.
func Once(p Plan) Plan {
	done := false
	return func(c Call) Fault {
		if done {
			return nil
		}
		f := p(c)
		done = f != nil
		return f
	}
}
