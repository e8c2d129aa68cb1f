package extcontacts_test

import (
	"os/exec"
	"slices"
	"strings"
	"testing"
)

// TestImportDirections holds the house together: which package of the module
// may know which. A package that is not listed here fails.
func TestImportDirections(t *testing.T) {
	const module = "github.com/extcontacts/extcontacts"
	may := map[string]string{
		"":                            "contacts csvio merge search store internal/fold",
		"contacts":                    "internal/fold internal/tables",
		"contacts/phoneplan":          "contacts",
		"policy":                      "contacts",
		"csvio":                       "contacts internal/fold",
		"merge":                       "contacts internal/linkage internal/fold",
		"search":                      "contacts internal/fold",
		"store":                       "contacts search",
		"store/memstore":              "contacts search store",
		"store/sqlstore":              "contacts search store",
		"store/storetest":             "contacts store/faultsql search store",
		"store/faultsql":              "",
		"internal/fold":               "",
		"internal/tables":             "",
		"internal/tables/gen":         "internal/tables",
		"internal/gen":                "",
		"internal/gen/contactgen":     "internal/gen",
		"store/sqlstore/sqlstoretest": ". contacts search store store/faultsql store/memstore store/sqlstore store/storetest internal/booktest",
		"internal/booktest":           ". store/faultsql store/memstore contacts contacts/phoneplan csvio merge policy search store internal/gen",
		"internal/linkage":            "internal/fold",
		"internal/linkage/gen":        "",
	}
	out, err := exec.Command("go", "list", "-f", `{{.ImportPath}} {{join .Imports " "}}`, "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for line := range strings.Lines(string(out)) {
		words := strings.Fields(line)
		pkg := strings.TrimPrefix(strings.TrimPrefix(words[0], module), "/")
		allowed, listed := may[pkg]
		if !listed {
			t.Errorf("package %s has no place in the house: list what it may import", words[0])
			continue
		}
		list := strings.Fields(allowed)
		for _, imp := range words[1:] {
			if !strings.HasPrefix(imp, module) {
				continue
			}
			imp = strings.TrimPrefix(strings.TrimPrefix(imp, module), "/")
			if imp == "" {
				imp = "."
			}
			if !slices.Contains(list, imp) {
				t.Errorf("%s must not import %q", words[0], imp)
			}
		}
	}
}

// TestNoDriver holds the promise that the root module names no database
// driver.
func TestNoDriver(t *testing.T) {
	out, err := exec.Command("go", "list", "-deps", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for dep := range strings.Lines(string(out)) {
		for _, driver := range []string{"modernc.org/", "github.com/jackc/", "github.com/go-sql-driver/", "github.com/mattn/", "github.com/lib/pq"} {
			if strings.HasPrefix(dep, driver) {
				t.Errorf("the root module depends on %s", dep)
			}
		}
	}
}
