package search

import "strings"

// decimalKey turns a canonical decimal (see contacts.Value) into bytes that
// sort as the numbers do: sign, number of digits before the point, digits.
func decimalKey(dst []byte, s string) []byte {
	digits, neg := strings.CutPrefix(s, "-")
	whole, frac, _ := strings.Cut(digits, ".")
	if whole == "0" {
		whole = ""
	}
	start := len(dst)
	dst = append(dst, 0x80, byte(len(whole)))
	dst = append(dst, whole...)
	dst = append(dst, frac...)
	dst = append(dst, 0)
	if neg {
		for i := start; i < len(dst); i++ {
			dst[i] = ^dst[i]
		}
	}
	return dst
}

// parseNumber reads a decimal number in any of its spellings.
func parseNumber(s string) (string, bool) {
	neg := false
	switch {
	case strings.HasPrefix(s, "-"):
		neg, s = true, s[1:]
	case strings.HasPrefix(s, "+"):
		s = s[1:]
	}
	whole, frac, point := strings.Cut(s, ".")
	if len(s) > 40 || whole+frac == "" || point && frac == "" || strings.Trim(whole+frac, "0123456789") != "" {
		return "", false
	}
	whole, frac = strings.TrimLeft(whole, "0"), strings.TrimRight(frac, "0")
	if whole == "" {
		whole = "0"
	}
	if frac != "" {
		whole += "." + frac
	}
	if neg && whole != "0" {
		whole = "-" + whole
	}
	return whole, true
}
