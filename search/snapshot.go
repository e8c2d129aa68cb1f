package search

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"math"
	"unsafe"
)

// ErrSnapshot is what errors of [ReadIndex] wrap where the bytes are no
// snapshot of this version, or damaged: make the index anew.
var ErrSnapshot = errors.New("search: not a snapshot of this version")

// snapshotMagic begins a snapshot; the last byte is the version of its form.
// [TextVersion] follows it: another analysis of texts is another index.
const snapshotMagic = "ECSIDX\x00\x02"

// castagnoli has the check sum that processors compute themselves.
func castagnoli() *crc32.Table { return crc32.MakeTable(crc32.Castagnoli) }

// WriteTo writes a snapshot of the index, from which [ReadIndex] makes it again
// much faster than from the contacts. It compacts the index first, so that
// nothing of removed contacts is in it; what is in it is personal data. Its
// form is the same on every machine.
func (x *Index) WriteTo(w io.Writer) (int64, error) {
	s := x.whole()
	sw := &snapshotWriter{w: bufio.NewWriterSize(w, 1<<20)}
	sw.text([]byte(snapshotMagic))
	sw.number(TextVersion)
	if s == nil {
		sw.number(0)
	} else {
		sw.number(uint64(s.docs))
		s.encode(sw)
	}
	sw.number(uint64(sw.sum))
	if sw.err == nil {
		sw.err = sw.w.Flush()
	}
	return sw.n, sw.err
}

// ReadIndex reads a snapshot. The error wraps [ErrSnapshot], or is the
// reader's.
func ReadIndex(r io.Reader) (*Index, error) {
	data, err := io.ReadAll(r)
	if err != nil {
		return nil, err
	}
	return parseSnapshot(data)
}

func parseSnapshot(data []byte) (*Index, error) {
	bad := func(what string) error { return fmt.Errorf("%w: %s", ErrSnapshot, what) }
	head := len(snapshotMagic) + 8
	if len(data) < head+16 || string(data[:len(snapshotMagic)]) != snapshotMagic {
		return nil, bad("no header")
	}
	end := len(data) - 8
	if binary.LittleEndian.Uint64(data[end:]) != uint64(crc32.Checksum(data[:end], castagnoli())) {
		return nil, bad("the check sum is wrong")
	}
	sr := &snapshotReader{b: data[len(snapshotMagic):end]}
	if sr.number() != TextVersion {
		return nil, bad("another version of the search text")
	}
	docs := sr.number()
	x := NewIndex()
	if docs == 0 {
		if len(sr.b) > 0 {
			return nil, bad("more than there should be")
		}
		return x, nil
	}
	if docs > math.MaxInt32 {
		return nil, bad("too many contacts")
	}
	s := newSegment(&body{docs: int(docs)})
	s.decode(sr)
	if sr.bad || len(sr.b) > 0 || !s.sound() {
		return nil, bad("damaged")
	}
	x.state.Store(&state{[]*segment{s}, s.docs})
	return x, nil
}

func (s *segment) encode(w *snapshotWriter) {
	for _, t := range []*table{&s.words, &s.heads, &s.names} {
		w.text(t.chars)
		w.list(t.key)
		w.text(t.data)
		w.list(t.list)
	}
	for _, t := range []*numbers{&s.grams, &s.parts, &s.mails} {
		w.list(t.key)
		w.list(t.list)
		w.text(t.data)
	}
	w.number(uint64(s.shortest))
	w.list(s.turns)
	w.text(s.rows)
	w.list(s.row)
	w.text(unsafe.Slice(unsafe.StringData(s.ids.chars), len(s.ids.chars)))
	w.number(uint64(s.ids.width))
	w.list(s.ids.at)
	w.list(s.ids.slots)
}

func (s *segment) decode(r *snapshotReader) {
	for _, t := range []*table{&s.words, &s.heads, &s.names} {
		t.chars, t.key, t.data, t.list = r.text(), r.list(), r.text(), r.list()
		t.makeFence()
	}
	for _, t := range []*numbers{&s.grams, &s.parts, &s.mails} {
		t.key, t.list, t.data = r.list(), r.list(), r.text()
	}
	s.grams.makeFence(gramPart)
	s.parts.makeFence(partPart)
	s.mails.makeFence(partPart)
	s.shortest = int(r.number())
	s.turns, s.rows, s.row = r.list(), r.text(), r.list()
	s.ids.chars = string(r.text())
	s.ids.width, s.ids.at, s.ids.slots = int(r.number()), r.list(), r.list()
	s.makeTyped()
	if r.bad || len(s.row) != s.docs+1 {
		r.bad = true
		return
	}
	for doc := range uint32(s.docs) {
		if at := s.row[doc]; int(at) >= len(s.rows) {
			r.bad = true
			return
		} else if s.rows[at] != 0 {
			s.hidden.set(doc)
		}
	}
}

// sound checks the bounds that searching relies on. The check sum has found
// every accident before; what it cannot find is made by hand.
func (s *segment) sound() bool {
	ascends := func(list []uint32, end int) bool {
		if len(list) == 0 || int(list[len(list)-1]) != end {
			return false
		}
		for i := 1; i < len(list); i++ {
			if list[i] < list[i-1] {
				return false
			}
		}
		return true
	}
	for _, t := range []*table{&s.words, &s.heads, &s.names} {
		if len(t.key) != len(t.list) || !ascends(t.key, len(t.chars)) || !ascends(t.list, len(t.data)) {
			return false
		}
	}
	for _, t := range []*numbers{&s.grams, &s.parts, &s.mails} {
		if len(t.list) != len(t.key)+1 || !ascends(t.list, len(t.data)) {
			return false
		}
	}
	for _, w := range s.turns {
		if int(w) >= s.words.len() {
			return false
		}
	}
	for _, d := range s.ids.slots {
		if int(d) > s.docs {
			return false
		}
	}
	ids := s.ids.width > 0 && len(s.ids.chars) == s.docs*s.ids.width ||
		s.ids.width == 0 && len(s.ids.at) == s.docs+1 && ascends(s.ids.at, len(s.ids.chars))
	return ids && len(s.ids.slots) > s.docs && ascends(s.row, len(s.rows))
}

// snapshotWriter writes numbers of eight bytes, texts and lists of numbers of
// four bytes with their lengths, all little-endian.
type snapshotWriter struct {
	w   *bufio.Writer
	n   int64
	sum uint32
	err error
	buf [4096]byte
}

func (w *snapshotWriter) write(b []byte) {
	if w.err != nil {
		return
	}
	n, err := w.w.Write(b)
	w.n, w.err = w.n+int64(n), err
	w.sum = crc32.Update(w.sum, castagnoli(), b)
}

func (w *snapshotWriter) number(n uint64) {
	w.write(binary.LittleEndian.AppendUint64(w.buf[:0], n))
}

func (w *snapshotWriter) text(b []byte) {
	if w.n > 0 { // the magic stands without its length
		w.number(uint64(len(b)))
	}
	w.write(b)
}

func (w *snapshotWriter) list(l []uint32) {
	w.number(uint64(len(l)))
	for len(l) > 0 {
		n := min(len(l), len(w.buf)/4)
		b := w.buf[:0]
		for _, v := range l[:n] {
			b = binary.LittleEndian.AppendUint32(b, v)
		}
		w.write(b)
		l = l[n:]
	}
}

// snapshotReader eats bytes from the front; after a fault it yields nothing.
type snapshotReader struct {
	b   []byte
	bad bool
}

func (r *snapshotReader) number() uint64 {
	if len(r.b) < 8 {
		r.b, r.bad = nil, true
		return 0
	}
	n := binary.LittleEndian.Uint64(r.b)
	r.b = r.b[8:]
	return n
}

func (r *snapshotReader) take(size uint64) []byte {
	n := r.number()
	if n > uint64(len(r.b))/size {
		r.b, r.bad = nil, true
		return nil
	}
	b := r.b[: n*size : n*size]
	r.b = r.b[n*size:]
	return b
}

func (r *snapshotReader) text() []byte { return r.take(1) }

func (r *snapshotReader) list() []uint32 {
	b := r.take(4)
	if len(b) == 0 {
		return nil
	}
	l := make([]uint32, len(b)/4)
	for i := range l {
		l[i] = binary.LittleEndian.Uint32(b[4*i:])
	}
	return l
}
