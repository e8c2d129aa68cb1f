// Command gen makes nicknames.txt and names.txt from files with the columns
// name, relationship, short form and name, count:
//
//	go run ./gen -nicknames names.csv -given female.csv,male.csv -family last.csv
package main

import (
	"cmp"
	"encoding/csv"
	"flag"
	"fmt"
	"log"
	"maps"
	"os"
	"slices"
	"strconv"
	"strings"
)

func main() {
	nick := flag.String("nicknames", "", "the CSV of nicknames")
	given := flag.String("given", "", "the CSVs of given names, with commas between")
	family := flag.String("family", "", "the CSV of family names")
	flag.Parse()
	if *nick != "" {
		nicknames(*nick)
	}
	if *given != "" && *family != "" {
		names(strings.Split(*given, ","), strings.Split(*family, ","))
	}
}

func rows(path string) [][]string {
	f, err := os.Open(path)
	if err != nil {
		log.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord = -1
	all, err := r.ReadAll()
	if err != nil {
		log.Fatal(err)
	}
	return all
}

func clean(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

func nicknames(path string) {
	short := map[string]map[string]bool{}
	for _, r := range rows(path) {
		if len(r) < 3 || r[1] != "has_nickname" || strings.Contains(clean(r[0]), " ") {
			continue
		}
		name := clean(r[0])
		if short[name] == nil {
			short[name] = map[string]bool{}
		}
		if s := clean(r[2]); !strings.Contains(s, " ") && s != name {
			short[name][s] = true
		}
	}
	var b strings.Builder
	b.WriteString("# Given names and the short forms they go by: one name a line, its short forms after it.\n# Source: carltonnorthern/nicknames (names.csv), Apache License 2.0. Made by gen/main.go.\n")
	for _, n := range slices.Sorted(maps.Keys(short)) {
		fmt.Fprintf(&b, "%s %s\n", n, strings.Join(slices.Sorted(maps.Keys(short[n])), " "))
	}
	write("nicknames.txt", b.String())
}

func names(given, family []string) {
	var b strings.Builder
	b.WriteString("# Common names and how many in a million bear them: g given names, f family names.\n# Source: US Census Bureau and Social Security Administration, public domain. Made by gen/main.go.\n")
	list := func(letter string, paths []string, most int) {
		count, total := map[string]int{}, 0
		var order []string
		for _, p := range paths {
			for _, r := range rows(p) {
				if len(r) < 2 {
					continue
				}
				n, err := strconv.Atoi(strings.TrimSpace(r[1]))
				if err != nil {
					continue // the header
				}
				if count[clean(r[0])] == 0 {
					order = append(order, clean(r[0]))
				}
				count[clean(r[0])] += n
				total += n
			}
		}
		slices.SortStableFunc(order, func(a, b string) int { return cmp.Compare(count[b], count[a]) })
		for _, n := range order[:min(most, len(order))] {
			fmt.Fprintf(&b, "%s %s %.0f\n", letter, n, float64(count[n])/float64(total)*1e6)
		}
	}
	list("g", given, 400)
	list("f", family, 600)
	write("names.txt", b.String())
}

func write(path, text string) {
	if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
		log.Fatal(err)
	}
}
