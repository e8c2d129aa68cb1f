package main

import (
	"bytes"
	"encoding/csv"
	"io"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/csvio"
)

// encoding writes rows that are in memory, and contacts that are; the anchor writes the same rows by encoding/csv.
func encoding(e *env) error {
	file, err := cleanFile(e.rows)
	if err != nil {
		return err
	}
	rows, err := csv.NewReader(bytes.NewReader(file)).ReadAll()
	if err != nil {
		return err
	}
	anchor := here(func() error { return csv.NewWriter(io.Discard).WriteAll(rows) })
	writing := func(o csvio.WriterOptions) side {
		return here(func() error {
			w := csvio.NewWriter(io.Discard, o)
			for _, row := range rows {
				if err := w.WriteRow(row...); err != nil {
					return err
				}
			}
			return w.Flush()
		})
	}
	r, err := compare(e.rounds, writing(csvio.WriterOptions{}), anchor)
	if err != nil {
		return err
	}
	e.printf("%s", r.inverse().line("rows", "the speed"))
	e.printf("  target at least 1.0x: %s; %.0f ns a row\n", verdict(1/r.ratio >= 1), float64(r.ours.cpu.Nanoseconds())/float64(e.rows))
	if r, err = compare(e.rounds, writing(csvio.WriterOptions{Guard: true}), anchor); err != nil {
		return err
	}
	e.printf("%s", r.inverse().line("rows, guarded", "the speed"))

	var all []*contacts.Contact
	sc := csvio.NewScanner(bytes.NewReader(file), csvio.ScannerOptions{})
	h, err := csvio.ReadHeader(sc, nil, nil)
	if err != nil {
		return err
	}
	d := csvio.NewDecoder(h.Mapping, nil, csvio.DecodeOptions{})
	var shape csvio.Shape
	for sc.Scan() {
		c := d.Decode(sc.Record()).Contact
		shape.Add(c)
		all = append(all, c)
	}
	r, err = compare(e.rounds, here(func() error {
		w := csvio.NewWriter(io.Discard, csvio.WriterOptions{})
		enc, err := csvio.NewEncoder(w, nil, &shape, csvio.EncodeOptions{})
		if err != nil {
			return err
		}
		for _, c := range all {
			if err := enc.Write(c); err != nil {
				return err
			}
		}
		return w.Flush()
	}), anchor)
	if err != nil {
		return err
	}
	e.printf("%s", r.inverse().line("contacts", "the speed"))
	e.printf("  %.0f ns a contact\n", float64(r.ours.cpu.Nanoseconds())/float64(e.rows))
	return nil
}
