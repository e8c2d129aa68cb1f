package main

import (
	"bytes"
	"io"
	"iter"
	"math/rand/v2"
	"strconv"
	"strings"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/csvio"
	"github.com/extcontacts/extcontacts/internal/gen"
	"github.com/extcontacts/extcontacts/internal/linkage"
	"github.com/extcontacts/extcontacts/merge"
	"github.com/xrash/smetrics"
)

// recordKinds are the columns of a generated file that are compared.
var recordKinds = map[string]merge.Kind{"First name": merge.Given, "Last name": merge.Family, "Mobile": merge.Phone, "Work": merge.Phone, "Home": merge.Phone,
	"Other Phone": merge.Phone, "WhatsApp": merge.Phone, "Email": merge.Email, "Personal Email": merge.Email, "Other Email": merge.Email, "Company": merge.Company,
	"Job Title": merge.Title, "Birthdate": merge.Date, "Address": merge.Street, "City": merge.City, "State": merge.Region, "ZipCode": merge.Postcode, "Country": merge.Country}

// generatedRecords yields the rows of a file that is written while it is read, so that
// none of it is held.
func generatedRecords(o gen.Options, truth io.Writer) iter.Seq2[merge.Record, error] {
	return func(yield func(merge.Record, error) bool) {
		in, out := io.Pipe()
		defer in.Close()
		go func() { out.CloseWithError(gen.Write(out, truth, o)) }()
		sc := csvio.NewScanner(in, csvio.ScannerOptions{})
		if !sc.Scan() {
			yield(merge.Record{}, sc.Err())
			return
		}
		header := sc.Record().Strings(nil)
		for n := 1; sc.Scan(); n++ {
			row := sc.Record()
			rec := merge.Record{ID: contacts.ID(pad(n)), Values: map[merge.Kind][]string{}}
			for i := range min(row.Len(), len(header)) {
				if k := recordKinds[header[i]]; k != "" && len(row.Cell(i)) > 0 {
					rec.Values[k] = append(rec.Values[k], string(row.Cell(i)))
				}
			}
			if !yield(rec, nil) {
				return
			}
		}
		if err := sc.Err(); err != nil && err != io.EOF {
			yield(merge.Record{}, err)
		}
	}
}

func pad(n int) string {
	s := strconv.Itoa(n)
	return strings.Repeat("0", 8-len(s)) + s
}

// dedupe finds the duplicates of a generated file. Reading is apart: it is the
// generator's time as well.
func dedupe(e *env) error {
	o := gen.Options{Rows: e.rows, Seed: 1, Duplicates: 0.05}
	start, cpu := time.Now(), cpuTime()
	n := 0
	for _, err := range generatedRecords(o, io.Discard) {
		if err != nil {
			return err
		}
		n++
	}
	read := cost{time.Since(start), cpuTime() - cpu}
	var truth bytes.Buffer
	start, cpu = time.Now(), cpuTime()
	found, err := merge.FindRecords(generatedRecords(o, &truth), merge.FindOptions{})
	if err != nil {
		return err
	}
	clusters := found.Clusters()
	all := cost{time.Since(start), cpuTime() - cpu}
	entity := make([]string, n)
	for i, line := range strings.Split(strings.TrimSpace(truth.String()), "\n")[1:] {
		entity[i] = strings.Split(line, ",")[1]
	}
	group := make([]uint32, n)
	for i := range group {
		group[i] = uint32(len(clusters) + i)
	}
	for g, ids := range clusters {
		for _, id := range ids {
			row, err := strconv.Atoi(string(id))
			if err != nil {
				return err
			}
			group[row-1] = uint32(g)
		}
	}
	p, r, f1 := pairwise(entity, group)
	e.printf("  %d rows, %d pairs compared; writing and reading the file %s CPU %s wall, with the search %s CPU %s wall%s\n", n, found.Compared(),
		short(read.cpu), short(read.wall), short(all.cpu), short(all.wall), load())
	e.printf("  peak %d MB; precision %.4f, recall %.4f, F1 %.4f\n", peak()>>20, p, r, f1)
	return nil
}

// similarity compares names with each other: each of some with each of many.
func similarity(e *env) error {
	r := rand.New(rand.NewPCG(1, 2))
	names := make([]string, 2000)
	for i := range names {
		n := 6 + r.IntN(12)
		b := make([]byte, n)
		for j := range b {
			b[j] = "aaabcdeeefghiijklmnnoopqrrssttuvwxyz "[r.IntN(36)]
		}
		names[i] = string(b)
	}
	var ours, theirs float64
	res, err := compare(e.rounds, here(func() error {
		s := linkage.NewSimilarity()
		ours = 0
		for _, a := range names {
			for _, b := range names {
				ours += s.JaroWinkler(b, a)
			}
		}
		return nil
	}), here(func() error {
		theirs = 0
		for _, a := range names {
			for _, b := range names {
				theirs += smetrics.JaroWinkler(b, a, 0.7, 4)
			}
		}
		return nil
	}))
	if err != nil {
		return err
	}
	inv := res.inverse()
	pairs := float64(len(names) * len(names))
	e.printf("%s", inv.line("Jaro-Winkler", "as fast as smetrics"))
	e.printf("    %.0f ns and %.0f ns a pair; means %.6f and %.6f; target 5x: %s\n", float64(res.ours.cpu)/pairs, float64(res.anchor.cpu)/pairs, ours/pairs, theirs/pairs, verdict(inv.ratio >= 5))
	return nil
}
