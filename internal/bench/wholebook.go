package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"fmt"
	"io"

	"github.com/extcontacts/extcontacts"
)

// exporting writes the whole book; the anchor writes the very rows that came
// out, already read, by encoding/csv.
func exporting(e *env) error {
	data, err := realFile(e.rows)
	if err != nil {
		return err
	}
	return eachBook(e, data, extcontacts.ImportOptions{}, func(ctx context.Context, b *book) error {
		var out bytes.Buffer
		n, err := b.session.Export(ctx, &out, extcontacts.ExportOptions{})
		if err != nil {
			return err
		}
		rows, err := csv.NewReader(bytes.NewReader(out.Bytes())).ReadAll()
		if err != nil {
			return err
		}
		if len(rows) != n+1 {
			return fmt.Errorf("%d rows exported, %d read back", n, len(rows)-1)
		}
		r, err := compare(e.rounds, here(func() error {
			_, err := b.session.Export(ctx, io.Discard, extcontacts.ExportOptions{})
			return err
		}), here(func() error {
			return csv.NewWriter(io.Discard).WriteAll(rows)
		}))
		if err != nil {
			return err
		}
		e.printf("%s", r.line(b.store, "the CPU time"))
		e.printf("    %d contacts, %.1f MB, %.2f us a contact\n", n, float64(out.Len())/1e6, perMicro(r.ours.cpu, n))
		return nil
	})
}

// duplicates looks for suspected pairs in the whole book; the anchor reads the
// file that the book was made of. Every row is a contact, so that there are
// pairs to be found.
func duplicates(e *env) error {
	data, err := realFile(e.rows)
	if err != nil {
		return err
	}
	return eachBook(e, data, apart, func(ctx context.Context, b *book) error {
		pairs := 0
		r, err := compare(e.rounds, here(func() error {
			pairs = 0
			for _, err := range b.session.Duplicates(ctx, "", extcontacts.DuplicateOptions{}) {
				if err != nil {
					return err
				}
				pairs++
			}
			return nil
		}), here(func() error { _, err := readStdlib(data); return err }))
		if err != nil {
			return err
		}
		e.printf("%s", r.line(b.store, "the CPU time"))
		e.printf("    %d pairs, %.2f us a row of the file\n", pairs, perMicro(r.ours.cpu, e.rows))
		return nil
	})
}
