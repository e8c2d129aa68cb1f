package store

import (
	"crypto/sha256"
	"encoding/base64"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/search"
)

// cursorVersion is the first byte of every cursor.
const cursorVersion = 1

// maxCursor bounds a cursor before it is looked at: no position is longer.
const maxCursor = 64 << 10

// encodeCursor writes a position in the order of a query: version, check sum,
// position. The sum binds it to the workspace and the query. It is no
// secret: a cursor opens nothing that the query does not.
func encodeCursor(workspace string, q *search.Query, position []byte) string {
	b := append([]byte{cursorVersion}, cursorSum(workspace, q, position)...)
	return base64.RawURLEncoding.EncodeToString(append(b, position...))
}

// decodeCursor returns the position, nil for the beginning.
func decodeCursor(workspace string, q *search.Query, cursor string) ([]byte, error) {
	if cursor == "" {
		return nil, nil
	}
	invalid := &contacts.FieldError{Path: "cursor", Code: "cursor_invalid", Hint: "the cursor belongs to another query, or was changed"}
	if len(cursor) > maxCursor {
		return nil, invalid
	}
	b, err := base64.RawURLEncoding.Strict().DecodeString(cursor)
	if err != nil || strings.ContainsAny(cursor, "\r\n") || len(b) <= 1+cursorSumSize || b[0] != cursorVersion {
		return nil, invalid
	}
	position := b[1+cursorSumSize:]
	if string(cursorSum(workspace, q, position)) != string(b[1:1+cursorSumSize]) {
		return nil, invalid
	}
	return position, nil
}

const cursorSumSize = 12

func cursorSum(workspace string, q *search.Query, position []byte) []byte {
	h := sha256.New()
	for _, part := range []string{workspace, q.String(), string(position)} {
		n := len(part)
		h.Write([]byte{byte(n >> 24), byte(n >> 16), byte(n >> 8), byte(n)})
		h.Write([]byte(part))
	}
	return h.Sum(nil)[:cursorSumSize]
}
