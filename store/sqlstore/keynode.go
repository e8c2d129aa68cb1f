package sqlstore

import (
	"bytes"
	"cmp"
	"crypto/sha256"
	"encoding/binary"
	"encoding/hex"
	"math/bits"
	"slices"

	"github.com/extcontacts/extcontacts/contacts"
)

// Identity keys stand in ec_keys packed into nodes of a tree, so that a large
// batch writes a few thousand rows instead of one for each key. A key is the
// 128 bits of its digest; the bits lead down the tree, keyBits a level. A node
// is named by a one and the bits that lead to it, which makes the root 1 and
// all names of a level one range. A key may stand in any node on its path:
// who looks for one reads the path, who adds one puts it where there is room,
// and a node that is full hands all it has to its children. So a node is a
// buffer, and what a batch adds to a large tree is not one write a key. What is
// added to a node is appended, a sorted stretch behind others: to do that its
// size has to be known and nothing has to be read.
const (
	keyBits   = 3
	keyLevels = 8 // nodes of the last level hold all that comes
	// nodeSize is the most bytes that a node holds but for those of the last
	// level: a row of that size stays in one piece on every engine.
	nodeSize = 3900
	// sortedAtOnce is up to how many entries are not worth more than a sort.
	sortedAtOnce = 32
)

// digest stands for an identity key: the first 128 bits of the SHA-256 of
// kind, NUL and value.
type digest [16]byte

func digestOf(k contacts.Key) digest {
	var buf [128]byte
	b := append(append(append(buf[:0], k.Kind...), 0), k.Value...)
	h := sha256.Sum256(b)
	return digest(h[:16])
}

func (d digest) compare(e digest) int {
	return cmp.Or(cmp.Compare(d.prefix(), e.prefix()), bytes.Compare(d[8:], e[8:]))
}

// prefix are the bits that lead down the tree.
func (d digest) prefix() uint64 { return binary.BigEndian.Uint64(d[:]) }

// nodeOf names the node of a level on the path of a key.
func nodeOf(prefix uint64, level int) int64 {
	bits := uint(keyBits * level)
	return int64(1<<bits | prefix>>1>>(63-bits))
}

func levelOf(node int64) int { return (bits.Len64(uint64(node)) - 1) / keyBits }

// span tells which digests a node may hold: those whose prefix, shifted to the
// right, is first.
func span(node int64) (first uint64, shift uint) {
	if node >= firstRun {
		return uint64(node-firstRun) / maxRuns, 64 - runBits
	}
	depth := uint(keyBits * levelOf(node))
	return uint64(node) &^ (1 << depth), 64 - depth
}

// keyEntry is a key and its holder as they stand in a node: the digest and the
// id, which is a byte for its length and its bytes, or 0 and the 16 bytes of a
// UUID in its usual form.
type keyEntry struct {
	prefix uint64
	text   []byte
}

func (e keyEntry) compare(f keyEntry) int {
	if e.prefix != f.prefix {
		return cmp.Compare(e.prefix, f.prefix)
	}
	return bytes.Compare(e.text[8:], f.text[8:])
}

func appendKeyEntry(dst []byte, d digest, id contacts.ID) []byte {
	return appendHolder(append(dst, d[:]...), id)
}

func appendHolder(dst []byte, id contacts.ID) []byte {
	if uuid, ok := parseUUID(string(id)); ok {
		return append(append(dst, 0), uuid[:]...)
	}
	return append(append(dst, byte(len(id))), id...)
}

// cutKeyEntry takes the first entry off the body of a node.
func cutKeyEntry(body []byte) (text, rest []byte) {
	n := len(digest{}) + 1
	if len(body) < n {
		return nil, nil
	}
	if size := int(body[n-1]); size == 0 {
		n += 16
	} else {
		n += size
	}
	if len(body) < n {
		return nil, nil
	}
	return body[:n:n], body[n:]
}

// holder is the id in an entry.
func holder(text []byte) contacts.ID {
	id := text[len(digest{})+1:]
	if text[len(digest{})] != 0 {
		return contacts.ID(id)
	}
	var b [36]byte
	hex.Encode(b[:8], id[:4])
	hex.Encode(b[9:13], id[4:6])
	hex.Encode(b[14:18], id[6:8])
	hex.Encode(b[19:23], id[8:10])
	hex.Encode(b[24:], id[10:])
	b[8], b[13], b[18], b[23] = '-', '-', '-', '-'
	return contacts.ID(b[:])
}

// parseUUID reads a UUID in lower case with its four dashes.
func parseUUID(s string) (u [16]byte, ok bool) {
	if len(s) != 36 || s[8] != '-' || s[13] != '-' || s[18] != '-' || s[23] != '-' {
		return u, false
	}
	at := 0
	for i := range u {
		if s[at] == '-' {
			at++
		}
		h, l := hexDigit(s[at]), hexDigit(s[at+1])
		if h|l > 15 {
			return u, false
		}
		u[i] = h<<4 | l
		at += 2
	}
	return u, true
}

func hexDigit(c byte) byte {
	switch {
	case '0' <= c && c <= '9':
		return c - '0'
	case 'a' <= c && c <= 'f':
		return c - 'a' + 10
	}
	return 16
}

// keyEntries makes the sorted entries of n keys; each yields every key with its
// holder.
func (r *room) keyEntries(n int, each func(yield func(contacts.Key, contacts.ID))) []keyEntry {
	if n == 0 {
		return nil
	}
	const usual, most = 16 + 1 + 16, 16 + 1 + 255
	list, buf := emptied(r.list, n), emptied(r.keys, most+usual*n)
	var last contacts.ID // the holder before, who mostly has several keys
	var tail []byte
	each(func(k contacts.Key, id contacts.ID) {
		if cap(buf)-len(buf) < most {
			buf = make([]byte, 0, most+usual*(n-len(list)))
		}
		start, d := len(buf), digestOf(k)
		buf = append(buf, d[:]...)
		if id != last {
			last, tail = id, appendHolder(tail[:0], id)
		}
		buf = append(buf, tail...)
		list = append(list, keyEntry{d.prefix(), buf[start:len(buf):len(buf)]})
	})
	r.list, r.keys = list, buf
	r.add = sortEntries(r.add[:0], list)
	return r.add
}

// sortEntries puts the entries, sorted, into dst, which is empty. The bits of digests are evenly
// spread, so that those of a long list nearly find their place by the first
// ones alone.
func sortEntries(dst, list []keyEntry) []keyEntry {
	if len(list) <= sortedAtOnce {
		dst = append(dst, list...)
		slices.SortFunc(dst, keyEntry.compare)
		return dst
	}
	shift := 64 - bits.Len(uint(len(list)))
	ends := make([]int32, 1<<(64-shift)+1) // of those with the same first bits
	for i := range list {
		ends[list[i].prefix>>shift+1]++
	}
	for i := 1; i < len(ends); i++ {
		ends[i] += ends[i-1]
	}
	out := emptied(dst, len(list))[:len(list)]
	for _, e := range list {
		at := &ends[e.prefix>>shift]
		out[*at] = e
		*at++
	}
	from := int32(0)
	for _, to := range ends[:len(ends)-1] {
		if to > from+1 {
			slices.SortFunc(out[from:to], keyEntry.compare)
		}
		from = to
	}
	return out
}

// nodeEntries are the entries in the body of a node, sorted.
func nodeEntries(body []byte) []keyEntry {
	list := make([]keyEntry, 0, len(body)/33+1)
	for len(body) > 0 {
		text, rest := cutKeyEntry(body)
		if text == nil {
			break
		}
		body = rest
		list = append(list, keyEntry{binary.BigEndian.Uint64(text), text})
	}
	if !slices.IsSortedFunc(list, keyEntry.compare) {
		slices.SortFunc(list, keyEntry.compare)
	}
	return list
}

// mergeEntries adds the entries of a node's body to a sorted list. An entry
// that is there twice stays once.
func mergeEntries(body []byte, list []keyEntry) []keyEntry {
	have := nodeEntries(body)
	out := make([]keyEntry, 0, len(list)+len(have))
	add := func(e keyEntry) {
		if n := len(out); n == 0 || out[n-1].compare(e) != 0 {
			out = append(out, e)
		}
	}
	for _, e := range have {
		for len(list) > 0 && list[0].compare(e) < 0 {
			add(list[0])
			list = list[1:]
		}
		add(e)
	}
	for _, e := range list {
		add(e)
	}
	return out
}

// appendTexts appends the body of a node with these entries.
func appendTexts(dst []byte, list []keyEntry) []byte {
	for i := range list {
		dst = append(dst, list[i].text...)
	}
	return dst
}

// withoutEntries takes entries out of a node's body, and reports whether any
// of them was there.
func withoutEntries(body []byte, drop []keyEntry) (left []byte, found bool) {
	left = make([]byte, 0, len(body))
	for len(body) > 0 {
		text, rest := cutKeyEntry(body)
		if text == nil {
			break
		}
		body = rest
		if _, gone := slices.BinarySearchFunc(drop, keyEntry{binary.BigEndian.Uint64(text), text}, keyEntry.compare); gone {
			found = true
			continue
		}
		left = append(left, text...)
	}
	return left, found
}

// under are the entries of a sorted list that may stand in a node.
func under(list []keyEntry, node int64) []keyEntry {
	from, shift := span(node)
	i, _ := slices.BinarySearchFunc(list, from, func(e keyEntry, from uint64) int { return cmp.Compare(e.prefix>>shift, from) })
	return list[i : i+frontLength(list[i:], from, shift)]
}

// frontLength is how many entries at the front of a list have these first bits.
func frontLength(list []keyEntry, first uint64, shift uint) int {
	n, step := 0, 1
	for n+step <= len(list) && list[n+step-1].prefix>>shift == first {
		n, step = n+step, 2*step
	}
	for ; step > 0; step /= 2 {
		for n+step <= len(list) && list[n+step-1].prefix>>shift == first {
			n += step
		}
	}
	return n
}
