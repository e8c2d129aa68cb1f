package sqlstoretest

import (
	"strings"
	"testing"
	"time"
)

func TestStalePlace(t *testing.T) {
	name, now := PlaceName(), time.Now()
	if StalePlace(name, now.Add(23*time.Hour)) || !StalePlace(name, now.Add(25*time.Hour)) {
		t.Errorf("%s goes at the wrong time", name)
	}
	if len(name) > 60 { // PostgreSQL cuts names after 63 bytes, Spider's tests add to them
		t.Errorf("%s has %d bytes", name, len(name))
	}
	for _, other := range []string{"", "extcontacts", "extcontacts_", "extcontacts_bench_search", "extcontacts_20200101t000000", "extcontacts_20200101t000000_mine",
		"extcontacts_" + strings.Repeat("a", 26), "x" + name} {
		if StalePlace(other, now.AddDate(10, 0, 0)) {
			t.Errorf("%s is no place of a test", other)
		}
	}
}
