package contacts

import (
	"net/netip"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/idna"
	"golang.org/x/text/unicode/norm"
)

// Lengths in bytes, from RFC 5321 §4.5.3.1 (local part, and the path of 256 less its angle brackets) and RFC 1035 §2.3.4.
const (
	emailMaxLocal   = 64
	emailMaxDomain  = 255
	emailMaxAddress = 254
	domainMaxLabel  = 63
)

// Email is one e-mail address: an addr-spec, "ann@example.com", without display name or comment.
//
// Address is what was typed; Key says which mailbox it is for the purposes of a contact book: two addresses
// that differ in letter case, in Unicode composition, in the form of an international domain or in
// needless quotes have one key. Mailbox providers' private rules (dots, "+tag") are not applied.
//
// Two Emails are == when the typed addresses are the same; compare Key to ask for the same mailbox.
// The zero Email is the absent one.
type Email struct {
	texts twoTexts // as typed, without the space around it, and the key
}

// ParseEmail reads one address. It accepts the addr-spec of RFC 5321 §4.1.2 and RFC 5322 §3.4.1: a dot-atom or
// quoted local part, in UTF-8 where RFC 6531 allows it, and a domain name. Space around the address is dropped.
//
// It is stricter than those where a contact book has no use for the rest: no display name, comment, folding
// space or obsolete form; no address literal (a@[192.0.2.1]); a domain has two labels or more, its last one is
// not a number. A domain that is not ASCII, or has a label that begins with "xn--", is read by UTS 46.
//
// The error is a *ValueError with one of these codes:
//
//	email_empty          nothing but space
//	email_no_at          no "@"
//	email_display_name   "Ann <ann@example.com>" and "mailto:": keep the address alone
//	email_two_addresses  "a@x.com; b@y.com": two addresses in one cell
//	email_bad_local      the part before the "@" is empty, or breaks the syntax
//	email_bad_domain     the part behind it is not a domain name of two labels or more
//	email_literal        an IP address instead of a domain
//	email_too_long       local part over 64, domain over 255 or all of it over 254 bytes
//
// An ASCII address costs no allocation when it is in lower case, one otherwise.
func ParseEmail(s string) (Email, error) {
	s = trimText(s)
	if len(s) > emailMaxAddress {
		return Email{}, emailTooLong()
	}
	at, plain, lower := scanEmail(s)
	if at > emailMaxLocal || len(s)-at-1 > emailMaxDomain {
		return Email{}, emailTooLong()
	}
	switch {
	case plain && lower:
		return Email{twoTexts(s)}, nil
	case plain:
		return lowerEmail(s), nil
	}
	return parseEmailSlow(s)
}

// lowerEmail is the Email of an ASCII address that has letters in upper case.
func lowerEmail(s string) Email {
	var buf [shortTexts]byte
	b := appendFirst(buf[:0], s)
	for i := range len(s) {
		c := s[i]
		if emailBytes[c]&upperByte != 0 {
			c |= 0x20
		}
		b = append(b, c)
	}
	return Email{twoTexts(b)}
}

// MustParseEmail is ParseEmail for constants and tests; it panics when s is refused.
func MustParseEmail(s string) Email { return must(ParseEmail(s)) }

// MakeEmail rebuilds an Email from its stored parts without a check. Pass what Address and Key returned.
func MakeEmail(address, key string) Email {
	return Email{makeTwoTexts(address, key)}
}

// Address returns the address as it was typed, without the space around it.
func (e Email) Address() string { return e.texts.first() }

// Key returns the folded form: NFC and lower case, the domain in ASCII (an A-label of RFC 5890 where needed).
// It is an address itself, and its own key.
func (e Email) Key() string { return e.texts.second() }

// Local returns the part before the "@", as typed.
func (e Email) Local() string {
	address := e.Address()
	return address[:max(strings.LastIndexByte(address, '@'), 0)]
}

// Domain returns the domain in lower-case ASCII.
func (e Email) Domain() string {
	key := e.Key()
	return key[strings.LastIndexByte(key, '@')+1:]
}

// IsZero reports whether e is the absent address.
func (e Email) IsZero() bool { return e == Email{} }

// String returns Address.
func (e Email) String() string { return e.Address() }

// MarshalText returns Address.
func (e Email) MarshalText() ([]byte, error) { return []byte(e.Address()), nil }

// UnmarshalText reads what ParseEmail reads; an empty text gives the zero Email.
func (e *Email) UnmarshalText(text []byte) error { return unmarshalText(e, text, ParseEmail) }

// Classes of ASCII bytes in an address.
const (
	atomByte   = 1 << iota // atext of RFC 5322 §3.2.3
	domainByte             // letter, digit or hyphen
	upperByte
	letterByte // a letter or a hyphen: what makes a label more than a number
)

// emailBytes is the class of each byte.
var emailBytes = [256]uint8{
	'!': atomByte, '#': atomByte, '$': atomByte, '%': atomByte, '&': atomByte, '\'': atomByte, '*': atomByte, '+': atomByte,
	'/': atomByte, '=': atomByte, '?': atomByte, '^': atomByte, '_': atomByte, '`': atomByte, '{': atomByte, '|': atomByte,
	'}': atomByte, '~': atomByte, '-': letterByte | atomByte | domainByte,

	'0': atomByte | domainByte, '1': atomByte | domainByte, '2': atomByte | domainByte, '3': atomByte | domainByte,
	'4': atomByte | domainByte, '5': atomByte | domainByte, '6': atomByte | domainByte, '7': atomByte | domainByte,
	'8': atomByte | domainByte, '9': atomByte | domainByte,

	'a': letterByte | atomByte | domainByte, 'b': letterByte | atomByte | domainByte, 'c': letterByte | atomByte | domainByte, 'd': letterByte | atomByte | domainByte,
	'e': letterByte | atomByte | domainByte, 'f': letterByte | atomByte | domainByte, 'g': letterByte | atomByte | domainByte, 'h': letterByte | atomByte | domainByte,
	'i': letterByte | atomByte | domainByte, 'j': letterByte | atomByte | domainByte, 'k': letterByte | atomByte | domainByte, 'l': letterByte | atomByte | domainByte,
	'm': letterByte | atomByte | domainByte, 'n': letterByte | atomByte | domainByte, 'o': letterByte | atomByte | domainByte, 'p': letterByte | atomByte | domainByte,
	'q': letterByte | atomByte | domainByte, 'r': letterByte | atomByte | domainByte, 's': letterByte | atomByte | domainByte, 't': letterByte | atomByte | domainByte,
	'u': letterByte | atomByte | domainByte, 'v': letterByte | atomByte | domainByte, 'w': letterByte | atomByte | domainByte, 'x': letterByte | atomByte | domainByte,
	'y': letterByte | atomByte | domainByte, 'z': letterByte | atomByte | domainByte,

	'A': letterByte | upperByte | atomByte | domainByte, 'B': letterByte | upperByte | atomByte | domainByte, 'C': letterByte | upperByte | atomByte | domainByte,
	'D': letterByte | upperByte | atomByte | domainByte, 'E': letterByte | upperByte | atomByte | domainByte, 'F': letterByte | upperByte | atomByte | domainByte,
	'G': letterByte | upperByte | atomByte | domainByte, 'H': letterByte | upperByte | atomByte | domainByte, 'I': letterByte | upperByte | atomByte | domainByte,
	'J': letterByte | upperByte | atomByte | domainByte, 'K': letterByte | upperByte | atomByte | domainByte, 'L': letterByte | upperByte | atomByte | domainByte,
	'M': letterByte | upperByte | atomByte | domainByte, 'N': letterByte | upperByte | atomByte | domainByte, 'O': letterByte | upperByte | atomByte | domainByte,
	'P': letterByte | upperByte | atomByte | domainByte, 'Q': letterByte | upperByte | atomByte | domainByte, 'R': letterByte | upperByte | atomByte | domainByte,
	'S': letterByte | upperByte | atomByte | domainByte, 'T': letterByte | upperByte | atomByte | domainByte, 'U': letterByte | upperByte | atomByte | domainByte,
	'V': letterByte | upperByte | atomByte | domainByte, 'W': letterByte | upperByte | atomByte | domainByte, 'X': letterByte | upperByte | atomByte | domainByte,
	'Y': letterByte | upperByte | atomByte | domainByte, 'Z': letterByte | upperByte | atomByte | domainByte,
}

// scanEmail reads the common case, an ASCII dot-atom and an ASCII domain, in one pass.
// When plain is false the address is not necessarily wrong; at is -1 when there is no "@" in what was read.
func scanEmail(s string) (at int, plain, lower bool) {
	var seen uint8
	start := 0
	for {
		i := start
		for i < len(s) && emailBytes[s[i]]&atomByte != 0 {
			seen |= emailBytes[s[i]]
			i++
		}
		if i == start || i == len(s) {
			return -1, false, false
		}
		if s[i] == '@' {
			at = i
			break
		}
		if s[i] != '.' {
			return -1, false, false
		}
		start = i + 1
	}
	domainLower, encoded, ok := scanDomain(s[at+1:])
	return at, ok && !encoded, seen&upperByte == 0 && domainLower
}

// scanDomain checks an ASCII domain name: two labels or more of 1 to 63 letters, digits and inner hyphens
// (RFC 1123 §2.1), the last one not a number. encoded reports a label with hyphens in third and fourth place, as
// the encoded labels of international names have ("xn--").
func scanDomain(s string) (lower, encoded, ok bool) {
	var seen uint8
	for start := 0; ; {
		i := start
		var label uint8
		for i < len(s) && emailBytes[s[i]]&domainByte != 0 {
			label |= emailBytes[s[i]]
			i++
		}
		if n := i - start; n == 0 || n > domainMaxLabel || s[start] == '-' || s[i-1] == '-' {
			return false, false, false
		} else if n > 4 && s[start+2] == '-' && s[start+3] == '-' {
			encoded = true
		}
		seen |= label
		if i == len(s) {
			return seen&upperByte == 0, encoded, start > 0 && label&letterByte != 0
		}
		if s[i] != '.' {
			return false, false, false
		}
		start = i + 1
	}
}

// parseEmailSlow reads everything scanEmail gave up on, and names the fault.
func parseEmailSlow(s string) (Email, error) {
	if err := refuseEmailShape(s); err != nil {
		return Email{}, err
	}
	at := strings.LastIndexByte(s, '@')
	local, domain := s[:at], s[at+1:]
	if len(local) > emailMaxLocal {
		return Email{}, emailTooLong()
	}
	localKey, ok := foldLocal(local)
	if !ok {
		return Email{}, invalid("email_bad_local", "the part before the @ is not one a mail system takes")
	}
	domainKey, ok := foldDomain(domain)
	if !ok {
		if isIPLiteral(domain) {
			return Email{}, invalid("email_literal", "write the domain name, not an IP address")
		}
		return Email{}, invalid("email_bad_domain", "the part behind the @ must be a domain name such as example.com")
	}
	key := localKey + "@" + domainKey
	if len(localKey) > emailMaxLocal || len(domainKey) > emailMaxDomain || len(key) > emailMaxAddress {
		return Email{}, emailTooLong()
	}
	return MakeEmail(s, key), nil
}

// refuseEmailShape names the texts that hold something else than one address.
func refuseEmailShape(s string) error {
	quoted := strings.HasPrefix(s, `"`)
	switch {
	case s == "":
		return invalid("email_empty", "there is no address in the text")
	case !strings.Contains(s, "@"):
		return invalid("email_no_at", "an address has an @: name@example.com")
	case strings.HasSuffix(s, ">"), !quoted && strings.ContainsAny(s, "<>()"),
		len(s) > 7 && strings.EqualFold(s[:7], "mailto:"):
		return invalid("email_display_name", "keep the address alone, without name, brackets or comment")
	case strings.Count(s, "@") > 1 && !quoted && strings.ContainsAny(s, ",;/| \t\r\n"):
		return invalid("email_two_addresses", "one address in a cell; put the second into another column")
	}
	return nil
}

// foldLocal checks a local part and returns its key.
func foldLocal(s string) (string, bool) {
	if !utf8.ValidString(s) {
		return "", false
	}
	if len(s) >= 2 && s[0] == '"' && s[len(s)-1] == '"' {
		content, ok := unquoteLocal(s[1 : len(s)-1])
		if !ok {
			return "", false
		}
		content = foldText(content)
		if isDotAtom(content) {
			return content, true // "ann"@ is ann@, RFC 5321 §4.1.2
		}
		return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`).Replace(content) + `"`, true
	}
	folded := foldText(s)
	return folded, isDotAtom(s) && isDotAtom(folded)
}

// foldText returns s in lower case and NFC.
func foldText(s string) string { return norm.NFC.String(strings.ToLower(norm.NFC.String(s))) }

// isDotAtom reports atoms joined by single dots; beyond ASCII every graphic rune without a space is atext
// (RFC 6531 §3.3 has them all; controls, spaces and marks without width are not what anybody means).
func isDotAtom(s string) bool {
	afterDot := true
	for _, r := range s {
		if r == '.' {
			if afterDot {
				return false
			}
			afterDot = true
			continue
		}
		afterDot = false
		if r < utf8.RuneSelf {
			if emailBytes[byte(r)]&atomByte == 0 {
				return false
			}
		} else if !isMailRune(r) {
			return false
		}
	}
	return !afterDot
}

func isMailRune(r rune) bool {
	return unicode.IsGraphic(r) && !unicode.IsSpace(r) && !invisible(r) && r != utf8.RuneError
}

// unquoteLocal returns the content of a quoted string (RFC 5321 §4.1.2: qtextSMTP and quoted pairs).
func unquoteLocal(s string) (string, bool) {
	var b strings.Builder
	escaped := false
	for _, r := range s {
		switch {
		case r < ' ' || r == 0x7F, r >= utf8.RuneSelf && !isMailRune(r):
			return "", false
		case escaped && r >= utf8.RuneSelf:
			return "", false
		case escaped:
			escaped = false
		case r == '\\':
			escaped = true
			continue
		case r == '"':
			return "", false
		}
		b.WriteRune(r)
	}
	return b.String(), !escaped && b.Len() > 0
}

// foldDomain checks a domain name and returns it in lower-case ASCII.
func foldDomain(s string) (string, bool) {
	if !utf8.ValidString(s) || strings.ContainsFunc(s, invisible) {
		return "", false
	}
	ascii := strings.ToLower(s)
	if !isASCII(s) || strings.HasPrefix(ascii, "xn--") || strings.Contains(ascii, ".xn--") {
		var err error
		if ascii, err = idna.Lookup.ToASCII(s); err != nil {
			return "", false
		}
	}
	lower, _, ok := scanDomain(ascii)
	return ascii, ok && lower
}

// isIPLiteral reports 192.0.2.1, [192.0.2.1] and [IPv6:2001:db8::1].
func isIPLiteral(s string) bool {
	if strings.HasPrefix(s, "[") && strings.HasSuffix(s, "]") {
		return true
	}
	_, err := netip.ParseAddr(s)
	return err == nil
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

func emailTooLong() error {
	return invalid("email_too_long", "at most 64 bytes before the @, 255 behind it, 254 in all")
}
