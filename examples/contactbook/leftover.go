package main

import (
	"os"
	"path/filepath"
	"strings"
)

// partOf is the pattern of the names of files that are being written in place
// of target, as os.CreateTemp takes it.
func partOf(target string) (prefix, suffix string) {
	return "." + filepath.Base(target) + ".", ".part"
}

// createPart makes the file that is written in place of target, and holds it
// until it is closed. Parts that nobody holds were left by processes that were
// killed: they are taken away.
func createPart(target string) (*os.File, error) {
	prefix, suffix := partOf(target)
	dir := filepath.Dir(target)
	removeParts(dir, prefix, suffix)
	for {
		f, err := os.CreateTemp(dir, prefix+"*"+suffix)
		if err != nil {
			return nil, err
		}
		hold(f)
		// Another process may have found it before it was held.
		if sameOpen(f) {
			return f, nil
		}
		_ = f.Close()
	}
}

// sameOpen reports whether the name of an open file still means it.
func sameOpen(f *os.File) bool {
	open, err := f.Stat()
	if err != nil {
		return true // nothing is known against it
	}
	named, err := os.Stat(f.Name())
	return err == nil && os.SameFile(open, named)
}

// removeParts takes away the parts that nobody holds. It is a kindness: what
// cannot be read or removed stays.
func removeParts(dir, prefix, suffix string) {
	list, err := os.ReadDir(dir)
	if err != nil {
		return
	}
	for _, e := range list {
		rest, begins := strings.CutPrefix(e.Name(), prefix)
		number, ends := strings.CutSuffix(rest, suffix)
		if begins && ends && number != "" && strings.Trim(number, "0123456789") == "" && e.Type().IsRegular() {
			removeUnheld(filepath.Join(dir, e.Name()))
		}
	}
}
