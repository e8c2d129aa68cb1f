package main

import (
	"bytes"
	"path/filepath"
	"strings"
	"testing"
)

// The story of the quickstart holds from its first line to its last.
func TestQuickstart(t *testing.T) {
	var out bytes.Buffer
	if err := run(t.Context(), &out, filepath.Join(t.TempDir(), "contacts.db")); err != nil {
		t.Fatalf("%v\n%s", err, out.String())
	}
	got := out.String()
	for _, want := range []string{
		"Imported 298 of 300 rows. There are 2 records that failed to import. Download the file with the error log.",
		"_row,_code,_column,_reason\n",
		"The mended log: 2 created, 0 rejected.",
		"Search label:VIP country=HK:\n  Tsz Ching Lam, Blue Harbour Labs Co., Ltd.\n",
		" may be one person: email equal, score 1.00.\n",
		"Merged 1 into the other. Undone: ",
		"Exported 300 contacts; 300 came back, equal: true.\n",
	} {
		at := strings.Index(got, want)
		if at < 0 {
			t.Fatalf("missing %q, in this order, in\n%s", want, out.String())
		}
		got = got[at+len(want):]
	}
}
