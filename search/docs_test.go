package search_test

import (
	"encoding/json"
	"errors"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
)

// TestDocs runs every example of docs/search.md against its contact.
func TestDocs(t *testing.T) {
	text, err := os.ReadFile("../docs/search.md")
	if err != nil {
		t.Fatal(err)
	}
	_, rest, _ := strings.Cut(string(text), "```json\n")
	person, _, _ := strings.Cut(rest, "```")
	var c contacts.Contact
	if err := json.Unmarshal([]byte(person), &c); err != nil {
		t.Fatal(err)
	}
	c.Normalize()
	o := search.Options{Now: time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC), Location: time.FixedZone("HKT", 8*3600)}
	n := 0
	for line := range strings.Lines(string(text)) {
		cells := strings.Split(line, " | ")
		text, ok := strings.CutPrefix(cells[0], "| `")
		if !ok {
			continue
		}
		n++
		query := strings.TrimSuffix(text, "`")
		q, err := search.Parse(query, o)
		switch want := strings.Trim(cells[1], " |\n"); want {
		case "yes", "no":
			if err != nil {
				t.Errorf("%s: %v", query, err)
			} else if _, ok := q.Match(&c); ok != (want == "yes") {
				t.Errorf("%s: found %v, want %s", query, ok, want)
			}
		default:
			var e *search.SyntaxError
			if !errors.As(err, &e) || e.Code != want {
				t.Errorf("%s: %v, want %s", query, err, want)
			}
		}
	}
	if n < 70 {
		t.Errorf("only %d examples", n)
	}
}
