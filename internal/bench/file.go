package main

import (
	"bytes"

	"github.com/extcontacts/extcontacts/internal/gen"
)

// cleanFile is a file of 32 columns in which every row is sound.
func cleanFile(rows int) ([]byte, error) {
	return file(gen.Options{Rows: rows, Seed: 1})
}

// realFile has what files have: one row in twenty repeats a person, one in a
// hundred has a fault.
func realFile(rows int) ([]byte, error) {
	return file(gen.Options{Rows: rows, Seed: 1, Duplicates: 0.05, Faults: 0.01})
}

func file(o gen.Options) ([]byte, error) {
	var b bytes.Buffer
	err := gen.Write(&b, nil, o)
	return b.Bytes(), err
}
