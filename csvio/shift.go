package csvio

import (
	"fmt"
	"slices"
	"strings"

	"github.com/extcontacts/extcontacts/contacts"
)

const (
	maxJoins     = 3   // cells that one row's texts may have too many
	maxJoinTries = 300 // ways to join that are tried for a row
	maxShown     = 3   // proposals for a shifted row
)

// joining is one way to join the cells of a shifted row.
type joining struct {
	at        []int // cell i and the next one are joined
	cells     []string
	spaced    bool // what is joined begins with a space each time
	confirmed int  // cells behind the first join that have rules of their own and obey them
}

// shifted proposes ways to join cells of a row that unquoted delimiters have shifted. Texts go on with a space behind a comma, data
// does not begin with one: other places are tried only where such ones do not lead to a sound row.
func (dr *Doctor) shifted(rec *Record, cells []string, faults []*Fault) []Proposal {
	width := len(dr.d.specs)
	last := len(cells)
	for last > 0 && strings.TrimSpace(cells[last-1]) == "" {
		last--
	}
	var code *Fault
	for _, f := range faults {
		if f.Code == CodeTooManyCells || f.Code == CodeRowShifted {
			code = f
			break
		}
	}
	least, most, onlySpaced := max(1, last-width), len(cells)-width, false
	if code == nil {
		// No cell too many: blank or missing cells at the end have made room.
		for _, f := range faults {
			if !f.Warning && f.Cell > 0 {
				code = f
				break
			}
		}
		if code == nil || dr.d.spaced {
			return nil
		}
		least, most, onlySpaced = 1, 2, true
	}
	most = min(most, maxJoins)
	var all []joining
	for _, spaced := range [...]bool{true, false} { // a space tells most, and leaves little to try
		if !spaced && (onlySpaced || len(all) > 0) {
			break
		}
		tries := 0
		for k := least; k <= most; k++ {
			dr.join(rec, cells, k, spaced, &tries, func(at []int) {
				if j, ok := dr.try(rec, cells, at, width); ok && !(onlySpaced && j.confirmed == 0) {
					all = append(all, j)
				}
			})
		}
	}
	return dr.judge(all, code)
}

// join calls try for each choice of k places between two cells that may be joined: both have a text and are not in quotes,
// and they end in a column that takes any text.
func (dr *Doctor) join(rec *Record, cells []string, k int, onlySpaced bool, tries *int, try func(at []int)) {
	at := make([]int, 0, k)
	var choose func(from int)
	choose = func(from int) {
		if len(at) == k {
			if *tries++; *tries <= maxJoinTries {
				try(at)
			}
			return
		}
		for i := from; i+1 < len(cells) && *tries < maxJoinTries; i++ {
			if strings.TrimSpace(cells[i]) == "" || strings.TrimSpace(cells[i+1]) == "" || rec.Quoted(i) || rec.Quoted(i+1) ||
				onlySpaced && !strings.HasPrefix(cells[i+1], " ") || !dr.takesText(i-len(at)) {
				continue
			}
			at = append(at, i)
			choose(i + 1)
			at = at[:len(at)-1]
		}
	}
	choose(0)
}

// takesText reports whether a column takes any text, with a delimiter in it too.
func (dr *Doctor) takesText(column int) bool {
	if column < 0 || column >= len(dr.d.specs) || dr.d.m.Columns[column].Status == Ignored {
		return false
	}
	s := &dr.d.specs[column]
	if s.op == opSkip {
		return dr.d.m.Columns[column].How != ByCompanion
	}
	return s.op == opStreetLine || s.op == opSet && !dr.isTyped(column)
}

// isTyped reports whether a column has rules of its own, which tell a wrong value.
func (dr *Doctor) isTyped(column int) bool {
	s := &dr.d.specs[column]
	switch s.op {
	case opSkip, opStreetLine:
		return false
	case opSet:
		switch dr.d.fields[s.field].Kind {
		case contacts.TextField, contacts.SocialField, contacts.LabelsField, contacts.ExternalIDField:
			return false
		}
	}
	return true
}

// try joins the cells and judges the row that comes out. ok is false if it is not sound.
func (dr *Doctor) try(rec *Record, cells []string, at []int, width int) (j joining, ok bool) {
	j = joining{at: slices.Clone(at), spaced: true}
	comma := string(rec.comma)
	for i, cell := range cells {
		if i > 0 && slices.Contains(at, i-1) {
			j.cells[len(j.cells)-1] += comma + cell
			j.spaced = j.spaced && strings.HasPrefix(cell, " ")
			continue
		}
		j.cells = append(j.cells, cell)
	}
	for len(j.cells) > width && strings.TrimSpace(j.cells[len(j.cells)-1]) == "" {
		j.cells = j.cells[:len(j.cells)-1]
	}
	if len(j.cells) > width {
		return j, false
	}
	var r Record
	Repair(rec, &Proposal{Cells: j.cells}, &r)
	if r.Fault() != nil {
		return j, false
	}
	row := dr.d.Decode(&r)
	if row.Rejected() || row.Contact == nil {
		return j, false
	}
	for i, cell := range j.cells {
		if cell = strings.TrimSpace(cell); cell == "" {
			continue
		}
		switch typed := dr.isTyped(i); {
		case !typed && dr.d.specs[i].op == opSet && looksLikeData([]string{cell}):
			return j, false // a phone number or an email address as a text: the place is wrong
		case typed && i > at[0]:
			j.confirmed++
		}
	}
	return j, true
}

// judge makes proposals of the ways that lead to a sound row.
func (dr *Doctor) judge(all []joining, code *Fault) []Proposal {
	var ps []Proposal
	for _, j := range all {
		base := 0.35
		if j.spaced && !dr.d.spaced {
			base = 0.6
		}
		share := float64(j.confirmed) / float64(j.confirmed+1)
		p := Proposal{Code: code.Code, Cells: j.cells, Confidence: (base + (0.98-base)*share) / float64(len(all))}
		column := headerText(dr.d.m.Columns[j.at[0]].Header)
		p.Explanation = fmt.Sprintf("a text in the column %s has a delimiter and is not in quotes: joined, the row fits the header, and %d of its cells behind it confirm the place",
			column, j.confirmed)
		if n := len(all); n > 1 {
			p.Explanation += fmt.Sprintf("; it is one of %d places that are possible", n)
		}
		if ps = append(ps, p); len(ps) == maxShown {
			break
		}
	}
	return ps
}
