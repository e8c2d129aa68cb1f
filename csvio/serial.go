package csvio

import (
	"strconv"
	"strings"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
)

// serialDay is the day that a spreadsheet means by a serial number: days since 30 December 1899 from 1 March 1900 on, before which the
// count of spreadsheets, with a 29 February 1900, is not the calendar's. A fraction is a time of day. Numbers that may be a
// year, or are no day between 1901 and 2099, are none.
func serialDay(text string) (day contacts.Date, confidence float64) {
	whole, fraction, _ := strings.Cut(strings.Replace(text, ",", ".", 1), ".")
	n, err := strconv.Atoi(whole)
	if err != nil || !isNumber(whole, 6) || fraction != "" && !isNumber(fraction, 20) || n < 367 || n > 73050 || 1850 <= n && n <= 2150 {
		return contacts.Date{}, 0
	}
	t := time.Date(1899, time.December, 30, 0, 0, 0, 0, time.UTC).AddDate(0, 0, n)
	if day, err = contacts.MakeDate(t.Year(), int(t.Month()), t.Day()); err != nil {
		return contacts.Date{}, 0
	}
	if n < 9999 { // a day before 1928, or another number
		return day, 0.4
	}
	return day, 0.75
}
