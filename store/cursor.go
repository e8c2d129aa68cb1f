package store

import (
	"crypto/sha256"
	"encoding/base64"
	"encoding/binary"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
)

// Cursors and tokens are opaque texts: a version, a check sum and a position.
// The sum binds the position to what it is a position in. It is no secret: a
// cursor opens nothing that its query does not.

// cursorVersion is the first byte of every cursor.
const cursorVersion = 1

// maxCursor bounds a cursor before it is looked at: no position is longer.
const maxCursor = 64 << 10

const cursorSumSize = 12

// encodePosition writes a position in what scope names.
func encodePosition(position []byte, scope ...string) string {
	b := append([]byte{cursorVersion}, cursorSum(position, scope)...)
	return base64.RawURLEncoding.EncodeToString(append(b, position...))
}

// decodePosition returns what [encodePosition] wrote for the same scope, and
// nothing for any other text.
func decodePosition(text string, scope ...string) (position []byte, ok bool) {
	if len(text) > maxCursor || strings.ContainsAny(text, "\r\n") {
		return nil, false
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(text)
	if err != nil || len(b) <= 1+cursorSumSize || b[0] != cursorVersion {
		return nil, false
	}
	position = b[1+cursorSumSize:]
	return position, string(cursorSum(position, scope)) == string(b[1:1+cursorSumSize])
}

func cursorSum(position []byte, scope []string) []byte {
	h := sha256.New()
	write := func(part string) {
		h.Write(binary.BigEndian.AppendUint32(nil, uint32(len(part))))
		h.Write([]byte(part))
	}
	for _, part := range scope {
		write(part)
	}
	write(string(position))
	return h.Sum(nil)[:cursorSumSize]
}

// encodeCursor writes a position in the order of a query.
func encodeCursor(workspace string, q *search.Query, position []byte) string {
	return encodePosition(position, workspace, q.String())
}

// decodeCursor returns the position, nil for the beginning.
func decodeCursor(workspace string, q *search.Query, cursor string) ([]byte, error) {
	if cursor == "" {
		return nil, nil
	}
	position, ok := decodePosition(cursor, workspace, q.String())
	if !ok {
		return nil, &contacts.FieldError{Path: "cursor", Code: "cursor_invalid", Hint: "the cursor belongs to another query, or was changed"}
	}
	return position, nil
}
