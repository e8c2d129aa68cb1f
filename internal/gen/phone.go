package gen

import "math/bits"

// Every person, company and kind of line has a serial number, and a serial is
// spread over the numbers of a plan by multiplication with a prime: numbers
// look drawn but never repeat before a plan is used up.
const (
	serialMobile = iota
	serialWork
	serialHome
	serialOther
	serialSwitchboard
	serialKinds

	spread = 2654435761 // a prime, and no divisor of any plan's capacity
)

// serial returns the serial number of a line of the i-th person or company.
func serial(i, kind int) uint64 { return uint64(i)*serialKinds + uint64(kind) }

// class returns how many digits a letter of a pattern stands for and the least
// of them; no digits for a digit, which stands for itself.
func class(c byte) (size uint64, least byte) {
	switch c {
	case '#':
		return 10, '0'
	case 'Z':
		return 9, '1'
	case 'N':
		return 8, '2'
	case 'M':
		return 6, '2'
	}
	return 0, 0
}

// capacity counts the numbers a pattern stands for.
func capacity(pattern string) uint64 {
	n := uint64(1)
	for i := range len(pattern) {
		if size, _ := class(pattern[i]); size > 0 {
			n *= size
		}
	}
	return n
}

// nationalNumber returns the number of a serial among the patterns.
func nationalNumber(seed uint64, patterns []string, n uint64) string {
	var total uint64
	for _, p := range patterns {
		total += capacity(p)
	}
	hi, lo := bits.Mul64(n%total, spread)
	s := random(seed)
	x := (bits.Rem64(hi, lo, total) + s.next()%total) % total
	var pattern string
	for _, pattern = range patterns {
		c := capacity(pattern)
		if x < c {
			break
		}
		x -= c
	}
	b := []byte(pattern)
	for i := len(b) - 1; i >= 0; i-- {
		if size, least := class(b[i]); size > 0 {
			b[i] = least + byte(x%size)
			x /= size
		}
	}
	return string(b)
}

// mobileNumber returns a national mobile number. North America has no mobile
// ranges: there it is a number of the city.
func (c *country) mobileNumber(seed uint64, at *city, n uint64) string {
	if c.calling == "+1" {
		return c.fixedNumber(seed, at, n)
	}
	return nationalNumber(seed, c.mobile, n)
}

// fixedNumber returns a national fixed-line number of a city.
func (c *country) fixedNumber(seed uint64, at *city, n uint64) string {
	if at.fixed != "" {
		return nationalNumber(seed, []string{at.fixed}, n)
	}
	return nationalNumber(seed, c.fixed, n)
}

// spaced writes digits in groups, as people do: 9123 4567.
func spaced(digits, sep string) string {
	switch len(digits) {
	case 7, 9, 10:
		if len(digits) == 7 {
			return digits[:3] + sep + digits[3:]
		}
		return digits[:3] + sep + digits[3:6] + sep + digits[6:]
	case 8:
		return digits[:4] + sep + digits[4:]
	case 11:
		return digits[:3] + sep + digits[3:7] + sep + digits[7:]
	}
	return digits
}

// typed writes a number as somebody typed it: as the guide demands, or now and
// then with separators.
func typed(s *random, calling, national string) string {
	switch r := s.below(100); {
	case r < 88:
		return calling + national
	case r < 96:
		return calling + " " + spaced(national, " ")
	default:
		return calling + "-" + spaced(national, "-")
	}
}
