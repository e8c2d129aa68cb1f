package main

import (
	"os"
	"strings"
	"testing"

	"github.com/extcontacts/extcontacts/examples/data"
)

// The bundled people are found as one types, in every script.
func TestSearchAsPeopleType(t *testing.T) {
	t.Chdir(t.TempDir())
	bundled(t)
	for _, tt := range []struct{ query, first string }{
		{"mustfa", "Mustafa"}, {"dogan mustafa", "Mustafa"}, {"현우윤", "현우"}, {"윤 현우", "현우"}, {"lam tsz", "Tsz Ching"},
		{"6085-9661", "Tsz Ching"}, {"+852 6085 9661", "Tsz Ching"}, {"*harbour* lam", "Tsz Ching"}, {"email:@mail.example lam", "Tsz Ching"},
	} {
		list := objects(t, must(t, 0, "--json", "search", tt.query, "--limit", "1"))
		if len(list) != 1 || list[0]["first_name"] != tt.first {
			t.Errorf("%s: %v", tt.query, list)
		}
	}
	if n := object(t, must(t, 0, "--json", "count", "--", "mustfa"))["count"]; n != 1.0 {
		t.Errorf("counted %v", n)
	}
	if list := objects(t, must(t, 0, "--json", "search", "mustfa", "--exact")); len(list) != 0 {
		t.Errorf("--exact found %v", list)
	}
	why := must(t, 0, "search", "mustfa", "--explain").stdout
	if !strings.Contains(why, `first_name "Mustafa" typo`) {
		t.Error(why)
	}
}

func TestFacets(t *testing.T) {
	t.Chdir(t.TempDir())
	bundled(t)
	rep := object(t, must(t, 0, "--json", "search", "label:vip", "--facets", "label, type"))
	total := rep["count"].(float64)
	facets := rep["facets"].([]any)
	first := facets[0].(map[string]any)["values"].([]any)[0].(map[string]any)
	if total == 0 || first["value"] != "VIP" || first["count"] != total {
		t.Errorf("%v", rep)
	}
	if r := must(t, 2, "search", "--facets", "lable"); !strings.Contains(r.stderr, "did you mean label?") {
		t.Errorf("%+v", r)
	}
}

// An index in a file gives the same answers, follows the book, and is made
// anew where it is damaged.
func TestIndexFile(t *testing.T) {
	t.Chdir(t.TempDir())
	bundled(t)
	same := func() {
		t.Helper()
		for _, q := range []string{"lam", "mustfa", "label:vip", "", "country:HK sort:last_name", "7700"} {
			plain, indexed := must(t, 0, "--json", "search", q), must(t, 0, "--json", "search", "--index", "book.index", q)
			if plain.stdout != indexed.stdout {
				t.Errorf("%q: %s\nand by the index %s", q, plain.stdout, indexed.stdout)
			}
		}
	}
	same()
	must(t, 0, "add", "last_name=Lam", "first_name=Newly")
	same()
	if err := os.WriteFile("book.index", []byte("damaged"), 0o600); err != nil {
		t.Fatal(err)
	}
	same()
	if r := must(t, 0, "search", "--index", "book.index", "newly"); !strings.Contains(r.stdout, "Newly") {
		t.Errorf("%+v", r)
	}
	must(t, 2, "--zone", "Nowhere/Atall", "list")
	must(t, 0, "--zone", "Asia/Hong_Kong", "search", "created:last 7 days")
}

// bundled imports the example file, of which two rows are rejected.
func bundled(t *testing.T) {
	t.Helper()
	write(t, "people.csv", data.Contacts)
	must(t, 3, "import", "people.csv")
}
