package contacts

import (
	"strings"
	"unicode/utf8"
)

const (
	phoneMinDigits = 8  // country code included; the accepting rule of the contact format
	phoneMaxDigits = 20 // E.164 itself ends at 15
	phoneMaxBytes  = 64 // of typed text; longer cells are refused before any work
)

// Phone is a telephone number in international form, with the text it was typed as.
//
// The number is "+" and 8 to 20 digits, the country calling code first, in the manner of ITU-T E.164.
// Whether that number can exist is the business of a numbering plan, see [PhonePlan].
//
// Two Phones are == when number and typed text are the same; compare Number to ask for the same line.
// The zero Phone is the absent one.
type Phone struct {
	texts twoTexts // "+85212345678" and the typed text
}

// PhonePlan gives national numbers a meaning and doubts the impossible ones. The package phoneplan
// has one over the metadata of libphonenumber; only programs that import it pay for its tables.
type PhonePlan interface {
	// Parse reads s as ParsePhone does, and in addition as a national number of region,
	// an ISO 3166-1 alpha-2 code such as "HK". Number is the international form, Raw is s.
	// The error is a *ValueError.
	Parse(s, region string) (Phone, error)

	// Check returns "" for a number that the plan has, or a warning code: "phone_not_possible"
	// (no number of that country has this length) or "phone_not_valid" (none begins like this).
	Check(p Phone) string
}

// ParsePhone reads an international number as people and files write it, and keeps the text as Raw.
//
// Accepted, and normalised to "+" and digits:
//   - "+" or the prefix "00" before the country code, the code in parentheses, "tel:" URIs of RFC 3966
//     with a global number or with a phone-context of "+" and digits;
//   - spaces, hyphens, dots, parentheses and brackets between the digits, in their Unicode forms too,
//     and a slash after an area code ("+49 30/123456");
//   - a trunk zero in parentheses behind the country code: "+44 (0)20 7946 0018" loses the zero, except
//     for countries whose international numbers keep it, such as Italy;
//   - decimal digits of every script; bidirectional and zero-width marks are passed over;
//   - the escapes by which exports guard a "+" from a spreadsheet: '+852… and ="+852…".
//
// Apart from "00" and the trunk zero no digit is ever dropped, and none is guessed.
// Everything else is refused with a *ValueError of one of these codes:
//
//	phone_empty             nothing but space
//	phone_too_short         fewer than 8 digits
//	phone_too_long          more than 20 digits, or more than 64 bytes of text
//	phone_no_country_code   digits without "+" or "00"
//	phone_bad_country_code  a country code that begins with 0
//	phone_two_numbers       "a / b", "a; b", "a or b": two numbers in one cell
//	phone_extension         "ext. 7", "x7", "#7", ";ext=7": two people behind one switchboard would
//	                        otherwise become one, so the extension belongs into a field of its own
//	phone_damaged           8.52912E+10, 85291234567.0, #NAME?: damaged by a spreadsheet
//	phone_bad_character     anything else, letters and invalid UTF-8 included
//
// A text that is "+" and 8 to 20 ASCII digits already costs no allocation.
func ParsePhone(s string) (Phone, error) {
	if isPhoneNumber(s) {
		return Phone{twoTexts(s)}, nil
	}
	if p, ok := spacedPhone(s); ok {
		return p, nil
	}
	if len(s) > phoneMaxBytes {
		return Phone{}, invalid("phone_too_long", "the text is longer than any number; keep one number in the cell")
	}
	var sc phoneScan
	if err := sc.scan(unwrapPhone(s)); err != nil {
		return Phone{}, err
	}
	if err := sc.check(); err != nil {
		return Phone{}, err
	}
	return makePhone(sc.buf[:sc.n], s), nil
}

// MustParsePhone is ParsePhone for constants and tests; it panics when s is refused.
func MustParsePhone(s string) Phone { return must(ParsePhone(s)) }

// MakePhone rebuilds a Phone from its stored parts without a check. Pass what Number and Raw returned;
// an empty raw is the number.
func MakePhone(number, raw string) Phone {
	if raw == "" {
		raw = number
	}
	return Phone{makeTwoTexts(number, raw)}
}

// Number returns the international form, "+85212345678", or "" for the zero Phone.
func (p Phone) Number() string { return p.texts.first() }

// Raw returns the text as it was typed.
func (p Phone) Raw() string { return p.texts.second() }

// IsZero reports whether p is the absent phone.
func (p Phone) IsZero() bool { return p == Phone{} }

// String returns Number.
func (p Phone) String() string { return p.Number() }

// MarshalText returns Number; the typed text is not in it, a record that must keep it stores Raw beside.
func (p Phone) MarshalText() ([]byte, error) { return []byte(p.Number()), nil }

// UnmarshalText reads what ParsePhone reads; an empty text gives the zero Phone.
func (p *Phone) UnmarshalText(text []byte) error { return unmarshalText(p, text, ParsePhone) }

// isPhoneNumber reports whether s is the normal form.
func isPhoneNumber(s string) bool {
	if len(s) < 1+phoneMinDigits || len(s) > 1+phoneMaxDigits || s[0] != '+' || s[1] == '0' {
		return false
	}
	for i := 1; i < len(s); i++ {
		if s[i]-'0' > 9 {
			return false
		}
	}
	return true
}

// makePhone joins the digits of a number and the text they were read from, which is not the number itself.
func makePhone(digits []byte, raw string) Phone {
	var buf [shortTexts]byte
	b := append(append(buf[:0], 0, byte(1+len(digits)), '+'), digits...)
	if number := b[2:]; string(number) == raw {
		return Phone{twoTexts(number)}
	}
	return Phone{twoTexts(append(b, raw...))}
}

// spacedPhone reads what most people type, "+" and digits with spaces, hyphens and dots between them; ok is false for anything else.
// It is there for speed: the scan reads the same.
func spacedPhone(s string) (p Phone, ok bool) {
	if len(s) < 1+phoneMinDigits || len(s) > phoneMaxBytes || s[0] != '+' || s[1]-'1' > 8 {
		return Phone{}, false
	}
	var digits [phoneMaxBytes]byte
	n := 0
	for i := 1; i < len(s); i++ {
		digits[n] = s[i]
		switch c := s[i]; {
		case c-'0' <= 9:
			n++
		case c != ' ' && c != '-' && c != '.':
			return Phone{}, false
		}
	}
	if n < phoneMinDigits || n > phoneMaxDigits {
		return Phone{}, false
	}
	return makePhone(digits[:n], s), true
}

// isSpacedForm reports for most texts that are one that they are the number with spaces, hyphens or dots between its digits.
func isSpacedForm(s, number string) bool {
	if s == "" || s[0] != '+' || len(s) > phoneMaxBytes || len(s) < 2 || s[1]-'0' > 9 || !isPhoneNumber(number) {
		return false
	}
	k := 0
	for i := range len(s) {
		switch c := s[i]; {
		case k < len(number) && c == number[k]:
			k++
		case c != ' ' && c != '-' && c != '.':
			return false
		}
	}
	return k == len(number)
}

// unwrapPhone takes off the escapes that protect a number from a spreadsheet; the number inside is whole.
func unwrapPhone(s string) string {
	s = strings.TrimSpace(s)
	if n := len(s); n > 3 && s[:2] == `="` && s[n-1] == '"' {
		return s[2 : n-1]
	}
	if strings.HasPrefix(s, "'") {
		return s[1:]
	}
	return s
}

// phoneScan collects the digits of one typed number.
type phoneScan struct {
	buf       [phoneMaxBytes]byte // the digits, country code first
	n         int
	global    bool // "+" or "00" was seen
	trunkOpen bool // the last mark was "(" right behind the country code
	trunkSeen bool
}

// scan reads s from left to right; what it drops is punctuation and the trunk zero only.
func (sc *phoneScan) scan(s string) error {
	if damagedPhone(s) {
		return invalid("phone_damaged", "damaged by a spreadsheet: format the column as text and enter the number again")
	}
	s, err := cutTelURI(s)
	if err != nil {
		return err
	}
	for i := 0; i < len(s); {
		r, size := rune(s[i]), 1
		if r >= utf8.RuneSelf {
			if r, size = utf8.DecodeRuneInString(s[i:]); r == utf8.RuneError && size == 1 {
				return invalid("phone_bad_character", "the text is not valid UTF-8")
			}
		}
		i += size
		switch mark, digit := classifyPhoneRune(r); mark {
		case phoneDigit:
			i += sc.addDigit(digit, s[i:])
		case phonePlus:
			if sc.n > 0 || sc.global {
				return sc.refuse(s[i-size:])
			}
			sc.global = true
		case phoneOpen:
			sc.trunkOpen = sc.global && sc.n > 0 && sc.n == callingCodeLen(sc.buf[:sc.n])
		case phoneClose:
			sc.trunkOpen = false
		case phoneSlash:
			// What stands before the slash is an area code, or already a whole number.
			if sc.n >= phoneMinDigits {
				return sc.refuse(s[i-size:])
			}
		case phoneSeparator:
		default:
			return sc.refuse(s[i-size:])
		}
	}
	return nil
}

// addDigit takes one digit and returns how many bytes of rest it used up, too.
func (sc *phoneScan) addDigit(digit byte, rest string) int {
	if !sc.global && sc.n == 0 && digit == '0' {
		// "00" is how most countries dial "+"; a text of "0" and more is a national number.
		if d, size := leadingPhoneDigit(rest); d == '0' {
			sc.global = true
			return size
		}
	}
	if sc.trunkOpen {
		sc.trunkOpen = false
		if digit == '0' && !sc.trunkSeen && !keepsZero(sc.buf[:sc.n]) {
			sc.trunkSeen = true
			return 0
		}
	}
	sc.buf[sc.n] = digit
	sc.n++
	return 0
}

// check judges what was collected.
func (sc *phoneScan) check() error {
	switch {
	case sc.n == 0 && !sc.global:
		return invalid("phone_empty", "there is no digit in the text")
	case !sc.global:
		return invalid("phone_no_country_code",
			"begin with + and the country code (+852…), or set a default region with a numbering plan")
	case sc.n > 0 && sc.buf[0] == '0':
		return invalid("phone_bad_country_code", "no country code begins with 0")
	case sc.n < phoneMinDigits:
		return invalid("phone_too_short", "a number has 8 to 20 digits, the country code included")
	case sc.n > phoneMaxDigits:
		return invalid("phone_too_long", "a number has 8 to 20 digits, the country code included")
	}
	return nil
}
