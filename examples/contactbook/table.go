package main

import (
	"bufio"
	"io"
	"strings"
)

// Limits of a table: rows looked at before the widths are settled, and the
// places of one column.
const (
	tableSample = 500
	tableColumn = 48
)

// table writes rows in aligned columns. The widths come from the first rows,
// so that a long list is written as it is read. Cells are escaped; a longer
// one is cut with an ellipsis (JSON output never cuts).
type table struct {
	w      *bufio.Writer
	head   []string
	rows   [][]string
	widths []int
	any    bool
}

func newTable(w io.Writer, head ...string) *table {
	return &table{w: bufio.NewWriter(w), head: head}
}

func (t *table) row(cells ...string) {
	t.any = true
	for i := range cells {
		cells[i] = plain(cells[i])
	}
	if t.widths != nil {
		t.write(cells)
		return
	}
	if t.rows = append(t.rows, cells); len(t.rows) == tableSample {
		t.settle()
	}
}

// settle decides the widths and writes what was kept back.
func (t *table) settle() {
	t.widths = make([]int, len(t.head))
	for i, h := range t.head {
		t.widths[i] = columns(h)
	}
	for _, r := range t.rows {
		for i, c := range r {
			t.widths[i] = max(t.widths[i], min(columns(c), tableColumn))
		}
	}
	t.write(t.head)
	for _, r := range t.rows {
		t.write(r)
	}
	t.rows = nil
}

func (t *table) write(cells []string) {
	var b strings.Builder
	gap := 0
	for i, c := range cells {
		b.WriteString(strings.Repeat(" ", gap))
		if i < len(cells)-1 || len(t.head) == 1 {
			c = shorten(c, max(t.widths[i], columns(t.head[i])))
		}
		b.WriteString(c)
		gap = max(t.widths[i]-columns(c), 0) + 2
	}
	t.w.WriteString(strings.TrimRight(b.String(), " "))
	t.w.WriteByte('\n')
}

// end writes what is left. A table without rows writes nothing.
func (t *table) end() error {
	if t.any && t.widths == nil {
		t.settle()
	}
	return t.w.Flush()
}

// sheet is a list of names and values, one a line, the names aligned.
type sheet struct {
	b    strings.Builder
	wide int
}

func (s *sheet) line(name, value string) {
	if value == "" {
		return
	}
	s.b.WriteString(name)
	s.b.WriteString(strings.Repeat(" ", max(s.wide-columns(name), 0)+2))
	s.b.WriteString(plain(value))
	s.b.WriteByte('\n')
}
