package main

import (
	"strings"
	"testing"
)

// National numbers are read as those of the region, and need one.
func TestRegion(t *testing.T) {
	t.Chdir(t.TempDir())
	const file = "Last name,Mobile\nLee,9123 4567\n"
	if r := try(t, file, "import", "-"); r.code != 3 || !strings.Contains(r.stderr, "country code") {
		t.Errorf("without a region: %+v", r)
	}
	if r := try(t, file, "--region", "Hong Kong", "import", "-"); r.code != 0 {
		t.Errorf("with a region: %+v", r)
	}
	must(t, 0, "--region", "HK", "add", "last_name=Ray", "mobile=2123 4567")
	for _, key := range []string{"phone:9123-4567", "9123-4567", "+852 9123 4567"} { // a bare number is a phone
		found := object(t, must(t, 0, "--json", "--region", "HK", "lookup", key))
		if list, _ := found["contacts"].([]any); len(list) != 1 {
			t.Errorf("%s: looked up %v", key, found)
		}
	}
	if r := must(t, 2, "--region", "Nowhere", "list"); !strings.Contains(r.stderr, "--region is a country") {
		t.Errorf("no country: %+v", r)
	}
}
