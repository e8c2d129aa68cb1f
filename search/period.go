package search

import (
	"strconv"
	"strings"
	"time"
	"unicode/utf8"
)

// Periods are stretches of whole days, hours excepted, that people name by
// words. All but hours begin and end at midnight in the time zone of the
// options; weeks begin on Monday (ISO 8601).
//
//	last 7 days, past 7 days     the 7 days of which today is the last
//	next 7 days                  the 7 days of which today is the first
//	last 24 hours, next 2 hours  from now, to the microsecond
//	last 3 months, next 2 weeks  as days: from the day after the same day
//	                             three months ago through today
//	this week, last month, next year, this quarter  of the calendar
//	3 days ago, in 2 weeks       one day
//	now                          this instant
//
// maxPeriod bounds the number of units, so that no date leaves the calendar.
const maxPeriod = 99_999

// period reads a period in words, without a schema: its canonical text and
// what it means at a time.
func period(s string, now time.Time) (span, string, bool) {
	w := strings.Fields(strings.NewReplacer("-", " ", "_", " ").Replace(s))
	switch {
	case len(w) == 1 && w[0] == "now":
		return span{from: now, to: now.Add(time.Microsecond)}, "now", true
	case len(w) == 2 && (w[0] == "this" || w[0] == "last" || w[0] == "previous" || w[0] == "next"):
		if w[0] == "previous" {
			w[0] = "last"
		}
		sp, ok := calendar(w[1], map[string]int{"last": -1, "this": 0, "next": 1}[w[0]], now)
		return sp, w[0] + " " + w[1], ok
	case len(w) != 3:
		return span{}, "", false
	}
	switch {
	case w[2] == "ago":
		return relativeUnits("-", w[0], w[1], now)
	case w[0] == "in":
		return relativeUnits("+", w[1], w[2], now)
	}
	n, ok := count(w[1])
	unit := singular(w[2])
	if !ok || n == 0 || unit == "" {
		return span{}, "", false
	}
	back := w[0] == "last" || w[0] == "past"
	if !back && w[0] != "next" {
		return span{}, "", false
	}
	word := "next "
	if back {
		word = "last "
	}
	text := word + strconv.Itoa(n) + " " + unit
	if n != 1 {
		text += "s"
	}
	if unit == "hour" {
		d := time.Duration(n) * time.Hour
		if back {
			return span{from: now.Add(-d), to: now.Add(time.Microsecond)}, text, true
		}
		return span{from: now, to: now.Add(d)}, text, true
	}
	today := dayOf(now)
	if back {
		return span{from: dayOf(addUnits(now, -n, unit)).to, to: today.to}, text, true
	}
	return span{from: today.from, to: dayOf(addUnits(now, n, unit)).from}, text, true
}

// calendar is a week, month, quarter or year before or behind the present one.
func calendar(unit string, by int, now time.Time) (span, bool) {
	y, m, d := now.Date()
	day := func(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 0, 0, 0, 0, now.Location()) }
	b := time.Month(by)
	switch unit {
	case "day":
		return span{from: day(y, m, d+by), to: day(y, m, d+by+1)}, true
	case "week":
		d -= int(now.Weekday()+6) % 7
		return span{from: day(y, m, d+7*by), to: day(y, m, d+7*by+7)}, true
	case "month":
		return span{from: day(y, m+b, 1), to: day(y, m+b+1, 1)}, true
	case "quarter":
		m -= (m - 1) % 3
		return span{from: day(y, m+3*b, 1), to: day(y, m+3*b+3, 1)}, true
	case "year":
		return span{from: day(y+by, 1, 1), to: day(y+by+1, 1, 1)}, true
	}
	return span{}, false
}

// relativeUnits is "3 days ago" and "in 3 days", which are -3d and +3d.
func relativeUnits(sign, number, unit string, now time.Time) (span, string, bool) {
	n, ok := count(number)
	u := singular(unit)
	if !ok || u == "" {
		return span{}, "", false
	}
	text := sign + strconv.Itoa(n) + u[:1]
	if sign == "-" {
		n = -n
	}
	if u == "hour" {
		at := now.Add(time.Duration(n) * time.Hour)
		return span{from: at, to: at.Add(time.Microsecond)}, text, true
	}
	return dayOf(addUnits(now, n, u)), text, true
}

func addUnits(t time.Time, n int, unit string) time.Time {
	switch unit {
	case "week":
		return t.AddDate(0, 0, 7*n)
	case "month":
		return addMonths(t, n)
	case "year":
		return addMonths(t, 12*n)
	}
	return t.AddDate(0, 0, n)
}

func count(s string) (int, bool) {
	if s == "a" || s == "an" || s == "one" {
		return 1, true
	}
	n, err := strconv.Atoi(s)
	return n, err == nil && n >= 0 && n <= maxPeriod && s[0] != '+' && s[0] != '-'
}

func singular(unit string) string {
	switch u := strings.TrimSuffix(unit, "s"); u {
	case "hour", "day", "week", "month", "year":
		return u
	}
	return ""
}

// period consumes a period in words behind the name of a date field: there it
// needs no quotes.
func (p *parser) period(name string) (string, bool) {
	f, ok := findField(name, p.o.Schema)
	if !ok || f.kind != dateKind && f.kind != timeKind {
		return "", false
	}
	var words []string
	end := 0
	text, found := "", 0
	rest := p.s[p.i:]
	for len(words) < 3 {
		trimmed := strings.TrimLeft(rest[end:], " \t")
		at := len(rest) - len(trimmed)
		w := trimmed
		for i, r := range trimmed {
			if endsWord(trimmed[i:]) || r == utf8.RuneError {
				w = trimmed[:i]
				break
			}
		}
		if w == "" {
			break
		}
		words = append(words, strings.ToLower(w))
		end = at + len(w)
		if len(words) > 1 {
			if s := strings.Join(words, " "); isPeriod(s) {
				text, found = s, end
			}
		}
	}
	if found == 0 {
		return "", false
	}
	p.i += found
	return text, true
}

func isPeriod(s string) bool {
	_, _, ok := period(s, time.Unix(0, 0).UTC())
	return ok
}
