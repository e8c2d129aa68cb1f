package main

import (
	"errors"
	"net/mail"
	"time"

	"github.com/biter777/countries"
	"github.com/nyaruka/phonenumbers"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/internal/gen"
)

// cell is a value of a file and the field it belongs to.
type cell struct {
	field *contacts.Field
	text  string
}

// rowCells are the cells of each row: checked those that hold more than text
// (phones, addresses of mail, countries, languages, dates), all every one.
func rowCells(rows int) (checked, all [][]cell) {
	fields := map[string]*contacts.Field{}
	for f := range new(contacts.Schema).Fields() {
		fields[f.Column] = f
	}
	header := gen.Header()
	for row := range gen.Rows(gen.Options{Rows: rows, Seed: 1}) {
		var c, a []cell
		for i, text := range row.Cells {
			f := fields[header[i]]
			if f == nil || text == "" {
				continue
			}
			a = append(a, cell{f, text})
			switch f.Kind {
			case contacts.PhoneField, contacts.EmailField, contacts.CountryField, contacts.LanguageField, contacts.DateField:
				c = append(c, cell{f, text})
			}
		}
		checked, all = append(checked, c), append(all, a)
	}
	return checked, all
}

// refusals counts the cells that were refused, by kind.
type refusals map[contacts.FieldKind]int

// parseOurs reads every cell into its value, normal form included.
func parseOurs(rows [][]cell, refused refusals) {
	for _, row := range rows {
		for _, c := range row {
			var err error
			switch c.field.Kind {
			case contacts.PhoneField:
				_, err = contacts.ParsePhone(c.text)
			case contacts.EmailField:
				_, err = contacts.ParseEmail(c.text)
			case contacts.CountryField:
				_, err = contacts.ParseCountry(c.text)
			case contacts.LanguageField:
				_, err = contacts.ParseLanguage(c.text)
			case contacts.DateField:
				_, err = contacts.DateMDY.Parse(c.text)
			}
			if err != nil {
				refused[c.field.Kind]++
			}
		}
	}
}

// parseLibraries does the same by what a Go program would take otherwise.
// Languages cost the libraries nothing: none is asked.
func parseLibraries(rows [][]cell, refused refusals) {
	for _, row := range rows {
		for _, c := range row {
			ok := true
			switch c.field.Kind {
			case contacts.PhoneField:
				n, err := phonenumbers.Parse(c.text, "")
				ok = err == nil && phonenumbers.IsValidNumber(n) && phonenumbers.Format(n, phonenumbers.E164) != ""
			case contacts.EmailField:
				_, err := mail.ParseAddress(c.text)
				ok = err == nil
			case contacts.CountryField:
				ok = countries.ByName(c.text) != countries.Unknown
			case contacts.DateField:
				_, err := time.Parse("01/02/2006", c.text)
				ok = err == nil
			}
			if !ok {
				refused[c.field.Kind]++
			}
		}
	}
}

// setOurs makes a contact of all cells of each row, texts, labels and social
// ids included, normalises and validates it.
func setOurs(rows [][]cell) error {
	schema := new(contacts.Schema)
	o := &contacts.ParseOptions{}
	for _, row := range rows {
		c := &contacts.Contact{}
		for _, cell := range row {
			if err := cell.field.Set(c, cell.text, o); err != nil {
				return err
			}
		}
		if c.LastName == "" {
			c.LastName = "customer"
		}
		if faults := contacts.Validate(c.Normalize(), schema); len(faults) > 0 {
			return faults
		}
	}
	return nil
}

func validate(e *env) error {
	checked, all := rowCells(e.rows)
	n := 0
	for _, row := range checked {
		n += len(row)
	}
	if n == 0 {
		return errors.New("no cells to check")
	}
	var ours, theirs refusals
	libraries := here(func() error { theirs = refusals{}; parseLibraries(checked, theirs); return nil })
	values := here(func() error { ours = refusals{}; parseOurs(checked, ours); return nil })
	perRow := func(r result) float64 { return float64(r.ours.cpu.Nanoseconds()) / float64(e.rows) }

	r, err := compare(e.rounds, values, libraries)
	if err != nil {
		return err
	}
	count, _, _ := allocations(func() error { parseOurs(checked, refusals{}); return nil })
	e.printf("%s", r.inverse().line("values", "the speed"))
	e.printf("  target at least 60x: %s; %.0f ns and %.2f allocations a row of %.2f such cells\n", verdict(1/r.ratio >= 60),
		perRow(r), float64(count)/float64(e.rows), float64(n)/float64(e.rows))
	for _, k := range []contacts.FieldKind{contacts.PhoneField, contacts.EmailField, contacts.CountryField, contacts.LanguageField, contacts.DateField} {
		if ours[k]+theirs[k] > 0 {
			e.printf("  %s: refused by us %d, by the library %d\n", k, ours[k], theirs[k])
		}
	}
	if r, err = compare(e.rounds, here(func() error { return setOurs(all) }), libraries); err != nil {
		return err
	}
	e.printf("%s", r.inverse().line("the whole contact", "the speed"))
	e.printf("  %.0f ns a row: every cell set, texts, labels and social ids included, then Normalize and Validate\n", perRow(r))
	return nil
}
