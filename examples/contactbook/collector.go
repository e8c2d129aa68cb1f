package main

import (
	"math"
	"os"
	"runtime"
	"runtime/debug"
	"runtime/metrics"
)

// The command may use some memory to collect garbage less often: five times
// what is in use, within roomyLimit in all. Where more than two thirds of that
// are in use, a pace without a limit takes its place: one that cannot be kept
// would make the collector run all the time.
const (
	roomyPercent = 400
	largePercent = 60
	roomyLimit   = 128 << 20
)

// paceCollector sets the pace of the garbage collector for a process that
// carries out one command, unless GOGC or GOMEMLIMIT of the environment do.
func paceCollector() {
	if os.Getenv("GOGC") != "" || os.Getenv("GOMEMLIMIT") != "" {
		return
	}
	debug.SetGCPercent(roomyPercent)
	debug.SetMemoryLimit(roomyLimit)
	afterCollection(func() bool {
		if liveHeap() <= roomyLimit/3*2 {
			return true
		}
		debug.SetGCPercent(largePercent)
		debug.SetMemoryLimit(math.MaxInt64)
		return false
	})
}

// afterCollection calls f after every collection, until it returns false.
func afterCollection(f func() (again bool)) {
	type sentinel struct{ _ *byte } // with a pointer, it is no part of another object
	runtime.AddCleanup(new(sentinel), func(f func() bool) {
		if f() {
			afterCollection(f)
		}
	}, f)
}

// liveHeap is what the last collection found in use.
func liveHeap() uint64 {
	s := []metrics.Sample{{Name: "/gc/heap/live:bytes"}}
	metrics.Read(s)
	return s[0].Value.Uint64()
}
