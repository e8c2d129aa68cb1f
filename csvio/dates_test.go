package csvio_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/csvio"
)

// datesOf decodes a file of one column of dates and returns the finding.
func datesOf(t *testing.T, declared contacts.DateFormat, cells ...string) (csvio.DateColumn, []string) {
	t.Helper()
	file := "Last name,Birthdate,Mobile,Team,Email\n"
	for i, c := range cells {
		file += "Lee," + c
		if i%2 == 0 { // both ways of decoding
			file += ",+85291234567,x,a@x.example"
		}
		file += "\n"
	}
	sc := csvio.NewScanner(strings.NewReader(file), csvio.ScannerOptions{})
	h, err := csvio.ReadHeader(sc, nil, nil)
	if err != nil {
		t.Fatal(err)
	}
	d := csvio.NewDecoder(h.Mapping, nil, csvio.DecodeOptions{Parse: contacts.ParseOptions{Dates: declared}})
	var read []string
	for sc.Scan() {
		row := d.Decode(sc.Record())
		got := row.Contact.Birthdate.String()
		for _, f := range row.Faults {
			got = f.Code
		}
		read = append(read, got)
	}
	list := d.Dates()
	if len(list) != 1 || list[0].Cell != 1 || list[0].Field != "birthdate" {
		t.Fatalf("%+v", list)
	}
	return list[0], read
}

// TestIncidentI09: 12/3/2021 is read as declared, never by a guess, and a column that does not tell its format is reported.
func TestIncidentI09(t *testing.T) {
	for _, c := range []struct {
		declared  contacts.DateFormat
		cells     []string
		ambiguous bool
		suggest   string
		read      []string
	}{
		{contacts.DateMDY, []string{"12/3/2021", "1/2/1990"}, true, "", []string{"2021-12-03", "1990-01-02"}},
		{contacts.DateDMY, []string{"12/3/2021", "1/2/1990"}, true, "", []string{"2021-03-12", "1990-02-01"}},
		{contacts.DateMDY, []string{"12/3/2021", "12/31/1990"}, false, "", []string{"2021-12-03", "1990-12-31"}},
		{contacts.DateMDY, []string{"12/3/2021", "31/12/1990"}, false, "DD/MM/YYYY", []string{"2021-12-03", "date_impossible"}},
		{contacts.DateMDY, []string{"12/31/2021", "31/12/1990"}, false, "", []string{"2021-12-31", "date_impossible"}}, // mixed: no format fits
		{contacts.DateMDY, []string{"2021-12-03", "05/05/1990", "19801214", ""}, false, "", []string{"2021-12-03", "1990-05-05", "1980-12-14", ""}},
		{contacts.DateMDY, []string{"1990/12/03"}, false, "YYYY-MM-DD", []string{"date_bad_format"}},
		{contacts.DateMDY, []string{"02/03", "04/05/1990"}, true, "", []string{"--02-03", "1990-04-05"}},
		{contacts.DateMDY, []string{"44256", "x"}, false, "", []string{"date_serial", "date_bad_format"}},
		{contacts.DateMDY, []string{"12032021", "03122021"}, true, "", []string{"2021-12-03", "2021-03-12"}},
	} {
		got, read := datesOf(t, c.declared, c.cells...)
		suggest := ""
		if f, ok := got.Suggest(); ok {
			suggest = f.String()
		}
		if got.Ambiguous() != c.ambiguous || suggest != c.suggest || fmt.Sprint(read) != fmt.Sprint(c.read) {
			t.Errorf("%q as %v: %+v, suggests %q, read %q", c.cells, c.declared, got, suggest, read)
		}
		w := got.Warning()
		if (w != nil) != (c.ambiguous || suggest != "") {
			t.Errorf("%q: warning %v", c.cells, w)
		}
		if w != nil && (!errors.Is(w, contacts.ErrInvalid) || w.Column != 2) {
			t.Errorf("%q: warning %+v", c.cells, w)
		}
	}
}

func ExampleDecoder_Dates() {
	sc := csvio.NewScanner(strings.NewReader("Name,Birthday\nLee,03/04/1990\nRay,05/06/1985\n"), csvio.ScannerOptions{})
	h, _ := csvio.ReadHeader(sc, nil, nil)
	d := csvio.NewDecoder(h.Mapping, nil, csvio.DecodeOptions{})
	for sc.Scan() {
		d.Decode(sc.Record())
	}
	for _, c := range d.Dates() {
		if w := c.Warning(); w != nil {
			fmt.Printf("%s: %s: %s\n", c.Column, w.Code, w.Hint)
		}
	}
	// Output:
	// Birthday: ambiguous_dates: every date of the column can be read as MM/DD/YYYY and as DD/MM/YYYY; it is read as MM/DD/YYYY, as declared or by default: see that this is right
}
