package main

import (
	"bytes"
	"fmt"
	"hash/fnv"
	"iter"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/internal/gen"
	"github.com/extcontacts/extcontacts/merge"
)

// robust prints how well duplicates are found, with the one default, in what
// the method was not developed on: generated files of people of many
// countries, and the labelled files without one of their kinds of columns or
// without most of their people.
func robust(e *env) error {
	e.printf("%-34s %7s %8s %8s %8s\n", "file", "rows", "precise", "found", "F1")
	for _, g := range []struct {
		name string
		o    gen.Options
	}{
		{"many countries", gen.Options{Duplicates: 0.05}},
		{"many countries, households", gen.Options{Duplicates: 0.05, Related: 0.15}},
		{"many countries, many duplicates", gen.Options{Duplicates: 0.4, Related: 0.05}},
		{"Latin letters", gen.Options{Duplicates: 0.1, Scripts: []gen.Script{gen.Latin}}},
		{"Chinese characters", gen.Options{Duplicates: 0.1, Scripts: []gen.Script{gen.Han}}},
	} {
		for _, seed := range []uint64{1, 2} {
			g.o.Rows, g.o.Seed = e.rows, seed
			var truth bytes.Buffer
			rows, err := collect(generatedRecords(g.o, &truth))
			if err != nil {
				return err
			}
			entity := make([]string, len(rows))
			for i, line := range strings.Split(strings.TrimSpace(truth.String()), "\n")[1:] {
				entity[i] = strings.Split(line, ",")[1]
			}
			if err := e.judge(fmt.Sprintf("%s, seed %d", g.name, seed), rows, entity); err != nil {
				return err
			}
		}
	}
	dir := filepath.Join("..", "..", "..", "shared", "data")
	for _, f := range files {
		all, err := readRows(filepath.Join(dir, f.file))
		if err != nil || len(all) > 60_000 {
			continue
		}
		truth, err := f.truths(dir, all)
		if err != nil {
			return err
		}
		rows, err := collect(f.records(all))
		if err != nil {
			return err
		}
		if err := e.judge(f.name, rows, truth); err != nil {
			return err
		}
		var kinds []merge.Kind
		for _, k := range merge.Kinds() {
			if slices.ContainsFunc(rows, func(r merge.Record) bool { return len(r.Values[k]) > 0 }) {
				kinds = append(kinds, k)
			}
		}
		for _, k := range kinds {
			if err := e.judge(f.name+" without "+string(k), without(rows, k), truth); err != nil {
				return err
			}
		}
		for _, n := range []uint32{3, 10} {
			some, ofSome := part(rows, truth, n)
			if err := e.judge(f.name+" one of "+strconv.Itoa(int(n)), some, ofSome); err != nil {
				return err
			}
		}
	}
	return nil
}

// judge searches the records and prints how well that went.
func (e *env) judge(name string, rows []merge.Record, truth []string) error {
	at := map[contacts.ID]int{}
	for i := range rows {
		at[rows[i].ID] = i
	}
	found, err := merge.FindRecords(func(yield func(merge.Record, error) bool) {
		for _, r := range rows {
			if !yield(r, nil) {
				return
			}
		}
	}, merge.FindOptions{})
	if err != nil {
		return err
	}
	group := make([]uint32, len(rows))
	for i := range group {
		group[i] = uint32(len(rows) + i)
	}
	for n, ids := range found.Clusters() {
		for _, id := range ids {
			group[at[id]] = uint32(n)
		}
	}
	p, r, f1 := pairwise(truth, group)
	e.printf("%-34s %7d %8.4f %8.4f %8.4f\n", name, len(rows), p, r, f1)
	return nil
}

func collect(seq iter.Seq2[merge.Record, error]) ([]merge.Record, error) {
	var rows []merge.Record
	for r, err := range seq {
		if err != nil {
			return nil, err
		}
		rows = append(rows, r)
	}
	return rows, nil
}

// without are the records without the values of a kind.
func without(rows []merge.Record, k merge.Kind) []merge.Record {
	out := make([]merge.Record, len(rows))
	for i, r := range rows {
		out[i] = merge.Record{ID: r.ID, Source: r.Source, Values: map[merge.Kind][]string{}}
		for kind, v := range r.Values {
			if kind != k {
				out[i].Values[kind] = v
			}
		}
	}
	return out
}

// part are the records of one in n entities.
func part(rows []merge.Record, truth []string, n uint32) (some []merge.Record, ofSome []string) {
	for i, r := range rows {
		h := fnv.New32a()
		h.Write([]byte(truth[i]))
		if h.Sum32()%n == 0 {
			some, ofSome = append(some, r), append(ofSome, truth[i])
		}
	}
	return some, ofSome
}
