package contacts

import "strings"

// ymd is a date as written, not yet looked up in the calendar. The year is 0 when there is none, -1 when it is
// written as 0.
type ymd struct{ y, m, d int }

// Parse reads a date of the format. The codes of its *ValueError are those of ParseDate;
// the hint of date_impossible says so when the text is a day in another format.
func (f DateFormat) Parse(s string) (Date, error) {
	if d, ok := scanISODate(s); ok {
		return MakeDate(d.y, d.m, d.d)
	}
	if len(s) == 10 && s[2] == s[5] && s[2] == '/' && f != DateYMD {
		d, ok := scanSlashDate(s)
		if f == DateDMY {
			d.m, d.d = d.d, d.m
		}
		if date, possible := makeDate(d.y, d.m, d.d); ok && d.y > 0 && possible {
			return date, nil
		}
	}
	return f.parse(s)
}

// Read is Parse for who does not ask for the reason of a refusal.
func (f DateFormat) Read(s string) (d Date, ok bool) {
	d, fault := f.read(trimText(s))
	return d, fault == ""
}

// scanSlashDate reads 01/02/2006, the month first. It is there for speed, parse reads the same.
func scanSlashDate(s string) (ymd, bool) {
	m, ok1 := twoDigits(s[0:])
	d, ok2 := twoDigits(s[3:])
	y1, ok3 := twoDigits(s[6:])
	y2, ok4 := twoDigits(s[8:])
	return ymd{y1*100 + y2, m, d}, ok1 && ok2 && ok3 && ok4
}

// Format writes d so that Parse reads it back; "" for the zero Date.
func (f DateFormat) Format(d Date) string {
	if d.IsZero() {
		return ""
	}
	var buf [10]byte
	b := buf[:0]
	switch f {
	case 0, DateMDY, DateDMY:
		first, second := int(d.month), int(d.day)
		if f == DateDMY {
			first, second = second, first
		}
		b = append(appendTwo(b, first), '/')
		b = appendTwo(b, second)
		if d.HasYear() {
			b = appendYear(append(b, '/'), d.year)
		}
	default:
		if d.HasYear() {
			b = appendYear(b, d.year)
		} else {
			b = append(b, '-')
		}
		b = appendTwo(append(b, '-'), int(d.month))
		b = appendTwo(append(b, '-'), int(d.day))
	}
	return string(b)
}

func appendTwo(b []byte, n int) []byte { return append(b, byte('0'+n/10), byte('0'+n%10)) }

func appendYear(b []byte, y int16) []byte { return appendTwo(appendTwo(b, int(y)/100), int(y)%100) }

// scanISODate reads exactly 2006-01-02, --01-02 and --0102.
func scanISODate(s string) (ymd, bool) {
	switch {
	case len(s) == 10 && s[4] == '-' && s[7] == '-':
		y1, ok1 := twoDigits(s[0:])
		y2, ok2 := twoDigits(s[2:])
		m, ok3 := twoDigits(s[5:])
		d, ok4 := twoDigits(s[8:])
		y := y1*100 + y2
		if y == 0 {
			y = -1
		}
		return ymd{y, m, d}, ok1 && ok2 && ok3 && ok4
	case len(s) == 7 && s[:2] == "--" && s[4] == '-':
		m, ok1 := twoDigits(s[2:])
		d, ok2 := twoDigits(s[5:])
		return ymd{0, m, d}, ok1 && ok2
	case len(s) == 6 && s[:2] == "--":
		m, ok1 := twoDigits(s[2:])
		d, ok2 := twoDigits(s[4:])
		return ymd{0, m, d}, ok1 && ok2
	}
	return ymd{}, false
}

func twoDigits(s string) (int, bool) {
	a, b := s[0]-'0', s[1]-'0'
	return int(a)*10 + int(b), a <= 9 && b <= 9
}

// datePart is one number of a date and how many digits it was written with.
type datePart struct{ value, digits int }

// parse names the fault of what read refuses.
func (f DateFormat) parse(s string) (Date, error) {
	d, fault := f.read(strings.TrimSpace(s))
	hint := ""
	switch fault {
	case "":
		return d, nil
	case "date_empty":
		hint = "there is no date in the text"
	case "date_serial":
		hint = "a bare number, perhaps a spreadsheet's serial number: format the column as a date"
	case "date_has_time":
		hint = "write the day alone, without a time"
	case "date_two_digit_year":
		hint = "write the year with four digits"
	default:
		hint = f.otherFormat(strings.TrimSpace(s))
	}
	return Date{}, invalid(fault, hint)
}

// otherFormat is the hint for a text that is no day in f.
func (f DateFormat) otherFormat(s string) string {
	var fits []string
	for other := DateMDY; other <= DateYMD; other++ {
		if _, fault := other.read(s); fault == "" {
			fits = append(fits, other.String())
		}
	}
	if fits == nil {
		return "not a day in " + f.String()
	}
	return "not a day in " + f.String() + "; it would be one in " + strings.Join(fits, " and in ")
}

// read returns the date, or the code of the fault.
func (f DateFormat) read(s string) (d Date, fault string) {
	iso, ok := scanISODate(s)
	if !ok {
		iso, ok = f.scanCompact(s)
	}
	if !ok {
		var parts [3]datePart
		var n int
		if parts, n, fault = scanDateParts(s); fault == "" {
			iso, fault = f.assemble(parts[:n])
		}
		if fault != "" {
			return Date{}, fault
		}
	}
	d, ok = makeDate(iso.y, iso.m, iso.d)
	if !ok {
		return Date{}, "date_impossible"
	}
	return d, ""
}

// The years in which a date of eight digits is taken for one.
const (
	firstCompact = 1850
	lastCompact  = 2150
)

// scanCompact reads eight digits: 20060102 (the basic format of ISO 8601) in every format and the declared order, 01022006 in DateMDY.
// In the years from 1850 to 2150 no eight digits are a day in both.
func (f DateFormat) scanCompact(s string) (d ymd, ok bool) {
	if len(s) != 8 {
		return d, false
	}
	var pair [4]int
	for i := range pair {
		if pair[i], ok = twoDigits(s[2*i:]); !ok {
			return d, false
		}
	}
	d = ymd{pair[0]*100 + pair[1], pair[2], pair[3]}
	if d.y < firstCompact && f != DateYMD {
		d = ymd{pair[2]*100 + pair[3], pair[0], pair[1]}
		if f == DateDMY {
			d.m, d.d = d.d, d.m
		}
	}
	_, ok = makeDate(d.y, d.m, d.d)
	return d, ok && firstCompact <= d.y && d.y <= lastCompact
}

// assemble gives the parts their meaning.
func (f DateFormat) assemble(parts []datePart) (d ymd, fault string) {
	if len(parts) == 3 {
		year := parts[2]
		switch {
		case f == DateYMD && parts[0].digits == 4:
			year, parts = parts[0], parts[1:]
		case f != DateYMD && year.digits == 4:
			parts = parts[:2]
		case parts[0].digits <= 2 && parts[1].digits <= 2 && parts[2].digits <= 2:
			return d, "date_two_digit_year"
		default:
			return d, "date_bad_format"
		}
		if d.y = year.value; d.y == 0 {
			d.y = -1 // the year 0 is written, which is not the same as no year
		}
	}
	if parts[0].digits > 2 || parts[1].digits > 2 {
		return d, "date_bad_format"
	}
	d.m, d.d = parts[0].value, parts[1].value
	if f == DateDMY {
		d.m, d.d = d.d, d.m
	}
	return d, ""
}

// scanDateParts splits s into two or three numbers around one separator; fault is the code when it is not that.
func scanDateParts(s string) (parts [3]datePart, n int, fault string) {
	sep := byte(0)
	if s == "" {
		return parts, 0, "date_empty"
	}
	for i := 0; ; i++ {
		p := datePart{}
		for ; i < len(s) && s[i]-'0' <= 9; i++ {
			p.value = min(p.value*10+int(s[i]-'0'), 1e6)
			p.digits++
		}
		if p.digits == 0 || n == len(parts) {
			return parts, 0, "date_bad_format"
		}
		parts[n] = p
		n++
		if i == len(s) {
			if n == 1 {
				return parts, 1, "date_serial"
			}
			return parts, n, ""
		}
		switch c := s[i]; {
		case (c == 'T' || c == 't' || c == ' ') && n == 3 && strings.IndexByte(s[i:], ':') > 0:
			return parts, 0, "date_has_time"
		case c == ',' && n == 1, c == '.' && n == 1 && p.digits > 4:
			if _, tail := cutDigits(s[i+1:]); tail == "" {
				return parts, 1, "date_serial" // 44256.5, a serial number with a time
			}
			return parts, 0, "date_bad_format"
		case c != '/' && c != '-' && c != '.', sep != 0 && sep != c:
			return parts, 0, "date_bad_format"
		default:
			sep = c
		}
	}
}
