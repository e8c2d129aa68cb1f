//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package main

import (
	"os"
	"syscall"
)

// hold marks an open file as in use, until it is closed or the process ends.
// A file system without locks leaves it unmarked.
func hold(f *os.File) { _ = syscall.Flock(int(f.Fd()), syscall.LOCK_EX) }

// removeUnheld removes a file unless a process holds it.
func removeUnheld(name string) {
	f, err := os.Open(name)
	if err != nil {
		return
	}
	defer f.Close()
	if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil && sameOpen(f) {
		_ = os.Remove(name)
	}
}
