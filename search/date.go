package search

import (
	"strconv"
	"strings"
	"time"

	"github.com/extcontacts/extcontacts/contacts"
)

// span is what a date in a query stands for: the time from its first instant
// to the one behind its last. A date without a year stands for a day of every
// year and has only month and day.
type span struct {
	from, to   time.Time
	month, day int
	loc        *time.Location
}

// parseDate reads a date of a query and brings it into its canonical text.
func parseDate(s string, o *Options) (span, string, error) {
	s = strings.ToLower(strings.TrimSpace(s))
	bad := &contacts.ValueError{Code: "bad_date", Hint: "a date such as 2024-05-01, 2024-05, 2024, today, yesterday, -7d, -3m, -1y, last 7 days, this month"}
	sp, text, ok := relativeDate(s, o)
	if !ok {
		sp, text, ok = period(s, o.Now.In(o.location()).Truncate(time.Microsecond))
	}
	if ok {
		if o.Now.IsZero() {
			return span{}, "", &contacts.ValueError{Code: "bad_date", Hint: "relative dates need a clock: set Options.Now"}
		}
		return sp, text, nil
	}
	if y, m, ok := partialDate(s); ok {
		sp := span{from: time.Date(y, time.Month(max(m, 1)), 1, 0, 0, 0, 0, o.location())}
		if sp.to = sp.from.AddDate(1, 0, 0); m > 0 {
			sp.to = sp.from.AddDate(0, 1, 0)
		}
		return sp, s, nil
	}
	d, err := o.Dates.Parse(s)
	if err != nil {
		return span{}, "", bad
	}
	if !d.HasYear() {
		return span{month: int(d.Month()), day: d.Day(), loc: o.location()}, d.String(), nil
	}
	return dayOf(time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, o.location())), d.String(), nil
}

func dayOf(t time.Time) span {
	y, m, d := t.Date()
	from := time.Date(y, m, d, 0, 0, 0, 0, t.Location())
	return span{from: from, to: from.AddDate(0, 0, 1)}
}

// partialDate reads a year or a month of a year; m is 0 for a year.
func partialDate(s string) (y, m int, ok bool) {
	if len(s) != 4 && len(s) != 7 {
		return 0, 0, false
	}
	for i := range len(s) {
		if i == 4 && s[i] != '-' || i != 4 && (s[i] < '0' || s[i] > '9') {
			return 0, 0, false
		}
	}
	y, _ = strconv.Atoi(s[:4])
	if len(s) == 7 {
		m, _ = strconv.Atoi(s[5:])
		return y, m, y > 0 && m >= 1 && m <= 12
	}
	return y, 0, y > 0
}

// relativeDate reads today, yesterday, tomorrow, and a number of hours, days,
// weeks, months or years from now: -7d, +2w, -12h. All but hours are whole days.
func relativeDate(s string, o *Options) (span, string, bool) {
	now := o.Now.In(o.location())
	switch s {
	case "today":
		return dayOf(now), s, true
	case "yesterday":
		return dayOf(now.AddDate(0, 0, -1)), s, true
	case "tomorrow":
		return dayOf(now.AddDate(0, 0, 1)), s, true
	}
	if len(s) < 3 || s[0] != '-' && s[0] != '+' {
		return span{}, "", false
	}
	i := 1
	for i < len(s) && i < 6 && s[i] >= '0' && s[i] <= '9' {
		i++
	}
	n, err := strconv.Atoi(s[:i])
	if err != nil {
		return span{}, "", false
	}
	unit := strings.TrimSpace(s[i:])
	text := s[:1] + strconv.Itoa(max(n, -n))
	switch unit {
	case "h", "hour", "hours":
		at := now.Add(time.Duration(n) * time.Hour).Truncate(time.Microsecond)
		return span{from: at, to: at.Add(time.Microsecond)}, text + "h", true
	case "d", "day", "days":
		return dayOf(now.AddDate(0, 0, n)), text + "d", true
	case "w", "week", "weeks":
		return dayOf(now.AddDate(0, 0, 7*n)), text + "w", true
	case "m", "month", "months":
		return dayOf(addMonths(now, n)), text + "m", true
	case "y", "year", "years":
		return dayOf(addMonths(now, 12*n)), text + "y", true
	}
	return span{}, "", false
}

// addMonths goes n months on and stays in the month it arrives in: a month
// before 31 March is the last day of February.
func addMonths(t time.Time, n int) time.Time {
	y, m, d := t.Date()
	first := time.Date(y, m+time.Month(n), 1, 0, 0, 0, 0, t.Location())
	last := first.AddDate(0, 1, -1).Day()
	return first.AddDate(0, 0, min(d, last)-1)
}

// matchTime tests an instant.
func (sp *span) matchTime(op Op, t time.Time) bool {
	switch {
	case t.IsZero():
		return false
	case sp.month > 0:
		t = t.In(sp.loc)
		return op == Equal && int(t.Month()) == sp.month && t.Day() == sp.day
	}
	switch op {
	case Less:
		return t.Before(sp.from)
	case LessOrEqual:
		return t.Before(sp.to)
	case Greater:
		return !t.Before(sp.to)
	case GreaterOrEqual:
		return !t.Before(sp.from)
	}
	return !t.Before(sp.from) && t.Before(sp.to)
}

// matchDate tests a day. A day without a year has no place in time: only a
// date without a year finds it.
func (sp *span) matchDate(op Op, d contacts.Date) bool {
	if sp.month > 0 {
		return op == Equal && int(d.Month()) == sp.month && d.Day() == sp.day
	}
	if !d.HasYear() {
		return false
	}
	return sp.matchTime(op, time.Date(d.Year(), d.Month(), d.Day(), 0, 0, 0, 0, sp.from.Location()))
}
