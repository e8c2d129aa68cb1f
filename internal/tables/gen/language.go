package main

import (
	"bytes"
	"fmt"
	"path/filepath"
	"strings"

	"golang.org/x/text/language"
	"golang.org/x/text/language/display"

	"github.com/extcontacts/extcontacts/internal/tables"
)

// retired are withdrawn codes and what stands for them now.
var retired = map[string]string{"iw": "he", "in": "id", "ji": "yi", "jw": "jv", "mo": "ro"}

func languages(dir string) *bytes.Buffer {
	rows := readTable(filepath.Join(dir, "languages.tsv"), 3)
	names := keys{}
	english := display.English.Languages()
	place := map[string]int{}
	for i, row := range rows {
		place[row[0]] = i
		for name := range strings.SplitSeq(row[1], "; ") {
			names.add(name, i, true)
		}
	}
	for i, row := range rows {
		base := language.MustParseBase(row[0])
		names.add(base.ISO3(), i, true)
		if row[2] != "" {
			names.add(row[2], i, true)
		}
		names.add(english.Name(base), i, false)
		names.add(display.Self.Name(language.Make(row[0])), i, false)
	}
	for old, now := range retired {
		names.add(old, place[now], true)
	}
	b := bytes.NewBufferString(source(dir, "languages.tsv", "language names"))
	fmt.Fprintf(b, "// languageRows are the %d codes of ISO 639-1, in order.\nvar languageRows = [...]languageRow{\n", len(rows))
	for _, row := range rows {
		name, _, _ := strings.Cut(row[1], "; ")
		fmt.Fprintf(b, "{%q, %q},\n", row[0], name)
	}
	b.WriteString("}\n\n// languageIndex finds the row of a code: its place plus one.\nvar languageIndex = [26 * 26]uint8{")
	writeInts(b, index(rows))
	b.WriteString("}\n\n")
	names.write(b, "language", "languages and their three-letter and withdrawn codes")
	return b
}

func fold(name string) []byte { return tables.Fold(nil, name) }
