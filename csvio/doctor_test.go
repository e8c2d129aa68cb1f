package csvio

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/nyaruka/phonenumbers"
	"pgregory.net/rapid"

	"github.com/extcontacts/extcontacts/contacts"
	"github.com/extcontacts/extcontacts/contacts/phoneplan"
)

func TestCallingCodes(t *testing.T) {
	n := 0
	for region := range phonenumbers.GetSupportedRegions() {
		n++
		if got := callingCode(region); got != fmt.Sprint(phonenumbers.GetCountryCodeForRegion(region)) {
			t.Errorf("%s: %q", region, got)
		}
	}
	if got := len(strings.Fields(callingCodes)); got != n {
		t.Errorf("%d countries, want %d", got, n)
	}
	for _, no := range []string{"", "ZZ", "H", "HK8", "24"} {
		if callingCode(no) != "" {
			t.Errorf("%q has a calling code", no)
		}
	}
}

// doctorOf returns a doctor and the first row of a file, which begins with the header.
func doctorOf(tb testing.TB, file string, o DecodeOptions) (*Doctor, *Record) {
	tb.Helper()
	sc := NewScanner(strings.NewReader(file), ScannerOptions{Dialect: Dialect{Comma: ','}})
	h, err := ReadHeader(sc, nil, nil)
	if err != nil || !sc.Scan() {
		tb.Fatalf("%q: %v", file, err)
	}
	return NewDoctor(h.Mapping, nil, o), sc.Record()
}

const guideHeader = "First name,Last name,Mobile,Work,Email,Company,Job Title,Team,Birthdate,Language,Country,Type,Level,Contact Label"

func TestDoctor(t *testing.T) {
	plan := contacts.ParseOptions{Plan: phoneplan.New()}
	dmy := contacts.ParseOptions{Dates: contacts.DateDMY}
	const date = "Last name,Birthdate,Country\nLee,"
	const phone = "Last name,Mobile,Work,Other Phone,Country\nLee,"
	for _, tc := range []struct {
		name, file string
		parse      contacts.ParseOptions
		code       string
		want       string // the mended cells, "" if there is no proposal, "-" if the damage is only explained
		least      float64
		most       float64
	}{
		{"the guide's case", guideHeader + "\nAnn,Lee,+85291234567,,ann@example.com,ACME,Head of Marketing, Asia Division,Sales,12/14/1980,en,HK,Lead,Primary,VIP",
			contacts.ParseOptions{}, CodeTooManyCells, "Ann|Lee|+85291234567||ann@example.com|ACME|Head of Marketing, Asia Division|Sales|12/14/1980|en|HK|Lead|Primary|VIP", 0.9, 1},
		{"without the space it may be one of several texts", guideHeader + "\nAnn,Lee,+85291234567,,ann@example.com,ACME,Head of Marketing,Asia Division,Sales,12/14/1980,en,HK,Lead,Primary,VIP",
			contacts.ParseOptions{}, CodeTooManyCells, "Ann|Lee|+85291234567||ann@example.com|ACME,Head of Marketing|Asia Division|Sales|12/14/1980|en|HK|Lead|Primary|VIP", 0.2, 0.4},
		{"one text only", "Last name,Mobile,Company,Email\nLee,+85291234567,ACME,Ltd.,ann@example.com", contacts.ParseOptions{}, CodeTooManyCells,
			"Lee|+85291234567|ACME,Ltd.|ann@example.com", 0.6, 0.8},
		{"two joins", "Last name,Mobile,Address,Email,Level\nLee,+85291234567,Flat 1, 2 Some Road, Kowloon,ann@example.com,Primary", contacts.ParseOptions{}, CodeTooManyCells,
			"Lee|+85291234567|Flat 1, 2 Some Road, Kowloon|ann@example.com|Primary", 0.8, 1},
		{"blank cells at the end", "Last name,Job Title,Email,Mobile,Work\nLee,Head, Asia,ann@example.com,+85291234567,", contacts.ParseOptions{}, CodeRowShifted,
			"Lee|Head, Asia|ann@example.com|+85291234567|", 0.8, 1},
		{"within the width", "Last name,Job Title,Email,Mobile,Work\nLee,Head, Asia,ann@example.com,+85291234567", contacts.ParseOptions{}, "email_no_at",
			"Lee|Head, Asia|ann@example.com|+85291234567", 0.8, 1},
		{"a quoted cell is no rest of a text", "Last name,Company,Email\nLee,ACME,\" Ltd.\",ann@example.com", contacts.ParseOptions{}, CodeTooManyCells, "Lee,ACME| Ltd.|ann@example.com", 0.6, 0.7},
		{"no way leads to a sound row", "Last name,Mobile,Email\nLee,1,2,3", contacts.ParseOptions{}, CodeTooManyCells, "", 0, 0},

		{"two numbers", phone + "+85291234567 / +85291234568,,,HK", contacts.ParseOptions{}, "phone_two_numbers", "Lee|+85291234567||+85291234568|HK", 0.7, 0.7},
		{"two numbers, a column of the kind", "Last name,Mobile,Other Phone,Mobile 2\nLee,+85291234567; +85291234568,,", contacts.ParseOptions{}, "phone_two_numbers",
			"Lee|+85291234567||+85291234568", 0.9, 0.9},
		{"two numbers, no room", "Last name,Mobile\nLee,+85291234567; +85291234568", contacts.ParseOptions{}, "", "", 0, 0},
		{"two numbers, one incomplete", phone + "+85291234567 / 91234568,,,HK", contacts.ParseOptions{}, "", "", 0, 0},

		{"lost plus", phone + "85291234567,,,HK", contacts.ParseOptions{}, "phone_no_country_code", "Lee|+85291234567|||HK", 0.8, 0.8},
		{"lost plus, spaced", phone + "852 9123-4567,,,Hong Kong", contacts.ParseOptions{}, "phone_no_country_code", "Lee|+852 9123-4567|||Hong Kong", 0.8, 0.8},
		{"lost plus, the plan agrees", phone + "85291234567,,,HK", plan, "phone_no_country_code", "Lee|+85291234567|||HK", 0.95, 0.95},
		{"lost plus, the plan does not", phone + "85201234567,,,HK", plan, "", "", 0, 0},
		{"another country", phone + "85291234567,,,SG", contacts.ParseOptions{}, "", "", 0, 0},
		{"no country", phone + "85291234567,,,", contacts.ParseOptions{}, "", "", 0, 0},
		{"a national number", phone + "91234567,,,HK", contacts.ParseOptions{}, "", "", 0, 0},
		{"a national number that begins alike", phone + "4912345678,,,DE", contacts.ParseOptions{}, "phone_no_country_code", "Lee|+4912345678|||DE", 0.8, 0.8},
		{"North America", phone + "12125550123,,,US", contacts.ParseOptions{}, "phone_no_country_code", "Lee|+12125550123|||US", 0.8, 0.8},
		{"made a fraction", phone + "85291234567.0,,,HK", contacts.ParseOptions{}, "phone_damaged", "Lee|+85291234567|||HK", 0.8, 0.8},
		{"scientific", phone + "8.52912E+10,,,HK", contacts.ParseOptions{}, "phone_damaged", "-", 0, 0},
		{"a formula", phone + "#NAME?,,,HK", contacts.ParseOptions{}, "", "", 0, 0},

		{"as dialled in the country", phone + "070 123 45 67,,,SE", plan, "phone_no_country_code", "Lee|+46701234567|||SE", 0.8, 0.8},
		{"lost zero", phone + "701234567,,,SE", plan, "phone_no_country_code", "Lee|+46701234567|||SE", 0.6, 0.7},
		{"lost zero, in Italy it is part of the number", phone + "612345678,,,IT", plan, "phone_no_country_code", "Lee|+390612345678|||IT", 0.6, 0.6},
		{"no such number", phone + "123,,,SE", plan, "", "", 0, 0},
		{"without a zero to lose", phone + "91234567,,,HK", plan, "phone_no_country_code", "Lee|+85291234567|||HK", 0.7, 0.7},

		{"day first", date + "25/12/1990,HK", contacts.ParseOptions{}, "date_impossible", "Lee|12/25/1990|HK", 0.8, 0.8},
		{"month first", date + "12/25/1990,HK", dmy, "date_impossible", "Lee|25/12/1990|HK", 0.8, 0.8},
		{"year first", date + "1990/12/25,HK", contacts.ParseOptions{}, "date_bad_format", "Lee|12/25/1990|HK", 0.9, 0.9},
		{"no day at all", date + "31/02/1990,HK", contacts.ParseOptions{}, "", "", 0, 0},
		{"two digits", date + "25/12/90,HK", contacts.ParseOptions{}, "", "", 0, 0},
		{"serial", date + "33232,HK", contacts.ParseOptions{}, "date_serial", "Lee|12/25/1990|HK", 0.7, 0.8},
		{"serial with a time", date + "33232.75,HK", contacts.ParseOptions{}, "date_serial", "Lee|12/25/1990|HK", 0.7, 0.8},
		{"serial of an early day", date + "367,HK", contacts.ParseOptions{}, "date_serial", "Lee|01/01/1901|HK", 0.4, 0.4},
		{"a year", date + "1990,HK", contacts.ParseOptions{}, "", "", 0, 0},
		{"too large", date + "19901225,HK", contacts.ParseOptions{}, "", "", 0, 0},
		{"sound", date + "12/25/1990,HK", contacts.ParseOptions{}, "", "", 0, 0},
	} {
		t.Run(tc.name, func(t *testing.T) {
			dr, rec := doctorOf(t, tc.file+"\n", DecodeOptions{Parse: tc.parse})
			ps := dr.Propose(rec)
			if tc.most == 0 && tc.want != "-" {
				if len(ps) > 0 {
					t.Fatalf("%+v", ps)
				}
				return
			}
			if len(ps) == 0 {
				t.Fatal("no proposal")
			}
			p := ps[0]
			if tc.want == "-" {
				if p.Cells != nil || p.Confidence != 0 || len(ps) != 1 || Repair(rec, &p, &Record{}) {
					t.Errorf("%+v", ps)
				}
				return
			}
			if got := strings.Join(p.Cells, "|"); got != tc.want || p.Code != tc.code || p.Confidence < tc.least-1e-9 || p.Confidence > tc.most+1e-9 {
				t.Errorf("%+v", p)
			}
			if p.Row != 1 || p.Line != 2 || p.Explanation == "" {
				t.Errorf("%+v", p)
			}
			for _, cell := range p.Cells {
				if len(cell) > 3 && strings.Contains(p.Explanation, cell) {
					t.Errorf("the explanation holds a cell: %s", p.Explanation)
				}
			}
			var dst Record
			used, ok := dr.Mend(rec, p.Confidence, &dst)
			if !ok || len(used) != 1 || !slices.Equal(dst.Strings(nil), p.Cells) || dst.Row() != 1 || dst.Line() != 2 {
				t.Errorf("%v, %v: %q", used, ok, dst.Strings(nil))
			}
			if _, ok := dr.Mend(rec, p.Confidence+0.01, &dst); ok || !slices.Equal(dst.Strings(nil), rec.Strings(nil)) {
				t.Errorf("mended below the confidence: %q", dst.Strings(nil))
			}
		})
	}
}

// Several faults of a row are mended one after the other.
func TestMendSeveral(t *testing.T) {
	dr, rec := doctorOf(t, "Last name,Mobile,Work,Birthdate,Country\nLee,85291234567,+85291234568;+85291234569,33232,HK\n", DecodeOptions{})
	var dst Record
	if used, ok := dr.Mend(rec, 0.5, &dst); ok {
		t.Errorf("there is no column for the second number: %+v", used)
	}
	dr, rec = doctorOf(t, "Last name,Mobile,Work,Other Phone,Birthdate,Country\nLee,85291234567,+85291234568;+85291234569,,33232,HK\n", DecodeOptions{})
	used, ok := dr.Mend(rec, 0.5, &dst)
	if !ok || len(used) != 3 || strings.Join(dst.Strings(nil), "|") != "Lee|+85291234567|+85291234568|+85291234569|12/25/1990|HK" {
		t.Errorf("%+v, %v: %q", used, ok, dst.Strings(nil))
	}
}

// A proposal's cells decode without the fault that it mends and without a new one, and nothing is proposed for a sound row.
func TestDoctorProperty(t *testing.T) {
	header := strings.Split(guideHeader, ",")
	value := map[string][]string{
		"Mobile":   {"", "+85291234567", "85291234567", "8.5291E+10", "85291234567.0", "+85291234567 / +85291234568", "12345", "\"'+85291234567\""},
		"Work":     {"", "+442079460018", "+85291234567;+85291234568", "442079460018"},
		"Email":    {"", "ann@example.com", "ann.example.com"},
		"Language": {"", "en", "xx1"}, "Country": {"", "HK", "United Kingdom", "Atlantis"}, "Type": {"", "Lead", "nothing"}, "Level": {"", "Primary", "x"},
		"Birthdate": {"", "12/14/1980", "14/12/1980", "1980-12-14", "33232", "31/31/1980", "80"},
	}
	text := []string{"", "Ann", "Head, Asia", "Head,Asia", " x", "Total: 12", "\"a, b\"", "'=1", "\"two\nlines\"", "\"Q\"\"q\"", "--", "Kowloon, HK, x"}
	rapid.Check(t, func(t *rapid.T) {
		var cells []string
		for _, h := range header {
			from := value[h]
			if from == nil {
				from = text
			}
			cells = append(cells, rapid.SampledFrom(from).Draw(t, h))
		}
		cells = cells[:rapid.IntRange(1, len(cells)).Draw(t, "cells")]
		row := strings.Join(cells, ",") + strings.Repeat(",", rapid.IntRange(0, 2).Draw(t, "more"))
		sc := NewScanner(strings.NewReader(guideHeader+"\n"+row+"\n"), ScannerOptions{Dialect: Dialect{Comma: ','}})
		h, err := ReadHeader(sc, nil, nil)
		if err != nil {
			t.Fatal(err)
		}
		if !sc.Scan() {
			return
		}
		rec := sc.Record()
		d := NewDecoder(h.Mapping, nil, DecodeOptions{})
		before := d.Decode(rec)
		ps := NewDoctor(h.Mapping, nil, DecodeOptions{}).Propose(rec)
		if !before.Rejected() && len(ps) > 0 {
			t.Fatalf("%q is sound: %+v", row, ps)
		}
		faults := slices.Clone(before.Faults)
		for _, p := range ps {
			var dst Record
			if p.Cells == nil {
				continue
			}
			if p.Confidence <= 0 || p.Confidence > 1 || !Repair(rec, &p, &dst) || !slices.Equal(dst.Strings(nil), p.Cells) {
				t.Fatalf("%q: %+v gives %q", row, p, dst.Strings(nil))
			}
			after := d.Decode(&dst)
			for _, f := range after.Faults {
				known := slices.ContainsFunc(faults, func(b *Fault) bool { return b.Code == f.Code && b.Cell == f.Cell })
				if !f.Warning && (!known || f.Code == p.Code && f.Column == p.Column) {
					t.Fatalf("%q: %+v has %v", row, p, f)
				}
			}
		}
	})
}
