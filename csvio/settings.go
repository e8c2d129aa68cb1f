package csvio

import (
	"encoding/json"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
)

// Settings are what must be known to read a file as its sender meant it and what its header does not say. An [ErrorLog] keeps
// those of its source in the header of one more column, so that a log that comes back mended is read as the source was.
type Settings struct {
	// Columns is the mapping that was given for headers, see [MapHeader].
	Columns map[string]string `json:"columns,omitempty"`
	// Dates is the format of dates that was declared; zero if none was.
	Dates contacts.DateFormat `json:"dates,omitzero"`
	// Clear is the cell that empties a field; "" means [DefaultClear].
	Clear string `json:"clear,omitzero"`
}

// IsZero reports whether there is nothing to keep.
func (s Settings) IsZero() bool { return len(s.Columns) == 0 && s.Dates == 0 && s.Clear == "" }

// settingsColumn begins the header of the column that keeps the settings; JSON follows.
const settingsColumn = "_read_as "

type settingsJSON struct {
	Columns map[string]string `json:"columns,omitempty"`
	Dates   string            `json:"dates,omitempty"`
	Clear   string            `json:"clear,omitempty"`
}

// header is the header of the column, "" where there is nothing to keep.
func (s Settings) header() string {
	if s.IsZero() {
		return ""
	}
	j := settingsJSON{Columns: s.Columns, Clear: s.Clear}
	if s.Dates != 0 {
		j.Dates = s.Dates.String()
	}
	body, err := json.Marshal(j)
	if err != nil { // texts always marshal
		panic("csvio: " + err.Error())
	}
	return settingsColumn + string(body)
}

// parseSettings reads the header of a column of settings. A damaged one is none: the column is reported as not understood.
func parseSettings(header string) (s Settings, ok bool) {
	body, is := strings.CutPrefix(headerText(header), settingsColumn)
	if !is {
		return s, false
	}
	var j settingsJSON
	if json.Unmarshal([]byte(body), &j) != nil {
		return s, false
	}
	s.Columns, s.Clear = j.Columns, j.Clear
	if j.Dates != "" {
		d, err := contacts.ParseDateFormat(j.Dates)
		if err != nil {
			return s, false
		}
		s.Dates = d
	}
	return s, true
}
