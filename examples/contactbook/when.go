package main

import "time"

// parseTime reads RFC 3339 or a day, which stands for its beginning in UTC or,
// with end set, for its last moment.
func parseTime(flag, s string, end bool) (time.Time, error) {
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		return t, nil
	}
	day, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return time.Time{}, usagef("--%s takes a time such as 2026-05-01T09:30:00Z or a day such as 2026-05-01, not %s", flag, quote(s))
	}
	if end {
		return day.AddDate(0, 0, 1).Add(-time.Microsecond), nil
	}
	return day, nil
}
