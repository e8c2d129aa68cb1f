package csvio

import (
	"bytes"
	"io"
	"os"
	"runtime"
	"runtime/debug"
	"strings"
	"testing"
	"time"
)

// endless is a file that is made while it is read: a head, then a piece again and again up to a size, then a tail. It notes the
// greatest heap on the way.
type endless struct {
	head, tail string
	piece      []byte
	size, made int64 // of the pieces
	at         int   // in the piece
	sampled    int64
	peak       uint64
}

func (e *endless) Read(p []byte) (int, error) {
	if e.made-e.sampled > 32<<20 {
		e.sampled = e.made
		var m runtime.MemStats
		runtime.ReadMemStats(&m)
		e.peak = max(e.peak, m.HeapInuse+m.StackInuse)
	}
	switch {
	case e.head != "":
		n := copy(p, e.head)
		e.head = e.head[n:]
		return n, nil
	case e.made < e.size:
		n := copy(p, e.piece[e.at:])
		e.at = (e.at + n) % len(e.piece)
		e.made += int64(n)
		return n, nil
	case e.at > 0: // the last piece is a whole one
		n := copy(p, e.piece[e.at:])
		e.at = (e.at + n) % len(e.piece)
		return n, nil
	case e.tail != "":
		n := copy(p, e.tail)
		e.tail = e.tail[n:]
		return n, nil
	}
	return 0, io.EOF
}

const memoryBound = 64 << 20

// TestIncidentI27 reads files far larger than the memory that it may take (fault A7: memory that a large file exhausts, and later runs that do nothing): sound rows, a quote that is opened
// in row 2 and never closed, a field without end, quotes without end. EXTCONTACTS_LONG=1 makes them 10 GB and the field 1 GB.
func TestIncidentI27(t *testing.T) {
	file, field := int64(200<<20), int64(200<<20)
	switch {
	case os.Getenv("EXTCONTACTS_LONG") != "":
		file, field = 10<<30, 1<<30
	case testing.Short() || raceEnabled:
		file, field = 32<<20, 32<<20
	}
	rows := templateFile(t, 2000)
	header, rows, _ := bytes.Cut(rows, []byte("\n"))
	head := string(header) + "\n"
	last := strings.Repeat(",", bytes.Count(header, []byte(","))) + "\n"
	perPiece := bytes.Count(rows, []byte("\n")) // no cell of these rows has a line end
	for _, c := range []struct {
		name   string
		file   endless
		faults []string // the codes of the rows refused, each once
		row    int      // of the first
	}{
		{"sound rows", endless{head: head, piece: rows, size: file, tail: "Ann,Last" + last[1:]}, nil, 0},
		{"unclosed quote", endless{head: head + "Ann,\"Lee" + last[1:], piece: rows, size: file, tail: "Ann,Last" + last[1:]}, []string{CodeUnclosedQuote}, 1},
		{"a field without end", endless{head: head + "Ann,Lee,", piece: bytes.Repeat([]byte("x"), 64<<10), size: field,
			tail: "\nAnn,Last" + last[1:]}, []string{CodeRowTooLong}, 1},
		{"a quoted field without end", endless{head: head + "Ann,\"Lee", piece: bytes.Repeat([]byte("x, \"\"y\"\" "), 4<<10), size: field,
			tail: "\"\nAnn,Last" + last[1:]}, []string{CodeRowTooLong}, 1},
		{"cells without end", endless{head: head + "Ann,Lee", piece: bytes.Repeat([]byte(","), 64<<10), size: field,
			tail: "\nAnn,Last" + last[1:]}, []string{CodeRowTooLong}, 1},
	} {
		t.Run(c.name, func(t *testing.T) {
			debug.FreeOSMemory()
			var before runtime.MemStats
			runtime.ReadMemStats(&before)
			start := time.Now()
			sc := NewScanner(&c.file, ScannerOptions{})
			h, err := ReadHeader(sc, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			d := NewDecoder(h.Mapping, nil, DecodeOptions{})
			n, whole := 0, c.file.size/int64(len(c.file.piece))
			var faults []*Fault
			var lastName string
			for sc.Scan() {
				n++
				row := d.Decode(sc.Record())
				if row.Rejected() {
					faults = append(faults, row.Faults...)
					continue
				}
				lastName = row.Contact.LastName
				d.Recycle(row.Contact)
			}
			if sc.Err() != nil {
				t.Fatal(sc.Err())
			}
			if whole*int64(len(c.file.piece)) < c.file.size {
				whole++
			}
			want := 2
			if bytes.IndexByte(c.file.piece, '\n') >= 0 {
				want = int(whole)*perPiece + 1 + len(c.faults)
			}
			if n != want || lastName != "Last" {
				t.Errorf("%d rows, not %d; the last is %q", n, want, lastName)
			}
			if len(faults) != len(c.faults) {
				t.Fatalf("faults %v", faults)
			}
			for i, f := range faults {
				if f.Code != c.faults[i] || f.Row != c.row {
					t.Errorf("fault %v", f)
				}
			}
			took := time.Since(start)
			if peak := int64(c.file.peak) - int64(before.HeapInuse+before.StackInuse); peak > memoryBound {
				t.Errorf("%d MiB of memory", peak>>20)
			} else {
				t.Logf("%d MiB of memory, %d MB in %v, %.0f MB/s", peak>>20, c.file.made/1e6, took, float64(c.file.made)/1e6/took.Seconds())
			}
		})
	}
}
