package contacts_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/extcontacts/extcontacts/contacts"
)

// Every code that this package gives to a value has a text of its own.
func TestCodeText(t *testing.T) {
	var files []string
	for _, pattern := range []string{"*.go", "phoneplan/*.go"} {
		names, err := filepath.Glob(pattern)
		if err != nil {
			t.Fatal(err)
		}
		files = append(files, names...)
	}
	code := regexp.MustCompile(`^[a-z]+(_[a-z0-9]+)*$`)
	n := 0
	for _, name := range files {
		if strings.HasSuffix(name, "_test.go") || strings.HasSuffix(name, "codetext.go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), name, nil, 0)
		if err != nil {
			t.Fatal(err)
		}
		check := func(e ast.Expr) {
			lit, ok := e.(*ast.BasicLit)
			if !ok || lit.Kind != token.STRING {
				return
			}
			c, err := strconv.Unquote(lit.Value)
			if err != nil || !code.MatchString(c) {
				t.Errorf("%s: %s is no code", name, lit.Value)
				return
			}
			n++
			if c != "invalid" && contacts.CodeText(c) == strings.ReplaceAll(c, "_", " ") {
				t.Errorf("%s: the code %s has no text", name, c)
			}
		}
		ast.Inspect(f, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.KeyValueExpr:
				if id, ok := n.Key.(*ast.Ident); ok && id.Name == "Code" {
					check(n.Value)
				}
			case *ast.CallExpr:
				if id, ok := n.Fun.(*ast.Ident); ok && id.Name == "invalid" {
					check(n.Args[0])
				}
			}
			return true
		})
	}
	if n < 60 {
		t.Errorf("only %d codes were found", n)
	}
	if got := contacts.CodeText("of_somebody_else"); got != "of somebody else" {
		t.Errorf("a code of another package: %q", got)
	}
	if got := contacts.CodeText("email_no_at"); got != "this is no email address" {
		t.Errorf("email_no_at: %q", got)
	}
}
