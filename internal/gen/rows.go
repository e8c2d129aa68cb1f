package gen

import (
	"bufio"
	"fmt"
	"io"
	"iter"
	"slices"
	"strconv"
	"strings"
)

// Options say what to generate. The zero value is an empty file: a header.
type Options struct {
	// Rows is the number of data rows.
	Rows int
	// Seed chooses the file among all files of the same options.
	Seed uint64
	// Duplicates is the share of rows, 0 to 1, that describe a person of an
	// earlier row again.
	Duplicates float64
	// Faults is the share of rows with a planted fault.
	Faults float64
	// Related is the share of persons who live with the person before them
	// (family name, address, home phone), and the share of jobs with only the
	// company's switchboard or its info@ address: different people with a key
	// in common. Where it is 0, less than one phone or address in a thousand
	// belongs to two people, by accident.
	Related float64
	// Scripts limits the names to these scripts; empty means all.
	Scripts []Script
	// InvalidUTF8 adds the fault of that name to the others.
	InvalidUTF8 bool
}

// validate returns what is wrong with the options.
func (o Options) validate() error {
	if o.Rows < 0 {
		return fmt.Errorf("gen: rows: %d is negative", o.Rows)
	}
	for _, r := range []struct {
		name string
		rate float64
	}{{"duplicates", o.Duplicates}, {"faults", o.Faults}, {"related", o.Related}} {
		if !(r.rate >= 0 && r.rate <= 1) {
			return fmt.Errorf("gen: %s: %v is not between 0 and 1", r.name, r.rate)
		}
	}
	for _, s := range o.Scripts {
		if !slices.Contains(AllScripts(), s) {
			return fmt.Errorf("gen: script %q is unknown", s)
		}
	}
	return nil
}

// A Row is one data row with the truth about it.
type Row struct {
	// Cells are the cells in the order of [Header]; a [ShiftedRow] has one more.
	Cells []string
	// Entity is the person: the number, from 1, of the row where it is first.
	Entity int
	// Fault is the code of the planted fault, or empty.
	Fault string
}

// A generator is Options with the table of origins they allow.
type generator struct {
	Options
	origins []origin
	weight  int
}

// An origin is a culture in a country, and the weight up to and with it.
type origin struct{ country, culture, upTo int }

func newGenerator(o Options) *generator {
	g := &generator{Options: o}
	for i := range countries {
		total := 0
		for _, p := range countries[i].people {
			total += p.weight
		}
		for _, p := range countries[i].people {
			if len(o.Scripts) == 0 || slices.Contains(o.Scripts, cultures[p.culture].script) {
				g.weight += 1000 * countries[i].weight * p.weight / total
				g.origins = append(g.origins, origin{i, p.culture, g.weight})
			}
		}
	}
	return g
}

// origin draws a country and a culture.
func (g *generator) origin(s *random) (country, culture int) {
	w := s.below(g.weight)
	i, _ := slices.BinarySearchFunc(g.origins, w+1, func(o origin, w int) int { return o.upTo - w })
	return g.origins[i].country, g.origins[i].culture
}

// first returns the row, from 0, where the person of a row is first.
func (g *generator) first(row int) int {
	for row > 0 {
		s := newRandom(g.Seed, forRow, row)
		if !s.chance(g.Duplicates) {
			return row
		}
		row = s.below(row)
	}
	return row
}

// row makes the row with a number from 0.
func (g *generator) row(n int) Row {
	first := g.first(n)
	p := g.person(first)
	if first != n {
		g.again(p, n)
	}
	row := Row{Cells: p.cells, Entity: first + 1}
	s := newRandom(g.Seed, forFault, n)
	if s.chance(g.Faults) {
		kinds := len(faults)
		if !g.InvalidUTF8 {
			kinds--
		}
		plant(&s, &row, faults[s.below(kinds)])
	}
	return row
}

// Rows returns the rows in order. The sequence may be ranged over again and
// gives the same rows; no row shares memory with another. Options outside
// their bounds give the nearest bound, and no rows when no known script is
// allowed; [Write] refuses them instead.
func Rows(o Options) iter.Seq[Row] {
	o.Scripts = slices.Clone(o.Scripts)
	return func(yield func(Row) bool) {
		g := newGenerator(o)
		if g.weight == 0 {
			return
		}
		for n := range o.Rows {
			if !yield(g.row(n)) {
				return
			}
		}
	}
}

// Write writes the file to w, and to truth, unless it is nil, what is true of
// each row. Rows end in a line feed, cells are quoted where they must be. It
// returns an error for options outside their bounds, and the first error of a
// writer.
func Write(w, truth io.Writer, o Options) error {
	if err := o.validate(); err != nil {
		return err
	}
	return write(w, truth, Rows(o))
}

func write(w, truth io.Writer, rows iter.Seq[Row]) error {
	file := bufio.NewWriterSize(w, 1<<16)
	if truth == nil {
		truth = io.Discard
	}
	facts := bufio.NewWriterSize(truth, 1<<16)
	line := appendRow(nil, Header())
	file.Write(line)
	facts.WriteString("row,entity,fault\n")
	n := 0
	for row := range rows {
		n++
		line = appendRow(line[:0], row.Cells)
		// A bufio.Writer keeps its first error, and Flush returns it; asking
		// here as well ends a long run early.
		if _, err := file.Write(line); err != nil {
			return err
		}
		line = strconv.AppendInt(line[:0], int64(n), 10)
		line = append(line, ',')
		line = strconv.AppendInt(line, int64(row.Entity), 10)
		line = append(line, ',')
		line = append(line, row.Fault...)
		line = append(line, '\n')
		if _, err := facts.Write(line); err != nil {
			return err
		}
	}
	if err := file.Flush(); err != nil {
		return err
	}
	return facts.Flush()
}

// appendRow appends a row of CSV. encoding/csv would quote the cell after an
// unquoted comma, because it starts with a space; spreadsheets and people do
// not.
func appendRow(line []byte, cells []string) []byte {
	for i, c := range cells {
		if i > 0 {
			line = append(line, ',')
		}
		if !strings.ContainsAny(c, ",\"\r\n") {
			line = append(line, c...)
			continue
		}
		line = append(line, '"')
		line = append(line, strings.ReplaceAll(c, `"`, `""`)...)
		line = append(line, '"')
	}
	return append(line, '\n')
}
