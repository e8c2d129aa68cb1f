package main

import (
	"compress/gzip"
	"encoding/csv"
	"fmt"
	"io"
	"iter"
	"os"
	"path/filepath"
	"strconv"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/merge"
)

// labelled is a public file with the truth about its duplicates.
type labelled struct {
	name, file string
	kinds      string // COLUMN=KIND,...
	truth      func(row map[string]string) string
	pairs      string // a file of pairs, where the rows hold no truth
	target     float64
}

func column(name string) func(map[string]string) string {
	return func(row map[string]string) string { return row[name] }
}

const febrlKinds = "given_name=given,surname=family,street_number=street,address_1=street,address_2=street,suburb=city,postcode=postcode,state=region,date_of_birth=date,soc_sec_id=identifier,phone_number=phone"

func digitsOf(name string) func(map[string]string) string {
	return func(row map[string]string) string {
		return strings.Map(func(r rune) rune {
			if r >= '0' && r <= '9' {
				return r
			}
			return -1
		}, strings.SplitN(strings.TrimPrefix(row[name], "rec-"), "-", 2)[0])
	}
}

func butLast(name string) func(map[string]string) string {
	return func(row map[string]string) string { return row[name][:len(row[name])-1] }
}

const contactKinds = "full_name=name,first_name=given,last_name=family,email=email,email2=email,phone=phone,phone2=phone,company=company,title=title,street=street,city=city,postcode=postcode,birthday=date,notes=text"

var files = []labelled{
	{"FEBRL1", "febrl/dataset1.csv", febrlKinds, digitsOf("rec_id"), "", .999},
	{"FEBRL2", "febrl/dataset2.csv", febrlKinds, digitsOf("rec_id"), "", .999},
	{"FEBRL3", "febrl/dataset3.csv", febrlKinds, digitsOf("rec_id"), "", .999},
	{"dsgen A 10k", "febrl-dsgen/dataset_A_10000.csv", febrlKinds, butLast("rec_id"), "", 1},
	{"dsgen C 1k", "febrl-dsgen/dataset_C_1000.csv", febrlKinds, butLast("rec_id"), "", .999},
	{"dsgen C 10k", "febrl-dsgen/dataset_C_10000.csv", febrlKinds, butLast("rec_id"), "", .999},
	{"DQBench tier 1", "dqbench/er_tier1.csv", "first_name=given,last_name=family,email=email,phone=phone,address=street,city=city,state=region,zip=postcode,company=company", column("row"), "dqbench/er_tier1_pairs.csv", .999},
	{"DQBench tier 2", "dqbench/er_tier2.csv", "first_name=given,last_name=family,email=email,phone=phone,address=street,city=city,state=region,zip=postcode,company=company", column("row"), "dqbench/er_tier2_pairs.csv", .999},
	{"fake_1000", "splink/fake_1000.csv", "first_name=given,surname=family,dob=date,city=city,email=email", column("cluster"), "", .97},
	{"historical_half", "splink/historical_half.csv", "full_name=name,first_name=given,surname=family,dob=date,birth_place=city,postcode_fake=postcode,gender=text,occupation=title", column("cluster"), "", .93},
	{"Chicago half", "chicago-childcare/half.csv", "Site name=name,Address=street,Zip=postcode,Phone=phone", column("True Id"), "", .90},
	{"RLdata500", "rldata/RLdata500.csv", "fname_c1=given,fname_c2=given,lname_c1=family,lname_c2=family,by=date,bm=date,bd=date", column("ent_id"), "", .95},
	{"restaurant", "restaurant/secondstring-restaurant.csv", "name=name,addr=street,city=city,phone=phone,type=text", column("class"), "", .93},
	{"contacts 1k", "contacts-synth/contacts_1k_dev.csv", contactKinds, column("entity_id"), "", .93},
	{"contacts 10k", "contacts-synth/contacts_10k_dev.csv", contactKinds, column("entity_id"), "", .93},
	{"contacts 100k", "contacts-synth/contacts_100k_dev.csv.gz", contactKinds, column("entity_id"), "", .90},
}

func readRows(path string) ([]map[string]string, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	var in io.Reader = f
	if strings.HasSuffix(path, ".gz") {
		if in, err = gzip.NewReader(f); err != nil {
			return nil, err
		}
	}
	r := csv.NewReader(in)
	r.LazyQuotes, r.FieldsPerRecord, r.TrimLeadingSpace = true, -1, true
	all, err := r.ReadAll()
	if err != nil {
		return nil, err
	}
	var rows []map[string]string
	for _, rec := range all[1:] {
		row := map[string]string{}
		for i, h := range all[0] {
			if i < len(rec) {
				if v := strings.TrimSpace(rec[i]); v != "NA" {
					row[strings.TrimSpace(h)] = v
				}
			}
		}
		rows = append(rows, row)
	}
	return rows, nil
}

// quality prints how well duplicates are found with the one default.
func quality(e *env) error {
	dir := filepath.Join("..", "..", "..", "shared", "data")
	e.printf("%-16s %7s %8s %8s %8s %8s %10s\n", "file", "rows", "precise", "found", "F1", "target", "CPU")
	for _, f := range files {
		rows, err := readRows(filepath.Join(dir, f.file))
		if err != nil {
			e.printf("%-16s is not there\n", f.name)
			continue
		}
		truth, err := f.truths(dir, rows)
		if err != nil {
			return err
		}
		start := cpuTime()
		found, err := merge.FindRecords(f.records(rows), merge.FindOptions{})
		if err != nil {
			return err
		}
		group := make([]uint32, len(rows))
		for n, ids := range found.Clusters() {
			for _, id := range ids {
				i, err := strconv.Atoi(string(id))
				if err != nil {
					return err
				}
				group[i] = uint32(n + 1)
			}
		}
		for i := range group {
			if group[i] == 0 {
				group[i] = uint32(len(rows) + i)
			}
		}
		took := cpuTime() - start
		p, r, f1 := pairwise(truth, group)
		mark := ""
		if f1 < f.target {
			mark = "  missed"
		}
		e.printf("%-16s %7d %8.4f %8.4f %8.4f %8.3f %9.2fs%s\n", f.name, len(rows), p, r, f1, f.target, took.Seconds(), mark)
	}
	return nil
}

// records are the rows as they are compared; their ids are their places.
func (f *labelled) records(rows []map[string]string) iter.Seq2[merge.Record, error] {
	return func(yield func(merge.Record, error) bool) {
		for i, row := range rows {
			rec := merge.Record{ID: contacts.ID(fmt.Sprintf("%07d", i)), Values: map[merge.Kind][]string{}}
			for m := range strings.SplitSeq(f.kinds, ",") {
				col, kind, _ := strings.Cut(m, "=")
				if v := row[col]; v != "" {
					rec.Values[merge.Kind(kind)] = append(rec.Values[merge.Kind(kind)], v)
				}
			}
			if !yield(rec, nil) {
				return
			}
		}
	}
}

// truths names the entity of each row.
func (f *labelled) truths(dir string, rows []map[string]string) ([]string, error) {
	truth := make([]string, len(rows))
	for i, row := range rows {
		truth[i] = f.truth(row)
	}
	if f.pairs == "" {
		return truth, nil
	}
	pairs, err := readRows(filepath.Join(dir, f.pairs))
	if err != nil {
		return nil, err
	}
	up := map[string]string{}
	find := func(s string) string {
		for up[s] != "" && up[s] != s {
			s = up[s]
		}
		return s
	}
	for _, p := range pairs {
		up[find(p["row_a"])] = find(p["row_b"])
	}
	for i := range truth {
		truth[i] = find(truth[i])
	}
	return truth, nil
}

func truePairs(truth []string) float64 {
	n := map[string]float64{}
	for _, t := range truth {
		n[t]++
	}
	s := 0.0
	for _, c := range n {
		s += c * (c - 1) / 2
	}
	return s
}

// pairwise is precision, recall and F1 over all pairs of a grouping.
func pairwise(truth []string, group []uint32) (p, r, f float64) {
	type both struct {
		t string
		g uint32
	}
	nb, ng := map[both]float64{}, map[uint32]float64{}
	for i := range truth {
		nb[both{truth[i], group[i]}]++
		ng[group[i]]++
	}
	var hit, found float64
	for _, c := range nb {
		hit += c * (c - 1) / 2
	}
	for _, c := range ng {
		found += c * (c - 1) / 2
	}
	all := truePairs(truth)
	p, r = hit/max(found, 1), hit/max(all, 1)
	return p, r, 2 * p * r / max(p+r, 1e-9)
}
