package store

import (
	"encoding/binary"
	"slices"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
)

// entryVersion leads the encoded changes of an entry. A reader refuses a
// greater one.
const entryVersion = 1

// logPaths are the paths that are written as one byte, their place in this
// list. The list may only grow, to [pathNamed] at most.
var logPaths = [...]string{
	contacts.PathCreated, "state", "merged_into", "first_name", "last_name", "level", "type",
	"group", "team", "company", "job_title", "birthdate", "language",
	"address.street", "address.city", "address.state", "address.zip_code", "address.country",
	"phones", "primary_phone", "emails", "primary_email", "socials", "labels",
}

// The head byte of an encoded change: the code of the path and three flags.
const (
	pathCustom   = 29 // "custom." and the key that follows
	pathExternal = 30 // "external_ids." and the source that follows
	pathNamed    = 31 // any other path, which follows
	pathMask     = 31

	sameContact = 0x20 // the contact of the change before
	hasFrom     = 0x40 // From follows
	hasSeal     = 0x80 // Seal follows
)

// maxPrealloc bounds what a count read from damaged bytes can make us reserve.
const maxPrealloc = 4096

const (
	customPrefix   = "custom."
	externalPrefix = "external_ids."
)

// AppendChanges appends the compact binary form in which stores keep the
// changes of a log entry. It is versioned; [DecodeChanges] reads every version
// so far. Ids are written as what they do not share with the one before: a
// creation costs its id, most often much less, three bytes and its seal.
//
// The changes must have passed [CheckBatch]; seals are written as they are,
// see [Seal].
func AppendChanges(dst []byte, changes []contacts.Change) []byte {
	dst = append(dst, entryVersion)
	dst = binary.AppendUvarint(dst, uint64(len(changes)))
	var last contacts.ID
	for i := range changes {
		c := &changes[i]
		code, name := pathCode(c)
		head := code
		if i > 0 && c.Contact == last {
			head |= sameContact
		}
		if c.From != "" {
			head |= hasFrom
		}
		if c.Seal != "" {
			head |= hasSeal
		}
		dst = append(dst, head)
		if head&sameContact == 0 {
			n := sharedPrefix(string(last), string(c.Contact))
			dst = binary.AppendUvarint(dst, uint64(n))
			dst = appendText(dst, string(c.Contact[n:]))
			last = c.Contact
		}
		if code >= pathCustom {
			dst = appendText(dst, name)
		}
		if code != 0 {
			dst = appendText(appendText(dst, c.Old), c.New)
		}
		if c.From != "" {
			dst = appendText(dst, string(c.From))
		}
		if c.Seal != "" {
			dst = appendText(dst, c.Seal)
		}
	}
	return dst
}

// DecodeChanges reads what [AppendChanges] wrote; data may be reused
// afterwards. The error is an *[Error]: the bytes are damaged, or of a newer
// version of the library.
func DecodeChanges(data []byte) ([]contacts.Change, error) {
	return decodeChanges(data, nil)
}

// DecodeChangesOf is [DecodeChanges] for the changes of one contact alone.
func DecodeChangesOf(data []byte, contact contacts.ID) ([]contacts.Change, error) {
	return decodeChanges(data, &contact)
}

func decodeChanges(data []byte, only *contacts.ID) ([]contacts.Change, error) {
	d := entryReader{b: data}
	if d.byte() != entryVersion {
		return nil, errEntry()
	}
	count := d.uvarint()
	if count > uint64(len(d.b)) { // a change takes a byte at least
		return nil, errEntry()
	}
	var out []contacts.Change
	if only == nil && count > 0 {
		out = make([]contacts.Change, 0, min(count, maxPrealloc))
	}
	var id [MaxID]byte // the contact of the change before
	var contact contacts.ID
	n, fresh := 0, false
	for range count {
		head := d.byte()
		if head&sameContact == 0 {
			keep := d.uvarint()
			rest := d.text()
			if keep > uint64(n) || int(keep)+len(rest) > MaxID {
				return nil, errEntry()
			}
			n = int(keep) + copy(id[keep:], rest)
			fresh = true
		}
		var c contacts.Change
		wanted := only == nil || string(*only) == string(id[:n])
		code := head & pathMask
		var name []byte
		if code >= pathCustom {
			name = d.text()
		} else if int(code) >= len(logPaths) {
			return nil, errEntry()
		}
		var old, new, from, seal []byte
		if code != 0 { // a plain creation has no values
			old, new = d.text(), d.text()
		}
		if head&hasFrom != 0 {
			from = d.text()
		}
		if head&hasSeal != 0 {
			seal = d.text()
		}
		if d.bad {
			return nil, errEntry()
		}
		if !wanted {
			continue
		}
		if fresh {
			contact, fresh = contacts.ID(id[:n]), false
		}
		c.Contact, c.Path = contact, pathName(code, name)
		c.Old, c.New, c.From, c.Seal = string(old), string(new), contacts.ID(from), string(seal)
		out = append(out, c)
	}
	if d.bad || len(d.b) > 0 {
		return nil, errEntry()
	}
	return out, nil
}

// pathCode returns the code of a change's path and the name that must follow.
// Code 0 is a creation that carries nothing but a seal.
func pathCode(c *contacts.Change) (code byte, name string) {
	if c.Path == contacts.PathCreated {
		if c.Old == "" && c.New == "" && c.From == "" {
			return 0, ""
		}
		return pathNamed, ""
	}
	if i := slices.Index(logPaths[:], c.Path); i > 0 {
		return byte(i), ""
	}
	if key, ok := strings.CutPrefix(c.Path, customPrefix); ok {
		return pathCustom, key
	}
	if source, ok := strings.CutPrefix(c.Path, externalPrefix); ok {
		return pathExternal, source
	}
	return pathNamed, c.Path
}

func pathName(code byte, name []byte) string {
	switch code {
	case pathCustom:
		return customPrefix + string(name)
	case pathExternal:
		return externalPrefix + string(name)
	case pathNamed:
		return string(name)
	}
	return logPaths[code]
}

func sharedPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}

func appendText(dst []byte, s string) []byte {
	return append(binary.AppendUvarint(dst, uint64(len(s))), s...)
}

func errEntry() error { return &Error{Op: "decode log entry", Err: contacts.ErrEncoding} }

// entryReader eats bytes from the front; after a fault it yields zeros.
type entryReader struct {
	b   []byte
	bad bool
}

func (d *entryReader) byte() byte {
	if len(d.b) == 0 {
		d.bad = true
		return 0
	}
	c := d.b[0]
	d.b = d.b[1:]
	return c
}

func (d *entryReader) uvarint() uint64 {
	v, n := binary.Uvarint(d.b)
	if n <= 0 {
		d.bad, d.b = true, nil
		return 0
	}
	d.b = d.b[n:]
	return v
}

func (d *entryReader) text() []byte {
	n := d.uvarint()
	if n > uint64(len(d.b)) {
		d.bad, d.b = true, nil
		return nil
	}
	t := d.b[:n]
	d.b = d.b[n:]
	return t
}
