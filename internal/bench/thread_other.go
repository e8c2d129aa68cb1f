//go:build !linux

package main

import "time"

var began = time.Now()

// threadTime is that of the wall where threads have no clock of their own.
func threadTime() time.Duration { return time.Since(began) }
