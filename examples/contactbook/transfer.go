package main

import (
	"context"
	"errors"
	"io"
	"strings"
	"unicode"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
)

var outFlag = flagDef{name: "o", arg: "F", help: "write to this file instead of standard output"}

func templateCommand() *command {
	return &command{name: "template", does: "Writes the CSV template: the header with all fields, custom ones included",
		flags: []flagDef{outFlag}, needs: either, run: func(ctx context.Context, c *call) error {
			return c.toFile(c.flags.text("o"), func(w io.Writer) error { return c.session.Template(ctx, w) })
		}}
}

func exportCommand() *command {
	return &command{name: "export", operands: "[QUERY]", does: "Writes contacts as CSV, which imports back to equal contacts", more: queryHelp, max: -1, query: true,
		flags: []flagDef{outFlag,
			{name: "columns", arg: "LIST", help: "only these fields, separated by commas: names, headers, or phones, emails, socials, address, custom, external_ids"},
			{name: "ids", arg: "ID,...", many: true, help: "only these contacts; - reads their ids from standard input, one a line"},
			{name: "excel", help: "begin with a byte order mark, by which Excel knows UTF-8"},
			{name: "comma", arg: "CHAR", help: "what separates the cells: a character, or tab; Excel wants a semicolon where the decimal sign is a comma"},
			{name: "dates", arg: "FORMAT", help: "how dates are written: mdy (default), dmy or ymd; an import must be told the same"},
		}, run: runExport}
}

func runExport(ctx context.Context, c *call) error {
	query := strings.Join(c.args, " ")
	o := extcontacts.ExportOptions{Query: query, Excel: c.flags.has("excel")}
	if list := c.flags.text("columns"); list != "" {
		schema, err := c.session.Schema(ctx)
		if err != nil {
			return err
		}
		if o.Columns, err = columnNames(list, schema); err != nil {
			return err
		}
	}
	if err := c.exportFlags(&o); err != nil {
		return err
	}
	if c.flags.text("o") == "" {
		if err := c.misread(ctx, query, "to write a file of that name: -o %s"); err != nil {
			return err
		}
	}
	progress := c.bar()
	o.Observer = progress
	n := 0
	err := c.toFile(c.flags.text("o"), func(w io.Writer) (err error) {
		n, err = c.session.Export(ctx, w, o)
		return err
	})
	progress.end()
	if errors.Is(err, extcontacts.ErrNotFound) {
		return failf("one of the ids is not that of a contact")
	}
	if err != nil {
		return searchError(query, err)
	}
	if c.json && c.flags.text("o") != "" {
		return c.line(struct {
			Contacts int    `json:"contacts"`
			File     string `json:"file"`
		}{n, c.flags.text("o")})
	}
	c.note("%s written.", counted(n, "contact"))
	return nil
}

// exportFlags reads the selection and how the file is to be written.
func (c *call) exportFlags(o *extcontacts.ExportOptions) error {
	d, err := c.flags.dialect()
	if err != nil {
		return err
	}
	o.Comma = d.Comma
	if s := c.flags.text("dates"); s != "" {
		if o.Dates, err = contacts.ParseDateFormat(s); err != nil {
			return usagef("--dates is mdy, dmy or ymd, not %s", quote(s))
		}
	}
	for _, list := range c.flags["ids"] {
		if list == "-" {
			text, err := io.ReadAll(c.stdin)
			if err != nil {
				return failf("standard input cannot be read: %s", cause(err))
			}
			list = string(text)
		}
		for _, id := range strings.FieldsFunc(list, func(r rune) bool { return r == ',' || unicode.IsSpace(r) }) {
			o.IDs = append(o.IDs, contacts.ID(id))
		}
	}
	if len(c.flags["ids"]) > 0 && len(o.IDs) == 0 {
		return usagef("--ids names no contact")
	}
	return nil
}

// columnNames reads a list of columns: groups of fields, or fields by any of
// their names.
func columnNames(list string, schema *contacts.Schema) ([]string, error) {
	var out []string
	for name := range strings.SplitSeq(list, ",") {
		switch name = strings.TrimSpace(name); name {
		case "":
			continue
		case "phones", "emails", "socials", "address", "custom", "external_ids":
			out = append(out, name)
			continue
		}
		f, _, err := findField(schema, name, "exported")
		if err != nil {
			return nil, err
		}
		if f == nil {
			return nil, usagef("%s is no column of its own", name)
		}
		out = append(out, f.Name)
	}
	if len(out) == 0 {
		return nil, usagef("--columns names no column")
	}
	return out, nil
}
