package csvio

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"maps"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
)

// Profile is how files of one make are read, to be kept and used for the next one: the meaning of their columns and what cannot be
// found out for sure. Its JSON form is
//
//	{"version": 1, "columns": {"Tel.": "phones.work", "Notes": "-"}, "delimiter": ";", "encoding": "windows-1252", "dates": "DD/MM/YYYY"}
//
// in which only version and columns must stand.
type Profile struct {
	// Columns maps headers to names of fields, or to "-" for a column that is left out, as [MapHeader] takes it.
	Columns map[string]string
	// Dialect is that of the files; what is zero in it is detected.
	Dialect Dialect
	// Dates is the declared format of dates; zero if none was.
	Dates contacts.DateFormat
}

// ProfileVersion is the version of the JSON form.
const ProfileVersion = 1

// maxProfile bounds a profile that is read: far more than the columns of any file.
const maxProfile = 4 << 20

// ErrProfile is matched by every error of [ReadProfile] that is not the reader's.
var ErrProfile = errors.New("csvio: not a mapping profile")

// NewProfile keeps how a file was read: what was given for its columns or understood by their headers alone, see [Mapping.Profile], its
// dialect and the format of its dates.
func NewProfile(m *Mapping, d Dialect, dates contacts.DateFormat) *Profile {
	return &Profile{Columns: m.Profile(), Dialect: d, Dates: dates}
}

// profileJSON is the JSON form.
type profileJSON struct {
	Version   int                 `json:"version"`
	Columns   map[string]string   `json:"columns"`
	Delimiter string              `json:"delimiter,omitempty"`
	Quote     string              `json:"quote,omitempty"`
	Escape    string              `json:"escape,omitempty"`
	Encoding  Encoding            `json:"encoding,omitzero"`
	Dates     contacts.DateFormat `json:"dates,omitzero"`
}

// WriteProfile writes the JSON form, the columns in the order of their headers.
func WriteProfile(w io.Writer, p *Profile) error {
	if !p.Dialect.possible() {
		return ErrDialect
	}
	text := func(c byte) string {
		if c == 0 {
			return ""
		}
		return string(rune(c))
	}
	j := profileJSON{Version: ProfileVersion, Columns: p.Columns, Delimiter: text(p.Dialect.Comma), Quote: text(p.Dialect.Quote),
		Escape: text(p.Dialect.Escape), Encoding: p.Dialect.Encoding, Dates: p.Dates}
	if j.Columns == nil {
		j.Columns = map[string]string{}
	}
	e := json.NewEncoder(w)
	e.SetIndent("", "  ")
	e.SetEscapeHTML(false)
	return e.Encode(j)
}

// ReadProfile reads what WriteProfile wrote. What it does not know it refuses, lest a profile mean something else to an older program.
// The error matches [ErrProfile], or is the reader's.
func ReadProfile(r io.Reader) (*Profile, error) {
	data, err := io.ReadAll(io.LimitReader(r, maxProfile+1))
	if err != nil {
		return nil, err
	}
	if len(data) > maxProfile {
		return nil, fmt.Errorf("%w: it is larger than %d bytes", ErrProfile, maxProfile)
	}
	var version struct{ Version int }
	if err := json.Unmarshal(data, &version); err != nil {
		return nil, fmt.Errorf("%w: it is no JSON object with a version", ErrProfile)
	}
	if version.Version != ProfileVersion {
		return nil, fmt.Errorf("%w: version %d, this program reads version %d", ErrProfile, version.Version, ProfileVersion)
	}
	d := json.NewDecoder(strings.NewReader(string(data)))
	d.DisallowUnknownFields()
	var j profileJSON
	if err := d.Decode(&j); err != nil {
		return nil, fmt.Errorf("%w: %w", ErrProfile, err)
	}
	if _, err := d.Token(); err != io.EOF {
		return nil, fmt.Errorf("%w: there is text behind it", ErrProfile)
	}
	if j.Columns == nil {
		return nil, fmt.Errorf("%w: it has no columns", ErrProfile)
	}
	p := &Profile{Columns: maps.Clone(j.Columns), Dialect: Dialect{Encoding: j.Encoding}, Dates: j.Dates}
	for _, c := range []struct {
		text string
		to   *byte
	}{{j.Delimiter, &p.Dialect.Comma}, {j.Quote, &p.Dialect.Quote}, {j.Escape, &p.Dialect.Escape}} {
		switch {
		case c.text == `\t`:
			*c.to = '\t'
		case len(c.text) > 1:
			return nil, fmt.Errorf("%w: delimiter, quote and escape are one ASCII character each", ErrProfile)
		case c.text != "":
			*c.to = c.text[0]
		}
	}
	if !p.Dialect.possible() {
		return nil, fmt.Errorf("%w: %w", ErrProfile, ErrDialect)
	}
	return p, nil
}
