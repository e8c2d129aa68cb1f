package extcontacts_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// TestReadmeSnippets holds the promise that every Go snippet of the README is
// a part of an example that is compiled and run.
func TestReadmeSnippets(t *testing.T) {
	readme, err := os.ReadFile("README.md")
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob("*example*_test.go")
	if err != nil {
		t.Fatal(err)
	}
	var examples strings.Builder
	for _, f := range files {
		src, err := os.ReadFile(f)
		if err != nil {
			t.Fatal(err)
		}
		examples.WriteString(squeeze(string(src)))
	}
	parts := strings.Split(string(readme), "```go\n")
	if len(parts) < 3 {
		t.Fatalf("the README has %d Go snippets", len(parts)-1)
	}
	for _, part := range parts[1:] {
		snippet, _, _ := strings.Cut(part, "```")
		if !strings.Contains(examples.String(), squeeze(snippet)) {
			t.Errorf("no example holds this snippet:\n%s", snippet)
		}
	}
}

// squeeze folds white space, so that the indentation does not count.
func squeeze(s string) string { return " " + strings.Join(strings.Fields(s), " ") + " " }
