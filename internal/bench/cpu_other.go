//go:build !unix

package main

import "time"

var began = time.Now()

// cpuTime is wall time where the system has no getrusage.
func cpuTime() time.Duration { return time.Since(began) }

// peak is not known here.
func peak() int64 { return 0 }
