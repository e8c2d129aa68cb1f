package gen

import (
	"slices"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
)

// TestPatterns checks every pattern of every numbering plan against the
// library's metadata, so that a wrong prefix is named rather than averaged.
func TestPatterns(t *testing.T) {
	if len(countries) < 40 {
		t.Errorf("%d countries", len(countries))
	}
	const samples = 300
	check := func(c *country, pattern string) {
		bad, wrongRegion, last := 0, 0, ""
		for n := range uint64(samples) {
			number := c.calling + nationalNumber(1, []string{pattern}, n*7)
			p, err := phonenumbers.Parse(number, "")
			if err != nil || !phonenumbers.IsValidNumber(p) {
				bad, last = bad+1, number
			} else if r := phonenumbers.GetRegionCodeForNumber(p); r != c.alpha2 {
				wrongRegion++
			}
		}
		if bad > 0 {
			t.Errorf("%s %s: %d of %d are invalid, such as %s", c.alpha2, pattern, bad, samples, last)
		}
		if wrongRegion > samples/10 {
			t.Errorf("%s %s: %d of %d belong to another country", c.alpha2, pattern, wrongRegion, samples)
		}
	}
	for i := range countries {
		c := &countries[i]
		patterns := slices.Concat(c.mobile, c.fixed)
		for _, at := range c.cities {
			if at.fixed != "" {
				patterns = append(patterns, at.fixed)
			}
		}
		slices.Sort(patterns)
		for _, p := range slices.Compact(patterns) {
			check(c, p)
		}
	}
}

func TestSerialsDoNotRepeat(t *testing.T) {
	seen := map[string]bool{}
	patterns := []string{"9N####", "81###"}
	for n := range uint64(81_000) {
		number := nationalNumber(7, patterns, n)
		if seen[number] {
			t.Fatalf("%s comes twice, the second time for %d", number, n)
		}
		seen[number] = true
	}
}

// TestPhonesAreValid checks the cells of a file without faults.
func TestPhonesAreValid(t *testing.T) {
	all, bad := 0, 0
	for row := range Rows(Options{Rows: 5000, Seed: 3, Duplicates: 0.05}) {
		for _, cell := range row.Cells[colMobile : colOther+1] {
			if cell == "" {
				continue
			}
			all++
			p, err := phonenumbers.Parse(cell, "")
			if err != nil || !phonenumbers.IsValidNumber(p) {
				bad++
				t.Logf("%q", cell)
			}
			if !strings.HasPrefix(cell, "+") {
				t.Errorf("%q has no plus", cell)
			}
		}
	}
	if bad*1000 > all {
		t.Errorf("%d of %d phones are invalid", bad, all)
	}
}
