package main

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"io"
	"runtime"

	"github.com/extcontacts/extcontacts/csvio"
)

// tally is what a reader saw, so that both sides prove the same work.
type tally struct{ cells, size int }

// readStdlib reads every cell by encoding/csv, without keeping any.
func readStdlib(file []byte) (t tally, err error) {
	r := csv.NewReader(bytes.NewReader(file))
	r.ReuseRecord, r.FieldsPerRecord = true, -1
	for {
		row, err := r.Read()
		if errors.Is(err, io.EOF) {
			return t, nil
		}
		if err != nil {
			return t, err
		}
		t.cells += len(row)
		for _, c := range row {
			t.size += len(c)
		}
	}
}

// readViews reads every cell by the scanner, as views of its memory.
func readViews(file []byte) (t tally, err error) {
	s := csvio.NewScanner(bytes.NewReader(file), csvio.ScannerOptions{})
	for s.Scan() {
		r := s.Record()
		n := r.Len()
		t.cells += n
		for i := range n {
			t.size += len(r.Cell(i))
		}
	}
	return t, s.Err()
}

// readStrings reads every cell by the scanner, one string a row.
func readStrings(file []byte) (t tally, err error) {
	s := csvio.NewScanner(bytes.NewReader(file), csvio.ScannerOptions{})
	var row []string
	for s.Scan() {
		row = s.Record().Strings(row[:0])
		t.cells += len(row)
		for _, c := range row {
			t.size += len(c)
		}
	}
	return t, s.Err()
}

func scan(e *env) error {
	file, err := cleanFile(e.rows)
	if err != nil {
		return err
	}
	want, err := readStdlib(file)
	if err != nil {
		return err
	}
	reading := func(read func([]byte) (tally, error)) side {
		return here(func() error {
			if got, err := read(file); err != nil || got != want {
				return fmt.Errorf("read %v, want %v: %w", got, want, err)
			}
			return nil
		})
	}
	for _, c := range []struct {
		name   string
		read   func([]byte) (tally, error)
		target float64
	}{{"views", readViews, 2.0}, {"a string a row", readStrings, 0}} {
		r, err := compare(e.rounds, reading(c.read), reading(readStdlib))
		if err != nil {
			return err
		}
		e.printf("%s", r.inverse().line(c.name, "the speed"))
		if c.target > 0 {
			e.printf("  target at least %.1fx: %s; %.0f MB/s\n", c.target, verdict(1/r.ratio >= c.target), float64(len(file))/1e6/r.ours.cpu.Seconds())
		}
	}
	return nil
}

// decodeFile makes normalised and validated contacts of a file, as an import
// does before it looks at the store.
func decodeFile(file []byte, recycle bool) (rows int, err error) {
	sc := csvio.NewScanner(bytes.NewReader(file), csvio.ScannerOptions{})
	if !sc.Scan() {
		return 0, errors.Join(errors.New("no header"), sc.Err())
	}
	m, err := csvio.MapHeader(sc.Record().Strings(nil), nil, nil)
	if err != nil {
		return 0, err
	}
	d := csvio.NewDecoder(m, nil, csvio.DecodeOptions{})
	for sc.Scan() {
		row := d.Decode(sc.Record())
		if row.Rejected() {
			return rows, row.Err()
		}
		d.FillLastName(row)
		if faults := d.Validate(row); len(faults) > 0 {
			return rows, faults[0]
		}
		rows++
		if recycle {
			d.Recycle(row.Contact)
		}
	}
	return rows, sc.Err()
}

func decode(e *env) error {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	file, err := cleanFile(e.rows)
	if err != nil {
		return err
	}
	anchor := here(func() error { _, err := readStdlib(file); return err })
	for _, c := range []struct {
		name    string
		recycle bool
		target  float64
	}{{"contacts, recycled", true, 1.35}, {"contacts, each kept", false, 0}} {
		ours := func() error {
			if n, err := decodeFile(file, c.recycle); err != nil || n != e.rows {
				return fmt.Errorf("%d of %d rows: %w", n, e.rows, err)
			}
			return nil
		}
		r, err := compare(e.rounds, here(ours), anchor)
		if err != nil {
			return err
		}
		count, size, err := allocations(ours)
		if err != nil {
			return err
		}
		e.printf("%s", r.line(c.name, "the time"))
		if c.target > 0 {
			e.printf("  target at most %.2fx: %s\n", c.target, verdict(r.ratio <= c.target))
		}
		e.printf("  %.0f ns, %.2f allocations and %.0f bytes a row\n",
			float64(r.ours.cpu.Nanoseconds())/float64(e.rows), float64(count)/float64(e.rows), float64(size)/float64(e.rows))
	}
	return nil
}
