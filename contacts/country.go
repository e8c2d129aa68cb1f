package contacts

import (
	"iter"
	"strings"

	"golang.org/x/text/unicode/norm"

	"github.com/extcontacts/extcontacts/internal/tables"
)

// Country is an entry of ISO 3166-1, kept as its alpha-2 code. Only ParseCountry and Countries make one, so
// every Country but the zero one is of the standard; comparable with ==. The zero Country is the absent one.
type Country struct {
	code [2]byte // capitals
}

// countryRow is one generated entry.
type countryRow struct{ alpha2, alpha3, name string }

// ParseCountry reads an alpha-2 or alpha-3 code or a name. Case, accents, punctuation and the words "the" and
// "&" for "and" make no difference, so that "Korea, Republic of", "Korea (the Republic of)", "KOREA - REPUBLIC OF" are one.
// Names are the short and full English ones of ISO 3166-1, their inverted forms, the English ones of Unicode CLDR, common
// older and shorter ones (Burma, UK, South Korea), and the names in the languages of the country (Deutschland, 中国).
//
// Nothing is cut off and nothing is guessed: a text that is not wholly a name is refused. Codes are read in any case, but
// "and", "is", "it", "me", "no", "so", "to", which are English words before they are codes, only in capitals. "NA" is Namibia,
// as the standard has it, in any case; "N/A" and "n.a." are refused.
//
// The error is a *ValueError with one of these codes:
//
//	country_empty      nothing but space
//	country_ambiguous  Korea, Virgin Islands; and what is no entry of its own: England, USSR. The hint has the codes
//	country_unknown    anything else
//
// Codes and English names cost no allocation.
func ParseCountry(s string) (Country, error) {
	if len(s) == 2 && s[0]-'A' < 26 && s[1]-'A' < 26 {
		if row := countryIndex[int(s[0]-'A')*26+int(s[1]-'A')]; row != 0 {
			return Country{[2]byte{s[0], s[1]}}, nil
		}
	}
	return parseCountryText(strings.TrimSpace(s))
}

// MustParseCountry is ParseCountry for constants and tests; it panics when s is refused.
func MustParseCountry(s string) Country { return must(ParseCountry(s)) }

func parseCountryText(s string) (Country, error) {
	row := -1
	switch len(s) {
	case 0:
		return Country{}, invalid("country_empty", "there is no country in the text")
	case 2:
		if i, ok := letterPair(s); ok {
			row = int(countryIndex[i]) - 1
		}
	case 3:
		row = findAlpha3(s)
	}
	if row >= 0 {
		if c := countryRows[row]; s != c.alpha2 && s != c.alpha3 && isEnglishWord(s) {
			return Country{}, invalid("country_unknown", "an English word; as a country code write it in capitals")
		}
		return countryAt(row), nil
	}
	var buf foldBuffer
	key := tables.Fold(buf[:0], s)
	if row = findName(countryKeys[:], countrySlots[:], key); row >= 0 {
		return countryAt(row), nil
	}
	return refuseCountry(s, key)
}

// refuseCountry gives codes in full-width letters their second chance and names what is wrong with the rest.
func refuseCountry(s string, key []byte) (Country, error) {
	if len(key) == 2 || len(key) == 3 {
		if ascii := norm.NFKC.String(s); ascii != s && isASCII(ascii) {
			return ParseCountry(ascii)
		}
	}
	for _, a := range countryAmbiguous {
		if a.key != string(key) {
			continue
		}
		if a.codes == "" {
			return Country{}, invalid("country_ambiguous", "a state that is no more; write one of today")
		}
		return Country{}, invalid("country_ambiguous", "not one country of ISO 3166; write "+a.codes)
	}
	return Country{}, invalid("country_unknown", "write a name or code of ISO 3166, such as Hong Kong, HK or HKG")
}

// isEnglishWord reports the codes that a shifted or free-text cell is likely to hold by accident.
func isEnglishWord(s string) bool {
	switch strings.ToLower(s) {
	case "and", "is", "it", "me", "no", "so", "to":
		return true
	}
	return false
}

// findAlpha3 returns the row of an alpha-3 code of any case, or -1.
func findAlpha3(s string) int {
	code := uint32(0)
	for i := range 3 {
		c := s[i] &^ 0x20
		if c-'A' >= 26 {
			return -1
		}
		code = code<<8 | uint32(c)
	}
	lo, hi := 0, len(countryAlpha3)
	for lo < hi {
		if mid := (lo + hi) / 2; countryAlpha3[mid]>>8 < code {
			lo = mid + 1
		} else {
			hi = mid
		}
	}
	if lo < len(countryAlpha3) && countryAlpha3[lo]>>8 == code {
		return int(countryAlpha3[lo] & 0xFF)
	}
	return -1
}

func countryAt(row int) Country {
	code := countryRows[row].alpha2
	return Country{[2]byte{code[0], code[1]}}
}

// row returns the entry of c; an empty one for the zero Country.
func (c Country) row() countryRow {
	if c.IsZero() {
		return countryRow{}
	}
	return countryRows[countryIndex[int(c.code[0]-'A')*26+int(c.code[1]-'A')]-1]
}

// Countries returns all 249 countries, in the order of their alpha-2 codes.
func Countries() iter.Seq[Country] {
	return func(yield func(Country) bool) {
		for i := range countryRows {
			if !yield(countryAt(i)) {
				return
			}
		}
	}
}

// Code returns the alpha-2 code, "HK", or "" for the zero Country.
func (c Country) Code() string { return c.row().alpha2 }

// Alpha3 returns the alpha-3 code, "HKG", or "" for the zero Country.
func (c Country) Alpha3() string { return c.row().alpha3 }

// Name returns the English short name of ISO 3166-1, "Korea, Republic of", or "" for the zero Country. It is meant for
// files and logs; to show names in the reader's language and in the form he is used to, take them from CLDR.
func (c Country) Name() string { return c.row().name }

// IsZero reports whether c is the absent country.
func (c Country) IsZero() bool { return c == Country{} }

// String returns Code.
func (c Country) String() string { return c.Code() }

// MarshalText returns Code.
func (c Country) MarshalText() ([]byte, error) { return []byte(c.Code()), nil }

// UnmarshalText reads what ParseCountry reads; an empty text gives the zero Country.
func (c *Country) UnmarshalText(text []byte) error { return unmarshalText(c, text, ParseCountry) }
