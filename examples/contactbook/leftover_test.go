//go:build linux || darwin || freebsd || netbsd || openbsd || dragonfly

package main

import (
	"os"
	"path/filepath"
	"testing"
)

// What killed processes left of a file goes when the file is written again;
// what is being written, and what only has a similar name, stays.
func TestLeftovers(t *testing.T) {
	filled(t)
	write(t, "bad.csv", badRow)
	being, err := createPart("e.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer being.Close()
	write(t, ".e.csv.12345.part", "left")
	others := []string{".e.csv.part", ".e.csv..part", ".e.csv.12x.part", ".f.csv.12345.part", ".e.csv.12345"}
	for _, name := range others {
		write(t, name, "somebody's")
	}
	must(t, 3, "import", "bad.csv", "--errors", "e.csv")
	for _, name := range append(others, filepath.Base(being.Name())) {
		if _, err := os.Stat(name); err != nil {
			t.Errorf("%s is gone: %v", name, err)
		}
	}
	if _, err := os.Stat(".e.csv.12345.part"); err == nil {
		t.Error("what was left is still there")
	}
}

// A part that was taken away before it was held is made anew.
func TestPartTaken(t *testing.T) {
	t.Chdir(t.TempDir())
	f, err := createPart("e.csv")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	if !sameOpen(f) {
		t.Error("a new part has no name")
	}
	if err := os.Remove(f.Name()); err != nil {
		t.Fatal(err)
	}
	if sameOpen(f) {
		t.Error("a part that is gone has a name")
	}
}
