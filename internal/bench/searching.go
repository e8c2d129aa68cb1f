package main

import (
	"bytes"
	"context"
	"encoding/csv"
	"math/rand/v2"
	"slices"
	"strings"
	"time"
	"unicode"
	"unicode/utf8"

	"github.com/extcontacts/extcontacts"
	"github.com/extcontacts/extcontacts/contacts"
)

// queriesPerKind is how many different queries of a kind are asked.
const queriesPerKind = 200

// A round asks fewer where they take longer than askingTime, but leastQueries.
const (
	askingTime   = time.Second
	leastQueries = 20
)

// lineSearches is how many of them are asked of the anchor, which is slow.
const lineSearches = 10

// query is a question in the query language, and the pieces of text that a
// linear search would look for.
type query struct {
	text   string
	pieces []string
}

// queryKind is a way of searching, with questions about people of the book.
type queryKind struct {
	name string
	make func(*rand.Rand, *contacts.Contact) (query, bool)
}

var queryKinds = []queryKind{
	{"word", func(r *rand.Rand, c *contacts.Contact) (query, bool) {
		w := plainWord(r, c)
		return query{w, []string{w}}, w != ""
	}},
	{"prefix", func(r *rand.Rand, c *contacts.Contact) (query, bool) {
		w := cut(plainWord(r, c), 3+r.IntN(2))
		return query{w, []string{w}}, w != ""
	}},
	{"phone fragment", func(r *rand.Rand, c *contacts.Contact) (query, bool) {
		if len(c.Phones) == 0 {
			return query{}, false
		}
		digits := strings.TrimPrefix(c.Phones[r.IntN(len(c.Phones))].Phone.Number(), "+")
		n := 5 + r.IntN(2)
		if len(digits) < n+3 {
			return query{}, false
		}
		at := 2 + r.IntN(len(digits)-n-2) // not the country code alone
		return query{digits[at : at+n], []string{digits[at : at+n]}}, true
	}},
	{"label and prefix", func(r *rand.Rand, c *contacts.Contact) (query, bool) {
		w := cut(plainWord(r, c), 2)
		if w == "" || len(c.Labels) == 0 {
			return query{}, false
		}
		label := c.Labels[r.IntN(len(c.Labels))]
		return query{`label:"` + label + `" ` + w, []string{strings.ToLower(label), w}}, true
	}},
}

// plainWord is a word of a name or company of letters only, in lower case.
func plainWord(r *rand.Rand, c *contacts.Contact) string {
	words := strings.Fields(strings.ToLower(c.FullName() + " " + c.Company))
	words = slices.DeleteFunc(words, func(w string) bool {
		return utf8.RuneCountInString(w) < 2 || strings.ContainsFunc(w, func(c rune) bool { return !unicode.IsLetter(c) }) || w == "or" || w == "and" || w == "not" || w == "in"
	})
	if len(words) == 0 {
		return ""
	}
	return words[r.IntN(len(words))]
}

// cut is the beginning of a word, empty where the word is no longer than that.
func cut(w string, n int) string {
	runes := []rune(w)
	if len(runes) <= n {
		return ""
	}
	return string(runes[:n])
}

// questions draws the queries of each kind from the contacts of a book.
func questions(ctx context.Context, b *book) (map[string][]query, error) {
	var people []*contacts.Contact
	for c, err := range b.session.Search(ctx, "") {
		if err != nil {
			return nil, err
		}
		if people = append(people, c); len(people) == 20_000 {
			break
		}
	}
	r := rand.New(rand.NewPCG(1, 2))
	out := map[string][]query{}
	for _, k := range queryKinds {
		for range 100 * queriesPerKind {
			if q, ok := k.make(r, people[r.IntN(len(people))]); ok {
				if out[k.name] = append(out[k.name], q); len(out[k.name]) == queriesPerKind {
					break
				}
			}
		}
	}
	return out, nil
}

// searchLines is the anchor: one pass over the lines in lower case, with the
// digits of their phones at the end. It ranks nothing and folds no accents.
func searchLines(lines [][]byte, q query) (n int) {
	pieces := make([][]byte, len(q.pieces))
	for i, p := range q.pieces {
		pieces[i] = []byte(p)
	}
next:
	for _, l := range lines {
		for _, p := range pieces {
			if !bytes.Contains(l, p) {
				continue next
			}
		}
		n++
	}
	return n
}

// lowerLines makes the lines that searchLines goes through.
func lowerLines(data []byte) ([][]byte, error) {
	r := csv.NewReader(bytes.NewReader(data))
	r.FieldsPerRecord, r.ReuseRecord = -1, true
	if _, err := r.Read(); err != nil {
		return nil, err
	}
	var out [][]byte
	for row, err := r.Read(); err == nil; row, err = r.Read() {
		text := strings.ToLower(strings.Join(row, " "))
		for _, c := range row {
			if strings.HasPrefix(c, "+") {
				text += " " + strings.Map(func(r rune) rune {
					if r < '0' || r > '9' {
						return -1
					}
					return r
				}, c)
			}
		}
		out = append(out, []byte(text))
	}
	return out, nil
}

// latencies has the times of queries in ascending order, and what they found.
type latencies struct {
	times []time.Duration
	hits  int
}

func (l latencies) at(share float64) time.Duration {
	return l.times[min(int(share*float64(len(l.times))), len(l.times)-1)]
}

// ask asks the queries once, or as many as there is time for.
func ask(ctx context.Context, s *extcontacts.Session, list []query) (latencies, error) {
	var l latencies
	until := time.Now().Add(askingTime)
	for i, q := range list {
		if i >= leastQueries && time.Now().After(until) {
			break
		}
		began := time.Now()
		page, err := s.SearchPage(ctx, q.text, extcontacts.PageOptions{Limit: 20})
		if err != nil {
			return l, err
		}
		l.times = append(l.times, time.Since(began))
		l.hits += len(page.Hits)
	}
	slices.Sort(l.times)
	return l, nil
}

func askLines(lines [][]byte, list []query) latencies {
	var l latencies
	for _, q := range list[:min(lineSearches, len(list))] {
		began := time.Now()
		l.hits += searchLines(lines, q)
		l.times = append(l.times, time.Since(began))
	}
	slices.Sort(l.times)
	return l
}

func searching(e *env) error {
	data, err := realFile(e.rows)
	if err != nil {
		return err
	}
	lines, err := lowerLines(data)
	if err != nil {
		return err
	}
	var asked map[string][]query
	return eachBook(e, data, extcontacts.ImportOptions{}, func(ctx context.Context, b *book) error {
		if asked == nil { // the same questions for both stores
			if asked, err = questions(ctx, b); err != nil {
				return err
			}
		}
		began := time.Now()
		if _, err := b.session.SearchPage(ctx, "zzzz", extcontacts.PageOptions{Limit: 20}); err != nil {
			return err
		}
		e.printf("  %s; first search %s\n", b.store, short(time.Since(began)))
		for _, k := range queryKinds {
			list := asked[k.name]
			if len(list) == 0 {
				continue
			}
			var p50, p99, anchor []time.Duration
			var ratios []float64
			var hits float64
			queries := len(list)
			for round := range e.rounds + 1 {
				l, err := ask(ctx, b.session, list)
				if err != nil {
					return err
				}
				a := askLines(lines, list).at(0.5)
				hits, queries = float64(l.hits)/float64(len(l.times)), min(queries, len(l.times))
				if round > 0 { // the first one warms up
					p50, p99, anchor = append(p50, l.at(0.5)), append(p99, l.at(0.99)), append(anchor, a)
					ratios = append(ratios, float64(a)/float64(l.at(0.5)))
				}
			}
			slices.Sort(p50)
			slices.Sort(p99)
			slices.Sort(anchor)
			slices.Sort(ratios)
			e.printf("    %-17s p50 %10s  p99 %10s  %5.1f hits of %d queries  %8.2fx the speed of the lines (%.2f-%.2f), %s\n", k.name,
				short(median(p50)), short(median(p99)), hits, queries, median(ratios), ratios[0], ratios[len(ratios)-1], short(median(anchor)))
		}
		return nil
	})
}
