package main

import (
	"cmp"
	"errors"
	"io"
	"os"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/csvio"
)

// mapFlags keep how files of one make are read, for the next one.
var mapFlags = []flagDef{
	{name: "map-file", arg: "F", help: "a file of --save-map, to read this file as that one; what is given here goes before it"},
	{name: "save-map", arg: "F", help: "write what the columns mean, the delimiter, encoding and dates to this file"},
}

// readMapFile puts a saved mapping into the options, behind what was given on
// the command line.
func readMapFile(name string, o *extcontacts.ImportOptions) error {
	f, err := os.Open(name)
	if err != nil {
		return failf("--map-file %s cannot be read: %s", quote(name), cause(err))
	}
	defer f.Close()
	p, err := csvio.ReadProfile(f)
	switch {
	case errors.Is(err, csvio.ErrProfile):
		return failf("--map-file %s is no file that --save-map wrote", quote(name))
	case err != nil:
		return failf("--map-file %s cannot be read: %s", quote(name), cause(err))
	}
	if o.Dates == 0 {
		o.Dates = p.Dates
	}
	d := &o.Dialect
	if d.Comma == 0 {
		d.Comma = p.Dialect.Comma
	}
	if d.Quote == 0 {
		d.Quote, d.Escape = p.Dialect.Quote, p.Dialect.Escape
	}
	if d.Encoding == csvio.EncodingAuto {
		d.Encoding = p.Dialect.Encoding
	}
	if o.Mapping == nil {
		o.Mapping = map[string]string{}
	}
	for column, field := range p.Columns {
		if _, given := o.Mapping[column]; !given {
			o.Mapping[column] = field
		}
	}
	return nil
}

// saveMap writes how a file was read.
func (c *call) saveMap(rep *extcontacts.ImportReport, o *extcontacts.ImportOptions) error {
	name := c.flags.text("save-map")
	if name == "" {
		return nil
	}
	p := csvio.NewProfile(rep.Mapping, rep.Dialect, cmp.Or(o.Dates, contacts.DateMDY))
	return c.toFile(name, func(w io.Writer) error { return csvio.WriteProfile(w, p) })
}
