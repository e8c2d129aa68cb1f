package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
)

// TestGenerated: the tables in the repository are what the sources give.
func TestGenerated(t *testing.T) {
	for name, want := range generate("..") {
		got, err := os.ReadFile(filepath.Join("..", "..", "..", "contacts", name))
		if err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(got, want) {
			t.Errorf("contacts/%s is out of date: run go generate ./internal/tables", name)
		}
	}
}
