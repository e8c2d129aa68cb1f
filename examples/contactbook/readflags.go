package main

import (
	"strings"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/csvio"
)

// dialectFlags tell how a CSV file is written, where that is not found out.
var dialectFlags = []flagDef{
	{name: "comma", arg: "CHAR", help: "what separates the cells: a character, or tab (default: found out)"},
	{name: "encoding", arg: "NAME", help: "the encoding, such as windows-1252, big5 or shift_jis (default: UTF-8 or UTF-16, found out)"},
}

var mapFlag = flagDef{name: "map", arg: "COLUMN=FIELD,...", many: true,
	help: "the field of a column, - to leave it out; other columns are understood by their header; may be given more than once"}

// dialect reads the flags of dialectFlags.
func (f flags) dialect() (csvio.Dialect, error) {
	var d csvio.Dialect
	if len(f["comma"]) > 0 {
		switch s := f.text("comma"); {
		case s == "tab" || s == `\t`:
			d.Comma = '\t'
		case len(s) == 1 && s[0] < 0x80 && !strings.Contains("\x00\r\n\"", s):
			d.Comma = s[0]
		default:
			return d, usagef("--comma takes one ASCII character other than the quote, or tab, not %s", quote(s))
		}
	}
	if len(f["encoding"]) > 0 {
		var err error
		if d.Encoding, err = csvio.ParseEncoding(f.text("encoding")); err != nil {
			return d, usagef("--encoding: unknown encoding %s: %s", quote(f.text("encoding")), sentence(err))
		}
	}
	return d, nil
}

// columnMeaning is one COLUMN=MEANING of --map.
type columnMeaning struct{ column, meaning string }

// columnMeanings reads --map. A name of a column may hold commas and equals
// signs, what it means neither.
func (f flags) columnMeanings(what string) ([]columnMeaning, error) {
	var all []columnMeaning
	for _, list := range f["map"] {
		column := ""
		for part := range strings.SplitSeq(list, ",") {
			i := strings.LastIndex(part, "=")
			if i < 0 {
				column += part + ","
				continue
			}
			m := columnMeaning{strings.TrimSpace(column + part[:i]), strings.TrimSpace(part[i+1:])}
			if m.column == "" || m.meaning == "" {
				return nil, usagef("--map is COLUMN=%s,..., not %s", what, excerpt(list))
			}
			for _, before := range all {
				if before.column == m.column {
					return nil, usagef("--map: column %s is given twice", quote(m.column))
				}
			}
			all, column = append(all, m), ""
		}
		if strings.Trim(column, ", ") != "" {
			return nil, usagef("--map is COLUMN=%s,..., not %s", what, excerpt(strings.TrimSuffix(column, ",")))
		}
	}
	return all, nil
}

// mapped refuses a --map of columns that the file does not have.
func mapped(rep *extcontacts.ImportReport) error {
	for _, w := range rep.Mapping.Warnings {
		if w.Code == csvio.CodeHeaderNotFound {
			return usagef("--map: the file has no column %s", quote(w.Header))
		}
	}
	return nil
}
