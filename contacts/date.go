package contacts

import (
	"cmp"
	"fmt"
	"strings"
	"time"
)

// Date is a day of the Gregorian calendar, such as a birth date: no time, no zone.
// The year may be absent (people give a birthday without it); then HasYear is false and Year is 0.
// Years run from 1 to 9999. Dates are comparable with ==; the zero Date is the absent one.
type Date struct {
	year       int16 // 0: no year
	month, day uint8
}

// MakeDate returns the day y-m-d; y = 0 makes a date without a year, in which 29 February exists.
// The error is a *ValueError with the code date_impossible.
func MakeDate(y, m, d int) (Date, error) {
	if date, ok := makeDate(y, m, d); ok {
		return date, nil
	}
	return Date{}, invalid("date_impossible", "there is no such day in the calendar")
}

func makeDate(y, m, d int) (Date, bool) {
	if y < 0 || y > 9999 || m < 1 || m > 12 || d < 1 || d > daysIn(y, m) {
		return Date{}, false
	}
	return Date{year: int16(y), month: uint8(m), day: uint8(d)}, true
}

// ParseDate reads ISO 8601 calendar dates, "2006-01-02", and without the year "--01-02" (RFC 6350 §4.3.1 writes
// --0102; both are read). For the dates of other files declare a [DateFormat].
//
// The error is a *ValueError with one of these codes:
//
//	date_empty           nothing but space
//	date_impossible      30 February, month 13, year 0
//	date_two_digit_year  which century is not for a library to guess
//	date_serial          a bare number: a spreadsheet's serial number of a day
//	date_has_time        a time of day behind the date
//	date_bad_format      anything else
func ParseDate(s string) (Date, error) {
	iso, ok := scanISODate(s)
	if !ok {
		if iso, ok = scanISODate(strings.TrimSpace(s)); !ok {
			return Date{}, refuseISODate(s)
		}
	}
	return MakeDate(iso.y, iso.m, iso.d)
}

// refuseISODate names the fault of a text that is not of the two forms.
func refuseISODate(s string) error {
	if _, err := DateYMD.parse(s); err != nil {
		return err
	}
	return invalid("date_bad_format", "write the day as YYYY-MM-DD")
}

// MustParseDate is ParseDate for constants and tests; it panics when s is refused.
func MustParseDate(s string) Date { return must(ParseDate(s)) }

// Year returns the year, 1 to 9999, or 0 when there is none.
func (d Date) Year() int { return int(d.year) }

// Month returns the month; 0 for the zero Date.
func (d Date) Month() time.Month { return time.Month(d.month) }

// Day returns the day of the month; 0 for the zero Date.
func (d Date) Day() int { return int(d.day) }

// HasYear reports whether the year is known.
func (d Date) HasYear() bool { return d.year != 0 }

// IsZero reports whether d is the absent date.
func (d Date) IsZero() bool { return d == Date{} }

// String returns "2006-01-02", "--01-02" without a year, "" for the zero Date. It sorts as Compare does
// among dates with a year.
func (d Date) String() string { return DateYMD.Format(d) }

// Compare orders by year, month and day; dates without a year come before all others, the zero Date first.
func (d Date) Compare(o Date) int {
	return cmp.Or(cmp.Compare(d.year, o.year), cmp.Compare(d.month, o.month), cmp.Compare(d.day, o.day))
}

// MarshalText returns String.
func (d Date) MarshalText() ([]byte, error) { return []byte(d.String()), nil }

// UnmarshalText reads what ParseDate reads; an empty text gives the zero Date.
func (d *Date) UnmarshalText(text []byte) error { return unmarshalText(d, text, ParseDate) }

// daysIn returns the length of a month; y = 0 stands for any year, hence for a leap year.
func daysIn(y, m int) int {
	switch m {
	case 4, 6, 9, 11:
		return 30
	case 2:
		if y%4 == 0 && (y%100 != 0 || y%400 == 0) {
			return 29
		}
		return 28
	}
	return 31
}

// DateFormat is the order in which a file writes dates. It is declared, never guessed from a cell:
// 03/04/1990 is a day in March or in April. The zero DateFormat says that none was declared: it reads and writes as DateMDY,
// the one of the CSV template, where nothing else gives a default.
type DateFormat uint8

// The date formats. Each reads "/", "-" and "." between the parts, days and months of one or two digits and years
// of four, and dates without a year; each reads "2006-01-02" and "--01-02" too, which mean one thing only, and from 1850 to 2150
// eight digits, "20060102" or in the order of the format.
const (
	DateMDY DateFormat = iota + 1 // 01/02/2006, without a year 01/02
	DateDMY                       // 02/01/2006, without a year 02/01
	DateYMD                       // 2006-01-02, without a year --01-02; 01-02 and 2006/1/2 are read
)

// ParseDateFormat reads the name of a format, in any case: "mdy", "dmy", "ymd", "iso", or a pattern such as
// "MM/DD/YYYY", "DD.MM.YYYY" or "yyyy-mm-dd". The error is a *ValueError with the code date_format_unknown.
func ParseDateFormat(name string) (DateFormat, error) {
	var letters [3]byte
	n := 0
	for i := range len(name) {
		c := name[i] | 0x20
		switch {
		case c == 'm' || c == 'd' || c == 'y':
			if n > 0 && letters[n-1] == c {
				continue
			}
			if n == len(letters) {
				return 0, errDateFormat()
			}
			letters[n] = c
			n++
		case name[i] == '/' || name[i] == '-' || name[i] == '.' || name[i] == ' ':
		default:
			if strings.EqualFold(name, "iso") {
				return DateYMD, nil
			}
			return 0, errDateFormat()
		}
	}
	switch string(letters[:n]) {
	case "mdy":
		return DateMDY, nil
	case "dmy":
		return DateDMY, nil
	case "ymd":
		return DateYMD, nil
	}
	return 0, errDateFormat()
}

func errDateFormat() error { return invalid("date_format_unknown", "one of mdy, dmy, ymd") }

// String returns "MM/DD/YYYY" (of the zero DateFormat, too), "DD/MM/YYYY" or "YYYY-MM-DD".
func (f DateFormat) String() string {
	switch f {
	case 0, DateMDY:
		return "MM/DD/YYYY"
	case DateDMY:
		return "DD/MM/YYYY"
	case DateYMD:
		return "YYYY-MM-DD"
	}
	return fmt.Sprintf("DateFormat(%d)", uint8(f))
}

// MarshalText returns String.
func (f DateFormat) MarshalText() ([]byte, error) { return []byte(f.String()), nil }

// UnmarshalText reads what ParseDateFormat reads.
func (f *DateFormat) UnmarshalText(text []byte) error {
	parsed, err := ParseDateFormat(string(text))
	if err == nil {
		*f = parsed
	}
	return err
}
