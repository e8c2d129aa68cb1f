package csvio

import (
	"bytes"
	"sort"
)

// Record is one record of a file: a view of the scanner's memory, valid until the next call of
// [Scanner.Scan]. A faulty record has cells too, as far as they can be told, so that it can be shown to
// whoever is to mend it.
type Record struct {
	raw     []byte
	ends    []int32 // ends[0] is -1; ends[i+1] is the index of the delimiter after cell i, or len(raw)
	cells   int
	comma   byte
	quote   byte
	escape  byte
	quoted  bool      // there may be quoted cells
	literal int       // cells from here on are as written, quotes included; they follow an unclosed quote
	odd     []oddCell // quoted cells whose value is no piece of raw, in ascending order
	arena   []byte    // their values
	lines   int       // line ends inside raw
	row     int
	line    int
	offset  int64    // in the text
	origins *origins // where the text stood in the file, nil for UTF-8 and for copies
	fault   *RowError
}

// oddCell places the value of a cell in the arena.
type oddCell struct {
	cell, start, end int
	broken           bool // text follows the closing quote: the value is the cell as written
}

// Len returns the number of cells, at least 1.
func (r *Record) Len() int { return r.cells }

// Cell returns the value of cell i: without its quotes, doubled quotes undone, line ends kept byte for
// byte. A cell whose quotes are at fault is returned as it is written. It panics if i is out of range.
// The caller must not change the bytes.
func (r *Record) Cell(i int) []byte {
	if r.quoted {
		return r.unquote(i)
	}
	return r.raw[r.ends[i]+1 : r.ends[i+1]]
}

func (r *Record) unquote(i int) []byte {
	raw := r.RawCell(i)
	if len(raw) == 0 || raw[0] != r.quote || i >= r.literal {
		return raw
	}
	if o := r.findOdd(i); o != nil {
		return r.arena[o.start:o.end:o.end]
	}
	return raw[1 : len(raw)-1]
}

// RawCell returns cell i as it is written in the file, quotes included.
func (r *Record) RawCell(i int) []byte {
	return r.raw[r.ends[i]+1 : r.ends[i+1]]
}

// Quoted reports whether cell i is written in quotes, properly: so that a cell that is empty on purpose
// can be told from one that is left out.
func (r *Record) Quoted(i int) bool {
	raw := r.RawCell(i)
	if len(raw) == 0 || raw[0] != r.quote || i >= r.literal {
		return false
	}
	o := r.findOdd(i)
	return o == nil || !o.broken
}

func (r *Record) findOdd(i int) *oddCell {
	k := sort.Search(len(r.odd), func(k int) bool { return r.odd[k].cell >= i })
	if k < len(r.odd) && r.odd[k].cell == i {
		return &r.odd[k]
	}
	return nil
}

// Raw returns the record as it is written in the file (decoded to UTF-8), without its line end.
// Of a record that is too long ([CodeRowTooLong]) it is the first MaxRecord bytes.
func (r *Record) Raw() []byte { return r.raw }

// Row returns the number of the record, from 1. A header is a record as well; blank lines are not.
func (r *Record) Row() int { return r.row }

// Line returns the line on which the record starts, from 1. Blank lines and lines inside cells count.
func (r *Record) Line() int { return r.line }

// Offset returns the offset of the record's first byte in the file, in whatever encoding that is.
func (r *Record) Offset() int64 { return r.offsetOf(0) }

// offsetOf returns the offset of raw[at] in the file; of a copy of a record that is not UTF-8 that of the record's start is right.
func (r *Record) offsetOf(at int) int64 {
	if r.origins != nil {
		return r.origins.at(r.offset + int64(at))
	}
	return r.offset + int64(at)
}

// CellPos returns the line and the byte in that line, both from 1, at which cell i starts,
// its quote included. A byte order mark is not part of the first line.
func (r *Record) CellPos(i int) (line, column int) {
	_ = r.RawCell(i)
	return r.pos(int(r.ends[i]) + 1)
}

// pos returns the place of raw[at].
func (r *Record) pos(at int) (line, column int) {
	if r.lines == 0 {
		return r.line, at + 1
	}
	before := r.raw[:at]
	return r.line + countLineEnds(before), at - bytes.LastIndexAny(before, "\r\n")
}

// Fault returns why the record is refused, or nil if it is sound. The error does not share memory with the
// scanner and may be kept.
func (r *Record) Fault() *RowError { return r.fault }

// Strings appends the values of all cells to dst. It makes one string of the whole record, of which the
// cells are pieces: one allocation a record, if dst has room. A piece that is kept keeps the record's text
// in memory.
func (r *Record) Strings(dst []string) []string {
	if len(r.odd) > 0 {
		return r.stringsOdd(dst)
	}
	text := string(r.raw)
	start := 0
	for i := range r.cells {
		end := int(r.ends[i+1])
		cell := text[start:end]
		if r.quoted && cell != "" && cell[0] == r.quote && i < r.literal {
			cell = cell[1 : len(cell)-1]
		}
		dst = append(dst, cell)
		start = end + 1
	}
	return dst
}

// stringsOdd is Strings for a record with values that are no pieces of its raw bytes.
func (r *Record) stringsOdd(dst []string) []string {
	values := len(r.arena)
	for i := range r.cells {
		r.arena = append(r.arena, r.Cell(i)...) // a view that append moves away from stays readable
	}
	text := string(r.arena[values:])
	r.arena = r.arena[:values]
	for i := range r.cells {
		n := len(r.Cell(i))
		dst = append(dst, text[:n])
		text = text[n:]
	}
	return dst
}

// CopyTo makes dst a copy of the record that does not depend on the scanner. It reuses the memory of dst, so that a
// slice of records can be filled again and again without allocations.
func (r *Record) CopyTo(dst *Record) {
	raw, ends, odd, arena := dst.raw[:0], dst.ends[:0], dst.odd[:0], dst.arena[:0]
	*dst = *r
	dst.offset, dst.origins = r.Offset(), nil
	dst.raw, dst.ends = append(raw, r.raw...), append(ends, r.ends...)
	dst.odd, dst.arena = append(odd, r.odd...), append(arena, r.arena...)
}

// reset prepares the record for the scanner to find cells in raw.
func (r *Record) reset() {
	r.ends, r.cells = r.ends[:1], 0
	r.lines, r.literal, r.quoted = 0, noLiteral, false
	r.odd, r.arena, r.fault = r.odd[:0], r.arena[:0], nil
}

const noLiteral = int(^uint(0) >> 1)
