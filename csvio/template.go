package csvio

import (
	"io"

	"github.com/extcontacts/extcontacts/contacts"
)

// WriteTemplate writes an empty file: the header with every field of the schema, the custom ones included. Formulas in
// the names of custom fields are guarded, and a byte order mark tells spreadsheets the encoding where a name is not ASCII.
func WriteTemplate(w io.Writer, s *contacts.Schema) error {
	cw := NewWriter(w, WriterOptions{Guard: true, CRLF: true, BOM: !asciiHeaders(s)})
	e, err := NewEncoder(cw, s, nil, EncodeOptions{})
	if err != nil {
		return err
	}
	if err := e.WriteHeader(); err != nil {
		return err
	}
	return cw.Flush()
}

func asciiHeaders(s *contacts.Schema) bool {
	for f := range s.Fields() {
		for i := range len(f.Column) {
			if f.Column[i] >= 0x80 {
				return false
			}
		}
	}
	return true
}
