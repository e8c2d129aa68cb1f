package main

import (
	"bytes"
	"encoding/json"
	"io"
	"os"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
)

// mapFlags keep what the columns of a file mean, and use it for another file
// of the same make.
var mapFlags = []flagDef{
	{name: "map-file", arg: "F", help: "a file of --save-map: what the columns mean; --map goes before it"},
	{name: "save-map", arg: "F", help: "write what the columns mean and how dates are written to this file"},
}

// mapFile is a saved mapping.
type mapFile struct {
	// Columns has the field of each header, "-" for one to be left out.
	Columns map[string]string `json:"columns"`
	// Dates is the format of dates: mdy, dmy or ymd.
	Dates string `json:"dates,omitempty"`
}

// maxMapFile is more than any header needs.
const maxMapFile = 4 << 20

// readMapFile puts a saved mapping into the options, behind what was given on
// the command line.
func readMapFile(name string, o *extcontacts.ImportOptions) error {
	f, err := os.Open(name)
	if err != nil {
		return failf("--map-file %s cannot be read: %s", quote(name), cause(err))
	}
	defer f.Close()
	body, err := io.ReadAll(io.LimitReader(f, maxMapFile))
	if err != nil {
		return failf("--map-file %s cannot be read: %s", quote(name), cause(err))
	}
	var m mapFile
	d := json.NewDecoder(bytes.NewReader(body))
	d.DisallowUnknownFields()
	if err := d.Decode(&m); err != nil || len(m.Columns) == 0 {
		return failf("--map-file %s is no file that --save-map wrote", quote(name))
	}
	if o.Dates == 0 && m.Dates != "" {
		if o.Dates, err = contacts.ParseDateFormat(m.Dates); err != nil {
			return failf("--map-file %s: dates are mdy, dmy or ymd, not %s", quote(name), quote(m.Dates))
		}
	}
	if o.Mapping == nil {
		o.Mapping = map[string]string{}
	}
	for column, field := range m.Columns {
		if _, given := o.Mapping[column]; !given {
			o.Mapping[column] = field
		}
	}
	return nil
}

// saveMap writes what the columns of a file were understood as.
func (c *call) saveMap(rep *extcontacts.ImportReport, o *extcontacts.ImportOptions) error {
	name := c.flags.text("save-map")
	if name == "" {
		return nil
	}
	m := mapFile{Columns: rep.Mapping.Profile()}
	if o.Dates != 0 {
		m.Dates = o.Dates.String()
	}
	return c.toFile(name, func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", "  ")
		return e.Encode(m)
	})
}
