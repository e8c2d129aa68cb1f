package contacts_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/extcontacts/extcontacts/contacts"
)

func ExampleParseDate() {
	d, err := contacts.ParseDate("2000-02-29")
	fmt.Println(d, d.Year(), d.Month(), d.Day(), err)
	d, err = contacts.ParseDate("--12-14")
	fmt.Println(d, d.HasYear(), err)
	// Output:
	// 2000-02-29 2000 February 29 <nil>
	// --12-14 false <nil>
}

func ExampleDateFormat_Parse() {
	for _, s := range []string{"3/4/1990", "12/14", "14/12/1990", "44256"} {
		d, err := contacts.DateMDY.Parse(s)
		fmt.Println(d, contacts.DateDMY.Format(d), err)
	}
	// Output:
	// 1990-03-04 04/03/1990 <nil>
	// --12-14 14/12 <nil>
	//   contacts: date_impossible: not a day in MM/DD/YYYY; it would be one in DD/MM/YYYY
	//   contacts: date_serial: a bare number, perhaps a spreadsheet's serial number: format the column as a date
}

// The zero DateFormat, which says that none was declared, is DateMDY in all that it does.
func TestDateFormatZero(t *testing.T) {
	var none contacts.DateFormat
	if none == contacts.DateMDY || none.String() != contacts.DateMDY.String() {
		t.Errorf("%v", none)
	}
	for _, s := range []string{"03/04/1990", "12/14", "14/12/1990", "12141990", "1990-03-04", "1990/3/4", "x", "", "02/29"} {
		a, errA := none.Parse(s)
		b, errB := contacts.DateMDY.Parse(s)
		if a != b || fmt.Sprint(errA) != fmt.Sprint(errB) || none.Format(a) != contacts.DateMDY.Format(a) {
			t.Errorf("%q: %v %v, want %v %v", s, a, errA, b, errB)
		}
	}
}

func TestDateFormatParse(t *testing.T) {
	tests := []struct{ in, mdy, dmy, ymd string }{
		{"03/04/1990", "1990-03-04", "1990-04-03", "date_bad_format"},
		{"3.4.1990", "1990-03-04", "1990-04-03", "date_bad_format"},
		{"03-04-1990", "1990-03-04", "1990-04-03", "date_bad_format"},
		{" 3/4/1990 ", "1990-03-04", "1990-04-03", "date_bad_format"},
		{"12/14/1990", "1990-12-14", "date_impossible", "date_bad_format"},
		{"14/12/1990", "date_impossible", "1990-12-14", "date_bad_format"},
		{"1990/12/14", "date_bad_format", "date_bad_format", "1990-12-14"},
		{"1990.1.2", "date_bad_format", "date_bad_format", "1990-01-02"},
		{"1990-1-2", "date_bad_format", "date_bad_format", "1990-01-02"},
		// ISO means one thing
		{"1990-12-14", "1990-12-14", "1990-12-14", "1990-12-14"},
		{"--12-14", "--12-14", "--12-14", "--12-14"},
		{"--1214", "--12-14", "--12-14", "--12-14"},
		{"1990-13-14", "date_impossible", "date_impossible", "date_impossible"},
		// no year
		{"12/14", "--12-14", "date_impossible", "--12-14"},
		{"14.12", "date_impossible", "--12-14", "date_impossible"},
		{"02/29", "--02-29", "date_impossible", "--02-29"},
		{"02/30", "date_impossible", "date_impossible", "date_impossible"},
		// leap days
		{"02/29/2000", "2000-02-29", "date_impossible", "date_bad_format"},
		{"02/29/1900", "date_impossible", "date_impossible", "date_bad_format"},
		{"2023-02-29", "date_impossible", "date_impossible", "date_impossible"},
		{"2024-02-29", "2024-02-29", "2024-02-29", "2024-02-29"},
		// refused everywhere
		{"1/2/90", "date_two_digit_year", "date_two_digit_year", "date_two_digit_year"},
		{"90-01-02", "date_two_digit_year", "date_two_digit_year", "date_two_digit_year"},
		{"44256", "date_serial", "date_serial", "date_serial"},
		{"44256.5", "date_serial", "date_serial", "date_serial"},
		{"19901214", "1990-12-14", "1990-12-14", "1990-12-14"},
		{"12141990", "1990-12-14", "date_serial", "date_serial"},
		{"14121990", "date_serial", "1990-12-14", "date_serial"},
		{"02031990", "1990-02-03", "1990-03-02", "date_serial"},
		{"12141789", "date_serial", "date_serial", "date_serial"},
		{"17891214", "date_serial", "date_serial", "date_serial"},
		{"19900230", "date_serial", "date_serial", "date_serial"},
		{"119901214", "date_serial", "date_serial", "date_serial"},
		{"1990-12-14T00:00:00Z", "date_has_time", "date_has_time", "date_has_time"},
		{"1990-12-14 00:00:00", "date_has_time", "date_has_time", "date_has_time"},
		{"", "date_empty", "date_empty", "date_empty"},
		{"0000-01-01", "date_impossible", "date_impossible", "date_impossible"},
		{"1990-00-10", "date_impossible", "date_impossible", "date_impossible"},
		{"1990-01-00", "date_impossible", "date_impossible", "date_impossible"},
		{"00/00", "date_impossible", "date_impossible", "date_impossible"},
		{"01/02/0000", "date_impossible", "date_impossible", "date_bad_format"},
		{"1/2/3/4", "date_bad_format", "date_bad_format", "date_bad_format"},
		{"1/2-1990", "date_bad_format", "date_bad_format", "date_bad_format"},
		{"1//1990", "date_bad_format", "date_bad_format", "date_bad_format"},
		{"1/2/", "date_bad_format", "date_bad_format", "date_bad_format"},
		{"001/02/1990", "date_bad_format", "date_bad_format", "date_bad_format"},
		{"1/2/19900", "date_bad_format", "date_bad_format", "date_bad_format"},
		{"1/99999999999999999999", "date_bad_format", "date_bad_format", "date_bad_format"},
		{"14 Dec 1990", "date_bad_format", "date_bad_format", "date_bad_format"},
		{"n/a", "date_bad_format", "date_bad_format", "date_bad_format"},
		{"٣/٤/١٩٩٠", "date_bad_format", "date_bad_format", "date_bad_format"},
	}
	for _, tt := range tests {
		for f, want := range []string{tt.mdy, tt.dmy, tt.ymd} {
			d, err := contacts.DateFormat(f + 1).Parse(tt.in)
			if got := d.String() + codeOf(t, err); got != want {
				t.Errorf("%v.Parse(%q) = %q, want %q", contacts.DateFormat(f+1), tt.in, got, want)
			}
		}
	}
}

// TestCompactDates: from 1850 to 2150 no eight digits are a day both with the year first and in the order of the format, so that
// reading either guesses nothing.
func TestCompactDates(t *testing.T) {
	for n := 1850_0000; n <= 2150_9999; n++ {
		if m, d := n/100%100, n%100; m < 1 || m > 12 || d < 1 || d > 31 {
			continue
		}
		if y := n % 10000; y >= 1850 {
			t.Fatalf("%d is a day in two orders", n)
		}
	}
}

func TestParseDate(t *testing.T) {
	for in, want := range map[string]string{
		"1990-12-14": "1990-12-14", " 1990-12-14 ": "1990-12-14", "--12-14": "--12-14", "--0229": "--02-29", "0001-01-01": "0001-01-01", "9999-12-31": "9999-12-31",
		"": "date_empty", "1990-02-30": "date_impossible", "1990-1-2": "date_bad_format", "1990/12/14": "date_bad_format", "12/14": "date_bad_format",
		"12/14/1990": "date_bad_format", "90-12-14": "date_two_digit_year", "44256": "date_serial", "1990-12-14T10:00": "date_has_time", "1990-12": "date_bad_format",
		"19-0-12-14": "date_bad_format", "-990-12-14": "date_bad_format", "199o-12-14": "date_bad_format",
	} {
		d, err := contacts.ParseDate(in)
		if got := d.String() + codeOf(t, err); got != want {
			t.Errorf("ParseDate(%q) = %q, want %q", in, got, want)
		}
	}
}

// TestMakeDate holds the calendar against package time, for four hundred years and some.
func TestMakeDate(t *testing.T) {
	for y := 1899; y <= 2304; y++ {
		for m := 0; m <= 13; m++ {
			for d := 0; d <= 32; d++ {
				want := time.Date(y, time.Month(m), d, 0, 0, 0, 0, time.UTC)
				real := want.Year() == y && int(want.Month()) == m && want.Day() == d
				got, err := contacts.MakeDate(y, m, d)
				if (err == nil) != real || real && got.String() != want.Format(time.DateOnly) {
					t.Fatalf("MakeDate(%d, %d, %d) = %v, %v", y, m, d, got, err)
				}
			}
		}
	}
	for _, bad := range [][3]int{{-1, 1, 1}, {10000, 1, 1}, {0, 2, 30}, {0, 0, 0}, {1990, 1, 1 << 32}} {
		if _, err := contacts.MakeDate(bad[0], bad[1], bad[2]); codeOf(t, err) != "date_impossible" {
			t.Errorf("MakeDate(%v): %v", bad, err)
		}
	}
}

func TestDateFormatNames(t *testing.T) {
	for in, want := range map[string]contacts.DateFormat{
		"mdy": contacts.DateMDY, "MM/DD/YYYY": contacts.DateMDY, "m/d/y": contacts.DateMDY, "mm-dd-yyyy": contacts.DateMDY,
		"DMY": contacts.DateDMY, "DD.MM.YYYY": contacts.DateDMY, "dd mm yyyy": contacts.DateDMY,
		"ymd": contacts.DateYMD, "ISO": contacts.DateYMD, "YYYY-MM-DD": contacts.DateYMD, "yyyy/mm/dd": contacts.DateYMD,
	} {
		f, err := contacts.ParseDateFormat(in)
		if err != nil || f != want {
			t.Errorf("ParseDateFormat(%q) = %v, %v", in, f, err)
		}
		var g contacts.DateFormat
		if b, err := f.MarshalText(); err != nil || g.UnmarshalText(b) != nil || g != f {
			t.Errorf("the text of %v is not read back", f)
		}
	}
	f := contacts.DateDMY
	for _, in := range []string{"", "md", "ydm", "mdyd", "mmddyyyymm", "us", "iso8601", "m?d?y"} {
		if err := f.UnmarshalText([]byte(in)); codeOf(t, err) != "date_format_unknown" || f != contacts.DateDMY {
			t.Errorf("ParseDateFormat(%q): %v", in, err)
		}
	}
	if got := contacts.DateFormat(9).String(); got != "DateFormat(9)" {
		t.Error(got)
	}
}

func drawDate(t *rapid.T, label string) contacts.Date {
	for {
		y := rapid.OneOf(rapid.Just(0), rapid.IntRange(1, 9999)).Draw(t, label+" year")
		d, err := contacts.MakeDate(y, rapid.IntRange(1, 12).Draw(t, label+" month"), rapid.IntRange(1, 31).Draw(t, label+" day"))
		if err == nil {
			return d
		}
	}
}

func TestDateRoundTrip(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		d, e := drawDate(t, "d"), drawDate(t, "e")
		for f := contacts.DateMDY; f <= contacts.DateYMD; f++ {
			if got, err := f.Parse(f.Format(d)); err != nil || got != d {
				t.Fatalf("%v: %v is written %q, read %v, %v", f, d, f.Format(d), got, err)
			}
		}
		if got, err := contacts.ParseDate(d.String()); err != nil || got != d {
			t.Fatalf("%v is read as %v, %v", d, got, err)
		}
		if d.Compare(e) != -e.Compare(d) || (d.Compare(e) == 0) != (d == e) {
			t.Fatalf("%v and %v are not ordered", d, e)
		}
		if d.HasYear() && e.HasYear() && d.Compare(e) != strings.Compare(d.String(), e.String()) {
			t.Fatalf("%v and %v are ordered otherwise as text", d, e)
		}
	})
}

func FuzzDateFormat(f *testing.F) {
	for _, s := range []string{"12/14/1990", "1990-12-14", "--12-14", "1.2.90", "44256.5", "1990-12-14 10:00"} {
		f.Add(s, uint8(0))
	}
	f.Fuzz(func(t *testing.T, s string, n uint8) {
		format := contacts.DateFormat(n % 4)
		d, err := format.Parse(s)
		if err != nil {
			var v *contacts.ValueError
			if !errors.As(err, &v) || !d.IsZero() {
				t.Fatal(d, err)
			}
			noTextIn(t, err, s)
			return
		}
		if again, err := format.Parse(format.Format(d)); err != nil || again != d {
			t.Fatalf("%q is %v, read again %v, %v", s, d, again, err)
		}
	})
}

func FuzzParseDate(f *testing.F) {
	for _, s := range []string{"1990-12-14", "--12-14", "--1214", "12/14", "0000-01-01"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := contacts.ParseDate(s)
		if err != nil {
			codeOf(t, err)
			noTextIn(t, err, s)
			return
		}
		if again, err := contacts.ParseDate(d.String()); err != nil || again != d {
			t.Fatalf("%q is %v, read again %v, %v", s, d, again, err)
		}
	})
}

func FuzzParseDateFormat(f *testing.F) {
	for _, s := range []string{"mdy", "DD.MM.YYYY", "iso", "ydm"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		format, err := contacts.ParseDateFormat(s)
		if err != nil {
			codeOf(t, err)
			return
		}
		if again, err := contacts.ParseDateFormat(format.String()); err != nil || again != format {
			t.Fatalf("%q is %v, read again %v, %v", s, format, again, err)
		}
	})
}

func BenchmarkDateFormatParse(b *testing.B) {
	for name, s := range map[string]string{"mdy": "12/14/1990", "iso": "1990-12-14", "refused": "44256"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				contacts.DateMDY.Parse(s)
			}
		})
	}
}
