package main

import (
	"math"
	"runtime"
	"runtime/debug"
	"testing"
	"time"
)

// collector is how the garbage collector is set; it is put back behind a test.
func collector(t *testing.T) (percent func() int, limit func() int64) {
	percent = func() int {
		p := debug.SetGCPercent(100)
		debug.SetGCPercent(p)
		return p
	}
	limit = func() int64 { return debug.SetMemoryLimit(-1) }
	p, l := percent(), limit()
	t.Cleanup(func() {
		debug.SetGCPercent(p)
		debug.SetMemoryLimit(l)
	})
	return percent, limit
}

func TestCollectorGivesWayToALargeHeap(t *testing.T) {
	t.Setenv("GOGC", "")
	t.Setenv("GOMEMLIMIT", "")
	percent, limit := collector(t)
	paceCollector()
	if percent() != roomyPercent || limit() != roomyLimit {
		t.Fatalf("set to %d %% and %d bytes", percent(), limit())
	}
	held := make([]byte, roomyLimit)
	for until := time.Now().Add(time.Minute); limit() != math.MaxInt64 || percent() != largePercent; {
		if time.Now().After(until) {
			t.Fatalf("with %d bytes in use the collector stays at %d %% and %d bytes", len(held), percent(), limit())
		}
		runtime.GC()
		time.Sleep(time.Millisecond)
	}
	runtime.KeepAlive(held)
}

func TestCollectorIsTheEnvironments(t *testing.T) {
	for _, name := range []string{"GOGC", "GOMEMLIMIT"} {
		t.Run(name, func(t *testing.T) {
			t.Setenv("GOGC", "")
			t.Setenv("GOMEMLIMIT", "")
			t.Setenv(name, "50")
			percent, limit := collector(t)
			p, l := percent(), limit()
			paceCollector()
			if percent() != p || limit() != l {
				t.Errorf("%s is set, but the pace became %d %% and %d bytes", name, percent(), limit())
			}
		})
	}
}
