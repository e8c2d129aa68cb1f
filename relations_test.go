package extcontacts_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/internal/booktest"
)

// TestRelations fails where a field of a contact, a kind of record or a kind of
// activity has no row in booktest's table of what a merge does with it.
func TestRelations(t *testing.T) {
	want := []string{"Verified", "log"}
	for _, f := range reflect.VisibleFields(reflect.TypeFor[contacts.Contact]()) {
		want = append(want, f.Name)
	}
	records := constants(t, ".", func(name, _ string) bool { return strings.HasPrefix(name, "record") })
	kinds := constants(t, "contacts", func(_, typ string) bool { return typ == "ActivityKind" })
	if len(records) < 8 || len(kinds) < 4 {
		t.Fatalf("found the records %q and the activities %q alone", records, kinds)
	}
	for _, kind := range records {
		want = append(want, "record "+kind)
	}
	for _, kind := range kinds {
		want = append(want, "activity "+kind)
	}
	have := booktest.Relations()
	for _, name := range want {
		if !slices.Contains(have, name) {
			t.Errorf("%s has no row in booktest.relations: say what a merge does with it", name)
		}
	}
	for _, name := range have {
		if !slices.Contains(want, name) {
			t.Errorf("the row %s is of nothing that is there", name)
		}
	}
	for _, part := range []struct {
		typ  reflect.Type
		says []string
	}{ // what their rows stand for
		{reflect.TypeFor[contacts.ContactPhone](), []string{"Kind", "Primary", "Phone", "Verified"}},
		{reflect.TypeFor[contacts.ContactEmail](), []string{"Kind", "Primary", "Email", "Verified"}},
		{reflect.TypeFor[contacts.Social](), []string{"Channel", "Handle", "Verified"}},
		{reflect.TypeFor[contacts.Address](), []string{"Street", "City", "State", "ZipCode", "Country"}},
	} {
		for _, f := range reflect.VisibleFields(part.typ) {
			if !slices.Contains(part.says, f.Name) {
				t.Errorf("%s.%s is new: see that merge and undo carry it, and give it a row", part.typ, f.Name)
			}
		}
	}
}

// constants are the values of the text constants of the Go files in a
// directory that a filter takes by name and type.
func constants(t *testing.T, dir string, take func(name, typ string) bool) []string {
	t.Helper()
	files, err := filepath.Glob(filepath.Join(dir, "*.go"))
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		tree, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			t.Fatal(err)
		}
		for _, decl := range tree.Decls {
			gen, ok := decl.(*ast.GenDecl)
			if !ok || gen.Tok != token.CONST {
				continue
			}
			for _, spec := range gen.Specs {
				v := spec.(*ast.ValueSpec)
				typ, _ := v.Type.(*ast.Ident)
				if typ == nil {
					typ = &ast.Ident{}
				}
				for i, name := range v.Names {
					if !take(name.Name, typ.Name) || i >= len(v.Values) {
						continue
					}
					if lit, ok := v.Values[i].(*ast.BasicLit); ok && lit.Kind == token.STRING {
						text, err := strconv.Unquote(lit.Value)
						if err != nil {
							t.Fatal(err)
						}
						out = append(out, text)
					}
				}
			}
		}
	}
	return out
}
