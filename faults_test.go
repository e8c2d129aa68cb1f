package extcontacts_test

import (
	"fmt"
	"os"
	"regexp"
	"strings"
	"testing"
)

var (
	citedFile = regexp.MustCompile("`([^`]+\\.go)`([^`]*)")
	citedName = regexp.MustCompile(`"([^"]+)"`)
	incident  = regexp.MustCompile(`I\d\d`)
)

// TestFaultIndex holds docs/faults.md to the tests: every fault has a test, and
// every test that the page names is there.
func TestFaultIndex(t *testing.T) {
	page, err := os.ReadFile("docs/faults.md")
	if err != nil {
		t.Fatal(err)
	}
	source := func(file string) string {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Error(err)
		}
		return string(text)
	}
	faults, incidents := map[string]int{}, 0
	for line := range strings.Lines(string(page)) {
		cells := strings.Split(line, "|")
		switch {
		case len(cells) == 5 && strings.HasPrefix(cells[1], " B"):
			fault := strings.Fields(cells[1])[0]
			for _, cited := range citedFile.FindAllStringSubmatch(cells[3], -1) {
				text := source(cited[1])
				for _, name := range citedName.FindAllStringSubmatch(cited[2], -1) {
					faults[fault]++
					if !strings.Contains(text, name[1]) {
						t.Errorf("%s: %s has no %q", fault, cited[1], name[1])
					}
				}
			}
		case len(cells) == 4 && strings.HasPrefix(cells[1], " I") && strings.Contains(line, ".go"):
			text := source(citedFile.FindStringSubmatch(cells[2])[1])
			for _, id := range incident.FindAllString(cells[1], -1) {
				incidents++
				if !strings.Contains(text, `"`+id+" ") && !strings.Contains(text, "TestIncident"+id) {
					t.Errorf("%s has no test of its own in %s", id, cells[2])
				}
			}
		}
	}
	for n := 1; n <= 14; n++ {
		if faults[fmt.Sprint("B", n)] == 0 {
			t.Errorf("B%d has no test", n)
		}
	}
	if incidents < 40 {
		t.Errorf("%d incidents, want 40", incidents)
	}
}
