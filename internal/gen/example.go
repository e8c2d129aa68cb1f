package gen

import (
	"io"
	"iter"
	"strings"
)

// The plan of the example file, in rows from 0.
const (
	exampleRows     = 300
	exampleSeed     = 2026
	exampleEvery    = 23 // a duplicate stands in each of these rows but the first
	exampleNoName   = 100
	exampleTitle    = 40
	exampleBadPhone = 57
	exampleBadDate  = 199

	exampleHongKong, exampleBritain = 0, 14 // in countries
)

// ExampleRows returns the rows of examples/data/contacts.csv: 300 contacts of
// many countries and scripts, 13 of which share a phone or an address of mail
// with an earlier row, because they are the same person. Otherwise phones and
// addresses are unique. One row has no last name, one job title is "Head of
// Marketing, Asia Division", and exactly two rows must be rejected: one with
// the phone "+8521234", one with the birthdate "31/12/1985".
func ExampleRows() iter.Seq[Row] {
	return func(yield func(Row) bool) {
		g := newGenerator(Options{Seed: exampleSeed})
		people := make([]*person, 0, exampleRows)
		var taken [exampleRows]bool
		for n := range exampleRows {
			p := g.person(n)
			row := Row{Entity: n + 1}
			switch {
			case n > 0 && n%exampleEvery == 0:
				s := newRandom(exampleSeed, forRow, n)
				first := s.below(n)
				for plainRow(first) || taken[first] || !reachable(people[first].cells) {
					first = (first + 1) % n
				}
				taken[first] = true
				p, row.Entity = g.exampleAgain(first, n), first+1
			case n == exampleNoName:
				p.cells[colLast], row.Fault = "", MissingLastName
			case n == exampleTitle:
				p = g.exampleOf(english, exampleBritain, n)
				p.cells[colCompany], p.cells[colTitle] = "Lantern Foods Ltd.", "Head of Marketing, Asia Division"
			case n == exampleBadPhone:
				p = g.exampleOf(hongKong, exampleHongKong, n)
				p.cells[colMobile], p.cells[colWhatsApp], p.cells[colWoztellWhatsApp], row.Fault = "+8521234", "", "", BadPhone
			case n == exampleBadDate:
				p.cells[colBirth], row.Fault = "31/12/1985", BadDate
			}
			people = append(people, p)
			row.Cells = append([]string(nil), p.cells...)
			if !yield(row) {
				return
			}
		}
	}
}

// WriteExample writes the example file and its truth, as [Write] does.
func WriteExample(w, truth io.Writer) error { return write(w, truth, ExampleRows()) }

// plainRow reports whether a row of the example must not be repeated.
func plainRow(n int) bool {
	return n%exampleEvery == 0 || n == exampleNoName || n == exampleTitle || n == exampleBadPhone || n == exampleBadDate
}

// exampleOf returns a person of a culture and country that no row has.
func (g *generator) exampleOf(culture, country, n int) *person {
	for i := exampleRows + n; ; i++ {
		if p := g.person(i); p.culture == culture && p.country == country && p.cells[colFirst] != "" && p.cells[colMobile] != "" {
			return p
		}
	}
}

// exampleAgain returns the person of a row entered again so that a phone or an
// address of mail still agrees and something else does not.
func (g *generator) exampleAgain(first, n int) *person {
	for try := n; ; try += exampleRows {
		p, was := g.person(first), g.person(first)
		g.again(p, try)
		if agreeing(p.cells, was.cells) && p.cells[colLast] != "" && (p.cells[colFirst] != was.cells[colFirst] || p.cells[colLast] != was.cells[colLast]) {
			return p
		}
	}
}

// reachable reports whether a row has a mobile and an address of mail.
func reachable(cells []string) bool {
	return cells[colMobile] != "" && cells[colEmail]+cells[colPersonal] != "" && cells[colFirst] != ""
}

// agreeing reports whether two rows share a phone or an address of mail.
func agreeing(a, b []string) bool {
	for i := colMobile; i <= colOtherEmail; i++ {
		if key := bare(a[i]); key != "" && key == bare(b[i]) {
			return true
		}
	}
	return false
}

// bare returns a phone without separators; an address of mail has no spaces.
func bare(cell string) string {
	if strings.HasPrefix(cell, "+") {
		return strings.NewReplacer(" ", "", "-", "", ".", "").Replace(cell)
	}
	return cell
}
