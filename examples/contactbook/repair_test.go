package main

import (
	"os"
	"testing"
)

// The guide's own case: an unquoted comma shifts a row. check proposes the
// repair, import makes it where --repair asks for it.
func TestRepair(t *testing.T) {
	t.Chdir(t.TempDir())
	const file = "First name,Last name,Mobile,Title,Team,Country,Level\n" +
		"Ann,Lee,+85291234567,Head of Marketing, Asia Division,Sales,HK,Primary\n"
	if err := os.WriteFile("f.csv", []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	m := object(t, must(t, 3, "--json", "check", "f.csv"))
	list, _ := m["repairs"].([]any)
	if len(list) != 1 {
		t.Fatalf("proposed %v", m["repairs"])
	}
	p, _ := list[0].(map[string]any)
	if cells, _ := p["cells"].([]any); len(cells) != 7 || cells[3] != "Head of Marketing, Asia Division" {
		t.Errorf("proposed %v", p)
	}
	must(t, 3, "import", "f.csv")
	must(t, 0, "import", "--repair", "f.csv")
	m = object(t, must(t, 0, "--json", "search", "ann"))
	if m["job_title"] != "Head of Marketing, Asia Division" || m["team"] != "Sales" {
		t.Errorf("mended %v", m)
	}
}
