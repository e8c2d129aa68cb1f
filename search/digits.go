package search

import "strings"

// anchor stands before and behind the digits of each phone number in Text.
const anchor = "\x01"

// minFragment is the number of digits from which a free word is looked for
// inside phone numbers: fewer would find nearly every contact.
const minFragment = 3

// isPhoneText reports whether a folded text has nothing but digits and what
// people put between them.
func isPhoneText(s string) bool { return s != "" && strings.Trim(s, "0123456789+-()./ ") == "" }

// isPhoneLike reports whether a folded free word may be part of a phone number.
func isPhoneLike(s string) bool { return isPhoneText(s) && len(digitsOf(s)) >= minFragment }

func digitsOf(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// phoneText is the canonical spelling of typed digits: the plus sign and
// nothing else of the formatting.
func phoneText(s string) string {
	if strings.HasPrefix(strings.TrimLeft(s, " ("), "+") {
		return "+" + digitsOf(strings.Replace(s, "(0)", "", 1))
	}
	return digitsOf(s)
}

// fragments are the digit strings of which one must stand in the digits of a
// phone number, nil for less than least digits. A number typed with + or 00 is
// looked for from its beginning; a national number without its trunk zero.
func fragments(s string, least int) []string {
	plus := strings.HasPrefix(strings.TrimLeft(s, " ("), "+")
	if plus {
		s = strings.Replace(s, "(0)", "", 1)
	}
	d := digitsOf(s)
	switch {
	case len(d) < least:
		return nil
	case plus:
		return []string{anchor + d}
	case strings.HasPrefix(d, "00") && len(d) > 6:
		return []string{anchor + d[2:], d}
	case d[0] == '0' && len(d) > 5:
		return []string{d[1:]}
	}
	return []string{d}
}

// digitRun is a row of neighbouring words that may be one phone number typed
// with spaces. It matches where the whole number does, or where each of its
// words does.
type digitRun struct {
	from, to  int
	fragments []string
}

// minRun is the number of digits that make neighbouring words a number.
const minRun = 5

func digitRuns(kids []*node) []digitRun {
	var runs []digitRun
	for i := 0; i < len(kids); i++ {
		j := i
		var all, some strings.Builder
		for j < len(kids) && kids[j].kind == wordNode && isPhoneText(kids[j].value) {
			all.WriteString(kids[j].value)
			if j == i || kids[j].value != "0" { // the trunk zero of +44 (0) 20
				some.WriteString(kids[j].value)
			}
			j++
		}
		if j-i > 1 && len(digitsOf(all.String())) >= minRun {
			r := digitRun{from: i, to: j, fragments: fragments(all.String(), minRun)}
			if some.Len() < all.Len() {
				r.fragments = append(r.fragments, fragments(some.String(), minRun)...)
			}
			runs = append(runs, r)
		}
		i = max(i, j-1)
	}
	return runs
}
